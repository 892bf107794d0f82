"""The conditional formats and the advice on the follow-up's tables: they follow what people type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell  # type: ignore[import-untyped,unused-ignore]

from aftale.followup.draw_table_xlsx import ANSWER_KEYS, Drawn
from aftale.followup.goal_sheets import FOLLOWS, PLANNED
from aftale.model.agreement import HELD_TO_NUMBERS, MISSING, NOT_THIS_YEAR, REMARK_REQUIRED, UNDECIDED, Status
from aftale.model.columns import CONFLICTS, Column
from aftale.model.tables import Table
from aftale.model.text import fold
from aftale.model.workbook import column_name
from aftale.office import palette
from aftale.office.draw_base import Book, Props, Sheet, must

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column, from zero."""
RED = "#9C0006"
ROSE = "#FFF1F1"
BAR = "#A9CDEB"
_BEFORE = "#7896B4"
"""The columns of a small chart before its last: calm in a tall row, and still 3:1 on white."""
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
_REMARK_MISSING: Props = {**_BOX, "bg_color": "#FFE3E3"}
_CONTRADICTS: Props = {**_BOX, "bold": True, "italic": True, "font_color": RED}
_UNANSWERED: Props = {"bg_color": ROSE}
_NOT_THIS_YEAR: Props = {"font_color": palette.STATUS_COLOURS[NOT_THIS_YEAR][1], "italic": True}
_THIS_YEAR: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "bold": True, "italic": False}
_OTHER_YEAR: Props = {**_THIS_YEAR, "bg_color": palette.SEA}
_FOLLOWS: Props = {"bg_color": palette.MIST, "font_color": palette.NAVY}
_STATUSES = "|".join(["", *Status, ""])
_HELD_TO = "|".join(["", *HELD_TO_NUMBERS, ""])
_ALARM: Props = {"font_color": RED, "bold": True}
LEGEND: tuple[tuple[Props, str], ...] = (
    (_REMARK_MISSING, "Rød ramme om et tomt felt: statussen kræver en bemærkning"),
    (_CONTRADICTS, "Fed rød kursiv: tallene peger på en anden status"),
    (_UNANSWERED, "Lyserøde felter: målet er ikke besvaret"),
    (_THIS_YEAR, "Mørkeblåt år: målet gælder i år"),
    (_OTHER_YEAR, "Blåt år: målet gælder det år"),
    (_NOT_THIS_YEAR, "Grå kursiv: ikke aktuelt i år"),
    ({"bg_color": BAR}, "Blå bjælke: så meget af måltallet er nået"),
)
"""What the rules show besides the statuses themselves, each with its look, in the order in which the rules apply."""


def status_style(status: str) -> Props:
    """Return the look of a status: its colours, its mark, and what else sets it apart."""
    fill, ink = palette.STATUS_COLOURS[status]
    props: dict[str, object] = {"bg_color": fill, "font_color": ink}
    if status == Status.DROPPED:
        props["font_strikeout"] = True
    elif status == MISSING:
        props |= {"bold": True, "border": 3, "border_color": RED}
    elif status == NOT_THIS_YEAR:
        props = dict(_NOT_THIS_YEAR)
    elif status == UNDECIDED:
        props["bold"] = True
    mark = palette.mark_format(status)
    return props | {"num_format": mark} if mark else props


def mark_texts(sheet: Sheet, box: Box, styles: Mapping[str, Props], *more: Box) -> None:
    """Colour the cells of a box (and of more) by their text, one living rule for each text."""
    for text, props in styles.items():
        sheet.rule(box, {"type": "cell", "criteria": "==", "value": f'"{text}"',
                         "format": sheet.book.rule_style(props), **_several(box, *more)})


def _several(*boxes: Box) -> Props:
    """Let one rule hold for several boxes."""
    return {"multi_range": " ".join(xl_range(*box) for box in boxes)} if len(boxes) > 1 else {}


def status_styles() -> dict[str, Props]:
    """Return the look of every status, and of what stands where there is none."""
    return {str(status): status_style(status) for status in palette.STATUS_COLOURS}


def add_status_rules(drawn: Drawn) -> None:
    """Colour every column of statuses, with one rule for each status."""
    places = [place for place, column in enumerate(drawn.columns)
              if "status" in fold(column.header) and column.key != "response"]
    if places:
        first, *more = (drawn.box(place) for place in places)
        mark_texts(drawn.sheet, first, status_styles(), *more)


