"""README, the guide and the other pages: what they show exists, what they promise runs, and nothing is left unsaid."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer.main
from PIL import Image
from test_architecture import ROOMS
from typer.testing import CliRunner

import aftale
from aftale.commands.main import COMMANDS, app
from aftale.office.shipped_files import example_path, template_path

ROOT = Path(__file__).resolve().parents[2]
README, GUIDE, CHANGELOG = ROOT / "README.md", ROOT / "docs" / "vejledning.md", ROOT / "CHANGELOG.md"
CONTRACT, ARCHITECTURE = ROOT / "docs" / "kontrakt.md", ROOT / "docs" / "arkitektur.md"
CONTRIBUTING, DATA = ROOT / "CONTRIBUTING.md", ROOT / "docs" / "data.md"
INSTALLATION = ROOT / "docs" / "installation.md"
PAGES = (README, GUIDE, CHANGELOG, CONTRACT, ARCHITECTURE, CONTRIBUTING, DATA, INSTALLATION)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[str]:
    """Return the ``sh`` blocks of a page, in order."""
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", text_of(page), re.S)]


def command_lines(page: Path) -> list[str]:
    """Return every ``aftale …`` that is shown, in a block or between backticks."""
    text = text_of(page)
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    shown = [line for block in blocks(page) for part in block.splitlines() for line in part.split("&&")]
    shown += [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    shown = [re.sub(r"^(\.venv/bin/|py -m |python -m )(?=aftale\b)|[][…]", "", line.strip()) for line in shown]
    return [line for line in shown if re.match(r"aftale( |$)", line)]


def every_command_line() -> list[str]:
    return sorted({line for page in PAGES for line in command_lines(page)})


def requirements() -> list[str]:
    """Return the name of everything that pyproject asks for, for running and for testing."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [re.split(r"[\s<>=!~;\[]", line)[0] for group in groups for line in group]


def links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if not target.startswith(("http://", "https://", "#")):
            yield target.split("#")[0]


# What is named


@pytest.mark.parametrize("command", [command.__name__.replace("_", "-") for command in COMMANDS])
@pytest.mark.parametrize("page", [README, GUIDE], ids=lambda page: page.name)
def test_every_command_is_named(page: Path, command: str) -> None:
    names = {line.split()[1] for line in command_lines(page) if len(line.split()) > 1}
    assert command in names


def test_the_contract_has_a_row_for_every_command_and_for_no_other() -> None:
    rows = re.findall(r"^\| `aftale ([a-z-]+)", text_of(CONTRACT), re.M)
    assert rows == [command.__name__.replace("_", "-") for command in COMMANDS]


def test_the_rooms_are_named_in_their_order() -> None:
    section = text_of(ARCHITECTURE).split("## The rooms")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", section, re.M) == list(ROOMS)


@pytest.mark.parametrize("page", [CONTRACT, ARCHITECTURE, CONTRIBUTING], ids=lambda page: page.name)
def test_every_file_module_and_name_in_code_is_there(page: Path) -> None:
    for span in set(re.findall(r"`([^`\s]+/[^`\s]*)`", text_of(page))):
        top, _, rest = span.partition("/")
        if top in ROOMS:
            module, _, name = rest.removesuffix(".py").partition(".")
            assert (ROOT / "aftale" / top / f"{module}.py").is_file(), span
            assert not name or hasattr(import_module(f"aftale.{top}.{module}"), name), span
        elif top in ("aftale", "tests", "docs", "scripts", "templates", "examples", "packaging", ".ci"):
            assert any(ROOT.glob(span.replace("<room>", "*").rstrip("/"))), span


def test_every_room_has_its_seconds() -> None:
    section = text_of(CONTRIBUTING).split("## Tests")[1].split("\n## ")[0]
    rooms = dict(re.findall(r"`([a-z_]+)` \| (\d+|–)", section))
    assert set(rooms) == {path.name for path in (ROOT / "tests").iterdir() if path.name in ROOMS}


def test_the_contract_names_the_columns_the_words_and_the_states_as_the_code_has_them() -> None:
    from aftale.followup.who_answered import AnswerStage, Delivery
    from aftale.model.agreement import Demand, Method, Scope, Status
    from aftale.model.columns import ANSWER_COLUMNS, LOOK_UP_KEYS, SKEMA_COLUMNS, maal_columns
    text = " ".join(text_of(CONTRACT).split())
    look_up = tuple(column for column in SKEMA_COLUMNS if column.key in LOOK_UP_KEYS)
    sealed = SKEMA_COLUMNS[:SKEMA_COLUMNS.index(ANSWER_COLUMNS[0])]
    for columns in (maal_columns(range(2015, 2019)), sealed, ANSWER_COLUMNS, look_up):
        assert f"`{' · '.join(column.header for column in columns)}`" in text
    assert {word.value for words in (Method, Scope, Demand, Delivery, AnswerStage) for word in words} <= set(
        re.findall(r"`([^`]+)`", text))
    statuses = text_of(CONTRACT).split("| status | colour |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([A-ZÆØÅ][^|]+) \|", statuses, re.M) == list(Status)


def test_the_page_of_data_has_a_row_for_every_column_in_its_order_with_what_it_holds() -> None:
    from aftale.units.data_rows import RESULTS
    danish = {"text": "tekst", "word": "ord", "year": "heltal", "number": "tal", "share": "tal", "day": "dato",
              "yes": "ja/nej"}
    rows = re.findall(r"^\| `([a-z_]+)` \| ([a-z/]+) \|", text_of(DATA), re.M)
    assert rows == [(column.name, danish[column.kind]) for column in RESULTS]


@pytest.mark.parametrize("name", requirements())
def test_every_dependency_is_named_in_readme_with_what_it_is_for(name: str) -> None:
    section = text_of(README).split("## Dependencies")[1].split("\n## ")[0]
    assert f"`{name}`" in section


# The two commands


def test_the_first_command_makes_an_environment_installs_and_runs_the_demo() -> None:
    first = blocks(README)[0]
    assert "\n" not in first
    assert [step.strip() for step in first.split("&&")] == [
        "python3 -m venv .venv", ".venv/bin/python -m pip install -q .", ".venv/bin/aftale demo"]


def test_the_second_command_makes_an_environment_installs_the_test_extras_and_runs_the_tests() -> None:
    second = blocks(README)[1]
    assert "\n" not in second
    make, install, run = (shlex.split(step) for step in second.split("&&"))
    assert make == ["python3", "-m", "venv", ".venv"]
    assert install[:4] == [".venv/bin/python", "-m", "pip", "install"] and ".[test]" in install
    assert run[:3] == [".venv/bin/python", "-m", "pytest"]
    assert not any(word.startswith(("-k", "--ignore", "--deselect", "tests")) for word in run), "it runs all the tests"


def test_readme_opens_with_them() -> None:
    lines = [line for line in text_of(README).splitlines() if line]
    assert lines[0] == "# aftale" and lines[1] == lines[4] == "```sh"


# What is shown runs


@pytest.mark.parametrize("line", every_command_line())
def test_every_command_line_parses(line: str) -> None:
    """The command exists, and so do its options; an argument too many is found as well."""
    group = typer.main.get_command(app)
    _, *words = shlex.split(line)
    if not words:
        return
    command = group.commands.get(words[0])  # type: ignore[attr-defined]
    assert command is not None, f"{words[0]} is no command"
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words[1:] if word.startswith("--")} <= options
    if words[1:] and "--help" not in words:
        command.make_context(words[0], words[1:])


