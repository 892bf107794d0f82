"""The daily page in every state of the year: what stands there, and the one right next step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import cell_at
from daily_states import (
    AAR,
    AGREEMENT,
    GOALS,
    MIDT,
    TOML,
    UNIT,
    answer,
    answer_dialog,
    approve,
    followup,
    run,
    source,
    stages,
    write,
)

from aftale.daily.model import Ask
from aftale.followup.what_waits import PROPOSALS
from aftale.mail.sent_list import SentList, State
from aftale.merge.control_lines import KINDS
from aftale.office.report import CannotDo
from aftale.steps.status import Page, daily_page
from aftale.steps.year_folder import folder_for, year_around

FOLLOWUP = f"opfoelgning_2015_{MIDT}.xlsx"
BOOK = f"{MIDT}/{FOLLOWUP}"
Prepare = Callable[[Path], object]


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The year's folder as it stands after each step of the year."""
    return stages(tmp_path_factory.mktemp("stadier"))


class Case(NamedTuple):
    """A stage of the year and what is done to its folder, a day, what stands there, the step, and the first that is offered.

    ``offers`` is the command, the file or the folder; '' where there is nothing to choose. ``waits``: Enter closes.
    """

    stage: str
    day: str
    says: tuple[str, ...]
    step: str
    offers: str
    waits: bool = False
    prepare: Prepare | None = None


def write_mail(folder: Path) -> None:
    (folder / MIDT / "svar" / "hej.eml").write_text("From: Ukendt <nogen@example.dk>\nTo: koordinator@bibliotek.example.dk\n"
                                                    "Subject: Svar\n\nDet gik godt.\n", encoding="utf-8")


def sent(folder: Path) -> None:
    SentList(folder / MIDT / "breve", f"fordel {_agreement(folder)} 2015 {MIDT}").note(
        {(f"fordel x S-{number:04}-0000", f"{number}@example.dk"): State.SENT for number in range(3)})


def _agreement(folder: Path) -> str:
    from aftale.steps.open_agreement import open_agreement
    return open_agreement(folder / AGREEMENT).agreement.id


def damaged(path: Path) -> Callable[[Path], object]:
    """Cut a file short, as a download that was interrupted."""
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes()[:3000])


def merged_mail(folder: Path) -> None:
    write_mail(folder)
    run(folder, "2015-06-11", "flet")


def filled_in_where_it_was_sent(folder: Path) -> None:
    """Fill a skema in where a shared folder has it."""
    answer(folder, MIDT, "ungeteamet", {"M1.1.1": {"Status": "Forventes opfyldt"}})
    for path in (folder / MIDT / "svar").iterdir():
        path.replace(folder / MIDT / "skemaer" / path.name)


def typed_over(folder: Path) -> None:
    """Decide where two disagree by typing into the undecided cell of Opfølgning."""
    def change(book: Any) -> None:
        cell_at(book["Opfølgning"], "M1.3.1", "Status").value = "Ikke igangsat"
    write(followup(folder), change)


def merged_with(choice: str) -> Callable[[Path], object]:
    """Pick something on every open line of Kontrol, and merge."""
    def change(folder: Path) -> None:
        write(followup(folder), lambda book: approve(book, choice))
        run(folder, "2015-06-23", "flet")
    return change


def no_address(folder: Path) -> None:
    """Take away the address of an ansvarlig who has one on one row."""
    def change(book: Any) -> None:
        cell_at(book["Mål"], "M1.2.1", "E-mail").value = None
    write(folder / AGREEMENT, change)


def damaged_answer(folder: Path) -> None:
    """Merge when one of the answers came damaged."""
    answer(folder, MIDT, "husteamet", {"M1.3.1": {"Status": "Forventes opfyldt"}})
    file = answer(folder, MIDT, "boerneteamet", {}, name="ødelagt.xlsx")
    file.write_bytes(file.read_bytes()[:3000])
    run(folder, "2015-06-11", "flet")


def without(*parts: str) -> Callable[[Path], object]:
    return lambda folder: shutil.rmtree(folder.joinpath(*parts))


def copy_of(path: str, other: str) -> Callable[[Path], object]:
    return lambda folder: shutil.copy(folder / path, folder / other)


