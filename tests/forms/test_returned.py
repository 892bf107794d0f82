"""What people do to a skema in Excel, and how it is read all the same: real workbooks, one habit at a time."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, fill_in, header_row, owner_of
from conftest import cell_at as cell
from conftest import column_of as column
from conftest import row_of as row
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from aftale.forms.plan import plan_forms
from aftale.forms.returned import Returned
from aftale.merge.merge import HEADERS
from aftale.model.agreement import Agreement, Round, Value
from aftale.model.findings import Severity
from aftale.model.problems import CATALOGUE
from aftale.model.received import Refused
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.collect import collect
from aftale.steps.flet import flet
from aftale.steps.fordel import draw, fordel
from aftale.steps.generer import generer
from aftale.steps.open_agreement import open_agreement

OWNER = "Ledelsen"  # has M2.2.3, M2.2.5, M4.2.1 and M4.2.2
Change = Callable[[Worksheet], None]
SAID = {"M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Skrevet, men ikke vedtaget."},
        "M2.2.5": {"Resultat": 3, "Opgjort pr.": date(2015, 10, 31), "Status": "Opfyldt"}}
READ = {("M2.2.3", "Status"): "Delvist opfyldt", ("M2.2.3", "Bemærkninger"): "Skrevet, men ikke vedtaget.",
        ("M2.2.5", "Resultat"): 3.0, ("M2.2.5", "Opgjort pr."): date(2015, 10, 31), ("M2.2.5", "Status"): "Opfyldt"}


@dataclass(frozen=True)
class Seen:
    """What became of one file: its answers, the codes of its problems, and the loose lines."""

    file: Returned | Refused
    answers: dict[tuple[str, str], Value]
    codes: list[str]
    loose: list[tuple[str, str]]

    @property
    def returned(self) -> Returned:
        assert isinstance(self.file, Returned)
        return self.file


def see(year: Year, path: Path, round_: Round | None = None) -> Seen:
    """Read a file together with a good one, which must be read whatever the other is."""
    good = year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}}, name="godt.xlsx")
    found = collect(open_agreement(year.agreement), [path, good], round_)
    fine = [each for each in found.returned if each.source.name == "godt.xlsx"]
    assert [(a.goal, a.column.value, a.value) for each in fine for a in each.answers] == [("M2.1.1", "status", "Opfyldt")]
    file, = (each for each in (*found.returned, *found.refused) if each.source.name != "godt.xlsx")
    if isinstance(file, Refused):
        return Seen(file, {}, [file.problem.code], [])
    answers = {(a.goal, HEADERS[a.column]): a.value for a in file.answers}
    return Seen(file, answers, [p.code for p in file.problems], [(each.kind, each.text) for each in file.kept])


def spare_row(sheet: Worksheet) -> int:
    return next(c.row for c in sheet["A"] if str(c.value).startswith("Forslag")) + 1


# ---------------------------------------------------------------- the sheet is changed, the answers are the same

def insert_column(sheet: Worksheet) -> None:
    at = column(sheet, "Resultat")
    sheet.insert_cols(at)
    sheet.cell(header_row(sheet), at).value = "Drøftet"
    sheet.cell(row(sheet, "M2.2.5"), at).value = "ja, 20. oktober"


def insert_empty_column(sheet: Worksheet) -> None:
    sheet.insert_cols(1, 2)


def insert_rows(sheet: Worksheet) -> None:
    sheet.insert_rows(row(sheet, "M2.2.5"))
    sheet.insert_rows(1, 3)


def delete_column(header: str) -> Change:
    return lambda sheet: sheet.delete_cols(column(sheet, header))


def sort_rows(sheet: Worksheet) -> None:
    rows = [row(sheet, goal) for goal in ("M2.2.3", "M2.2.5", "M4.2.1", "M4.2.2")]
    content = [[c.value for c in sheet[n]] for n in rows]
    for number, values in zip(rows, reversed(content), strict=True):
        for c, value in zip(sheet[number], values, strict=True):
            c.value = value


def rename_sheet(sheet: Worksheet) -> None:
    sheet.title = "Svar fra Ledelsen"


def move_sheet(sheet: Worksheet) -> None:
    sheet.parent.move_sheet(sheet, 3)
    sheet.parent["Vejledning"].title = "Ark1"


def hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[row(sheet, "M2.2.5")].hidden = True
    sheet.column_dimensions["A"].hidden = True


def respell_headers(sheet: Worksheet) -> None:
    at = header_row(sheet)
    sheet.cell(at, column(sheet, "Opgjort pr.")).value = "opgjort\nPR."
    sheet.cell(at, column(sheet, "Resultat")).value = " RESULTAT\u00a0"
    sheet.cell(at, column(sheet, "Bemærkninger")).value = "Bemærkning"
    sheet.cell(at, column(sheet, "Mål-id")).value = "Ma\u030al-id"


def swap_columns(sheet: Worksheet) -> None:
    one, other = column(sheet, "Status"), column(sheet, "Resultat")
    for number in range(header_row(sheet), spare_row(sheet) - 1):
        a, b = sheet.cell(number, one), sheet.cell(number, other)
        a.value, b.value = b.value, a.value


def remark_beside(sheet: Worksheet) -> None:
    sheet.cell(row(sheet, "M2.2.5"), 20).value = "Ring gerne"


def remark_under(sheet: Worksheet) -> None:
    sheet.cell(sheet.max_row + 5, 20).value = "Hilsen"


def remark_above(sheet: Worksheet) -> None:
    sheet.cell(1, 20).value = "Husk frist"


def note(sheet: Worksheet) -> None:
    cell(sheet, "M2.2.5", "Resultat").comment = Comment("Er talt op igen", "Vikaren")


def other_sheet(sheet: Worksheet) -> None:
    other = sheet.parent.create_sheet("Mine tal")
    other["A1"], other["B1"], other["A2"] = "Events", 3, "Kilde: kalenderen"


def write_in_guide(sheet: Worksheet) -> None:
    sheet.parent["Vejledning"]["D3"] = "Uklart"


def propose(sheet: Worksheet) -> None:
    sheet.cell(spare_row(sheet), column(sheet, "Effektmål/delmål")).value = "En fast torvedag"
    sheet.cell(spare_row(sheet), column(sheet, "Bemærkninger")).value = "i hvert landdistrikt"


def change_sealed(sheet: Worksheet) -> None:
    cell(sheet, "M2.2.5", "Måleenhed").value = "arrangementer"


def clear_sealed(sheet: Worksheet) -> None:
    cell(sheet, "M2.2.5", "Måleenhed").value = None


def delete_id(sheet: Worksheet) -> None:
    cell(sheet, "M2.2.5", "Mål-id").value = None


def delete_row(sheet: Worksheet) -> None:
    sheet.delete_rows(row(sheet, "M4.2.1"))


def copy_row(sheet: Worksheet) -> None:
    for c in sheet[row(sheet, "M2.2.5")]:
        sheet.cell(spare_row(sheet), c.column).value = c.value


def page_footer(sheet: Worksheet) -> None:
    sheet.oddFooter.center.text = "Vi mangler &P tal fra filialerne && bogbussen"
    sheet.oddHeader.right.text = "Side &P af &N"


def page_header(sheet: Worksheet) -> None:
    sheet.parent["Vejledning"].oddHeader.left.text = "Fortroligt"
    sheet.parent["Vejledning"].oddHeader.left.size = 14


def link(sheet: Worksheet) -> None:
    cell(sheet, "M2.2.5", "Resultat").hyperlink = "https://bibliotek.example.dk/optælling"


def chart_sheet(sheet: Worksheet) -> None:
    sheet.parent.create_chartsheet("Udvikling").add_chart(BarChart())


STRUCTURE = [
    # what is done            problems             loose lines
    (insert_column, [], [("extra-column", "Drøftet"), ("extra-column", "Drøftet: ja, 20. oktober")]),
    (insert_empty_column, [], []),
    (insert_rows, [], []),
    (delete_column("Næste skridt"), ["column-missing"], []),
    (delete_column("Effektmål/delmål"), [], []),
    (delete_column("Fokusområde"), [], []),
    (sort_rows, [], []),
    (rename_sheet, [], []),
    (move_sheet, [], []),
    (hide, [], []),
    (respell_headers, [], []),
    (swap_columns, [], []),
    (remark_beside, [], [("remark", "Ring gerne")]),
    (remark_under, [], [("remark", "Hilsen")]),
    (remark_above, [], [("remark", "Husk frist")]),
    (note, [], [("note", "Vikaren: Er talt op igen")]),
    (page_footer, [], [("margin", "Vi mangler  tal fra filialerne & bogbussen")]),
    (page_header, [], [("margin", "Fortroligt")]),
    (link, [], [("link", "3 → https://bibliotek.example.dk/optælling")]),
    (chart_sheet, ["sheet-unread"], []),
    (other_sheet, [], [("extra-sheet", "Events · 3"), ("extra-sheet", "Kilde: kalenderen")]),
    (write_in_guide, [], [("remark", "Uklart")]),
    (propose, ["new-goal"], [("new-goal", "Effektmål/delmål: En fast torvedag · Bemærkninger: i hvert landdistrikt")]),
    (change_sealed, ["proposed-change"], [("proposed-change", "arrangementer")]),
    (clear_sealed, ["proposed-change"], [("proposed-change", "(slettet)")]),
    (delete_id, ["matched-by-text"], []),
    (delete_row, ["row-missing"], []),
    (copy_row, [], []),
]


@pytest.mark.parametrize(("change", "codes", "loose"), STRUCTURE,
                         ids=[case[0].__name__ if case[0].__name__ != "<lambda>" else f"delete_column_{n}"
                              for n, case in enumerate(STRUCTURE)])
def test_whatever_is_done_to_the_sheet_the_answers_are_read(year: Year, change: Change, codes: list[str],
                                                            loose: list[tuple[str, str]]) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == READ
    assert seen.codes == codes
    assert seen.loose == loose
    assert seen.returned.cells == seen.returned.sent + sum(x.cells for x in seen.returned.kept) + len(
        seen.returned.answers)


def test_the_place_of_an_answer_is_where_it_stands_now(year: Year) -> None:
    seen = see(year, year.fill(OWNER, {"M2.2.5": {"Resultat": 3}}, change=lambda s: (insert_rows(s), rename_sheet(s))))
    before = cell(openpyxl.load_workbook(year.forms[OWNER])["Skema"], "M2.2.5", "Resultat")
    place = seen.returned.answers[0].place
    assert (place.sheet, place.cell) == ("Svar fra Ledelsen", f"{before.column_letter}{before.row + 4}")


def test_a_skema_that_nobody_touched_says_nothing(year: Year) -> None:
    seen = see(year, year.fill(OWNER, {}))
    assert (seen.answers, seen.codes, seen.loose) == ({}, [], [])
    assert seen.returned.untouched and seen.returned.cells == seen.returned.sent


# ---------------------------------------------------------------- rows that aren't what they were

def test_a_row_with_an_unknown_mål_id_is_not_merged_but_kept_and_asked_about(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "M2.2.5", "Mål-id").value = "M9.9.9"

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == {key: value for key, value in READ.items() if key[0] == "M2.2.3"}
    assert seen.codes == ["row-missing", "unknown-goal"]
    (kind, text), = seen.loose
    assert kind == "unknown-row"
    assert all(part in text for part in ("Mål-id: M9.9.9", "Resultat: 3", "Status: Opfyldt"))


def test_a_row_whose_id_and_text_are_both_gone_is_not_guessed_at(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "M2.2.5", "Effektmål/delmål").value = "Noget helt andet"
        cell(sheet, "M2.2.5", "Mål-id").value = None

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == {key: value for key, value in READ.items() if key[0] == "M2.2.3"}
    assert seen.codes == ["row-missing", "row-no-goal"]  # among the goals, so it is no proposal for the agreement
    assert "Resultat: 3" in seen.loose[0][1]


def under(**texts: object) -> Change:
    """Write under the table, by header."""
    def change(sheet: Worksheet) -> None:
        at = spare_row(sheet) + 2
        for header, value in texts.items():
            sheet.cell(at, column(sheet, header)).value = value

    return change


def between_goals(**texts: object) -> Change:
    def change(sheet: Worksheet) -> None:
        at = row(sheet, "M2.2.5")
        sheet.insert_rows(at)
        for header, value in texts.items():
            sheet.cell(at, column(sheet, header)).value = value

    return change


def far_down(text: str) -> Change:
    return lambda sheet: sheet.cell(900, column(sheet, "Status")).__setattr__("value", text)


@pytest.mark.parametrize(("change", "codes", "loose"), [
    pytest.param(under(**{"Effektmål/delmål": "I alt"}, Resultat=12), [],
                 ("sum-row", "Effektmål/delmål: I alt · Resultat: 12"),
                 id="a sum row under the table is a sum row"),
    pytest.param(under(Bemærkninger="Sum:", Resultat=12), [], ("sum-row", "Resultat: 12 · Bemærkninger: Sum:"),
                 id="a sum row with its word in another column"),
    pytest.param(far_down("."), [], ("remark", "Status: ."), id="a lone full stop far down is a stray mark"),
    pytest.param(under(Resultat=12), ["row-no-goal"], ("unknown-row", "Resultat: 12"),
                 id="a number under the table is no proposal, and may be an answer"),
    pytest.param(between_goals(Bemærkninger="Herunder filialerne"), ["row-no-goal"],
                 ("unknown-row", "Bemærkninger: Herunder filialerne"), id="a row between goals belongs to none"),
    pytest.param(between_goals(**{"Effektmål/delmål": "I alt"}, Resultat=12), [],
                 ("sum-row", "Effektmål/delmål: I alt · Resultat: 12"),
                 id="a subtotal between goals is a sum row"),
    pytest.param(under(**{"Effektmål/delmål": "Samlet indsats"}), ["new-goal"],
                 ("new-goal", "Effektmål/delmål: Samlet indsats"),
                 id="a proposal that begins with a word of sums is a proposal"),
    pytest.param(under(**{"Effektmål/delmål": "En fast torvedag"}), ["new-goal"],
                 ("new-goal", "Effektmål/delmål: En fast torvedag"),
                 id="a proposal under the table is a proposal")])
def test_a_row_that_is_no_goals_is_said_for_what_it_is(year: Year, change: Change, codes: list[str],
                                                      loose: tuple[str, str]) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == READ
    assert (seen.codes, seen.loose) == (codes, [loose])


def in_the_record(cell: str) -> Change:
    """Write in the hidden sheet: under its table (``A``) or beside it."""
    def change(sheet: Worksheet) -> None:
        record = sheet.parent["_aftale"]
        record[f"{cell}{record.max_row + 3}" if cell.isalpha() else cell] = "Ring til mig"

    return change


@pytest.mark.parametrize("cell", [pytest.param("A", id="under the table"), pytest.param("C", id="under its third column"),
                                  pytest.param("H4", id="beside the table")])
def test_what_somebody_wrote_on_the_hidden_sheet_stands_on_kontrol_and_changes_nothing(year: Year, cell: str) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=in_the_record(cell)))
    assert (seen.answers, seen.codes, seen.loose) == (READ, [], [("remark", "Ring til mig")])


def in_date_cell(value: float, shown: str = r"[$-406]d\. mmm\ yyyy") -> Change:
    def change(sheet: Worksheet) -> None:
        at = cell(sheet, "M2.2.3", "Opgjort pr.")
        at.value, at.number_format = value, shown

    return change


@pytest.mark.parametrize(("change", "written"), [
    pytest.param(in_date_cell(-5), "-5", id="a negative number in a cell for dates"),
    pytest.param(in_date_cell(-0.5), "-0.5", id="a negative share in a cell for dates"),
    pytest.param(in_date_cell(0.5), "0.5", id="a share in a cell for dates"),
    pytest.param(in_date_cell(173.25), "173.25", id="a number that Excel shows as a day in 1900"),
    pytest.param(in_date_cell(0.000004), "0.000004", id="a tiny number in a cell for dates"),
    pytest.param(in_date_cell(0.000004, "h:mm"), "0.000004", id="a tiny number in a cell for the clock"),
    pytest.param(in_date_cell(-3, "h:mm"), "-3", id="a negative number in a cell for the clock"),
    pytest.param(in_date_cell(0.5, "h:mm"), "12:00", id="a time of day in a cell for the clock"),
    pytest.param(in_date_cell(0.5, "[h]:mm"), "12:00", id="hours in a cell for hours")])
def test_what_is_no_date_in_a_cell_for_dates_stands_as_it_was_written(year: Year, change: Change, written: str) -> None:
    seen = see(year, year.fill(OWNER, {}, change=change))
    assert seen.codes[:1] in (["date-unreadable"], ["date-ambiguous"])
    assert [text for kind, text in seen.loose if kind == "unread"] == [written]


GARBAGE = ("1e400", "-1e400", '"mange"', "null", "[]", "NaN", "12345678901234567890123")


@pytest.mark.parametrize("number", GARBAGE)
def test_garbage_where_the_hidden_sheet_has_a_number_is_a_changed_record_and_no_broken_file(year: Year, number: str) -> None:
    def change(sheet: Worksheet) -> None:
        cells = [c for c in sheet.parent["_aftale"]["E"] if '"decimals":' in str(c.value)]
        for each in cells:
            each.value = re.sub(r'"decimals":\d+', f'"decimals":{number}', str(each.value))
        assert cells

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.codes[:1] in (["record-lost"], ["record-changed"]) and seen.answers == READ


def test_garbage_in_the_number_of_the_format_is_a_changed_record(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.parent["_aftale"]["E2"] = "inf"

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.codes == ["record-changed"] and seen.answers == READ


def test_a_goal_that_stands_twice_with_different_answers_is_asked_about_and_both_are_kept(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        copy_row(sheet)
        sheet.cell(spare_row(sheet), column(sheet, "Resultat")).value = 5

    path = year.fill(OWNER, {"M2.2.5": {"Resultat": 3}}, change=change)
    seen = see(year, path)
    assert seen.codes == ["twice-in-form"]
    assert [(a.goal, a.value) for a in seen.returned.answers] == [("M2.2.5", 3.0), ("M2.2.5", 5.0)]
    report = flet(year.agreement, [path], year.folder / "opfoelgning.xlsx")
    assert [(c["goal"], [a["value"] for a in c["answers"]]) for c in report.data["conflicts"]] == [  # type: ignore[attr-defined]
        ("M2.2.5", [3.0, 5.0])]


# ---------------------------------------------------------------- what is typed in a cell

CELLS = [
    # column         typed                      read as              rule or problem
    ("Resultat", 3, 3.0, ""),
    ("Resultat", "5,4", 5.4, "decimal-comma"),
    ("Resultat", "1.200", 1200.0, "thousands-dot"),
    ("Resultat", "3 events", 3.0, "number-unit"),
    ("Resultat", "ca. 20", None, "number-ambiguous"),
    ("Resultat", "mange", None, "number-unreadable"),
    ("Resultat", "=1+1", None, "cell-formula"),
    ("Resultat", "#DIV/0!", None, "cell-error"),
    ("Opgjort pr.", date(2015, 10, 31), date(2015, 10, 31), ""),
    ("Opgjort pr.", "31-10-2015", date(2015, 10, 31), "date-text"),
    ("Opgjort pr.", "i efteråret", None, "date-ambiguous"),
    ("Opgjort pr.", "snart", None, "date-unreadable"),
    ("Status", "Opfyldt", "Opfyldt", ""),
    ("Status", "opfyldt ", "Opfyldt", "status-spelling"),
    ("Status", "Blå", None, "status-unknown"),
    ("Status", "rød", None, "status-ambiguous"),
    ("Status", "#N/A", None, "cell-error"),
    ("Bemærkninger", "To\nlinjer", "To\nlinjer", ""),
    ("Bemærkninger", 2016, "2016", ""),
    ("Bemærkninger", "=A1", None, "cell-formula"),
    ("Næste skridt", "  Interviews i januar  ", "Interviews i januar", ""),
]


@pytest.mark.parametrize(("header", "typed", "value", "rule"), CELLS, ids=[f"{c[0]} {c[1]}" for c in CELLS])
def test_a_cell_is_read_or_asked_about(year: Year, header: str, typed: Any, value: Value, rule: str) -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "M2.2.5", header).value = typed

    seen = see(year, year.fill(OWNER, {"M2.2.3": {"Status": "Udgået"}}, change=change))
    readings = [(r.rule, r.text) for r in seen.returned.findings if r.rule]
    place = {p.place.cell for p in seen.returned.problems}
    if value is None:
        assert seen.codes == [rule] and rule in CATALOGUE
        assert seen.answers == {("M2.2.3", "Status"): "Udgået"}
        assert seen.loose == [("unread", str(typed))] and readings == []
        assert place == {x.place.cell for x in seen.returned.kept}
    else:
        assert seen.answers == {("M2.2.3", "Status"): "Udgået", ("M2.2.5", header): value}
        assert type(seen.answers["M2.2.5", header]) is type(value)
        assert seen.codes == [] and readings == ([(rule, typed)] if rule else [])


@pytest.mark.parametrize(("typed", "finished", "codes"), [
    ("Ja", "Ja", []), ("ja ", "Ja", []), ("x", "Ja", []), ("Nej", "Nej", []), ("", "", []),
    ("næsten", "", ["yes-no-unknown"]),
    ("Nej, kun det jeg kunne nå", "Nej", ["yes-no-unknown"]),
    ("ja tak", "Ja", ["yes-no-unknown"]),
])
def test_skemaet_er_faerdigt(year: Year, typed: str, finished: str, codes: list[str]) -> None:
    seen = see(year, year.fill(OWNER, SAID, by="Ledelsessekretariatet", done=typed))
    assert (seen.returned.filled_by, seen.returned.finished, seen.codes) == ("Ledelsessekretariatet", finished, codes)
    assert seen.answers == READ
    fields = {each.text: each.cells for each in seen.returned.kept if each.kind == "field"}
    by = "Udfyldt af: Ledelsessekretariatet"
    both = {f"{by} · Skemaet er færdigt: {typed.strip()}": 2}
    assert fields == ({by: 1, typed: 1} if codes else both if typed else {by: 1})


@pytest.mark.parametrize("by", ["", "Ledelsessekretariatet"])
def test_what_is_asked_about_the_fields_stands_on_kontrol(year: Year, by: str) -> None:
    path = year.fill(OWNER, SAID, by=by, done="næsten")
    report = flet(year.agreement, [path], out := year.folder / "opfoelgning.xlsx")
    write_all(list(report.files))
    texts = [cell.value for row in openpyxl.load_workbook(out)["Kontrol"].iter_rows() for cell in row]
    assert "»næsten« er hverken Ja eller Nej." in texts


def test_an_empty_field_is_not_filled_in_by_the_label_beside_it(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        value = beside(sheet, "Udfyldt af")
        value.value = "   "

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert (seen.returned.filled_by, seen.returned.finished) == ("", "")


def test_faerdigt_without_an_answer_means_nothing_to_report(year: Year) -> None:
    paths = [year.fill(OWNER, {}, by="Ledelsessekretariatet", done="Ja"), year.fill("Ungeteamet", {})]
    report = flet(year.agreement, paths, year.folder / "opfoelgning.xlsx")
    status = {each["owner"]: each["status"] for each in report.data["responses"]}  # type: ignore[attr-defined]
    assert status[OWNER] == "Intet at melde"
    assert status["Ungeteamet"] == "Uændret siden udsendelsen"
    assert status["Husteamet"] == "Ikke svaret"
    response = {each["id"]: each["response"] for each in report.data["goals"]}  # type: ignore[attr-defined]
    assert response["M2.2.5"] == "Intet at melde"
    assert response["M1.2.1.1"] == "Mangler svar"


# ---------------------------------------------------------------- results in percent

@pytest.fixture
def percent_year(tmp_path: Path) -> Year:
    """The example with M3.3.1 in percent: its Resultat is the change itself."""
    source = tmp_path / "kilde"
    shutil.copytree(example_path(), source)
    goals = source / "maal.csv"
    text = goals.read_text("utf-8-sig")
    assert text.count(";5;besøg;") == 1
    goals.write_text(text.replace(";5;besøg;", ";5;%;"), "utf-8-sig")
    agreement = tmp_path / "aftale.xlsx"
    write_all(list(generer(source, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, tmp_path / "skemaer", date(2015, 11, 11)).files))
    forms = {owner_of(path): path
             for path in (tmp_path / "skemaer").iterdir()}
    return Year(tmp_path, agreement, forms)


@pytest.mark.parametrize(("typed", "percent_format", "points", "rule"), [
    (0.5, True, 50.0, ""),
    (0.035, True, 3.5, ""),
    (3, True, 300.0, ""),
    (-0.02, True, -2.0, ""),
    (50, False, 50.0, "percent-points"),
    (0.5, False, 50.0, "percent-share"),
    (3, False, None, "percent-ambiguous"),
    ("3,5 %", False, 3.5, "percent-text"),
    ("3", False, None, "percent-ambiguous"),
])
def test_a_result_in_percent(percent_year: Year, typed: Any, percent_format: bool, points: float | None, rule: str) -> None:
    def change(sheet: Worksheet) -> None:
        result = cell(sheet, "M3.3.1", "Resultat")
        assert "%" in result.number_format
        result.value = typed
        if not percent_format:
            result.number_format = "General"

    path = percent_year.fill("Husteamet", {}, change=change)
    found = collect(open_agreement(percent_year.agreement), [path], None)
    file, = found.returned
    assert [a.value for a in file.answers] == ([] if points is None else [points])
    assert [r.rule for r in file.findings if r.rule] == ([rule] if rule and points is not None else [])
    assert [p.code for p in file.problems] == ([rule] if points is None else [])


# ---------------------------------------------------------------- a skema without its hidden sheet, or with a false one

def without_record(sheet: Worksheet) -> None:
    del sheet.parent["_aftale"]


@pytest.mark.parametrize("round_", [None, Round.AARSOPFOELGNING])
def test_a_skema_without_its_hidden_sheet_is_known_by_its_visible_id(year: Year, round_: Round | None) -> None:
    seen = see(year, year.fill(OWNER, SAID, name="kopi.xlsx", change=without_record), round_)
    assert seen.answers == READ
    assert seen.codes == ["record-lost"]
    # What we sent out is known again, apart from what differs by the deadline that fordel was given.
    assert [kind for kind, text in seen.loose if "november" not in text] == []


def test_alone_it_is_known_too(year: Year) -> None:
    path = year.fill(OWNER, SAID, name="kopi.xlsx", change=without_record)
    found = collect(open_agreement(year.agreement), [path], None)
    assert found.round is Round.AARSOPFOELGNING
    assert [len(each.answers) for each in found.returned] == [len(READ)]


def test_without_the_visible_id_either_it_is_refused(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        without_record(sheet)
        beside(sheet, "Skema-id").value = None

    assert see(year, year.fill(OWNER, SAID, name="kopi.xlsx", change=change)).codes == ["not-ours"]


def test_a_hidden_sheet_that_was_changed_is_asked_about(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        record = sheet.parent["_aftale"]
        at = next(c for c in record["E"] if '"unit":"events"' in str(c.value))
        at.value = at.value.replace('"unit":"events"', '"unit":"arrangementer"')

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == READ
    assert seen.codes == ["record-changed", "proposed-change"]


def test_a_skema_without_headers_is_refused_by_name(year: Year) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=lambda sheet: sheet.delete_rows(header_row(sheet))))
    assert seen.codes == ["no-table"]


# ---------------------------------------------------------------- files that belong elsewhere

def skema_of(agreement: Agreement, round_: Round = Round.AARSOPFOELGNING) -> bytes:
    form = next(f for f in plan_forms(agreement, round_, date(2015, 11, 11)) if f.owner.name == OWNER)
    return fill_in(draw(form, date(2015, 1, 1)), SAID)


def other_agreement(year: Year, agreement: Agreement) -> bytes:
    return skema_of(replace(agreement, id="A-0123456789ab", unit="Randers Bibliotek"))


def other_year(year: Year, agreement: Agreement) -> bytes:
    goals = tuple(replace(goal, years={**goal.years, 2014: None}) for goal in agreement.goals)
    return skema_of(replace(agreement, id="A-0123456789ab", year=2014, period=(2014, 2018), goals=goals))


def other_round(year: Year, agreement: Agreement) -> bytes:
    return skema_of(agreement, Round.MIDTVEJS)


def text_file(year: Year, agreement: Agreement) -> bytes:
    return "Kære koordinator, her er mine svar …".encode()


def zero_bytes(year: Year, agreement: Agreement) -> bytes:
    return b""


def half_a_file(year: Year, agreement: Agreement) -> bytes:
    data = year.forms[OWNER].read_bytes()
    return data[:len(data) // 2]


def the_agreement(year: Year, agreement: Agreement) -> bytes:
    book = openpyxl.load_workbook(year.agreement)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_follow_up(year: Year, agreement: Agreement) -> bytes:
    path = year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}})
    data = flet(year.agreement, [path], year.folder / "opfoelgning.xlsx").files[0].data
    path.unlink()
    return data


def other_workbook(year: Year, agreement: Agreement) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "Indkøb", 12  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("make", "code"), [
    (other_agreement, "other-agreement"), (other_year, "other-year"), (other_round, "other-round"),
    (text_file, "file-other"), (zero_bytes, "file-empty"), (half_a_file, "file-truncated"),
    (the_agreement, "other-kind"), (a_follow_up, "other-kind"), (other_workbook, "not-ours")])
def test_a_file_that_is_no_answer_is_one_line_and_the_others_are_read(
        year: Year, make: Callable[[Year, Agreement], bytes], code: str) -> None:
    data = make(year, open_agreement(year.agreement).agreement)
    path = year.answers / "svar.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    seen = see(year, path)
    assert isinstance(seen.file, Refused)
    assert seen.codes == [code]
    assert seen.file.problem.place.file == "svar.xlsx"
    assert seen.file.problem.message and seen.file.problem.advice
    assert "{" not in seen.file.problem.message + seen.file.problem.advice


def test_a_skema_of_an_older_template_is_read_and_said_so(year: Year) -> None:
    agreement = open_agreement(year.agreement).agreement
    path = year.answers / "svar.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(skema_of(replace(agreement, template="0.1")))
    seen = see(year, path)
    assert seen.answers == READ
    assert seen.codes == ["older-template"]
    assert "0.1" in seen.returned.problems[0].message


def test_a_skema_sent_before_the_agreement_was_changed_is_read_as_it_was_sent(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    sheet = book["Mål"]
    at = next(c for r in sheet.iter_rows() for c in r if c.value == "M2.2.5")
    header = next(r for r in sheet.iter_rows() if any(c.value == "Mål-id" for c in r))
    target = next(c.column for c in header if c.value == "Måltal")
    sheet.cell(at.row, target).value = 4
    book.save(year.agreement)
    seen = see(year, year.fill(OWNER, SAID))
    assert seen.answers == READ
    assert seen.codes == [], "what was changed is told once, for all the files together"
    assert seen.returned.agreed["M2.2.5"]["target"] == "3"


def test_a_folder_is_searched_and_litter_passed_over(year: Year) -> None:
    deep = year.answers / "fra mail" / "uge 45"
    deep.mkdir(parents=True)
    shutil.move(year.fill(OWNER, SAID), deep / "svar.xlsx")
    (deep / "~$svar.xlsx").write_bytes(b"laas")
    (deep / ".~aftale-123.xlsx").write_bytes(b"halv")
    (year.answers / "Thumbs.db").write_bytes(b"billeder")
    found = collect(open_agreement(year.agreement), [year.answers], None)
    assert [each.source.name for each in found.returned] == ["svar.xlsx"]
    assert (found.refused, [p.code for p in found.problems], found.files) == ((), ["open-elsewhere"], 1)


def test_a_file_that_is_no_workbook_is_named_and_not_passed_over(year: Year) -> None:
    seen_in = year.fill(OWNER, SAID).parent
    (seen_in / "mine svar.docx").write_bytes(b"PK")
    found = collect(open_agreement(year.agreement), [seen_in], None)
    assert [len(each.answers) for each in found.returned] == [len(READ)]
    assert [(each.source.name, each.problem.code) for each in found.refused] == [("mine svar.docx", "file-kind")]


@pytest.mark.parametrize(("result", "codes"), [(3, []), (4, ["second-table"])])
def test_a_second_table_with_other_answers_is_asked_about(year: Year, result: int, codes: list[str]) -> None:
    def change(sheet: Worksheet) -> None:
        copy = sheet.parent.copy_worksheet(sheet)
        copy.title = "Kladde"
        cell(copy, "M2.2.5", "Resultat").value = result

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == READ
    assert seen.codes == codes


def test_a_column_that_stands_twice_is_read_once_and_asked_about(year: Year) -> None:
    def change(sheet: Worksheet) -> None:
        at = 18
        sheet.cell(header_row(sheet), at).value = "Resultat"
        sheet.cell(row(sheet, "M2.2.5"), at).value = 99

    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert seen.answers == READ
    assert seen.codes == ["column-twice"]
    assert ("extra-column", "Resultat: 99") in seen.loose


def test_a_skema_with_nothing_but_a_loose_remark_is_asked_about(year: Year) -> None:
    seen = see(year, year.fill(OWNER, {}, change=remark_beside))
    assert (seen.codes, seen.loose) == (["only-loose"], [("remark", "Ring gerne")])


def note_on_answer(sheet: Worksheet) -> None:
    sheet.cell(row(sheet, "M2.2.5"), column(sheet, "Resultat")).comment = Comment("Tæller skolekoncerter med?", "Leder")


def beside_with(text: str, at: int = 18) -> Change:
    """Write a text in a goal's row, to the right of the table."""
    def change(sheet: Worksheet) -> None:
        sheet.cell(row(sheet, "M2.2.5"), at).value = text
    return change


