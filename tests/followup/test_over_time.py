"""A result beside the goal's earlier ones: what is asked, and what is an ordinary year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, cell_at, fill_in, opened

from aftale.followup.odd_figures import Figure, oddities
from aftale.merge.state import History
from aftale.model.agreement import Goal, Level, Measure, Method, Round, Scope
from aftale.model.findings import Severity
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.generer import Given, generer
from aftale.steps.indlaes import Known, indlaes
from aftale.steps.nyt_aar import nyt_aar

VISITS = Measure(Method.RISE_PERCENT, 5, None, "besøg", Scope.PER_YEAR)
EVENTS = Measure(Method.AT_LEAST, 20, None, "events", Scope.PER_YEAR)
TO_DATE = Measure(Method.AT_LEAST, 18, None, "aktiviteter", Scope.IN_PERIOD)
SHARE = Measure(Method.AT_LEAST, 85, None, "%", Scope.PER_YEAR)
POINTS = Measure(Method.AT_LEAST, 4.9, None, "point", Scope.IN_PERIOD)
JUNE, YEAR = Round.MIDTVEJS.value, Round.AARSOPFOELGNING.value


def asked(measure: Measure, result: float, *past: tuple[int, str, float | None],
          now: tuple[int, Round] = (2016, Round.AARSOPFOELGNING)) -> list[str]:
    goal = Goal("M1.1.1", Level.EFFECT, ("A", "B", "C", ""), measure=measure)
    earlier = [History("M1.1.1", year, round_, result=was) for year, round_, was in past]
    return [f"{odd.code}{'' if odd.level is Severity.QUESTION else ' (info)'}"
            for odd in oddities(Figure(goal, *now, result, earlier, since=2015))]


@pytest.mark.parametrize(("measure", "result", "past", "found"), [
    # the same figure as last year
    (VISITS, 424350, [(2015, YEAR, 424350)], ["same-as-last-year"]),
    (VISITS, 424351, [(2015, YEAR, 424350)], []),
    (EVENTS, 3, [(2015, YEAR, 3)], ["same-as-last-year (info)"]),
    (POINTS, 4.9, [(2015, YEAR, 4.9)], ["same-as-last-year (info)"]),
    (EVENTS, 0, [(2015, YEAR, 0)], []),
    (VISITS, 424350, [(2014, YEAR, 424350), (2015, YEAR, 400000)], []),
    (VISITS, 424350, [(2015, JUNE, 424350), (2015, YEAR, 400000)], []),
    (VISITS, 176300, [(2016, JUNE, 176300)], []),
    (VISITS, 424350, [(2014, YEAR, 424350)], []),
    # another unit
    (SHARE, 0.05, [(2015, YEAR, 5)], ["unit-flipped"]),
    (SHARE, 500, [(2015, YEAR, 5)], ["unit-flipped"]),
    (SHARE, 0.92, [(2015, YEAR, 90)], ["unit-flipped"]),
    (SHARE, 6, [(2015, YEAR, 5)], []),
    (SHARE, 60, [(2015, YEAR, 5)], []),
    (VISITS, 424.35, [(2015, YEAR, 410000)], ["unit-flipped"]),
    (VISITS, 4243.5, [(2015, YEAR, 424350)], ["unit-flipped"]),
    (VISITS, 41000, [(2015, YEAR, 410000)], []),
    (EVENTS, 90, [(2015, YEAR, 1)], []),
    (SHARE, -5, [(2015, YEAR, 500)], ["figure-negative"]),
    (SHARE, 0.05, [(2014, YEAR, 5), (2015, YEAR, None)], ["unit-flipped"]),
    (SHARE, 0.05, [(2014, YEAR, 5), (2015, YEAR, 0)], ["unit-flipped"]),
    # a total to date that fell
    (TO_DATE, 9, [(2015, YEAR, 11)], ["total-fell"]),
    (TO_DATE, 11, [(2015, YEAR, 11)], ["same-as-last-year (info)"]),
    (TO_DATE, 12, [(2015, YEAR, 11)], []),
    (TO_DATE, 0, [(2016, JUNE, 4)], ["total-fell"]),
    (TO_DATE, 9, [(2015, YEAR, 11), (2016, JUNE, 9)], ["total-fell"]),
    (TO_DATE, 9, [(2014, YEAR, 40), (2015, YEAR, 7)], []),
    (TO_DATE, 3, [(2015, YEAR, 0), (2016, JUNE, None)], []),
    (EVENTS, 9, [(2015, YEAR, 11)], []),
    (POINTS, 4.2, [(2015, YEAR, 4.5)], []),
    (TO_DATE, 9, [], []),
])
def test_what_is_odd_beside_the_years_before(measure: Measure, result: float, past: list[tuple[int, str, float | None]],
                                             found: list[str]) -> None:
    assert asked(measure, result, *past) == found


@pytest.mark.parametrize(("result", "found"), [
    (176300, ["same-as-last-year"]), (424350, ["same-as-last-year"]), (180000, [])])
def test_a_midtvejs_figure_is_looked_at_beside_last_years_midtvejs_and_the_whole_year(result: float,
                                                                                      found: list[str]) -> None:
    last_year = ((2015, JUNE, 176300), (2015, YEAR, 424350))
    assert asked(VISITS, result, *last_year, now=(2016, Round.MIDTVEJS)) == found


def test_what_is_odd_is_said_with_when_and_unit() -> None:
    goal = Goal("M1.1.1", Level.EFFECT, ("A", "B", "C", ""), measure=SHARE)
    (odd,) = oddities(Figure(goal, 2016, Round.AARSOPFOELGNING, 0.05, [History("M1.1.1", 2015, YEAR, result=5.0)]))
    assert (odd.before, odd.when) == ("5 %", "årsopfølgningen 2015")
    goal = replace(goal, measure=TO_DATE)
    past = [History("M1.1.1", 2015, YEAR, result=11.0), History("M1.1.1", 2016, JUNE, result=9.0)]
    (odd,) = oddities(Figure(goal, 2016, Round.AARSOPFOELGNING, 9.0, past))
    assert (odd.before, odd.when) == ("11", "årsopfølgningen 2015")


def done(report: Report) -> Report:
    write_all(list(report.files))
    return report


def answers_of_2016(year: Year, *earlier: Path, **results: float) -> Year:
    """Make 2016's skemaer, and answer with Husteamet's visitors and Formidlingsteamet's activities."""
    agreement = year.folder / "aftale_2016.xlsx"
    done(generer(example_path(), agreement, template_path(), Given(year=2016)))
    forms = year.folder / "2016"
    done(fordel(agreement, Round.AARSOPFOELGNING, forms, date(2016, 11, 10), list(earlier)))
    paths = {owner: next(forms.glob(f"*_{owner.lower()}_*.xlsx")) for owner in ("Husteamet", "Formidlingsteamet")}
    then = Year(year.folder / "senere", agreement, paths)
    then.folder.mkdir()
    then.fill("Husteamet", {"M3.3.1": {"Resultat": results["visits"], "Status": "Opfyldt"}}, by="H")
    then.fill("Formidlingsteamet", {"M3.1.1": {"Resultat": results["activities"], "Status": "Forventes opfyldt"}}, by="F")
    return then


