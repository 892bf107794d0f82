"""Every sheet and column we write or read, declared once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aftale.model.text import fold

FORSIDE, AFTALETEKST, MAAL = "Forside", "Aftaletekst", "Mål"
SKEMA, VEJLEDNING, LISTER, RECORD = "Skema", "Vejledning", "Lister", "_aftale"
QUESTIONS_SHEET, NOTES = "Spørgsmål", "(noter)"
"""The first sheet of a skema that goes back with questions, and what our notes count as when it returns."""
DOCUMENT_SHEET, OWN_TEXT = "Fra dokumentet", "Aftalens egen tekst"
"""The sheet for what stood in a document and has no place of its own, and the heading on ``Aftaletekst`` of its text."""
OVERBLIK, OPFOELGNING, UDVIKLINGSPLAN, RESULTATER = "Overblik", "Opfølgning", "Udviklingsplan", "Resultater"
CONFLICTS, RESPONSES, CONTROL, SOURCES = "Modstridende svar", "Svaroversigt", "Kontrol", "Kilder"
KSE_SHEETS = (OVERBLIK, OPFOELGNING, UDVIKLINGSPLAN, RESULTATER)


@dataclass(frozen=True)
class Col:
    """A column: its key in code, its header, how wide it is (characters) and what it holds.

    ``kind`` is one of id, text, long, number, share, date, year, choice, trend (a small chart).
    """

    key: str
    header: str
    width: float = 14
    kind: str = "text"
    aliases: tuple[str, ...] = ()


LEVEL_COLUMNS = (
    Col("id", "Mål-id", 10, "id", ("målid", "mål id", "maal-id", "id")),
    Col("development", "Udviklingsmål", 24, "long", ("udviklingsmaal",)),
    Col("focus", "Fokusområde", 26, "long", ("fokusomraade", "fokusområder")),
    Col("effect", "Effektmål", 42, "long", ("effekt mål", "effektmaal")),
    Col("sub", "Delmål", 34, "long", ("delmaal",)),
)
LEVEL_KEYS = ("development", "focus", "effect", "sub")


def year_columns(years: Iterable[int], width: float = 7) -> tuple[Col, ...]:
    """Return the columns of a plan's years; their headers are text."""
    return tuple(Col(f"y{year}", str(year), width, "year") for year in years)


def _levels(*widths: float) -> tuple[Col, ...]:
    """Return the columns of the levels with other widths."""
    return tuple(replace(column, width=width) for column, width in zip(LEVEL_COLUMNS, widths, strict=True))


def maal_columns(years: Iterable[int]) -> tuple[Col, ...]:
    """Return the columns of ``Mål`` in the agreement for a plan period."""
    return (
        *LEVEL_COLUMNS,
        *year_columns(years),
        Col("demands", "KSE-krav", 18, "text", ("kse krav",)),
        Col("policy", "Politik", 20, "text", ("politikker", "sektorpolitik")),
        Col("indicator", "Indikator", 24, "long"),
        Col("method", "Måltype", 14, "choice"),
        Col("baseline", "Udgangspunkt", 14, "number", ("baseline",)),
        Col("target", "Måltal", 10, "number", ("mål tal",)),
        Col("unit", "Måleenhed", 18, "text", ("enhed",)),
        Col("scope", "Opgøres", 12, "choice", ("opgørelse",)),
        Col("budget", "Budget", 14, "text"),
        Col("owners", "Ansvarlig", 22, "text", ("ansvarlige",)),
        Col("emails", "E-mail", 28, "text", ("email", "e-mails", "mail")),
        Col("note", "Note", 30, "long", ("noter",)),
    )


SEALED_COLUMNS = (
    *LEVEL_COLUMNS,
    Col("goal", "Mål", 30, "long"),
    Col("deadline", "Frist", 12, "text"),
    Col("unit", "Måleenhed", 16, "text"),
    Col("baseline", "Udgangspunkt", 14, "number"),
    Col("last_status", "Sidste status", 16, "text"),
    Col("last_result", "Sidste resultat", 13, "number"),
)
"""The locked columns of ``Skema`` (Udgangspunkt is unlocked where it is missing)."""

ANSWER_COLUMNS = (
    Col("resultat", "Resultat", 13, "number"),
    Col("opgjort_pr", "Opgjort pr.", 13, "date", ("opgjort pr", "opgjort", "dato")),
    Col("status", "Status", 20, "choice"),
    Col("bemaerkninger", "Bemærkninger", 44, "long", ("bemærkning", "bemaerkninger")),
    Col("naeste_skridt", "Næste skridt", 34, "long", ("naeste skridt",)),
)
SKEMA_COLUMNS = (*SEALED_COLUMNS, *ANSWER_COLUMNS)