def above_with(text: str) -> Change:
    def change(sheet: Worksheet) -> None:
        sheet.cell(1, 9).value = text
    return change


def sheet_with(text: str) -> Change:
    def change(sheet: Worksheet) -> None:
        sheet.parent.create_sheet("Noter")["A1"] = text
    return change


@pytest.mark.parametrize(("change", "kind", "asks"), [
    (beside_with("Tæller skolekoncerter med?"), "remark", True), (beside_with("Vi tæller dem med."), "remark", False),
    (beside_with("Skal vi? Vi gør det."), "remark", True), (above_with("Hvornår hører vi fra jer? "), "remark", True),
    (note_on_answer, "note", True), (sheet_with("Må vi få fristen flyttet?"), "extra-sheet", True),
    (sheet_with("Til orientering"), "extra-sheet", False)],
    ids=["beside a goal", "no question", "a question and more", "above the table", "a note", "a sheet of one's own",
         "a sheet that asks nothing"])
def test_a_colleagues_question_is_a_question(year: Year, change: Change, kind: str, asks: bool) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=change))
    found = next(each for each in seen.returned.kept if each.kind == kind)
    assert (found.code, found.level) == (("colleague-asks", Severity.QUESTION) if asks else ("", Severity.INFO))
    assert found.cells == (kind != "note") and seen.answers == READ
    if asks:
        assert found.text in found.message and OWNER in found.message


