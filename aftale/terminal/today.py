"""What day it is: asked here alone, and given to the steps that need it."""

from __future__ import annotations

import os
from datetime import date, datetime
from email.utils import localtime

TODAY = "AFTALE_I_DAG"
"""The environment variable that says another day than the clock's, so that a year can be played through."""


def now() -> datetime:
    """Return the time here, with its zone; of the day that `TODAY` says, where it says one."""
    time = localtime()
    try:
        day = date.fromisoformat(os.environ.get(TODAY, "").strip())
    except ValueError:
        return time
    return time.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """Return the day it is."""
    return now().date()
