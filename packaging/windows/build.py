"""Build the folder that a coordinator unpacks on Windows: Python, the packages, aftale, and two files to double-click.

    python packaging/windows/build.py --python python-3.13.5-embed-amd64.zip --ud dist

``--python`` is python.org's embeddable package for Windows (64-bit). It is run on Linux or Windows by a Python of the same
3.x as that package, with ``packaging`` installed, since all modules are compiled here: nothing is written in the program's
folder when it runs. The packages are those of ``packages.txt``, as wheels for Windows. The same inputs give the same bytes.
Beside the zip lies its checksum; `program/indhold.txt` in it names every part with its own.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SITE = "Lib/site-packages"
_LEFT_OUT = re.compile(r"[^/]+\.data/(scripts|headers|data)/|.*\.(pyi|pxd|lib)$|bin/|.*/tests/")
"""What no program needs: scripts, packages' own tests, and what compilers and editors read."""
_DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
_DATE = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """Build the zip that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--python", type=Path, required=True, metavar="ZIP", help="the embeddable package of Python")
    parser.add_argument("--ud", type=Path, default=Path("dist"), metavar="FOLDER", help="where the zip is written")
    parser.add_argument("--packages", type=Path, default=HERE / "packages.txt", metavar="FILE", help="the packages to take")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="wheels to use, instead of downloading them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheels = given.wheels or fetched(given.python, Path(folder), given.packages)
        for made in build(given.python, sorted(wheels.glob("*.whl")), given.ud):
            print(f"{made}  {made.stat().st_size:,} bytes")


def build(python: Path, wheels: Iterable[Path], out: Path) -> tuple[Path, Path]:
    """Write the zip and its checksum in a folder, and return their paths; raises SystemExit where parts don't fit."""
    wheels = list(wheels)
    found = {name: version for name, version, _ in map(_metadata, wheels)}
    if "aftale" not in found:
        raise SystemExit("There is no wheel of aftale")
    _refuse_lacking(wheels, found)
    files = {f"program/{name}": data for name, data in _program(python, wheels).items()}
    files |= {path.name: _for_windows(path) for path in sorted((HERE / "folder").iterdir())}
    files["program/indhold.txt"] = _contents([python, *wheels])
    out.mkdir(parents=True, exist_ok=True)
    made = out / f"aftale-{found['aftale']}-windows.zip"
    _pack(made, files)
    checksum = made.with_name(f"{made.name}.sha256")
    checksum.write_bytes(f"{_digest(made)}  {made.name}\n".encode())
    return made, checksum


def fetched(python: Path, folder: Path, packages: Path) -> Path:
    """Download the packages' wheels for Windows and build aftale's own; returns the folder they lie in."""
    pins = [line for line in packages.read_text(encoding="utf-8").splitlines() if "==" in line]
    for_windows = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version_of(python)]
    _pip("download", "--only-binary=:all:", *for_windows, "--no-deps", "-d", str(folder), *pins)
    _pip("wheel", "--no-deps", "-w", str(folder), str(ROOT))
    return folder


def version_of(python: Path) -> str:
    """Return the version of the Python in an embeddable package: ``3.13``."""
    with zipfile.ZipFile(python) as package:
        found = [match for name in package.namelist() if (match := re.fullmatch(r"python3(\d+)\.dll", name))]
    if not found:
        raise SystemExit(f"{python.name} is no embeddable package of Python for Windows")
    return f"3.{found[0][1]}"


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", words[0], "-qq", "--disable-pip-version-check", *words[1:]], check=True)


# ---------------------------------------------------------------- the parts

def _program(python: Path, wheels: Iterable[Path]) -> dict[str, bytes]:
    """Return all that lies in ``program``: Python's own files, and every package with its compiled modules."""
    version = version_of(python)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version != running:
        raise SystemExit(f"Run this with Python {version}, as in {python.name}: {running} can't compile for it")
    with zipfile.ZipFile(python) as package:
        files = {name: package.read(name) for name in package.namelist() if not name.endswith(("/", "._pth"))}
    tag = "python" + version.replace(".", "")
    files[f"{tag}._pth"] = f"{tag}.zip\r\n.\r\n{SITE}\r\n".replace("/", "\\").encode()
    for wheel in wheels:
        for name, data in _unpacked(wheel):
            if files.setdefault(f"{SITE}/{name}", data) != data:
                raise SystemExit(f"{wheel.name} has another {name} than a package before it")
    return files | _compiled(files)


def _unpacked(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            if not name.endswith("/") and not _LEFT_OUT.match(name):
                yield _DATA.sub("", name), package.read(name)


def _compiled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the compiled modules of the packages, in a process of its own so that they are the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            if name.endswith(".py"):
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        # A package may hold something that doesn't compile, such as what it has for Python 2.
        subprocess.run([sys.executable, "-m", "compileall", "-qq", "-j", "1", "--invalidation-mode", "unchecked-hash",
                        "-s", folder, folder], check=False)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(Path(folder).rglob("*.pyc"))}


def _for_windows(path: Path) -> bytes:
    """Return a file as Windows' own programs want it: ``.cmd`` in ASCII, ``.txt`` with a mark of UTF-8, lines in CR LF."""
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    return text.encode("ascii") if path.suffix == ".cmd" else text.encode("utf-8-sig")


def _contents(parts: Iterable[Path]) -> bytes:
    """Return the list of what the folder was made of, each with its checksum."""
    lines = ["Programmet er samlet af disse filer. Tallet foran er filens SHA-256.", "",
             *(f"{_digest(path)}  {path.name}" for path in parts), ""]
    return "\r\n".join(lines).encode("utf-8-sig")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _pack(path: Path, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            package.writestr(info, files[name])


# ---------------------------------------------------------------- do they fit together?

def _refuse_lacking(wheels: Iterable[Path], found: Mapping[str, str]) -> None:
    """Refuse packages that another one needs on Windows in another version than is here, or that aren't here at all."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name
    windows = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
               "extra": ""}
    lacking = []
    for _, _, needs in map(_metadata, wheels):
        for need in map(Requirement, needs):
            version = found.get(canonicalize_name(need.name))
            if need.marker is not None and not need.marker.evaluate(windows):
                continue
            if version is None or not need.specifier.contains(version, prereleases=True):
                lacking.append(f"{need.name}{need.specifier} ({version or 'missing'})")
    if lacking:
        raise SystemExit(f"packages.txt lacks: {', '.join(sorted(set(lacking)))}")


def _metadata(wheel: Path) -> tuple[str, str, list[str]]:
    """Return a wheel's name, version, and what it needs."""
    from packaging.utils import canonicalize_name
    with zipfile.ZipFile(wheel) as package:
        (name,) = [each for each in package.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each)]
        about = HeaderParser().parsestr(package.read(name).decode("utf-8"))
    return canonicalize_name(about["Name"]), about["Version"], about.get_all("Requires-Dist", [])


if __name__ == "__main__":
    main()
