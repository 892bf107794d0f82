"""What a document left in the workbook that was made from it: the agreement's own text and ``Fra dokumentet``."""

from __future__ import annotations

from aftale.model.columns import DOCUMENT_COLUMNS, DOCUMENT_SHEET, OWN_TEXT
from aftale.model.document import Leftover
from aftale.model.text import canonical, fold
from aftale.model.workbook import Workbook


def carried(book: Workbook) -> tuple[tuple[str, ...], tuple[Leftover, ...]]:
    """Return the agreement's own text and the leftovers that a workbook holds from the document it was once made from."""
    paragraphs: list[str] = []
    leftovers: list[Leftover] = []
    headers = [fold(column.header) for column in DOCUMENT_COLUMNS]
    for sheet in book.sheets:
        inside = -1
        for row in sheet.rows:
            texts = [canonical(value) for value in row]
            if inside >= 0 and inside < len(texts) and texts[inside]:
                paragraphs.append(texts[inside])
            elif inside < 0 and OWN_TEXT in texts:
                inside = texts.index(OWN_TEXT)
        if fold(sheet.name) == fold(DOCUMENT_SHEET):
            rows = [[canonical(value) for value in row[:3]] for row in sheet.rows]
            start = next((n for n, row in enumerate(rows) if [fold(text) for text in row] == headers), len(rows))
            leftovers += [Leftover(*row) for row in rows[start + 1:] if len(row) == 3 and any(row)]
    return tuple(paragraphs), tuple(leftovers)
