"""A run that kills its worker each time: the others are kept, and it is said how to live it."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from command import call

from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import Futures, IsStopped, Task, never, simulate
from sim.experiments.workers import RunFailed

WORDS = ("compare", "long_term", "piecemeal", "-n", "4", "-y", "1", "-f", "60", "-q", "-o", "out")


def deadly(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """The third run asks for more memory than there is, as long as nobody has added any."""
    if index == 2 and not os.environ.get("MORE_MEMORY"):
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(task, index, seed, is_stopped)


def test_the_command_that_is_printed_lives_the_missing_run(
    tmp_path: Path, undrawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run_ensemble.__kwdefaults__, "simulate", deadly)
    words = (*WORDS, "--store", "store", "--workers", "2")
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 1
    said, again = done.stderr.splitlines()
    assert said.startswith("Error: run 3 (seed 1000005) of Long-term, Piecemeal ended its worker 3")
    assert "want of memory" in said and said.endswith("3 of 4 runs are finished and kept.")
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert (made["runs"], made["runs_planned"], made["is_complete"]) == (3, 4, False)
    assert "INTERRUPTED: 3 of 4 runs" in made["warnings"][0]
    assert "run 3 (seed 1000005)" in made["warnings"][0]
    command = " ".join(("clustersim", *words, "--force"))
    assert again == f"To live what is missing again: {command}"
    # The one that is left is not lived in the command's own process, which it would take down.
    assert call(*command.split()[1:], cwd=tmp_path).stderr.splitlines() == [said, again]
    monkeypatch.setenv("MORE_MEMORY", "1")
    assert call(*command.split()[1:], cwd=tmp_path).returncode == 0
    monkeypatch.setitem(run_ensemble.__kwdefaults__, "simulate", simulate)
    assert call(*WORDS[:-1], "plain", "--no-store", "--workers", "1", cwd=tmp_path).returncode == 0
    for name in ("paired.csv", "outcomes.parquet"):
        whole, plain = ((tmp_path / folder / name).read_bytes() for folder in ("out", "plain"))
        assert whole == plain


def failing(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    """A fault of the model."""
    raise OverflowError("too much")


def test_where_nothing_is_finished_it_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run_ensemble.__kwdefaults__, "simulate", failing)
    words = (*WORDS, "--no-store", "--workers", "1")
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 1 and not (tmp_path / "out").exists()
    assert done.stderr.splitlines() == [
        "Error: run 3 (seed 1000005) of Long-term, Piecemeal failed: OverflowError: too much.",
        "Set CLUSTERSIM_DEBUG=1 to see where.",
        f"To live what is missing again: {' '.join(('clustersim', *words))} --force",
    ]
    monkeypatch.setenv("CLUSTERSIM_DEBUG", "1")
    with pytest.raises(RunFailed, match=r"(?s)run 1 .*Traceback.*raise OverflowError"):
        call(*words, cwd=tmp_path)
