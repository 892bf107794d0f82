"""Let a script find the package in its checkout where aftale isn't installed, and say what lacks where it can't run."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent)
_OLDEST = (3, 11)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)


def _stop(what: str) -> None:
    """Say in Danish why the script can't run, and what to do, whatever letters the terminal has."""
    sys.stderr.buffer.write((what + "\n").encode(sys.stderr.encoding or "utf-8", "replace"))
    sys.exit(3)


if sys.version_info < _OLDEST:
    _stop("Programmet kræver Python 3.11 eller nyere, og det her er {}.{}. Installér en nyere Python fra python.org.".format(
        *sys.version_info[:2]))
try:
    import aftale.commands.main  # noqa: F401  (its imports are what every command needs)
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "aftale":
        raise
    _stop(f"Pakken {error.name} er ikke installeret, så programmet kan ikke køre. Installér det, det bruger: Åbn en"
          f' terminal, og skriv »"{sys.executable}" -m pip install "{_ROOT}"«. Kør så kommandoen igen.')
