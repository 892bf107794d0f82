"""How far the reading has come: a bar with the time left, on a terminal and only where it takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 1.0


class Reading:
    """Told how many of how many files are read; draws nothing in a pipe."""

    def __init__(self, what: str = "Læser svar") -> None:
        self._what, self._began = what, time.monotonic()
        self._bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """Take in how far it has come; the bar vanishes at the end."""
        if self._bar is None and done < total and sys.stderr.isatty() and time.monotonic() - self._began > _PATIENCE:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
            self._bar = Progress(TextColumn(self._what), BarColumn(), TextColumn("{task.completed} af {task.total}"),
                                 TimeRemainingColumn(compact=True), TextColumn("tilbage"),
                                 console=Console(file=sys.stderr), transient=True)
            self._bar.start()
            self._bar.add_task("", total=total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done)
            if done >= total:
                self._bar.stop()
                self._bar = None
