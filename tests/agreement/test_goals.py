"""Reading goals: what people write on the sheet Mål, what is read, and what is asked about it and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftale.agreement.read_goals import ReadAgreement, grouped, read_agreement
from aftale.intake.read import read_workbook
from aftale.model.agreement import Goal, Level, Method, Scope
from aftale.model.columns import AGREED_COLUMNS, AgreedColumn, maal_columns
from aftale.model.findings import Finding, Severity
from aftale.model.place import Source
from aftale.model.workbook import Workbook, WorkbookSheet
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.generer import Given, generer
from aftale.steps.open_agreement import open_agreement

FACTS = {"enhed": "Biblioteket", "afdeling": "KSE", "aar": "2015", "periode": "2015-2018"}


def cells(table: str) -> list[list[Any]]:
    """Turn a table with | into cells; figures become numbers as in Excel, »'« keeps them text, \\n breaks a line."""
    rows: list[list[Any]] = []
    for line in table.strip().splitlines():
        row: list[Any] = []
        for part in line.split("|"):
            text = part.strip().replace("\\n", "\n")
            plain = text.replace(",", ".").removeprefix("-")
            is_number = rows and plain.replace(".", "", 1).isdigit()
            row.append(float(text.replace(",", ".")) if is_number else text.removeprefix("'"))
        rows.append(row)
    return rows


def read(table: str, sheet: str = "Mål", **facts: str) -> ReadAgreement:
    """Read a table of goals as it would stand in a workbook."""
    book = Workbook(Source("", "maal.xlsx"), (WorkbookSheet(sheet, cells(table)),))
    return read_agreement(book, {**FACTS, **facts})


def asked(found: ReadAgreement) -> list[tuple[str, str]]:
    """Return what is asked or wrong, as (code, cell); ids that were given aren't news here."""
    return [(p.code, p.place.cell) for p in found.problems if p.code != "id-given"]


def one(found: ReadAgreement, code: str) -> Finding:
    (problem,) = [p for p in found.problems if p.code == code]
    return problem


def only(found: ReadAgreement) -> Goal:
    (goal,) = found.agreement.goals
    return goal


# ---------------------------------------------------------------- normal input

def test_a_full_row() -> None:
    found = read("""
Mål-id | Udviklingsmål | Fokusområde | Effektmål | Delmål | 2015 | 2016 | KSE-krav | Politik | Indikator | Måltype | Udgangspunkt | Måltal | Måleenhed | Opgøres | Budget | Ansvarlig | E-mail | Note
M1.2.3 | Synlighed | Unge | Unge kommer | | x | 30 | Bredde; Partnerskaber | Ungepolitik | Antal | Mindst | 12,5 | 20 | besøg | Pr. år | Egen | Ungeteamet | ung@b.example.dk | Husk
""")  # noqa: E501
    goal = only(found)
    assert found.problems == ()
    assert (goal.id, goal.level, goal.text) == ("M1.2.3", Level.EFFECT, "Unge kommer")
    assert goal.years == {2015: None, 2016: 30.0}
    assert (goal.measure.method, goal.measure.target, goal.measure.baseline, goal.measure.unit, goal.measure.scope) == (
        Method.AT_LEAST, 20.0, 12.5, "besøg", Scope.PER_YEAR)
    assert (goal.demands, goal.policy, goal.indicator, goal.budget, goal.note) == (
        ("Bredde", "Partnerskaber"), "Ungepolitik", "Antal", "Egen", "Husk")
    assert [(owner.name, owner.email) for owner in goal.owners] == [("Ungeteamet", "ung@b.example.dk")]


@pytest.mark.parametrize(("row", "level"), [
    ("Synlighed | Unge | Unge kommer | Ét kursus", Level.SUB),
    ("Synlighed | Unge | Unge kommer |          ", Level.EFFECT),
    ("Synlighed |      | Unge kommer |          ", Level.EFFECT),
    ("Synlighed | Unge |             |          ", Level.FOCUS),
    ("Synlighed |      |             |          ", Level.DEVELOPMENT)])