def next_year(year: Year, *earlier: Path, **results: float) -> Report:
    """Merge 2016's årsopfølgning beside earlier follow-ups."""
    then = answers_of_2016(year, *earlier, **results)
    return done(flet(then.agreement, [then.answers], year.folder / "opfoelgning_2016.xlsx", list(earlier)))


def followup_of_2015(year: Year) -> Path:
    year.fill("Husteamet", {"M3.3.1": {"Udgangspunkt": 400000, "Resultat": 424350, "Status": "Opfyldt"}}, by="H")
    year.fill("Formidlingsteamet", {"M3.1.1": {"Resultat": 11, "Status": "Forventes opfyldt"}}, by="F")
    out = year.folder / "opfoelgning_2015.xlsx"
    done(flet(year.agreement, [year.answers], out))
    return out


def test_flet_asks_with_file_and_cell_and_it_stands_on_kontrol(year: Year) -> None:
    report = next_year(year, followup_of_2015(year), visits=424350, activities=9)
    found = {p.code: p for p in report.problems if p.code in ("same-as-last-year", "total-fell")}
    assert set(found) == {"same-as-last-year", "total-fell"} and report.exit_code == 1
    assert found["total-fell"].place.cell and found["total-fell"].place.file.endswith(".xlsx")
    assert "årsopfølgningen 2015" in found["total-fell"].message and "11" in found["total-fell"].message
    control = [str(c.value) for row in opened(year.folder / "opfoelgning_2016.xlsx")["Kontrol"].iter_rows()
               for c in row if c.value]
    assert any("mindre end i årsopfølgningen 2015" in text for text in control)


