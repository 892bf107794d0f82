"""What the coordinator has added to a follow-up that only its package tells: formats, sheets, and what can't be kept."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree import ElementTree

from aftale.additions.find import PAGE_TEXTS, Layout, drawn_look, lost_cells
from aftale.additions.own_rules_xlsx import OwnRules, named_ranges
from aftale.model.additions import OURS, OWN, PLAIN_LOOK, SHEET, OwnSheet
from aftale.model.agreement import AnswerColumn
from aftale.model.columns import OPFOELGNING, OVERBLIK
from aftale.model.text import tidy
from aftale.model.workbook import PICTURE, Special, Workbook, WorkbookSheet, cell_name, cell_place, is_filled
from aftale.office.library_private import cells_by_place
from aftale.office.package import BAD_PACKAGE, DOCUMENTS, Parts, related, workbook_part

_PLAIN = list(PLAIN_LOOK.values())
_MOST_CELLS = 20_000
_UNSET = (64, False, 0)
_WIDTH_SLACK, _HEIGHT_SLACK = 5, 2
"""How many pixels programs may differ when they save a width or a height again."""

_RULES, _LISTS = "betinget formatering", "rullelister eller regler for indtastning"
_COUNTED = ((re.compile(rb"<(?!x14:)(?:\w+:)?cfRule\b"), _RULES), (re.compile(rb"<(?:\w+:)?dataValidation\b"), _LISTS))
_LOST = (
    (re.compile(rb"<x14:cfRule\b"), _RULES), (re.compile(rb"<x14:dataValidation\b"), _LISTS),
    (re.compile(rb"<(?:\w+:)?tablePart\b"), "tabellen (dens indhold er taget med)"),
    (re.compile(rb"<(?:\w+:)?sparkline\b"), "minidiagrammer"))
_DRAWN = {"chart": "diagrammet", "image": "billedet", "": "figuren eller tekstboksen"}
_CELL, _COLUMN = re.compile(r"\$?[A-Za-z]{1,3}\$?\d{1,7}"), re.compile(r"\$?[A-Za-z]{1,3}")


@dataclass(frozen=True)
class Seen:
    """What somebody has changed in the package: as in `model.additions.OwnContent`, and what can't be carried over.

    ``threaded`` names the sheets with threaded comments.
    """

    looks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    hidden: Mapping[str, bool] = field(default_factory=dict)
    heights: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[OwnSheet, ...] = ()
    lost: tuple[str, ...] = ()
    threaded: frozenset[str] = frozenset()


def see(data: bytes, book: Workbook, ours: Mapping[str, Layout], record: str, drawing: Mapping[str, Any]) -> Seen:
    """Look at a follow-up that another program has saved.

    ``ours`` is where our own sheets are by their proper name, ``record`` the name of ``_aftale``, and ``drawing`` what
    was remembered of the drawing ({} for a follow-up from before that was remembered).
    """
    from aftale.office.openpyxl_book import TemplateError, open_book
    names = {layout.sheet.name for layout in ours.values()} | {record}
    own = [sheet for sheet in book.sheets if sheet.name not in names]
    try:
        opened = open_book(data)
        parts = Parts(data)
        places = parts.sheets()
    except (TemplateError, *BAD_PACKAGE):
        return Seen(lost=(*(f"arket {sheet.name}" for sheet in own), "formater"))
    by_name: dict[str, Any] = {tidy(sheet.title): sheet for sheet in opened.worksheets}
    colours = Colours(opened.loaded_theme)
    ticks = {name: frozenset(_ticked(parts, part)) for name, part in places.items()}
    lost = [f"diagrammet på arket {tidy(sheet.title)}" for sheet in opened.chartsheets]
    sheets = []
    for raw in own:
        if raw.name in by_name:
            taken, missing = OwnReader(raw, by_name[raw.name], colours, ticks.get(raw.name, frozenset()),
                                       named_ranges(opened.defined_names, raw.name)).read()
            sheets += [taken] if taken else []
            lost += [*missing, *(_own_losses(parts, places.get(raw.name, ""), raw.name) if taken else [])]
    lost += _our_losses(parts, places, ours, drawing)
    lost += _other_looks(by_name, ours, drawing, colours)
    for each in ours.values():
        boxes = [cell_name(*at) for at in sorted(ticks.get(each.sheet.name, ())) if not each.is_own(*at)]
        lost += [lost_cells(each.sheet.name, boxes, "afkrydsningsfelterne")] if boxes else []
        links = [*_links(by_name.get(each.sheet.name), each)]
        lost += [lost_cells(each.sheet.name, links, "linkene")] if links else []
    named = {name for each in own if each.name in by_name for name in named_ranges(opened.defined_names, each.name)}
    lost += [f"navnet »{name}«" for name in opened.defined_names
             if drawing and name not in drawing["names"] and name not in named]
    threaded = frozenset(name for name, part in places.items() if related(parts, part, "threadedComment"))
    layout = ours.get(OPFOELGNING)
    seen = Seen(sheets=tuple(sheets), lost=tuple(dict.fromkeys(lost)), threaded=threaded,
                about=_about(parts, drawing.get("about", {})))
    if layout is None or layout.sheet.name not in by_name or not drawing:
        return seen
    sheet = by_name[layout.sheet.name]
    seen = replace(seen, looks=_looks(sheet, layout, drawing, colours, ticks.get(layout.sheet.name, frozenset())),
                   **_sizes(sheet, layout, drawing))
    out_of_sight = {SHEET + name: True for name, each in ours.items() if name != OVERBLIK
                    and each.sheet.name in by_name and by_name[each.sheet.name].sheet_state != "visible"}
    return replace(seen, hidden={**seen.hidden, **out_of_sight})


def _links(sheet: Any, layout: Layout) -> Iterator[str]:
    """Yield the cells of a sheet of ours that somebody made links: ours lead within the workbook, from other columns."""
    for (row, column), cell in sorted(cells_by_place(sheet).items() if sheet is not None else ()):
        link, at = getattr(cell, "hyperlink", None), (row - 1, column - 1)
        written_in = layout.is_own(*at) or layout.columns.get(at[1]) in {each.value for each in AnswerColumn}
        if link is not None and (link.target or written_in):
            yield cell_name(*at)


# ---------------------------------------------------------------- colours and looks

class Colours:
    """Says colours as they are seen, whether they were given as such, by number or by the theme."""

    def __init__(self, theme: bytes | None) -> None:
        self._theme = _theme_colours(theme) if theme else []
        self._known: dict[object, str] = {}

    def seen(self, colour: Any, otherwise: str = "") -> str:
        """Return a colour as RRGGBB, ``otherwise`` where it is left to the program."""
        if colour is None:
            return otherwise
        if colour.type == "rgb" and isinstance(colour.rgb, str):
            return str(colour.rgb)[-6:].upper()
        if colour.type == "indexed":
            from openpyxl.styles.colors import COLOR_INDEX
            number = int(colour.indexed)
            return COLOR_INDEX[number][-6:].upper() if number < len(COLOR_INDEX) else otherwise
        if colour.type == "theme" and 0 <= int(colour.theme) < len(self._theme):
            return _tinted(self._theme[int(colour.theme)], float(colour.tint or 0))
        return otherwise


def _theme_colours(theme: bytes) -> list[str]:
    try:
        root = ElementTree.fromstring(theme)
    except BAD_PACKAGE:
        return []
    scheme = next((each for each in root.iter() if each.tag.endswith("}clrScheme")), None)
    found = [(each[0].get("lastClr") or each[0].get("val") or "000000").upper() for each in scheme or () if len(each)]
    # The theme lists dark before light; cells count light before dark.
    return [found[1], found[0], found[3], found[2], *found[4:]] if len(found) >= 4 else found


def _tinted(colour: str, tint: float) -> str:
    if not tint:
        return colour
    red, green, blue = (int(colour[n:n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, min(max(light, 0), 1), full))


def _look_of(cell: Any, colours: Colours) -> list[Any]:
    font, fill = cell.font, cell.fill
    filled = colours.seen(fill.fgColor) if getattr(fill, "patternType", None) == "solid" else ""
    return [filled, colours.seen(font.color, "000000"), bool(font.b), bool(font.i), _UNDERLINES.get(font.u or "", 0),
            bool(font.strike), float(font.sz or 11)]


def _looks(sheet: Any, layout: Layout, drawing: Mapping[str, Any], colours: Colours,
           ticks: Collection[tuple[int, int]]) -> dict[tuple[str, str], str]:
    """Return what differs from how the cells of ``Opfølgning`` were drawn."""
    found: dict[tuple[str, str], str] = {}
    by_style: dict[int, list[Any]] = {}
    for row, goal in layout.rows.items():
        beside = _PLAIN
        for column, key in sorted(layout.columns.items()):
            cell = sheet.cell(row + 1, column + 1)
            if cell.style_id not in by_style:
                by_style[cell.style_id] = _look_of(cell, colours)
            look = by_style[cell.style_id]
            drawn = drawn_look(drawing, goal, key)
            # A column that was just inserted looks like nothing yet, or like the one beside it.
            changed = {} if drawn is None and look in (beside, _PLAIN) else _changed(look, drawn or _PLAIN)
            if key.startswith(OWN) and cell.number_format not in ("General", "@"):
                changed["num_format"] = cell.number_format
            if key.startswith(OWN) and (row, column) in ticks:
                changed["checkbox"] = True
            if changed:
                found[goal, key] = json.dumps(changed, sort_keys=True)
            beside = look
    return found


def _other_looks(sheets: Mapping[str, Any], ours: Mapping[str, Layout], drawing: Mapping[str, Any],
                 colours: Colours) -> Iterator[str]:
    """Say which sheets of ours hold a cell in a look that none was drawn with; a goal's row of Opfølgning is carried."""
    for name, layout in ours.items():
        drawn = drawing.get("sheets", {}).get(name, ())
        if len(drawn) < 5 or layout.sheet.name not in sheets:  # as a version before this remembered it
            continue
        carried = layout.rows.keys() if name == OPFOELGNING else ()
        styles = {cell.style_id: cell for (row, column), cell in cells_by_place(sheets[layout.sheet.name]).items()
                  if row - 1 not in carried and column - 1 not in layout.own}
        known = [_PLAIN, *drawn[4]]
        if any(_look_of(cell, colours) not in known for cell in styles.values()):
            yield f"farver eller skrift på arket {layout.sheet.name}"


