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
class Column:
    """A column: its key in code, its header, how wide it is (characters) and what it holds.

    ``kind`` is one of id, text, long, number, share, date, year, choice, trend (a small chart).
    """

    key: str
    header: str
    width: float = 14
    kind: str = "text"
    aliases: tuple[str, ...] = ()


LEVEL_COLUMNS = (
    Column("id", "Mål-id", 10, "id", ("målid", "mål id", "maal-id", "id")),
    Column("development", "Udviklingsmål", 24, "long", ("udviklingsmaal",)),
    Column("focus", "Fokusområde", 26, "long", ("fokusomraade", "fokusområder")),
    Column("effect", "Effektmål", 42, "long", ("effekt mål", "effektmaal")),
    Column("sub", "Delmål", 34, "long", ("delmaal",)),
)
LEVEL_KEYS = ("development", "focus", "effect", "sub")


def year_columns(years: Iterable[int], width: float = 7) -> tuple[Column, ...]:
    """Return the columns of a plan's years; their headers are text."""
    return tuple(Column(f"y{year}", str(year), width, "year") for year in years)


def _levels(*widths: float) -> tuple[Column, ...]:
    """Return the columns of the levels with other widths."""
    return tuple(replace(column, width=width) for column, width in zip(LEVEL_COLUMNS, widths, strict=True))


def maal_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Mål`` in the agreement for a plan period."""
    return (
        *LEVEL_COLUMNS,
        *year_columns(years),
        Column("demands", "KSE-krav", 18, "text", ("kse krav",)),
        Column("policy", "Politik", 20, "text", ("politikker", "sektorpolitik")),
        Column("indicator", "Indikator", 24, "long"),
        Column("method", "Måltype", 14, "choice"),
        Column("baseline", "Udgangspunkt", 14, "number", ("baseline",)),
        Column("target", "Måltal", 10, "number", ("mål tal",)),
        Column("unit", "Måleenhed", 18, "text", ("enhed",)),
        Column("scope", "Opgøres", 12, "choice", ("opgørelse",)),
        Column("budget", "Budget", 14, "text"),
        Column("owners", "Ansvarlig", 22, "text", ("ansvarlige",)),
        Column("emails", "E-mail", 28, "text", ("email", "e-mails", "mail")),
        Column("note", "Note", 30, "long", ("noter",)),
    )


SEALED_COLUMNS = (
    *LEVEL_COLUMNS,
    Column("goal", "Mål", 30, "long"),
    Column("deadline", "Frist", 12, "text"),
    Column("unit", "Måleenhed", 16, "text"),
    Column("baseline", "Udgangspunkt", 14, "number"),
    Column("last_status", "Sidste status", 16, "text"),
    Column("last_result", "Sidste resultat", 13, "number"),
)
"""The locked columns of ``Skema`` (Udgangspunkt is unlocked where it is missing)."""

ANSWER_COLUMNS = (
    Column("resultat", "Resultat", 13, "number"),
    Column("opgjort_pr", "Opgjort pr.", 13, "date", ("opgjort pr", "opgjort", "dato")),
    Column("status", "Status", 20, "choice"),
    Column("bemaerkninger", "Bemærkninger", 44, "long", ("bemærkning", "bemaerkninger")),
    Column("naeste_skridt", "Næste skridt", 34, "long", ("naeste skridt",)),
)
SKEMA_COLUMNS = (*SEALED_COLUMNS, *ANSWER_COLUMNS)


def followup_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Opfølgning`` for a plan period: those in sight fill one A3 page at four fifths."""
    return (
        *_levels(9, 13, 14, 28, 20),
        *year_columns(years, 5),
        Column("demands", "KSE-krav", 16, "text"),
        Column("policy", "Politik", 18, "text"),
        Column("goal", "Mål", 20, "long"),
        Column("target", "Måltal", 10, "number"),
        Column("unit", "Måleenhed", 16, "text"),
        Column("udgangspunkt", "Udgangspunkt", 13, "number"),
        Column("owners", "Ansvarlig", 14, "text"),
        Column("resultat", "Resultat", 10, "number"),
        Column("opgjort_pr", "Opgjort pr.", 13, "date"),
        Column("fulfilment", "Målopfyldelse", 13.5, "share"),
        Column("status", "Status", 19, "choice"),
        Column("computed", "Beregnet status", 19, "text"),
        Column("bemaerkninger", "Bemærkninger", 32, "long"),
        Column("naeste_skridt", "Næste skridt", 22, "long"),
        Column("kse", "Forvaltningens bemærkninger", 22, "long"),
        Column("response", "Svarstatus", 18, "text"),
        Column("source", "Kilde", 12, "text"),
    )


RECORD_COLUMNS = (Column("post", "post"), Column("key", "nøgle"), Column("field", "felt"), Column("type", "type"),
                  Column("value", "værdi"))


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


def header_map(columns: Iterable[Column]) -> dict[str, Column]:
    """Map every folded spelling of the columns' headers to its column; the header itself wins over an alias."""
    found: dict[str, Column] = {}
    for column in columns:
        for alias in column.aliases:
            found.setdefault(fold(alias), column)
    found.update({fold(column.header): column for column in columns})
    return found


DOCUMENT_COLUMNS = (Column("at", "Hvor i dokumentet", 26), Column("kind", "Hvad er det", 26),
                    Column("text", "Tekst", 100, "long"))


