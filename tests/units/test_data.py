"""data and frames: every goal of every unit, year and round as a table that comes back as it was written."""

from __future__ import annotations

import csv
import io
import runpy
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from making_units import write_edition, write_unit
from making_years import example
from pandas.testing import assert_frame_equal
from running import run_here
from test_saml import NAMES, OTHERS, Desk, desk, own_counts  # noqa: F401  (desk is a fixture)

import aftale
from aftale.model.agreement import MISSING, AnswerColumn, Round, Status
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.steps import data as step
from aftale.steps.data import data
from aftale.units.data_rows import AGREED, RESULTS, left_empty, result_rows, too_long
from aftale.units.draw_data_xlsx import draw_data
from aftale.units.frames import csv_bytes, frame_of, from_csv, guarded, parquet_bytes, unguarded
from aftale.units.model import ReadAs, UnitFollowUp, UnitGoal, UnitReceived
from aftale.units.which_count import Across, gather_units

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [
    "enhed", "forvaltning", "aar", "runde", "maal_id", "niveau", "udviklingsmaal", "fokusomraade", "effektmaal", "delmaal",
    "aktiv", "krav", "politik", "indikator", "maaltype", "udgangspunkt", "maaltal", "maaleenhed", "opgoeres", "frist",
    "budget", "ansvarlig", "resultat", "opgjort_pr", "maalopfyldelse", "status", "indberettet_status",
    "beregnet_status", "svarstatus", "bemaerkninger", "naeste_skridt", "forvaltningens_bemaerkninger", "kilde"]


def goal(**more: Any) -> UnitGoal:
    return UnitGoal("M1.1.1", ("Udvikling", "Fokus", "Effekt", ""), status="Opfyldt", **more)


def followup(*goals: UnitGoal, name: str = "f.xlsx", round_: Round = Round.AARSOPFOELGNING, year: int = 2015,
             read_as: ReadAs = ReadAs.WHOLE, when: str = "") -> UnitFollowUp:
    return UnitFollowUp(Source(f"{name}-{when}", name, when=when), read_as, "Biblioteket", "Kultur", year, round_, goals)


def gathered(*received: UnitReceived) -> Across:
    return gather_units(received, every_round=True)


def frame(*received: UnitReceived) -> pd.DataFrame:
    return frame_of(RESULTS, result_rows(gathered(*received)))