def test_levels_are_read_from_the_columns(row: str, level: Level) -> None:
    found = read(f"Udviklingsmål | Fokusområde | Effektmål | Delmål\n{row}")
    assert only(found).level is level and asked(found) == []


@pytest.mark.parametrize("table", [
    "Udviklingsmål | Effektmål \n Synlighed | Unge kommer",
    "Udviklingsmål | Fokusområde \n Synlighed | Unge",
    "Effektmål | Ansvarlig \n Unge kommer | Ungeteamet"], ids=["no focus", "two levels", "effektmål alone"])
def test_two_levels_without_years_or_targets_are_normal(table: str) -> None:
    found = read(table)
    assert asked(found) == []
    goal = only(found)
    assert (goal.years, goal.measure.target, goal.measure.method) == ({}, None, None)


def test_level_and_parent_are_never_read_from_the_id() -> None:
    goal = only(read("Mål-id | Udviklingsmål | Fokusområde | Effektmål\nM4.3.2.1 | Synlighed | Unge |"))
    assert (goal.id, goal.level) == ("M4.3.2.1", Level.FOCUS)


@pytest.mark.parametrize("cross", ["x", "X", " x ", "✓", "✔", "ja", "Ja", "k", "kryds", "'x"])
def test_a_cross_has_many_shapes(cross: str) -> None:
    assert only(read(f"Effektmål | Fokusområde | 2015 | 2016\nUnge | Alle | {cross} |")).years == {2015: None}


@pytest.mark.parametrize(("cell", "target"), [("5", 5.0), ("4,9", 4.9), ("0", 0.0), ("'5", 5.0), ("'1.200", 1200.0)])
def test_a_number_in_a_year_is_that_years_target(cell: str, target: float) -> None:
    assert only(read(f"Effektmål | Fokusområde | 2015 | 2016\nUnge | Alle | {cell} | x")).years == {2015: target, 2016: None}


def test_true_in_a_year_is_a_cross_and_false_is_none() -> None:
    rows = [["Effektmål", "Fokusområde", "2015", "2016"], ["Unge", "Alle", True, False]]
    found = read_agreement(Workbook(Source("", "maal.xlsx"), (WorkbookSheet("Mål", rows),)), dict(FACTS))
    assert only(found).years == {2015: None}


# ---------------------------------------------------------------- headers

@pytest.mark.parametrize("header", ["Effektmål", "effektmål", "  EFFEKTMÅL ", "Effekt\\nmål", "Effekt mål", "effektmaal",
                                    "Effektma\u030al", "Effekt\u00a0mål"])
def test_a_header_is_known_in_any_spelling(header: str) -> None:
    assert only(read(f"{header} | Fokusområde | Ansvarlige\nUnge kommer | Unge | Ungeteamet")).text == "Unge kommer"


def test_columns_stand_in_any_order_under_any_title_on_any_sheet() -> None:
    found = read("""
Biblioteket 2015 | | | |
Sidst rettet af koordinatoren | | | |
Ansvarlige | 2016 | Effektmål | mail | Fokusområder
Ungeteamet | x | Unge kommer | ung@b.example.dk | Unge
""", sheet="Ark1")
    goal = only(found)
    assert (goal.texts, goal.years) == (("", "Unge", "Unge kommer", ""), {2016: None})
    assert [(owner.name, owner.email) for owner in goal.owners] == [("Ungeteamet", "ung@b.example.dk")]


def test_an_unknown_column_is_named_with_a_guess_at_what_was_meant() -> None:
    found = read("Effektmål | Fokusområde | Ansvarlg | Farve\nUnge | Alle | Ungeteamet | blå")
    assert asked(found) == [("column-unknown", "C1"), ("column-unknown", "D1")]
    first, second = (p for p in found.problems if p.code == "column-unknown")
    assert (first.text, first.advice, first.level) == ("Ansvarlg", "Mente du »Ansvarlig«?", Severity.INFO)
    assert (second.text, second.advice) == ("Farve", "")