def test_an_ordinary_year_asks_nothing(year: Year) -> None:
    report = next_year(year, followup_of_2015(year), visits=431000, activities=16)
    assert not [p.code for p in report.problems if p.code in ("same-as-last-year", "total-fell", "unit-flipped")]


def test_an_earlier_follow_up_that_a_person_edited_is_read_as_it_stands(year: Year) -> None:
    path = followup_of_2015(year)
    book = openpyxl.load_workbook(path)
    cell_at(book["Opfølgning"], "M3.1.1", "Resultat").value = 15
    book.save(path)
    report = next_year(year, path, visits=431000, activities=13)
    (asked_,) = [p for p in report.problems if p.code == "total-fell"]
    assert "15" in asked_.message


# ---------------------------------------------------------------- asked in a skema that goes back

ODD = {"same-as-last-year", "unit-flipped", "total-fell"}


def sheet_of(path: Path) -> list[tuple[str, ...]]:
    return [tuple(str(value or "") for value in row) for row in
            opened(path)["Spørgsmål"].iter_rows(values_only=True)]


def asked_back(then: Year, earlier: Path, known: Known | None = None) -> dict[str, list[str]]:
    """Return what each skema that goes back asks of figures beside earlier ones, by Mål-id."""
    folder = then.folder / "retur"
    report = done(indlaes(then.agreement, [then.answers], retur=DraftFolder(folder), earlier=[earlier],
                          known=known or Known()))
    asked_: dict[str, list[str]] = {}
    for each in report.data["returns"]:  # type: ignore[attr-defined]
        for one in each["questions"]:
            if one["code"] in ODD:
                asked_.setdefault(one["goal"], []).append(one["code"])
    return asked_


def test_indlaes_asks_the_colleague_about_odd_figures(year: Year) -> None:
    before = followup_of_2015(year)
    then = answers_of_2016(year, before, visits=424350, activities=9)
    assert asked_back(then, before) == {"M3.3.1": ["same-as-last-year"], "M3.1.1": ["total-fell"]}
    told = [row for path in (then.folder / "retur").glob("*.xlsx") for row in sheet_of(path)]
    assert any(row[1].startswith("M3.1.1 ") and row[2:4] == ("Resultat", "9")
               and "i årsopfølgningen 2015, hvor det var 11" in row[4] for row in told)


def test_without_earlier_follow_ups_nobody_is_asked(year: Year) -> None:
    before = followup_of_2015(year)
    then = answers_of_2016(year, before, visits=424350, activities=9)
    report = indlaes(then.agreement, [then.answers], retur=DraftFolder(then.folder / "retur"))
    assert not {p.code for p in report.problems} & ODD


