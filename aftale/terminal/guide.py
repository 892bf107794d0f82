"""The guide that comes with the program, whole or a part of it."""

from __future__ import annotations

import re
from pathlib import Path

from aftale.model.text import fold
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite
from aftale.office.shipped_files import resource

PAGES = ("vejledning", "installation", "data", "vaner")


def page(name: str = PAGES[0]) -> str:
    """Return a page as it is shipped."""
    return resource("docs", f"{name}.md").read_text(encoding="utf-8")


def parts(topic: str) -> str:
    """Return the page, or the parts of the guide, that a topic names; else those that speak of it.

    Raises CannotDo where none does.
    """
    wanted = fold(topic).removesuffix(".md")
    if wanted in PAGES:
        return page(wanted)
    every = split(page())
    found = [text for title, text in every if wanted in fold(title)] or [text for _, text in every if wanted in fold(text)]
    if not found:
        raise CannotDo(f"Vejledningen siger ikke noget om »{topic}«. Skriv et andet ord, fx af en overskrift: Se dem med"
                       " »aftale vejledning«.", USAGE)
    return "\n".join(found)


def beginning() -> str:
    """Return the start of the guide, the year on half a page, and what its other parts are called."""
    (_, opening), (_, year), *rest = split(page())
    titles = "\n".join(f"- {title}" for title, _ in rest)
    return (f"{opening}\n{year}\n## Resten af vejledningen\n\n{titles}\n\nSkriv et ord af en overskrift efter kommandoen, fx"
            " `aftale vejledning juni`. `aftale vejledning --alle` viser det hele.\n")


def saved(text: str, out: Path) -> Report:
    """Return the report that saves a text as Windows' own programs read it."""
    if out.suffix.lower() != ".txt":
        raise CannotDo(f"Vejledningen gemmes som .txt. Skriv fx --ud {out.with_suffix('.txt')}.", USAGE)
    return Report((f"Gemt: {out}",), files=(ToWrite(out, f"{text}\n".replace("\n", "\r\n").encode("utf-8-sig")),))


def split(text: str) -> list[tuple[str, str]]:
    """Return the parts of a page: each heading, and the text from it to the next."""
    found = [part for part in re.split(r"^(?=#{1,2} )", text, flags=re.M) if part.strip()]
    return [(part.split("\n", 1)[0].lstrip("# ").replace("`", ""), part) for part in found]
