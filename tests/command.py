"""The command in this process, where Python, the model and its kernels are there already.

That it is a command of the system too (its exit codes, streams and signals) is seen in
tests/cli/test_commands.py, tests/cli/test_sweep_command.py and tests/test_packaging.py.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from sim.cli import app


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
