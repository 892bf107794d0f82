"""What Word's runs and styles say beyond letters: bold, struck out, hidden, raised; signs, check boxes, headings, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from aftale.model.document import HIDDEN, STRUCK

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF = ("0", "false", "off")
_WINGDINGS = {0xFC: "✓", 0xFE: "☑", 0xFB: "✗", 0xFD: "☒", 0x78: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x6E: "■",
              0x6C: "●", 0xA7: "▪", 0xD8: "➢", 0xE0: "→", 0xB7: "•"}
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x2A: "☐"}
_SYMBOL = {0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xD6: "√", 0xAE: "→", **{n: chr(n) for n in range(0x21, 0x40)}}
_FONTS: Mapping[str, Mapping[int, str]] = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_NO_FONT: Mapping[int, str] = {0x50: "✓", 0x52: "☑", **_WINGDINGS}
"""What a sign is taken for where nothing says its font: what people pick in Wingdings to set a cross."""
_MOST_SIGNS, _MOST_STYLES = 2, 10
_RAISED = {"superscript": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), "subscript": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")}
"""So that »30« and a raised »2« are not 302."""
_PROMPT = re.compile(r"(?i)(?:klik|tryk|vælg et element|click|tap\b|choose an item)")
_LISTS = re.compile(r"(?i)(?:list (?:bullet|number)|punktopstilling|opstilling)[^0-9]*([0-9]?)")
_HEADINGS = re.compile(r"(?i)(?:heading|overskrift) ?([1-9])")


def value(element: Any, path: str, default: str = "") -> str:
    """Return what an element below another says, ``default`` where it isn't there or says nothing."""
    found = element.find("/".join(f"{W}{name}" for name in path.split("/"))) if element is not None else None
    return str(found.get(f"{W}val", default)) if found is not None else default


def sign(code: int, font: str) -> str:
    """Return what a font of signs shows for a character; itself where nobody knows."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return _FONTS.get(font, _NO_FONT if low != code else {}).get(low, chr(code))


def picked(symbol: Any) -> str:
    """Return the sign that somebody picked from the list of signs; '' where the document says no character."""
    code = str(symbol.get(f"{W}char", ""))
    return sign(int(code, 16), symbol.get(f"{W}font", "").strip().lower()) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""


def form_field(begin: Any) -> str:
    """Return what a field of an old form shows at its begin: a check box with or without its cross, or what was chosen."""
    box, choice = begin.find(f"{W}ffData/{W}checkBox"), begin.find(f"{W}ffData/{W}ddList")
    if box is not None:
        states = [*box.findall(f"{W}checked"), *box.findall(f"{W}default")]
        return "☒" if states and states[0].get(f"{W}val", "1") not in _OFF else "☐"
    entries = [each.get(f"{W}val", "") for each in choice.findall(f"{W}listEntry")] if choice is not None else []
    number = value(choice, "result") or value(choice, "default", "0")
    return entries[int(number) if number.isdecimal() and int(number) < len(entries) else 0] if entries else ""


def check_box(control: Any) -> str:
    """Return the sign of a control that is a check box, '' where it is another control."""
    box = control.find(f"{W}sdtPr/{_W14}checkbox")
    state = box.find(f"{_W14}checked") if box is not None else None
    on = state is not None and state.get(f"{_W14}val", "1") not in _OFF
    return "" if box is None else "☒" if on else "☐"


def unfilled(control: Any) -> bool:
    """Tell whether a control only shows Word's own prompt, »Klik eller tryk her for at skrive tekst.«."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None and bool(
        _PROMPT.match("".join(each.text or "" for each in control.iter(f"{W}t")).strip()))


