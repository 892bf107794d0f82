"""What the runs of a Word paragraph say beyond their letters: struck out, hidden, raised; signs and check boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftale.model.document import HIDDEN, STRUCK

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHECKED, UNCHECKED = "☒", "☐"

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF = ("0", "false", "off")
_TOGGLES = ("b", "strike", "dstrike", "vanish")
_WINGDINGS = {0xFC: "✓", 0xFE: "☑", 0xFB: "✗", 0xFD: "☒", 0x78: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x6E: "■",
              0x6C: "●", 0xA7: "▪", 0xD8: "➢", 0xE0: "→", 0x4A: "☺", 0xB7: "•"}
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x2A: "☐"}
_SYMBOL = {0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xD6: "√", 0xAE: "→",
           **{code: chr(code) for code in range(0x21, 0x40)}}
_WEBDINGS = {0x61: "✓", 0x72: "✗", 0x63: "☐", 0x67: "■"}
_FONTS: Mapping[str, Mapping[int, str]] = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL,
                                           "webdings": _WEBDINGS}
_NO_FONT: Mapping[int, str] = {0x50: "✓", 0x52: "☑", **_WINGDINGS}
"""What a sign is taken for where nothing says its font: what people pick in Wingdings to set a cross."""
_MOST_SIGNS, _MOST_STYLES = 2, 10
_RAISED = {"superscript": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), "subscript": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")}
"""So that »30« and a raised »2« are not 302."""


@dataclass(frozen=True)
class Look:
    """How a run looks: ``aside`` is the kind of text it is where it is struck out or hidden, '' where it is read."""

    bold: bool = False
    aside: str = ""
    raised: str = ""
    font: str = ""

    def shown(self, text: str) -> str:
        """Return a run's letters as they look: signs of other fonts as what they show, raised digits as raised."""
        signs = text.strip()
        alone = self.font in _FONTS and len(signs) <= _MOST_SIGNS  # longer is text that got the wrong font
        if alone or any("\uf000" <= letter <= "\uf0ff" for letter in signs):
            text = "".join(letter if letter.isspace() or (letter < "\uf000" and not alone) else sign(ord(letter), self.font)
                           for letter in text)
        return text.translate(_RAISED.get(self.raised, {}))


def picked(symbol: Any) -> str:
    """Return the sign that somebody picked from the list of signs; '' where the document says no character."""
    code, font = str(symbol.get(f"{W}char", "")), str(symbol.get(f"{W}font", "")).strip().lower()
    return sign(int(code, 16), font) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""


def sign(code: int, font: str) -> str:
    """Return what a font of signs shows for a character; itself where nobody knows."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    known = _FONTS.get(font, _NO_FONT if low != code else {})
    return known.get(low, chr(code))


class RunLooks:
    """Tells how runs look: what a run says itself wins over its style, and that over its paragraph's."""

    def __init__(self, styles: Any) -> None:
        self._elements = {key: each for each in styles.iter(f"{W}style") if (key := each.get(f"{W}styleId"))}
        self._known: dict[str, Mapping[str, str]] = {}

    def of(self, run: Any, style: str) -> Look:
        """Return the look of a run in a paragraph with a style."""
        own = run.find(f"{W}rPr")
        named = own.find(f"{W}rStyle") if own is not None else None
        letters = self._of_style(named.get(f"{W}val", "")) if named is not None else {}
        marks = {**self._of_style(style), **letters, **_marks(own)}
        struck = any(marks.get(each, "0") not in _OFF for each in ("strike", "dstrike"))
        hidden = marks.get("vanish", "0") not in _OFF
        return Look(_marks(own).get("b", "0") not in _OFF, HIDDEN if hidden else STRUCK if struck else "",
                    marks.get("vertAlign", ""), marks.get("font", ""))

    def styles(self, key: str) -> list[Any]:
        """Return a style and those that it is based on, itself first; [] where there is no such style."""
        found: list[Any] = []
        while key in self._elements and len(found) < _MOST_STYLES:  # a style may be based on itself
            found.append(self._elements[key])
            base = found[-1].find(f"{W}basedOn")
            key = base.get(f"{W}val", "") if base is not None else ""
        return found

    def _of_style(self, key: str) -> Mapping[str, str]:
        if key not in self._known:
            looks = [_marks(each.find(f"{W}rPr")) for each in reversed(self.styles(key))]
            self._known[key] = {name: value for each in looks for name, value in each.items()}
        return self._known[key]


def _marks(looks: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in looks if looks is not None else ():
        name = str(child.tag).removeprefix(W)
        if name in _TOGGLES or name == "vertAlign":
            found[name] = child.get(f"{W}val", "1")
        elif name == "rFonts":
            found["font"] = (child.get(f"{W}ascii") or child.get(f"{W}hAnsi") or "").strip().lower()
    return found


def form_field(begin: Any) -> str:
    """Return what a field of an old form shows at its begin: a check box with or without its cross, or what was chosen."""
    box, choice = begin.find(f"{W}ffData/{W}checkBox"), begin.find(f"{W}ffData/{W}ddList")
    if box is not None:
        states = [*box.findall(f"{W}checked"), *box.findall(f"{W}default")]
        return CHECKED if states and states[0].get(f"{W}val", "1") not in _OFF else UNCHECKED
    if choice is not None:
        entries = [each.get(f"{W}val", "") for each in choice.findall(f"{W}listEntry")]
        said = [each.get(f"{W}val", "0") for name in ("result", "default") for each in choice.findall(f"{W}{name}")]
        number = int(said[0]) if said and said[0].isdecimal() else 0
        return entries[number] if number < len(entries) else ""
    return ""


def check_box(control: Any) -> str:
    """Return the sign of a control that is a check box, '' where it is another control."""
    box = control.find(f"{W}sdtPr/{_W14}checkbox")
    if box is None:
        return ""
    state = box.find(f"{_W14}checked")
    return CHECKED if state is not None and state.get(f"{_W14}val", "1") not in _OFF else UNCHECKED
