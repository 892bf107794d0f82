"""Which cells of an .xlsx somebody has struck through, wholly or in part, and what is left of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from aftale.model.text import tidy

_FONTS = re.compile(rb"<(?:\w{1,9}:)?fonts[\s>].*?</(?:\w{1,9}:)?fonts>", re.DOTALL)
_STRIKE = b"strike"
_OFF = ("0", "false")


def struck_styles(styles: bytes) -> frozenset[bytes]:
    """Return the numbers of the cell styles whose font strikes the whole cell through."""
    fonts = _FONTS.search(styles)
    if fonts is None or _STRIKE not in fonts[0]:
        return frozenset()
    lists = {_name(each): each for each in ElementTree.fromstring(styles)}
    struck = {str(number) for number, font in enumerate(lists.get("fonts", ())) if _is_struck(font)}
    return frozenset(b"%d" % number for number, each in enumerate(lists.get("cellXfs", ())) if each.get("fontId") in struck)


def struck_strings(shared: bytes) -> dict[bytes, str]:
    """Return what is left of each shared text of which something is struck through, by its number."""
    if _STRIKE not in shared:
        return {}
    rest = (_rest(text) for text in ElementTree.fromstring(shared) if _name(text) == "si")
    return {b"%d" % number: each for number, each in enumerate(rest) if each is not None}


def struck_inline(inside: bytes) -> str | None:
    """Return what is left of a text that stands in its cell itself, None where nothing is struck through."""
    if _STRIKE not in inside:
        return None
    plain = re.sub(rb"<(/?)(?:\w{1,9}:)", rb"<\1", inside)  # the prefixes are declared further out
    return _rest(ElementTree.fromstring(b"<si>" + plain + b"</si>"))


def _rest(text: ElementTree.Element) -> str | None:
    runs = [each for each in text.iter() if _name(each) == "r"]
    if not any(_is_struck(run) for run in runs):
        return None
    return tidy("".join(_words(run) for run in runs if not _is_struck(run)))


def _words(run: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in run.iter() if _name(each) == "t")


def _is_struck(within: ElementTree.Element) -> bool:
    return any(_name(each) == "strike" and _value(each.attrib) not in _OFF for each in within.iter())


def _value(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == "val"), "1")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def rest_of(cells: Iterable[tuple[int, int, bytes, bytes | None, bytes]], styles: frozenset[bytes],
            strings: Mapping[bytes, str]) -> dict[tuple[int, int], str]:
    """Return what is left of every cell of which something is struck through, '' where all of it is.

    A cell is its zero-based row and column, the number of its style, that of its shared text, and what is in it.
    """
    found = {}
    for row, column, style, shared, inside in cells:
        rest = strings.get(shared) if shared is not None else struck_inline(inside)
        if rest is not None or (style in styles and inside):
            found[row, column] = rest or ""
    return found
