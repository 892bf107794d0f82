"""An earlier follow-up read as it stands: what a person has corrected in it since counts, as it would in the next `flet`."""

from __future__ import annotations

from datetime import date

from aftale.agreement.copy_in_followup import agreement_from
from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import follow_up
from aftale.followup.read_back import read_standing
from aftale.forms.plan import plan_forms
from aftale.merge.state import State, read_state
from aftale.model.workbook import RawBook


def state_as_it_stands(book: RawBook) -> State | None:
    """Return a follow-up's state, its history as the sheet now shows it; None where the workbook isn't a follow-up.

    One of version 0.1 carries no agreement to judge it by, and is taken as it was written.
    """
    record = find_record(book)[1]
    state, agreement = read_state(record), agreement_from(record)
    standing = read_standing(book, agreement) if state and agreement else None
    if agreement is None or standing is None or not standing.edited:
        return state
    forms = plan_forms(agreement, standing.state.round, None)
    return follow_up(agreement, standing.state, forms, date(agreement.year, 1, 1)).state