def test_a_sheet_without_goals_is_said() -> None:
    found = read("Vagtplan | Mandag\nSkranken | Ungeteamet")
    assert found.agreement.goals == () and asked(found) == [("no-goals-sheet", "")]


# ---------------------------------------------------------------- what is asked, in which cell

DOUBTS = """
what                         | headers                   | row                        | code              | cell
unknown måltype              | Måltype                   | Mindste                    | method-unknown    | C2
unknown opgøres              | Opgøres                   | Hvert år                   | scope-unknown     | C2
a target that is missing     | Måltype ; Måltal          | Mindst ;                   | target-missing    | D2
a fall without a target      | Måltype ; Måltal          | Fald i % ;                 | target-missing    | D2
a target in words            | Måltype ; Måltal          | Mindst ; mange             | number-unreadable | D2
a baseline in words          | Udgangspunkt              | ved ikke                   | number-unreadable | C2
a year in words              | 2015                      | måske                      | year-unreadable   | C2
a year outside the period    | 2019                      | x                          | year-outside      | C2
a target outside the period  | 2014                      | 5                          | year-outside      | C2
a demand of their own        | KSE-krav                  | Bredde og dybde            | demand-unknown    | C2
one address for two          | Ansvarlig ; E-mail        | A + B ; a@b.dk             | email-mismatch    | D2
three addresses for two      | Ansvarlig ; E-mail        | A + B ; a@b.dk+b@b.dk+c@b.dk | email-mismatch  | D2
withdrawn                    | Note                      | Udgået i marts             | goal-withdrawn    | C2
"""


