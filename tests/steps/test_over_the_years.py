"""From one round and one year to the next: whose follow-up is used, what it gives, and who has left in between."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
from conftest import Year, cell_at, header_row, opened

from aftale.model.agreement import Round
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import Given, generer


def done(report: Report) -> Report:
    write_all(list(report.files))
    return report


def codes(report: Report) -> list[str]:
    return [each.code for each in report.problems]


def followup_of_2015(year: Year) -> Path:
    year.fill("Husteamet", {"M3.3.1": {"Udgangspunkt": 400000, "Resultat": 424000, "Status": "Opfyldt"}}, by="Vagten")
    out = year.folder / "opfoelgning_2015.xlsx"
    done(flet(year.agreement, [year.answers], out))
    return out


def skema_row(folder: Path, owner: str, goal: str) -> dict[str, object]:
    """Return a goal's cells in somebody's skema by header."""
    sheet = opened(next(folder.glob(f"*_{owner}_*.xlsx")))["Skema"]
    header = header_row(sheet)
    names = [cell.value for cell in sheet[header]]
    row = next(row for row in sheet.iter_rows(min_row=header + 1, values_only=True) if row[0] == goal)
    return {str(name): value for name, value in zip(names, row, strict=True) if name}


def test_next_years_skema_has_the_result_of_the_year_before_as_its_baseline(year: Year) -> None:
    earlier = followup_of_2015(year)
    agreement = year.folder / "aftale_2016.xlsx"
    done(generer(example_path(), agreement, template_path(), Given(year=2016)))
    report = done(fordel(agreement, Round.MIDTVEJS, year.folder / "2016", date(2016, 6, 10), [earlier]))
    assert "earlier-other" not in codes(report)
    row = skema_row(year.folder / "2016", "husteamet", "M3.3.1")
    assert "Udgangspunkt: 424.000" in row["Mål"].split("\n")
    assert row["Sidst (november 2015)"] == "✓ Opfyldt\n424.000 besøg"


def test_somebody_whose_only_goals_were_taken_out_is_still_ansvarlig(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}}, by="Vagten")
    book = openpyxl.load_workbook(year.agreement)
    for row in book["Mål"].iter_rows():
        if any(cell.value == "Husteamet" for cell in row):
            cell_at(book["Mål"], str(row[0].value), "Note").value = "Udgået: lukket"
    book.save(year.agreement)
    report = flet(year.agreement, [year.answers], year.folder / "efter.xlsx")
    assert "owner-gone" not in codes(report) and "owner-without-goals" in codes(report)


def test_another_units_follow_up_is_not_used(year: Year) -> None:
    earlier = followup_of_2015(year)
    agreement = year.folder / "museet.xlsx"
    done(generer(example_path(), agreement, template_path(), Given(unit="Museet", year=2016)))
    report = done(fordel(agreement, Round.MIDTVEJS, year.folder / "museet", date(2016, 6, 10), [earlier]))
    assert "earlier-other" in codes(report)
    row = skema_row(year.folder / "museet", "husteamet", "M3.3.1")
    assert row["Udgangspunkt"] is None and not any(name.startswith("Sidst") for name in row)


def test_the_skema_of_somebody_who_no_longer_answers_for_anything_is_merged_and_asked_about(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}}, by="Vagten")
    assert "owner-gone" not in codes(flet(year.agreement, [year.answers], year.folder / "foer.xlsx"))
    book = openpyxl.load_workbook(year.agreement)
    for row in book["Mål"].iter_rows():
        for cell in row:
            if cell.value == "Husteamet":
                cell.value = "Bygningsteamet"
    book.save(year.agreement)
    report = flet(year.agreement, [year.answers], year.folder / "efter.xlsx")
    assert codes(report).count("owner-gone") == 1
    goals = report.data["goals"]
    assert isinstance(goals, list)
    assert next(goal["status"] for goal in goals if goal["id"] == "M2.1.1") == "Opfyldt"
