"""Made-up rounds of any size: an agreement, its skemaer as `fordel` writes them, and what came back, saved by openpyxl."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

from aftale.model.agreement import Round
from aftale.model.columns import maal_columns
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

EACH = 25
"""How many goals stand in a skema."""
AGREED, DISAGREED, DOUBTFUL = "agreed", "disagreed", "doubtful"
"""How persons fill in: with the same results, each with results of their own, or with »ca.« before each result."""
_MARK = "Medarbejder 0000"
_OWN = 4321
"""What a result begins with that each person has another of."""


@dataclass(frozen=True)
class Made:
    """A round that has come back: the agreement, and the folder of answers."""

    agreement: Path
    answers: Path


def made_round(folder: Path, forms: int, goals: int, copies: int = 1, how: str = AGREED, each: int = EACH) -> Made:
    """Make a round of so many skemaer with some goals each out of so many in all; what is there already is used again.

    Where there are fewer goals than places for them, several ansvarlige share a goal and report the same result.
    ``copies`` is how many persons fill in each skema, and ``how`` how they do it.
    """
    agreement, answers = folder / "aftale.xlsx", folder / f"svar_{copies}"
    if not agreement.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_goals(folder, forms, goals, each)
        write_all(list(generer(folder, agreement, template_path()).files))
        write_all(list(fordel(agreement, Round.MIDTVEJS, folder / "skemaer").files))
    if not answers.exists():
        answers.mkdir()
        with ProcessPoolExecutor() as pool:
            tasks = [(path, answers, copies, how, each) for path in sorted((folder / "skemaer").iterdir())]
            for _ in pool.map(_fill_in, tasks, chunksize=10):
                pass
    return Made(agreement, answers)


def _write_goals(folder: Path, forms: int, goals: int, each: int) -> None:
    owners: list[list[str]] = [[] for _ in range(goals)]
    for form in range(forms):
        for number in range(each):
            owners[(form * each + number) % goals].append(f"Team {form}")
    headers = [column.header for column in maal_columns(range(2015, 2019))]
    with (folder / "maal.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream, delimiter=";")
        rows.writerow(headers)
        for number, names in enumerate(owners):
            row = dict.fromkeys(headers, "") | {
                "Udviklingsmål": f"Udvikling {number % 4}", "Fokusområde": f"Fokus {number % 40}",
                "Effektmål": f"{number} om at borgerne oplever noget vigtigt på biblioteket", "2015": "x", "2016": "x",
                "Måltype": "Mindst", "Måltal": "20", "Måleenhed": "arrangementer", "Opgøres": "Pr. år",
                "Ansvarlig": "; ".join(names)}
            rows.writerow([row[header] for header in headers])
    (folder / "aftale.toml").write_text('enhed = "Stor enhed"\nafdeling = "KSE"\naar = 2015\nperiode = "2015-2018"\n',
                                        encoding="utf-8")


def _fill_in(task: tuple[Path, Path, int, str, int]) -> None:
    path, answers, copies, how, each = task
    book = openpyxl.load_workbook(path)
    sheet = book["Skema"]
    header = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Mål-id")
    columns = {str(cell.value): cell.column for cell in sheet[header]}
    for row in range(header + 1, header + 1 + each):
        figure = int(str(sheet.cell(row, columns["Effektmål"]).value).split()[0]) % 40 + 1
        result = {AGREED: figure, DISAGREED: _OWN * 1000 + figure, DOUBTFUL: f"ca. {figure}"}[how]
        for name, value in (("Resultat", result), ("Status", "Forventes opfyldt"), ("Opgjort pr.", date(2015, 5, 31)),
                            ("Bemærkninger", f"Der er holdt {figure} arrangementer, og flere er planlagt til efteråret.")):
            sheet.cell(row, columns[name]).value = value
    label = next(cell for row in sheet.iter_rows(max_row=header) for cell in row if cell.value == "Udfyldt af")
    sheet.cell(label.row, label.column + 1).value = _MARK
    out = io.BytesIO()
    book.save(out)
    for number, data in enumerate(_signed(out.getvalue(), copies)):
        (answers / f"{path.stem}_{number}.xlsx").write_bytes(data)


def _signed(data: bytes, copies: int) -> Iterator[bytes]:
    """Yield the workbook as filled in by so many persons."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for number in range(copies):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                signed = content.replace(_MARK.encode(), b"Medarbejder %04d" % number)
                package.writestr(name, signed.replace(b"<v>%d" % _OWN, b"<v>%d" % (_OWN + number)))
        yield out.getvalue()