@pytest.mark.parametrize("change", [note, link])
def test_what_hangs_on_a_goals_cell_is_of_that_goal(year: Year, change: Change) -> None:
    seen = see(year, year.fill(OWNER, SAID, change=change))
    assert [each.goal for each in seen.returned.kept if each.kind == change.__name__] == ["M2.2.5"]


def test_the_same_bytes_under_two_names_count_once(year: Year) -> None:
    path = year.fill(OWNER, SAID, name="b.xlsx")
    shutil.copy(path, path.with_name("a.xlsx"))
    found = collect(open_agreement(year.agreement), [year.answers], None)
    assert [each.source.name for each in found.returned] == ["a.xlsx"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_skema_saved_by_libreoffice_says_the_same(year: Year, libreoffice: Callable[[Path, str], Path],
                                                    kind: str) -> None:
    path = year.fill(OWNER, SAID, by="Ledelsessekretariatet", done="Ja", change=propose)
    straight = see(year, path)
    saved = see(year, libreoffice(path, kind))
    assert saved.answers == straight.answers == READ
    assert (saved.codes, saved.loose) == (straight.codes, straight.loose)
    assert (saved.returned.filled_by, saved.returned.finished) == ("Ledelsessekretariatet", "Ja")
    assert (saved.returned.cells, saved.returned.sent) == (straight.returned.cells, straight.returned.sent)
