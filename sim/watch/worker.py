"""A process that lives futures for the server, and keeps the common past for the next one.

Most of a run is the driver in Python, which threads cannot share. It is started as a plain command
and not by ``multiprocessing``, which would import the caller's main script anew; messages are
pickles between a process and its own child. This module imports nothing heavy, so that the
processes can start while their parent still imports what it needs.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # A session of its own: Ctrl-C at the terminal is the server's to handle.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sim.watch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    def run(self, order: Order) -> bytes:
        """The message of a future. Raises WorkerError."""
        from sim.experiments.workers import WorkerError

        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            pickle.dump(order, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            answer: bytes | str = pickle.load(self._process.stdout)
        except (BrokenPipeError, EOFError, ValueError, pickle.UnpicklingError):
            code = self._process.wait()
            raise WorkerError(f"a worker stopped unexpectedly (exit code {code})") from None
        if isinstance(answer, str):
            raise WorkerError(answer)
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()


def serve() -> None:
    """Answer orders from standard input until it ends."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may speak on the line
    from sim.watch.futures import record

    while True:
        try:
            order: Order = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer: Any
        try:
            answer = record(order.scenario, order.burn_in, order.seed, order.years, level=LEVEL)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        pickle.dump(answer, output, pickle.HIGHEST_PROTOCOL)
        output.flush()


if __name__ == "__main__":
    serve()
