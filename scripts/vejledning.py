"""``aftale vejledning`` as a script of its own: ``python scripts/vejledning.py --help``."""

import _start  # noqa: F401  (finds the package in a checkout)

from aftale.commands.main import run

if __name__ == "__main__":
    run("vejledning")
