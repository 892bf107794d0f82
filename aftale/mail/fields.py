"""The named fields that the text of each mail may hold, declared once for those who write the texts and who fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aftale.model.mail import MailKind


@dataclass(frozen=True)
class Field:
    """A field: its name between ``{`` and ``}``, and what stands in its place. A ``block`` needs a line of its own."""

    name: str
    meaning: str
    block: bool = False


_EVERYWHERE = (
    Field("enhed", "enhedens navn"), Field("forvaltning", "forvaltningens navn"), Field("aar", "aftalens år"),
    Field("runde", "midtvejsopfølgning eller årsopfølgning"), Field("frist", "rundens frist, fx 10. juni 2015"),
    Field("koordinator", "koordinatorens navn"), Field("koordinator_mail", "koordinatorens e-mail"),
    Field("fil", "navnet på den vedhæftede fil"))
_OWNER = (Field("ansvarlig", "den ansvarlige"), Field("skema_id", "skemaets id"))

FIELDS: Mapping[MailKind, tuple[Field, ...]] = {
    MailKind.FORDEL: (
        *_EVERYWHERE, *_OWNER, Field("antal", "hvor mange mål der står i skemaet, fx 4 mål"),
        Field("maal", "målene i skemaet som liste", block=True)),
    MailKind.PAAMIND: (
        *_EVERYWHERE, *_OWNER, Field("antal", "hvor mange mål der mangler svar på, fx 2 mål"),
        Field("besvaret", "hvor langt skemaet er, fx 3 af 5; tomt, hvor der ikke er svaret på noget"),
        Field("mangler", "de mål, der mangler svar, som liste", block=True)),
    MailKind.RETUR: (
        *_EVERYWHERE, *_OWNER, Field("udfyldt_af", "den, der har udfyldt skemaet"),
        Field("antal", "hvor mange spørgsmål der er, fx 3 spørgsmål"),
        Field("spoergsmaal", "spørgsmålene som liste", block=True),
        Field("mangler", "de mål, der stadig mangler svar, som liste", block=True)),
    MailKind.SEND: (
        *_EVERYWHERE, Field("modtager", "forvaltningens kontakt"), Field("periode", "udviklingsplanens periode"),
        Field("hovedtal", "året i én sætning, som på Overblik"),
        Field("opgjort", "den seneste dato, noget er opgjort"),
        Field("vurdering", "Samlet vurdering, som den er skrevet på Overblik"),
        Field("status", "tabellen med antallet af effektmål for hver status", block=True),
        Field("afventer", "de mål, der afventer data, som liste", block=True)),
}

REQUIRED: Mapping[MailKind, tuple[str, ...]] = {
    MailKind.FORDEL: (), MailKind.PAAMIND: ("mangler",), MailKind.RETUR: ("spoergsmaal",), MailKind.SEND: ()}
"""The fields that a mail makes no sense without."""

SUBJECT = "Emne:"
"""What the first line of a text begins with."""
