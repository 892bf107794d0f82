"""What a sheet of the coordinator's own does besides showing cells: links, lists, rules, filter, protection and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aftale.model.workbook import cell_name, cell_place
from aftale.office.library_private import cells_by_place

_LINK = re.compile(r"(?:https?|ftp)://|mailto:|internal:", re.IGNORECASE)
_LONGEST_LINK, _LONGEST_LIST = 2_000, 255
_OPERATORS = {"equal": "=", "notEqual": "<>", "greaterThan": ">", "lessThan": "<", "greaterThanOrEqual": ">=",
              "lessThanOrEqual": "<=", "between": "between", "notBetween": "not between"}
_BY_FORMULA = frozenset(("expression", "containsText", "notContainsText", "beginsWith", "endsWith", "containsBlanks",
                         "notContainsBlanks", "containsErrors", "notContainsErrors", "timePeriod"))
_ALLOWED = {"formatCells": "format_cells", "formatColumns": "format_columns", "formatRows": "format_rows",
            "insertColumns": "insert_columns", "insertRows": "insert_rows", "insertHyperlinks": "insert_hyperlinks",
            "deleteColumns": "delete_columns", "deleteRows": "delete_rows", "selectLockedCells": "select_locked_cells",
            "sort": "sort", "autoFilter": "autofilter", "pivotTables": "pivot_tables",
            "selectUnlockedCells": "select_unlocked_cells", "objects": "objects", "scenarios": "scenarios"}
"""What protection can allow, by the file's name for it and xlsxwriter's."""
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")


class OwnRules:
    """Reads what such a sheet does; ``lost`` says what of it can't be drawn again, with its cells.

    ``at_home`` tells whether a formula refers to nothing but the sheet, and ``look`` gives the properties of a rule's
    format, None where it has others than can be carried.
    """

    def __init__(self, sheet: Any, at_home: Callable[[str], bool], look: Callable[[Any], dict[str, Any] | None]) -> None:
        self.sheet, self._at_home, self._look = sheet, at_home, look
        self.lost: list[str] = []

    def read(self) -> dict[str, Any]:
        """Return it all as it is drawn again; what isn't there is left out."""
        found = {"links": [*self._links()], "lists": [*self._lists()], "rules": [*self._rules()], "filter": self._filter(),
                 "protection": self._protection()}
        return {name: each for name, each in found.items() if each}

    def _lose(self, what: str, cells: str) -> None:
        self.lost.append(f"{what} i {cells.replace(' ', ', ')} på arket {self.sheet.title}")

    def _links(self) -> Iterator[list[object]]:
        for (row, column), cell in sorted(cells_by_place(self.sheet).items()):
            link = getattr(cell, "hyperlink", None)
            if link is None:
                continue
            place = f"#{link.location}" if link.target and link.location else ""
            url = f"{link.target}{place}" if link.target else f"internal:{link.location}"
            plain = (cell.value is None or isinstance(cell.value, str)) and cell.data_type != "f"
            if plain and _LINK.match(url) and len(url) <= _LONGEST_LINK:
                yield [row - 1, column - 1, url, (link.tooltip or "")[:255]]
            else:
                self._lose("linket", cell_name(row - 1, column - 1))

    def _lists(self) -> Iterator[dict[str, Any]]:
        for each in self.sheet.data_validations.dataValidation:
            formulas = [str(one) for one in (each.formula1, each.formula2) if one is not None]
            words = formulas[0] if each.type == "list" and formulas else ""
            texts = {"input_title": each.promptTitle, "input_message": each.prompt, "error_title": each.errorTitle,
                     "error_message": each.error}
            fits = len(each.promptTitle or "") <= 32 and len(each.errorTitle or "") <= 32 and all(
                len(text or "") <= 255 for text in texts.values())
            if not (fits and len(words) <= _LONGEST_LIST + 2 and all(map(self._at_home, formulas))):
                self._lose("rullelisten eller reglen for indtastning", str(each.sqref))
                continue
            yield {"at": str(each.sqref), "validate": each.type or "any", "criteria": _OPERATORS[each.operator or "between"],
                   **dict(zip(("value", "maximum"), (f"={one}" for one in formulas), strict=False)),
                   "ignore_blank": bool(each.allowBlank), "dropdown": not each.showDropDown,
                   "show_input": bool(each.showInputMessage), "show_error": bool(each.showErrorMessage),
                   "error_type": each.errorStyle or "stop", **{name: text for name, text in texts.items() if text}}

    def _rules(self) -> Iterator[dict[str, Any]]:
        rules = [(rule.priority or 0, str(area.sqref), rule) for area in self.sheet.conditional_formatting
                 for rule in area.rules]
        for _, at, rule in sorted(rules, key=lambda each: each[:2]):
            options = self._rule(rule)
            if options is None:
                self._lose("den betingede formatering", at)
            else:
                yield {"at": at, "look": self._look(rule.dxf), "stop_if_true": bool(rule.stopIfTrue), **options}

    def _rule(self, rule: Any) -> dict[str, Any] | None:
        formulas = [f"={each}" for each in rule.formula]
        if self._look(rule.dxf) is None or not all(map(self._at_home, rule.formula)):
            return None
        if rule.type == "cellIs" and formulas and rule.operator in _OPERATORS:
            names = ("minimum", "maximum") if len(formulas) > 1 else ("value",)
            return {"type": "cell", "criteria": _OPERATORS[rule.operator], **dict(zip(names, formulas, strict=True))}
        if rule.type in _BY_FORMULA and len(formulas) == 1:
            return {"type": "formula", "criteria": formulas[0]}
        kind = {"duplicateValues": "duplicate", "uniqueValues": "unique"}.get(rule.type)
        return {"type": kind} if kind else None

    def _filter(self) -> str:
        area = self.sheet.auto_filter
        if area.ref and (area.filterColumn or area.sortState):
            self._lose("filterets valg", str(area.ref))
        return str(area.ref or "")

    def _protection(self) -> dict[str, bool]:
        said = self.sheet.protection
        if not said.sheet:
            return {}
        if said.password or said.hashValue:
            self.lost.append(f"adgangskoden til arket {self.sheet.title}")
        return {name: not getattr(said, key) for key, name in _ALLOWED.items()}


