"""The folder for Windows as it is put together: from stand-ins for Python and the packages, so that nothing is fetched."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = spec_from_file_location("build", ROOT / "packaging" / "windows" / "build.py")
assert SPEC is not None and SPEC.loader is not None
build = module_from_spec(SPEC)
SPEC.loader.exec_module(build)
NUMBER = sys.version_info[1]
READ_ME, DROP, OPEN = "LÆS MIG.txt", "Læg svar ind.cmd", "Aftale.cmd"


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return path


def python(folder: Path, number: int = NUMBER) -> Path:
    tag = f"python3{number}"
    return zipped(folder / f"python-3.{number}.0-embed-amd64.zip", {
        "python.exe": "MZ", f"{tag}.dll": "MZ", f"{tag}.zip": "PK", f"{tag}._pth": f"{tag}.zip\n.\n#import site\n"})


def wheel(folder: Path, name: str, *needs: str, **files: str) -> Path:
    about = "".join(f"{line}\n" for line in (f"Name: {name}", "Version: 1.5", *(f"Requires-Dist: {need}" for need in needs)))
    return zipped(folder / f"{name}-1.5-py3-none-any.whl", {
        f"{name}-1.5.dist-info/METADATA": about, f"{name}/__init__.py": "print('æ')\n",
        f"{name}-1.5.data/scripts/x": "",
        f"{name}-1.5.data/purelib/beside.py": "x = 'f' in {'a', 'b', 'c', 'd', 'e'}\n", **files})


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, list[Path]]:
    return python(tmp_path), [wheel(tmp_path, "aftale", "rich>=1"), wheel(
        tmp_path, "rich", 'colorama>=1; sys_platform == "win32"', 'never; sys_platform == "linux"',
        'either; extra == "jupyter"'), wheel(tmp_path, "colorama")]


def test_the_zip_holds_python_the_packages_compiled_and_what_is_double_clicked(
        parts: tuple[Path, list[Path]], tmp_path: Path) -> None:
    made, checksum = build.build(*parts, tmp_path / "ud")
    assert checksum.read_text() == f"{sha256(made.read_bytes()).hexdigest()}  aftale-1.5-windows.zip\n"
    with zipfile.ZipFile(made) as package:
        files = {name: package.read(name) for name in package.namelist()}
    assert {name for name in files if "/" not in name} == {READ_ME, DROP, OPEN}
    site, tag = "program/Lib/site-packages", f"python3{NUMBER}"
    assert {f"{site}/aftale/__init__.py", f"{site}/beside.py", "program/python.exe",
            f"{site}/rich/__pycache__/__init__.cpython-3{NUMBER}.pyc"} <= files.keys()
    assert not any("data/scripts" in name for name in files)
    assert files[f"program/{tag}._pth"].decode() == f"{tag}.zip\r\n.\r\nLib\\site-packages\r\n"
    contents = files["program/indhold.txt"].decode("utf-8-sig")
    assert all(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\r\n" in contents for path in [parts[0], *parts[1]])
    assert all(data[4:8] == b"\x01\0\0\0" for name, data in files.items() if name.endswith(".pyc")), "never looked at again"


def test_the_same_parts_give_the_same_bytes(parts: tuple[Path, list[Path]], tmp_path: Path) -> None:
    first, _ = build.build(*parts, tmp_path / "a")
    second, _ = build.build(*parts, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(("needs", "told"), [
    ("missing>=1", "missing>=1 (missing)"), ("colorama>=2", "colorama>=2 (1.5)"),
    ('tzdata2; sys_platform == "win32"', "tzdata2 (missing)")], ids=["not here", "too old", "needed on Windows alone"])
def test_packages_that_do_not_fit_together_are_refused(
        parts: tuple[Path, list[Path]], tmp_path: Path, needs: str, told: str) -> None:
    with pytest.raises(SystemExit) as refused:
        build.build(parts[0], [*parts[1], wheel(tmp_path, "more", needs)], tmp_path)
    assert str(refused.value) == f"packages.txt lacks: {told}"


def test_another_python_than_the_one_that_compiles_is_refused(parts: tuple[Path, list[Path]], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"Run this with Python 3.{NUMBER + 1}"):
        build.build(python(tmp_path, NUMBER + 1), parts[1], tmp_path)


@pytest.mark.parametrize("name", [DROP, OPEN])
def test_what_is_double_clicked_reads_the_same_in_every_code_page(parts: tuple[Path, list[Path]], tmp_path: Path,
                                                                 name: str) -> None:
    made, _ = build.build(*parts, tmp_path)
    with zipfile.ZipFile(made) as package:
        text = package.read(name)
    assert text.isascii() and b"%*" in text and b"-X utf8 -B -m aftale" in text and b"pause" in text
    assert text.count(b"\n") == text.count(b"\r\n") > 10


def test_what_is_read_opens_in_notepad_and_names_the_files(parts: tuple[Path, list[Path]], tmp_path: Path) -> None:
    made, _ = build.build(*parts, tmp_path)
    with zipfile.ZipFile(made) as package:
        text = package.read(READ_ME)
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\n") == text.count(b"\r\n")
    assert all(f"»{name.rpartition('.')[0]}«" in text.decode("utf-8-sig") for name in (DROP, OPEN))


def test_the_command_line_says_what_it_wants() -> None:
    done = subprocess.run([sys.executable, ROOT / "packaging" / "windows" / "build.py", "--help"], capture_output=True,
                          encoding="utf-8", timeout=60)
    assert done.returncode == 0 and "--python ZIP" in done.stdout
