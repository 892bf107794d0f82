"""aftale keeps a library's yearly dialogbaserede aftale alive in Excel.

``aftale.frames(path)`` returns what agreements and follow-ups say as pandas DataFrames; it is the one thing here that loads
anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftale.units.frames import Frames as Frames

__version__ = "0.2.0"
__all__ = ["Frames", "__version__", "frames"]


def frames(path: str | Path | Sequence[str | Path]) -> Frames:
    """Return all goals, answers and statuses in files and folders as tables: the same as ``aftale data`` writes.

    ``path`` is a file or a folder (searched with all that lies in it, mails and archives too), or several of them. What
    can't be read is in ``problems`` and ``files``, and takes nothing else down.

    Raises:
        ValueError: where there are no files at all.
    """
    from aftale.office.report import CannotDo
    from aftale.steps.data import frames as step
    paths = [path] if isinstance(path, str | Path) else path
    try:
        return step([Path(each) for each in paths])
    except CannotDo as error:
        raise ValueError(str(error)) from None


def __getattr__(name: str) -> Any:
    if name == "Frames":
        from aftale.units.frames import Frames
        return Frames
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
