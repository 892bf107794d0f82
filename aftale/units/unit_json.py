"""What was read of a unit's follow-up as JSON text: how a worker hands it over."""

from __future__ import annotations

from dataclasses import replace

from aftale.merge.state_json import KINDS, packed, renamed, unpacked_as
from aftale.model.received import IncomingMail, Refused
from aftale.units.model import UnitFollowUp

UnitReceived = UnitFollowUp | Refused | IncomingMail
_KINDS = {**KINDS, "enhed": UnitFollowUp}


def packed_unit(received: UnitReceived) -> str:
    """Return what was received as JSON text, the same text for the same thing."""
    return packed(received, _KINDS)


def unpacked_unit(text: str) -> UnitReceived:
    """Return what `packed_unit` wrote."""
    received = unpacked_as(text, _KINDS)
    assert isinstance(received, UnitReceived)
    return received


def found_in(received: UnitReceived, container: str) -> UnitReceived:
    """Return what was received with another container, its places included."""
    if container == received.source.container:
        return received
    return renamed(received, replace(received.source, container=container), _KINDS)