@pytest.mark.parametrize("line", DOUBTS.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_a_doubt_names_its_cell_and_the_goal_goes_through(line: str) -> None:
    _, headers, row, code, cell = (part.strip() for part in line.split("|"))
    joined = " | ".join(part.strip().replace("+", ";") for part in row.split(";"))
    found = read(f"Effektmål | Fokusområde | {headers.replace(';', '|')}\nUnge kommer | Unge | {joined}")
    assert asked(found) == [(code, cell)]
    assert only(found).text == "Unge kommer"
    problem = one(found, code)
    assert (problem.place.file, problem.place.sheet) == ("maal.xlsx", "Mål") and problem.advice


@pytest.mark.parametrize(("headers", "row", "code", "hint"), [
    ("Måltype", "Mindste", "method-unknown", "Mente du »Mindst«?"),
    ("Måltype", "stigning i pct", "method-unknown", "Mente du »Stigning i %«?"),
    ("Opgøres", "Pr år", "scope-unknown", "Mente du »Pr. år«?"),
    ("Opgøres", "i period", "scope-unknown", "Mente du »I perioden«?")])
def test_a_near_miss_is_answered_with_mente_du(headers: str, row: str, code: str, hint: str) -> None:
    found = read(f"Effektmål | Fokusområde | {headers}\nUnge | Alle | {row}")
    assert hint in one(found, code).advice
    assert only(found).measure.method is None and only(found).measure.scope is None, "never guessed silently"


@pytest.mark.parametrize(("written", "method"), [
    ("mindst", Method.AT_LEAST), (" HØJST ", Method.AT_MOST), ("Stigning i procent", Method.RISE_PERCENT),
    ("fald i pct.", Method.FALL_PERCENT), ("Leverance", Method.DELIVERY)])
def test_case_spaces_and_percent_in_letters_are_forgiven(written: str, method: Method) -> None:
    found = read(f"Effektmål | Fokusområde | Måltype | Måltal\nUnge | Alle | {written} | 50")
    assert only(found).measure.method is method and asked(found) == []


@pytest.mark.parametrize("years", ["5 | x", "x | 5"])
def test_a_target_in_a_year_is_target_enough(years: str) -> None:
    assert asked(read(f"Effektmål | Fokusområde | 2015 | 2016 | Måltype | Måltal\nUnge | Alle | {years} | Mindst |")) == []


@pytest.mark.parametrize("column", ["Måltal", "2015"])
@pytest.mark.parametrize(("cell", "points"), [
    ("50", 50.0), ("0,5", 50.0), ("0,03", 3.0), ("'50", 50.0), ("'5", 5.0), ("'3", 3.0), ("'0,5", 0.5), ("'3 %", 3.0)])
def test_the_target_of_a_growth_goal_is_points_wherever_it_stands(column: str, cell: str, points: float) -> None:
    """A number in a workbook's cell may have a percent format; text, as in a list of goals, says what it means."""
    found = read(f"Effektmål | Fokusområde | Måltype | {column}\nUnge | Alle | Stigning i % | {cell}")
    goal = only(found)
    assert (goal.measure.target if column == "Måltal" else goal.years[2015]) == pytest.approx(points)
    assert asked(found) == []


@pytest.mark.parametrize(("baseline", "formatted", "target", "asks"), [
    pytest.param(0.4, False, 0.1, "Mente du 0,1 procentpoint eller 10 procentpoint?", id="a share beside a small number"),
    pytest.param(0.4, False, 10.0, "", id="a share beside so many points"),
    pytest.param(40.0, False, 0.5, "", id="percent beside half a point"),
    pytest.param(0.4, True, 0.1, "", id="a share that is shown as percent")])
def test_procentpoint_that_may_be_a_share_as_its_udgangspunkt_is_are_asked_about(
        baseline: float, formatted: bool, target: float, asks: str) -> None:
    rows: list[list[Any]] = [["Effektmål", "Fokusområde", "Måltype", "Måleenhed", "Udgangspunkt", "Måltal"],
                             ["Unge", "Alle", "Stigning i %", "procentpoint", baseline, target]]
    percent = frozenset({(1, 4)} if formatted else ())
    found = read_agreement(Workbook(Source("", "maal.xlsx"), (WorkbookSheet("Mål", rows, percent=percent),)), FACTS)
    assert asked(found) == ([("percent-ambiguous", "F2")] if asks else [])
    assert only(found).measure.baseline == 40.0
    assert only(found).measure.target == (None if asks else target)
    assert asks in " ".join(p.advice for p in found.problems)


@pytest.mark.parametrize("column", ["Måltal", "2015"])
def test_a_percentage_between_1_and_5_in_a_cell_of_unknown_format_is_asked(column: str) -> None:
    found = read(f"Effektmål | Fokusområde | Måltype | {column}\nUnge | Alle | Stigning i % | 3")
    assert asked(found)[0] == ("percent-ambiguous", "D2")
    assert only(found).measure.target is None
    assert only(found).years == ({2015: None} if column == "2015" else {}), "active all the same"


@pytest.mark.parametrize("column", ["Måltal", "2015"])
@pytest.mark.parametrize("target", ["3", "50", "150", "300"])
def test_the_target_of_a_growth_goal_goes_through_generer_and_comes_back(tmp_path: Path, column: str, target: str) -> None:
    source, out = tmp_path / "maal.csv", tmp_path / "aftale.xlsx"
    source.write_text(f"Udviklingsmål;Effektmål;Måltype;{column};Måleenhed;Udgangspunkt;Ansvarlig;E-mail\n"
                      f"Synlighed;Unge;Stigning i %;{target};besøg;10;A;a@b.example.dk\n", encoding="utf-8")
    report = generer(source, out, template_path(), Given("Biblioteket", 2015, "2015-2018"))
    write_all(list(report.files))
    assert [p.code for p in report.problems if p.level is Severity.QUESTION] == []
    for path in (out, tmp_path / "igen.xlsx"):
        opened = open_agreement(path)
        (goal,) = opened.agreement.goals
        assert (goal.measure.target if column == "Måltal" else goal.years[2015]) == float(target)
        assert opened.questions == ()
        if path == out:
            again = generer(out, tmp_path / "igen.xlsx", template_path())
            write_all(list(again.files))
            assert [p.code for p in again.problems if p.level is Severity.QUESTION] == []


@pytest.mark.parametrize("method", ["", "Fastholdes", "Stiger", "Falder", "Leverance"])
def test_these_need_no_target(method: str) -> None:
    assert asked(read(f"Effektmål | Fokusområde | Måltype | Måltal\nUnge | Alle | {method} |")) == []


# ---------------------------------------------------------------- ansvarlige

@pytest.mark.parametrize(("owners", "emails", "wanted"), [
    ("Ungeteamet", "u@b.dk", [("Ungeteamet", "u@b.dk")]),
    ("Ungeteamet; Husteamet", "u@b.dk; h@b.dk", [("Ungeteamet", "u@b.dk"), ("Husteamet", "h@b.dk")]),
    ("Ungeteamet\\nHusteamet", "u@b.dk\\nh@b.dk", [("Ungeteamet", "u@b.dk"), ("Husteamet", "h@b.dk")]),
    ("Ungeteamet;; Husteamet ;", "", [("Ungeteamet", ""), ("Husteamet", "")]),
    ("Ungeteamet; ungeteamet", "", [("ungeteamet", "")]),
    ("HR, drift og udvikling", "", [("HR, drift og udvikling", "")]),
    ("", "u@b.dk", [])])
def test_several_ansvarlige_stand_with_a_semicolon(owners: str, emails: str, wanted: list[tuple[str, str]]) -> None:
    found = read(f"Effektmål | Fokusområde | Ansvarlig | E-mail\nUnge | Alle | {owners} | {emails}")
    assert [(owner.name, owner.email) for owner in only(found).owners] == wanted
    assert asked(found) == []


# ---------------------------------------------------------------- rows

def test_a_row_of_figures_without_a_goal_is_asked_about_and_an_empty_one_is_not() -> None:
    found = read("""
Effektmål | Fokusområde | 2015 | Måltal | Ansvarlig
Unge      | Alle        | x    |        | Ungeteamet
          |             |      |        |
          |             | x    | 12     |
""")
    assert [goal.text for goal in found.agreement.goals] == ["Unge"]
    assert asked(found) == [("row-without-goal", "A4")]


@pytest.mark.parametrize(("note", "withdrawn", "replaces"), [
    ("Udgået efter aftale med KSE", True, ""), ("udgår fra 2016", True, ""), ("Erstatter M1.2.3", False, "M1.2.3"),
    ("Nyt mål; erstatter M1.0.4 fra 2015", False, "M1.0.4"), ("Er ikke udgået", False, ""), ("", False, "")])
def test_withdrawn_and_replaced_stand_in_the_note(note: str, withdrawn: bool, replaces: str) -> None:
    goal = only(read(f"Effektmål | Fokusområde | Note\nUnge | Alle | {note}"))
    assert (goal.withdrawn, goal.replaces) == (withdrawn, replaces)


@pytest.mark.parametrize(("facts", "year", "period"), [
    ({}, 2015, (2015, 2018)),
    ({"aar": "", "periode": "2016-2019"}, 2016, (2016, 2019)),
    ({"aar": "2017", "periode": "2015 til 2018"}, 2017, (2015, 2018)),
    ({"aar": "2015", "periode": ""}, 2015, (2015, 2016)),
    ({"aar": "", "periode": ""}, 2015, (2015, 2016))])
def test_what_forside_does_not_say_is_taken_from_the_headers(facts: dict[str, str], year: int,
                                                            period: tuple[int, int]) -> None:
    found = read_agreement(Workbook(Source("", "maal.xlsx"), (WorkbookSheet("Mål", cells(
        "Effektmål | Fokusområde | 2015 | 2016\nUnge | Alle | x |")),)), {**FACTS, **facts})
    assert (found.agreement.year, found.agreement.period) == (year, period)


# ---------------------------------------------------------------- what can't be read is carried over

UNREAD = """
Udviklingsmål | Effektmål   | 2015   | 2016 | Måltype | Måltal | Udgangspunkt | Opgøres  | Ansvarlig | E-mail
Synlighed     | Unge kommer | måske? | x    | Mindste | mange  | ved ikke     | Hvert år | A; B      | a@b.dk
"""


def workbook(path: Path, table: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet.title = "Mål"
    for row in cells(table):
        sheet.append([value if value != "" else None for value in row])
    book.save(path)
    return path


def made_row(path: Path) -> dict[str, Any]:
    book = read_workbook(path)
    assert isinstance(book, Workbook)
    rows = next(sheet.rows for sheet in book.sheets if sheet.name == "Mål")
    start = next(n for n, row in enumerate(rows) if "Mål-id" in row)
    return dict(zip(map(str, rows[start]), rows[start + 1], strict=True))


def test_generer_lets_what_it_could_not_read_stand_in_its_cell(tmp_path: Path) -> None:
    out = tmp_path / "aftale.xlsx"
    report = generer(workbook(tmp_path / "maal.xlsx", UNREAD), out, template_path())
    write_all(list(report.files))
    row = made_row(out)
    kept = ("2015", "2016", "Måltype", "Måltal", "Udgangspunkt", "Opgøres", "Ansvarlig", "E-mail")
    assert [row[column] for column in kept] == [
        "måske?", "x", "Mindste", "mange", "ved ikke", "Hvert år", "A; B", "a@b.dk"]
    assert row["Mål-id"] == "M1.0.1"
    codes = sorted(p.code for p in report.problems if p.level is Severity.QUESTION)
    assert codes == ["email-mismatch", "method-unknown", "number-unreadable", "number-unreadable", "scope-unknown",
                     "year-unreadable"]
    assert {p.place.file for p in report.problems if p.code in codes} == {"aftale.xlsx"}, "the cell that can be mended"


def test_what_was_carried_over_can_be_mended_there(tmp_path: Path) -> None:
    out = tmp_path / "aftale.xlsx"
    write_all(list(generer(workbook(tmp_path / "maal.xlsx", UNREAD), out, template_path()).files))
    book = openpyxl.load_workbook(out)
    for row in book["Mål"].iter_rows():
        for cell in row:
            cell.value = {"Mindste": "Mindst", "mange": 20, "ved ikke": None, "Hvert år": "Pr. år", "måske?": "x",
                          "a@b.dk": "a@b.dk; b@b.dk"}.get(str(cell.value), cell.value)
    book.save(out)
    read_again = read_workbook(out)
    assert isinstance(read_again, Workbook)
    found = read_agreement(read_again)
    goal = only(found)
    assert (goal.measure.method, goal.measure.target, goal.years) == (Method.AT_LEAST, 20.0, {2015: None, 2016: None})
    assert [p.code for p in found.problems if p.level is Severity.QUESTION] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_of_goals_may_come_as_csv_of_any_kind(tmp_path: Path, encoding: str, separator: str) -> None:
    source = tmp_path / "maal.csv"
    rows = [["Udviklingsmål", "Effektmål", "2015", "Måltype", "Måltal"],
            ["Synlighed", "Børn læser på ø'er", "x", "Højst", "12"]]
    source.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    report = generer(source, tmp_path / "aftale.xlsx", template_path())
    write_all(list(report.files))
    row = made_row(tmp_path / "aftale.xlsx")
    assert (row["Effektmål"], row["2015"], row["Måltype"], row["Måltal"]) == ("Børn læser på ø'er", "x", "Højst", 12.0)


def test_the_headers_of_the_agreement_are_those_of_the_contract() -> None:
    assert " · ".join(column.header for column in maal_columns(range(2015, 2019))) == (
        "Mål-id · Udviklingsmål · Fokusområde · Effektmål · Delmål · 2015 · 2016 · 2017 · 2018 · KSE-krav · Politik ·"
        " Indikator · Måltype · Udgangspunkt · Måltal · Måleenhed · Opgøres · Frist · Budget · Ansvarlig · E-mail · Note")


@pytest.mark.parametrize("column", [column for column in AGREED_COLUMNS if column.free], ids=lambda column: column.key)
def test_a_free_text_is_read_and_a_change_of_it_makes_skemaer_old_where_it_is_shown(column: AgreedColumn) -> None:
    before, after = (read(f"""
Udviklingsmål | Effektmål | 2015 | {column.header}
Synlighed | Unge kommer | x | {text}
""") for text in ("Sommerferien", "Efterårsferien"))
    assert [only(found).agreed(column.key) for found in (before, after)] == ["Sommerferien", "Efterårsferien"]
    assert (before.agreement.fingerprint != after.agreement.fingerprint) is column.fingerprint


@pytest.mark.parametrize(("label", "written", "day", "asked_about"), [
    pytest.param("Forvaltningens svarfrist, årsopfølgning", "4. december 2015", date(2015, 12, 4), [],
                 id="as the template has it"),
    pytest.param("Svarfrist for årsopfølgning:", "4/12", date(2015, 12, 4), [], id="as people write it"),
    pytest.param("Forvaltningens svarfrist, årsopfølgning", None, None, [], id="empty is no question"),
    pytest.param("Tema", "Synlighed", None, [], id="a Forside without the line is no question"),
    pytest.param("Svarfrist for årsopfølgning", "når de kan", None, ["fact-unread"], id="what is no day is asked about"),
])
def test_the_departments_answer_deadline_may_stand_on_forside(label: str, written: str | None, day: date | None,
                                                              asked_about: list[str]) -> None:
    known: list[list[Any]] = [["Aftaleår", "2015"], ["Frist for årsopfølgning", date(2015, 11, 11)]]
    front = WorkbookSheet("Forside", [*known, [label, written]])
    goals = WorkbookSheet("Mål", cells("Udviklingsmål | Effektmål | 2015\nSynlighed | Unge kommer | x"))
    found, without = (read_agreement(Workbook(Source("", "a.xlsx"), sheets), FACTS)
                      for sheets in ((front, goals), (replace(front, rows=known), goals)))
    assert found.agreement.facts.get("svarfrist_aarsopfoelgning") == day
    assert found.agreement.facts["frist_aarsopfoelgning"] == date(2015, 11, 11)
    missing = [p.text for p in found.problems if p.code == "fact-missing"]
    assert not [key for key in missing if key.startswith("svarfrist")]
    assert [p.code for p in found.problems if p.code in ("fact-unread", "fact-missing") and "svarfrist" in p.message.lower()
            ] == asked_about
    if label != "Tema":
        assert found.agreement.fingerprint == without.agreement.fingerprint, "no skema is old because of it"


@pytest.mark.parametrize(("rows", "expected"), [
    ("A/a/1 A/a/1/x A/b/2 B/c/3", "A/a/1 A/a/1/x A/b/2 B/c/3"),
    ("A/a/1 B/c/3 A/a/2", "A/a/1 A/a/2 B/c/3"),
    ("A/a/1 A/b/2 A/a/3", "A/a/1 A/a/3 A/b/2"),
    ("A/a/1 A/a/2 A/a/1/x", "A/a/1 A/a/1/x A/a/2"),
    ("A/a A/a/1 B A/a/2", "A/a A/a/1 A/a/2 B"),
    ("B/c/1 A/a/1 b/C/2", "B/c/1 b/C/2 A/a/1"),
])
def test_goals_of_a_kind_stand_together_where_the_first_of_them_stands(rows: str, expected: str) -> None:
    goals = []
    for row in rows.split():
        texts = (*row.split("/"), "", "", "")[:4]
        goals.append(Goal(row, Level(row.count("/") + 1), (texts[0], texts[1], texts[2], texts[3])))
    assert " ".join(goal.id for goal in grouped(goals)) == expected
