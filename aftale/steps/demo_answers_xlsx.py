"""The answers of the demo's year: invented, but such as a year could really bring. Ansvarlige are functions."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.columns import FILLED_BY, FINISHED, SKEMA
from aftale.model.text import fold
from aftale.office.package import reproducible

Answers = Mapping[str, Mapping[str, str | float | date]]


@dataclass(frozen=True)
class FilledIn:
    """What one colleague does with a skema: who, when, which answers, and the habits that come with them.

    ``extra_column`` is the header and texts (by Mål-id) of a column inserted in the middle; ``beside`` a remark to the
    right of the table; ``sort`` turns the rows upside down; ``proposal`` goes into a spare row.
    """

    owner: str
    by: str
    when: datetime
    answers: Answers
    finished: str = "Ja"
    file: str = ""
    extra_column: tuple[str, Mapping[str, str]] | None = None
    beside: str = ""
    sort: bool = False
    proposal: str = ""


def fill_in(data: bytes, filled: FilledIn) -> bytes:
    """Return the skema as the colleague would send it back; the same answers always give the same bytes."""
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    sheet = book[SKEMA]
    header = next(cell.row or 1 for row in sheet.iter_rows() for cell in row if fold(cell.value) == "mål-id")
    columns = {str(cell.value): cell.column or 1 for cell in sheet[header] if cell.value}
    rows = {str(sheet.cell(row, columns["Mål-id"]).value): row for row in range(header + 1, sheet.max_row + 1)}
    for goal, answers in filled.answers.items():
        for name, value in answers.items():
            _write(sheet.cell(rows[goal], columns[name]), value)
    for label, text in ((FILLED_BY, filled.by), (FINISHED, filled.finished)):
        _write(_beside(sheet, label), text)
    if filled.beside:
        _write(sheet.cell(header + 1, max(columns.values()) + 2), filled.beside)
    if filled.proposal:
        _write(sheet.cell(sheet.max_row, columns["Effektmål/delmål"]), filled.proposal)
    goals = [row for goal, row in rows.items() if goal.startswith("M")]
    if filled.sort:  # somebody wants the last goal first
        content = [[cell.value for cell in sheet[row]] for row in goals]
        for row, values in zip(goals, reversed(content), strict=True):
            for cell, content_of in zip(sheet[row], values, strict=True):
                if isinstance(cell, Cell):
                    cell.value = content_of
    if filled.extra_column:
        before, (name, texts) = columns["Resultat"], filled.extra_column
        sheet.insert_cols(before)
        for row, text in ((header, name), *((rows[goal], text) for goal, text in texts.items())):
            _write(sheet.cell(row, before), text)
    out = io.BytesIO()
    book.save(out)
    return reproducible(out.getvalue(), filled.when)


@dataclass(frozen=True)
class Entries:
    """What somebody writes in a follow-up: when, ``cells`` by (sheet, Mål-id, header), and ``boxes`` on Overblik by label.

    Where a goal has several rows on a sheet, as on Modstridende svar, ``beside_text`` is what the right one says under
    Svar. On Dialog, ``answers`` are the answers by what was said, and ``questions`` what is asked by Mål-id.
    """

    when: datetime
    cells: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    boxes: Mapping[str, str] = field(default_factory=dict)
    beside_text: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)


def write_in(data: bytes, entries: Entries) -> bytes:
    """Return the follow-up as it is saved after somebody wrote in it; the same entries always give the same bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl drops sparklines, which the next flet draws again
        book = openpyxl.load_workbook(io.BytesIO(data))
    for (name, goal, header), text in entries.cells.items():
        sheet = book[name]
        top = next(cell.row or 1 for row in sheet.iter_rows() for cell in row if cell.value == "Mål-id")
        columns = {str(cell.value): cell.column or 1 for cell in sheet[top] if cell.value}
        row = next(r for r in range(top + 1, sheet.max_row + 1) if sheet.cell(r, columns["Mål-id"]).value == goal
                   and (header != "Vælg" or sheet.cell(r, columns["Svar"]).value == entries.beside_text))
        _write(sheet.cell(row, columns[header]), text)
    for label, text in entries.boxes.items():
        _write(_beside(book["Overblik"], label), text)
    _speak(book["Dialog"], entries)
    out = io.BytesIO()
    book.save(out)
    return reproducible(out.getvalue(), entries.when)


def _speak(sheet: Worksheet, entries: Entries) -> None:
    """Write answers beside what was said, and questions in the rows that stand ready for them."""
    top = next(cell.row or 1 for row in sheet.iter_rows() for cell in row if cell.value == "Mål-id")
    columns = {str(cell.value): cell.column or 1 for cell in sheet[top] if cell.value}
    goal, said = columns["Mål-id"], columns["Hvad blev der skrevet"]
    rows = range(top + 1, sheet.max_row + 1)
    for text, answer in entries.answers.items():
        _write(sheet.cell(next(row for row in rows if sheet.cell(row, said).value == text), columns["Svar"]), answer)
    for about, text in entries.questions.items():
        row = next(row for row in rows if sheet.cell(row, goal).value is None and sheet.cell(row, said).value is None)
        _write(sheet.cell(row, goal), about)
        _write(sheet.cell(row, said), text)


