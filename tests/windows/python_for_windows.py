"""A Python for Windows to test with, laid out as python.org's embeddable package, which isn't on the package index.

``python tests/windows/python_for_windows.py FOLDER`` writes ``FOLDER/python-3.11-embed-amd64.zip``, and a stub of what wine
lacks. CPython 3.11's libraries for Windows are in panda3d's wheel; the standard library is that of the Python that runs
this, which must be 3.11; ``python.exe`` is compiled here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

WHEEL = "panda3d==1.10.16"
COMPILER = "x86_64-w64-mingw32-gcc"
PROGRAM = """
#include <windows.h>
int wmain(int argc, wchar_t **argv) {
    int (*run)(int, wchar_t **) = (void *)GetProcAddress(LoadLibraryW(L"python311.dll"), "Py_Main");
    return run ? run(argc, argv) : 9;
}
"""
RANDOM = """
#include <windows.h>
BOOLEAN WINAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE into, SIZE_T length) { return SystemFunction036(into, length); }
"""
"""What ``bcryptprimitives.dll`` exports on Windows, and wine 8 doesn't have."""
_NOT_NEEDED = ("test", "idlelib", "tkinter", "lib2to3", "ensurepip", "turtledemo", "lib-dynload", "site-packages",
               "__pycache__", "config-*", "_sysconfigdata*", "tests", "idle_test")


def make(folder: Path) -> Path:
    """Make the package in a folder, and ``bcryptprimitives.dll`` beside it."""
    assert sys.version_info[:2] == (3, 11), "the libraries are those of 3.11"
    with tempfile.TemporaryDirectory() as name:
        work, program = Path(name), Path(name, "program")
        program.mkdir()
        for_windows = ("--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp")
        subprocess.run([sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps",
                        "--only-binary=:all:", *for_windows, "-d", work, WHEEL], check=True)
        (wheel,) = work.glob("*.whl")
        with zipfile.ZipFile(wheel) as package:
            for each in package.namelist():
                if re.fullmatch(r"deploy_libs/(?!_?(?:tcl|tk)).*\.(?:dll|pyd)", each):
                    (program / Path(each).name).write_bytes(package.read(each))
        _compile(work, PROGRAM, program / "python.exe", "-municode")
        _compile(work, RANDOM, folder / "bcryptprimitives.dll", "-shared", "-ladvapi32")
        shutil.copytree(sysconfig.get_path("stdlib"), work / "Lib", ignore=shutil.ignore_patterns(*_NOT_NEEDED))
        subprocess.run([sys.executable, "-m", "compileall", "-qq", "-b", "-s", work / "Lib", "--invalidation-mode",
                        "unchecked-hash", work / "Lib"], check=False)
        with zipfile.ZipFile(program / "python311.zip", "w", zipfile.ZIP_DEFLATED) as library:
            for path in sorted((work / "Lib").rglob("*.pyc")):
                library.write(path, path.relative_to(work / "Lib").as_posix())
        (program / "python311._pth").write_text("python311.zip\n.\n", encoding="ascii")
        made = folder / "python-3.11-embed-amd64.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            for path in sorted(program.iterdir()):
                package.write(path, path.name)
    return made


def _compile(work: Path, source: str, out: Path, *options: str) -> None:
    (work / "source.c").write_text(source, encoding="ascii")
    subprocess.run([COMPILER, "-O1", "-s", work / "source.c", "-o", out, *options], check=True)


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
