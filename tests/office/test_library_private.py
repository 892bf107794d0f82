"""The private names of libraries that we use still are there and still do what we use them for."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office import library_private as private
from aftale.office.openpyxl_book import TemplateError, open_book
from aftale.office.package import read_parts, write_parts
from aftale.office.shipped_files import template_path

HOUSE = Path(__file__).resolve().parents[2] / "aftale"
WHAT_TO_DO = ("{library} has changed {name}. Find what does the same in its new version and change"
              " aftale/office/library_private.py; until then allow only versions below it in pyproject.toml.")


def sheet() -> Worksheet:
    made = openpyxl.Workbook().active
    assert isinstance(made, Worksheet)
    return made


def check(works: bool, library: str, name: str) -> None:
    if not works:
        pytest.fail(WHAT_TO_DO.format(library=library, name=name))


def test_the_cells_of_an_openpyxl_sheet() -> None:
    made = sheet()
    made["B3"] = "x"
    try:
        found = private.cells_by_place(made)
        check(list(found) == [(3, 2)] and found[3, 2].value == "x", "openpyxl", "Worksheet._cells")
    except AttributeError:
        check(False, "openpyxl", "Worksheet._cells")


def test_the_drawings_of_an_openpyxl_sheet_and_their_corners() -> None:
    made = sheet()
    made.add_chart(BarChart(), "C5")
    out = io.BytesIO()
    made.parent.save(out)
    again = openpyxl.load_workbook(out)[made.title]
    try:
        drawn = private.drawings_of(again)
        check(len(drawn) == 1 and private.drawings_of(sheet()) == [], "openpyxl", "Worksheet._images and ._charts")
    except AttributeError:
        check(False, "openpyxl", "Worksheet._images and ._charts")
    corners = private.anchor_corners(drawn[0].anchor)
    check([(corner.col, corner.row) for corner in corners[:1]] == [(2, 4)], "openpyxl", "the anchor's _from")


def test_the_style_of_an_openpyxl_cell() -> None:
    made = sheet()
    made["A1"].font = Font(bold=True)
    made["A1"].number_format = "0 %"
    try:
        private.copy_style(made["A1"], made["B1"])
        check(bool(made["B1"].font.b) and made["B1"].number_format == "0 %", "openpyxl", "Cell._style")
        made["B1"].number_format = "0"
        check(made["A1"].number_format == "0 %", "openpyxl", "Cell._style (it is shared)")
    except AttributeError:
        check(False, "openpyxl", "Cell._style")


def test_the_formulas_of_an_xlsxwriter_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(private, "_without_sign", lambda formula, expand=False: asked.append(formula) or formula[1:])
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        made = book.add_worksheet()
        private.write_formulas_as_they_are(made)
        made.write_formula(0, 0, "=1+1", None, 2)
    check(asked == ["=1+1"], "xlsxwriter", "Worksheet._prepare_formula")
    stored = openpyxl.load_workbook(out).active
    assert stored is not None and stored["A1"].value == "=1+1"


def test_the_rows_and_the_filter_of_an_xlsxwriter_sheet() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        made = book.add_worksheet()
        for row in range(3):
            made.write_row(row, 0, ("a", "", "b"))
            made.set_row(row, 30)
        made.autofilter(0, 0, 2, 2)
        private.let_rows_grow(made, {1})
        private.filter_without_button(made, 1)
    with zipfile.ZipFile(out) as package:
        written = package.read("xl/worksheets/sheet1.xml").decode()
    fixed = [row for row, rest in re.findall(r'<row r="(\d)"([^>]*)>', written) if "customHeight" in rest]
    check(fixed == ["1", "3"] and written.count('ht="30"') == 3, "xlsxwriter", "Worksheet._xml_start_tag_unencoded")
    button = '<autoFilter ref="A1:C3"><filterColumn colId="1" hiddenButton="1"/></autoFilter>'
    check(button in written and "filterMode" not in written, "xlsxwriter", "Worksheet._write_auto_filter")


def test_an_xlsxwriter_workbook_whose_values_are_stored() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        private.calculated_already(book)
    with zipfile.ZipFile(out) as package:
        properties = re.findall(rb"<calcPr[^>]*>", package.read("xl/workbook.xml"))
    check(properties == [b'<calcPr calcId="191029"/>'], "xlsxwriter", "Workbook.calc_on_load")


PUBLIC_ALL_THE_SAME = frozenset(("_replace", "_asdict", "_fields", "_make", "_exit"))
"""Underscored names that the standard library documents."""


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_other_module_reaches_for_private_names(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name) and node.value.id == "self"}
    reached = [f"{path.name}:{node.lineno} .{node.attr}" for node in ast.walk(tree) if isinstance(node, ast.Attribute)
               and node.attr.startswith("_") and not node.attr.startswith("__")
               and node.attr not in own | PUBLIC_ALL_THE_SAME
               and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))]
    imported = [f"{path.name}: {node.module}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                and not (node.module or "").startswith(("aftale", "__future__"))
                and any(part.startswith("_") for part in (node.module or "").split("."))]
    assert path.name == "library_private.py" or reached + imported == []


def test_what_the_library_prints_of_a_file_never_reaches_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """It would stand in front of the data that ``--json`` prints."""
    parts = read_parts(template_path().read_bytes())
    styles = parts["xl/styles.xml"]
    assert b'xfId="0" builtinId="0"' in styles
    parts["xl/styles.xml"] = styles.replace(b'xfId="0" builtinId="0"', b'xfId="99" builtinId="0"')
    with pytest.raises(TemplateError):
        open_book(write_parts(parts))
    assert capsys.readouterr().out == ""
