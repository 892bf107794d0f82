"""The same answers saved by other programs, which are really started here, merge to the same follow-up.

LibreOffice is typed into with a macro (`clients/lo_typing.bas`); exceljs and SheetJS are run by node
(`clients/*.js`, installed by ``npm install --prefix tests/clients``); openpyxl is the measure for them all.
"""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from clients.google_like import google_like
from conftest import fill_in, owner_of

from aftale.cells.hidden_sheet import find_record
from aftale.cells.reading import RULES
from aftale.intake.read import read_workbook
from aftale.merge.state import State, read_state
from aftale.model.agreement import Round
from aftale.model.columns import RECORD
from aftale.model.place import Source
from aftale.model.workbook import Workbook
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

pytestmark = pytest.mark.xdist_group("clients")  # what they share is made once

CLIENTS = Path(__file__).parents[1] / "clients"
OWNER = "Formidlingsteamet"
IN_PERCENT = "M4.1.2"
"""This goal is made one in %."""
Answers = Mapping[str, Mapping[str, Any]]

LONG = "En lang bemærkning med æøå ÆØÅ é ü og »citat«.\n" + "\n".join(
    f"{number}. linje: {'vi nåede det meste, og resten kommer; ' * 12}" for number in range(1, 13))
ANSWERS: Answers = {
    "M3.1.1": {"Resultat": 14, "Opgjort pr.": date(2015, 10, 31), "Status": "Delvist opfyldt",
               "Bemærkninger": "Første linje\nanden linje\n\nfjerde linje", "Næste skridt": "=SUM(1;2) er ikke en formel"},
    "M3.1.1.1": {"Resultat": 5.1, "Opgjort pr.": date(2015, 9, 1), "Status": "Opfyldt", "Bemærkninger": LONG},
    "M3.1.2": {"Resultat": "1.200", "Status": "opfyldt ", "Bemærkninger": "  mellemrum  foran,  midt i og  bagved  "},
    "M3.1.2.1": {"Resultat": "5,9 point", "Status": "Forventes ikke opfyldt", "Bemærkninger": "Børnehjørnet 🎉 & <b>"},
    "M2.2.4": {"Status": "Afventer data", "Bemærkninger": "+45 og -3 og @navn", "Næste skridt": "007"},
    "M3.3.1": {"Udgangspunkt": 400000, "Resultat": 412345.5, "Opgjort pr.": date(2015, 10, 1), "Status": "Ikke opfyldt",
               "Bemærkninger": "<r>ikke rig tekst</r>"},
    IN_PERCENT: {"Resultat": 0.85, "Status": "Opfyldt", "Opgjort pr.": "31. oktober 2015"},
    "M2.1.1": {"Resultat": "12", "Status": "i gang", "Opgjort pr.": date(2015, 10, 31)},
    "M4.1.1": {"Resultat": None, "Status": "Ikke igangsat", "Bemærkninger": None},
    "M3.2.1.1": {"Resultat": "ca. 5", "Opgjort pr.": "31/10", "Status": "Udgået", "Bemærkninger": "'citeret"},
}
"""By Mål-id and header: a count, points, a growth goal's level, a share in a goal in %, dates, texts that look like
something else, answers that are asked about, and cells that were written in and emptied again (None)."""
CUT: Answers = {goal: {name: value[:255] if value is LONG else value for name, value in each.items()}
                for goal, each in ANSWERS.items()}
"""The same for SheetJS's .xls: it cuts every text off after 255 characters itself (and hangs with ``bookSST``)."""
FIELDS = {"Udfyldt af": "Vikaren i teamet", "Skemaet er færdigt": "Ja"}


# ---------------------------------------------------------------- the agreement and the skemaer

