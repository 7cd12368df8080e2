"""The processes that live futures for the page."""

from __future__ import annotations

import os

import pytest

from sim.watch.worker import Worker


def test_a_worker_that_has_ended_is_not_signalled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    signalled: list[int] = []
    kill = os.kill

    def note(number: int, which: int) -> None:
        signalled.append(number)
        kill(number, which)

    monkeypatch.setattr(os, "kill", note)
    worker.close()
    worker.close()
    assert len(signalled) == 1