def made_of(toml: str, goals: str) -> Callable[[Path], object]:
    """Make the agreement anew from other sources."""
    def make(folder: Path) -> None:
        (folder / AGREEMENT).unlink(missing_ok=True)
        run(source(folder, toml, goals), "2015-01-20", "generer")
        for name in ("aftale.toml", "maal.csv"):
            (folder / name).unlink()
    return make


NOBODY = GOALS.splitlines()[0] + "\nSynlig;Unge;De kommer;x;x;;;;;;\n"
BLANK = GOALS.splitlines()[0] + "\nSynlig;Unge;De kommer;x;x;;;;;Ungeteamet;\n;;De bliver;x;x;;;;;Ungeteamet;\n"
HEADERS = GOALS.splitlines()[0] + "\n"
BOXES = "»Samlet vurdering« og »Inden for rammen« på Overblik"
OPEN_IT = f"Åbn {FOLLOWUP}, "
FORDEL, OCTOBER = "fordel", "fordel --runde årsopfølgning"

CASES = {
    # ---- before any round
    "goals as data": Case("data", "2015-01-10", ("ingen aftale i denne mappe",), "»aftale generer« laver den", "generer"),
    "an agreement without goals": Case("data", "2015-01-10", ("0 effektmål",), f"Udfyld arkene Forside og Mål i {AGREEMENT}",
                                       AGREEMENT, prepare=made_of(TOML, HEADERS)),
    "nobody is ansvarlig": Case("data", "2015-05-10", ("1 effektmål",), "Skriv dem i kolonnen Ansvarlig", AGREEMENT,
                                prepare=made_of(TOML, NOBODY)),
    "rows that are asked about": Case("data", "2015-05-10", ("1 række på arket Mål",), "ret det, der spørges om herunder",
                                      AGREEMENT, prepare=made_of(TOML, BLANK)),
    "ready in February": Case("aftale", "2015-02-01", (f"{UNIT} 2015", "3 effektmål", "Midtvejsopfølgning ikke begyndt"),
                              "Intet haster. Midtvejsopfølgningen begynder i maj.", FORDEL, waits=True),
    "ready in May": Case("aftale", "2015-05-01", (), "Begynd midtvejsopfølgningen", FORDEL),
    "ready in the year before": Case("aftale", "2014-12-20", (), "begynder i maj 2015", FORDEL, waits=True),
    # ---- skemaer are out
    "skemaer, but no mails": Case("skemaer", "2015-05-05", ("3 skemaer er lavet, ingen har svaret endnu",),
                                  "Skemaerne er lavet, men ikke mailene", FORDEL, prepare=without(MIDT, "breve")),
    "mails are drafted": Case("skemaer", "2015-05-20", ("fristen er onsdag 10. juni (om 21 dage)", "3 mails med skemaer,"
                                                        " lavet 4. maj", "kan ikke se, om en kladde er sendt"),
                              "Send mailene med skemaer i midtvejs/breve, hvis det ikke er gjort", f"{MIDT}/breve"),
    "nobody can be written to": Case("skemaer", "2015-05-20", ("Uden e-mailadresse Børneteamet, se kolonnen E-mail",),
                                     "Send mailene", f"{MIDT}/breve", prepare=no_address),
    "mails are sent": Case("skemaer", "2015-05-20", ("Sendt 3 mails med skemaer",), "Vent på svarene", f"{MIDT}/svar",
                           waits=True, prepare=sent),
    "the deadline is today": Case("skemaer", "2015-06-10", ("fristen er i dag, onsdag 10. juni",), "Send mailene",
                                  f"{MIDT}/breve"),
    "nobody has answered in time": Case("skemaer", "2015-06-11", ("fristen var i går, onsdag 10. juni",),
                                        "Fristen er gået, og ingen har svaret. »aftale paamind«", "paamind"),
    "a first answer": Case("et svar", "2015-06-01", ("1 af 3 ansvarlige har svaret", "Ikke svaret: Børneteamet og Husteamet"
                                                     " (andre har besvaret målene)", "Færdig: Ungeteamet"),
                           "1 svar er kommet. »aftale flet«", "flet"),
    "a mail without a skema": Case("et svar", "2015-06-01", ("Mails uden skema hej.eml",), "2 svar er kommet.", "flet",
                                   prepare=write_mail),
    "an answer that can't be read": Case("et svar", "2015-06-11", ("1 ulæselig fil på Kontrol", "2 af 3"),
                                         "Få først de filer, der ikke kan læses, på plads, som der står ved dem.",
                                         "paamind", prepare=damaged_answer),
    "filled in where it was sent": Case("skemaer", "2015-06-01", ("1 af 3 ansvarlige har svaret",), "1 svar er kommet",
                                        "flet", prepare=filled_in_where_it_was_sent),
    # ---- the follow-up is there
    "merged, some lack, in time": Case("et flettet", "2015-06-05", (FOLLOWUP, "alle svar er med", BOXES),
                                       "1 ansvarlig mangler at svare, og fristen er ikke gået", f"{MIDT}/svar", waits=True),
    "merged, some lack, too late": Case("et flettet", "2015-06-12", (), "»aftale paamind« laver en påmindelse", "paamind"),
    "a mail that is merged": Case("et svar", "2015-06-11", ("Mails uden skema hej.eml", "1 mail uden skema på Kontrol",
                                                            "alle svar er med"), OPEN_IT + "gå den åbne linje", BOOK,
                                  prepare=merged_mail),
    "reminded once": Case("mindet", "2015-06-15", ("Børneteamet (mindet 12. juni)", "1 påmindelse, lavet 12. juni"),
                          "er lige blevet mindet om det", f"{MIDT}/breve", waits=True),
    "reminded a week ago": Case("mindet", "2015-06-19", (), "»aftale paamind« laver en påmindelse", "paamind"),
    "reminded twice": Case("mindet igen", "2015-06-22", ("mindet 2 gange, senest 20. juni",), "er lige blevet mindet",
                           f"{MIDT}/breve", waits=True),
    "given up": Case("mindet igen", "2015-07-02", (), OPEN_IT + "skriv ved »Samlet vurdering«", BOOK),
    "answers that aren't merged": Case("nye svar", "2015-06-22", ("2 svar er kommet siden: Børneteamet og Husteamet",
                                                                  "alle 3 ansvarlige har svaret, heraf 1 ikke på alt"),
                                       "2 svar er kommet, siden opfølgningen blev lavet", "flet"),
    "two disagree": Case("uenige", "2015-06-22", ("1 felt på Modstridende svar; 2 spørgsmål på Kontrol",),
                         OPEN_IT + "vælg på arket Modstridende svar (1)", BOOK),
    "typed over the undecided": Case("uenige", "2015-06-22", ("2 spørgsmål på Kontrol", "1 valg eller svar er ikke flettet"),
                                     OPEN_IT + "gå de 2 åbne linjer", BOOK, prepare=typed_over),
    "chosen in part": Case("valgt", "2015-06-22", ("1 valg eller svar er ikke flettet endnu",),
                           OPEN_IT + "gå de 2 åbne linjer på arket Kontrol igennem", BOOK),
    "a question": Case("spørgsmål", "2015-06-23", ("Venter på dig 1 spørgsmål på Kontrol",),
                       OPEN_IT + "gå den åbne linje på arket Kontrol igennem", BOOK),
    "a question that goes back": Case("spørgsmål", "2015-06-23", ("Venter på dig »Samlet vurdering« og »Inden for rammen« på"
                                      " Overblik Kladder",), "1 ansvarlig mangler", f"{MIDT}/breve", waits=True,
                                      prepare=merged_with("Spørg Børneteamet")),
    "a choice that is of no use": Case("spørgsmål", "2015-06-23", ("Venter på dig 1 spørgsmål på Kontrol",), OPEN_IT
                                       + "gå den åbne linje", BOOK, prepare=merged_with("Brug 99")),
    "June's questions in October": Case("spørgsmål", "2015-10-05", (), OPEN_IT + "gå den åbne linje", BOOK),
    "everything is chosen": Case("gennemgået", "2015-06-24", ("1 valg eller svar er ikke flettet",), "Det, du har valgt",
                                    "flet"),
    "empty boxes": Case("tomme felter", "2015-07-02", (BOXES,), OPEN_IT + "skriv ved »Samlet vurdering«", BOOK),
    "ready to be sent": Case("klar", "2015-07-02", ("Venter på dig intet",), "»aftale send« laver mailen til KSE", "send"),
    "the mail is drafted": Case("sendt", "2015-06-26", ("1 mail til KSE, lavet i går",),
                                "Send mailen til KSE i midtvejs/breve", f"{MIDT}/breve", waits=True),
    "the department is silent in October": Case("sendt", "2015-10-05", (), "Begynd årsopfølgningen", OCTOBER),
    "the department has answered": Case("kse har svaret", "2015-07-01", ("1 svar er kommet siden: KSE",), "»aftale flet«",
                                        "flet"),
    "the department asks": Case("dialog", "2015-07-02", ("1 bemærkning på Dialog",), OPEN_IT + "svar på 1 bemærkning fra"
                                " KSE", BOOK),
    "answered on Dialog": Case("dialog", "2015-07-02", ("Venter på dig intet", "1 valg eller svar er ikke flettet endnu"),
                               "Det, du har valgt og svaret i opfølgningen", "flet",
                               prepare=lambda folder: write(followup(folder), answer_dialog)),
    "June is done, in August": Case("juni er færdig", "2015-08-15", (), "Midtvejsopfølgningen er færdig, og intet haster."
                                    " Årsopfølgningen begynder i oktober.", OCTOBER, waits=True),
    "June is done, in October": Case("juni er færdig", "2015-10-01", (), "Begynd årsopfølgningen", OCTOBER),
    # ---- the second round, and the end of the year
    "October is out": Case("oktober", "2015-10-06", (f"Midtvejsopfølgning {FOLLOWUP}", "fristen er onsdag 11. november"),
                           "Send mailene med skemaer i aarsopfoelgning/breve", f"{AAR}/breve"),
    "all have answered": Case("november", "2015-11-12", ("alle 3 ansvarlige har svaret", BOXES), "på arket Overblik",
                              f"{AAR}/opfoelgning_2015_{AAR}.xlsx"),
    "all is settled": Case("gjort op", "2015-11-20", ("Venter på dig intet",), "»aftale send«", "send"),
    "sent, before the reply is due": Case("sendt i november", "2015-12-04", (), "Læg KSE's svar i aarsopfoelgning/svar",
                                          f"{AAR}/breve", waits=True),
    "sent, and no reply came": Case("sendt i november", "2015-12-05", (), "»aftale nyt-aar« laver næste års aftale",
                                    "nyt-aar"),
    "next year's agreement is there": Case("næste år", "2016-01-10", (), "Gå videre i mappen 2016", "../2016"),
    # ---- files in the way
    "the follow-up can't be read": Case("et flettet", "2015-06-12", (f"kan ikke læses: {FOLLOWUP}",),
                                        "Få de filer, der ikke kan læses, på plads", MIDT,
                                        prepare=damaged(Path(MIDT, FOLLOWUP))),
    "two follow-ups": Case("et flettet", "2015-06-12", (), "Der er flere opfølgninger i midtvejs", MIDT,
                           prepare=copy_of(f"{MIDT}/{FOLLOWUP}", f"{MIDT}/kopi.xlsx")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_page_says_where_the_year_stands_and_the_next_step(kept: Mapping[str, Path], case: Case, tmp_path: Path) -> None:
    shutil.copytree(kept[case.stage].parent, tmp_path / "aar")
    folder = tmp_path / "aar" / "2015"
    if case.prepare:
        case.prepare(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    page = daily_page(folder, date.fromisoformat(case.day))
    said = shown(page)
    assert [each for each in case.says if each not in said] == [], said
    assert case.step in page.report.next_step
    assert (offered(page), page.next.waits) == (case.offers, case.waits)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before, "nothing is written"


def shown(page: Page) -> str:
    """Return what stands on the page in one line."""
    return " ".join(" ".join((*page.report.said, *(part for row in page.report.table for part in row))).split())


def offered(page: Page) -> str:
    """Return what the first choice does: the command's words, or the file or folder that it opens, in the year's folder."""
    first = page.next.actions[0]
    return first.opens or first.goes or " ".join(first.command)


def test_without_a_deadline_it_is_asked_for(kept: Mapping[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "2015"
    shutil.copytree(kept["data"], folder)
    made_of(TOML, GOALS)(folder)
    page = daily_page(folder, date(2015, 5, 10))
    assert page.next.actions[0].asks is Ask.DEADLINE and page.year == 2015
    run(folder, "2015-05-10", *page.next.actions[0].command)
    assert "uden frist på arket Forside" in shown(daily_page(folder, date(2015, 6, 1)))
    run(folder, "2015-05-10", *page.next.actions[0].command, "--frist", "12/6")
    assert "fristen var i går, fredag 12. juni" in shown(late := daily_page(folder, date(2015, 6, 13)))
    assert offered(late) == "paamind", "the deadline that the skemaer were sent with holds"
    run(folder, "2015-06-12", "fordel", "--runde", MIDT)
    assert "fristen er i dag, fredag 12. juni" in shown(daily_page(folder, date(2015, 6, 12))), "made again, and it is kept"
    assert late.next.actions[1].asks is None, "nor is it asked for again"
    run(folder, "2015-06-13", "paamind")
    for mail in (folder / MIDT / "breve").glob("*_paamindelse.txt"):
        assert "Fristen var 12. juni 2015." in mail.read_text(encoding="utf-8")


def test_an_agreement_that_cannot_be_read_and_two_of_them_are_told_of(kept: Mapping[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "2015"
    shutil.copytree(kept["aftale"], folder)
    shutil.copy(folder / AGREEMENT, folder / "kopi af aftalen.xlsx")
    with pytest.raises(CannotDo, match=r"flere aftaler.*kopi af aftalen.*Flyt dem, der ikke gælder"):
        daily_page(folder, date(2015, 5, 1))
    (folder / "kopi af aftalen.xlsx").unlink()
    damaged(Path(AGREEMENT))(folder)
    with pytest.raises(CannotDo, match=rf"{AGREEMENT}(?s:.)*kan være aftalen"):
        daily_page(folder, date(2015, 5, 1))


# ---------------------------------------------------------------- a folder that is no year's, and one inside a year's

def test_a_folder_that_is_no_years_offers_a_new_year_or_the_demo(tmp_path: Path) -> None:
    page = daily_page(tmp_path, date(2026, 1, 5))
    assert [(each.asks, each.command) for each in page.next.actions] == [(Ask.NEW_YEAR, ()), (None, ("demo",))]


@pytest.mark.parametrize(("names", "commands"), [
    (("Aftale 2015.docx",), [("generer",)]), (("a.docx", "b.docx"), [("generer", "a.docx"), ("generer", "b.docx")])],
    ids=["one document", "two documents"])
def test_a_document_can_be_made_into_an_agreement(tmp_path: Path, names: tuple[str, ...], commands: list[tuple[str, ...]]
                                                  ) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"PK")
    page = daily_page(tmp_path, date(2026, 1, 5))
    assert [each.command for each in page.next.actions][:len(commands)] == commands
    assert "»aftale generer«" in page.report.next_step


def test_the_folder_above_offers_the_years_in_it_the_newest_first(kept: Mapping[str, Path], tmp_path: Path) -> None:
    shutil.copytree(kept["næste år"].parent, tmp_path / "alle")
    page = daily_page(tmp_path / "alle", date(2016, 1, 10))
    assert [each.goes for each in page.next.actions][:2] == ["2016", "2015"]
    assert page.next.actions[2].asks is Ask.NEW_YEAR


@pytest.mark.parametrize("below", ["", MIDT, f"{MIDT}/svar", f"{MIDT}/skemaer", f"{MIDT}/breve"])
def test_a_folder_inside_a_years_finds_it(kept: Mapping[str, Path], below: str) -> None:
    assert year_around(kept["nye svar"] / below) == (kept["nye svar"] if below else None)


def test_a_folder_beside_finds_none(kept: Mapping[str, Path], tmp_path: Path) -> None:
    assert year_around(kept["nye svar"].parent) is None and year_around(tmp_path) is None
    (other := kept["aftale"] / "noget andet").mkdir()
    assert year_around(other) is None


@pytest.mark.parametrize(("here", "expected"), [("2026", "."), ("Aftale 2026", "."), ("Aftaler", "2026")])
def test_a_new_year_goes_into_a_folder_of_its_own(tmp_path: Path, here: str, expected: str) -> None:
    assert folder_for(tmp_path / here, 2026) == tmp_path / here / expected


def test_the_words_are_those_of_the_sheets() -> None:
    assert {KINDS["new-goal"], KINDS["proposed-change"]} == PROPOSALS
