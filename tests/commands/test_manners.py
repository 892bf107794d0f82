"""How the command line meets people: Danish help, spellings that are forgiven, and wrong calls that are answered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import golden_texts
import pytest
from running import run_here

from aftale.commands.main import COMMANDS
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.report import Report

ROOT = Path(__file__).resolve().parents[2]


def test_every_help_and_every_wrong_call_says_what_was_proofread() -> None:
    assert golden_texts.differing() == [], "run tests/commands/golden_texts.py, and read what git diff shows"


@pytest.mark.parametrize("path", sorted(golden_texts.GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_no_typers_or_programmers_word_shines_through(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<\w+|\[required|\[default|list\[|INTEGER|\bUsage\b|\bOptions\b|uventet|\bfund\b", text)
    if path.stem != "forkerte_kald":
        lines = [line for line in text.splitlines() if not line.startswith("  aftale ")]
        assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("words", ["flet -h", "flet --HELP", "hjælp flet", "help flet", "FLET --help", "flet –help"])
def test_help_is_asked_for_in_more_than_one_way(words: str) -> None:
    assert run_here(*words.split()).stdout == run_here("flet", "--help").stdout != ""


@pytest.mark.parametrize(("words", "meant"), [
    ("indlæs --help", "indlaes --help"), ("påmind --help", "paamind --help"), ("nyt-år --help", "nyt-aar --help"),
    ("INDLÆS --help", "indlaes --help"), ("nyt_aar --help", "nyt-aar --help"), ("indlæs --help", "indlaes --help"),
    ("generer --år tyve", "generer --aar tyve"), ("generer --år=tyve", "generer --aar=tyve"),
    ("generer –aar tyve", "generer --aar tyve"), ("generer -aar tyve", "generer --aar tyve"),
    ("indlæs --opfølgning", "indlaes --opfoelgning"), ("paamind --prøve", "paamind --proeve"),
    ("generer --Trods_Tab --aar tyve", "generer --trods-tab --aar tyve"),
], ids=lambda words: words)
def test_spelled_in_danish_or_as_word_has_it_is_the_same(words: str, meant: str) -> None:
    done, same = run_here(*words.split()), run_here(*meant.split())
    assert (done.returncode, done.stdout, done.stderr) == (same.returncode, same.stdout, same.stderr)
    assert "findes ikke" not in done.stderr and "uventet" not in done.stderr


def test_a_spelling_that_is_forgiven_isnt_shown_as_a_command_of_its_own() -> None:
    shown = re.findall(r"^  ([\wæøå-]+)  +\S", run_here("--help").stdout.split("Valg")[0], re.M)
    assert shown == [command.__name__.replace("_", "-") for command in COMMANDS]


# ---------------------------------------------------------------- the tab key

def asked(words: str, monkeypatch: pytest.MonkeyPatch, how: str = "bash") -> list[str]:
    """Return what a terminal is told that the last of these words may become."""
    monkeypatch.setenv("_AFTALE_COMPLETE", f"complete_{how}")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", words)
    done = subprocess.run([sys.executable, "-m", "aftale"], capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_the_tab_key_completes_commands_and_options_with_danish_help(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked("aftale fl", monkeypatch) == ["flet"]
    assert asked("aftale flet --al", monkeypatch) == ["--alle"]
    assert "Vis alle fejl" in "".join(asked("aftale flet --al", monkeypatch, "zsh"))


def test_bash_completes_with_the_script_that_is_shown(tmp_path: Path) -> None:
    program = tmp_path / "aftale"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aftale "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = run_here("--show-completion", "bash").stdout
    asks = f'{script}\nCOMP_WORDS=(aftale pa); COMP_CWORD=1; _aftale_completion aftale; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", asks], capture_output=True, encoding="utf-8", timeout=60,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)})
    assert (done.stdout, done.stderr) == ("paamind\n", "")


def test_completion_is_installed_for_a_terminal_and_said_in_danish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    done = run_here("--install-completion", "bash")
    assert done.returncode == 0 and done.stdout.startswith(f"Gemt: {tmp_path}")
    assert "_aftale_completion" in (tmp_path / ".bash_completions" / "aftale.sh").read_text(encoding="utf-8")


# ---------------------------------------------------------------- without the packages

def test_a_script_says_what_to_install_where_the_packages_lack() -> None:
    """``-S`` leaves out what is installed."""
    done = subprocess.run([sys.executable, "-S", "-E", str(ROOT / "scripts" / "flet.py"), "--help"], capture_output=True,
                          encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout) == (3, "") and "Traceback" not in done.stderr
    assert re.fullmatch(r'Pakken \w+ er ikke installeret, .* -m pip install ".*"«\. Kør så kommandoen igen\.\n', done.stderr)


# ---------------------------------------------------------------- the demo

@pytest.mark.parametrize(("words", "lines"), [("demo", 6), ("demo --alle", 18)])
def test_the_demo_tells_a_line_for_each_step_and_all_of_it_where_that_is_asked_for(
        words: str, lines: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = problem("file-missing", Place("svar.xlsx"), value="svar.xlsx")
    reports = {"Juni: svarene flettes": Report(("Gemt: op.xlsx",), (asked,), after=("8 skemaer: 8 er færdige.",)),
               "Juni: svarene kommer": Report(("Læst: 8 filer.", "Gemt: svar"), next_step="Kør »aftale flet«.")}
    monkeypatch.setattr("aftale.steps.demo.chapters", lambda _: [(title, lambda made=made: made) for title, made in
                                                                 reports.items()])
    monkeypatch.setattr("aftale.steps.demo.headline", lambda _: ("8 af årets 18 effektmål er opfyldt.", Path("op.xlsx")))
    said = run_here(*words.split(), cwd=tmp_path).stdout
    assert len(said.splitlines()) == lines and "8 af årets 18" in said
    brief = ["Juni: svarene flettes. 8 skemaer: 8 er færdige. 1 fejl.", "Juni: svarene kommer. Gemt: svar"]
    assert (said.splitlines()[:2] == brief) == (words == "demo") and ("Kør »aftale flet«" in said) == (words != "demo")
