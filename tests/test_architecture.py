"""The rooms: what each may import, read from the source; and what a command loads when it runs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import Year

HOUSE = Path(__file__).resolve().parents[1] / "aftale"
MODULES = sorted(HOUSE.rglob("*.py"))
ROOMS = ("model", "cells", "office", "intake", "agreement", "document", "forms", "additions", "merge", "kse", "followup",
         "replies", "next_year", "units", "report", "mail", "daily", "filing", "steps", "terminal", "commands")
"""A room imports from itself and from the rooms before it."""
OPEN_ROOMS = frozenset(("office", "intake", "steps", "terminal", "commands"))
"""Rooms whose modules may touch the disk; in the others a module says it by its name (see `is_open`)."""
OPEN_MODULES = frozenset(("document/docx_runs.py", "document/open_document.py", "mail/eml.py",
                          "mail/drafts.py", "mail/addresses.py", "mail/smtp.py", "mail/sent_list.py", "mail/post.py",
                          "mail/calendar_entry.py", "mail/shared_folder.py", "filing/delivery.py",
                          "units/frames.py", "units/count_frames.py"))
MOST_MODULES = 24
"""How many modules a room may hold, its ``__init__`` left out."""
WORKBOOK_LIBRARIES = frozenset(("python_calamine", "openpyxl", "xlsxwriter", "pandas", "odf", "xlrd", "pyxlsb"))
SCREEN_LIBRARIES = frozenset(("typer", "rich", "click"))
TOUCHES_THE_WORLD = frozenset((
    "os", "io", "pathlib", "shutil", "tempfile", "glob", "zipfile", "csv", "subprocess", "socket", "smtplib", "urllib",
    "http", "random", "secrets", "uuid", "time", "locale", "logging", "sqlite3", "threading", "multiprocessing"))
CLOCKS = frozenset(("now", "today", "utcnow"))
KNOW_THE_TIME = frozenset(("terminal/today.py", "mail/sent_list.py", "mail/post.py"))
"""What asks the time all the same: the commands, who give the day to the steps, and whoever sends a mail and notes it."""


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if node.module and node.module.startswith("aftale") and is_module(name) else node.module or ""


@lru_cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_module(name: str) -> bool:
    at = HOUSE.parent.joinpath(*name.split("."))
    return at.with_suffix(".py").exists() or at.is_dir()


def room(path: Path) -> str:
    """Return the room of a file; ``__init__`` and ``__main__`` of the package count as commands."""
    inside = path.relative_to(HOUSE).parts
    return inside[0] if len(inside) > 1 else "commands"


def outside(path: Path) -> set[str]:
    """Return the libraries that a file imports, the standard one left out."""
    return {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names - {"aftale"}


def in_room(*rooms: str) -> list[Path]:
    return [path for path in MODULES if room(path) in rooms]


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def is_open(path: Path) -> bool:
    """May a module touch the disk, the network or a library of files? Its room says so, or its name does."""
    return (room(path) in OPEN_ROOMS or path.stem.endswith(("_xlsx", "_docx")) or path.stem.startswith("openpyxl_")
            or name(path) in OPEN_MODULES)


CLOSED = [path for path in MODULES if not is_open(path)]


def test_the_house_has_these_rooms_and_no_others() -> None:
    assert {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(ROOMS)


@pytest.mark.parametrize("each", ROOMS)
def test_a_room_is_small_enough_to_be_seen_at_a_glance_and_says_what_it_holds(each: str) -> None:
    inside = [path for path in in_room(each) if path.stem != "__init__" and path.parent != HOUSE]
    assert 0 < len(inside) <= MOST_MODULES
    assert len((ast.get_docstring(parsed(HOUSE / each / "__init__.py")) or "").splitlines()) >= 3
    assert all((HOUSE / at).exists() for at in OPEN_MODULES)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    allowed = ROOMS[: ROOMS.index(room(path)) + 1]
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] == "aftale" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] in allowed, f"{name(path)} ({room(path)}) imports {imported}"


def test_no_module_imports_itself_round_a_ring() -> None:
    graph = {module_name(path): {each for each in imports(path) if each.startswith("aftale.")} for path in MODULES}
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join((*above[above.index(module):], module))
        if module not in done:
            for each in graph.get(module, ()):
                visit(each, (*above, module))
            done.add(module)

    for module in graph:
        visit(module, ())
    assert done >= set(graph)


def module_name(path: Path) -> str:
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", CLOSED, ids=name)
def test_what_is_pure_needs_the_standard_library_alone_and_never_touches_the_world(path: Path) -> None:
    assert outside(path) == ({"cattrs"} if name(path) == "cells/named_json.py" else set())
    assert {each.split(".")[0] for each in imports(path)} & TOUCHES_THE_WORLD == set()
    called = {node.func.id for node in ast.walk(parsed(path))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & {"open", "print", "input", "exec", "eval"} == set()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_asks_the_clock(path: Path) -> None:
    """»Today« is given, or there is none: the same input gives the same bytes."""
    asked = [f"{name(path)}:{node.lineno} .{node.func.attr}()" for node in ast.walk(parsed(path))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS]
    assert asked == []
    called = {node.id for node in ast.walk(parsed(path)) if isinstance(node, ast.Name)}
    assert name(path) in KNOW_THE_TIME or not called & {"localtime", "formatdate"}
    assert room(path) == "commands" or "aftale.terminal.today" not in set(imports(path))
    assert not {"random", "uuid", "secrets"} & {each.split(".")[0] for each in imports(path)}
    # How long something takes may be asked; what time it is may not.
    of_time = {node.attr for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)
               and isinstance(node.value, ast.Name) and node.value.id == "time"}
    assert of_time <= {"monotonic", "process_time", "sleep"} or "time" not in {each.split(".")[0] for each in imports(path)}


@pytest.mark.parametrize("path", [path for path in MODULES if is_open(path)], ids=name)
def test_a_module_knows_one_library_of_workbooks(path: Path) -> None:
    known = outside(path) & WORKBOOK_LIBRARIES
    assert len(known) <= 1, known
    assert room(path) in ("terminal", "commands") or not outside(path) & SCREEN_LIBRARIES
    if known == {"xlsxwriter"}:
        assert "draw" in path.stem
    if known == {"pandas"}:
        assert "frames" in path.stem


@pytest.mark.parametrize("path", in_room("steps"), ids=name)
def test_steps_speak_through_the_lower_rooms_and_never_to_the_screen(path: Path) -> None:
    assert outside(path) & SCREEN_LIBRARIES == set()
    assert path.stem.endswith("_xlsx") or outside(path) & WORKBOOK_LIBRARIES == set()
    printed = [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)
               and isinstance(node.func, ast.Name) and node.func.id == "print"]
    assert printed == []


@pytest.mark.parametrize("path", in_room("terminal", "commands"), ids=name)
def test_commands_know_the_screen_and_no_workbooks(path: Path) -> None:
    assert outside(path) <= SCREEN_LIBRARIES


# ---------------------------------------------------------------- what is loaded when a command runs

RUN = """
import json, sys
from aftale.commands.main import run
try:
    run()
