"""``aftale modtag``: what is received goes into the round's ``svar/``, each told what it is; nothing there is touched."""

from __future__ import annotations

import shutil
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import Year, fill_in
from running import run_here

SAID = {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}
BACK = "aarsopfoelgning/svar"


@pytest.fixture
def aar(year: Year) -> Path:
    """The year's folder as `fordel` lays it out, with what was received in ``hentet`` outside of it."""
    (year.folder / "aarsopfoelgning").mkdir()
    shutil.move(year.folder / "skemaer", year.folder / "aarsopfoelgning" / "skemaer")
    (year.folder.parent / "hentet").mkdir()
    return year.folder


def form(aar: Path, owner: str = "husteamet") -> bytes:
    (found,) = (aar / "aarsopfoelgning" / "skemaer").glob(f"*_{owner}_*")
    return found.read_bytes()


def received(aar: Path, name: str, data: bytes) -> Path:
    path = aar.parent / "hentet" / name
    path.write_bytes(data)
    return path


def mail(subject: str, attached: bytes | None = None) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "huset@example.dk", subject
    made.set_content("Hej\nHermed.")
    if attached:
        made.add_attachment(attached, maintype="application", subtype="octet-stream", filename="skema.xlsx")
    return made.as_bytes()


def archive(path: Path, *books: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for number, book in enumerate(books):
            made.writestr(f"{number}.xlsx", book)
    return path


def inside(aar: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (aar / BACK).iterdir()} if (aar / BACK).exists() else {}


def row_of(said: str, name: str) -> str:
    (row,) = (" ".join(line.split()) for line in said.splitlines() if line.startswith(f"{name}  "))
    return row.removeprefix(f"{name} ")


def test_each_file_is_copied_and_told_what_it_is_and_then_who_has_answered(aar: Path) -> None:
    filled, elsewhere = fill_in(form(aar), SAID), Path("hentet")
    received(aar, "skema.xlsx", filled)
    received(aar, "uændret.xlsx", form(aar, "ledelsen"))
    received(aar, "Svar fra huset.eml", mail("Her er det", filled))
    received(aar, "ferie.eml", mail("Vi er på ferie"))
    archive(aar.parent / elsewhere / "svar æ.zip", form(aar, "ungeteamet"), filled)
    received(aar, "noter.txt", b"hej")
    received(aar, "tom.xlsx", b"")
    done = run_here("modtag", aar.parent / elsewhere, cwd=aar)
    rows = {"skema.xlsx": "skema fra Husteamet (2 svar)", "uændret.xlsx": "skema fra Ledelsen (uændret)",
            "Svar fra huset.eml": "skema fra Husteamet (2 svar)", "ferie.eml": "mail uden skema (»Vi er på ferie«)",
            "svar æ.zip": "skema fra Ungeteamet (uændret) og skema fra Husteamet (2 svar)",
            "tom.xlsx": "kan ikke bruges: Filen er tom."}
    assert {name: row_of(done.stdout, name) for name in rows} == {
        name: f"{what} {BACK}/{name}" for name, what in rows.items()}
    assert row_of(done.stdout, "noter.txt") == "hverken mail, zip-fil eller Excel-fil ikke lagt ind"
    assert inside(aar) == {name: (aar.parent / elsewhere / name).read_bytes() for name in rows}
    assert "6 nye filer lagt ind." in done.stdout and row_of(done.stdout, "Husteamet").startswith("Delvist besvaret 1 af")
    assert "Kør »aftale flet«" in done.stdout and done.returncode == 1


@pytest.mark.parametrize(("name", "new"), [("skema.xlsx", "skema (2).xlsx"), ("SKEMA.xlsx", "SKEMA (2).xlsx")],
                         ids=["the same name", "the same name to Windows"])
def test_a_file_is_never_put_over_another_one(aar: Path, name: str, new: str) -> None:
    first, second = fill_in(form(aar), SAID), fill_in(form(aar), {"M2.1.1": {"Resultat": 3}})
    run_here("modtag", received(aar, "skema.xlsx", first), cwd=aar)
    done = run_here("modtag", received(aar, name, second), cwd=aar)
    assert row_of(done.stdout, name).endswith(f" {BACK}/{new}")
    assert inside(aar) == {"skema.xlsx": first, new: second}


def test_two_of_one_name_received_at_once_are_both_put_away(aar: Path) -> None:
    books = [fill_in(form(aar), {"M2.1.1": {"Resultat": number}}) for number in (1, 2)]
    for number, book in enumerate(books):
        (aar.parent / "hentet" / str(number)).mkdir()
        received(aar, f"{number}/skema.xlsx", book)
    run_here("modtag", aar.parent / "hentet", cwd=aar)
    assert sorted(inside(aar)) == ["skema (2).xlsx", "skema.xlsx"] and sorted(inside(aar).values()) == sorted(books)


@pytest.mark.parametrize("where", ["svar", "skemaer"])
def test_what_lies_in_the_round_already_is_said_to_and_not_copied(aar: Path, where: str) -> None:
    folder = aar / "aarsopfoelgning" / where
    folder.mkdir(exist_ok=True)
    path = folder / "Husets.xlsx"
    path.write_bytes(fill_in(form(aar), SAID))
    before = inside(aar)
    for again in (path, received(aar, "kopi.xlsx", path.read_bytes())) if where == "svar" else (path,):
        done = run_here("modtag", again, cwd=aar)
        assert row_of(done.stdout, again.name).endswith(f"lå der allerede (aarsopfoelgning/{where}/Husets.xlsx)")
        assert inside(aar) == before and "0 nye filer" in done.stdout


def test_an_answer_to_the_other_round_goes_where_that_rounds_answers_lie(aar: Path) -> None:
    path = received(aar, "skema.xlsx", fill_in(form(aar), SAID))
    run_here("fordel", "--runde", "midtvejs", cwd=aar)
    shutil.rmtree(aar / "aarsopfoelgning")
    done = run_here("modtag", path, cwd=aar)
    assert row_of(done.stdout, "skema.xlsx").endswith(f" {BACK}/skema.xlsx") and list(inside(aar)) == ["skema.xlsx"]
    assert "årsopfølgning 2015: 1 skema læst" in done.stdout


@pytest.mark.parametrize(("words", "told", "code"), [
    ((), "Der er ingen filer at lægge ind", 2),
    (("findes ikke.xlsx",), "findes ikke: findes ikke.xlsx", 1)], ids=["no file", "a file that isn't there"])
def test_where_there_is_nothing_to_put_away_it_says_so(aar: Path, words: tuple[str, ...], told: str, code: int) -> None:
    done = run_here("modtag", *words, cwd=aar)
    assert told in done.stdout + done.stderr and done.returncode == code and inside(aar) == {}


def test_outside_a_year_it_says_where_to_stand(tmp_path: Path) -> None:
    (tmp_path / "skema.xlsx").write_bytes(b"x")
    done = run_here("modtag", "skema.xlsx", cwd=tmp_path)
    assert "Der er ingen aftale i mappen" in done.stderr and done.returncode == 2
