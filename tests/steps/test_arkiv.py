"""``aftale arkiv``: copies of what belongs in the record system, and deleting that loses nothing."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from conftest import cell_at, fill_in
from making_mail import eml
from openpyxl.chart import BarChart
from openpyxl.drawing.image import Image
from PIL import Image as Picture
from running import run_here

from aftale.commands.arkiv import agreed_to_delete
from aftale.filing.contents import CONTENTS
from aftale.office.report import CannotDo
from aftale.office.safe_write import digest, earlier_name, write_all
from aftale.office.shipped_files import example_path
from aftale.steps.arkiv import arkiv, delete_old, limit_from
from aftale.steps.year_folder import YearFolder

ARCHIVE, FIRST, LAST = "arkiv_2015_viborg_bibliotekerne", "midtvejs", "aarsopfoelgning"
FOLLOWUP = f"{FIRST}/opfoelgning_2015_midtvejs.xlsx"
MET = {"Status": "Opfyldt"}
Filed = tuple[Path, Mapping[str, str], str]


def blank(folder: Path, owner: str, round_: str = FIRST) -> bytes:
    (found,) = (folder / round_ / "skemaer").glob(f"*_{owner}_*")
    return found.read_bytes()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in members.items():
            package.writestr(f"{name}.xlsx", data)
    return target.getvalue()


def with_picture(data: bytes) -> bytes:
    book, picture, target = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO(), io.BytesIO()
    Picture.new("RGB", (8, 8)).save(picture, "png")
    book["Skema"].add_image(Image(picture), "F12")
    book.save(target)
    return target.getvalue()


def with_chart_sheet(data: bytes) -> bytes:
    book, target = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    book.create_chartsheet("Diagram").add_chart(BarChart())
    book.save(target)
    return target.getvalue()


def remarked(data: bytes) -> bytes:
    """Return the department's edition as it comes back."""
    book, target = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    cell_at(book["Opfølgning"], "M2.1.1", "Forvaltningens bemærkninger").value = "Tak"
    book.save(target)
    return target.getvalue()


def mail(name: str, *attached: tuple[str, bytes], text: str = "Hermed.") -> bytes:
    return eml(name, text=text, attached=attached).as_bytes()


def before_flet(folder: Path) -> None:
    """Lay what comes back in June in ``svar``; what is merged is merged after this."""
    house, young, leaders = (blank(folder, owner) for owner in ("husteamet", "ungeteamet", "ledelsen"))
    put(folder, f"{FIRST}/svar/skema.xlsx", fill_in(house, {"M2.1.1": {"Resultat": 2, **MET}}))
    put(folder, f"{FIRST}/svar/uændret.xlsx", fill_in(leaders, {}))
    put(folder, f"{FIRST}/svar/mail med skema.eml", mail("Her", ("s.xlsx", fill_in(young, {"M1.2.1": MET}))))
    put(folder, f"{FIRST}/svar/svar æ.zip", packed(a=fill_in(house, {"M2.1.1": {"Resultat": 2, **MET}}, by="A")))
    put(folder, f"{FIRST}/svar/mail med bilag.eml",
        mail("Og bilag", ("s.xlsx", fill_in(young, {"M1.2.1": MET}, by="B")), ("notat.pdf", b"%PDF-1.4 x")))
    put(folder, f"{FIRST}/svar/mail med to.eml",
        mail("To", ("s.xlsx", fill_in(young, {"M1.2.1": MET}, by="C")), ("t.xlsx", b"PK\x03\x04 halv")))
    put(folder, f"{FIRST}/svar/mail uden skema.eml", mail("Svar", text="Vi nåede 20."))
    put(folder, f"{FIRST}/svar/med billede.xlsx", with_picture(fill_in(leaders, {"M2.2.3": MET}, by="D")))
    put(folder, f"{FIRST}/svar/med diagram.xlsx", with_chart_sheet(fill_in(leaders, {"M2.2.3": MET}, by="G")))
    put(folder, f"{FIRST}/svar/ikke en mappe.xlsx", b"hverken eller")
    put(folder, f"{FIRST}/svar/notat.pdf", b"%PDF-1.4 notat")
    (shared,) = (folder / FIRST / "skemaer").glob("*_digitalteamet_*")
    shared.write_bytes(fill_in(shared.read_bytes(), {"M1.1.2": MET}))


