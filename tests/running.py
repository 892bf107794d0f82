"""Running the program in the tests' own process: what it says, and how it ends, without waiting for a start."""

from __future__ import annotations

import io
import subprocess
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from aftale.commands.danish import run_in_danish
from aftale.commands.main import app


def run_here(*args: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``aftale …`` as `aftale.commands.main.run` does, and return the exit code and what was said on each stream."""
    said, told = io.StringIO(), io.StringIO()
    with chdir(cwd or Path.cwd()), redirect_stdout(said), redirect_stderr(told):
        code = run_in_danish(app, [str(word) for word in args])
    return subprocess.CompletedProcess(args, code, said.getvalue(), told.getvalue())
