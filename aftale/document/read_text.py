"""The text form of a document: tabs between cells, ``<ul>`` for points in a cell, ``**bold**``, page breaks."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aftale.document.target_parts import sentences
from aftale.model.document import Para, TextCell, TextDocument, TextTable
from aftale.model.place import Source
from aftale.model.text import tidy, without_controls

_POINT = re.compile(r"(\s*)(?:[•·▪◦‣●○■]|[-–—*](?=\s))\s*(?=\S)")
_HEADING = re.compile(r"(#{1,6})\s+")
_LIST = re.compile(r"(</?(?:ul|ol)\b[^>]*>)", re.IGNORECASE)
_ITEM = re.compile(r"</?li\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</?p\b[^>]*>", re.IGNORECASE)
_OTHER_TAGS = re.compile(r"</?(?:b|i|u|em|strong|span|div|font|tr|td|th|table|tbody)\b[^>]*>", re.IGNORECASE)
_CROSS = re.compile(r"[xX✓✔]?")


@dataclass(frozen=True)
class _Line:
    number: int
    cells: tuple[str, ...]
    after_blank: bool


def parse(text: str, source: Source) -> TextDocument:
    """Read a document's text form; lines with tabs are rows, and a blank line between rows is a page break."""
    return _Parser().run(_lines(text), source)


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    blank = True
    for number, raw in enumerate(re.split(r"\r\n|\r|\n|\f|\x0b|\u2028|\u2029", text), 1):
        if raw.strip():
            found.append(_Line(number, tuple(tidy(cell) for cell in raw.split("\t")) if "\t" in raw else (raw,), blank))
        blank = not raw.strip()
    return found


class _Parser:
    def __init__(self) -> None:
        self.numbers, self.tables = 0, 0
        self.readings: list[tuple[str, str, str]] = []
        self.bold = False

    def run(self, lines: Sequence[_Line], source: Source) -> TextDocument:
        blocks: list[Para | TextTable] = []
        at = 0
        inside = _inside_tables(lines)
        while at < len(lines):
            end = at
            while end < len(lines) and len(lines[at].cells) > 1 and (len(lines[end].cells) > 1 or inside[end]):
                end += 1
            if end > at:
                blocks.append(self._table(lines[at:end]))
                at = end
            else:
                blocks += self._paragraph(lines[at])
                at += 1
        return TextDocument(source, tuple(blocks), (), tuple(self.readings))

    def _paragraph(self, line: _Line) -> list[Para]:
        at, text = f"linje {line.number}", line.cells[0]
        if heading := _HEADING.match(text.strip()):
            found = self._paras(text.strip()[heading.end():], at)
            return [replace(para, heading=len(heading[1])) for para in found]
        point = _POINT.match(text)
        return self._paras(text[point.end():], at, 1 + len(point[1].expandtabs(4)) // 2) if point else self._paras(text, at)

    def _paras(self, text: str, at: str, bullet: int = 0) -> list[Para]:
        made = []
        for piece in _BREAK.split(text):
            plain, bold = self._without_marks(html.unescape(_OTHER_TAGS.sub("", piece)))
            if plain:
                self.numbers += 1
                made.append(Para(self.numbers, plain, at, bullet=bullet, bold=bold))
        return made

    def _without_marks(self, text: str) -> tuple[str, bool]:
        """Take the ``**`` out of a text; it is bold where all of it stood between two, on this line or over several."""
        parts = text.split("**")
        outside = "".join(part for number, part in enumerate(parts) if self.bold is bool(number % 2))
        self.bold ^= len(parts) % 2 == 0
        plain = " ".join(tidy(without_controls("".join(parts))).split())
        return plain, bool(plain) and not outside.strip()

    def _table(self, lines: Sequence[_Line]) -> TextTable:
        self.tables += 1
        return TextTable(self.tables, tuple(
            tuple(self._cell(text, column, f"linje {number}, kolonne {column + 1}") for column, text in enumerate(cells))
            for number, cells in _joined(lines)))

    def _cell(self, text: str, column: int, at: str) -> TextCell:
        paras: list[Para] = []
        inside = False
        for part in _LIST.split(text):
            if _LIST.fullmatch(part):
                inside = not part.startswith("</")
            elif inside:
                paras += self._items(part, at)
            else:
                for line in part.split("\n"):
                    point = _POINT.match(line)
                    paras += self._paras(line[point.end():] if point else line, at, 1 if point else 0)
        return TextCell(column, tuple(paras))

    def _items(self, text: str, at: str) -> list[Para]:
        """Part the points of a list: where they are marked, else at the end of each sentence, which is said."""
        items = [each for each in _ITEM.split(text) if each.strip()]
        if len(items) == 1 and not _ITEM.search(text):
            plain = " ".join(text.split())
            items = [plain[start:end] for start, end in sentences(plain)]
            if len(items) > 1:
                self.readings.append(("doc-points-parted", at, str(len(items))))
        return [para for item in items for para in self._paras(item, at, 1)]


def _inside_tables(lines: Sequence[_Line]) -> list[bool]:
    """Tell of each line whether a row follows without a blank line: one without tabs lost them where spaces were trimmed."""
    inside = [False] * (len(lines) + 1)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        inside[number] = not line.after_blank and (len(line.cells) > 1 or inside[number + 1])
    return inside


def _joined(lines: Sequence[_Line]) -> list[tuple[int, list[str]]]:
    """Return the rows, each with its line, with those put together that a line break in a cell has parted."""
    width = max(len(line.cells) for line in lines)
    rows: list[tuple[int, list[str]]] = []
    for line in lines:
        above = rows[-1][1] if rows else []
        parted = (1 < len(above) < width and len(line.cells) < width and len(above) + len(line.cells) - 1 <= width
                  and not line.after_blank and line.cells[0].strip() and not _CROSS.fullmatch(above[-1].strip()))
        if parted:
            above[-1] = f"{above[-1]}\n{line.cells[0].strip()}"
            above += line.cells[1:]
        else:
            rows.append((line.number, list(line.cells)))
    return rows
