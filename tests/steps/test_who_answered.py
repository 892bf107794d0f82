"""Who has answered, through the whole chain: in the follow-up, on screen, and in whom a reminder is made to."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from conftest import Year, cell_at, copied, header_row, made_year, opened
from making_mail import EmailMessage

from aftale.model.agreement import Round
from aftale.model.findings import Severity
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder
from aftale.steps.indlaes import Known, indlaes
from aftale.steps.paamind import Reminding, paamind
from aftale.steps.year_folder import YearFolder

# Børneteamet has two goals, one of them measured; Husteamet has an effektmål with a delmål.
GOALS = """Udviklingsmål;Fokusområde;Effektmål;Delmål;2015;2016;2017;2018;Måltype;Måltal;Måleenhed;Ansvarlig;E-mail
Synlighed;Børn;Flere børn låner;;x;x;x;x;Mindst;8;%;Børneteamet;boern@example.dk
Synlighed;Børn;Skolerne besøges;;x;x;x;x;;;;Børneteamet;boern@example.dk
Synlighed;Huset;Huset er åbent;;x;x;x;x;;;;Husteamet;hus@example.dk
Synlighed;Huset;Huset er åbent;Flere timer;x;x;x;x;;;;Husteamet;hus@example.dk
"""
SAVED = datetime(2015, 11, 4, 9)
FULL = {"M1.1.1": {"Resultat": "9 %", "Status": "Opfyldt"}, "M1.1.2": {"Status": "Opfyldt"}}


@pytest.fixture(scope="session")
def _two(tmp_path_factory: pytest.TempPathFactory) -> Year:
    source = tmp_path_factory.mktemp("kilde")
    shutil.copy(example_path() / "aftale.toml", source)
    (source / "maal.csv").write_text(GOALS, encoding="utf-8")
    return made_year(tmp_path_factory.mktemp("to"), source)


@pytest.fixture
def year(_two: Year, tmp_path: Path) -> Year:
    """An agreement of two ansvarlige in its year's folder, with the skemaer where they were sent from."""
    made = copied(_two, tmp_path / "skemaer" / "aar")
    folder = made.folder / "aarsopfoelgning"
    folder.mkdir()
    (made.folder / "skemaer").rename(folder / "skemaer")
    return Year(made.folder, made.agreement, {name: folder / "skemaer" / path.name for name, path in made.forms.items()})


def out(year: Year) -> Path:
    return year.folder / "aarsopfoelgning" / "opfoelgning.xlsx"


def done(report: Report) -> Report:
    write_all(list(report.files))
    return report


def merged(year: Year) -> Report:
    return done(flet(year.agreement, [year.answers], out(year)))


def reminded(year: Year) -> tuple[list[str], Report]:
    """Make reminders and return to whom, and the report."""
    folder = year.folder / "breve"
    how = Reminding([year.answers], Round.AARSOPFOELGNING, year=YearFolder(year.folder))
    report = done(paamind(year.agreement, folder, how))
    owners = {path.stem: owner for owner, path in year.forms.items()}
    return sorted(owners[path.stem.removesuffix("_paamindelse")] for path in folder.glob("*.eml")), report


def column(path: Path, sheet: str, key: str, header: str) -> dict[str, Any]:
    """Return a column of a sheet's table by another one."""
    page = opened(path, values=True)[sheet]
    top = header_row(page) if sheet == "Opfølgning" else next(
        cell.row for row in page.iter_rows() for cell in row if cell.value == header)
    at = {str(cell.value): cell.column for cell in page[top]}
    found: dict[str, Any] = {}
    for row in range(top + 1, page.max_row + 1):
        if page.cell(row, at[key]).value in (None, header):
            break
        found[str(page.cell(row, at[key]).value)] = page.cell(row, at[header]).value
    return found


def texts(path: Path, sheet: str) -> str:
    return "\n".join(str(cell.value) for row in opened(path, values=True)[sheet].iter_rows() for cell in row if cell.value)


class Case(NamedTuple):
    """What Børneteamet writes, and what is then said of it: per goal, of the skema, on Overblik, and whether reminded."""

    says: str
    answers: Mapping[str, Mapping[str, Any]]
    goals: tuple[str, str]
    board: str
    front: str
    remind: bool