def test_the_years_commands_run_in_the_order_that_the_pages_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the year makes what README says, with a template of one's own lying in the folder."""
    for name in ("aftale.toml", "maal.csv"):
        shutil.copy(example_path() / name, tmp_path)
    shutil.copy(template_path(), tmp_path / "vores_skabelon.xlsx")
    monkeypatch.chdir(tmp_path)
    table = text_of(README).split("## The year in eight commands")[1].split("\n## ")[0]
    rows = [re.findall(r"`([^`]+)`", row) for row in re.findall(r"^\|.*`aftale .*\|$", table, re.M)]
    assert [row[0] for row in rows] == [
        "aftale generer", "aftale fordel", "aftale indlaes", "aftale paamind", "aftale flet",
        "aftale send --alligevel", "aftale fordel --runde aarsopfoelgning", "aftale flet"]
    for command, *made in rows:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"
        for path in (Path(each) for each in made if each.startswith(("midtvejs/skemaer", "aarsopfoelgning/skemaer"))):
            assert any(path.glob("*.xlsx")), f"{command} makes {path}"
        for path in (Path(each) for each in made if each.startswith("midtvejs/breve/") and each.endswith("/")):
            assert any(path.glob("*.eml")), f"{command} makes {path}"
        for path in (Path(each) for each in made if each.endswith((".xlsx", ".eml"))):
            assert path.is_file(), f"{command} makes {path}"
    assert (tmp_path / "aftale_2015_viborg_bibliotekerne.xlsx").is_file(), "named in the guide"


