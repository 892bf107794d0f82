"""Sharing work that takes long between this process and a worker; what comes of it is the same."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from subprocess import Popen
from typing import Any

from aftale.intake.begin_worker import begin_worker

_AT_A_TIME = 25
"""So many things are handed over in one message, so that neither process holds very much and none waits for long."""


@dataclass(frozen=True)
class Share:
    """What a worker is asked to do: the address of a function, ``module:function``, and the things to call it with."""

    address: str
    things: tuple[Any, ...]

    def done(self) -> list[Any]:
        """Return what the function makes of each thing."""
        module, _, name = self.address.partition(":")
        function = getattr(import_module(module), name)
        return [function(each) for each in self.things]


def in_two_processes(address: str, things: Sequence[Any], least: int) -> list[Any]:
    """Return what a function makes of each of some things, in their order; a worker helps where there are at least so many.

    Where none can begin, or it ends, this process does it all.
    """
    if len(things) < least or (os.cpu_count() or 1) < 2:
        return Share(address, tuple(things)).done()
    try:
        worker = begin_worker()
    except OSError:
        return Share(address, tuple(things)).done()
    done: list[Any] = []
    with worker:
        for first in range(0, len(things), 2 * _AT_A_TIME):
            half = first + _AT_A_TIME
            done += _both(worker, Share(address, tuple(things[first:half])),
                          Share(address, tuple(things[half:half + _AT_A_TIME])))
        worker.kill()
    return done


def _both(worker: Popen[bytes], here: Share, there: Share) -> list[Any]:
    """Let the worker do its share while this process does its own."""
    assert worker.stdin is not None and worker.stdout is not None
    with suppress(OSError):  # a worker that has died is found when it is listened to
        pickle.dump(there, worker.stdin)
        worker.stdin.flush()
    done = here.done()
    try:
        done += pickle.load(worker.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        done += there.done()
    return done
