"""The conditional formats, the lists and the advice on the follow-up's tables: they follow what people type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell  # type: ignore[import-untyped,unused-ignore]

from aftale.followup.draw_table_xlsx import ANSWER_KEYS, Drawn
from aftale.followup.formulas import contradiction
from aftale.followup.goal_sheets import FOLLOWS, PLANNED, YEARS
from aftale.followup.last_round import LAST_STATUS
from aftale.model.agreement import (
    MISSED,
    MISSING,
    NOT_THIS_YEAR,
    REMARK_REQUIRED,
    SAYS_NOT_REACHED,
    THE_DEPARTMENT,
    UNDECIDED,
    WITHDRAWN,
    Status,
)
from aftale.model.columns import CONFLICTS
from aftale.model.movement import STATUS_RANK, Movement
from aftale.model.tables import Table
from aftale.model.text import fold
from aftale.model.workbook import column_name
from aftale.office import palette
from aftale.office.draw_base import TITLE_ROW, Props, Sheet, must

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
    "Har skrevet en mail uden skema": ("#FCE0C5", "#7F3F00"),
    "Svar kan ikke læses": ("#FCE0C5", "#7F3F00"),
    "Meldt færdig, men mangler svar": ("#FCE0C5", "#7F3F00"),
    "Delvist besvaret": ("#FFF3D1", "#7A4B00"),
    "Alt besvaret, men ikke meldt færdig": ("#FFF3D1", "#7A4B00"),
    "Færdig": ("#E3F4E5", "#1B5E20"),
    "Intet at melde": ("#E4E7EB", "#3E4C59"),
    "Besvaret i en mail": ("#E4E7EB", "#3E4C59"),
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
LEGEND_LOOKS: dict[str, Props] = {
    "sub": _NOT_THIS_YEAR, "fulfilment": {"bg_color": BAR}, "computed": _CONTRADICTS, "bemaerkninger": _REMARK_MISSING,
    "naeste_skridt": _UNANSWERED}
"""The look of a text of the legend by its key: its own sample."""
_LEGEND: Props = {"font_size": 9, "font_color": palette.INK, "text_wrap": True, "valign": "vcenter", "align": "left"}
_LEGEND_HEIGHT = 38.0


_ADVICE = (
    ("status", "Status", "Vælg en status fra listen. Ved Forventes ikke opfyldt, Ikke opfyldt og Udgået skal der stå "
                         "en bemærkning."),
    ("resultat", "Resultat", "Det målte niveau som et tal i måleenheden, fx 12,5. Er enheden %, så skriv fx 50 %."),
    ("udgangspunkt", "Udgangspunkt", "Niveauet, før arbejdet med målet begyndte, som et tal i måleenheden."),
    ("opgjort_pr", "Opgjort pr.", "Den dato, resultatet er opgjort pr., fx 31-10-{year}."),
    ("kse", "Forvaltningens bemærkninger", "Her skriver {department}. Teksten følger med tilbage til enheden."),
)
"""The advice in the columns that people write in: key, title and text."""


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
              if "status" in fold(column.header) and column.key not in ("response", LAST_STATUS)]
    if places:
        first, *more = (drawn.box(place) for place in places)
        mark_texts(drawn.sheet, first, status_styles(), *more)


def add_legend(drawn: Drawn, table: Table) -> None:
    """Write what the rules show, at the top of the sheet over the columns in which it is seen."""
    for key, text in table.legend:
        places = [at for at, column in enumerate(drawn.columns) if column.key == key or (
            key == YEARS and column.kind == "year")]
        if places:
            look = drawn.sheet.book.style(_LEGEND, LEGEND_LOOKS.get(key, {}))
            drawn.sheet.merged(TITLE_ROW, places[0], places[-1], text, look)
    if table.legend:
        drawn.sheet.height(TITLE_ROW, _LEGEND_HEIGHT)


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
        _formula_rule(drawn, [box], f'OR({cell}="{PLANNED}",ISNUMBER({cell}))', _OTHER_YEAR)
        _formula_rule(drawn, [box], f'{cell}="{FOLLOWS}"', _FOLLOWS)
    _groups(drawn)


def add_result_rules(drawn: Drawn, table: Table) -> None:
    """Add the statuses, the bars, and a small chart where a goal has two results or more."""
    boxes = [drawn.box(place) for place, column in enumerate(drawn.columns) if re.match(r"s\d{4}", column.key)]
    for status, props in status_styles().items() if boxes else ():
        cell = xl_rowcol_to_cell(*boxes[0][:2])
        look = {key: value for key, value in props.items() if key != "num_format"}  # an arrow stands where the mark would
        drawn.sheet.rule(boxes[0], {"type": "formula", "criteria": f'=OR({cell}="{status}",MID({cell},3,99)="{status}")',
                                    "format": drawn.sheet.book.rule_style(look), **_several(*boxes)})
    _fulfilment(drawn)
    _small_charts(drawn, table)


def _small_charts(drawn: Drawn, table: Table) -> None:
    """Put in the small charts: as two groups, since each group costs xlsxwriter as much as a hundred cells."""
    results = [place for place, column in enumerate(drawn.columns) if re.match(r"r\d{4}", column.key)]
    groups: dict[bool, list[int]] = {}
    for row, cells in enumerate(table.rows, drawn.first):
        known = [value for place in results if isinstance(value := cells[place].value, float)]
        if len(known) > 1:
            groups.setdefault(min(known) < 0, []).append(row)
    for below_zero, rows in groups.items():
        trend = _boxes(drawn, ("trend",))[0][1]
        # columns: LibreOffice prints the lines and markers of the other kinds as dots that nobody can see
        must(drawn.sheet.raw.add_sparkline(rows[0], trend, {
            "location": [xl_rowcol_to_cell(row, trend) for row in rows],
            "range": [f"'{drawn.sheet.name}'!{xl_range(row, results[0], row, results[-1])}" for row in rows],
            "type": "column", "show_hidden": True, "series_color": _BEFORE, "last_point": True, "last_color": palette.SEA,
            "axis": below_zero, **({} if below_zero else {"min": 0})}))


def add_followup_rules(drawn: Drawn, current_year: int, edition: str = "", department: str = THE_DEPARTMENT) -> None:
    """Add everything that lives on ``Opfølgning``; the first rule that says something about a cell wins.

    In an ``edition`` for others only the column with that key is written in, so no other gives advice, which calls
    the ``department`` by its name.
    """
    status, response, computed = (_ref(drawn, key) for key in ("status", "response", "computed"))
    first, *more = _boxes(drawn, ANSWER_KEYS - {"status"})  # which has it among its own rules
    mark_texts(drawn.sheet, first, {UNDECIDED: status_style(UNDECIDED)}, *more)
    asks = ",".join(f'{status}="{word}"' for word in Status if word in REMARK_REQUIRED)
    without = (f'AND({response}<>"{NOT_THIS_YEAR}",{response}<>"{WITHDRAWN}",OR({asks}),'
               f'LEN(TRIM({_ref(drawn, "bemaerkninger")}))=0)')
    _formula_rule(drawn, _boxes(drawn, ("bemaerkninger",)), without, _REMARK_MISSING)
    not_reached, missed = (f'"|{"|".join(words)}|"' for words in (SAYS_NOT_REACHED, MISSED))
    contradicts = contradiction(status, computed, _ref(drawn, "fulfilment"), not_reached, missed)
    _formula_rule(drawn, _boxes(drawn, ("computed",)), contradicts, _CONTRADICTS)
    add_status_rules(drawn)
    _movement(drawn, status)
    _formula_rule(drawn, _boxes(drawn, ANSWER_KEYS - {"udgangspunkt", "status"}), f'{status}="{MISSING}"', _UNANSWERED)
    _years(drawn, current_year)
    everywhere = drawn.first, 0, drawn.last, len(drawn.columns) - 1
    _formula_rule(drawn, [everywhere], f'{status}="{NOT_THIS_YEAR}"', _NOT_THIS_YEAR)
    _fulfilment(drawn)
    lacks = ",".join(f'{response}="{word}"' for word in (MISSING, CONFLICTS, "Ingen ansvarlig"))
    _formula_rule(drawn, _boxes(drawn, ("response",)), f"OR({lacks})", {"font_color": RED, "bold": True})
    _groups(drawn)
    for key, title, message in _ADVICE:
        for box in _boxes(drawn, (key,)) if edition in ("", key) else ():
            said = message.format(year=current_year, department=department)
            drawn.sheet.advise(box, title, said, tuple(Status) if key == "status" else ())


def _movement(drawn: Drawn, now: str) -> None:
    """Show an arrow before the last round's status, as `model.movement.movement` has it; the cell holds the bare status."""
    boxes = _boxes(drawn, (LAST_STATUS,))
    if not boxes:
        return
    before = _ref(drawn, LAST_STATUS)
    was, is_ = ("+".join(f'({ref}="{word}")*{rank}' for word, rank in STATUS_RANK.items()) for ref in (before, now))
    answered = ",".join(f'{now}<>"{word}"' for word in ("", MISSING, UNDECIDED, NOT_THIS_YEAR))
    for move, formula in (
            (Movement.FIRST, f'AND({before}="{MISSING}",{answered})'),
            (Movement.UNCHANGED, f"AND({before}={now},{answered})"),
            (Movement.FORWARD, f"AND({was}>0,{is_}>{was})"), (Movement.BACK, f"AND({is_}>0,{was}>{is_})"),
            (Movement.UNCHANGED, f"AND({was}>0,{is_}={was})")):
        _formula_rule(drawn, boxes, formula, {"font_color": palette.MOVEMENT_INK[move], "num_format": f'"{move} "@'})