def test_a_figure_that_is_left_to_stand_is_not_asked_about_again_but_another_odd_one_is(year: Year) -> None:
    """The coordinator still sees both on Kontrol: the colleague's word for it is no correction."""
    before = followup_of_2015(year)
    then = answers_of_2016(year, before, visits=424350, activities=9)
    asked_back(then, before)
    for owner, goal, answer in (("husteamet", "M3.3.1", {"Bemærkninger": "Tallet er talt op igen og passer."}),
                                ("formidlingsteamet", "M3.1.1", {"Resultat": 10})):
        (path,) = (then.folder / "retur").glob(f"*_{owner}_*.xlsx")
        (then.answers / f"igen_{owner}.xlsx").write_bytes(fill_in(path.read_bytes(), {goal: answer}))
    assert asked_back(then, before) == {"M3.1.1": ["total-fell"]}
    report = flet(then.agreement, [then.answers], year.folder / "opfoelgning_2016.xlsx", [before])
    assert {"same-as-last-year", "total-fell"} <= {p.code for p in report.problems}
    done(report)
    out = year.folder / "opfoelgning_2016.xlsx"
    book = openpyxl.load_workbook(out)
    page = book["Kontrol"]
    row = next(cell.row for cell in page[column(page, "Mål-id")] if cell.value == "M3.3.1"
               and page[f"{column(page, 'Slags')}{cell.row}"].value == "Usandsynligt svar")
    page[f"{column(page, 'Vælg')}{row}"].value = "Spørg Husteamet"
    book.save(out)
    done(flet(then.agreement, [then.answers], out, [before]))
    asked = asked_back(then, before, Known(out))
    assert asked == {"M3.1.1": ["total-fell"], "M3.3.1": ["same-as-last-year"]}, "but where the coordinator wants it asked"


def column(page: Any, header: str) -> str:
    return str(next(cell.column_letter for cell in page[4] if cell.value == header))


# ---------------------------------------------------------------- a baseline answered at midtvejs

def rows(path: Path, sheet: str) -> dict[str, dict[str, object]]:
    """Return a table's rows by Mål-id, each by header."""
    values = list(opened(path)[sheet].iter_rows(values_only=True))
    top = next(n for n, row in enumerate(values) if "Mål-id" in row)
    found = [dict(zip(map(str, values[top]), row, strict=True)) for row in values[top + 1:]]
    return {str(row["Mål-id"]): row for row in found}


def midtvejs_with_a_baseline(year: Year) -> Path:
    """Return the follow-up of a midtvejs where Digitalteamet said what M1.1.1 is measured from."""
    forms, answers, out = (year.folder / name for name in ("skemaer_m", "svar_m", "opfoelgning_midtvejs.xlsx"))
    done(fordel(year.agreement, Round.MIDTVEJS, forms, date(2015, 6, 10)))
    answers.mkdir()
    (form,) = forms.glob("*_digitalteamet_*.xlsx")
    (answers / "svar.xlsx").write_bytes(fill_in(form.read_bytes(), {"M1.1.1": {"Udgangspunkt": 12400}}, "D"))
    done(flet(year.agreement, [answers], out))
    return out


def aarsopfoelgning_after(year: Year, before: Path) -> Year:
    """Return the year with the skemaer of its årsopfølgning made anew, beside the follow-up of midtvejs."""
    forms = year.folder / "skemaer_a"
    done(fordel(year.agreement, Round.AARSOPFOELGNING, forms, date(2015, 11, 10), [before]))
    (form,) = forms.glob("*_digitalteamet_*.xlsx")
    return Year(year.folder, year.agreement, {"Digitalteamet": form})


@pytest.mark.parametrize(("said", "baseline"), [({}, 12400), ({"Udgangspunkt": 12600}, 12600)])
def test_a_baseline_answered_at_midtvejs_holds_in_the_aarsopfoelgning_and_next_year(
        year: Year, said: dict[str, int], baseline: int) -> None:
    before = midtvejs_with_a_baseline(year)
    then = aarsopfoelgning_after(year, before)
    assert rows(then.forms["Digitalteamet"], "Skema")["M1.1.1"]["Udgangspunkt"] == 12400
    then.fill("Digitalteamet", {"M1.1.1": {"Resultat": 15190, "Status": "Forventes opfyldt", **said}}, by="D")
    out = year.folder / "opfoelgning_aar.xlsx"
    report = done(flet(year.agreement, [then.answers], out, [before]))
    row = rows(out, "Opfølgning")["M1.1.1"]
    assert row["Udgangspunkt"] == baseline
    assert row["Målopfyldelse"] == pytest.approx((15190 - baseline) / baseline / 0.5, abs=1e-6)
    assert not [p for p in report.problems if p.code in ("baseline-missing", "conflict") and p.goal == "M1.1.1"]
    new = done(nyt_aar(year.agreement, [out], year.folder / "2016.xlsx"))
    assert rows(year.folder / "2016.xlsx", "Mål")["M1.1.1"]["Udgangspunkt"] == baseline and new.files