def plan_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Udviklingsplan``."""
    return (*_levels(9, 15, 16, 30, 22), *year_columns(years, 16.5), Column("goal", "Mål", 23, "long"),
            Column("policy", "Politik", 20), Column("owners", "Ansvarlig", 20))


def result_columns(targets: Iterable[int], rounds: Iterable[tuple[int, bool]], change: bool) -> tuple[Column, ...]:
    """Return the columns of ``Resultater``.

    ``targets`` are the years with a column of their own for Måltal, none for a single one; ``rounds`` the rounds that
    have a result, each (year, is it the årsopfølgning); ``change`` tells whether growth is shown in percent.
    """
    own = tuple(Column(f"t{year}", f"Måltal {year}", 9.5, "number") for year in targets)
    results = tuple(Column(f"r{year}{'b' if whole else 'a'}", f"{year} {'år' if whole else 'midtvejs'}", 9.5, "number")
                    for year, whole in rounds)
    return (
        replace(LEVEL_COLUMNS[0], width=9), Column("effect", "Effektmål", 28, "long"), Column("sub", "Delmål", 20, "long"),
        Column("goal", "Mål", 19, "long"), Column("unit", "Måleenhed", 14),
        Column("baseline", "Udgangspunkt", 13.5, "number"),
        *(own or (Column("target", "Måltal", 9, "number"),)), *results, Column("total", "I alt i perioden", 10, "number"),
        *((Column("change", "Ændring", 9.5, "number"),) if change else ()),
        Column("fulfilment", "Målopfyldelse", 13.5, "share"), Column("status", "Status", 18, "choice"),
        Column("trend", "Udvikling", 12, "trend"))


def every_result_column(years: Iterable[int]) -> tuple[Column, ...]:
    """Return every column that ``Resultater`` of a plan can have, to find them again in a sheet that has some of them."""
    years = tuple(years)
    rounds = [(year, whole) for year in years for whole in (False, True)]
    return tuple(dict.fromkeys((*result_columns((), rounds, True), *result_columns(years, rounds, True))))


CONFLICT_COLUMNS = (
    LEVEL_COLUMNS[0], Column("text", "Effektmål/delmål", 38, "long"), Column("column", "Felt", 15),
    Column("answer", "Svar", 28, "long"), Column("who", "Fra", 24), Column("pick", "Vælg", 9, "choice"),
    Column("own", "Egen formulering", 32, "long"), Column("state", "Afgørelse", 18), Column("when", "Hvornår", 17),
    Column("file", "Fil", 30, "long"), Column("cell", "Ark og celle", 15))
RESPONSE_COLUMNS = (
    Column("owner", "Ansvarlig", 26), Column("email", "E-mail", 32), Column("form", "Skema-id", 15),
    Column("status", "Svar", 26),
    Column("missing", "Mangler svar på", 36, "long"), Column("goals", "Mål", 8, "number"),
    Column("answered", "Besvaret", 12, "number"), Column("filled_by", "Udfyldt af", 24), Column("when", "Gemt", 18),
    Column("files", "Filer", 40, "long"))
SHARE_COLUMNS = (
    RESPONSE_COLUMNS[0], Column("text", "Effektmål/delmål", 32, "long"), Column("goal_id", "Mål-id", 15),
    Column("status", "Svar", 26), Column("lacks", "Mangler", 36, "long"))
"""The board goal by goal, below the one by ansvarlig and as wide as its first columns."""
QUESTION_COLUMNS = (
    Column("number", "Nr.", 6, "number"), Column("goal", "Mål", 42, "long"), Column("field", "Felt", 19),
    Column("wrote", "Du skrev", 26, "long"), Column("question", "Spørgsmål", 52, "long"), Column("at", "Gå til", 11))
UNANSWERED_COLUMNS = (QUESTION_COLUMNS[0], QUESTION_COLUMNS[1], Column("at", "Gå til", 19))
CONTROL_COLUMNS = (
    Column("number", "Nr.", 7, "number"), Column("level", "Niveau", 15), Column("kind", "Slags", 22), LEVEL_COLUMNS[0],
    Column("what", "Hvad", 42, "long"), Column("text", "Der stod", 34, "long"), Column("read", "Læst som", 18, "long"),
    Column("advice", "Hvad nu?", 40, "long"), Column("pick", "Vælg", 17, "choice"),
    Column("own", "Egen formulering", 30, "long"),
    Column("file", "Fil", 28, "long"), Column("sheet", "Ark", 13), Column("cell", "Celle", 8),
    Column("cells", "Celler", 8, "number"),
    Column("key", "Nøgle", 14, "id"))
"""``Nøgle`` is what a line's choice is found by again, however the sheet was sorted: only cell values survive everywhere."""
SOURCE_COLUMNS = (
    Column("number", "Nr.", 7, "number"), Column("file", "Fil", 42, "long"), Column("container", "Lå i", 24, "long"),
    Column("owner", "Ansvarlig", 24), Column("filled_by", "Udfyldt af", 24), Column("form", "Skema-id", 15),
    Column("when", "Gemt", 18), Column("sender", "Afsender", 26), Column("program", "Program", 22),
    Column("verdict", "Afgørelse", 40, "long"),
    Column("cells", "Celler", 8, "number"), Column("sha", "Fingeraftryk", 20))
NEWS_COLUMNS = (
    LEVEL_COLUMNS[0], Column("fate", "Hvad", 19), Column("text", "Mål eller emne", 40, "long"),
    Column("means", "Hvad betyder det?", 40, "long"), Column("last_status", "Sidste status", 22, "choice"),
    Column("last_result", "Sidste resultat", 14, "number"), Column("remark", "Bemærkning", 36, "long"),
    Column("agreed", "Aftalt", 20, "long"))


def news_sheet(year: int) -> str:
    """Return the name of the sheet in the agreement that lists what is new in its year."""
    return f"Nyt i {year}"
