"""An answer as one person gave it in one file."""

from __future__ import annotations

from typing import NamedTuple

from aftale.model.agreement import AnswerColumn, Value
from aftale.model.place import Place, Source

_NOWHERE = Source("", "")


class Answer(NamedTuple):
    """An answer that differs from what was sent (``base``); ``value`` None means that it was cleared.

    ``source`` is the file, ``form`` the id of the skema, and ``who`` whom it is from: the name in the skema, else the
    ansvarlig it was sent to; ``name`` is the same without a mail address, as everybody may read it. The four are those of
    the file that it stands in (see `returned.Returned`).
    """

    goal: str
    column: AnswerColumn
    value: Value
    base: Value
    place: Place
    source: Source = _NOWHERE
    form: str = ""
    who: str = ""
    name: str = ""
