"""Draw the sheets beside ``Skema``: ``Fuld tekst``, ``Vejledning``, and the hidden lists to choose from (xlsxwriter)."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped,unused-ignore]

from aftale.forms.draw_spots_xlsx import CAN_BE_DONE, Spot, height_for, put, write
from aftale.model.columns import FULL_TEXT, LISTER, VEJLEDNING, pixels
from aftale.model.tables import FormBook
from aftale.model.text import canonical
from aftale.office import palette
from aftale.office.draw_base import TALLEST, Book, Sheet

_FULL_HEADERS = ("Mål-id", "Hvad", "Tekst")
_FULL_WIDTHS = (pixels(80), pixels(130), pixels(720))
_GUIDE_WIDTHS = (30, 95)


def guide_spots(book: FormBook) -> tuple[Spot, ...]:
    """Return what stands on ``Vejledning``."""
    spots = [Spot(0, 0, VEJLEDNING, "guide_title")]
    for row, (heading, text) in enumerate(book.guide, 2):
        spots += [Spot(row, 0, heading, "guide_heading"), Spot(row, 1, text, "guide_text")]
    return tuple(spots)


def draw_guide(drawn: Book, book: FormBook) -> None:
    """Draw ``Vejledning``, which is printed on one page."""
    sheet = drawn.sheet(VEJLEDNING, palette.SEA)
    for n, width in enumerate(_GUIDE_WIDTHS):
        sheet.width(n, width)
    write(sheet, 0, 1, None, "guide_title")
    spots = guide_spots(book)
    for spot in spots:
        status = canonical(spot.value).removeprefix("Status: ")
        fill, ink = palette.STATUS_COLOURS.get(status, ("", "")) if spot.column == 0 else ("", "")
        write(sheet, spot.row, spot.column, spot.value, spot.look, **({"bg_color": fill, "font_color": ink} if fill else {}))
    last = _fit_rows(sheet, spots, _GUIDE_WIDTHS, 8.0, 20)
    sheet.raw.hide_gridlines(2)
    sheet.raw.protect("", CAN_BE_DONE)
    sheet.page(last, 1)
    sheet.raw.fit_to_pages(1, 1)


def _fit_rows(sheet: Sheet, spots: Sequence[Spot], widths: Sequence[float], gap: float, least: float) -> int:
    """Make the rows below the title as high as their texts ask for, in points, and return the last row."""
    heights = {0: 25.5, 1: gap}
    for spot in spots:
        if spot.row:
            needed = height_for(spot.value, widths[spot.column], spot.look, least) + 3
            heights[spot.row] = min(max(heights.get(spot.row, 0), needed), TALLEST)
    for row, height in heights.items():
        sheet.height(row, height)
    return max(heights)


def full_text_spots(book: FormBook) -> tuple[Spot, ...]:
    """Return what stands on ``Fuld tekst``, nothing where every text has room in the table."""
    if not book.whole:
        return ()
    spots = [Spot(0, 0, FULL_TEXT, "guide_title"),
             *(Spot(2, column, header, "header") for column, header in enumerate(_FULL_HEADERS))]
    for row, (goal, what, text) in enumerate(book.whole, 3):
        spots += [Spot(row, 0, goal, "guide_heading"), Spot(row, 1, what, "guide_text"), Spot(row, 2, text, "guide_text")]
    return tuple(spots)


def draw_full_texts(drawn: Book, book: FormBook) -> None:
    """Draw ``Fuld tekst`` where a text is too long for the table."""
    spots = full_text_spots(book)
    if not spots:
        return
    sheet = drawn.sheet(FULL_TEXT, palette.SEA)
    for n, width in enumerate(_FULL_WIDTHS):
        sheet.width(n, width)
        write(sheet, 0, n, None, "guide_title")
    for spot in spots:
        put(sheet, spot)
    last = _fit_rows(sheet, spots, _FULL_WIDTHS, 6.0, 22)
    sheet.raw.hide_gridlines(2)
    sheet.raw.freeze_panes(3, 1)
    sheet.raw.protect("", CAN_BE_DONE)
    sheet.page(last, 2, 2)
    sheet.raw.set_portrait()


def list_spots(book: FormBook) -> tuple[Spot, ...]:
    """Return what stands on ``Lister``."""
    return tuple(Spot(row, column, value, "plain" if row else "list_header")
                 for column, (name, values) in enumerate(book.lists) for row, value in enumerate((name, *values)))


def list_name(name: str) -> str:
    """Return the defined name of a list."""
    return f"Liste_{name}"


def draw_lists(drawn: Book, book: FormBook) -> None:
    """Draw the hidden ``Lister``, and name each list."""
    sheet = drawn.sheet(LISTER)
    for spot in list_spots(book):
        put(sheet, spot)
    for column, (name, values) in enumerate(book.lists):
        letter = xl_col_to_name(column)
        drawn.name(list_name(name), f"{LISTER}!${letter}$2:${letter}${len(values) + 1}")
    sheet.raw.hide()
