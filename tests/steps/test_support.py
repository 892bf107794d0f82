"""Whom to tell when the program itself fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run_here

from aftale.office.shipped_files import example_path, template_path
from aftale.steps.generer import generer
from aftale.steps.year_folder import whom_to_tell

SOMEBODY = "den, der har installeret programmet"


@pytest.mark.parametrize(("written", "told"), [
    ({}, SOMEBODY), ({"aftale.toml": 'enhed = "Biblioteket"\n'}, SOMEBODY),
    ({"aftale.toml": 'Support = "it-afdelingen, tlf. 1234"\n'}, "it-afdelingen, tlf. 1234"),
    ({"aftale.toml": "support = 'Bibliotekets  superbruger'\naar = 10. juni 2015\n"}, "Bibliotekets superbruger"),
    ({"../aftale.toml": 'SUPPORT = "it@example.dk"\n', "aftale.toml": "aar = 2015\n"}, "it@example.dk"),
    ({"aftale.toml": 'Support = "it@example.dk"\nenhed = Viborg\n'}, SOMEBODY),
    ({"aftale.toml": 'Support = ""\n'}, SOMEBODY),
    ({"aftale.toml": "\x00\x01"}, SOMEBODY),
], ids=["no file", "no line", "a line", "beside a Danish date", "in the folder above", "a file that can't be read", "empty",
        "no text"])
def test_support_in_the_years_folder_or_above_it(written: dict[str, str], told: str, tmp_path: Path) -> None:
    year = tmp_path / "aftale" / "2015"
    year.mkdir(parents=True)
    for name, text in written.items():
        (year / name).write_text(text, encoding="utf-8")
    assert whom_to_tell(year) == told


def test_an_error_of_the_program_is_sent_to_whoever_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("x")
    monkeypatch.setattr("aftale.commands.skabelon.carry_out", fails)
    (tmp_path / "aftale.toml").write_text('Support = "it@example.dk"\n', encoding="utf-8")
    done = run_here("skabelon", "x.xlsx", cwd=tmp_path)
    assert done.returncode == 3 and done.stderr.endswith("Sker det igen, så send denne linje til it@example.dk.\n")


def test_a_package_that_lacks_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'docx.shared'", name="docx.shared")
    monkeypatch.setattr("aftale.commands.skabelon.carry_out", fails)
    done = run_here("skabelon", "x.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("Pakken docx er ikke installeret") and "-m pip install ." in done.stderr


def test_whom_to_tell_is_no_fact_of_the_agreement(tmp_path: Path) -> None:
    for name in ("aftale.toml", "maal.csv"):
        text = (example_path() / name).read_text(encoding="utf-8")
        more = 'Support = "it@example.dk"\n' if name == "aftale.toml" else ""
        (tmp_path / name).write_text(more + text, encoding="utf-8")
    found = generer(tmp_path, tmp_path / "ny.xlsx", template_path()).problems
    assert "name-unplaced" not in {each.code for each in found}