def followup_columns(years: Iterable[int]) -> tuple[Col, ...]:
    """Return the columns of ``Opfølgning`` for a plan period: those in sight fill one A3 page at four fifths."""
    return (
        *_levels(9, 13, 14, 28, 20),
        *year_columns(years, 5),
        Col("demands", "KSE-krav", 16, "text"),
        Col("policy", "Politik", 18, "text"),
        Col("goal", "Mål", 20, "long"),
        Col("target", "Måltal", 10, "number"),
        Col("unit", "Måleenhed", 16, "text"),
        Col("udgangspunkt", "Udgangspunkt", 13, "number"),
        Col("owners", "Ansvarlig", 14, "text"),
        Col("resultat", "Resultat", 10, "number"),
        Col("opgjort_pr", "Opgjort pr.", 13, "date"),
        Col("fulfilment", "Målopfyldelse", 13.5, "share"),
        Col("status", "Status", 19, "choice"),
        Col("computed", "Beregnet status", 19, "text"),
        Col("bemaerkninger", "Bemærkninger", 32, "long"),
        Col("naeste_skridt", "Næste skridt", 22, "long"),
        Col("kse", "Forvaltningens bemærkninger", 22, "long"),
        Col("response", "Svarstatus", 18, "text"),
        Col("source", "Kilde", 12, "text"),
    )


RECORD_COLUMNS = (Col("post", "post"), Col("key", "nøgle"), Col("field", "felt"), Col("type", "type"),
                  Col("value", "værdi"))


@dataclass(frozen=True)
class Fact:
    """A single value of ``Forside``: key in code and in aftale.toml, label, and the defined name of its cell."""

    key: str
    label: str
    name: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()


FACTS = (
    Fact("enhed", "Enhed", "Enhed", aliases=("bibliotek", "institution")),
    Fact("afdeling", "Forvaltning", "Forvaltning", aliases=("afdeling",)),
    Fact("aar", "Aftaleår", "Aftaleaar", "year", ("år", "aar")),
    Fact("periode", "Udviklingsplanens periode", "Periode", "period", ("periode", "planperiode")),
    Fact("tema", "Tema", "Tema"),
    Fact("koordinator", "Koordinator", "Koordinator"),
    Fact("koordinator_mail", "Koordinatorens e-mail", "Koordinator_mail", "email"),
    Fact("kse_kontakt", "Forvaltningens kontakt", "Forvaltning_kontakt", aliases=("kse's kontakt", "kses kontakt")),
    Fact("kse_mail", "Kontaktens e-mail", "Forvaltning_mail", "email"),
    Fact("frist_midtvejs", "Frist for midtvejsopfølgning", "Frist_midtvejs", "date"),
    Fact("frist_aarsopfoelgning", "Frist for årsopfølgning", "Frist_aarsopfoelgning", "date"),
    Fact("oekonomisk_ramme", "Økonomisk ramme", "Oekonomisk_ramme"),
)
TEXT_NAMES = ("Tematekst", "Bemaerkninger_til_aftalen")
"""The named cells of ``Aftaletekst`` that the program writes in."""
FACT_BY_KEY = {fact.key: fact for fact in FACTS}

# Labels of the skema's own fields, in the cell left of the answer.
FILLED_BY, FINISHED, FORM_ID = "Udfyldt af", "Skemaet er færdigt", "Skema-id"

# The boxes on Overblik that people write in.
ASSESSMENT, IN_FRAME, FRAME_REMARK, KSE_REMARK = ("Samlet vurdering", "Inden for rammen", "Bemærkning til rammen",
                                                  "Forvaltningens samlede bemærkning")
BOXES = (ASSESSMENT, IN_FRAME, FRAME_REMARK, KSE_REMARK)


def header_map(columns: Iterable[Col]) -> dict[str, Col]:
    """Map every folded spelling of the columns' headers to its column; the header itself wins over an alias."""
    found: dict[str, Col] = {}
    for column in columns:
        for alias in column.aliases:
            found.setdefault(fold(alias), column)
    found.update({fold(column.header): column for column in columns})
    return found


DOCUMENT_COLUMNS = (Col("at", "Hvor i dokumentet", 26), Col("kind", "Hvad er det", 26), Col("text", "Tekst", 100, "long"))


def plan_columns(years: Iterable[int]) -> tuple[Col, ...]:
    """Return the columns of ``Udviklingsplan``."""
    return (*_levels(9, 15, 16, 30, 22), *year_columns(years, 16.5), Col("goal", "Mål", 23, "long"),
            Col("policy", "Politik", 20), Col("owners", "Ansvarlig", 20))