def after_flet(folder: Path) -> None:
    """Change what must not be lost, and lay more there, when all has been merged."""
    house = blank(folder, "husteamet")
    put(folder, f"{FIRST}/svar/ny.xlsx", fill_in(house, {"M2.1.1": {"Resultat": 3}}, by="E"))
    put(folder, f"{FIRST}/svar/to svar.zip", packed(a=(folder / FIRST / "svar" / "skema.xlsx").read_bytes(), b=fill_in(
        house, {"M2.1.1": {"Resultat": 4}}, by="F")))
    (shared,) = (folder / FIRST / "skemaer").glob("*_boerneteamet_*")
    shared.write_bytes(fill_in(shared.read_bytes(), {"M2.2.3": MET}, by="H"))
    drafts = folder / FIRST / "breve"
    changed, filled = (next(drafts.glob(f"skema_*_{owner}_*.{kind}")) for owner, kind in (
        ("ledelsen", "txt"), ("husteamet", "xlsx")))
    changed.write_bytes(changed.read_bytes() + b"Ring!")
    filled.write_bytes(fill_in(filled.read_bytes(), {"M2.1.1": {"Resultat": 5}}))
    spoiled = next(drafts.glob("skema_*_boerneteamet_*.eml"))
    spoiled.write_bytes(spoiled.read_bytes().replace(b'charset="utf-8"', b'charset="x-ukendt"'))
    put(folder, f"{FIRST}/breve/noter.docx", b"PK mine")
    put(folder, f"{FIRST}/breve/sendt.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 som sendt")


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's folder with both rounds, as the commands leave it, and most of what people put in it."""
    folder = tmp_path_factory.mktemp("arkiv") / "2015"
    folder.mkdir()
    for name in ("aftale.toml", "maal.csv"):
        shutil.copy(example_path() / name, folder)

    def run(*words: str) -> None:
        done = run_here(*words, cwd=folder)
        assert done.returncode in (0, 1), done.stderr

    run("generer")
    run("fordel", "--runde", FIRST, "--breve", f"{FIRST}/breve")
    before_flet(folder)
    run("flet")
    run("send", "--alligevel")
    (edition,) = (folder / FIRST / "breve").glob("opfoelgning_*.xlsx")
    put(folder, f"{FIRST}/svar/fra KSE.xlsx", remarked(edition.read_bytes()))
    run("flet")
    after_flet(folder)
    run("fordel", "--runde", LAST, "--breve", f"{LAST}/breve")
    put(folder, f"{LAST}/svar/skema.xlsx", fill_in(blank(folder, "husteamet", LAST), {"M2.1.1": {"Resultat": 4, **MET}}))
    run("flet")
    run("rapport")
    agreement = next(folder.glob("aftale_2015_*.xlsx"))
    shutil.copy(agreement, earlier_name(agreement))
    put(folder, "2016/aftale_2016.xlsx", agreement.read_bytes())
    sent_list(folder)
    return folder


def sent_list(folder: Path) -> None:
    """Note that the mail to Husteamet was sent in May."""
    name = next((folder / FIRST / "breve").glob("skema_*_husteamet_*.eml")).stem
    path = folder / FIRST / "breve" / "forsendelse.jsonl"
    told = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line] if path.exists() else []
    series = told[0]["serie"] if told else f"fordel x 2015 {FIRST}"
    line = {"tid": "2015-05-12T09:00:00+02:00", "serie": series, "mail": f"{series} {name.rpartition('_')[2]}",
            "til": "husteamet@bibliotek.example.dk", "tilstand": "sendt"}
    with path.open("a", encoding="utf-8") as stream:
        stream.write("\n" + json.dumps(line))


@pytest.fixture
def aar(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "2015"))


def everything(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".lock"}


