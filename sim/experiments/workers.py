"""Runs side by side, each worker a process of its own that knows nothing but its task.

At the default population most of a run is the driver in Python, which threads cannot share, so
workers are processes. They are started as plain commands and not by ``multiprocessing``, which
would import the caller's main script anew: ``sim.compare`` must work in a script without a guard,
in a notebook and at the prompt. Messages are pickles between a process and its own child.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from sim.experiments.future import Futures, Simulate, Task, never

Job = tuple[int, int]  # index and seed


class WorkerError(RuntimeError):
    """A worker broke down; the message holds what it said."""


class _Worker:
    """A child process that runs one seed after another."""

    def __init__(self, task: Task, simulate: Simulate) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # A session of its own: Ctrl-C at the terminal is the parent's to handle.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sim.experiments.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._send((task, simulate))

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its silence is reported by ``run``
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def run(self, job: Job) -> Futures:
        assert self._process.stdout is not None
        self._send(job)
        try:
            answer = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            code = self._process.wait()
            raise WorkerError(f"a worker stopped unexpectedly (exit code {code})") from None
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Futures)
        return answer

    def end(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()
        self._process.wait()


def run_here(task: Task, jobs: Sequence[Job], simulate: Simulate) -> Iterator[Futures]:
    """One after another in this process."""
    for index, seed in jobs:
        yield simulate(task, index, seed, never)


def run_beside(
    task: Task, jobs: Sequence[Job], simulate: Simulate, workers: int
) -> Iterator[Futures]:
    """In ``workers`` processes, in the order in which they finish."""
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    # Bounded, so that a slow reader holds the workers back and memory does not grow.
    done: queue.Queue[Futures | BaseException] = queue.Queue(maxsize=2 * workers)
    stop = threading.Event()
    team = [_Worker(task, simulate) for _ in range(min(workers, len(jobs)))]

    def post(answer: Futures | BaseException) -> None:
        while not stop.is_set():
            with contextlib.suppress(queue.Full):
                return done.put(answer, timeout=0.1)

    def serve(worker: _Worker) -> None:
        while not stop.is_set():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                post(worker.run(job))
            except BaseException as error:
                return post(error)

    threads = [threading.Thread(target=serve, args=(one,), daemon=True) for one in team]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer
    finally:
        stop.set()
        for worker in team:
            worker.end()
        for thread in threads:
            thread.join()


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer jobs until the parent goes away."""
    task, simulate = pickle.load(source)
    while True:
        try:
            index, seed = pickle.load(source)
        except EOFError:
            return
        answer: Futures | BaseException
        try:
            answer = _call(simulate, task, index, seed)
        except Exception as error:
            answer = error
        pickle.dump(answer, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def _call(
    simulate: Callable[..., Futures], task: Task, index: int, seed: int
) -> Futures | WorkerError:
    try:
        return simulate(task, index, seed, never)
    except Exception as error:
        import traceback

        # Not the error itself: it may not pickle, and its traceback would be lost.
        text = "".join(traceback.format_exception(error))
        return WorkerError(f"run {index} (seed {seed}) failed:\n{text}")


if __name__ == "__main__":
    from sim.experiments import workers

    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that prints may fall among the messages
    workers._serve(sys.stdin.buffer, out)