class Look(NamedTuple):
    """How a run looks: ``aside`` is the kind of text it is where it is struck out or hidden, '' where it is read."""

    bold: bool = False
    aside: str = ""
    raised: str = ""
    font: str = ""

    def shown(self, text: str) -> str:
        """Return a run's letters as they look: signs of other fonts as what they show, raised digits as raised."""
        alone = self.font in _FONTS and len(text.strip()) <= _MOST_SIGNS  # longer is text that got the wrong font
        if alone or any("\uf000" <= letter <= "\uf0ff" for letter in text):
            text = "".join(letter if letter.isspace() or (letter < "\uf000" and not alone) else sign(ord(letter), self.font)
                           for letter in text)
        return text.translate(_RAISED.get(self.raised, {}))


class ParagraphLook(NamedTuple):
    """What a paragraph's style makes of it: a heading of a level, a point of a depth, the title; and the style's name."""

    heading: int = 0
    bullet: int = 0
    title: bool = False
    style: str = ""


class Styles:
    """A document's styles: what a run or a paragraph says itself wins over its style, and that over what it is based on."""

    def __init__(self, styles: Any) -> None:
        self._elements = {key: each for each in styles.iter(f"{W}style") if (key := each.get(f"{W}styleId"))}
        self._marks_of, self._paragraph_of = cache(self._of_style), cache(self._of_paragraph_style)

    def run(self, run: Any, style: str) -> Look:
        """Return the look of a run in a paragraph with a style."""
        own = run.find(f"{W}rPr")
        marks = {**self._marks_of(style), **self._marks_of(value(own, "rStyle")), **_marks(own)}
        struck = any(marks.get(each, "0") not in _OFF for each in ("strike", "dstrike"))
        hidden = marks.get("vanish", "0") not in _OFF
        return Look(marks.get("b", "0") not in _OFF, HIDDEN if hidden else STRUCK if struck else "",
                    marks.get("vertAlign", ""), marks.get("font", ""))

    def paragraph(self, element: Any, style: str) -> ParagraphLook:
        """Return the look of a paragraph with a style."""
        look, own = self._paragraph_of(style), element.find(f"{W}pPr")
        outline = value(own, "outlineLvl", "9")
        heading = int(outline) + 1 if int(outline) < 9 else look.heading
        numbered = own is not None and own.find(f"{W}numPr") is not None
        bullet = _depth(own) if numbered else look.bullet
        return look._replace(heading=heading, bullet=0 if heading or look.title else bullet)

    def _chain(self, key: str) -> list[Any]:
        found: list[Any] = []
        while key in self._elements and len(found) < _MOST_STYLES:  # a style may be based on itself
            found.append(self._elements[key])
            key = value(found[-1], "basedOn")
        return found

    def _of_style(self, key: str) -> Mapping[str, str]:
        return {name: said for each in reversed(self._chain(key)) for name, said in _marks(each.find(f"{W}rPr")).items()}

    def _of_paragraph_style(self, key: str) -> ParagraphLook:
        look = ParagraphLook()
        for style in self._chain(key):
            name, own = value(style, "name"), style.find(f"{W}pPr")
            of_heading, listed, level = _HEADINGS.fullmatch(name), _LISTS.fullmatch(name), int(value(own, "outlineLvl", "9"))
            depth = int(listed[1] or 1) if listed else _depth(own)
            look = ParagraphLook(look.heading or (int(of_heading[1]) if of_heading else level + 1 if level < 9 else 0),
                                 look.bullet or depth, look.title or name.lower() in ("title", "titel"), look.style or name)
        return look


def _depth(properties: Any) -> int:
    """Return how deep in a list a paragraph stands, 0 where it is in none or the list is turned off."""
    inside = properties is not None and properties.find(f"{W}numPr") is not None
    return int(value(properties, "numPr/ilvl", "0")) + 1 if inside and value(properties, "numPr/numId") != "0" else 0


def _marks(looks: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in looks if looks is not None else ():
        name = str(child.tag).removeprefix(W)
        if name in ("b", "strike", "dstrike", "vanish", "vertAlign"):
            found[name] = child.get(f"{W}val", "1")
        elif name == "rFonts":
            found["font"] = (child.get(f"{W}ascii") or child.get(f"{W}hAnsi") or "").strip().lower()
    return found