def add_response_rules(drawn: Drawn) -> None:
    """Colour every column that says how far somebody has come, in a table below as well."""
    if drawn.below:
        add_response_rules(drawn.below)
    styles: dict[str, Props] = {text: {"bg_color": fill, "font_color": ink}
                                for text, (fill, ink) in RESPONSE_COLOURS.items()}
    for place, column in enumerate(drawn.columns):
        if column.key == "status" or "status" in fold(column.header):
            mark_texts(drawn.sheet, drawn.box(place), styles)


def add_plan_rules(drawn: Drawn) -> None:
    """Show where the goals stood by year, what is planned as filled cells, and where an udviklingsmål begins."""
    years = [place for place, column in enumerate(drawn.columns) if column.kind == "year"]
    if years:
        box = (drawn.first, years[0], drawn.last, years[-1])
        mark_texts(drawn.sheet, box, status_styles())
        cell = xl_rowcol_to_cell(*box[:2])
        drawn.sheet.formula_rule(box, f'OR({cell}="{PLANNED}",ISNUMBER({cell}))', _book(drawn).rule_style(_OTHER_YEAR))
        drawn.sheet.formula_rule(box, f'{cell}="{FOLLOWS}"', _book(drawn).rule_style(_FOLLOWS))
    _groups(drawn)


def add_result_rules(drawn: Drawn, table: Table) -> None:
    """Add the statuses, the bars, and a small chart where a goal has two results or more."""
    add_status_rules(drawn)
    _fulfilment(drawn)
    results = [place for place, column in enumerate(drawn.columns) if _of_round(column)]
    trend = drawn.at("trend")
    if trend is None or not results:
        return
    for row, cells in enumerate(table.rows, drawn.first):
        known = [value for place in results if isinstance(value := cells[place].value, float)]
        if len(known) > 1:
            # columns: LibreOffice prints the lines and markers of the other kinds as dots that nobody can see
            must(drawn.sheet.raw.add_sparkline(row, trend, {
                "range": f"'{drawn.sheet.name}'!{xl_range(row, results[0], row, results[-1])}", "type": "column",
                "show_hidden": True, "series_color": _BEFORE, "last_point": True, "last_color": palette.SEA,
                "axis": min(known) < 0, **({} if min(known) < 0 else {"min": 0})}))


def _of_round(column: Column) -> bool:
    return column.key[:1] == "r" and column.key[1:5].isdigit()


def add_followup_rules(drawn: Drawn, current_year: int, edition: str = "") -> None:
    """Add everything that lives on ``Opfølgning``; the first rule that says something about a cell wins.

    In an ``edition`` for others only the column with that key is written in, so no other gives advice.
    """
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
    _advise(drawn, edition)


def _boxes(drawn: Drawn, keys: Iterable[str]) -> list[Box]:
    """Return the boxes of the columns with these keys, in the order in which they stand."""
    wanted = set(keys)
    return [drawn.box(place) for place, column in enumerate(drawn.columns) if column.key in wanted]


def _formula_rule(drawn: Drawn, boxes: list[Box], formula: str, props: Props) -> None:
    """Add one rule by formula for several boxes; it is written for the first cell of the first."""
    if boxes:
        drawn.sheet.rule(boxes[0], {"type": "formula", "criteria": f"={formula}",
                                    "format": _book(drawn).rule_style(props), **_several(*boxes)})


def _ref(drawn: Drawn, key: str, up: int = 0) -> str:
    """Return a reference to a column on the first row, such as ``$U4``: the rule moves it down with the row."""
    place = drawn.at(key)
    assert place is not None
    return f"${column_name(place)}{drawn.first + 1 - up}"


def _has(drawn: Drawn, *keys: str) -> bool:
    return all(drawn.at(key) is not None for key in keys)


def _book(drawn: Drawn) -> Book:
    return drawn.sheet.book


def _undecided(drawn: Drawn) -> None:
    boxes = _boxes(drawn, ANSWER_KEYS - {"status"})  # which has it among its own rules
    if boxes:
        mark_texts(drawn.sheet, boxes[0], {UNDECIDED: status_style(UNDECIDED)}, *boxes[1:])


def _remark_missing(drawn: Drawn) -> None:
    """Frame an empty remark where the status of a goal of the year asks for one."""
    if _has(drawn, "status", "bemaerkninger", "response"):
        status, remark = _ref(drawn, "status"), _ref(drawn, "bemaerkninger")
        asked = f'{_ref(drawn, "response")}<>"{NOT_THIS_YEAR}"'
        asks = ",".join(f'{status}="{word}"' for word in Status if word in REMARK_REQUIRED)
        _formula_rule(drawn, _boxes(drawn, ("bemaerkninger",)), f"AND({asked},OR({asks}),LEN(TRIM({remark}))=0)",
                      _REMARK_MISSING)


