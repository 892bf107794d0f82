"""A page of the guide as plain text: headings, lists and tables as they stand on a terminal, without marks or pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from aftale.terminal.help_text import wrapped

_BLOCK = re.compile(r"```.*?```|(?:(?!```)[^\n]+\n?)+", re.S)
_LINK = re.compile(r"\[([^\]]+)\]\((?:([a-z]+)\.md)?[^)]*\)")
_CODE = re.compile(r"`([^`]+)`")
_BETWEEN = 2


def plain(page: str, width: int) -> str:
    """Return a page, or a part of one, as plain text that is so wide at most."""
    blocks = (list(_lines(block.strip("\n"), width)) for block in _BLOCK.findall(page))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _lines(block: str, width: int) -> Iterator[str]:
    if block.startswith("```"):
        yield from (f"    {line}" for line in block.split("\n")[1:-1])
    elif block.startswith("#"):
        title = block.lstrip("# ")
        yield from (title, ("=" if block.startswith("# ") else "-") * len(title))
    elif block.startswith("|"):
        yield from _table(block.split("\n"), width)
    elif block.startswith("- "):
        for each in re.split(r"\n(?=- )", block):
            yield from wrapped(_unmarked(each), width, 2)
    elif not block.startswith("!["):
        yield from wrapped(_unmarked(block), width)


def _unmarked(text: str) -> str:
    """Return a text without marks; a command in it has quotation marks, and another page is named by its command."""
    text = " ".join(text.split()).replace("**", "")
    text = _LINK.sub(lambda link: f"`{_command(link[2])}`" if link[2] else link[1], text)
    return _CODE.sub(lambda code: f"»{code[1]}«" if code[1].split()[0] == "aftale" else code[1], text)


def _command(page: str) -> str:
    return "aftale vejledning" if page == "vejledning" else f"aftale vejledning {page}"


def _table(lines: Sequence[str], width: int) -> Iterator[str]:
    rows = [[_LINK.sub(r"\1", _CODE.sub(r"\1", cell.strip())).replace("**", "") for cell in line.strip()[1:-1].split("|")]
            for line in lines if not re.fullmatch(r"[|: -]+", line)]
    widths = _widths(rows, width)
    for row in rows:
        columns = [wrapped(cell, room) for cell, room in zip(row, widths, strict=True)]
        for parts in zip_longest(*columns, fillvalue=""):
            yield (" " * _BETWEEN).join(f"{part:{room}}" for part, room in zip(parts, widths, strict=True)).rstrip()


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths in which columns fit beside one another; none is narrower than its longest word."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = [max((len(word) for cell in column for word in cell.split()), default=0) for column in zip(*rows, strict=True)]
    while sum(widths) + _BETWEEN * (len(widths) - 1) > width:
        roomy = [at for at, each in enumerate(widths) if each > words[at]]
        if not roomy:
            break
        widths[max(roomy, key=lambda at: widths[at])] -= 1
    return widths
