"""The line of progress where nobody watches a bar: no guess from the first run alone."""

from __future__ import annotations

import pytest

from sim.cli import terminal


def test_the_first_run_says_nothing_of_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    progress = terminal.Progress("Living")
    # The first waits half a minute for the compiler; the others take a second each.
    for done, at in ((1, 30.0), (21, 50.0)):
        now[0] = at
        progress(done, 100, "")
    assert capsys.readouterr().err.splitlines() == [
        "Living: 1 of 100 runs",
        "Living: 21 of 100 runs, about 79 s left",
    ]
