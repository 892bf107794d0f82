"""How well two colours can be told apart."""

from __future__ import annotations


def contrast(ink: str, fill: str) -> float:
    """Return the contrast of two colours as WCAG 2.1 counts it: from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(ink), _luminance(fill)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