def result_columns(targets: Iterable[int], rounds: Iterable[tuple[int, bool]], change: bool) -> tuple[Col, ...]:
    """Return the columns of ``Resultater``.

    ``targets`` are the years with a column of their own for Måltal, none for a single one; ``rounds`` the rounds that
    have a result, each (year, is it the årsopfølgning); ``change`` tells whether growth is shown in percent.
    """
    own = tuple(Col(f"t{year}", f"Måltal {year}", 9.5, "number") for year in targets)
    results = tuple(Col(f"r{year}{'b' if whole else 'a'}", f"{year} {'år' if whole else 'midtvejs'}", 9.5, "number")
                    for year, whole in rounds)
    return (
        replace(LEVEL_COLUMNS[0], width=9), Col("effect", "Effektmål", 28, "long"), Col("sub", "Delmål", 20, "long"),
        Col("goal", "Mål", 19, "long"), Col("unit", "Måleenhed", 14), Col("baseline", "Udgangspunkt", 13.5, "number"),
        *(own or (Col("target", "Måltal", 9, "number"),)), *results, Col("total", "I alt i perioden", 10, "number"),
        *((Col("change", "Ændring", 9.5, "number"),) if change else ()),
        Col("fulfilment", "Målopfyldelse", 13.5, "share"), Col("status", "Status", 18, "choice"),
        Col("trend", "Udvikling", 12, "trend"))


def every_result_column(years: Iterable[int]) -> tuple[Col, ...]:
    """Return every column that ``Resultater`` of a plan can have, to find them again in a sheet that has some of them."""
    years = tuple(years)
    rounds = [(year, whole) for year in years for whole in (False, True)]
    return tuple(dict.fromkeys((*result_columns((), rounds, True), *result_columns(years, rounds, True))))


CONFLICT_COLUMNS = (
    LEVEL_COLUMNS[0], Col("text", "Effektmål/delmål", 38, "long"), Col("column", "Felt", 15),
    Col("answer", "Svar", 28, "long"), Col("who", "Fra", 24), Col("pick", "Vælg", 9, "choice"),
    Col("own", "Egen formulering", 32, "long"), Col("state", "Afgørelse", 18), Col("when", "Hvornår", 17),
    Col("file", "Fil", 30, "long"), Col("cell", "Ark og celle", 15))
RESPONSE_COLUMNS = (
    Col("owner", "Ansvarlig", 26), Col("email", "E-mail", 32), Col("form", "Skema-id", 15), Col("status", "Svar", 26),
    Col("missing", "Mangler svar på", 36, "long"), Col("goals", "Mål", 8, "number"),
    Col("answered", "Besvaret", 12, "number"), Col("filled_by", "Udfyldt af", 24), Col("when", "Gemt", 18),
    Col("files", "Filer", 40, "long"))
SHARE_COLUMNS = (
    RESPONSE_COLUMNS[0], Col("text", "Effektmål/delmål", 32, "long"), Col("goal_id", "Mål-id", 15),
    Col("status", "Svar", 26), Col("lacks", "Mangler", 36, "long"))
"""The board goal by goal, below the one by ansvarlig and as wide as its first columns."""
QUESTION_COLUMNS = (
    Col("number", "Nr.", 6, "number"), Col("goal", "Mål", 42, "long"), Col("field", "Felt", 19),
    Col("wrote", "Du skrev", 26, "long"), Col("question", "Spørgsmål", 52, "long"), Col("at", "Gå til", 11))
UNANSWERED_COLUMNS = (QUESTION_COLUMNS[0], QUESTION_COLUMNS[1], Col("at", "Gå til", 19))
CONTROL_COLUMNS = (
    Col("number", "Nr.", 7, "number"), Col("level", "Niveau", 15), Col("kind", "Slags", 22), LEVEL_COLUMNS[0],
    Col("what", "Hvad", 42, "long"), Col("text", "Der stod", 34, "long"), Col("read", "Læst som", 18, "long"),
    Col("advice", "Hvad nu?", 40, "long"), Col("pick", "Vælg", 17, "choice"), Col("own", "Egen formulering", 30, "long"),
    Col("file", "Fil", 28, "long"), Col("sheet", "Ark", 13), Col("cell", "Celle", 8), Col("cells", "Celler", 8, "number"),
    Col("key", "Nøgle", 14, "id"))
"""``Nøgle`` is what a line's choice is found by again, however the sheet was sorted: only cell values survive everywhere."""
SOURCE_COLUMNS = (
    Col("number", "Nr.", 7, "number"), Col("file", "Fil", 42, "long"), Col("container", "Lå i", 24, "long"),
    Col("owner", "Ansvarlig", 24), Col("filled_by", "Udfyldt af", 24), Col("form", "Skema-id", 15),
    Col("when", "Gemt", 18), Col("sender", "Afsender", 26), Col("program", "Program", 22),
    Col("verdict", "Afgørelse", 40, "long"),
    Col("cells", "Celler", 8, "number"), Col("sha", "Fingeraftryk", 20))
NEWS_COLUMNS = (
    LEVEL_COLUMNS[0], Col("fate", "Hvad", 19), Col("text", "Mål eller emne", 40, "long"),
    Col("means", "Hvad betyder det?", 40, "long"), Col("last_status", "Sidste status", 22, "choice"),
    Col("last_result", "Sidste resultat", 14, "number"), Col("remark", "Bemærkning", 36, "long"),
    Col("agreed", "Aftalt", 20, "long"))


def news_sheet(year: int) -> str:
    """Return the name of the sheet in the agreement that lists what is new in its year."""
    return f"Nyt i {year}"
