"""What is filed and in which order, what may be deleted, and where deliveries lie; nothing is run."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from aftale.filing.contents import CONTENTS, contents, copies_of
from aftale.filing.deletable import sort_out
from aftale.filing.delivery import Filed, deliver, kept_in
from aftale.filing.draw_contents_xlsx import draw_contents
from aftale.filing.model import Kind, YearFile, personal_data, said_size
from aftale.model.agreement import Round
from aftale.office.report import CannotDo
from aftale.office.safe_write import digest, write_all

JUNE, NOVEMBER = Round.MIDTVEJS, Round.AARSOPFOELGNING


def file(at: str, kind: Kind = Kind.DRAFT, round_: Round | None = JUNE, data: bytes = b"", loose: bool = True) -> YearFile:
    return YearFile(at, kind, digest(data or at.encode()), len(data), date(2015, 6, 1), round_, "", personal_data(kind),
                    loose)


def test_the_list_follows_the_year_and_earlier_copies_come_last() -> None:
    files = [file("midtvejs/gammel.xlsx", Kind.EARLIER), file("aarsopfoelgning/o.xlsx", Kind.FOLLOWUP, NOVEMBER),
             file("midtvejs/breve/m.eml"), file("midtvejs/o.xlsx", Kind.FOLLOWUP), file("aftale.xlsx", Kind.AGREEMENT, None),
             file("midtvejs/svar/k.xlsx", Kind.ANSWER), file("midtvejs/svar/s.xlsx", Kind.RETURNED)]
    assert [each.name for each in copies_of(files)] == [
        "01 aftale.xlsx", "02 o.xlsx", "03 k.xlsx", "04 m.eml", "05 o.xlsx", "06 gammel.xlsx"]
    assert copies_of(files) == copies_of(files[::-1])


@pytest.mark.parametrize(("files", "names"), [
    ([file("midtvejs/svar/fra KSE.xlsx", Kind.ANSWER), file("aarsopfoelgning/svar/fra KSE.xlsx", Kind.ANSWER, NOVEMBER)],
     ["01 fra KSE.xlsx", "02 fra KSE.xlsx"]),
    ([file("midtvejs/a.xlsx", Kind.EDITION, data=b"1"), file("midtvejs/breve/b.xlsx", Kind.EDITION, data=b"1")],
     ["01 a.xlsx"]),
    ([file(f"midtvejs/svar/{'å' * 200}.xlsx", Kind.ANSWER)], [f"01 {'å' * 79}….xlsx"]),
    ([file("midtvejs/breve/LÆSMIG", Kind.SAVED_MAIL)], ["01 LÆSMIG"])],
    ids=["one name in both rounds", "the same content twice", "a long name keeps its ending", "a name without an ending"])
def test_every_copy_has_a_name_of_its_own(files: list[YearFile], names: list[str]) -> None:
    assert [each.name for each in copies_of(files)] == names


def test_a_hundred_files_are_numbered_with_three_digits() -> None:
    names = [each.name for each in copies_of(file(f"midtvejs/breve/{number:03}.eml") for number in range(120))]
    assert (names[0], names[-1]) == ("001 000.eml", "120 119.eml") and names == sorted(names)


def test_the_list_of_contents_has_a_row_for_each_copy() -> None:
    drawn = draw_contents(contents(copies_of([file("midtvejs/svar/k.xlsx", Kind.ANSWER)]), "Biblioteket 2015"), 2015)
    rows = list(openpyxl.load_workbook(io.BytesIO(drawn)).active.values)
    assert rows[0][0] == "Biblioteket 2015"
    assert rows[-1][:2] == (1, "Forvaltningens svar") and rows[-1][3] == "Midtvejsopfølgning" and rows[-1][6] == "Navne"


SAFE = {digest(at.encode()): "holder" for at in ("sikker", "gammel")}


@pytest.mark.parametrize(("each", "older", "may", "why"), [
    (file("sikker", Kind.RETURNED), [JUNE], True, ""),
    (file("sikker", Kind.RETURNED), [], False, ""),
    (file("sikker", Kind.RETURNED, NOVEMBER), [JUNE], False, ""),
    (file("sikker", Kind.FOLLOWUP, loose=False), [JUNE, NOVEMBER], False, ""),
    (file("sikker", Kind.AGREEMENT, None, loose=False), [JUNE, NOVEMBER], False, ""),
    (file("gammel", Kind.EARLIER, NOVEMBER, loose=False), [], True, ""),
    (file("ny", Kind.RETURNED), [JUNE], False, "et svar, der ikke findes andre steder"),
    (file("tvivl", Kind.RETURNED), [JUNE], False, "der er et billede i den"),
    (file("rettet", Kind.BESIDE_MAIL), [JUNE], False, "er rettet"),
    (file("andet", Kind.OTHER), [JUNE], False, "ikke lavet af programmet")],
    ids=["merged and old", "no round is older", "of the other round", "a follow-up", "the agreement", "an earlier copy",
         "never merged", "merged, but it holds more", "changed beside its mail", "somebody's own"])
def test_what_may_be_deleted(each: YearFile, older: list[Round], may: bool, why: str) -> None:
    holders = SAFE | {digest(b"tvivl"): "holder"}
    found = sort_out([each], older, holders, {digest(b"tvivl"): "der er et billede i den"})
    assert [x.kept_in for x in found.deletable] == (["holder"] if may else [])
    assert [why in x.why for x in found.kept] == ([True] if why else [])


@pytest.mark.parametrize(("size", "said"), [(0, "1 kB"), (15_200, "15 kB"), (1_234_567, "1,2 MB")])
def test_how_large_something_is(size: int, said: str) -> None:
    assert said_size(size) == said


def filed(*names: str) -> list[Filed]:
    return [Filed(file(f"midtvejs/breve/{name}", data=name.encode()), name.encode(), 1_000_000_000.0) for name in names]


@pytest.mark.parametrize("ending", ["", ".zip"])
def test_each_delivery_holds_what_is_new_and_is_never_written_in_again(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"arkiv{ending}"
    for number, names in enumerate((["a.eml"], ["a.eml", "b.eml"], ["b.eml", "c.eml"]), 1):
        delivery = deliver(out, filed(*names), "T", 2015)
        assert delivery.place.name == (f"arkiv ({number}){ending}" if number > 1 else f"arkiv{ending}")
        assert [each.name for each in delivery.copies] == [f"01 {names[-1]}"]
        write_all(list(delivery.files))
        assert kept_in(delivery.places) >= {digest(name.encode()) for name in names}
    assert deliver(out, filed("a.eml", "c.eml"), "T", 2015).files == ()


def test_a_zip_file_says_when_its_files_were_saved_also_outside_of_what_it_can_say(tmp_path: Path) -> None:
    old = [each._replace(saved=1.0) for each in filed("a.eml")]
    write_all(list(deliver(tmp_path / "arkiv.zip", old, "T", 2015).files))
    with zipfile.ZipFile(tmp_path / "arkiv.zip") as package:
        assert package.getinfo("01 a.eml").date_time[0] == 1980 and package.testzip() is None
        assert package.namelist() == [CONTENTS, "01 a.eml"]


def test_a_half_delivery_that_somebody_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    delivery = deliver(tmp_path / "arkiv", filed("a.eml", "b.eml"), "T", 2015)
    write_all(list(delivery.files[:1]))
    assert [each.path.name for each in deliver(tmp_path / "arkiv", filed("a.eml", "b.eml"), "T", 2015).files] == [
        "02 b.eml", CONTENTS]
    delivery.files[0].path.write_bytes(b"rettet")
    with pytest.raises(CannotDo, match="noget andet"):
        deliver(tmp_path / "arkiv", filed("a.eml", "b.eml"), "T", 2015)


def test_the_same_list_gives_the_same_bytes() -> None:
    table = contents(copies_of([replace(file("a.eml"), about="»Svar«")]), "T")
    assert draw_contents(table, 2015) == draw_contents(table, 2015)
