"""Letting a terminal complete commands and options with the tab key."""

from __future__ import annotations

from aftale.office.report import USAGE, CannotDo

TERMINALS = ("bash", "zsh", "fish", "pwsh", "powershell")
COMPLETE = "_AFTALE_COMPLETE"
"""The environment variable by which a terminal asks what a word may become."""


def complete_in(terminal: str, install: bool) -> str:
    """Return the script that makes a terminal complete; with ``install`` put it in place, and return where it lies.

    Raises CannotDo where the terminal isn't known.
    """
    from typer import completion
    name = terminal.strip().casefold()
    if name not in TERMINALS:
        raise CannotDo(f"»{terminal}« er ikke en terminal, programmet kender. Skriv bash, zsh, fish, pwsh eller powershell."
                       " Windows' kommandoprompt (cmd) kan ikke.", USAGE)
    if not install:
        return completion.get_completion_script(  # type: ignore[attr-defined]
            prog_name="aftale", complete_var=COMPLETE, shell=name)
    _, path = completion.install(  # type: ignore[attr-defined]
        shell=name, prog_name="aftale", complete_var=COMPLETE)
    return (f"Gemt: {path}. Luk terminalen, og åbn den igen: Så skriver den kommandoer og valg færdige, når du trykker på"
            " tabulatortasten.")


def answer_terminals() -> None:
    """Make the program ready to answer a terminal that asks what a word may become."""
    from typer.completion import completion_init  # type: ignore[attr-defined]
    completion_init()
