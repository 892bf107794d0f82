"""The conditional formats and the advice on the follow-up's tables: they follow what people type."""

from __future__ import annotations

from aftale.disk import palette
from aftale.disk.followup_table import ANSWER_KEYS, Drawn
from aftale.disk.xlsx_base import Book, Props, Sheet
from aftale.words.domain import MISSING, NOT_THIS_YEAR, REMARK_REQUIRED, UNDECIDED, Status
from aftale.words.text import fold

RED = "#9C0006"
ROSE = "#FFF1F1"
BAR = "#A9CDEB"
RESPONSE_COLOURS: dict[str, tuple[str, str]] = {
    "Ikke svaret": ("#FFE3E3", RED),
    "Uændret siden udsendelsen": ("#FCE0C5", "#7F3F00"),
    "Har svaret uden skema": ("#FFF3D1", "#7A4B00"),
    "Delvist besvaret": ("#FFF3D1", "#7A4B00"),
    "Færdig": ("#E3F4E5", "#1B5E20"),
    "Intet at melde": ("#E4E7EB", "#3E4C59"),
    "Skema ikke returneret": ("#FFE3E3", RED),
    "Besvaret": ("#E3F4E5", "#1B5E20"),
}
"""Fill and text colour of how far somebody has come with a skema."""

_BOX: Props = {"border": 1, "border_color": RED}
_STATUSES = "|".join(["", *Status, ""])


def status_style(status: str) -> Props:
    """Return the look of a status: its colours, and a sign beside the colour where it needs attention or is gone."""
    fill, ink = palette.STATUS_COLOURS[status]
    props: dict[str, object] = {"bg_color": fill, "font_color": ink}
    if status == Status.DROPPED:
        props["font_strikeout"] = True
    elif status == MISSING:
        props |= {"bold": True, "border": 3, "border_color": RED}
    elif status == NOT_THIS_YEAR:
        props = {"font_color": ink, "italic": True}
    elif status == UNDECIDED:
        props["bold"] = True
    return props


def mark_texts(sheet: Sheet, box: tuple[int, int, int, int], styles: dict[str, Props]) -> None:
    """Colour the cells of a box by their text, one living rule for each text."""
    for text, props in styles.items():
        sheet.rule(box, {"type": "cell", "criteria": "==", "value": f'"{text}"',
                         "format": sheet.book.rule_style(props)})


def status_styles() -> dict[str, Props]:
    """Return the look of every status, and of what stands where there is none."""
    return {str(status): status_style(status) for status in palette.STATUS_COLOURS}


def add_status_rules(drawn: Drawn) -> None:
    """Colour every column of statuses."""
    for place, column in enumerate(drawn.columns):
        if "status" in fold(column.header) and column.key != "response":
            mark_texts(drawn.sheet, (drawn.first, place, drawn.last, place), status_styles())


def add_response_rules(drawn: Drawn) -> None:
    """Colour every column that says how far somebody has come, in a table below as well."""
    if drawn.below:
        add_response_rules(drawn.below)
    styles: dict[str, Props] = {text: {"bg_color": fill, "font_color": ink}
                                for text, (fill, ink) in RESPONSE_COLOURS.items()}
    for place, column in enumerate(drawn.columns):
        if column.key == "status" or "status" in fold(column.header):
            mark_texts(drawn.sheet, (drawn.first, place, drawn.last, place), styles)


def add_plan_rules(drawn: Drawn, current_year: int) -> None:
    """Show the plan's crosses as filled cells, its statuses in colour, and where an udviklingsmål begins."""
    _years(drawn, current_year)
    add_status_rules(drawn)
    _groups(drawn)


def add_followup_rules(drawn: Drawn, current_year: int) -> None:
    """Add everything that lives on ``Opfølgning``; the first rule that says something about a cell wins."""
    _undecided(drawn)
    _remark_missing(drawn)
    _contradiction(drawn)
    add_status_rules(drawn)
    _answer_missing(drawn)
    _years(drawn, current_year)
    _not_this_year(drawn)
    _fulfilment(drawn)
    _response_column(drawn)
    _groups(drawn)
    _advise(drawn)


def _ref(drawn: Drawn, key: str, up: int = 0) -> str:
    """Return a reference to a column on the first row, such as ``$U4``: the rule moves it down with the row."""
    place = drawn.at(key)
    assert place is not None
    return f"${_letters(place)}{drawn.first + 1 - up}"


def _letters(place: int) -> str:
    place, rest = divmod(place, 26)
    return (_letters(place - 1) if place else "") + chr(65 + rest)


def _has(drawn: Drawn, *keys: str) -> bool:
    return all(drawn.at(key) is not None for key in keys)


def _book(drawn: Drawn) -> Book:
    return drawn.sheet.book


def _undecided(drawn: Drawn) -> None:
    for place, column in enumerate(drawn.columns):
        if column.key in ANSWER_KEYS:
            mark_texts(drawn.sheet, (drawn.first, place, drawn.last, place), {UNDECIDED: status_style(UNDECIDED)})


