"""What can't be read is not absent: a file cut short, locked, encrypted or not fetched is named, and stops what needs it."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from test_folder import AGREEMENT, Said, answer, form
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.model.agreement import Owner, Round
from aftale.model.forms import Form
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.office.shipped_files import example_path
from aftale.steps.paamind import _may_hold

FOLLOWUP = "opfoelgning_2015_midtvejs.xlsx"


def call(*args: str) -> Said:
    done = CliRunner().invoke(app, list(args), catch_exceptions=False)
    return Said(done.exit_code, done.output)


@pytest.fixture(scope="module")
def _november(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A year whose midtvejs is followed up, and whose årsopfølgning has begun with one answer in each round."""
    folder = tmp_path_factory.mktemp("aar") / "2015"
    shutil.copytree(example_path(), folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        call("generer")
        call("fordel", "--uden-breve")
        answer(folder, "husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
        assert call("flet").code == 0
        call("fordel", "--runde", "aarsopfoelgning", "--uden-breve")
        answer(folder, "husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, "aarsopfoelgning")
        yield folder


@pytest.fixture
def aar(_november: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "aarene" / "2015"
    shutil.copytree(_november, folder)
    monkeypatch.chdir(folder)
    return folder


# ---------------------------------------------------------------- how a file can't be read

def cut_short(path: Path) -> str:
    path.write_bytes(path.read_bytes()[:len(path.read_bytes()) // 2])
    return "Slutningen mangler"


def encrypted(path: Path) -> str:
    data, out = path.read_bytes(), io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("vores hemmelighed", out)
    path.write_bytes(out.getvalue())
    return "adgangskode"


def zeroes(path: Path) -> str:
    path.write_bytes(b"\0" * 4096)
    return "tom for indhold"


def unreadable(path: Path) -> str:
    """A file that the system won't read, also for root: reading the first bytes of its own memory is an I/O error."""
    path.unlink()
    path.symlink_to("/proc/self/mem")
    return "kan ikke åbnes lige nu"


def in_icloud(path: Path) -> str:
    path.with_name(f".{path.name}.icloud").write_bytes(b"bplist00")
    path.unlink()
    return "ikke hentet ned"


def in_nextcloud(path: Path) -> str:
    path.with_name(f"{path.name}.nextcloud").write_bytes(b" ")
    path.unlink()
    return "ikke hentet ned"


def a_web_page(path: Path) -> str:
    path.write_bytes(b"<!DOCTYPE html><html><body>Log ind for at hente filen</body></html>")
    return "webside"


WAYS = [cut_short, a_web_page, encrypted, zeroes,
        pytest.param(unreadable, marks=pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")),
        in_icloud, in_nextcloud]
any_way = pytest.mark.parametrize("spoil", WAYS, ids=lambda each: each.__name__)
Spoil = Callable[[Path], str]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink()}


# ---------------------------------------------------------------- the round's follow-up

@pytest.mark.parametrize("command", [
    ("fordel", "--runde", "aarsopfoelgning", "--breve", "breve"),
    ("flet", "--runde", "aarsopfoelgning"), ("indlaes", "--runde", "aarsopfoelgning"),
    ("flet", "--runde", "midtvejs"), ("paamind", "--runde", "midtvejs"), ("send", "--runde", "midtvejs"), ("nyt-aar",)],
    ids=" ".join)
def test_a_command_stops_where_june_s_follow_up_is_cut_short(aar: Path, command: tuple[str, ...]) -> None:
    reason = cut_short(aar / "midtvejs" / FOLLOWUP)
    before = files(aar)
    said = call(*command)
    assert said.code == 3
    assert FOLLOWUP in said.text and reason in said.text and "kan være rundens opfølgning" in said.text
    assert files(aar) == before, "nothing was made without what June knew"


@any_way
def test_fordel_makes_no_skema_without_june_s_results_however_they_can_t_be_read(aar: Path, spoil: Spoil) -> None:
    reason = spoil(aar / "midtvejs" / FOLLOWUP)
    before = files(aar)
    said = call("fordel", "--runde", "aarsopfoelgning", "--breve", "breve")
    assert said.code == 3 and FOLLOWUP in said.text and reason in said.text
    assert files(aar) == before


@any_way
def test_flet_writes_over_nothing_that_can_t_be_read(aar: Path, spoil: Spoil) -> None:
    reason = spoil(aar / "midtvejs" / FOLLOWUP)
    before = files(aar)
    said = call("flet", AGREEMENT, "midtvejs/svar", "--ud", f"midtvejs/{FOLLOWUP}")
    assert said.code == 3 and reason in said.text and files(aar) == before


@any_way
def test_aftale_alone_names_a_follow_up_that_can_t_be_read(aar: Path, spoil: Spoil) -> None:
    reason = spoil(aar / "midtvejs" / FOLLOWUP)
    said = call()
    assert said.code == 1 and FOLLOWUP in said.text and reason in said.text
    shutil.rmtree(aar / "aarsopfoelgning")
    said = call()
    assert "ikke lavet endnu" not in said.text and "ikke kan læses" in said.next_step


def test_a_second_follow_up_that_can_t_be_read_may_be_the_real_one(aar: Path) -> None:
    shutil.copy(aar / "midtvejs" / FOLLOWUP, aar / "midtvejs" / "ældre kopi.xlsx")
    cut_short(aar / "midtvejs" / FOLLOWUP)
    before = files(aar)
    said = call("flet", "--runde", "midtvejs")
    assert said.code == 3 and FOLLOWUP in said.text and files(aar) == before


@pytest.mark.parametrize("name", ["noter til mødet.xlsx", f"{FOLLOWUP[:-5]}_tidligere_0123abcd.xlsx"])
def test_what_is_known_to_be_something_else_stops_nothing(aar: Path, name: str) -> None:
    (aar / "midtvejs" / name).write_bytes(b"%PDF-1.7 et referat")
    assert call("flet", "--runde", "midtvejs").code == 0


# ---------------------------------------------------------------- the agreement

@any_way
@pytest.mark.parametrize("command", [("fordel",), ("flet",), ("paamind",), ()], ids=lambda each: " ".join(each) or "aftale")
def test_an_agreement_that_can_t_be_read_is_named_and_not_made_again(
        aar: Path, spoil: Spoil, command: tuple[str, ...]) -> None:
    reason = spoil(aar / AGREEMENT)
    before = files(aar)
    said = call(*command)
    assert said.code == 3 and AGREEMENT in said.text and reason in said.text and "aftale generer" not in said.text
    assert files(aar) == before


def test_send_takes_no_older_address_where_the_agreement_can_t_be_read(aar: Path) -> None:
    cut_short(aar / AGREEMENT)
    said = call("send", "--runde", "midtvejs", "--alligevel")
    assert said.code == 3 and AGREEMENT in said.text and "--til ADRESSE" in said.text
    assert call("send", "--runde", "midtvejs", "--alligevel", "--til", "kontakt@kse.example.dk").code == 0


# ---------------------------------------------------------------- answers

@any_way
def test_nobody_is_reminded_whose_answer_may_lie_in_a_file_that_can_t_be_read(aar: Path, spoil: Spoil) -> None:
    path = answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    reason = spoil(path)
    said = call("paamind", "--runde", "midtvejs", "--alle")
    assert said.code == 1
    assert path.name in said.text and reason in said.text
    assert "Ungeteamet er ikke mindet om M" in said.text
    drafts = [each.name for each in (aar / "midtvejs" / "breve").glob("*_paamindelse.eml")]
    assert drafts and not [name for name in drafts if "ungeteamet" in name]


def test_nobody_is_reminded_who_has_sent_a_mail_that_can_t_be_read(aar: Path) -> None:
    (aar / "midtvejs" / "svar" / "SV skema.eml").write_bytes(
        b"From: Unge <ungeteamet@bibliotek.example.dk>\nSubject: SV: Skema\nDate: Mon, 01 Jun 2015 14:00:00 +0200\n"
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nkrypteret")
    said = call("paamind", "--runde", "midtvejs", "--alle")
    assert said.code == 1 and "Ungeteamet er ikke mindet om M" in said.text and "krypteret" in said.text
    assert not list((aar / "midtvejs" / "breve").glob("*ungeteamet*_paamindelse.eml"))


@pytest.mark.parametrize("closed", ["svar", "skemaer"])
def test_nobody_is_reminded_where_a_folder_can_t_be_opened(aar: Path, monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    real = os.scandir

    def scandir(path: object = ".") -> object:
        if Path(str(path)).name == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    said = call("paamind", "--runde", "midtvejs")
    assert said.code == 3 and closed in said.text and "ikke adgang" in said.text
    assert not (aar / "midtvejs" / "breve").exists()


@any_way
def test_flet_and_aftale_alone_name_an_answer_that_can_t_be_read(aar: Path, spoil: Spoil) -> None:
    path = answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    reason = spoil(path)
    shutil.rmtree(aar / "aarsopfoelgning")
    for command in (("flet",), ("indlaes", "--alle"), ()):
        said = call(*command)
        assert said.code == 1 and path.name in said.text and reason in said.text
        assert said.next_step.startswith("Få først de filer, der ikke kan læses, på plads"), command


@pytest.mark.parametrize(("spoil", "merged"), [
    pytest.param(unreadable, False, id="the system won't read it"), pytest.param(in_icloud, False, id="it isn't fetched"),
    pytest.param(cut_short, False, id="it is cut short"), pytest.param(cut_short, True, id="flet couldn't read it either")])
def test_send_names_an_answer_that_can_t_be_read(aar: Path, spoil: Spoil, merged: bool) -> None:
    path = answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    reason = spoil(path)
    if merged:
        call("flet", "--runde", "midtvejs")
    said = call("send", "--runde", "midtvejs", "--alligevel")
    assert said.code == 1 and path.name in said.text and reason in said.text


@pytest.mark.parametrize(("name", "owner", "held"), [
    ("skema_2015_midtvejs_ungeteamet_S-421B-BD76.xlsx", "Ungeteamet", True),
    ("SV kopi S-421b-bd76 (1).xlsx", "Ungeteamet", True),
    ("Ungeteamets svar.xlsx", "Ungeteamet", True),
    ("svar fra HR- og udviklingsteamet.xlsx", "HR- og udviklingsteamet", True),
    ("Skema ØST.xlsx", "Øst", True), ("Kvalitetsskema.xlsx", "IT", False), ("Mappe1.xlsx", "Ungeteamet", False),
    ("Husteamet.xlsx", "Ungeteamet", False)])
def test_a_file_s_name_says_whose_answer_it_may_hold(name: str, owner: str, held: bool) -> None:
    refused = Refused(Source("0", name), problem("file-truncated", Place(name)))
    sent = Form("S-421B-BD76", "", "", "", "", "", 2015, Round.MIDTVEJS, None, Owner(owner), ())
    assert _may_hold(refused, sent) is held


def test_a_file_that_may_be_anybody_s_is_asked_about_before_reminders_are_sent(aar: Path) -> None:
    path = answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    cut_short(path.rename(path.with_name("Mappe1.xlsx")))
    said = call("paamind", "--runde", "midtvejs", "--alle")
    assert said.code == 1 and "Mappe1.xlsx kan ikke læses, og navnet siger ikke, hvis svar det er" in said.text


@any_way
def test_fordel_says_that_a_skema_can_t_be_read_and_leaves_it(aar: Path, spoil: Spoil) -> None:
    path = form(aar, "husteamet", "aarsopfoelgning")
    reason = spoil(path)
    before = files(aar)
    said = call("fordel", "--runde", "aarsopfoelgning", "--breve", "breve")
    assert reason and said.code == 1 and path.name in said.text and "ikke rørt" in said.text
    assert "Ændret, siden" not in said.text
    assert files(aar).get(str(path.relative_to(aar))) == before.get(str(path.relative_to(aar)))
    assert not list((aar / "breve").glob("*husteamet*"))


# ---------------------------------------------------------------- last year's

@any_way
def test_last_year_s_follow_up_that_can_t_be_read_is_named(aar: Path, spoil: Spoil) -> None:
    last = aar.parent / "2014" / "aarsopfoelgning" / "opfoelgning_2014_aarsopfoelgning.xlsx"
    last.parent.mkdir(parents=True)
    shutil.copy(aar / "midtvejs" / FOLLOWUP, last)
    reason = spoil(last)
    said = call("flet", "--runde", "midtvejs")
    assert said.code == 1 and last.name in said.text and reason in said.text