JA, NEJ = "Ja", "Nej"
CASES = [
    Case("nothing at all, and Ja", {}, ("Intet at melde", "Intet at melde"), "Intet at melde",
         "Børneteamet har intet at melde.", False),
    Case("statuses that can't be read, and Ja", {"M1.1.1": {"Status": "På vej"}, "M1.1.2": {"Status": "i gang"}},
         ("Svar kan ikke læses", "Svar kan ikke læses"), "Svar kan ikke læses",
         "Der er skrevet noget, der ikke kan læses som et svar.", True),
    Case("a result that can't be read, and Ja", {"M1.1.1": {"Resultat": "ca. 60 %"}, "M1.1.2": {"Status": "Opfyldt"}},
         ("Svar kan ikke læses", "Besvaret"), "Svar kan ikke læses",
         "Der er skrevet noget, der ikke kan læses som et svar.", True),
    Case("a share under Status, and Ja", {"M1.1.1": {"Status": "8 %"}}, ("Svar kan ikke læses", "Mangler svar"),
         "Svar kan ikke læses", "Der er skrevet noget, der ikke kan læses som et svar.", True),
    Case("one of two goals, and Ja", {"M1.1.2": {"Status": "Opfyldt"}}, ("Mangler svar", "Besvaret"),
         "Meldt færdig, men mangler svar", "Børneteamet har ikke svaret.", True),
    Case("only a result, and Ja", {"M1.1.1": {"Resultat": "9 %"}, "M1.1.2": {"Status": "Opfyldt"}},
         ("Delvist besvaret", "Besvaret"), "Meldt færdig, men mangler svar",
         "Børneteamet har svaret, men ikke valgt en status.", True),
    Case("everything, and Ja", FULL, ("Besvaret", "Besvaret"), "Færdig", "", False),
    Case("everything, and Nej", FULL, ("Besvaret", "Besvaret"), "Alt besvaret, men ikke meldt færdig", "", False),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_what_is_said_of_answers_is_true(year: Year, case: Case) -> None:
    year.fill("Børneteamet", case.answers, by="Leder", done=case.says[-3:].strip(), saved=SAVED)
    year.fill("Husteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, done=JA, by="Hus", saved=SAVED)
    report = merged(year)
    status = column(out(year), "Opfølgning", "Mål-id", "Svarstatus")
    assert (status["M1.1.1"], status["M1.1.2"]) == case.goals
    assert status["M1.2.1"] == "Følger af delmål"
    assert column(out(year), "Svaroversigt", "Ansvarlig", "Svar")["Børneteamet"] == case.board
    assert case.front in texts(out(year), "Overblik")
    if "intet at melde" not in case.front:
        assert "intet at melde" not in texts(out(year), "Overblik").lower()
    assert {row[0]: row[1:3] for row in report.table}["Husteamet"] == ("Færdig", "1 af 1")
    full = 2 + case.goals.count("Besvaret")  # Husteamet's delmål, and the effektmål that follows it
    assert f"Fuldt besvaret: {full} af årets 4 mål." in texts(out(year), "Svaroversigt")
    assert ("2 uden status: intet at melde" in texts(out(year), "Svaroversigt")) is (case.board == "Intet at melde")
    owners, said = reminded(year)
    assert owners == (["Børneteamet"] if case.remind else [])
    assert ("reminder-not-declared" in {p.code for p in said.problems}) is (case.board.startswith("Alt besvaret"))
    asked = {p.code for p in indlaes(year.agreement, [year.answers]).problems if p.level is Severity.QUESTION}
    assert ("finished-but-missing" in asked) is case.board.startswith("Meldt færdig")
    assert bool(asked & {"status-unknown", "status-ambiguous", "number-ambiguous", "number-unreadable"}) is (
        "Svar kan ikke læses" in case.goals)


def mail_from(year: Year, sender: str, text: str, name: str = "svar.eml") -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "Svar"
    message.set_content(text)
    year.answers.mkdir(exist_ok=True)
    (year.answers / name).write_bytes(message.as_bytes())


def choose(year: Year, kind: str, pick: str, header: str = "Vælg") -> tuple[str, ...]:
    """Pick (or write) on the line of Kontrol of a kind, and return what the list beside it offers."""
    book = openpyxl.load_workbook(out(year))
    page = book["Kontrol"]
    top = next(cell.row for row in page.iter_rows() for cell in row if cell.value == "Vælg")
    at = {str(cell.value): cell.column for cell in page[top]}
    row = next(row for row in range(top + 1, page.max_row + 1) if page.cell(row, at["Slags"]).value == kind)
    cell = page.cell(row, at["Vælg"])
    offered = next(rule.formula1 for rule in page.data_validations.dataValidation if cell.coordinate in rule.sqref)
    page.cell(row, at[header]).value = pick
    book.save(out(year))
    return tuple(offered.strip('"').split(","))


def test_a_mail_without_a_skema_is_no_answer_until_the_coordinator_says_so(year: Year) -> None:
    mail_from(year, "Boern@example.dk", "Det går godt. Resten kommer mandag.")
    year.fill("Husteamet", {}, done=JA, by="Hus", saved=SAVED)
    merged(year)
    assert "1 af 2 skemaer besvaret" in texts(out(year), "Overblik")
    assert reminded(year)[0] == ["Børneteamet"]
    assert "reminder-by-mail" in {p.code for p in reminded(year)[1].problems}
    assert choose(year, "Mail uden skema", "Godkend") == ("Gælder som svar", "Godkend")
    merged(year)
    assert reminded(year)[0] == ["Børneteamet"], "that it was read doesn't make it an answer"
    choose(year, "Mail uden skema", "gælder som svar")
    report = merged(year)
    assert "Nye valg på Kontrol: 1 gælder som svar." in report.said
    assert "2 af 2 skemaer besvaret" in texts(out(year), "Overblik")
    assert "Børneteamet har svaret i en mail." in texts(out(year), "Overblik")
    assert set(column(out(year), "Opfølgning", "Mål-id", "Svarstatus").values()) == {"Besvaret i en mail", "Intet at melde"}
    shutil.rmtree(year.folder / "breve")
    owners, said = reminded(year)
    assert owners == [] and not {p.code for p in said.problems} & {"reminder-by-mail", "reminder-done"}
    assert merged(year).files == (), "the choice is remembered"
    year.fill("Børneteamet", {"M1.1.1": {"Status": "På vej"}}, by="Leder", saved=SAVED)
    merged(year)
    assert reminded(year)[0] == ["Børneteamet"], "what comes later and can't be read is asked about all the same"


def test_a_mail_beside_an_empty_skema_can_be_the_answer_too(year: Year) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "boern@example.dk", "Svar"
    message.set_content("Alt går efter planen.")
    message.add_attachment(year.forms["Børneteamet"].read_bytes(), maintype="application", subtype="octet-stream",
                           filename="skema.xlsx")
    year.answers.mkdir()
    (year.answers / "svar.eml").write_bytes(message.as_bytes())
    year.fill("Husteamet", {}, done=JA, by="Hus", saved=SAVED)
    report = merged(year)
    assert "mail-says-more" in asked(report) and reminded(year)[0] == ["Børneteamet"]
    assert choose(year, "Spørgsmål", "Gælder som svar") == ("Gælder som svar", "Godkend")
    assert "mail-says-more" not in asked(merged(year))
    assert column(out(year), "Svaroversigt", "Ansvarlig", "Svar")["Børneteamet"] == "Besvaret i en mail"
    shutil.rmtree(year.folder / "breve")
    assert reminded(year)[0] == []


def asked(report: Report) -> set[str]:
    return {p.code for p in report.problems if p.level is Severity.QUESTION}


@pytest.mark.parametrize("decide", [("Kunne ikke læses", "Forventes opfyldt", "Egen formulering"),
                                    ("Kunne ikke læses", "Godkend", "Vælg")], ids=["corrected", "accepted"])
def test_indlaes_knows_what_was_decided_in_the_follow_up_that_stands(year: Year, decide: tuple[str, str, str]) -> None:
    year.fill("Børneteamet", {"M1.1.1": {"Resultat": "9 %", "Status": "Opfyldt"}, "M1.1.2": {"Status": "På vej"}},
              by="Leder", saved=SAVED)
    merged(year)
    choose(year, *decide)  # not yet merged: what stands in the follow-up is known all the same
    retur = DraftFolder(year.folder / "retur")
    alone = indlaes(year.agreement, [year.answers], retur=retur)
    assert {"status-unknown", "status-ambiguous"} & asked(alone) and alone.data["returns"]
    for known in (Known(year=YearFolder(year.folder)), Known(out(year))):
        report = indlaes(year.agreement, [year.answers], retur=retur, known=known)
        assert not asked(report) and not report.data["returns"]
        assert report.said[0].endswith(f"Det, der står i {out(year).name}, er taget med.")


class Came(NamedTuple):
    """What lies where: who has filled in, and sent back untouched, and what is said of it."""

    says: str
    filled: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    in_place: tuple[str, ...] = ()
    twice: bool = False
    said: str = ""
    board: tuple[str, str] = ("Ikke svaret", "Ikke svaret")


BACK = [
    Came("only our originals", said="ingen skemaer er kommet tilbage endnu."),
    Came("one answer", filled=("Børneteamet",), said="1 skema læst.", board=("Færdig", "Ikke svaret")),
    Came("one answer in two files", filled=("Børneteamet",), twice=True, said="1 skema (2 filer) læst.",
         board=("Færdig", "Ikke svaret")),
    Came("one sent back as it was", filled=("Børneteamet",), unchanged=("Husteamet",),
         said="2 skemaer læst, heraf 1 uændret siden udsendelsen.", board=("Færdig", "Uændret siden udsendelsen")),
    Came("one filled in where it was sent from", in_place=("Børneteamet",), said="1 skema læst.",
         board=("Færdig", "Ikke svaret")),
]


@pytest.mark.parametrize("came", BACK, ids=lambda came: came.says)
def test_what_came_back_is_counted_and_our_own_originals_are_no_answers(year: Year, came: Came) -> None:
    year.answers.mkdir(exist_ok=True)
    for owner in (*came.filled, *came.in_place):
        path = year.fill(owner, FULL, by="Leder", done=JA, saved=SAVED)
        if owner in came.in_place:
            path.replace(year.forms[owner])
        if came.twice:
            year.fill(owner, FULL, name="igen.xlsx", by="Vikaren", done=JA, saved=SAVED)
    for owner in came.unchanged:
        shutil.copy(year.forms[owner], year.answers)
    assert "skemaer" in {folder.name for folder in year.answers.parents}, "what matters is the nearest"
    read = [year.answers, year.folder / "aarsopfoelgning" / "skemaer"]
    report = indlaes(year.agreement, read)
    assert report.said[0].endswith(f"årsopfølgning 2015: {came.said}")
    assert done(flet(year.agreement, read, out(year))).said[0] == report.said[0]
    board = column(out(year), "Svaroversigt", "Ansvarlig", "Svar")
    assert (board["Børneteamet"], board["Husteamet"]) == came.board


def test_a_doubt_about_the_agreement_that_is_settled_isnt_asked_by_indlaes_again(year: Year) -> None:
    year.fill("Husteamet", {}, done=JA, by="Hus", saved=SAVED)
    book = openpyxl.load_workbook(year.agreement)
    cell_at(book["Mål"], "M1.1.2", "Måltype").value = "Omtrent"
    book.save(year.agreement)
    assert "method-unknown" in asked(merged(year))
    choose(year, "Spørgsmål", "Godkend")
    assert "method-unknown" in asked(indlaes(year.agreement, [year.answers]))
    assert not asked(indlaes(year.agreement, [year.answers], known=Known(year=YearFolder(year.folder))))


@pytest.mark.parametrize(("where", "text", "asks"), [
    ("Bemærkninger", "Vi holdt 12. Tæller skolebesøg med?", True), ("Næste skridt", "Skal vi fortsætte næste år?", True),
    ("Bemærkninger", "Vi holdt 12 (hvorfor ikke flere?) og er tilfredse.", False)])
def test_a_question_in_a_remark_is_put_to_the_coordinator_until_she_has_dealt_with_it(year: Year, where: str, text: str,
                                                                                      asks: bool) -> None:
    year.fill("Børneteamet", {**FULL, "M1.1.2": {"Status": "Opfyldt", where: text}}, by="Leder", saved=SAVED)
    report = merged(year)
    assert ("colleague-asks" in asked(report)) == asks
    assert column(out(year), "Opfølgning", "Mål-id", where)["M1.1.2"] == text
    if asks:
        choose(year, "Spørgsmål", "Godkend")
        assert "colleague-asks" not in asked(merged(year))


@pytest.mark.parametrize("header", ["Bemærkninger", "Næste skridt"])
def test_words_of_the_coordinator_beside_delmaal_are_no_part_of_an_answer(year: Year, header: str) -> None:
    year.fill("Husteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, done=JA, by="Hus", saved=SAVED)
    merged(year)
    book = openpyxl.load_workbook(out(year))
    cell_at(book["Opfølgning"], "M1.2.1", header).value = "Drøftet med huset."
    book.save(out(year))
    merged(year)
    assert column(out(year), "Opfølgning", "Mål-id", header)["M1.2.1"] == "Drøftet med huset."
    assert column(out(year), "Opfølgning", "Mål-id", "Svarstatus")["M1.2.1"] == "Følger af delmål"


@pytest.mark.parametrize(("done", "board", "says"), [
    pytest.param("Nej, kun det jeg kunne nå", "Alt besvaret, men ikke meldt færdig", "Nej", id="Nej, and why"),
    pytest.param("ja tak", "Færdig", "Ja", id="Ja, and thanks"),
    pytest.param("måske", "Færdig", "", id="neither")])
def test_a_word_and_more_under_skemaet_er_faerdigt_is_that_word_and_is_asked_about(year: Year, done: str, board: str,
                                                                                   says: str) -> None:
    year.fill("Børneteamet", FULL, by="Leder", done=done, saved=SAVED)
    report = merged(year)
    assert column(out(year), "Svaroversigt", "Ansvarlig", "Svar")["Børneteamet"] == board
    (found,) = [p for p in report.problems if p.code == "yes-no-unknown"]
    assert done in found.message and (f"Indtil da regnes det som {says}." in found.advice) is bool(says)
