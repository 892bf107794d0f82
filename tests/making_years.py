"""Whole rounds of every size, made by the real commands: what the follow-up must look well and count right in."""

from __future__ import annotations

import atexit
import csv
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from conftest import fill_in, header_row

from aftale.model.agreement import Round
from aftale.model.columns import maal_columns
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.demo import the_year
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

HEADERS = [column.header for column in maal_columns(range(2015, 2019))]
STATUSES = ("Opfyldt", "Forventes opfyldt", "Delvist opfyldt", "Ikke opfyldt", "Forventes ikke opfyldt", "Afventer data",
            "Ikke igangsat", "Udgået")
LONG = ("Biblioteket har i årets løb holdt arrangementer i alle landdistrikter, og der er kommet flere, end vi turde tro. "
        * 20)[:2000].strip()
Answer = Callable[[int], Mapping[str, Any]]
"""What is answered to the goal with a number, counted from 0; nothing where it isn't answered."""


def example(folder: Path, round_: Round) -> Path:
    """Return the follow-up of a round of the shipped example, in a copy of its year, which is played through once."""
    own = folder.with_name("eksempel")
    if not own.exists():
        shutil.copytree(_played(), own)
    return own / round_.value / f"opfoelgning_2015_{round_.value}.xlsx"


@cache
def _played() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="aftale_eksempel_")) / "eksempel"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    for _, step in the_year(folder):
        write_all(list(step().files))
    return folder


def made(folder: Path, goals: int, answer: Answer, groups: int = 4, text: str = "", unit: str = "Byens Bibliotek") -> Path:
    """Return the follow-up of a made-up unit with so many goals in so many udviklingsmål, each answered by ``answer``."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_goal(number, groups, text) for number in range(goals)]
    with (folder / "maal.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEADERS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "aftale.toml").write_text(
        f'enhed = "{unit}"\nafdeling = "Kultur"\naar = 2015\nperiode = "2015-2018"\ntema = "Fællesskaber"\n'
        'koordinator = "Udviklingskonsulenten"\noekonomisk_ramme = "2.000.000 kr."\nfrist_aarsopfoelgning = "2015-11-11"\n',
        encoding="utf-8")
    agreement, out = folder / "aftale.xlsx", folder / "opfoelgning.xlsx"
    write_all(list(generer(folder, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer").files))
    _answer_all(folder, answer)
    write_all(list(flet(agreement, [folder / "svar"], out).files))
    return out


def _goal(number: int, groups: int, text: str) -> dict[str, str]:
    group = number % groups + 1
    method, target, unit = (("Mindst", "20", "arrangementer"), ("Stigning i %", "10", "udlån"), ("Højst", "5", "%"),
                            ("Fastholdes", "", "point"), ("Leverance", "", ""))[number % 5]
    return dict.fromkeys(HEADERS, "") | {
        "Udviklingsmål": f"Udviklingsmål {group}: biblioteket når længere ud i hele kommunen",
        "Fokusområde": f"Fokusområde {group}.{number // groups % 3 + 1}",
        "Effektmål": f"{number} Borgerne møder biblioteket på en ny måde{'. ' + text if text else ''}",
        "2015": "x", "2016": "x" if number % 2 else "30" if method == "Mindst" else "x",
        "KSE-krav": ("Bredde", "Tilgængelighed", "Bredde; Partnerskaber", "")[number % 4],
        "Politik": ("Kulturpolitik", "Børne- og ungepolitik", "")[number % 3], "Måltype": method, "Måltal": target,
        "Udgangspunkt": "100" if method == "Stigning i %" and number % 2 else "", "Måleenhed": unit,
        "Opgøres": ("Pr. år", "I perioden")[number % 2], "Budget": "25.000 kr." if number % 3 == 0 else "",
        "Ansvarlig": f"Team {number % max(3, min(20, number + 1)) + 1}"}


def _answer_all(folder: Path, answer: Answer) -> None:
    answers = folder / "svar"
    answers.mkdir()
    for path in sorted((folder / "skemaer").iterdir()):
        sheet = openpyxl.load_workbook(path)["Skema"]
        header = header_row(sheet)
        columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
        given = {}
        for row in range(header + 1, sheet.max_row + 1):
            goal, text = (sheet.cell(row, columns[name]).value for name in ("Mål-id", "Effektmål"))
            if text and str(goal).startswith("M"):
                said = dict(answer(int(str(text).split(" ")[0])))
                if said:
                    given[str(goal)] = said
        (answers / path.name).write_bytes(fill_in(path.read_bytes(), given, "Et team" if given else ""))


def everything(number: int) -> Mapping[str, Any]:
    """Answer every goal, each status in turn, with a remark where one is asked for."""
    status = STATUSES[number % len(STATUSES)]
    return {"Status": status, "Resultat": float(number % 30), "Opgjort pr.": "31-10-2015",
            "Bemærkninger": f"Mål {number} går, som det kan ses af tallene.", "Næste skridt": "Fortsætter til næste år."}


def nothing(number: int) -> Mapping[str, Any]:
    """Answer no goal."""
    return {}


def at_length(number: int) -> Mapping[str, Any]:
    """Answer every other goal with the longest texts."""
    return {**everything(number), "Bemærkninger": LONG, "Næste skridt": LONG} if number % 2 == 0 else everything(number)


CASES: Mapping[str, Callable[[Path], Path]] = {
    "midtvejs": lambda folder: example(folder, Round.MIDTVEJS),
    "aarsopfoelgning": lambda folder: example(folder, Round.AARSOPFOELGNING),
    "tre_maal": lambda folder: made(folder, 3, everything, 1),
    "maal_150": lambda folder: made(folder, 150, lambda n: everything(n) if n % 3 else {}, 12),
    "lange_tekster": lambda folder: made(folder, 8, at_length, 2, LONG),
    "ingen_svar": lambda folder: made(folder, 20, nothing),
    "alt_besvaret": lambda folder: made(folder, 40, everything),
}