def _contradiction(drawn: Drawn) -> None:
    """Frame the computed status in bold italics where it differs from a reported one that should agree with it."""
    if _has(drawn, "status", "computed"):
        status, computed = _ref(drawn, "status"), _ref(drawn, "computed")
        known = ",".join(f'ISNUMBER(FIND("|"&{cell}&"|","{words}"))'
                         for cell, words in ((status, _HELD_TO), (computed, _STATUSES)))
        _formula_rule(drawn, _boxes(drawn, ("computed",)), f"AND({status}<>{computed},{known})", _CONTRADICTS)


def _answer_missing(drawn: Drawn) -> None:
    """Tint the empty answers of a goal that nobody has answered."""
    if _has(drawn, "status"):
        _formula_rule(drawn, _boxes(drawn, ANSWER_KEYS - {"udgangspunkt", "status"}),
                      f'{_ref(drawn, "status")}="{MISSING}"', _UNANSWERED)


def _not_this_year(drawn: Drawn) -> None:
    if _has(drawn, "status"):
        _formula_rule(drawn, [drawn.all], f'{_ref(drawn, "status")}="{NOT_THIS_YEAR}"', _NOT_THIS_YEAR)


def _years(drawn: Drawn, current_year: int) -> None:
    """Fill the cells of the years that are crossed, the current year darkest."""
    years = {column.key for column in drawn.columns if column.kind == "year"}
    now = {f"y{current_year}"} & years
    for keys, props in ((now, _THIS_YEAR), (years - now, _OTHER_YEAR)):
        boxes = _boxes(drawn, keys)
        if boxes:
            drawn.sheet.rule(boxes[0], {"type": "no_blanks", "format": _book(drawn).rule_style(props), **_several(*boxes)})


def _fulfilment(drawn: Drawn) -> None:
    for box in _boxes(drawn, ("fulfilment",)):
        drawn.sheet.rule(box, data_bar(1, BAR))


def data_bar(most: float, colour: str) -> Props:
    """Return a solid bar from 0 to ``most`` that a number in dark ink can be read on."""
    return {"type": "data_bar", "bar_solid": True, "bar_color": colour, "bar_no_border": True, "min_type": "num",
            "min_value": 0, "max_type": "num", "max_value": most, "bar_direction": "left"}


def _response_column(drawn: Drawn) -> None:
    """Make what still lacks stand out among the Svarstatus."""
    if _has(drawn, "response"):
        at = _ref(drawn, "response")
        lacks = ",".join(f'{at}="{word}"' for word in (MISSING, CONFLICTS, "Ingen ansvarlig"))
        _formula_rule(drawn, _boxes(drawn, ("response",)), f"OR({lacks})", _ALARM)


def _groups(drawn: Drawn) -> None:
    """Draw a line above the first row of each udviklingsmål, wherever it stands after sorting."""
    if not _has(drawn, "development"):
        return
    begins = f'{_ref(drawn, "development")}<>{_ref(drawn, "development", up=1)}'
    line: Props = {"top": 1, "top_color": palette.NAVY}
    _formula_rule(drawn, _boxes(drawn, ("development",)), begins, {"bold": True, "font_color": palette.NAVY, **line})
    # LibreOffice shows one rule to a cell, so that the line would take the place of a data bar.
    bar, last = drawn.at("fulfilment"), len(drawn.columns) - 1
    parts = [(0, last)] if bar is None else [(0, bar - 1), (bar + 1, last)]
    _formula_rule(drawn, [(drawn.first, left, drawn.last, right) for left, right in parts], begins, line)


_ADVICE = (
    ("status", "Status", "Vælg en status fra listen. Ved Forventes ikke opfyldt, Ikke opfyldt og Udgået skal der stå "
                         "en bemærkning."),
    ("resultat", "Resultat", "Det målte niveau som et tal i måleenheden, fx 12,5. Er enheden %, så skriv fx 50 %."),
    ("udgangspunkt", "Udgangspunkt", "Niveauet før målet som et tal i måleenheden."),
    ("opgjort_pr", "Opgjort pr.", "Den dato, resultatet er opgjort pr., fx 31-10-2015."),
    ("kse", "Forvaltningens bemærkninger", "Her skriver forvaltningen. Teksten følger med tilbage til enheden."),
)


def _advise(drawn: Drawn, only: str) -> None:
    for key, title, message in _ADVICE:
        for box in _boxes(drawn, (key,)) if only in ("", key) else ():
            drawn.sheet.advise(box, title, message, tuple(Status) if key == "status" else ())
