"""A year in each state that it can be in: made once by the real commands, on the days that they would be run on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import fill_in
from running import run_here

from aftale.terminal.today import TODAY

UNIT, AGREEMENT = "Byens Bibliotek", "aftale_2015_byens_bibliotek.xlsx"
TOML = f"""enhed = "{UNIT}"
afdeling = "Kultur, Service & Events"
kortnavn = "KSE"
aar = 2015
periode = "2015-2016"
koordinator = "Udviklingskonsulenten"
koordinator_mail = "koordinator@bibliotek.example.dk"
kse_kontakt = "Kulturkonsulenten"
kse_mail = "kultur@kse.example.dk"
"""
DEADLINES = "frist_midtvejs = 2015-06-10\nfrist_aarsopfoelgning = 2015-11-11\nsvarfrist_aarsopfoelgning = 2015-12-04\n"
GOALS = '''Udviklingsmål;Fokusområde;Effektmål;2015;2016;Måltype;Måltal;Måleenhed;Opgøres;Ansvarlig;E-mail
Synlig;Unge;De kommer;x;x;Mindst;10;besøg;Pr. år;Ungeteamet;unge@bibliotek.example.dk
Synlig;Børn;De læser;x;x;;;;;Børneteamet;boern@bibliotek.example.dk
Synlig;Huset;De bliver;x;x;;;;;"Ungeteamet; Husteamet";"unge@bibliotek.example.dk; hus@bibliotek.example.dk"
'''
GOOD = {"Status": "Forventes opfyldt"}
MIDT, AAR = "midtvejs", "aarsopfoelgning"


def source(folder: Path, toml: str = TOML + DEADLINES, goals: str = GOALS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "aftale.toml").write_text(toml, encoding="utf-8")
    (folder / "maal.csv").write_text(goals, encoding="utf-8")
    return folder


def run(folder: Path, day: str, *words: str) -> None:
    """Run a command in a year's folder on a day; it must do its work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TODAY, day)
        done = run_here(*words, cwd=folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr


def answer(folder: Path, round_: str, owner: str, answers: Mapping[str, Mapping[str, Any]], done: str = "Ja",
           name: str = "") -> Path:
    """Fill in somebody's skema, and put it where answers lie."""
    (form,) = (folder / round_ / "skemaer").glob(f"*_{owner}_*")
    target = folder / round_ / "svar" / (name or form.name)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(fill_in(form.read_bytes(), answers, owner, done))
    return target


def followup(folder: Path, round_: str = MIDT) -> Path:
    return folder / round_ / f"opfoelgning_2015_{round_}.xlsx"


def write(path: Path, change: Callable[[Any], None]) -> None:
    """Open a workbook as a spreadsheet program does, change it and save it."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def at(sheet: Any, text: str) -> Any:
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)


def choose_first(book: Any) -> None:
    """Tick the first real answer of the conflict."""
    sheet = book["Modstridende svar"]
    state, pick = at(sheet, "Afgørelse"), at(sheet, "Vælg")
    row = next(cell.row for (cell,) in sheet.iter_rows(state.row + 1, min_col=state.column, max_col=state.column)
               if str(cell.value).startswith("Skal vælges"))
    sheet.cell(row, pick.column).value = "x"


def approve(book: Any, choice: str = "Godkend") -> None:
    """Pick a choice on every open line of Kontrol."""
    sheet = book["Kontrol"]
    state, pick = at(sheet, "Tilstand"), at(sheet, "Vælg")
    for row in range(state.row + 1, sheet.max_row + 1):
        if sheet.cell(row, state.column).value == "Åben":
            sheet.cell(row, pick.column).value = choice


def fill_boxes(book: Any) -> None:
    for label, text in (("Samlet vurdering", "Et godt år."), ("Inden for rammen", "Ja")):
        cell = at(book["Overblik"], label)
        book["Overblik"].cell(cell.row, cell.column + 1).value = text


def answer_dialog(book: Any) -> None:
    sheet = book["Dialog"]
    state, reply = at(sheet, "Tilstand"), at(sheet, "Svar")
    for row in range(state.row + 1, sheet.max_row + 1):
        if str(sheet.cell(row, state.column).value).startswith(f"Venter på {UNIT}"):
            sheet.cell(row, reply.column).value = "Tak."


def remark(edition: Path, target: Path) -> None:
    """Write the department's remark in its edition, and save it among the answers."""
    book = openpyxl.load_workbook(edition)
    sheet = book["Opfølgning"]
    header = at(sheet, "Forvaltningens bemærkninger")
    sheet.cell(header.row + 1, header.column).value = "Godt gået."
    book.save(target)


# ---------------------------------------------------------------- the year, stage by stage

def stages(folder: Path, last: str = "") -> dict[str, Path]:
    """Play a year, to the ``last`` of its stages, and keep its folder as it stands after each step."""
    kept: dict[str, Path] = {}
    for name in _played(year := source(folder / "nu" / "2015")):
        kept[name] = folder / name / "2015"
        shutil.copytree(year.parent, folder / name)
        if name == last:
            break
    return kept


def _played(year: Path) -> Iterator[str]:
    """Play a year, and yield what each of its stages is called."""
    yield "data"
    run(year, "2015-01-20", "generer")
    yield "aftale"
    run(year, "2015-05-04", "fordel")
    yield "skemaer"
    answer(year, MIDT, "ungeteamet", {"M1.1.1": {**GOOD, "Resultat": 4}, "M1.3.1": GOOD})
    yield "et svar"
    run(year, "2015-06-11", "flet")
    yield "et flettet"
    run(year, "2015-06-12", "paamind")
    yield "mindet"
    run(year, "2015-06-20", "paamind")
    yield "mindet igen"
    answer(year, MIDT, "boerneteamet", {"M1.2.1": {"Status": "ved ikke helt"}})
    answer(year, MIDT, "husteamet", {"M1.3.1": {"Status": "Ikke igangsat"}})
    yield "nye svar"
    run(year, "2015-06-22", "flet")
    yield "uenige"
    write(followup(year), choose_first)
    yield "valgt"
    run(year, "2015-06-23", "flet")
    yield "spørgsmål"
    write(followup(year), approve)
    yield "gennemgået"
    run(year, "2015-06-24", "flet")
    yield "tomme felter"
    write(followup(year), fill_boxes)
    yield "klar"
    run(year, "2015-06-25", "send", "--alligevel")
    yield "sendt"
    remark(year / MIDT / "breve" / "opfoelgning_2015_midtvejs_byens_bibliotek.xlsx", year / MIDT / "svar" / "fra kse.xlsx")
    yield "kse har svaret"
    run(year, "2015-07-01", "flet")
    yield "dialog"
    write(followup(year), answer_dialog)
    run(year, "2015-08-10", "flet")
    yield "juni er færdig"
    run(year, "2015-10-05", "fordel", "--runde", "årsopfølgning")
    yield "oktober"
    met = {"Status": "Opfyldt"}
    answer(year, AAR, "ungeteamet", {"M1.1.1": {**met, "Resultat": 12}, "M1.3.1": met})
    answer(year, AAR, "boerneteamet", {"M1.2.1": met})
    answer(year, AAR, "husteamet", {"M1.3.1": met})
    run(year, "2015-11-12", "flet")
    yield "november"
    write(followup(year, AAR), fill_boxes)
    run(year, "2015-11-20", "flet")
    yield "gjort op"
    run(year, "2015-11-20", "send")
    yield "sendt i november"
    run(year, "2016-01-04", "nyt-aar")
    yield "næste år"
