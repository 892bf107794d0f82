"""Make the pictures in ``docs/billeder`` again, from the demo as the program plays it now.

    python docs/make_pictures.py [--folder MAPPE]

Needs LibreOffice (``soffice``), Poppler (``pdftotext``, ``pdftoppm``), Chromium, and Calibri or Carlito, its free double of
the same widths: with any other font the texts don't fit their cells as they do in Excel. Each picture is the page that a
sheet prints, without margins and footer, cut where the height of the picture ends.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

import openpyxl
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # runs from a fresh clone too

from aftale.office.safe_write import write_all  # noqa: E402
from aftale.steps.demo import AGREEMENT, the_year  # noqa: E402

OUT = ROOT / "docs" / "billeder"
FONTS = ("Calibri", "Carlito")
BEFORE_THE_CHOICE = "November: koordinatoren afgør"
"""How the chapter begins before which the follow-up still has something to decide."""
FOLDED = {"agreement": ("KSE-krav", "Politik", "Indikator", "Udgangspunkt", "Budget", "E-mail", "Note")}
"""The headers of columns that are hidden first, so that the others can be read in a picture of this width."""
DANISH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>da-DK</value></prop></item></oor:items>"""
DOTS_PER_INCH = 200
FOOTER = 11 / 25.4
"""How high a page's footer stands, in inches."""
_COLOURS = 128
_WHITE = (255, 255, 255)


class Picture(NamedTuple):
    """A picture: its file, the sheet's title as it is printed at the top of its page, and its size in pixels at most."""

    name: str
    title: str
    width: int
    height: int


PICTURES: Mapping[str, Sequence[Picture]] = {
    "agreement": (Picture("aftale", "Mål i udviklingsplanen", 1500, 680),),
    "form": (Picture("skema", "Opfølgning på aftalen 2015", 1500, 573),),
    "undecided": (Picture("modstridende_svar", "Modstridende svar", 1400, 300), Picture("kontrol", "Kontrol", 1600, 709)),
    "followup": (Picture("overblik", "Viborg Bibliotekerne: årsopfølgning 2015", 1100, 1700),
                 Picture("opfoelgning", "Opfølgning på aftalen 2015", 1600, 792),
                 Picture("udviklingsplan", "Udviklingsplan 2015-2018", 1300, 646),
                 Picture("resultater", "Resultater", 1300, 653), Picture("dialog", "Dialog", 1500, 520)),
}
MAIL = Picture("mail", "", 680, 860)


def main() -> None:
    """Make every picture."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="where the demo is played; a temporary folder where it isn't given")
    given = options.parse_args()
    font = subprocess.run(["fc-match", "--format=%{family}", "Calibri"], capture_output=True, text=True, check=True).stdout
    if font not in FONTS:
        sys.exit(f"Calibri is shown as {font} here: install Carlito first (Debian: fonts-crosextra-carlito).")
    with tempfile.TemporaryDirectory() as scratch:
        work = given.folder or Path(scratch) / "demo"
        books, mail = play(work, Path(scratch))
        profile = Path(scratch) / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(DANISH, encoding="utf-8")
        for kind, pictures in PICTURES.items():
            book = folded(books[kind], FOLDED[kind], Path(scratch)) if kind in FOLDED else books[kind]
            pdf = as_pdf(book, Path(scratch))
            for picture in pictures:
                save(trimmed(page_of(pdf, picture.title, Path(scratch))), picture)
        save(mail_as_shown(mail, Path(scratch)), MAIL)


def play(folder: Path, scratch: Path) -> tuple[dict[str, Path], Path]:
    """Play the demo's year; return the workbooks that are shown and the draft to KSE."""
    end = folder / "aarsopfoelgning"
    followup, undecided = end / "opfoelgning_2015_aarsopfoelgning.xlsx", scratch / "undecided.xlsx"
    for title, step in the_year(folder):
        if title.startswith(BEFORE_THE_CHOICE):
            undecided.write_bytes(followup.read_bytes())
        write_all(list(step().files))
    form, = (end / "svar").glob("*_husteamet_*.xlsx")
    draft, = (end / "breve").glob("opfoelgning_*.eml")
    return {"agreement": folder / AGREEMENT, "form": form, "undecided": undecided, "followup": followup}, draft


def folded(book: Path, headers: Sequence[str], scratch: Path) -> Path:
    """Return a copy of a workbook in which the columns under some headers are hidden, each sheet one page wide."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = openpyxl.load_workbook(book)
    for sheet in copy:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value in headers):
            if any(other.value == "Mål-id" for other in sheet[cell.row]):
                sheet.column_dimensions[cell.column_letter].hidden = True
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    copy.save(scratch / book.name)
    return scratch / book.name


def as_pdf(book: Path, scratch: Path) -> Path:
    """Print a workbook with LibreOffice."""
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(scratch), str(book)],
                   check=True, capture_output=True, timeout=300)
    return scratch / f"{book.stem}.pdf"


def page_of(pdf: Path, title: str, scratch: Path) -> Image.Image:
    """Return the first page that begins with a title, as a picture."""
    number = next(n for n, text in enumerate(pages(pdf), 1) if text.strip().startswith(title))
    made = scratch / f"{pdf.stem}_{number}"
    which = ["-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number)]
    subprocess.run(["pdftoppm", "-png", "-singlefile", *which, str(pdf), str(made)], check=True, capture_output=True)
    with Image.open(made.with_suffix(".png")) as page:
        return page.convert("RGB")


def pages(pdf: Path) -> Iterator[str]:
    """Yield the text of every page."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8").stdout
    yield from text.split("\f")


def trimmed(page: Image.Image, margin: int = 12) -> Image.Image:
    """Return a page without its footer, and without the white around what is printed on it, but for a margin."""
    page = page.crop((0, 0, page.width, page.height - round(FOOTER * DOTS_PER_INCH)))
    box = ImageChops.difference(page, Image.new("RGB", page.size, _WHITE)).getbbox()
    assert box is not None, "the page is empty"
    left, top, right, bottom = box
    return page.crop((max(left - margin, 0), max(top - margin, 0), min(right + margin, page.width),
                      min(bottom + margin, page.height)))


def mail_as_shown(draft: Path, scratch: Path) -> Image.Image:
    """Return a mail's text as a browser shows it."""
    part = message_from_bytes(draft.read_bytes(), policy=policy.default).get_body(("html",))
    assert part is not None
    page, shot = scratch / "mail.html", scratch / "mail.png"
    page.write_text(f'<meta charset="utf-8"><body style="margin:16px">{part.get_content()}', encoding="utf-8")
    how = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={MAIL.width},{MAIL.height}"]
    subprocess.run(["chromium", *how, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True, timeout=120)
    with Image.open(shot) as picture:
        return picture.convert("RGB")


def save(shown: Image.Image, picture: Picture) -> None:
    """Save a picture in its size, cut at its height and with few colours, so that it is small."""
    height = round(shown.height * picture.width / shown.width)
    small = shown.resize((picture.width, height), Image.Resampling.LANCZOS).crop(
        (0, 0, picture.width, min(height, picture.height)))
    small.quantize(_COLOURS).save(OUT / f"{picture.name}.png", optimize=True)
    print(f"{picture.name}.png {small.width} x {small.height}")


if __name__ == "__main__":
    main()
