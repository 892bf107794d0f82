"""skabelon: is a restyled template complete, and would anything in it be lost?"""

from __future__ import annotations

from pathlib import Path

from aftale.disk.openpyxl_book import TemplateError
from aftale.disk.template import inspect
from aftale.steps.report import USAGE, CannotDo, Report
from aftale.words.domain import Place
from aftale.words.problems import problem


def skabelon(path: Path) -> Report:
    """Look a template through.

    Raises:
        CannotDo: where the file isn't there or isn't a workbook that can be filled.
    """
    if not path.exists() or path.is_dir():
        raise CannotDo(f"{path} findes ikke som fil. Skriv stien til skabelonen (.xlsx).", USAGE)
    try:
        report = inspect(path.read_bytes())
    except TemplateError as error:
        raise CannotDo(f"{path.name}: {error}") from error
    except OSError as error:
        raise CannotDo(f"{path.name} kan ikke åbnes. Luk den i Excel, og kør igen.") from error
    place = Place(path.name)
    found = [*(problem("template-lacks", place, value=text) for text in report.missing),
             *(problem("template-loses", place, value=text) for text in report.losses),
             *(problem("template-note", place, value=text) for text in report.notes)]
    if report.missing:
        said = f"Skabelonen {path.name} mangler noget og kan ikke bruges endnu."
    elif report.losses:
        said = f"Skabelonen {path.name} er komplet, men noget i den ville gå tabt."
    else:
        said = f"Skabelonen {path.name} er komplet, og intet i den går tabt."
    step = ("Ret skabelonen i Excel, og kør «aftale skabelon» igen." if report.missing or report.losses else
            f"Brug den med «aftale generer … --skabelon {path.name}».")
    data: dict[str, object] = {"missing": list(report.missing), "losses": list(report.losses),
                               "notes": list(report.notes), "edition": report.edition}
    return Report((said,), tuple(found), (), step, data)
