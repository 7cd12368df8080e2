"""Chunks: how large they are, what a run that fails leaves, and machines that are refused."""

from __future__ import annotations

import numpy as np
from fakes import fake, pair

from sim.experiments.chunks import Answer, ChunkSizes, Refusal, live_chunk, packed
from sim.experiments.fingerprint import differences, fingerprint
from sim.experiments.future import Futures, IsStopped, Task, never
from sim.experiments.tasks import task_of


def second_fails(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
    if index == 1:
        raise ZeroDivisionError("a fault of the model")
    return fake(task, index, seed)


def test_the_first_chunks_have_one_run() -> None:
    assert ChunkSizes().size(1000, 8) == 1


def test_a_chunk_takes_about_two_seconds() -> None:
    sizes = ChunkSizes()
    sizes.took(60.0, 1)  # compiling
    for _ in range(2):
        sizes.took(1.0, 2)
    assert sizes.size(1000, 8) == 4
    assert sizes.size(0, 8) == 1


def test_towards_the_end_chunks_leave_something_for_every_thread() -> None:
    sizes = ChunkSizes()
    sizes.took(0.01, 1)
    assert [sizes.size(left, 4) for left in (10_000, 400, 17, 8, 3)] == [200, 50, 3, 1, 1]


def test_a_run_that_fails_leaves_those_before_it() -> None:
    content = packed(task_of(pair(), 1), second_fails)
    answer = live_chunk(fingerprint(), content, [(0, 5), (1, 6), (2, 7)])
    assert isinstance(answer, Answer)
    assert [one.index for one in answer.found] == [0]
    said = str(answer.failure)
    assert "run 2 (seed 6) of Long-term, Piecemeal failed on" in said
    assert "a fault of the model" in said


def test_another_version_is_refused_before_anything_is_read() -> None:
    other = tuple((name, "1" if name == "numpy" else value) for name, value in fingerprint())
    answer = live_chunk(other, b"no pickle at all", [(0, 1)])
    assert isinstance(answer, Refusal)
    own = dict(fingerprint())["numpy"]
    assert differences(answer.version, other) == [f"numpy {own} there and 1 here"]
    assert np.__version__.startswith(own)