def shown(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return which rows there are: year, round, Mål-id and status, '' where there is none."""
    rows = table[["aar", "runde", "maal_id", "status"]].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), "").itertuples(index=False)]


# ---------------------------------------------------------------- columns and types

def test_the_columns_are_those_agreed_in_their_order() -> None:
    assert [column.name for column in RESULTS] == COLUMNS
    assert list(frame(followup(goal())).columns) == COLUMNS


def test_every_column_has_its_type_also_where_nothing_stands_in_it() -> None:
    for table in (frame(followup(goal(result=2.0, as_of=date(2015, 5, 31)))), frame_of(RESULTS, ())):
        types = {name: str(table[name].dtype) for name in COLUMNS}
        assert {types[name] for name in ("udgangspunkt", "maaltal", "resultat", "maalopfyldelse")} == {"Float64"}
        assert (types["aar"], types["aktiv"], types["opgjort_pr"]) == ("Int64", "boolean", "datetime64[ms]")
        assert {name for name, kind in types.items() if kind == "category"} == {
            "runde", "niveau", "maaltype", "opgoeres", "status", "indberettet_status", "beregnet_status",
            "svarstatus"}
        assert {types[name] for name in ("enhed", "maal_id", "krav", "bemaerkninger", "kilde")} == {"string"}


def test_statuses_stand_in_their_order_and_a_strange_one_after_them() -> None:
    words = list(frame(followup(goal(), replace(goal(), id="M2", status="På vej"))).status.cat.categories)
    assert words[:5] == ["Opfyldt", "Forventes opfyldt", "Delvist opfyldt", "Forventes ikke opfyldt", "Ikke opfyldt"], (
        "as Overblik and saml list them")
    assert set(words[:8]) == set(Status) and words[-1] == "På vej"


# ---------------------------------------------------------------- as .csv

TEXTS = {
    "a formula": "=1+1", "a formula by a plus": "+45 12 34 56 78", "a formula by a minus": "-1", "a bullet": "- et punkt",
    "an address": "@børn", "a formula after blanks": "  =1+1", "a formula on a new line": "\n=1+1",
    "a wide sign": "＝1+1", "an apostrophe": "'citat'", "an apostrophe before a formula": "'=1+1",
    "an apostrophe after a blank": " 'n", "several lines": "Linje 1\nLinje 2", "separators and quotes": 'a;b,c"d"',
    "a number": "1,5", "leading zeros": "007", "a word for nothing": "NA", "Danish letters": "æøå ÆØÅ é",
    "an ordinary sentence": "Det går godt = fint.",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_never_a_formula_in_a_csv_and_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert unguarded(guarded(text)) == text
    for english in (False, True):
        written = csv_bytes(frame(followup(goal(remarks=text))), english=english)
        assert list(from_csv(written, english=english)["bemaerkninger"]) == [text]


@pytest.mark.parametrize(("value", "danish", "english"), [
    (20.0, "20", "20"), (12.5, "12,5", "12.5"), (-3.25, "-3,25", "-3.25"), (1234567.0, "1234567", "1234567"),
    (0.1 + 0.2, "0,30000000000000004", "0.30000000000000004"), (0.0, "0", "0")], ids=str)
def test_a_number_has_a_comma_in_danish_and_a_point_in_english(value: float, danish: str, english: str) -> None:
    for is_english, said in ((False, danish), (True, english)):
        written = csv_bytes(frame(followup(goal(result=value))), english=is_english)
        assert from_csv(written, english=is_english)["resultat"].tolist() == [value]
        row, = csv.DictReader(io.StringIO(written.decode("utf-8-sig")), delimiter="," if is_english else ";")
        assert row["resultat"] == said


def test_a_csv_is_as_danish_excel_expects_it() -> None:
    written = csv_bytes(frame(followup(goal(as_of=date(2015, 5, 31), fulfilment=0.5, active=False,
                                            department="Se på det; nu"))))
    assert written.startswith(b"\xef\xbb\xbfenhed;forvaltning;aar;runde;") and written.count(b"\r\n") == 2
    row, = csv.DictReader(io.StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert {key: row[key] for key in ("aar", "opgjort_pr", "maalopfyldelse", "aktiv", "resultat")} == {
        "aar": "2015", "opgjort_pr": "2015-05-31", "maalopfyldelse": "0,5", "aktiv": "Nej", "resultat": ""}
    assert row["forvaltningens_bemaerkninger"] == "Se på det; nu"


def test_pandas_reads_a_csv_as_the_page_says(desk: Desk) -> None:  # noqa: F811
    """A round trip through plain pandas, and through our own reader, in both ways of writing."""
    table = aftale.frames(desk.folder).results
    for english, (separator, decimal) in ((False, (";", ",")), (True, (",", "."))):
        written = csv_bytes(table, english=english)
        assert_frame_equal(from_csv(written, english=english), table)
        plain = pd.read_csv(io.BytesIO(written), sep=separator, decimal=decimal, encoding="utf-8-sig",
                            parse_dates=["opgjort_pr"], keep_default_na=False, na_values=[""])
        for name in ("resultat", "maaltal", "maalopfyldelse", "aar"):
            assert plain[name].astype("Float64").tolist() == table[name].astype("Float64").tolist()
        assert plain["opgjort_pr"].tolist() == table["opgjort_pr"].tolist()
        assert plain["status"].fillna("").tolist() == table["status"].astype("string").fillna("").tolist()


# ---------------------------------------------------------------- as .xlsx and .parquet

def test_a_workbook_has_a_table_with_the_right_types_and_no_formula() -> None:
    rows = list(result_rows(gathered(followup(goal(
        remarks="=1+1", result=12.5, as_of=date(2015, 5, 31), fulfilment=0.5, baseline=0.0, next_step="- et punkt")))))
    book = openpyxl.load_workbook(io.BytesIO(draw_data(RESULTS, rows, date(2015, 1, 1))))
    sheet = book["Data"]
    assert sheet.tables["Data"].ref == "A1:AG2"
    cells = {sheet.cell(1, place).value: sheet.cell(2, place) for place in range(1, sheet.max_column + 1)}
    assert list(cells) == COLUMNS
    said = {name: (cells[name].data_type, cells[name].value) for name in (
        "bemaerkninger", "naeste_skridt", "resultat", "udgangspunkt", "aar", "aktiv", "opgjort_pr", "maalopfyldelse")}
    assert said == {"bemaerkninger": ("s", "=1+1"), "naeste_skridt": ("s", "- et punkt"), "resultat": ("n", 12.5),
                    "udgangspunkt": ("n", 0), "aar": ("n", 2015), "aktiv": ("b", True),
                    "opgjort_pr": ("d", datetime(2015, 5, 31)), "maalopfyldelse": ("n", 0.5)}
    assert cells["maaltal"].value is None and cells["maalopfyldelse"].number_format == "0.0%"


def test_a_text_that_no_cell_has_room_for_is_told() -> None:
    across = gathered(followup(goal(department="ø" * 32_768)))
    assert [(p.code, p.goal) for p in too_long(across, list(result_rows(across)))] == [("data-cut", "M1.1.1")]


def test_parquet_keeps_every_type(desk: Desk) -> None:  # noqa: F811
    pytest.importorskip("pyarrow")
    table = aftale.frames(desk.small).results
    back = pd.read_parquet(io.BytesIO(parquet_bytes(table)))
    assert [str(each) for each in back.dtypes if str(each) != "string"] == [
        str(each) for each in table.dtypes if str(each) != "string"]
    assert csv_bytes(back) == csv_bytes(table)


def test_without_pyarrow_it_is_said_what_to_do(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def missing(_table: pd.DataFrame) -> bytes:
        raise ImportError
    monkeypatch.setattr(step, "parquet_bytes", missing)
    with pytest.raises(CannotDo, match="pip install pyarrow") as error:
        data([desk.small], tmp_path / "data.parquet")
    assert error.value.code == USAGE and ".csv" in str(error.value)


# ---------------------------------------------------------------- which rows there are

AGREEMENT = ReadAs.AGREEMENT
ROUNDS: dict[str, tuple[tuple[UnitReceived, ...], list[tuple[Any, ...]]]] = {
    "both rounds of a year": (
        (followup(goal(), name="a"), followup(goal(), name="m", round_=Round.MIDTVEJS)),
        [(2015, "midtvejs", "M1.1.1", "Opfyldt"), (2015, "aarsopfoelgning", "M1.1.1", "Opfyldt")]),
    "several years, the earliest first": (
        (followup(goal(), name="b", year=2016), followup(goal(), name="a")),
        [(2015, "aarsopfoelgning", "M1.1.1", "Opfyldt"), (2016, "aarsopfoelgning", "M1.1.1", "Opfyldt")]),
    "an agreement of a year without a follow-up": (
        (followup(goal(), name="a"), followup(replace(goal(), status=""), name="n", year=2016, read_as=AGREEMENT)),
        [(2015, "aarsopfoelgning", "M1.1.1", "Opfyldt"), (2016, "", "M1.1.1", "")]),
    "an agreement beside the year's follow-up": (
        (followup(goal(), name="m", round_=Round.MIDTVEJS),
         followup(replace(goal(), status=""), replace(goal(), id="M2", status=""), name="n", read_as=AGREEMENT)),
        [(2015, "midtvejs", "M1.1.1", "Opfyldt")]),
    "an agreement twice, the newer counts": (
        (followup(goal(target=1.0), name="gl", read_as=AGREEMENT, when="2015-01-02T00:00:00Z"),
         followup(replace(goal(target=2.0), id="M7"), name="ny", read_as=AGREEMENT, when="2015-02-02T00:00:00Z")),
        [(2015, "", "M7", "Opfyldt")]),
    "a follow-up twice, the newer counts": (
        (followup(goal(), name="gl", when="2015-11-02T00:00:00Z"),
         followup(replace(goal(), status="Udgået"), name="ny", when="2015-11-12T00:00:00Z")),
        [(2015, "aarsopfoelgning", "M1.1.1", "Udgået")]),
    "a goal that isn't of the year": (
        (followup(goal(), replace(goal(active=False), id="M2", status="Ikke aktuelt i år")),),
        [(2015, "aarsopfoelgning", "M1.1.1", "Opfyldt"), (2015, "aarsopfoelgning", "M2", "Ikke aktuelt i år")]),
}


@pytest.mark.parametrize(("received", "rows"), ROUNDS.values(), ids=ROUNDS)
def test_which_rows_there_are(received: tuple[UnitReceived, ...], rows: list[tuple[Any, ...]]) -> None:
    assert shown(frame(*received)) == rows
    assert gathered(*received).problems == ()


def test_two_agreements_of_a_year_are_asked_about_where_nobody_knows_which_is_newer() -> None:
    one, other = (followup(goal(target=number), name=name, read_as=AGREEMENT) for name, number in (("a", 1.0), ("b", 2.0)))
    across = gathered(one, other)
    assert [p.code for p in across.problems] == ["saml-versions"] and len(across.rounds) == 1
    beside = gathered(one, other, followup(goal()))
    assert beside.problems == (), "they say nothing that the follow-up doesn't"
    assert {file.verdict for file in beside.files if file.source.name != "f.xlsx"} == {
        "Aftalen: Målene er fra årsopfølgning 2015."}


def test_what_is_asked_of_every_round_that_has_rows_is_told_and_nothing_of_those_without() -> None:
    def asked(code: str, **where: Any) -> UnitFollowUp:
        return replace(followup(goal(), **where), problems=(problem(code, Place(where["name"])),))
    older = replace(asked("saml-table-gone", name="gl", round_=Round.MIDTVEJS, when="2015-05-02T00:00:00Z"),
                    goals=(replace(goal(), status="Udgået"),))
    across = gathered(asked("saml-by-cells", name="a"), older, asked(
        "saml-record-changed", name="m", round_=Round.MIDTVEJS, when="2015-06-02T00:00:00Z"))
    assert sorted(p.code for p in across.problems) == ["saml-by-cells", "saml-record-changed"]


def test_a_mail_without_a_workbook_has_its_line_and_is_not_asked_about() -> None:
    mail = IncomingMail(Source("x", "svar.eml", sender="team@example.dk"), text="Det går godt.")
    across = gathered(followup(goal()), mail)
    assert across.problems == () and [file.source.name for file in across.files] == ["f.xlsx", "svar.eml"]


@pytest.mark.parametrize(("words", "asked"), [
    ({"result": "Uafklaret"}, "»Uafklaret« under Resultat ved M1.1.1 er ikke et tal, så feltet er tomt i data."),
    ({"words": {"target": "ca. 20"}}, "»ca. 20« under Måltal ved M1.1.1 er ikke et tal, så feltet er tomt i data."),
    ({"words": {"as_of": "i maj"}}, "»i maj« under Opgjort pr. ved M1.1.1 er ikke en dato, så feltet er tomt i data."),
], ids=["an undecided result", "a target in words", "a day in words"])
def test_words_in_place_of_a_number_are_asked_about_and_never_dropped(words: dict[str, Any], asked: str) -> None:
    across = gathered(followup(goal(**words)))
    found, = left_empty(across)
    assert (found.message, found.level.value, found.place) == (asked, "question", Place("f.xlsx", "Opfølgning"))


# ---------------------------------------------------------------- the whole chain

def counts(table: pd.DataFrame) -> dict[str, int]:
    """Return how many of the year's effektmål have each status."""
    effects = table[table["aktiv"] & table["niveau"].eq("effektmål")]
    return {status: number for status, number in effects["status"].value_counts().items() if number}  # type: ignore[misc]


def test_the_examples_rounds_count_as_their_overblik_and_next_years_agreement_is_with(tmp_path: Path) -> None:
    last = example(tmp_path / "x", Round.AARSOPFOELGNING)
    found = aftale.frames(last.parents[1])
    for round_ in Round:
        table = found.results[found.results["runde"].eq(round_.value)]
        own = own_counts(last.parents[1] / round_.value / f"opfoelgning_2015_{round_.value}.xlsx")
        assert counts(table) == {status: number for status, number in own.items() if number}
        assert len(table) == 28, "every effektmål and delmål of the plan"
    rest = found.results[found.results["runde"].isna()]
    assert set(rest["aar"]) <= {2016} and rest["status"].isna().all()
    assert not found.problems["niveau"].isin(["Fejl", "Spørgsmål"]).any()
    measured = found.results[found.results["runde"].eq("midtvejs")].set_index("maal_id").loc["M1.1.1"]
    assert measured[["udgangspunkt", "resultat", "opgjort_pr"]].tolist() == [12400, 13150, pd.Timestamp(2015, 5, 31)]
    said = found.answers[found.answers["runde"].eq("midtvejs") & found.answers["maal_id"].eq("M1.1.1")].set_index("felt")
    assert said.loc["resultat", ["tal", "gaelder"]].tolist() == [13150, True] and "Digital" in said.loc["resultat", "fra"]
    assert list(found.goals.columns) == [column.name for column in AGREED]
    assert not found.goals.duplicated(["enhed", "aar", "maal_id"]).any()
    assert set(found.answers["felt"].cat.categories) == {column.value for column in AnswerColumn}


def damaged(folder: Path, whole: Path) -> Iterator[Path]:
    """Write files that can't be read, each in its own way."""
    folder.mkdir()
    for name, bytes_ in {"afbrudt.xlsx": whole.read_bytes()[:-2000], "tom.xlsx": b"", "tekst.xlsx": b"Hej KSE",
                         "rod.zip": b"PK\x03\x04 rod", "gammel.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rod"}.items():
        (folder / name).write_bytes(bytes_)
        yield folder / name


def test_kses_folder_of_forty_units_with_damaged_files_among_them(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    broken = list(damaged(tmp_path / "ødelagt", desk.small))
    out = tmp_path / "data.csv"
    report = data([desk.folder, tmp_path / "ødelagt"], out)
    write_all(list(report.files))
    assert report.exit_code == 1
    assert {p.place.file for p in report.problems if p.level == "error"} >= {path.name for path in broken}
    assert any(p.place.container.endswith(OTHERS["ødelagt"]) for p in report.problems if p.level == "error")
    table = from_csv(out.read_bytes())
    assert set(table["enhed"]) == {*NAMES, *OTHERS.values()} - {OTHERS["ødelagt"]}
    assert len(table) == 38 * 3 + 150
    for name, path in ((OTHERS["tre"], desk.small), (OTHERS["150"], desk.large)):
        own = {status: number for status, number in own_counts(path).items() if number}
        assert counts(table[table["enhed"].eq(name)]) == own
    assert counts(table)[MISSING] == 147


def test_an_edition_and_a_followup_without_its_record_say_the_same_in_data(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    whole, edition = (aftale.frames(write(desk.small, tmp_path / name, "Enhed")).results for name, write in (
        ("hel.xlsx", write_unit), ("kse.xlsx", write_edition)))
    only_in_the_agreement = ["maaltype", "opgoeres", "budget", "kilde"]
    assert_frame_equal(edition.drop(columns=only_in_the_agreement), whole.drop(columns=only_in_the_agreement))
    assert edition["maaltype"].isna().all() and whole["maaltype"].notna().all()


def test_an_agreement_alone_gives_its_goals(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    shutil.copy(desk.small.with_name("aftale.xlsx"), tmp_path)
    table = aftale.frames(tmp_path).results
    assert len(table) == 3 and table["aktiv"].all()
    assert table[["runde", "status", "resultat", "svarstatus"]].isna().all(axis=None)
    agreed = table.sort_values("effektmaal")
    assert agreed["maaltype"].tolist() == ["Mindst", "Stigning i %", "Højst"]
    assert agreed["maaltal"].tolist() == [20, 10, 5] and agreed["udgangspunkt"].tolist()[1] == 100


# ---------------------------------------------------------------- what is written

def run(paths: Sequence[Path], out: Path, **more: Any) -> Report:
    report = data(paths, out, **more)
    write_all(list(report.files))
    return report


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_nothing_new_is_not_written_again_and_new_data_is_written_over_our_own(
        desk: Desk, tmp_path: Path, suffix: str) -> None:  # noqa: F811
    out = tmp_path / f"data{suffix}"
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    run([desk.small], out)
    before = out.read_bytes()
    assert run([desk.small], out).files == ()
    run([desk.of(OTHERS["rettet"])], out)
    assert out.read_bytes() != before and [path.name for path in tmp_path.iterdir()] == [out.name]


def test_a_csv_that_somebody_has_changed_is_kept_and_another_file_is_not_touched(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "data.csv"
    run([desk.small], out)
    edited = out.read_bytes().replace(b"Opfyldt", b"Fuldt ud opfyldt", 1).replace(b"\r\n", b"\n")
    out.write_bytes(edited)
    run([desk.small], out)
    assert edited in [path.read_bytes() for path in tmp_path.iterdir() if path != out]
    out.write_bytes(b"Noter;fra;os\n")
    with pytest.raises(CannotDo, match="ikke lavet af"):
        data([desk.small], out)


@pytest.mark.parametrize(("out", "more", "said"), [
    ("data.txt", {}, "--ud data.csv"), ("data", {}, "--ud data.csv"), ("data.xlsx", {"english": True}, "uden --engelsk")])
def test_how_it_can_be_written_is_said(tmp_path: Path, out: str, more: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotDo, match=said) as error:
        data([tmp_path], tmp_path / out, **more)
    assert error.value.code == USAGE


def test_a_folder_without_any_says_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "tom.xlsx").write_bytes(b"")
    with pytest.raises(CannotDo, match="Der er ingen aftaler eller opfølgninger") as error:
        data([tmp_path], tmp_path / "data.csv")
    assert "tom.xlsx" in str(error.value) and "aftale data" in str(error.value)
    with pytest.raises(ValueError, match="findes ikke"):
        aftale.frames(tmp_path / "intet")


def test_the_command_takes_the_folder_that_one_stands_in(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    shutil.copy(desk.small, tmp_path)
    done = run_here("data", "--ud", "data.csv", "--engelsk", cwd=tmp_path)
    assert done.returncode == 0 and "3 rækker: 1 enhed, 2015, fra 1 fil af 1." in done.stdout
    assert Counter(from_csv((tmp_path / "data.csv").read_bytes(), english=True)["aar"]) == {2015: 3}
    assert run_here("data", cwd=tmp_path).returncode == 2


def test_the_example_analysis_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["analyse.py", str(example(tmp_path / "x", Round.AARSOPFOELGNING).parents[1])])
    runpy.run_path(str(ROOT / "examples" / "analyse.py"))
    said = capsys.readouterr().out
    assert "Andel opfyldte effektmål" in said and "44%" in said and "Fra midtvejs til årsopfølgning" in said