def test_the_guides_first_command_and_new_template_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """January from nothing, and the agreement moved over into a template of one's own, word for word as in the guide."""
    shutil.copy(template_path(), tmp_path / "vores_skabelon.xlsx")
    monkeypatch.chdir(tmp_path)
    told = [line for line in command_lines(GUIDE) if "--enhed " in line or "vores_skabelon" in line]
    assert len(told) == 3
    for line in told:
        result = CliRunner().invoke(app, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}: {result.output}"
    assert (tmp_path / "aftale_2015_viborg_bibliotekerne.xlsx").is_file()


# What is linked


@pytest.mark.parametrize(("page", "target"), [(page, target) for page in PAGES for target in links(page)],
                         ids=lambda value: value.name if isinstance(value, Path) else value)
def test_every_link_and_picture_is_there(page: Path, target: str) -> None:
    path = page.parent / target
    assert path.is_file()
    if path.suffix == ".png":
        with Image.open(path) as picture:
            picture.verify()
        assert path.stat().st_size < 250_000


def test_every_picture_is_shown() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in links(page)}
    assert set((ROOT / "docs" / "billeder").iterdir()) <= shown


def test_the_guide_names_sheets_and_fields_as_the_workbooks_do() -> None:
    from aftale.merge.choices import ACCEPT, KEEP, ON_DIALOG, REVISE, TAKE_ALONG
    from aftale.model import columns as sheets
    from aftale.model.agreement import Method
    from aftale.units.model import DEVELOPMENT
    known = {value for name, value in vars(sheets).items() if name.isupper() and isinstance(value, str)}
    known |= {column.header for column in (
        *sheets.maal_columns(range(2015, 2019)), *sheets.SKEMA_COLUMNS, *sheets.followup_columns(range(2015, 2019)),
        *sheets.CONFLICT_COLUMNS, *sheets.CONTROL_COLUMNS)}
    known |= {DEVELOPMENT, ACCEPT, KEEP, ON_DIALOG, REVISE, TAKE_ALONG, *Method, *(fact.label for fact in sheets.FACTS)}
    named = {" ".join(span.split()) for span in re.findall(r"`([A-ZÆØÅ][^`]*)`", text_of(GUIDE))}
    assert named and named <= known, named - known


# What holds all over


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[([^\]]+)\] - (\d{4}-\d{2}-\d{2})$", text_of(CHANGELOG), re.M)
    assert newest and newest[1] == aftale.__version__ == PROJECT["version"]


TEXTS = [path for pattern in ("*.md", "*.toml", "docs/**/*.md", "examples/**/*", "aftale/**/*.py", "scripts/*.py", ".ci/*")
         for path in sorted(ROOT.glob(pattern)) if path.is_file()]
OF_ONE_MACHINE = (
    r"(?<![\w.])/(?:tmp|work|home|root|Users|mnt)/",
    r"[A-Z]:\\Users\\",
    r"(?:index-url|registry\.|pypi\.org/simple|localhost|127\.0\.0\.1)",
)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_machine_is_named(path: Path) -> None:
    found = [hit for pattern in OF_ONE_MACHINE for hit in re.findall(pattern, text_of(path))]
    assert not found
