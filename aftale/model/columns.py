"""Every sheet and column we write or read, declared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aftale.model.text import fold

FORSIDE, AFTALETEKST, MAAL = "Forside", "Aftaletekst", "Mål"
SKEMA, VEJLEDNING, LISTER, RECORD = "Skema", "Vejledning", "Lister", "_aftale"
FULL_TEXT = "Fuld tekst"
"""The sheet of a skema for the texts that are too long for its table; there only where there are any."""
QUESTIONS_SHEET, NOTES = "Spørgsmål", "(noter)"
"""The first sheet of a skema that goes back with questions, and what our notes count as when it returns."""
DOCUMENT_SHEET, OWN_TEXT = "Fra dokumentet", "Aftalens egen tekst"
"""The sheet for what stood in a document and has no place of its own, and the heading on ``Aftaletekst`` of its text."""
OVERBLIK, OPFOELGNING, UDVIKLINGSPLAN, RESULTATER = "Overblik", "Opfølgning", "Udviklingsplan", "Resultater"
DIALOG = "Dialog"
CONFLICTS, RESPONSES, CONTROL, SOURCES = "Modstridende svar", "Svaroversigt", "Kontrol", "Kilder"
KSE_SHEETS = (OVERBLIK, OPFOELGNING, UDVIKLINGSPLAN, RESULTATER, DIALOG)


def pixels(count: int) -> float:
    """Return the width in characters of a column that is so many pixels wide at 100 %."""
    return (count - 5) / 7


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


@dataclass(frozen=True)
class AgreedColumn(Column):
    """A column of ``Mål``: what reads, writes, checks, changes or shows the agreement goes by it.

    ``free`` tells that it is a free text, which `Goal` has under the same name; ``required`` that a template can't do
    without it (one that isn't is put in where it lacks); ``revisable`` that a colleague's change of it can be carried out
    in the agreement; ``fingerprint`` that a change of it makes skemaer old. ``widths`` are the other sheets that have the
    column, and how wide it is there; on ``Skema`` it is sealed.
    """

    free: bool = False
    required: bool = True
    revisable: bool = False
    fingerprint: bool = True
    widths: Mapping[str, float] = field(default_factory=dict, hash=False)

    def on(self, sheet: str) -> Column:
        """Return the column as it stands on another sheet."""
        return Column(self.key, self.header, self.widths[sheet], self.kind, self.aliases)


LEVEL_COLUMNS = (
    AgreedColumn("id", "Mål-id", 9, "id", ("målid", "mål id", "maal-id", "id"),
                 widths={SKEMA: pixels(80), OPFOELGNING: 9, UDVIKLINGSPLAN: 9, RESULTATER: 9}),
    AgreedColumn("development", "Udviklingsmål", 16, "long", ("udviklingsmaal",), revisable=True,
                 widths={SKEMA: pixels(200), OPFOELGNING: 12, UDVIKLINGSPLAN: 15}),
    AgreedColumn("focus", "Fokusområde", 18, "long", ("fokusomraade", "fokusområder"), revisable=True,
                 widths={SKEMA: pixels(200), OPFOELGNING: 12, UDVIKLINGSPLAN: 16}),
    AgreedColumn("effect", "Effektmål", 34, "long", ("effekt mål", "effektmaal"), revisable=True,
                 widths={SKEMA: pixels(320), OPFOELGNING: 27, UDVIKLINGSPLAN: 30, RESULTATER: 28}),
    AgreedColumn("sub", "Delmål", 24, "long", ("delmaal",), revisable=True,
                 widths={SKEMA: pixels(280), OPFOELGNING: 19, UDVIKLINGSPLAN: 22, RESULTATER: 20}),
)
LEVEL_KEYS = ("development", "focus", "effect", "sub")

# What is agreed of a goal beside its levels and its years, in the order of Mål.
_BESIDE = (
    AgreedColumn("demands", "KSE-krav", 14, "text", ("kse krav", "krav"), revisable=True, widths={OPFOELGNING: 16}),
    AgreedColumn("policy", "Politik", 17, "text", ("politikker", "sektorpolitik"), free=True, required=False,
                 revisable=True,
                 widths={OPFOELGNING: 18, UDVIKLINGSPLAN: 20}),
    AgreedColumn("indicator", "Indikator", 18, "long", free=True, required=False, revisable=True,
                 widths={SKEMA: pixels(180), OPFOELGNING: 12}),
    AgreedColumn("method", "Måltype", 13, "choice"),
    AgreedColumn("baseline", "Udgangspunkt", 14, "number", ("baseline",), revisable=True,
                 widths={SKEMA: pixels(100), RESULTATER: 13.5}),
    AgreedColumn("target", "Måltal", 10, "number", ("mål tal",), revisable=True, widths={OPFOELGNING: 10, RESULTATER: 9}),
    AgreedColumn("unit", "Måleenhed", 16, "text", ("enhed",), revisable=True,
                 widths={SKEMA: pixels(120), OPFOELGNING: 16, RESULTATER: 14}),
    AgreedColumn("scope", "Opgøres", 12, "choice", ("opgørelse",)),
    AgreedColumn("due", "Frist", 12, "text", ("tidsfrist",), free=True, required=False, revisable=True,
                 widths={OPFOELGNING: 10}),
    AgreedColumn("budget", "Budget", 15, "text", free=True, required=False),
    AgreedColumn("owners", "Ansvarlig", 18, "text", ("ansvarlige",), widths={OPFOELGNING: 13, UDVIKLINGSPLAN: 20}),
    AgreedColumn("emails", "E-mail", 20, "text", ("email", "e-mails", "mail")),
    AgreedColumn("note", "Note", 24, "long", ("noter",), free=True, fingerprint=False),
)
AGREED_COLUMNS = (*LEVEL_COLUMNS, *_BESIDE)
AGREED_BY_KEY = {column.key: column for column in AGREED_COLUMNS}


def year_columns(years: Iterable[int], width: float = 5.5) -> tuple[Column, ...]:
    """Return the columns of a plan's years; their headers are text, and a school year is the one that it begins in."""
    return tuple(Column(f"y{year}", str(year), width, "year", tuple(
        f"{year}{mark}{end}" for mark in "/-" for end in (year + 1, f"{(year + 1) % 100:02}"))) for year in years)


def with_demands_header(columns: Iterable[Column], header: str) -> tuple[Column, ...]:
    """Return columns with another header over the department's demands: ``KSE-krav`` is for KSE alone."""
    return tuple(column if column.key != "demands" else
                 replace(column, header=header, aliases=(*column.aliases, column.header)) for column in columns)


def maal_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Mål`` in the agreement for a plan period."""
    return (*LEVEL_COLUMNS, *year_columns(years), *_BESIDE)


def _sheet(sheet: str, *columns: str | Column) -> tuple[Column, ...]:
    """Return the columns of a sheet in order: the agreed ones by their keys, and its own."""
    return tuple(AGREED_BY_KEY[each].on(sheet) if isinstance(each, str) else each for each in columns)


ANSWER_COLUMNS = (
    Column("status", "Status", pixels(152), "choice"),
    Column("resultat", "Resultat", pixels(84), "number"),
    Column("opgjort_pr", "Opgjort pr.", pixels(88), "date", ("opgjort pr", "opgjort", "dato")),
    Column("bemaerkninger", "Bemærkninger", pixels(240), "long", ("bemærkning", "bemaerkninger")),
    Column("naeste_skridt", "Næste skridt", pixels(164), "long", ("naeste skridt",)),
)
LOOK_UP_KEYS = (*LEVEL_KEYS, "unit", "indicator")
"""The columns right of the skema's table: what is agreed in the agreement's own words, to read and to be read by."""
SKEMA_COLUMNS = _sheet(
    SKEMA, "id", Column("card", "Effektmål/delmål", pixels(264), "long"), Column("goal", "Mål", pixels(176), "long"),
    "baseline", Column("last", "Sidst", pixels(136), "long"), *ANSWER_COLUMNS, *LOOK_UP_KEYS)
"""The columns that ``Skema`` can have: locked but for `ANSWER_COLUMNS` (and Udgangspunkt, which is there where it is
missing)."""
_STATUS, *_FIGURES, _REMARKS, _NEXT_STEP = ANSWER_COLUMNS
FORMER_SKEMA_COLUMNS = (
    *_sheet(SKEMA, "id", *LEVEL_KEYS), Column("goal", "Mål", kind="long"), AGREED_BY_KEY["due"],
    *_sheet(SKEMA, "unit", "baseline"), Column("last_status", "Sidste status"),
    Column("last_result", "Sidste resultat", kind="number"), *_FIGURES, _STATUS, _REMARKS, _NEXT_STEP)
"""The columns of ``Skema`` as versions before 0.3 made it, in their order: they come back too."""


def followup_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Opfølgning`` for a plan period: those in sight fill one A3 page at four fifths."""
    return _sheet(
        OPFOELGNING, "id", *LEVEL_KEYS, *year_columns(years, 5), "demands", "policy", Column("goal", "Mål", 18, "long"),
        "indicator", "target", "unit", Column("udgangspunkt", "Udgangspunkt", 13, "number"), "due", "owners",
        Column("resultat", "Resultat", 10, "number"), Column("opgjort_pr", "Opgjort pr.", 13, "date"),
        Column("fulfilment", "Målopfyldelse", 13.5, "share"), Column("last_status", "Sidste status", 17),
        Column("status", "Status", 19, "choice"), Column("computed", "Beregnet status", 19),
        Column("bemaerkninger", "Bemærkninger", 30, "long"), Column("naeste_skridt", "Næste skridt", 22, "long"),
        Column("kse", "Forvaltningens bemærkninger", 21, "long"), Column("response", "Svarstatus", 18),
        Column("source", "Kilde", 12))


def plan_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of ``Udviklingsplan``."""
    return _sheet(UDVIKLINGSPLAN, "id", *LEVEL_KEYS, *year_columns(years, 16.5), Column("goal", "Mål", 23, "long"),
                  "policy", "owners")


RECORD_COLUMNS = (Column("post", "post"), Column("key", "nøgle"), Column("field", "felt"), Column("type", "type"),
                  Column("value", "værdi"))


@dataclass(frozen=True)
class Fact:
    """A single value of ``Forside``: key in code and in aftale.toml, label, and the defined name of its cell.

    One that isn't ``required`` may stand empty, and a template may lack it; ``fingerprint`` tells that a change of it makes
    skemaer old.
    """

    key: str
    label: str
    name: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = True
    fingerprint: bool = True


FACTS = (
    Fact("enhed", "Enhed", "Enhed", aliases=("bibliotek", "institution")),
    Fact("afdeling", "Forvaltning", "Forvaltning", aliases=("afdeling",)),
    Fact("kortnavn", "Kortnavn", "Kortnavn", aliases=("forvaltningens kortnavn",), required=False),
    Fact("aar", "Aftaleår", "Aftaleaar", "year", ("år", "aar")),
    Fact("periode", "Udviklingsplanens periode", "Periode", "period", ("periode", "planperiode")),
    Fact("tema", "Tema", "Tema"),
    Fact("koordinator", "Koordinator", "Koordinator"),
    Fact("koordinator_mail", "Koordinatorens e-mail", "Koordinator_mail", "email"),
    Fact("kse_kontakt", "Forvaltningens kontakt", "Forvaltning_kontakt", aliases=("kse's kontakt", "kses kontakt")),
    Fact("kse_mail", "Kontaktens e-mail", "Forvaltning_mail", "email"),
    Fact("frist_midtvejs", "Frist for midtvejsopfølgning", "Frist_midtvejs", "date"),
    Fact("frist_aarsopfoelgning", "Frist for årsopfølgning", "Frist_aarsopfoelgning", "date"),
    Fact("svarfrist_midtvejs", "Forvaltningens svarfrist, midtvejs", "Svarfrist_midtvejs", "date",
         ("svarfrist for midtvejsopfølgning",), required=False, fingerprint=False),
    Fact("svarfrist_aarsopfoelgning", "Forvaltningens svarfrist, årsopfølgning", "Svarfrist_aarsopfoelgning", "date",
         ("svarfrist for årsopfølgning",), required=False, fingerprint=False),
    Fact("delt_mappe", "Delt mappe", "Delt_mappe", required=False,
         fingerprint=False),
    Fact("oekonomisk_ramme", "Økonomisk ramme", "Oekonomisk_ramme"),
)
KSE_TEXT = "Tekst_om_KSE_krav"
"""The defined name of the template's paragraphs about KSE's demands: another department's agreement goes without them."""
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


def result_columns(targets: Iterable[int], rounds: Iterable[tuple[int, bool]], change: bool,
                   statuses: Iterable[tuple[int, bool]] = (), total: bool = True) -> tuple[Column, ...]:
    """Return the columns of ``Resultater``.

    ``targets`` are the years with a column of their own for Måltal, none for a single one; ``rounds`` the rounds that
    have a result, each (year, is it the årsopfølgning), and ``statuses`` those of them that have a status; ``change`` tells
    whether growth is shown in percent, ``total`` whether any goal is counted up over the period.
    """
    own = tuple(Column(f"t{year}", f"Måltal {year}", 9.5, "number") for year in targets)
    results = tuple(Column(f"r{year}{'b' if whole else 'a'}", f"{year} {'år' if whole else 'midtvejs'}", 9.5, "number")
                    for year, whole in rounds)
    stood = tuple(Column(f"s{year}{'b' if whole else 'a'}", f"Status {year} {'år' if whole else 'midtvejs'}", 13, "choice")
                  for year, whole in statuses)
    return _sheet(
        RESULTATER, "id", "effect", "sub", Column("goal", "Mål", 19, "long"), "unit", "baseline", *(own or ("target",)),
        *results, *((Column("total", "I alt i perioden", 10, "number"),) if total else ()),
        *((Column("change", "Ændring", 9.5, "number"),) if change else ()),
        Column("fulfilment", "Målopfyldelse", 13.5, "share"), *stood, Column("trend", "Udvikling", 12, "trend"))


def every_result_column(years: Iterable[int]) -> tuple[Column, ...]:
    """Return every column that ``Resultater`` of a plan can have or has had, to find them in a sheet that has some."""
    years = tuple(years)
    rounds = [(year, whole) for year in years for whole in (False, True)]
    return tuple(dict.fromkeys((*result_columns((), rounds, True, rounds), *result_columns(years, rounds, True, rounds),
                                Column("status", "Status", 18, "choice"))))


LOOK_UP = Column("gap", "Opslag", pixels(24))
"""The narrow column before those that stand to the right to be looked up: a table can't have one without a header."""
CONFLICT_COLUMNS = (
    replace(LEVEL_COLUMNS[0], width=pixels(76)), Column("text", "Effektmål/delmål", pixels(264), "long"),
    Column("column", "Felt", pixels(104)), Column("answer", "Svar", pixels(240), "long"),
    Column("who", "Fra", pixels(168), "long"), Column("when", "Hvornår", pixels(104)),
    Column("pick", "Vælg", pixels(76), "choice"), Column("own", "Egen formulering", pixels(216), "long"),
    Column("state", "Afgørelse", pixels(136)),
    LOOK_UP, Column("file", "Fil", pixels(250), "long"), Column("cell", "Ark og celle", pixels(110)))
"""The columns of ``Modstridende svar``: those before `LOOK_UP` fit a screen, and are printed."""
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
WHOLE_TEXT = Column("whole", "Hele teksten", pixels(640), "long")
"""The last column of ``Kontrol``, drawn where a text is too long to stand beside the choice."""
CONTROL_COLUMNS = (
    Column("level", "Tilstand", pixels(104), aliases=("niveau",)), replace(LEVEL_COLUMNS[0], width=pixels(76)),
    Column("what", "Hvad", pixels(300), "long"), Column("text", "Der stod", pixels(196), "long"),
    Column("read", "Læst som", pixels(120), "long"), Column("pick", "Vælg", pixels(176), "choice"),
    Column("own", "Egen formulering", pixels(200), "long"),
    Column("advice", "Hvad sker der?", pixels(264), "long", ("hvad nu?",)),
    LOOK_UP, Column("kind", "Slags", pixels(120)), Column("goal", "Mål", pixels(260), "long"),
    Column("file", "Fil", pixels(250), "long"), Column("sheet", "Ark", pixels(64)),
    Column("cell", "Celle", pixels(56)), Column("cells", "Celler", pixels(56), "number"),
    Column("number", "Nr.", pixels(44), "number"), Column("key", "Nøgle", pixels(100), "id"), WHOLE_TEXT)
"""The columns of ``Kontrol``: those before `LOOK_UP` fit a screen, and are printed.

``Nøgle`` is what a line's choice is found by again, however the sheet was sorted: only cell values survive everywhere.
"""
SOURCE_COLUMNS = (
    Column("number", "Nr.", 7, "number"), Column("file", "Fil", 42, "long"), Column("container", "Lå i", 24, "long"),
    Column("owner", "Ansvarlig", 24), Column("filled_by", "Udfyldt af", 24), Column("form", "Skema-id", 15),
    Column("when", "Gemt", 18), Column("sender", "Afsender", 26), Column("program", "Program", 22),
    Column("verdict", "Afgørelse", 40, "long"),
    Column("cells", "Celler", 8, "number"), Column("sha", "Fingeraftryk", 20))
DIALOG_COLUMNS = (
    replace(LEVEL_COLUMNS[0], width=92), Column("goal", "Effektmål/delmål", 250, "long"), Column("round", "Runde", 130),
    Column("who", "Hvem", 146), Column("text", "Hvad blev der skrevet", 360, "long"),
    Column("stage", "Tilstand", 162, "choice"), Column("answer", "Svar", 320, "long"), Column("key", "Nøgle", 110, "id"))
"""Widths in pixels. ``Nøgle`` is hidden, and inside the table: sorting must move it with its row."""
NEWS_COLUMNS = (
    LEVEL_COLUMNS[0], Column("outcome", "Hvad", 19), Column("text", "Mål eller emne", 40, "long"),
    Column("means", "Hvad betyder det?", 40, "long"), Column("last_status", "Sidste status", 22, "choice"),
    Column("last_result", "Sidste resultat", 14, "number"), Column("remark", "Bemærkning", 36, "long"),
    Column("agreed", "Aftalt", 20, "long"))


def news_sheet(year: int) -> str:
    """Return the name of the sheet in the agreement that lists what is new in its year."""
    return f"Nyt i {year}"
