"""``aftale vejledning``: the guide, for who has only the installed program."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out, usage

_WIDEST = 100


def vejledning(
    emne: Annotated[list[str] | None, typer.Argument(
        metavar="EMNE", help="Et ord af en overskrift, fx juni, eller noget, vejledningen fortæller om, fx påmindelse"
        " (ellers året på ét ark og en liste over afsnittene). installation, data og vaner er sider for sig.")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Gem i stedet det, der ellers vises, som tekst"
                                            " (.txt).")] = None,
    alle: Annotated[bool, typer.Option("--alle", help="Vis hele vejledningen.")] = False,
) -> None:
    """Vis vejledningen: året måned for måned, og hvad du gør, hvis noget driller.

    Eksempel: aftale vejledning juni
    """
    from aftale.office.report import Report
    from aftale.terminal.guide import beginning, page, parts, saved
    from aftale.terminal.guide_text import plain
    topic = " ".join(emne or ())
    text = usage(lambda: parts(topic)) if topic else page() if alle or ud else beginning()
    if ud is None:
        typer.echo(plain(text, min(shutil.get_terminal_size().columns, _WIDEST)))
        return

    def work() -> Report:
        return saved(plain(text, _WIDEST), ud)

    carry_out(work)
