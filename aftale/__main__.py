"""Run the command line with ``python -m aftale``."""

from aftale.commands.main import main

if __name__ == "__main__":
    main()
