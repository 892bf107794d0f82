"""Number formats: which show a share as percent, and which only put a sign after the number."""

from __future__ import annotations

import pytest

from aftale.model.workbook import is_percent_format


@pytest.mark.parametrize(("code", "percent"), [
    ("0%", True), ("0.00%", True), ("0 %", True), ('0.0" "%', True), ("[Red]-0%;0%", True), ("#,##0.0%;-0.0%", True),
    ('0"%"', False), ('0.0" %"', False), ("0\\%", False), ("0_%", False), ("0*%", False), ("General", False),
    ('0" pct."', False), ("[$%-406]0", False)])
def test_a_format_that_only_shows_the_sign_is_no_percent_format(code: str, percent: bool) -> None:
    assert is_percent_format(code) is percent
