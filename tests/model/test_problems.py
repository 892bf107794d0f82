"""The catalogue of problems against the code that raises them: nothing is raised without words, nothing is said in vain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from aftale.model.problems import CATALOGUE

HOUSE = Path(__file__).resolve().parents[2] / "aftale"
CATALOGUED_IN = HOUSE / "model" / "problems.py"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in HOUSE.rglob("*.py") if path != CATALOGUED_IN}


def raised(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of `problem` that names its code, with the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem" and node.args \
                and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value), node


def test_every_problem_that_is_raised_has_its_words() -> None:
    calls = {code: f"{path.relative_to(HOUSE)}:{node.lineno}" for path, tree in TREES.items() for code, node in raised(tree)}
    assert len(calls) > 100
    assert {code: at for code, at in calls.items() if code not in CATALOGUE} == {}


def test_every_line_of_the_catalogue_is_raised_somewhere() -> None:
    said = {node.value for tree in TREES.values() for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(CATALOGUE) - said == set()
