"""Work that is shared with a worker gives what it gives here alone, whatever becomes of the worker."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from aftale.intake import two_processes
from aftale.intake.two_processes import in_two_processes
from aftale.model.agreement import Round
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps import fordel
from aftale.steps.generer import generer

THINGS = range(120)  # several messages, and a last one that isn't full
ROOTS = [each ** 0.5 for each in THINGS]


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes.os, "cpu_count", lambda: 2)


def ends_at_once() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "pass"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def answers_nonsense() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "print('nej')"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def cannot_begin() -> subprocess.Popen[bytes]:
    raise OSError("spærret")


@pytest.mark.parametrize("begin", [None, ends_at_once, answers_nonsense, cannot_begin])
def test_what_is_made_is_the_same_and_in_order(begin: object, monkeypatch: pytest.MonkeyPatch) -> None:
    if begin:
        monkeypatch.setattr(two_processes, "begin_worker", begin)
    assert in_two_processes("math:sqrt", THINGS, 2) == ROOTS


@pytest.mark.parametrize(("things", "cores"), [(THINGS[:9], 2), (THINGS, 1), (THINGS[:0], 2)])
def test_few_things_or_one_core_need_no_worker(things: range, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(two_processes, "begin_worker", lambda: pytest.fail("a worker began"))
    assert in_two_processes("math:sqrt", things, 10) == ROOTS[:len(things)]


def test_a_mistake_of_ours_is_raised_and_ends_the_worker() -> None:
    with pytest.raises(ValueError, match="math domain"):
        in_two_processes("math:sqrt", [-1, *THINGS], 2)


def test_a_skema_that_a_worker_draws_is_the_same_to_the_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = tmp_path / "aftale.xlsx"
    write_all(list(generer(example_path(), agreement, template_path()).files))
    alone = fordel.fordel(agreement, Round.MIDTVEJS, tmp_path / "skemaer", date(2015, 6, 10))
    monkeypatch.setattr(fordel, "_FORMS_FOR_TWO", 2)
    monkeypatch.setattr(two_processes, "_AT_A_TIME", 3)
    assert fordel.fordel(agreement, Round.MIDTVEJS, tmp_path / "skemaer", date(2015, 6, 10)) == alone
