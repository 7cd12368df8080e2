"""A process that lives futures for the server, and keeps the common past for the next one.

Most of a run is the driver in Python, which threads cannot share. Where the system can fork, it is
a copy of the command's process, taken once the model is imported and before anything else is
begun: a third of the processor time until the page is ready went into importing the model in
three processes. Elsewhere it is started as a plain command, and not by ``multiprocessing``, which
would import the caller's main script anew. Messages are pickles between a process and its own
child.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: The least compression: the message goes no further than this machine.
LEVEL = 1


@dataclass(frozen=True)
class Order:
    """One future to be lived and recorded."""

    scenario: Scenario
    burn_in: Scenario
    seed: int
    years: int


class Worker:
    """A child process; one order at a time, which the caller sees to."""

    def __init__(self) -> None:
        start = _forked if hasattr(os, "fork") else _started
        self._orders, self._answers, self._end = start()

    def run(self, order: Order) -> bytes:
        """The message of a future. Raises WorkerError."""
        from sim.experiments.workers import WorkerError

        try:
            pickle.dump(order, self._orders, pickle.HIGHEST_PROTOCOL)
            self._orders.flush()
            answer: bytes | str = pickle.load(self._answers)
        except (BrokenPipeError, EOFError, ValueError, pickle.UnpicklingError):
            raise WorkerError("a worker stopped unexpectedly") from None
        if isinstance(answer, str):
            raise WorkerError(answer)
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._end()
        for pipe in (self._orders, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()


def _forked() -> tuple[IO[bytes], IO[bytes], Callable[[], None]]:
    """A copy of this process that answers orders: where to write, to read, and how to end it."""
    import sim.watch.futures  # noqa: F401  once, for all copies

    orders, answers = os.pipe(), os.pipe()
    with warnings.catch_warnings():
        # The only other threads are those of the linear algebra, which begins anew in a copy.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.setsid()  # Ctrl-C at the terminal is the server's to handle
            os.close(orders[1])
            os.close(answers[0])
            os.dup2(2, 1)  # nothing may speak where the command does
            with os.fdopen(orders[0], "rb") as source, os.fdopen(answers[1], "wb") as sink:
                _serve(source, sink)
        finally:
            os._exit(0)  # what its parent has begun is its parent's to end
    os.close(orders[0])
    os.close(answers[1])

    alive = [child]

    def end() -> None:
        # Once it has been waited for, its number may be another process's.
        while alive:
            number = alive.pop()
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)

    return os.fdopen(orders[1], "wb"), os.fdopen(answers[0], "rb"), end


def _started() -> tuple[IO[bytes], IO[bytes], Callable[[], None]]:
    """The same as a new process, where there is no fork."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.watch.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdin is not None and process.stdout is not None

    def end() -> None:
        process.kill()
        process.wait()

    return process.stdin, process.stdout, end


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer orders until there are no more."""
    from sim.watch.futures import record

    while True:
        try:
            order: Order = pickle.load(source)
        except EOFError:
            return
        answer: Any
        try:
            answer = record(order.scenario, order.burn_in, order.seed, order.years, level=LEVEL)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        pickle.dump(answer, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def serve() -> None:
    """Answer orders from standard input until it ends."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may speak on the line
    _serve(sys.stdin.buffer, output)


if __name__ == "__main__":
    serve()
