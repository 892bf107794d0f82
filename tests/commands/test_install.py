"""An ordinary install and an editable one: the wheel carries the template and the example, and the program runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_architecture import MODULES, outside

from aftale import __version__
from aftale.office.shipped_files import example_path, template_path
from aftale.terminal.guide import PAGES

pytestmark = pytest.mark.xdist_group("wheel")  # what they share is made once

ROOT = Path(__file__).resolve().parents[2]
CARRIED = ("aftale/shipped/templates/aftale_skabelon.xlsx", "aftale/shipped/templates/rapport_skabelon.docx",
           "aftale/shipped/examples/viborg_2015/aftale.toml",
           "aftale/shipped/examples/viborg_2015/maal.csv", "aftale/shipped/examples/viborg_2015/LAESMIG.md",
           *(f"aftale/shipped/docs/{name}.md" for name in PAGES),
           *(f"aftale/shipped/templates/breve/{kind}.txt" for kind in ("fordel", "paamind", "retur", "uenige", "send")))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout's sources; skipped where pip can't get what it needs."""
    folder = tmp_path_factory.mktemp("hjul")
    source = folder / "kilde"
    source.mkdir()
    for name in ("aftale", "templates", "examples", "scripts", "tests", "docs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", *isolation, "--quiet",
                           "--disable-pip-version-check", "--wheel-dir", str(folder)], capture_output=True,
                          encoding="utf-8", timeout=300)
    unreachable = ("No matching distribution", "Could not find a version", "No module named pip", "ConnectionError")
    if done.returncode and any(text in done.stderr for text in unreachable):
        pytest.skip(f"pip can't build here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("aftale-*.whl")
    return made


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """Lay the wheel out as pip does, in a folder far from the checkout."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as package:
        package.extractall(site)
    return site


def run(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program: nothing of the checkout is in sight."""
    work = site.parent / "arbejde"
    work.mkdir(exist_ok=True)
    return subprocess.run([sys.executable, *args], cwd=work, env={**os.environ, "PYTHONPATH": str(site)},
                          capture_output=True, encoding="utf-8", timeout=120)


def test_the_wheel_carries_the_template_and_the_example_just_as_they_stand(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        for name in CARRIED:
            assert package.read(name) == (ROOT / name.removeprefix("aftale/shipped/")).read_bytes()


def test_the_wheel_carries_every_module_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        names = {name for name in package.namelist() if not name.startswith(f"aftale-{__version__}.dist-info/")}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "aftale").rglob("*.py")}
    assert names == modules | set(CARRIED) | {"aftale/py.typed"}


def test_the_wheel_brings_the_command_and_asks_for_what_the_code_imports(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        metadata = package.read(f"aftale-{__version__}.dist-info/METADATA").decode()
        commands = package.read(f"aftale-{__version__}.dist-info/entry_points.txt").decode()
    assert "aftale = aftale.commands.main:main" in commands
    needed = {line.split(": ")[1].split(">")[0].split(";")[0].strip().lower() for line in metadata.splitlines()
              if line.startswith("Requires-Dist: ") and "extra ==" not in line}
    of_module = packages_distributions()
    imported = {of_module[name][0].lower().replace("_", "-") for path in MODULES for name in outside(path)}
    assert needed == imported | {"pillow"}, "openpyxl imports pillow, for a logo in the template"


def test_the_pins_of_the_lowest_versions_are_those_that_pyproject_allows() -> None:
    """``.ci/run`` plays the demo with them: a lowest version that nobody has tried is a guess."""
    pins = (ROOT / "packaging" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    allowed = [line.replace(">=", "==") for line in PROJECT["dependencies"]]
    assert [line for line in pins if not line.startswith("#")] == allowed
    assert all(re.fullmatch(r"[a-z-]+==[0-9]+(\.[0-9]+)+", line) for line in allowed)
    assert "-c packaging/lowest.txt ." in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_metadata_says_which_pythons_and_that_there_are_types() -> None:
    versions = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert versions == ["3.11", "3.12", "3.13", "3.14"] and PROJECT["requires-python"] == f">={versions[0]}"
    assert "Typing :: Typed" in PROJECT["classifiers"] and (ROOT / "aftale" / "py.typed").is_file()
    assert "urls" not in PROJECT, "there are none yet"


def test_the_version_is_said_once(wheel: Path) -> None:
    assert PROJECT["version"] == __version__
    assert wheel.name == f"aftale-{__version__}-py3-none-any.whl"


def test_an_installed_aftale_runs_on_the_example_it_carries(installed: Path) -> None:
    where = run(installed, "-c", "from aftale.office.shipped_files import example_path, template_path;"
                                 "print(example_path()); print(template_path())")
    example, template = where.stdout.splitlines()
    assert (example, template) == (str(installed / "aftale" / "shipped" / "examples" / "viborg_2015"),
                                   str(installed / "aftale" / "shipped" / "templates" / "aftale_skabelon.xlsx"))
    done = run(installed, "-m", "aftale", "generer", example, "--ud", "aftale.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    work = installed.parent / "arbejde"
    here = subprocess.run([sys.executable, "-m", "aftale", "generer", str(example_path()), "--ud", "her.xlsx"], cwd=work,
                          capture_output=True, timeout=120)
    assert here.returncode == 0
    assert (work / "aftale.xlsx").read_bytes() == (work / "her.xlsx").read_bytes(), "as from the checkout"


def test_an_installed_aftale_goes_on_to_skemaer_and_a_follow_up(installed: Path) -> None:
    example = str(installed / "aftale" / "shipped" / "examples" / "viborg_2015")
    for command in (("generer", example), ("fordel",), ("flet",), ()):
        done = run(installed, "-m", "aftale", *command)
        assert (done.returncode, done.stderr) == (0, ""), command
    assert (installed.parent / "arbejde" / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx").exists()


def test_an_installed_aftale_shows_its_guide(installed: Path) -> None:
    done = run(installed, "-m", "aftale", "vejledning", "juni")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("3. Juni: svarene kommer\n---")


def test_in_a_checkout_the_resources_are_those_of_the_checkout() -> None:
    """An editable install has no ``shipped``: template and example are those that people see and change."""
    assert not (ROOT / "aftale" / "shipped").exists()
    assert template_path() == ROOT / "templates" / "aftale_skabelon.xlsx" and template_path().is_file()
    assert example_path() == ROOT / "examples" / "viborg_2015" and (example_path() / "maal.csv").is_file()


def test_every_script_is_one_of_the_programs_commands() -> None:
    assert PROJECT["scripts"] == {"aftale": "aftale.commands.main:main"}
