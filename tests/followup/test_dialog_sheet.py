"""``Dialog`` as it is drawn: it fits a screen and a page, threads and parties are told apart, and its rows grow."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from playing_dialogue import GOALS, PlayedRound, from_kse, skema

from aftale.followup.draw_xlsx import draw, draw_for_kse
from aftale.kse.remarks import about_of
from aftale.model.columns import DIALOG
from aftale.model.dialogue import Party, waiting

ONE, OTHER = GOALS
LONG = "Biblioteket inviterer borgerne indenfor. " * 41
PRINTABLE = (297 - 2 * 7) / 25.4 * 96
"""How many pixels an A4 page on its side has room for between margins of 7 mm."""


def followup(played: PlayedRound) -> bytes:
    return draw(played.result.book)


def edition(played: PlayedRound) -> bytes:
    about = about_of(played.result.state, played.result.kse, waiting(played.result.dialogue, Party.DEPARTMENT))
    return draw_for_kse(played.result.book, about).data


def sheet_in(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))[DIALOG]


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """Return the cells of each line by header."""
    headers = [cell.value for cell in sheet[4]]
    return [dict(zip(headers, row, strict=True)) for row in sheet.iter_rows(min_row=5) if row[-1].value]


@pytest.fixture(scope="module")
def played() -> PlayedRound:
    """KSE says something of one goal, answers one of two questions, and the unit answers nothing."""
    found = PlayedRound()
    found.flet(skema({ONE: "I gang"}), from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    found.ask(OTHER, "Hvornår?")
    found.ask(ONE, "Hvem?", row=1)
    found.flet()
    return found


def test_it_fits_a_screen_and_can_be_read_on_paper(played: PlayedRound) -> None:
    for data in (followup(played), edition(played)):
        sheet = sheet_in(data)
        shown = [each for each in sheet.column_dimensions.values() if not each.hidden]
        pixels = sum(round(each.width * 7) for each in shown)
        assert (len(shown), pixels, sheet.column_dimensions["H"].hidden) == (7, 1460, True)
        assert 10 * PRINTABLE / pixels == pytest.approx(7.3, abs=0.06)
        assert sheet.page_margins.left == sheet.page_margins.right == pytest.approx(7 / 25.4, abs=0.005)
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.freeze_panes) == ("landscape", 0, "C5")
        assert sheet.print_title_rows == "$4:$4" and sheet.print_area.split("!")[1].startswith("$A$1:$G$")


def test_threads_and_parties_are_told_apart_by_more_than_colour(played: PlayedRound) -> None:
    lines = rows_of(sheet_in(followup(played)))
    first, kse, asked, other = lines
    assert [each["Mål-id"].font.b for each in lines] == [True, False, False, True], "the repeated one is muted"
    assert [each["Mål-id"].border.top.style for each in lines] == ["medium", "dotted", "dotted", "medium"]
    assert [each["Hvem"].font.b for each in lines] == [False, True, True, True], "a colleague isn't one of the parties"
    tints = [each["Hvad blev der skrevet"].fill.fgColor.rgb[-6:] for each in (first, kse, asked)]
    assert tints[1] == "F0F6FC" and tints[0] == tints[2] != "F0F6FC"
    assert [each["Effektmål/delmål"].value for each in (first, other)] == ["Effektmålet M1.1.1", "Effektmålet M1.1.2"]
    rules = [rule for each in sheet_in(followup(played)).conditional_formatting for rule in each.rules]
    marks = {match[1] for rule in rules if rule.dxf.numFmt and (match := re.match('"(.)', rule.dxf.numFmt.formatCode))}
    assert marks == {"●", "◆", "✓"}


def test_only_what_waits_for_kse_can_be_written_in_its_edition(played: PlayedRound) -> None:
    sheet = sheet_in(edition(played))
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {row["Svar"].coordinate for row in rows_of(sheet) if row["Tilstand"].value == "Venter på KSE"}
    assert len(unlocked) == 2 and sheet.protection.sheet and not sheet.protection.formatRows
    assert sheet["A2"].value.startswith("=IF(SUMPRODUCT(") and "Skriv i de gule felter under Svar." in sheet["A2"].value
    assert not [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("Spørg ")]


def test_a_question_without_a_goal_stands_where_it_was_written_above_the_rows_for_more() -> None:
    asked = PlayedRound()
    asked.flet()
    asked.ask("", "Hvor?")
    asked.flet()
    sheet = sheet_in(followup(asked))
    assert [sheet.cell(row, 5).value for row in range(7, 11)] == ["Hvor?", None, None, None]
    assert {sheet.cell(row, column).fill.fgColor.rgb[-6:] for row in range(7, 11) for column in (1, 5)} == {"FFF9DB"}


def test_a_long_question_can_be_answered_in_each_of_its_rows() -> None:
    asked = PlayedRound()
    asked.flet()
    asked.ask(ONE, (LONG * 2).strip())
    asked.flet()
    sheet = sheet_in(edition(asked))
    assert [row["Svar"].protection.locked for row in rows_of(sheet)] == [False, False]
    assert [row["Tilstand"].value for row in rows_of(sheet)] == [None, "Venter på KSE"]


def test_where_nothing_is_said_it_says_what_will_stand_there() -> None:
    nothing = PlayedRound()
    nothing.flet()
    ours, theirs = sheet_in(followup(nothing)), sheet_in(edition(nothing))
    assert str(ours["B6"].value).startswith("Når KSE skriver en bemærkning, eller I spørger om noget i de gule felter")
    assert ours["B7"].value == "Spørg KSE: Skriv Mål-id (eller Hele aftalen) og spørgsmålet."
    assert theirs["B6"].value == ("Skriv på arket Opfølgning. Det, Biblioteket spørger om eller svarer, kommer til at stå"
                                  " her.")


def heights(data: bytes) -> dict[int, tuple[float, bool]]:
    """Return each row's height, and whether it stays at that whatever is written in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = re.findall(r'<sheet name="([^"]+)"', package.read("xl/workbook.xml").decode())
        text = package.read(f"xl/worksheets/sheet{names.index(DIALOG) + 1}.xml").decode()
    rows = (dict(re.findall(r'(\w+)="([^"]*)"', row)) for row in re.findall(r"<row ([^>]*)>", text))
    return {int(row["r"]): (float(row["ht"]), "customHeight" in row) for row in rows if "ht" in row}


def test_a_row_has_room_for_its_text_and_grows_while_somebody_writes() -> None:
    played = PlayedRound()
    played.flet(skema({ONE: "Kort", OTHER: LONG.strip()}), from_kse("a.xlsx", {ONE: "Hvorfor?", OTHER: "Ja?"}))
    for data in (followup(played), edition(played)):
        found = heights(data)
        sheet = sheet_in(data)
        tall = {row["Hvad blev der skrevet"].value: found[row["Mål-id"].row] for row in rows_of(sheet)}
        lines = len(LONG) / 60  # so many letters stand in a line of 360 pixels
        assert lines * 12.75 <= tall[LONG.strip()][0] <= min(409, (lines + 3) * 12.75 + 6)
        assert tall["Hvorfor?"][0] == 21
        assert not any(fixed for row, (_, fixed) in found.items() if row > 4)
        assert all(found[row][1] for row in (1, 2, 4)), "what nobody writes in keeps its height"


def test_its_texts_have_one_kind_of_quotation_marks(played: PlayedRound) -> None:
    for data in (followup(played), edition(played)):
        sheet = sheet_in(data)
        said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        said += [text for each in sheet.data_validations.dataValidation for text in (each.prompt, each.error) if text]
        assert not [text for text in said if re.search(r"«\w", text)]