def _remark_missing(drawn: Drawn) -> None:
    """Frame an empty remark where the status asks for one."""
    box = drawn.box(drawn.at("bemaerkninger"))
    if box and _has(drawn, "status"):
        status, remark = _ref(drawn, "status"), _ref(drawn, "bemaerkninger")
        asks = ",".join(f'{status}="{word}"' for word in Status if word in REMARK_REQUIRED)
        drawn.sheet.formula_rule(box, f"AND(OR({asks}),LEN(TRIM({remark}))=0)",
                                 _book(drawn).rule_style(_BOX, bg_color="#FFE3E3"))


def _contradiction(drawn: Drawn) -> None:
    """Frame the computed status in bold italics where both are statuses and they differ."""
    box = drawn.box(drawn.at("computed"))
    if box and _has(drawn, "status"):
        status, computed = _ref(drawn, "status"), _ref(drawn, "computed")
        known = ",".join(f'ISNUMBER(FIND("|"&{cell}&"|","{_STATUSES}"))' for cell in (status, computed))
        drawn.sheet.formula_rule(box, f"AND({status}<>{computed},{known})",
                                 _book(drawn).rule_style(_BOX, bold=True, italic=True, font_color=RED))


def _answer_missing(drawn: Drawn) -> None:
    """Tint the empty answers of a goal that nobody has answered."""
    if not _has(drawn, "status"):
        return
    for place, column in enumerate(drawn.columns):
        if column.key in ANSWER_KEYS - {"udgangspunkt"}:
            drawn.sheet.formula_rule((drawn.first, place, drawn.last, place), f'{_ref(drawn, "status")}="{MISSING}"',
                                     _book(drawn).rule_style(bg_color=ROSE))


def _not_this_year(drawn: Drawn) -> None:
    if _has(drawn, "status"):
        drawn.sheet.formula_rule(drawn.all, f'{_ref(drawn, "status")}="{NOT_THIS_YEAR}"',
                                 _book(drawn).rule_style(font_color=palette.STATUS_COLOURS[NOT_THIS_YEAR][1],
                                                         italic=True))


def _years(drawn: Drawn, current_year: int) -> None:
    """Fill the cells of the years that are crossed, the current year darkest."""
    for place, column in enumerate(drawn.columns):
        if column.kind == "year" and column.header.isdigit():
            fill = palette.NAVY if column.header == str(current_year) else palette.SEA
            drawn.sheet.rule((drawn.first, place, drawn.last, place), {
                "type": "no_blanks",
                "format": _book(drawn).rule_style(bg_color=fill, font_color=palette.WHITE, bold=True, italic=False)})


def _fulfilment(drawn: Drawn) -> None:
    box = drawn.box(drawn.at("fulfilment"))
    if box:
        drawn.sheet.rule(box, data_bar(1, BAR))


def data_bar(most: float, colour: str) -> Props:
    """Return a solid bar from 0 to ``most`` that a number in dark ink can be read on."""
    return {"type": "data_bar", "bar_solid": True, "bar_color": colour, "bar_no_border": True, "min_type": "num",
            "min_value": 0, "max_type": "num", "max_value": most, "bar_direction": "left"}


def _response_column(drawn: Drawn) -> None:
    box = drawn.box(drawn.at("response"))
    if box:
        quiet: dict[str, Props] = {text: {"font_color": ink} for text, (_, ink) in RESPONSE_COLOURS.items()}
        quiet[MISSING] = {"font_color": RED, "bold": True}
        mark_texts(drawn.sheet, box, quiet)


def _groups(drawn: Drawn) -> None:
    """Draw a line above the first row of each udviklingsmål, wherever it stands after sorting."""
    if not _has(drawn, "development"):
        return
    begins = f'{_ref(drawn, "development")}<>{_ref(drawn, "development", up=1)}'
    place = drawn.at("development")
    assert place is not None
    drawn.sheet.formula_rule((drawn.first, place, drawn.last, place), begins, _book(drawn).rule_style(
        bold=True, font_color=palette.NAVY, top=1, top_color=palette.NAVY))
    line = _book(drawn).rule_style(top=1, top_color=palette.NAVY)
    # LibreOffice shows one rule to a cell, so that the line would take the place of a data bar.
    bar = drawn.at("fulfilment")
    parts = [(0, len(drawn.columns) - 1)] if bar is None else [(0, bar - 1), (bar + 1, len(drawn.columns) - 1)]
    for left, right in parts:
        drawn.sheet.formula_rule((drawn.first, left, drawn.last, right), begins, line)


_ADVICE = (
    ("status", "Status", "Vælg en status fra listen. Ved Forventes ikke opfyldt, Ikke opfyldt og Udgået skal der stå "
                         "en bemærkning."),
    ("resultat", "Resultat", "Det målte niveau som et tal i måleenheden, fx 12,5. Er enheden %, så skriv fx 50 %."),
    ("udgangspunkt", "Udgangspunkt", "Niveauet før målet som et tal i måleenheden."),
    ("opgjort_pr", "Opgjort pr.", "Den dato, resultatet er opgjort pr., fx 31-10-2015."),
    ("kse", "Forvaltningens bemærkninger", "Her skriver forvaltningen. Teksten følger med tilbage til enheden."),
)


def _advise(drawn: Drawn) -> None:
    for key, title, message in _ADVICE:
        box = drawn.box(drawn.at(key))
        if box:
            drawn.sheet.advise(box, title, message, tuple(Status) if key == "status" else ())
