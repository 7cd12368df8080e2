"""The command line: in this process, where Python, the model and its kernels are there already.

That it is a command of the system too (exit codes, streams, signals, no traceback) is seen in
test_commands.py and test_sweep_command.py, and outside the repository in tests/test_packaging.py.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a process would leave: its exit code, and what it printed on either stream."""

    returncode: int
    stdout: str
    stderr: str


def call(*words: str, cwd: Path) -> Done:
    """``clustersim`` with these words, typed in ``cwd``; raises what it does not catch."""
    with contextlib.chdir(cwd), mock.patch("sys.argv", ["clustersim", *words]):
        done = CliRunner(env={"COLUMNS": "100"}).invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def as_process(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own; a warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sim.cli", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        timeout=300,
    )