@dataclass(frozen=True)
class Sent:
    """An agreement and the skemaer of its årsopfølgning by ansvarlig."""

    agreement: Path
    forms: Mapping[str, Path]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The example's year, with a goal in % and one ansvarlig who has goals of every kind."""
    folder = tmp_path_factory.mktemp("programmer")
    source = folder / "kilde"
    shutil.copytree(example_path(), source)
    _give_goals(source / "maal.csv")
    agreement = folder / "aftale.xlsx"
    write_all(list(generer(source, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer", date(2015, 11, 11)).files))
    forms = {}
    for path in sorted((folder / "skemaer").iterdir()):
        forms[owner_of(path)] = path
    return Sent(agreement, forms)


def _give_goals(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    for row in rows:
        if row["Mål-id"] in ANSWERS:
            row["Ansvarlig"], row["E-mail"] = OWNER, ""
        if row["Mål-id"] == IN_PERCENT:
            row["Måltype"], row["Måltal"], row["Måleenhed"] = "Mindst", "80", "%"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


# ---------------------------------------------------------------- the programs

def with_openpyxl(skema: Path, answers: Answers, folder: Path) -> Path:
    target = folder / "svar.xlsx"
    typed = {goal: {name: "typed first" if value is None else value for name, value in each.items()}
             for goal, each in answers.items()}
    data = fill_in(skema.read_bytes(), typed)
    target.write_bytes(fill_in(data, answers, FIELDS["Udfyldt af"], FIELDS["Skemaet er færdigt"]))
    return target


def with_google(skema: Path, answers: Answers, folder: Path) -> Path:
    target = folder / "svar.xlsx"
    target.write_bytes(google_like(fill_in(skema.read_bytes(), answers, FIELDS["Udfyldt af"],
                                           FIELDS["Skemaet er færdigt"])))
    return target


def with_node(script: str, kind: str = "xlsx", dates: str = "", **environment: str) -> Callable[[Path, Answers, Path], Path]:
    """Return a filler that runs one of the scripts in `clients/`."""
    def fill(skema: Path, answers: Answers, folder: Path) -> Path:
        node = shutil.which("node")
        if node is None:
            pytest.skip("node is not installed")
        if not (CLIENTS / "node_modules").is_dir():
            pytest.skip("exceljs and SheetJS are not installed: npm install --prefix tests/clients")
        target = folder / f"svar.{'xls' if kind == 'biff8' else kind}"
        job = {"open": str(skema), "save": str(target), "answers": answers, "fields": FIELDS, "kind": kind, "dates": dates}
        done = subprocess.run([node, str(CLIENTS / script)], input=json.dumps(job, default=lambda day: {"date": str(day)}),
                              capture_output=True, encoding="utf-8", timeout=60, check=False,
                              env={"PATH": str(Path(node).parent), **environment})
        assert done.returncode == 0, done.stderr
        return target

    return fill


LO_FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}
LO_WOULD_INTERPRET = ("1.200", "12", "31. oktober 2015")
_MODULE = ('<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument'
           ' 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing"'
           ' script:language="StarBasic">{}</script:module>')
_LIBRARY = ('<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument'
            ' 1.0//EN" "library.dtd"><library:library xmlns:library="http://openoffice.org/2000/library"'
            ' library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element'
            ' library:name="Typing"/></library:library>')
_DANISH = ('<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"><item'
           ' oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>da-DK'
           '</value></prop></item></oor:items>')


@pytest.fixture(scope="module")
def lo_typed(sent: Sent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what a Danish LibreOffice made of the answers typed into it, as ``svar.xlsx``, ``.xls``, ``.ods``."""
    folder = tmp_path_factory.mktemp("typed")
    type_in_libreoffice(sent.forms[OWNER], ANSWERS, folder)
    return folder


def type_in_libreoffice(skema: Path, answers: Answers, folder: Path) -> None:
    """Start LibreOffice, type the answers, and save the skema in three formats in a folder."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = folder / "profil"
    start = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_DANISH, encoding="utf-8")
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    library = profile / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    macro = (CLIENTS / "lo_typing.bas").read_text(encoding="utf-8")
    (library / "Typing.xba").write_text(_MODULE.format(html.escape(macro)), encoding="utf-8")
    (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    job = folder / "job.tsv"
    job.write_text("".join("\t".join(words) + "\n" for words in _keystrokes(skema, answers, folder)), encoding="utf-8")
    subprocess.run([*start, f'macro:///Standard.Typing.Work("{job.as_uri()}")'], check=True, capture_output=True,
                   timeout=120)


def _keystrokes(skema: Path, answers: Answers, folder: Path) -> list[list[str]]:
    lines = [["open", skema.as_uri()], *(["field", label, text] for label, text in FIELDS.items())]
    for goal, each in answers.items():
        for name, value in each.items():
            if value is None:
                lines += [["type", goal, name, "17"], ["type", goal, name, ""]]
            else:
                lines.append(_keystroke(goal, name, value))
    lines += [["save", (folder / f"svar.{kind}").as_uri(), name] for kind, name in LO_FILTERS.items()]
    return [*lines, ["close"]]


def _keystroke(goal: str, name: str, value: Any) -> list[str]:
    """Say how a Dane types a value; an apostrophe makes a text of what would be a number."""
    if isinstance(value, date):
        return ["type", goal, name, f"{value:%d-%m-%Y}"]
    if isinstance(value, str):
        if name in ("Bemærkninger", "Næste skridt", "Status"):
            return ["text", goal, name, value.replace("\n", "\\n")]
        return ["type", goal, name, f"'{value}" if value in LO_WOULD_INTERPRET else value]
    typed = f"{value * 100:g} %" if goal == IN_PERCENT else str(value).replace(".", ",")
    return ["type", goal, name, typed]


# ---------------------------------------------------------------- the same follow-up

ABOUT_THE_FILE = {"Kilder": {"Fil", "Gemt", "Program", "Fingeraftryk"}, "Kontrol": {"Nr.", "Fil", "Nøgle"},
                  "Modstridende svar": {"Fil", "Hvornår"}, "Svaroversigt": {"Filer", "Gemt"}}
"""The columns that tell about the file and not about what stood in it (and the line's own number on Kontrol)."""
Cells = dict[tuple[str, str], object]


@dataclass(frozen=True)
class Merged:
    """A follow-up: what ``--json`` says, every cell of every sheet, what ``_aftale`` remembers, and the readings' rules."""

    told: Mapping[str, Any]
    cells: Cells
    record: tuple[str, ...]
    rules: Counter[str]


def merged(sent: Sent, answers: Path, folder: Path, stated: Collection[str] = ()) -> Merged:
    """Merge the answers in a file or folder into a new follow-up and read all of it again.

    ``stated`` are the rules of the ledger lines to leave out: readings that only this program's files need.
    """
    out = folder / "opfoelgning.xlsx"
    report = flet(sent.agreement, [answers], out)
    write_all(list(report.files))
    book = read_workbook(out)
    assert isinstance(book, Workbook)
    state = read_state(find_record(book)[1])
    assert state is not None
    rules = Counter(found.rule for each in state.returned for found in each.findings if found.rule)
    return Merged(told(report), _cells(out, stated), _remembered(state, stated), rules)


def told(report: Report) -> dict[str, Any]:
    """Return the ``--json`` of a report without the names and times of files."""
    data: dict[str, Any] = json.loads(json.dumps(report.data))
    for conflict in data["conflicts"]:
        for answer in conflict["answers"]:
            del answer["file"], answer["when"]
    for response in data["responses"]:
        response["files"] = len(response["files"])
    for found in data["problems"]:
        del found["file"]
    del data["workbook"]
    return data


def _cells(path: Path, stated: Collection[str]) -> Cells:
    """Return every filled cell; below a header row by its line and header, elsewhere by its place."""
    found: Cells = {}
    left_out = tuple(RULES[rule] for rule in stated)
    for sheet in openpyxl.load_workbook(path):
        if sheet.title == RECORD:
            continue
        headers: dict[int, str] = {}
        line = 0
        for row in sheet.iter_rows():
            texts = {cell.column: str(cell.value) for cell in row if cell.value is not None}
            if ABOUT_THE_FILE.get(sheet.title, {"-"}) <= set(texts.values()):
                headers = texts
            if left_out and headers and "Læsning" in texts.values() and any(t.endswith(left_out) for t in texts.values()):
                continue
            line += 1
            found |= {(sheet.title, f"{line} {headers.get(cell.column, cell.column_letter)}"): _without_rows(cell.value)
                      for cell in row
                      if cell.value is not None
                      and headers.get(cell.column) not in ABOUT_THE_FILE.get(sheet.title, set())}
    return found


def _without_rows(value: object) -> object:
    """Return a formula without how far it reaches, which depends on how many readings there are."""
    return re.sub(r"\$\d+", "", value) if isinstance(value, str) and value.startswith("=") else value


def _remembered(state: State, stated: Collection[str]) -> tuple[str, ...]:
    """Return what the hidden sheet remembers, without what tells about the file."""
    lines = []
    for each in state.returned:
        findings = tuple(found for found in each.findings if not found.rule or found.rule not in stated)
        plain = repr(replace(each, source=Source("", ""), findings=findings))
        lines.append(re.sub(r"file='[^']*'", "", plain))
    return (*lines, repr(state.decisions), repr(state.remarks), repr(state.boxes), repr(state.drawn), repr(state.merged))


def differences(mine: Merged, reference: Merged) -> dict[tuple[str, str], tuple[object, object]]:
    """Return every cell that isn't the same, as (reference, here)."""
    keys = mine.cells.keys() | reference.cells.keys()
    return {key: (reference.cells.get(key), mine.cells.get(key)) for key in sorted(keys)
            if reference.cells.get(key) != mine.cells.get(key)}


def same(mine: Merged, reference: Merged) -> None:
    assert differences(mine, reference) == {}
    assert mine.told == reference.told
    assert mine.record == reference.record


@pytest.fixture(scope="module")
def reference(sent: Sent, tmp_path_factory: pytest.TempPathFactory) -> Merged:
    folder = tmp_path_factory.mktemp("openpyxl")
    return merged(sent, with_openpyxl(sent.forms[OWNER], ANSWERS, folder), folder)


@pytest.fixture(scope="module")
def cut_reference(sent: Sent, tmp_path_factory: pytest.TempPathFactory) -> Merged:
    folder = tmp_path_factory.mktemp("openpyxl_cut")
    return merged(sent, with_openpyxl(sent.forms[OWNER], CUT, folder), folder)


def test_the_measure_itself_holds_every_kind_of_answer(reference: Merged) -> None:
    """What is compared below is worth comparing: read, read by a rule, asked about, and emptied again."""
    assert reference.told["cells"]["balance"]
    assert reference.told["cells"]["followup"] == 32
    goals = {goal["id"]: goal["answers"] for goal in reference.told["goals"]}
    assert goals["M3.1.1"] == {"resultat": 14.0, "opgjort_pr": "2015-10-31", "status": "Delvist opfyldt",
                               "bemaerkninger": "Første linje\nanden linje\n\nfjerde linje",
                               "naeste_skridt": "=SUM(1;2) er ikke en formel"}
    assert goals[IN_PERCENT]["resultat"] == 85
    assert goals["M3.1.1.1"]["bemaerkninger"] == LONG.strip()
    assert goals["M3.1.2"]["resultat"] == 1200
    assert not {"resultat", "bemaerkninger"} & goals["M4.1.1"].keys()
    assert {p["code"] for p in reference.told["problems"]} >= {"number-ambiguous", "status-ambiguous"}
    assert reference.rules == {"thousands-dot": 1, "status-spelling": 1, "number-unit": 1, "date-text": 1,
                               "date-no-year": 1}


SHARE, SERIAL = "percent-share", "date-serial"
NODE = {
    "exceljs": (with_node("exceljs.js"), ()),
    "exceljs in Denmark": (with_node("exceljs.js", TZ="Europe/Copenhagen"), ()),
    "sheetjs dates": (with_node("sheetjs.js", dates="date"), (SHARE,)),
    "sheetjs dates in Denmark": (with_node("sheetjs.js", dates="date", TZ="Europe/Copenhagen"), (SHARE,)),
    "sheetjs formatted serials": (with_node("sheetjs.js", dates="serial"), (SHARE,)),
    "sheetjs bare serials": (with_node("sheetjs.js", dates="bare"), (SHARE, SERIAL)),
    "sheetjs xlsb": (with_node("sheetjs.js", "xlsb", "serial"), (SHARE,)),
    "sheetjs xlsb bare": (with_node("sheetjs.js", "xlsb", "bare"), (SHARE, SERIAL)),
    "sheetjs ods": (with_node("sheetjs.js", "ods", "date"), (SHARE,)),
    "sheetjs ods bare": (with_node("sheetjs.js", "ods", "bare"), (SHARE, SERIAL)),
}
"""Each program with the ledger lines that only its files need. That is the known and stated difference: SheetJS's
community edition keeps no formats, so a date is a bare serial number and a share a bare number, both read by rule."""


@pytest.mark.parametrize("name", NODE)
def test_what_node_programs_save_merges_to_the_same_follow_up(name: str, sent: Sent, reference: Merged,
                                                              tmp_path: Path) -> None:
    fill, stated = NODE[name]
    mine = merged(sent, fill(sent.forms[OWNER], ANSWERS, tmp_path), tmp_path, stated)
    same(mine, reference)
    assert set(mine.rules - reference.rules) == set(stated), "the stated difference, no more and no less"


@pytest.mark.parametrize("dates", ["date", "bare"])
def test_what_sheetjs_saves_as_xls_merges_to_the_same_follow_up(dates: str, sent: Sent, cut_reference: Merged,
                                                                tmp_path: Path) -> None:
    fill = with_node("sheetjs.js", "biff8", dates)
    mine = merged(sent, fill(sent.forms[OWNER], CUT, tmp_path), tmp_path, (SHARE, SERIAL))
    same(mine, cut_reference)
    assert set(mine.rules - cut_reference.rules) == {SHARE, SERIAL}


@pytest.mark.parametrize("kind", LO_FILTERS)
def test_what_is_typed_into_libreoffice_merges_to_the_same_follow_up(kind: str, sent: Sent, lo_typed: Path,
                                                                     reference: Merged, tmp_path: Path) -> None:
    same(merged(sent, lo_typed / f"svar.{kind}", tmp_path), reference)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_filled_skema_that_libreoffice_saves_once_more_merges_to_the_same_follow_up(
        kind: str, sent: Sent, reference: Merged, tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    filled = with_openpyxl(sent.forms[OWNER], ANSWERS, tmp_path)
    same(merged(sent, libreoffice(filled, kind), tmp_path), reference)


def test_an_export_such_as_google_sheets_makes_merges_to_the_same_follow_up(sent: Sent, reference: Merged,
                                                                            tmp_path: Path) -> None:
    same(merged(sent, with_google(sent.forms[OWNER], ANSWERS, tmp_path), tmp_path), reference)


# ---------------------------------------------------------------- all of them in one round

ROUND: Mapping[str, Answers] = {
    "Husteamet": {"M3.2.1": {"Status": "Opfyldt", "Opgjort pr.": date(2015, 10, 1), "Bemærkninger": "Borde\nog lys 💡"}},
    "Digitalteamet": {"M1.1.1": {"Udgangspunkt": 1000, "Resultat": 1250.5, "Opgjort pr.": date(2015, 9, 30)},
                      "M1.1.2": {"Status": "Ikke igangsat", "Næste skridt": "  efter  nytår "}},
    "Landdistriktsteamet": {"M1.3.1": {"Resultat": "20 rekvisitioner", "Status": "Opfyldt"}},
    "Ledelsen": {"M2.2.5": {"Resultat": 3, "Status": "Opfyldt", "Bemærkninger": "=3 events"}},
    "Ungeteamet": {"M1.2.1.1": {"Status": "Udgået", "Bemærkninger": "Aftalt med forvaltningen"}},
    "Børneteamet": {"M2.2.2": {"Resultat": 2, "Status": "Delvist opfyldt", "Opgjort pr.": date(2015, 10, 31)}},
}


def test_a_round_in_which_everybody_uses_another_program(sent: Sent, tmp_path: Path) -> None:
    """All programs in one flet come to the same as openpyxl alone."""
    programs = {"Husteamet": typed_ods, "Digitalteamet": with_google, "Landdistriktsteamet": with_node("exceljs.js"),
                "Ledelsen": with_node("sheetjs.js", dates="serial"), "Ungeteamet": with_node("sheetjs.js", "ods", "bare"),
                "Børneteamet": with_node("sheetjs.js", "biff8", "bare")}
    for folder, used in (("alle", programs), ("openpyxl", dict.fromkeys(programs, with_openpyxl))):
        (tmp_path / folder / "svar").mkdir(parents=True)
        for owner, fill in used.items():
            place = tmp_path / folder / owner
            place.mkdir()
            made = fill(sent.forms[owner], ROUND[owner], place)
            shutil.move(made, tmp_path / folder / "svar" / f"{owner}{made.suffix}")
    mine = merged(sent, tmp_path / "alle" / "svar", tmp_path / "alle", (SERIAL,))
    reference = merged(sent, tmp_path / "openpyxl" / "svar", tmp_path / "openpyxl")
    assert [each["status"] for each in mine.told["responses"]].count("Ikke svaret") == len(sent.forms) - len(ROUND)
    assert mine.told["cells"]["balance"]
    assert set(mine.rules - reference.rules) == {SERIAL}
    same(mine, reference)


def typed_ods(skema: Path, answers: Answers, folder: Path) -> Path:
    """Type the answers into LibreOffice and return the OpenDocument file."""
    type_in_libreoffice(skema, answers, folder)
    return folder / "svar.ods"
