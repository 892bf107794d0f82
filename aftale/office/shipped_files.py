"""The template and the example that come with the program, and which program it is, in a wheel as in a checkout."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from aftale import __version__

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


@cache
def program(folder: Path = _HERE) -> str:
    """Return what tells this program from others: its version and a hash of its source, which a wheel has too.

    What is changed under one version, as in a checkout, is another program.
    """
    source = sha256()
    for path in sorted(folder.glob("*/*.py")):
        source.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{__version__} {source.hexdigest()}"
