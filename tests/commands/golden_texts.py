"""The texts that ``tests/commands/golden`` holds for a Danish reader: every command's help, and what wrong calls are told.

``python tests/commands/golden_texts.py`` writes them anew: then read what ``git diff`` shows, as a colleague in a
municipality would. With ``--se`` nothing is written, and what differs is named, as for another version of typer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).resolve().parent / "golden"

WRONG_CALLS = """
fltet
FLETT midtvejs/svar
nyt år
status
flet --udd ny.xlsx
flet --kode
flet -x
flet --ud
flet --ud --alle
flet --json=ja
flet a.xlsx b.xlsx
flet findes_ikke.xlsx svar --ud ny.xlsx
flet tekst.xlsx svar --ud ny.xlsx
flet --runde jul
flet aftale_2015.xlsx svar --ud ny.docx
generer --aar tyve
generer --aar 15
generer --år
generer findes_ikke
generer tekst.xlsx --ud ny.xlsx
fordel aftale_2015.xlsx --runde
fordel aftale_2015.xlsx --frist snart
fordel aftale_2015.xlsx --frist
fordel aftale_2015.xlsx midtvejs/svar
fordel --uden-breve --smtp smtp.example.dk
indlaes --frist 10-06-2015
indlæs --opfoelgnig opfoelgning.xlsx
indlaes --retur
paamind --bruger bib
paamind --smtp smtp.example.dk:x --bruger bib
paamind --smtp smtp.example.dk --uafklarede måske
modtag
send findes_ikke.xlsx
send --til
nyt-aar
saml
saml modtaget
saml modtaget --ud samling.xlsx --år femten
data
data --ud data.pdf
rapport
skabelon
skabelon skabelon.xlsx --rapport rapport.docx
skabelon findes_ikke.xlsx
demo tekst.xlsx
vejledning bogholderi
vejledning --ud vejledning.docx
--versoin
--install-completion cmd
"""


def golden_texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every file that ``golden`` holds."""
    os.environ["COLUMNS"] = "80"
    from aftale.commands.main import COMMANDS
    for name in ("", *(each.__name__.replace("_", "-") for each in COMMANDS)):
        yield f"aftale_{name}.txt".replace("_.", "."), _said(*filter(None, (name, "--help")))
    with tempfile.TemporaryDirectory() as folder:
        _desk(Path(folder))
        told = [f"$ aftale {line}\n{_said(*line.split(), cwd=Path(folder))}" for line in WRONG_CALLS.strip().splitlines()]
    yield "forkerte_kald.txt", "\n".join(told)


def _said(*words: str, cwd: Path | None = None) -> str:
    """Return what is said of a command line, with the exit code where it isn't 0."""
    from running import run_here
    done = run_here(*words, cwd=cwd)
    return f"{done.stdout}{done.stderr}" + (f"[{done.returncode}]\n" if done.returncode else "")


def _desk(folder: Path) -> None:
    """Lay out what a wrong call may name."""
    from aftale.office.shipped_files import example_path, template_path
    from aftale.steps.generer import generer
    (made,) = generer(example_path(), folder / "aftale_2015.xlsx", template_path()).files
    made.path.write_bytes(made.data)
    (folder / "tekst.xlsx").write_text("Jeg er slet ikke et regneark.\n", encoding="utf-8")
    (folder / "tom").mkdir()


def differing() -> list[str]:
    """Return the names of the files in ``golden`` that say something else than the program does, or that lack."""
    held = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")}
    texts = dict(golden_texts())
    return sorted(name for name in held.keys() | texts if held.get(name) != texts.get(name))


def main() -> None:
    """Write the files anew, and remove those that are gone; or only look."""
    if "--se" in sys.argv:
        sys.exit(", ".join(differing()) or 0)
    texts = dict(golden_texts())
    for path in GOLDEN.glob("*.txt"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    main()