def _boxes(drawn: Drawn, keys: Iterable[str]) -> list[Box]:
    """Return the boxes of the columns with these keys, in the order in which they stand."""
    wanted = set(keys)
    return [drawn.box(place) for place, column in enumerate(drawn.columns) if column.key in wanted]


def _formula_rule(drawn: Drawn, boxes: list[Box], formula: str, props: Props) -> None:
    """Add one rule by formula for several boxes; it is written for the first cell of the first."""
    drawn.sheet.rule(boxes[0], {"type": "formula", "criteria": f"={formula}",
                                "format": drawn.sheet.book.rule_style(props), **_several(*boxes)})


def _ref(drawn: Drawn, key: str, up: int = 0) -> str:
    """Return a reference to a column on the first row, such as ``$U4``: the rule moves it down with the row."""
    _, place, _, _ = _boxes(drawn, (key,))[0]
    return f"${column_name(place)}{drawn.first + 1 - up}"


def _years(drawn: Drawn, current_year: int) -> None:
    """Fill the cells of the years that are crossed, the current year darkest."""
    years = {column.key for column in drawn.columns if column.kind == "year"}
    for box in (boxes := _boxes(drawn, years))[:1]:
        _formula_rule(drawn, boxes, f'{xl_rowcol_to_cell(*box[:2])}="{FOLLOWS}"', _FOLLOWS)
    now = {f"y{current_year}"} & years
    for keys, props in ((now, _THIS_YEAR), (years - now, _OTHER_YEAR)):
        boxes = _boxes(drawn, keys)
        if boxes:
            style = drawn.sheet.book.rule_style(props)
            drawn.sheet.rule(boxes[0], {"type": "no_blanks", "format": style, **_several(*boxes)})


