"""``--cluster`` of the commands that keep no runs: told in a sentence, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

PAIR = ["long_term", "piecemeal", "--firms", "60", "--years", "1"]
NOBODY = ["--cluster", "tcp://127.0.0.1:1", "-q", "--output", "out"]


@pytest.mark.parametrize(
    "words",
    [
        ["explain", *PAIR, "--orders", "2", "--no-store"],
        ["sensitivity", *PAIR, "--over", "trade.margin"],
        ["validate", "--firms", "60", "--no-store"],
        ["calibrate", "--firms", "60"],
    ],
)
def test_a_scheduler_that_is_not_there_is_told(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [*words, *NOBODY])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: no Dask scheduler answers at 'tcp://127.0.0.1:1'")
    assert not list(tmp_path.iterdir())
    both = CliRunner().invoke(app, [*words, *NOBODY, "--workers", "2"])
    assert both.exit_code == 2 and "not by both" in both.stderr
