"""Run the command line with ``python -m aftale``."""

from aftale.commands.main import run

if __name__ == "__main__":
    run()