def _changed(look: Sequence[Any], drawn: Sequence[Any]) -> dict[str, Any]:
    changed = {name: now for name, now, then in zip(PLAIN_LOOK, look, drawn, strict=True) if now != then}
    return {name: f"#{value}" if value and name.endswith("color") else value for name, value in changed.items()}


def _sizes(sheet: Any, layout: Layout, drawing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the widths, what is hidden and the heights that differ from what was drawn; an own column's width always."""
    drawn = {key: (width, hidden) for key, width, hidden in drawing["looks"]["columns"]}
    dimensions = _columns_of(sheet)
    # A program that inserts a column without moving the widths leaves them where they were.
    still = dict(enumerate(drawn))
    both = [_differing(dimensions, columns, drawn) for columns in (layout.columns, still)]
    widths, hidden = min(both, key=lambda each: len(each[0]) + len(each[1]))
    for at, key in layout.columns.items():
        if key.startswith(OWN):
            widths[key] = dimensions.get(at, _UNSET)[0]
    return {"widths": widths, "hidden": hidden, "heights": _heights(sheet, layout, drawing["looks"]["rows"]),
            "rows": _hidden_rows(sheet, layout)}


def _hidden_rows(sheet: Any, layout: Layout) -> tuple[str, ...]:
    """Return the goals whose rows somebody hid; what a filter hides is only its view, which comes and goes."""
    filters = [sheet.auto_filter, *(table.autoFilter for table in sheet.tables.values())]
    if any(each is not None and each.filterColumn for each in filters):
        return ()
    return tuple(sorted(goal for row, goal in layout.rows.items()
                        if row + 1 in sheet.row_dimensions and sheet.row_dimensions[row + 1].hidden))


def _heights(sheet: Any, layout: Layout, drawn: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    """Return the heights that somebody gave their rows; sorting leaves heights where they were, which is no such wish."""
    changed: dict[str, tuple[float, float]] = {}
    for row, goal in layout.rows.items():
        height = sheet.row_dimensions[row + 1].height if row + 1 in sheet.row_dimensions else None
        then = drawn[goal][1] if goal in drawn else 0
        if height and then and abs(height * 4 / 3 - then) >= _HEIGHT_SLACK:
            changed[goal] = (round(height * 4 / 3), then)
    left = [then for _, then in changed.values()]  # the heights that have gone from the rows they were drawn for
    wished: dict[str, tuple[float, float]] = {}
    for goal, (height, then) in changed.items():
        moved = next((each for each in left if abs(each - height) < _HEIGHT_SLACK), None)
        if moved is None:
            wished[goal] = (height, then)
        else:
            left.remove(moved)
    return wished


def _differing(dimensions: Mapping[int, tuple[int, bool, int]], columns: Mapping[int, str],
               drawn: Mapping[str, tuple[float, bool]]) -> tuple[dict[str, float], dict[str, bool]]:
    widths: dict[str, float] = {}
    hidden: dict[str, bool] = {}
    for at, key in columns.items():
        if key in drawn:
            width, is_hidden, _ = dimensions.get(at, _UNSET)
            if width and abs(width - drawn[key][0]) >= _WIDTH_SLACK:
                widths[key] = width
            if is_hidden != drawn[key][1]:
                hidden[key] = is_hidden
    return widths, hidden


def _columns_of(sheet: Any) -> dict[int, tuple[int, bool, int]]:
    """Return width (pixels), whether hidden and outline level of every column that has a say of its own."""
    found = {}
    for dimension in sheet.column_dimensions.values():
        for at in range(dimension.min or 1, min(dimension.max or 0, sheet.max_column + 20) + 1):
            found[at - 1] = (round(float(dimension.width) * 7), bool(dimension.hidden), int(dimension.outlineLevel or 0))
    return found


# ---------------------------------------------------------------- own sheets

class OwnReader:
    """Reads a sheet of the coordinator's own: what `followup_own` can draw again, and what it can't."""

    def __init__(self, raw: WorkbookSheet, sheet: Any, colours: Colours,
                 ticks: Collection[tuple[int, int]] = (), names: Mapping[str, str] | None = None) -> None:
        self.raw, self.sheet, self.colours, self.ticks, self.names = raw, sheet, colours, ticks, names or {}
        self.styles: list[dict[str, Any]] = [{}]
        self.numbers: dict[tuple[int, bool], int] = {}
        self.lost: list[str] = []

    def read(self) -> tuple[OwnSheet | None, list[str]]:
        """Return the sheet, None where it is too large, and what of it can't be carried."""
        name = self.raw.name
        if len(cells_by_place(self.sheet)) > _MOST_CELLS:
            return None, [f"arket {name} (det er for stort)"]
        cells = [each for row, column in sorted(cells_by_place(self.sheet)) if (each := self._cell(row - 1, column - 1))]
        self.lost += [f"{PAGE_TEXTS} på arket {name}"] if self.raw.margins else []
        rules = OwnRules(self.sheet, is_at_home, self._rule_look)
        view, pane = self.sheet.sheet_view, self.sheet.freeze_panes
        at, tab = cell_place(pane) if pane else None, self.colours.seen(self.sheet.sheet_properties.tabColor)
        content = {
            "cells": cells, "merges": [[m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1,
                                        self._style(self.sheet.cell(m.min_row, m.min_col))]
                                       for m in sorted(self.sheet.merged_cells.ranges, key=lambda m: m.coord)
                                       if m.size["rows"] * m.size["columns"] > 1],
            "columns": [[at, at, *rest] for at, rest in sorted(_columns_of(self.sheet).items())],
            "rows": [[number - 1, round(d.height * 4 / 3) if d.height else None, bool(d.hidden), int(d.outlineLevel or 0)]
                     for number, d in sorted(self.sheet.row_dimensions.items()) if d.height or d.hidden],
            "freeze": list(at) if at and any(at) else [], "tab": tab and f"#{tab}",
            "grid": view.showGridLines is not False, "zoom": min(max(int(view.zoomScale or 100), 10), 400),
            "landscape": self.sheet.page_setup.orientation == "landscape", "hidden": self.sheet.sheet_state,
            "notes": [[*place, note.text, note.author] for note in self.raw.notes
                      if note.text and (place := cell_place(note.cell))], "styles": self.styles,
            **rules.read(), **({"names": self.names} if self.names else {})}
        self.lost += rules.lost
        return OwnSheet(name, json.dumps(content, separators=(",", ":"), sort_keys=True)), list(dict.fromkeys(self.lost))

    def _cell(self, row: int, column: int) -> list[object] | None:
        cell, value = cells_by_place(self.sheet)[row + 1, column + 1], self.raw.value(row, column)
        if type(cell).__name__ == "MergedCell":
            return None
        style = self._style(cell)
        if value == PICTURE:
            self.lost.append(f"billedet i celle {cell.coordinate} på arket {self.raw.name}")
            return [row, column, None, style, ""] if style else None
        formula = self._formula(cell, value)
        if type(cell.value).__name__ == "CellRichText" and len(cell.value) > 1:
            self.lost.append(f"blandede skrifter i en celle på arket {self.raw.name}")
        plain = _plain(value)
        return [row, column, plain, style, formula] if style or formula or plain is not None else None

    def _formula(self, cell: Any, value: object) -> str:
        if cell.data_type != "f":
            return ""
        if isinstance(cell.value, str) and is_at_home(cell.value):
            return cell.value.removeprefix("=")
        self.lost.append(lost_cells(self.raw.name, [cell.coordinate], "formlen, der ikke var beregnet,")
                         if isinstance(value, Special) and value.kind == "formula" else
                         f"formler på arket {self.raw.name} (deres værdier er taget med)")
        return ""

    def _style(self, cell: Any) -> int:
        key = (cell.style_id, (cell.row - 1, cell.column - 1) in self.ticks)
        if key not in self.numbers:
            props = self._props(cell) | ({"checkbox": True} if key[1] else {})
            if props not in self.styles:
                self.styles.append(props)
            self.numbers[key] = self.styles.index(props)
        return self.numbers[key]

    def _rule_look(self, style: Any) -> dict[str, Any] | None:
        """Return the look that a rule gives a cell, None where it has more than colours and letters."""
        if style is None:
            return {}
        if style.border is not None or style.numFmt is not None:
            return None
        font, fill = style.font, style.fill
        back = None if fill is None else fill.fgColor if fill.bgColor.rgb == "00000000" else fill.bgColor
        colour = self.colours.seen(back)
        look: dict[str, Any] = {"bg_color": f"#{colour}" if colour else ""}
        if font is not None:
            ink = self.colours.seen(font.color)
            look |= {"font_color": f"#{ink}" if ink else "", "bold": bool(font.b), "italic": bool(font.i),
                     "font_strikeout": bool(font.strike)}
        return {name: value for name, value in look.items() if value}

    def _props(self, cell: Any) -> dict[str, Any]:
        props = _changed(_look_of(cell, self.colours), _PLAIN)
        if not cell.protection.locked:
            props["locked"] = False
        if cell.font.name and cell.font.name != "Calibri":
            props["font_name"] = cell.font.name
        if cell.number_format != "General":
            props["num_format"] = cell.number_format
        for side in ("left", "right", "top", "bottom"):
            line = getattr(cell.border, side, None)
            if line is not None and line.style in _BORDERS:
                colour = self.colours.seen(line.color, "000000")
                props |= {side: _BORDERS.index(line.style) + 1, f"{side}_color": f"#{colour}"}
        alignment = cell.alignment
        turned = int(alignment.textRotation or 0)
        placed = {"align": _ACROSS.get(alignment.horizontal), "valign": _UPRIGHT.get(alignment.vertical),
                  "text_wrap": bool(alignment.wrap_text), "indent": min(int(alignment.indent or 0), 15),
                  "rotation": turned if turned <= 90 else 90 - turned if turned <= 180 else 270}
        return props | {name: value for name, value in placed.items() if value}


_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_BORDERS = ("thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot", "mediumDashDot",
            "dashDotDot", "mediumDashDotDot", "slantDashDot")
_ACROSS = {"left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
           "centerContinuous": "center_across", "distributed": "distributed"}
_UPRIGHT = {"top": "top", "center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}


def _plain(value: object) -> object:
    """Return what to write for what a cell holds: a text, a number or a truth, None for nothing."""
    if isinstance(value, Special):
        return value.text if value.kind == "error" else None
    if not is_filled(value):
        return None
    if isinstance(value, int | float | str):
        return value
    from openpyxl.utils import datetime
    serial: Any = datetime
    return serial.to_excel(value)


def is_at_home(formula: str) -> bool:
    """Tell whether a formula refers to nothing but plain cells of its own sheet."""
    text = re.sub(r'"[^"]*"', '""', formula)
    if re.search(r"[!\[\]{}@#]", text):
        return False
    for word in re.finditer(r"\$?[^\W\d][\w.$\\]*", text):
        after = text[word.end():].lstrip()[:1]
        around = text[max(word.start() - 1, 0):word.start()] + after
        if not (after == "(" or _CELL.fullmatch(word[0]) or word[0].upper() in ("TRUE", "FALSE")
                or (":" in around and _COLUMN.fullmatch(word[0]))):
            return False
    return True


# ---------------------------------------------------------------- tick boxes, and what the document says of itself

_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", re.DOTALL)
_CELL_TAG = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_PLACE, _STYLE = re.compile(rb"""\br=["']([A-Z]+[0-9]+)["']"""), re.compile(rb"""\bs=["']([0-9]+)["']""")


def _ticked(parts: Parts, part: str) -> Iterator[tuple[int, int]]:
    """Yield the cells (zero-based) of a sheet that show a tick box: their style refers to the bag of such features."""
    if not any("featurepropertybag" in name.casefold() for name in parts.infos):
        return
    xml = parts.read(next(iter(related(parts, workbook_part(parts), "styles")), ""))
    start = xml.find(b"cellXfs")
    styles = {b"%d" % n for n, each in enumerate(_XF.findall(xml[start:xml.find(b"cellXfs", start + 7)]))
              if b"xfComplement" in each}
    for about in _CELL_TAG.findall(parts.read(part)):
        style, place = _STYLE.search(about), _PLACE.search(about)
        if style and place and style[1] in styles and (at := cell_place(place[1].decode())):
            yield at


_WORDS = {"category": "category", "description": "comments", "contentStatus": "status", "keywords": "keywords",
          "Manager": "manager", "Company": "company", "title": "title", "subject": "subject", "creator": "author"}
"""What stands in the properties of a file, with xlsxwriter's name for it."""


def _about(parts: Parts, drawn: Mapping[str, str]) -> dict[str, str]:
    """Return what a file says of itself besides what we ``drew``, and the parts with its other properties and label."""
    found = {name: parts.read(name).decode("utf-8", "replace") for name in DOCUMENTS}
    found = {name: text for name, text in found.items() if re.search(r"<(?:\w+:)?(?:property|label)\b", text)}
    for part in ("docProps/core.xml", "docProps/app.xml"):
        for each in ElementTree.fromstring(parts.read(part)) if part in parts else ():
            name = _WORDS.get(each.tag.rpartition("}")[2])
            text = tidy(each.text or "")[:255]
            if name in OURS and text == tidy(drawn.get(name, text)):
                continue
            if name and (text or name in OURS):
                found[name] = text
    return found


# ---------------------------------------------------------------- what can't be carried

def _own_losses(parts: Parts, part: str, sheet: str) -> list[str]:
    xml = parts.read(part)
    found = [what for pattern, what in _LOST if pattern.search(xml)]
    found += [*_drawn_at(parts, part), *_beside_cells(parts, part)]
    return [f"{what} på arket {sheet}" for what in dict.fromkeys(found)]


def _beside_cells(parts: Parts, part: str) -> Iterator[str]:
    """Say what of Excel's own a sheet has besides cells."""
    if related(parts, part, "pivotTable"):
        yield "pivottabellen"
    if related(parts, part, "threadedComment"):
        yield "tråden i kommentarerne (deres tekst er taget med som noter)"


def _drawn_at(parts: Parts, part: str) -> list[str]:
    """Say what is drawn on a sheet, each with the cell where it begins: ``billedet i B3``."""
    return [f"{what} i {cell}" if cell else what for what, cell in _drawn(parts, part)]


def _drawn(parts: Parts, part: str) -> Iterator[tuple[str, str]]:
    """Say what is drawn on a sheet, each with the cell where it begins ('' where it lies beside all cells)."""
    for drawing in related(parts, part, "drawing"):
        for anchor in ElementTree.fromstring(parts.read(drawing)):
            tags = {each.tag.rpartition("}")[2]: each for each in reversed([*anchor.iter()])}
            begins = {each.tag.rpartition("}")[2]: int(each.text or 0) for each in tags.get("from", ())}
            yield (_DRAWN["chart" if "chart" in tags else "image" if "pic" in tags else ""],
                   cell_name(begins["row"], begins["col"]) if begins.keys() >= {"row", "col"} else "")


def _our_losses(parts: Parts, places: Mapping[str, str], ours: Mapping[str, Layout],
                drawing: Mapping[str, Any]) -> Iterator[str]:
    """Say what has been added to our own sheets that can't be drawn again, told by there being more than we drew."""
    for name, layout in ours.items():
        part, drawn = places.get(layout.sheet.name, ""), drawing.get("sheets", {}).get(name)
        if not part or not drawn:
            continue
        xml = parts.read(part)
        found = [what for (pattern, what), before in zip(_COUNTED, drawn, strict=False)
                 if len(pattern.findall(xml)) > before]
        shapes = [*_drawn(parts, part)]
        if len(shapes) > drawn[2]:  # where we drew some, nothing tells which of them are ours
            found += dict.fromkeys(what for what, _ in shapes) if drawn[2] else dict.fromkeys(_drawn_at(parts, part))
        found += _beside_cells(parts, part)
        yield from (f"{what} på arket {layout.sheet.name}" for what in found)