def _write(cell: Cell | MergedCell, value: str | float | date) -> None:
    if isinstance(cell, Cell):
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _beside(sheet: Worksheet, label: str) -> Cell | MergedCell:
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return sheet.cell(at.row or 1, (at.column or 1) + 1)


_JUNE, _NOVEMBER = date(2015, 5, 31), date(2015, 10, 31)
LATE = "Formidlingsteamet"


def _saved(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2015, month, day, hour, minute)


MIDTVEJS = (
    FilledIn("Digitalteamet", "Digitalteamets koordinator", _saved(6, 3, 10), {
        "M1.1.1": {"Udgangspunkt": 12400, "Resultat": 13150, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.1.1.1": {"Status": "Forventes opfyldt", "Bemærkninger": "Fire kurser holdt, seks planlagt."},
        "M1.1.1.2": {"Resultat": 2, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.1.2": {"Status": "Forventes opfyldt"}}),
    FilledIn("Landdistriktsteamet", "Landdistriktsteamets koordinator", _saved(6, 5, 9), {
        "M1.1.1.2": {"Resultat": 2, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M1.3.1": {"Resultat": 7, "Opgjort pr.": _JUNE, "Status": "Forventes ikke opfyldt",
                   "Bemærkninger": "Tilbuddet kom først i brug i marts."}}),
    FilledIn("Ungeteamet", "Ungeteamets koordinator", _saved(6, 8, 14), {
        "M1.2.1.1": {"Status": "Opfyldt", "Bemærkninger": "Kontrakten er underskrevet i april."}}, finished=""),
    FilledIn("Husteamet", "Husteamets koordinator", _saved(6, 9, 11), {
        "M2.1.1": {"Resultat": 0, "Opgjort pr.": _JUNE, "Status": "Ikke igangsat"},
        "M3.2.1": {"Status": "Forventes opfyldt"}, "M3.2.1.1": {"Status": "Afventer data"},
        "M3.3.1": {"Udgangspunkt": 410000, "Resultat": 176300, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"}}),
    FilledIn("Ledelsen", "Ledelsessekretariatet", _saved(6, 9, 15), {
        "M2.2.3": {"Status": "Forventes opfyldt"},
        "M2.2.5": {"Resultat": 1, "Opgjort pr.": _JUNE, "Status": "Forventes opfyldt"},
        "M4.2.1": {"Status": "Opfyldt"}, "M4.2.2": {"Status": "Ikke igangsat"}}),
)

AARSOPFOELGNING = (
    # Somebody inserted a column of their own in the middle of the table.
    FilledIn("Digitalteamet", "Digitalteamets koordinator", _saved(11, 4, 9), {
        "M1.1.1": {"Udgangspunkt": 12400, "Resultat": 15190, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt",
                   "Bemærkninger": "Halvdelen af væksten er nået på det første af de to år.",
                   "Næste skridt": "Kampagne for e-bøger i februar."},
        "M1.1.1.1": {"Status": "Opfyldt", "Bemærkninger": "Ti kurser, heraf fire uden for biblioteket."},
        "M1.1.1.2": {"Resultat": 5, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                     "Bemærkninger": "Vejledningen kører i alle fem områder."},
        "M1.1.2": {"Status": "Forventes opfyldt", "Næste skridt": "Bogbussen får det nye design i foråret."}},
        extra_column=("Drøftet på teammøde", {"M1.1.1": "ja, 20. oktober", "M1.1.2": "nej"})),
    # The rows come back in another order.
    FilledIn("Ledelsen", "Ledelsessekretariatet", _saved(11, 5, 13), {
        "M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Strategien er skrevet, men endnu ikke vedtaget."},
        "M2.2.5": {"Resultat": 2, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt"},
        "M4.2.1": {"Status": "Opfyldt", "Bemærkninger": "Businesscasen er afleveret i juni."},
        "M4.2.2": {"Status": "Forventes opfyldt", "Næste skridt": "Interviews med indkøberne i januar."}}, sort=True),
    # Disagrees with Ledelsen on the status of the goal that they share.
    FilledIn("Børneteamet", "Børneteamets koordinator", _saved(11, 6, 10), {
        "M2.2.2": {"Resultat": 4, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                   "Bemærkninger": "Fire aftaler: målet for begge år er nået."},
        "M2.2.3": {"Status": "Opfyldt", "Bemærkninger": "Strategien er sendt til udvalget."}}),
    # Saved twice: the second version has one answer more and one that is corrected.
    FilledIn("Ungeteamet", "Ungeteamets koordinator", _saved(11, 6, 8), {
        "M1.2.1.1": {"Status": "Forventes opfyldt"}}, finished="", file="skema ungeteamet.xlsx"),
    FilledIn("Ungeteamet", "Ungeteamets koordinator", _saved(11, 9, 16), {
        "M1.2.1.1": {"Status": "Opfyldt", "Bemærkninger": "Kontrakten gælder fra august."}},
        file="skema ungeteamet (1).xlsx"),
    # A decimal comma typed as text, and a result below the target.
    FilledIn("Husteamet", "Husteamets koordinator", _saved(11, 9, 12), {
        "M2.1.1": {"Resultat": 2, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                   "Bemærkninger": "Strikkeklub og lektiecafé drives nu af brugerne."},
        "M3.2.1": {"Status": "Opfyldt", "Bemærkninger": "Cafébordene ved indgangen bruges hele dagen."},
        "M3.2.1.1": {"Resultat": "5,4", "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt"},
        "M3.3.1": {"Udgangspunkt": 410000, "Resultat": 424350, "Opgjort pr.": _NOVEMBER, "Status": "Delvist opfyldt",
                   "Bemærkninger": "Væksten er 3,5 %. Lukningen i juli trak ned.",
                   "Næste skridt": "Søndagsåbent fra januar."}}),
    FilledIn("Landdistriktsteamet", "Landdistriktsteamets koordinator", _saved(11, 10, 9), {
        "M1.1.1.2": {"Resultat": 5, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt",
                     "Bemærkninger": "To af områderne mangler faste lokaler."},
        "M1.3.1": {"Resultat": 16, "Opgjort pr.": _NOVEMBER, "Status": "Ikke opfyldt",
                   "Bemærkninger": "16 rekvisitioner; efteråret blev godt, men foråret manglede."}},
        proposal="En fast torvedag med Biblioteket rykker ud i hvert landdistrikt"),
    # A loose remark beside the table.
    FilledIn("HR- og udviklingsteamet", "HR-funktionen", _saved(11, 10, 14), {
        "M4.1.1": {"Resultat": 3, "Opgjort pr.": _NOVEMBER, "Status": "Opfyldt"},
        "M4.1.2": {"Status": "Forventes ikke opfyldt",
                   "Bemærkninger": "42 af 61 medarbejdere har taget testen; resten når den ikke i år."},
        "M4.2.3": {"Status": "Udgået", "Bemærkninger": "Lagt sammen med kommunens fælles strategi efter aftale med KSE."}},
        beside="Ring gerne, hvis tallene for testen skal uddybes."),
    # Comes after the deadline and is merged into the standing follow-up.
    FilledIn(LATE, "Formidlingsteamets koordinator", _saved(11, 18, 17), {
        "M2.2.4": {"Status": "opfyldt ", "Bemærkninger": "Tolv frivillige og tre foreninger er med."},
        "M3.1.1": {"Resultat": 11, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt"},
        "M3.1.1.1": {"Status": "Afventer data", "Bemærkninger": "Næste Bibliometer er i foråret."},
        "M3.1.2": {"Resultat": 6, "Opgjort pr.": _NOVEMBER, "Status": "Forventes opfyldt",
                   "Bemærkninger": "Seks events, de fleste ved folketingsvalget."},
        "M3.1.2.1": {"Status": "Afventer data"}}),
)

DEPARTMENT_IN_JUNE = Entries(_saved(6, 22, 10), {
    ("Opfølgning", "M1.3.1", "Forvaltningens bemærkninger"): "Hvad skal der til for at nå 20 rekvisitioner i år?"})
"""KSE asks in its edition of June."""

COORDINATOR_IN_AUGUST = Entries(_saved(8, 17, 9), answers={
    "Hvad skal der til for at nå 20 rekvisitioner i år?":
    "Vi har aftalt faste dage med tre landsbyer fra september og regner med 16-18 rekvisitioner i år."})
"""The coordinator answers on Dialog."""

COORDINATOR = Entries(
    _saved(11, 19, 9), {("Modstridende svar", "M2.2.3", "Vælg"): "x",
                        ("Opfølgning", "M4.1.2", "Næste skridt"): "De sidste 19 medarbejdere tager testen i januar."},
    {"Samlet vurdering": "Et godt år: Biblioteket er nået længere ud end planlagt. Det, der mangler, er aftalt for 2016.",
     "Inden for rammen": "Ja"}, beside_text="Delvist opfyldt",
    questions={"M2.2.3": "Hvornår kan strategien komme på udvalgets dagsorden?"})
"""The coordinator decides between the two answers, adds a next step, sums up the year and asks KSE."""

DEPARTMENT = Entries(
    _saved(12, 1, 11), {("Opfølgning", "M1.3.1", "Forvaltningens bemærkninger"):
                        "Godt på vej. Vi tager antallet af rekvisitioner op på dialogmødet."},
    {"Forvaltningens samlede bemærkning": "Tak for en klar opfølgning. Vi ses til dialogmødet i januar."})
"""KSE writes in its edition."""