except SystemExit as end:
    code = end.code or 0
loaded = [name for name in ("pandas", "openpyxl", "xlsxwriter", "python_calamine") if name in sys.modules]
sys.stderr.write("LOADED " + json.dumps([code, loaded]))
"""


def loaded_by(*args: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own and return its exit code and the workbook libraries that it loaded."""
    done = subprocess.run([sys.executable, "-c", RUN, *args], capture_output=True, encoding="utf-8", timeout=60)
    code, libraries = json.loads(done.stderr.rsplit("LOADED ", 1)[1])
    return code, set(libraries)


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("flet", "--help"), ("fordel", "--help"),
                                  ("data", "--help"), ("rapport", "--help")], ids=" ".join)
def test_help_answers_without_loading_any_workbook_library(args: tuple[str, ...]) -> None:
    assert loaded_by(*args) == (0, set())


def test_only_frames_loads_pandas_and_nothing_that_is_written_without_it(year: Year) -> None:
    loaded = ("import sys, aftale\nassert 'pandas' not in sys.modules and callable(aftale.frames)\n"
              "aftale.Frames\nassert 'pandas' in sys.modules")
    assert subprocess.run([sys.executable, "-c", loaded], timeout=60).returncode == 0
    code, libraries = loaded_by("fordel", str(year.agreement), "--runde", "midtvejs", "--ud", str(year.folder / "midtvejs"))
    assert code == 0 and "pandas" not in libraries


def test_an_ordinary_flet_reads_with_calamine_and_writes_with_xlsxwriter_alone(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt", "Bemærkninger": "I orden"}})
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Delvist opfyldt"}}, by="Vikaren i Ungeteamet")
    out = year.folder / "opfoelgning.xlsx"
    args = ("flet", str(year.agreement), str(year.answers), "--ud", str(out))
    assert loaded_by(*args) == (0, {"python_calamine", "xlsxwriter"})
    assert out.exists()
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}})
    before = out.read_bytes()
    assert loaded_by(*args, "--kse", str(year.folder / "kse.xlsx")) == (0, {"python_calamine", "xlsxwriter"})
    assert out.read_bytes() != before, "a late answer, into the standing follow-up as we saved it"