def rows_of(data: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(n for n, row in enumerate(rows) if row[0] == "Nr.")
    return [dict(zip(map(str, rows[top]), row, strict=True)) for row in rows[top + 1:]]


def listed(folder: Path) -> list[dict[str, object]]:
    return rows_of((folder / CONTENTS).read_bytes())


# ---------------------------------------------------------------- what is filed

@pytest.fixture(scope="session")
def filed(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """The year with its archive, all files as they were before, and what was said."""
    folder = Path(shutil.copytree(played, tmp_path_factory.mktemp("lagt") / "2015"))
    before = everything(folder)
    return folder, before, run_here("arkiv", cwd=folder).stdout


@pytest.mark.parametrize(("kind", "number"), [
    ("Aftale", 1), ("Opfølgning", 2), ("Forvaltningens udgave", 1), ("Forvaltningens svar", 1), ("Rapport", 1),
    ("Sendt mail", 1), ("Gemt mail", 2), ("Mailkladde", 15), ("Tidligere udgave", 0), ("Returneret svar", 0)])
def test_what_belongs_in_the_record_system_is_filed(filed: Filed, kind: str, number: int) -> None:
    assert sum(row["Hvad det er"] == kind for row in listed(filed[0] / ARCHIVE)) == number


def test_everything_filed_is_a_copy_listed_with_its_number_day_and_checksum(filed: Filed) -> None:
    folder, before, _ = filed
    archive = folder / ARCHIVE
    rows = listed(archive)
    assert {row["Fil i arkivet"] for row in rows} | {CONTENTS} == {path.name for path in archive.iterdir()}
    for number, row in enumerate(rows, 1):
        copy, original = archive / str(row["Fil i arkivet"]), folder / str(row["Lå i årets mappe som"])
        assert row["Nr."] == number and copy.name == f"{number:02} {original.name}"
        assert digest(copy.read_bytes()) == row["Kontrolsum (SHA-256)"] == before[str(row["Lå i årets mappe som"])]
        assert copy.stat().st_mtime == pytest.approx(original.stat().st_mtime, abs=1)
    now = everything(folder)
    assert {name: sha for name, sha in now.items() if not name.startswith(ARCHIVE)} == before, "nothing is moved or changed"


@pytest.mark.parametrize(("kind", "told"), [
    ("Sendt mail", "til husteamet@bibliotek.example.dk; sendt 12. maj 2015"), ("Mailkladde", "; lavet ")])
def test_a_mail_says_to_whom_it_went_and_whether_it_is_known_to_be_sent(
        filed: Filed, kind: str, told: str) -> None:
    about = [str(row["Nærmere"]) for row in listed(filed[0] / ARCHIVE) if row["Hvad det er"] == kind]
    assert about and all(told in each for each in about)


def test_it_says_what_it_did_not_take_and_which_answers_the_archive_lacks(filed: Filed) -> None:
    said = filed[2]
    assert "ved ikke, hvad det er: aftale.toml og maal.csv." in said
    (shared,) = (filed[0] / FIRST / "skemaer").glob("*_boerneteamet_*")
    for name in ("svar/ny.xlsx", "svar/to svar.zip", f"skemaer/{shared.name}"):
        assert f"{FIRST}/{name} er ikke taget med i opfølgningen" in said
    assert f"{FIRST}/svar/skema.xlsx er ikke" not in said and "2016" not in listed(filed[0] / ARCHIVE)[0]["Fil i arkivet"]


def test_a_zip_file_holds_the_same(filed: Filed, aar: Path) -> None:
    assert run_here("arkiv", "--ud", "sag.zip", cwd=aar).returncode == 1
    with zipfile.ZipFile(aar / "sag.zip") as package:
        held = {name: package.read(name) for name in package.namelist()}
    archive = filed[0] / ARCHIVE
    assert held == {path.name: path.read_bytes() for path in archive.iterdir()}
    before = everything(aar)
    assert "Intet nyt siden sidst" in run_here("arkiv", "--ud", "sag.zip", cwd=aar).stdout and everything(aar) == before


def test_a_second_run_writes_nothing_and_what_is_new_goes_into_a_delivery_of_its_own(aar: Path) -> None:
    run_here("arkiv", cwd=aar)
    before = everything(aar)
    assert f"Intet nyt siden sidst: Det hele ligger i {ARCHIVE}." in run_here("arkiv", cwd=aar).stdout
    assert everything(aar) == before
    run_here("flet", "--runde", FIRST, cwd=aar)
    said = run_here("arkiv", cwd=aar).stdout
    new = {name for name in everything(aar) if name not in before}
    assert new == {f"{ARCHIVE} (2)/01 {Path(FOLLOWUP).name}", f"{ARCHIVE} (2)/{CONTENTS}"}
    assert f"Det, der er nyt, er gemt i {ARCHIVE} (2): 1 fil" in said
    assert {name: sha for name, sha in everything(aar).items() if name.startswith(f"{ARCHIVE}/")} == {
        name: sha for name, sha in before.items() if name.startswith(f"{ARCHIVE}/")}


def test_an_interrupted_delivery_is_gone_on_with(aar: Path) -> None:
    run_here("arkiv", cwd=aar)
    before = everything(aar)
    for name in (CONTENTS, *sorted(path.name for path in (aar / ARCHIVE).iterdir())[5:9]):
        (aar / ARCHIVE / name).unlink()
    run_here("arkiv", cwd=aar)
    assert everything(aar) == before


@pytest.mark.parametrize("out", [".", "midtvejs", "midtvejs/svar/arkiv", "optaget", "brev.zip", "fil"], ids=[
    "the year's folder itself", "a round's folder", "within a round's answers", "a folder with something else in it",
    "a zip file that is none", "a file"])
def test_the_archive_never_lies_where_something_else_does(aar: Path, out: str) -> None:
    put(aar, "optaget/01 aftale_2015_viborg_bibliotekerne.xlsx", b"en andens")
    put(aar, "brev.zip", b"ikke en zip-fil")
    put(aar, "fil", b"x")
    before = everything(aar)
    done = run_here("arkiv", "--ud", out, cwd=aar)
    assert done.returncode == 2 and "--ud" in done.stderr and everything(aar) == before


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(aar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.suffix == ".docx" and self.name.startswith("rapport"):
            raise PermissionError(13, "in use")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    done = run_here("arkiv", cwd=aar)
    assert f"{LAST}/rapport_2015_aarsopfoelgning.docx kan ikke læses (der er ikke adgang til den)" in done.stdout
    assert done.returncode == 1 and sum(row["Hvad det er"] == "Opfølgning" for row in listed(aar / ARCHIVE)) == 2


def test_a_followup_that_cannot_be_read_stops_it(aar: Path) -> None:
    (aar / FOLLOWUP).write_bytes(b"PK\x03\x04 halv")
    before = everything(aar)
    done = run_here("arkiv", cwd=aar)
    assert done.returncode == 3 and "opfoelgning_2015_midtvejs.xlsx" in done.stderr and everything(aar) == before


# ---------------------------------------------------------------- what may be deleted

@pytest.fixture(scope="session")
def deleted(played: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str], str]:
    """The year after what is older than the årsopfølgning was deleted, which files are gone, and what was said."""
    folder = Path(shutil.copytree(played, tmp_path_factory.mktemp("slettet") / "2015"))
    before = everything(folder)
    done = run_here("arkiv", "--slet-til", "årsopfølgning", "--ja-slet", cwd=folder)
    assert done.returncode == 1, done.stderr
    return folder, set(before) - set(everything(folder)), done.stdout


@pytest.mark.parametrize("name", [
    "svar/skema.xlsx", "svar/uændret.xlsx", "svar/mail med skema.eml", "svar/svar æ.zip", "svar/fra KSE.xlsx",
    "breve/*_ledelsen_*.eml", "breve/*_ungeteamet_*.txt", "breve/*_ungeteamet_*.xlsx", "breve/opfoelgning_*.xlsx",
    "breve/opfoelgning_*.eml", "breve/forsendelse.jsonl", "breve/sendt.msg", "skemaer/*_digitalteamet_*"])
def test_what_is_merged_or_filed_is_deleted(deleted: tuple[Path, set[str], str], played: Path, name: str) -> None:
    (path,) = played.glob(f"{FIRST}/{name}")
    assert path.relative_to(played).as_posix() in deleted[1]


@pytest.mark.parametrize(("name", "why"), [
    ("svar/ny.xlsx", "taget med"), ("skemaer/*_boerneteamet_*", "taget med"), ("svar/to svar.zip", "taget med"),
    ("svar/mail med bilag.eml", "ligger også notat.pdf"),
    ("svar/mail med to.eml", "taget med"), ("svar/mail uden skema.eml", "selv svaret"),
    ("svar/med billede.xlsx", "billede"), ("svar/med diagram.xlsx", "billede"), ("svar/ikke en mappe.xlsx", "taget med"),
    ("svar/notat.pdf", "ikke lavet af"), ("breve/*_ledelsen_*.txt", "rettet"), ("breve/*_husteamet_*.xlsx", "rettet"),
    ("breve/noter.docx", "ikke lavet af")],
    ids=["never merged", "never merged, in the shared folder", "an archive with one that was never merged",
         "a mail that brought more", "a mail with a workbook that couldn't be read", "a mail that is the answer",
         "a picture on the skema", "a sheet that isn't read", "a file that can't be read", "a document among the answers",
         "a mail's text, changed", "a mail's skema, filled in", "somebody's own"])
def test_what_may_be_nowhere_else_is_kept_and_named(deleted: tuple[Path, set[str], str], name: str, why: str) -> None:
    folder, _, said = deleted
    (path,) = folder.glob(f"{FIRST}/{name}")
    (line,) = (each for each in said.splitlines() if f"{path.relative_to(folder).as_posix()} bliver ikke slettet" in each)
    assert why in line


def test_only_what_was_shown_is_deleted_and_nothing_of_this_round(deleted: tuple[Path, set[str], str]) -> None:
    _, gone, said = deleted
    shown = {line.rpartition(" (")[0] for line in said.splitlines() if line.endswith("B)")}
    assert gone == shown and not [name for name in gone if name.startswith((LAST, "2016"))]
    assert f"{len(gone)} filer (" in said and "slettet." in said
    assert sum("_tidligere_" in name for name in gone) == 1, "an earlier copy"


def test_after_it_a_late_answer_is_merged_beside_those_that_came_before(deleted: tuple[Path, set[str], str],
                                                                        tmp_path: Path) -> None:
    folder = Path(shutil.copytree(deleted[0], tmp_path / "2015"))
    for path in (folder / FIRST / "svar").iterdir():
        path.unlink()
    put(folder, f"{FIRST}/svar/sent.xlsx", fill_in(blank(folder, "formidlingsteamet"), {"M3.1.1": MET}))
    run_here("flet", "--runde", FIRST, cwd=folder)
    sheet = openpyxl.load_workbook(folder / FOLLOWUP)["Opfølgning"]
    assert [cell_at(sheet, goal, "Status").value for goal in ("M1.2.1", "M3.1.1")] == ["Opfyldt"] * 2
    assert cell_at(sheet, "M2.1.1", "Forvaltningens bemærkninger").value == "Tak"


class Terminal(io.StringIO):
    """Somebody at a terminal who writes these lines."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("options", "lines"), [
    (("--slet-til", LAST), None), ((), ""), ((), "\n"), (("--slet-til", FIRST, "--ja-slet"), None)],
    ids=["a script that doesn't confirm", "a terminal that ends", "Enter", "nothing is older than the first round"])
def test_nothing_is_deleted_unless_it_is_confirmed(aar: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...],
                                                   lines: str | None) -> None:
    for path in aar.glob("*_tidligere_*"):
        path.unlink()
    before = everything(aar)
    monkeypatch.setattr("sys.stdin", io.StringIO() if lines is None else Terminal(lines))
    done = run_here("arkiv", *options, cwd=aar)
    assert set(before) <= set(everything(aar)) and (aar / ARCHIVE).is_dir()
    assert "Intet er slettet." in done.stdout or "Der er intet at slette" in done.stdout or lines == ""


@pytest.mark.parametrize(("lines", "agreed"), [
    ("\n", False), ("nej\n", False), ("ja\n\n", False), ("ja\nja\n", False), ("j\nslet\n", False), ("ja\nslet\n", True)],
    ids=["Enter", "no", "yes and Enter", "yes and not the word", "not quite yes", "yes and the word"])
def test_whatever_is_not_the_word_that_is_asked_for_is_no(monkeypatch: pytest.MonkeyPatch, lines: str, agreed: bool) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(lines))
    assert agreed_to_delete(3) is agreed


def test_at_a_terminal_it_asks_twice(aar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(aar)
    monkeypatch.setattr("sys.stdin", Terminal("Ja\nslet\n"))
    done = run_here("arkiv", cwd=aar)
    assert len(before.keys() - everything(aar).keys()) > 20
    assert "Skriv ja, eller tryk Enter" in done.stdout and "kommer ikke i papirkurven" in done.stdout


def test_ja_slet_needs_a_round(aar: Path) -> None:
    before = everything(aar)
    done = run_here("arkiv", "--ja-slet", cwd=aar)
    assert done.returncode == 2 and "--slet-til" in done.stderr and everything(aar) == before


@pytest.mark.parametrize("how", ["open", "locked", "changed"])
def test_a_file_that_cannot_be_deleted_is_named_and_the_rest_goes_on(aar: Path, monkeypatch: pytest.MonkeyPatch,
                                                                     how: str) -> None:
    path = aar / FIRST / "svar" / "skema.xlsx"
    filing = arkiv(YearFolder(aar), None, LAST)
    write_all(list(filing.report.files))
    unlink = Path.unlink

    def refuse(self: Path, missing_ok: bool = False) -> None:
        if self.name == path.name:
            raise PermissionError(13, "in use")
        unlink(self, missing_ok)

    if how == "open":
        monkeypatch.setattr(Path, "unlink", refuse)
    elif how == "locked":
        put(aar, f"{FIRST}/svar/~$skema.xlsx", b"")
    else:
        path.write_bytes(b"rettet imens")
    done = delete_old(filing)
    why = {"open": "der er ikke adgang til den", "locked": "den er åben i et andet program",
           "changed": "den er blevet ændret eller flyttet imens"}[how]
    assert [each.message for each in done.problems] == [f"{FIRST}/svar/skema.xlsx blev ikke slettet, for {why}."]
    assert done.exit_code == 3 and path.exists() and not (aar / FIRST / "svar" / "uændret.xlsx").exists()


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "changed"])
def test_what_the_archive_no_longer_holds_is_not_deleted(aar: Path, gone: bool) -> None:
    filing = arkiv(YearFolder(aar), None, LAST)
    write_all(list(filing.report.files))
    (copy,) = (aar / ARCHIVE).glob(f"* {Path(FOLLOWUP).name}")
    copy.unlink() if gone else copy.write_bytes(b"noget andet")
    done = delete_old(filing)
    assert (aar / FIRST / "svar" / "skema.xlsx").exists() and done.exit_code == 3
    assert any("arkivet har ikke længere" in each.message for each in done.problems)


def test_a_round_without_a_followup_keeps_its_answers(aar: Path) -> None:
    (aar / FOLLOWUP).unlink()
    before = {name for name in everything(aar) if name.startswith(f"{FIRST}/svar/")} - {f"{FIRST}/svar/fra KSE.xlsx"}
    run_here("arkiv", "--slet-til", LAST, "--ja-slet", cwd=aar)
    assert before <= set(everything(aar))


def test_a_year_with_one_round_has_nothing_older(aar: Path) -> None:
    shutil.rmtree(aar / LAST)
    for path in aar.glob("*_tidligere_*"):
        path.unlink()
    said = run_here("arkiv", cwd=aar).stdout
    assert "Der er intet at slette, der er ældre end midtvejsopfølgningen 2015." in said


@pytest.mark.parametrize(("said", "older"), [
    ("midtvejs", []), ("Årsopfølgning", [FIRST]), ("aarsopfoelgning 2015", [FIRST]), ("midtvejs-2016", [FIRST, LAST]),
    ("aarsopfoelgning-2014", [])])
def test_what_is_older_than_a_round(said: str, older: list[str]) -> None:
    limit = limit_from(said, 2015)
    assert limit is not None and [each.value for each in limit.older(2015)] == older


@pytest.mark.parametrize("said", ["2016", "efterår", "midtvejs 16", "-"])
def test_what_is_no_round_is_asked_about(said: str) -> None:
    with pytest.raises(CannotDo, match="er ikke en runde"):
        limit_from(said, 2015)


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for rights to make a link")
def test_a_link_to_a_file_elsewhere_is_left_alone(aar: Path, tmp_path: Path) -> None:
    path = aar / FIRST / "svar" / "skema.xlsx"
    real = put(tmp_path, "andetsteds.xlsx", path.read_bytes())
    path.unlink()
    path.symlink_to(real)
    run_here("arkiv", "--slet-til", LAST, "--ja-slet", cwd=aar)
    assert path.is_symlink() and real.exists()


# ---------------------------------------------------------------- where personal data lies, as README and the guide say

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
COORDINATOR, HOUSE = "udviklingskonsulenten@bibliotek.example.dk", "husteamet@bibliotek.example.dk"


def addresses_in(path: Path) -> set[str]:
    """Return the addresses in a file, in whatever of its parts."""
    data = path.read_bytes()
    parts = [data]
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [package.read(name) for name in package.namelist()]
    return {found.rstrip(".") for part in parts for found in ADDRESS.findall(part.decode("utf-8", "replace"))}


@pytest.mark.parametrize(("name", "held"), [
    ("aftale_2015_viborg_bibliotekerne.xlsx", {COORDINATOR, HOUSE}), ("maal.csv", {HOUSE}), ("aftale.toml", {COORDINATOR}),
    (f"{FIRST}/skemaer/*_husteamet_*", {COORDINATOR, HOUSE}), (f"{FIRST}/svar/skema.xlsx", {COORDINATOR, HOUSE}),
    (f"{FIRST}/breve/*_husteamet_*.txt", {COORDINATOR, HOUSE}), (f"{FIRST}/breve/forsendelse.jsonl", {HOUSE}),
    (FOLLOWUP, {HOUSE})], ids=lambda value: value if isinstance(value, str) else "")
def test_what_holds_addresses(played: Path, name: str, held: set[str]) -> None:
    (path,) = played.glob(name)
    assert held <= addresses_in(path)


@pytest.mark.parametrize("name", [
    f"{FIRST}/breve/opfoelgning_*.xlsx", f"{FIRST}/svar/fra KSE.xlsx", f"{LAST}/rapport_*.docx"])
def test_what_holds_none(played: Path, name: str) -> None:
    (path,) = played.glob(name)
    assert addresses_in(path) == set()


def test_the_followup_shows_addresses_on_the_coordinators_own_sheets_alone(played: Path) -> None:
    book = openpyxl.load_workbook(played / FOLLOWUP)
    assert {sheet.title for sheet in book for row in sheet.values for value in row if ADDRESS.search(str(value))} == {
        "Svaroversigt", "Kilder", "Kontrol", "_aftale"}


@pytest.mark.parametrize("name", ["*.csv", "*.xlsx"])
def test_what_saml_and_data_write_holds_names_and_no_addresses(played: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"ud{name[1:]}"
    run_here("data" if name == "*.csv" else "saml", played / FOLLOWUP, "--ud", out, cwd=tmp_path)
    assert out.exists() and addresses_in(out) == set()


@pytest.mark.parametrize(("kind", "said"), [
    ("Aftale", "Navne og mailadresser"), ("Opfølgning", "Navne og mailadresser"), ("Mailkladde", "Navne og mailadresser"),
    ("Sendeliste", "Mailadresser"), ("Forvaltningens udgave", "Navne"), ("Forvaltningens svar", "Navne"),
    ("Rapport", "Navne")])
def test_the_list_of_contents_says_the_same(filed: Filed, kind: str, said: str) -> None:
    assert {row["Personoplysninger"] for row in listed(filed[0] / ARCHIVE) if row["Hvad det er"] == kind} == {said}