def test_what_is_known_of_a_baseline_is_no_answer(year: Year) -> None:
    before = midtvejs_with_a_baseline(year)
    then = aarsopfoelgning_after(year, before)
    then.fill("Digitalteamet", {})
    out = year.folder / "opfoelgning_aar.xlsx"
    report = done(flet(year.agreement, [then.answers], out, [before]))
    row = rows(out, "Opfølgning")["M1.1.1"]
    assert (row["Udgangspunkt"], row["Svarstatus"], row["Kilde"]) == (12400, "Mangler svar", None)
    (read,) = [each for each in report.data["responses"] if each["owner"] == "Digitalteamet"]  # type: ignore[attr-defined]
    assert read["answered"] == []


def test_a_baseline_that_is_taken_back_is_asked_for_again(year: Year) -> None:
    before = midtvejs_with_a_baseline(year)
    then = aarsopfoelgning_after(year, before)
    then.fill("Digitalteamet", {"M1.1.1": {"Udgangspunkt": None, "Resultat": 15190, "Status": "Forventes opfyldt"}}, by="D")
    out = year.folder / "opfoelgning_aar.xlsx"
    report = done(flet(year.agreement, [then.answers], out, [before]))
    assert rows(out, "Opfølgning")["M1.1.1"]["Udgangspunkt"] is None
    assert [p.goal for p in report.problems if p.code == "baseline-missing" and p.goal == "M1.1.1"]


# ---------------------------------------------------------------- what --tidligere is given

def told_of(report: Report) -> tuple[list[str], list[str]]:
    """Return the sentences about where earlier results are from, and the codes about files that aren't used."""
    codes = ("earlier-not", "earlier-folder", "earlier-other", "not-followup", "file-truncated", "file-unreadable")
    return [text for text in report.said if "idligere resultater" in text or "Sidste status" in text], \
        [p.code for p in report.problems if p.code in codes]


def test_only_the_files_that_are_used_are_named_each_once(year: Year) -> None:
    good = followup_of_2015(year)
    damaged = year.folder / "skadet.xlsx"
    damaged.write_bytes(good.read_bytes()[:9000])
    agreement, forms = year.folder / "aftale_2016.xlsx", year.folder / "2016"
    done(generer(example_path(), agreement, template_path(), Given(year=2016)))
    given = [damaged, good, good, year.folder]
    report = done(fordel(agreement, Round.MIDTVEJS, forms, date(2016, 6, 10), given))
    said, codes = told_of(report)
    assert said == ["Sidste status og resultat er fra opfoelgning_2015.xlsx."]
    assert codes[0].startswith("file-") and codes[1:] == ["earlier-folder"]
    (year.folder / "svar_2016").mkdir()
    (form,) = forms.glob("*_husteamet_*.xlsx")
    (year.folder / "svar_2016" / "h.xlsx").write_bytes(fill_in(form.read_bytes(), {"M3.3.1": {"Resultat": 7}}, "H"))
    report = flet(agreement, [year.folder / "svar_2016"], year.folder / "o.xlsx", given)
    assert told_of(report) == (["Tidligere resultater er fra opfoelgning_2015.xlsx."], codes)


def test_a_follow_up_that_is_no_earlier_one_is_told(year: Year) -> None:
    of_2015 = followup_of_2015(year)
    for round_ in (Round.MIDTVEJS, Round.AARSOPFOELGNING):
        report = fordel(year.agreement, round_, year.folder / "nye", date(2015, 6, 10), [of_2015])
        assert told_of(report) == ([], ["earlier-not"])
        (told,) = [p for p in report.problems if p.code == "earlier-not"]
        assert (told.level is Severity.INFO) is (round_ is Round.AARSOPFOELGNING), "the round's own misleads nobody"