def _fulfilment(drawn: Drawn) -> None:
    for box in _boxes(drawn, ("fulfilment",)):
        drawn.sheet.rule(box, data_bar(1, BAR))


def data_bar(most: float, colour: str) -> Props:
    """Return a solid bar from 0 to ``most`` that a number in dark ink can be read on."""
    return {"type": "data_bar", "bar_solid": True, "bar_color": colour, "bar_no_border": True, "min_type": "num",
            "min_value": 0, "max_type": "num", "max_value": most, "bar_direction": "left"}


def _groups(drawn: Drawn) -> None:
    """Draw a line above the first row of each udviklingsmål, wherever it stands after sorting."""
    begins = f'{_ref(drawn, "development")}<>{_ref(drawn, "development", up=1)}'
    line: Props = {"top": 1, "top_color": palette.NAVY}
    _formula_rule(drawn, _boxes(drawn, ("development",)), begins, {"bold": True, "font_color": palette.NAVY, **line})
    # LibreOffice shows one rule to a cell, so that the line would take the place of a data bar.
    bar, last = drawn.at("fulfilment"), len(drawn.columns) - 1
    parts = [(0, last)] if bar is None else [(0, bar - 1), (bar + 1, last)]
    _formula_rule(drawn, [(drawn.first, left, drawn.last, right) for left, right in parts], begins, line)