def named_ranges(names: Mapping[str, Any], own: str) -> dict[str, str]:
    """Return the workbook's names for cells of one sheet, each with the cells."""
    found = {}
    for name, each in names.items():
        area = _RANGE.fullmatch(str(each.attr_text or "").lstrip("="))
        if area and (area[1] or area[2]).replace("''", "'") == own and not each.hidden:
            found[name] = area[3]
    return found


def draw_rules(raw: Any, content: Mapping[str, Any], style_of: Callable[[Mapping[str, Any]], Any],
               must: Callable[[object], object]) -> None:
    """Draw what `OwnRules` has read onto a sheet of xlsxwriter's, but for the links, which are part of their cells."""
    for each in content.get("lists", ()):
        options = {name: value for name, value in each.items() if name != "at"}
        first, *others = str(each["at"]).split()
        more = {"other_cells": [_corners(one) for one in others]} if others else {}
        must(raw.data_validation(*_corners(first), {**options, **more}))
    for each in content.get("rules", ()):
        options = {name: value for name, value in each.items() if name not in ("at", "look")}
        must(raw.conditional_format(*_corners(str(each["at"]).split()[0]), {
            **options, "multi_range": each["at"], **({"format": style_of(each["look"])} if each["look"] else {})}))
    if content.get("filter"):
        must(raw.autofilter(*_corners(content["filter"])))
    if content.get("protection"):
        raw.protect("", content["protection"])


def _corners(area: str) -> tuple[int, int, int, int]:
    first, _, last = area.replace("$", "").partition(":")
    start, end = cell_place(first), cell_place(last or first)
    assert start and end
    return *start, *end
