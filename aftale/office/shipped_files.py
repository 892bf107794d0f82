"""The template and the example that come with the program, in an installed wheel as in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as ``templates/aftale_skabelon.xlsx``."""
    installed = _HERE.joinpath("shipped", *parts)
    return installed if installed.exists() else _HERE.parent.joinpath(*parts)


def template_path() -> Path:
    """Return the path of the shipped template."""
    return resource("templates", "aftale_skabelon.xlsx")


def report_template_path() -> Path:
    """Return the path of the report's shipped template."""
    return resource("templates", "rapport_skabelon.docx")


def example_path() -> Path:
    """Return the folder of the shipped example."""
    return resource("examples", "viborg_2015")


def mail_text_path(name: str) -> Path:
    """Return the path of the shipped text of a mail."""
    return resource("templates", "breve", f"{name}.txt")
