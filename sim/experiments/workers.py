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
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from sim.experiments.future import Finished, IsStopped, Stopped, Task, Work, never

Job = tuple[int, int]  # index and seed
_PATIENCE = 0.1  # seconds between looks at whether to stop
#: Times that a run is begun, where its worker is killed in the midst of it.
_TRIES = 3
#: Scenarios of a task that are named where a run of it ends its worker.
_NAMED = 3


class WorkerError(RuntimeError):
    """A worker broke down; the first line of the message says why."""


class RunFailed(WorkerError):
    """Why run ``job`` of these scenarios failed, or that it ended one worker after the other."""

    def __init__(self, names: str, job: Job, cause: str, trace: str = "") -> None:
        super().__init__(names, job, cause, trace)
        self.names, self.job, self.cause, self.trace = names, job, cause, trace

    def __str__(self) -> str:
        index, seed = self.job
        return f"run {index + 1} (seed {seed}) of {self.names} {self.cause}\n{self.trace}".rstrip()


#: Told of a run that failed, where the others are to go on.
OnFailure = Callable[[RunFailed], None]


def failed(task: Task, job: Job, error: Exception, where: str = "") -> RunFailed:
    """A run that raised ``error``, in words: the error itself may not pickle."""
    cause = " ".join(f"failed{where}: {type(error).__name__}: {error}".split())
    return RunFailed(_names(task), job, cause, "".join(traceback.format_exception(error)))


def _names(task: Task) -> str:
    """Titles of the scenarios, if they are few."""
    titles = list(dict.fromkeys(one.title for one in task.scenarios))
    return ", ".join(titles[:_NAMED]) + (" and others" if len(titles) > _NAMED else "")


class _Dead(Exception):
    """A worker ended without an answer; the argument is its exit code."""


class _Worker:
    """A child process that runs one seed after another; ``nice`` as in the Unix command.

    One that is killed, as the system does for want of memory, is replaced, and its run begun anew.
    """

    def __init__(self, task: Task, simulate: Work, nice: int) -> None:
        self._first = (task, simulate)
        self._nice = nice
        self._lock = threading.Lock()
        self._is_stopped = False
        self._process, self._is_new = self._started(), True

    def _started(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # A session of its own: Ctrl-C at the terminal is the parent's to handle.
        process = subprocess.Popen(
            [sys.executable, "-m", "sim.experiments.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        if self._nice and hasattr(os, "setpriority"):
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, process.pid, self._nice)
        return process

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its silence is reported by ``_answer``
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def run(self, job: Job) -> Finished:
        """The answer to a job. Raises RunFailed."""
        code = 0
        for _ in range(_TRIES):
            try:
                return self._answer(job)
            except _Dead as dead:
                code = dead.args[0]
            if not self._replace():
                break
        cause = f"exit code {code}"
        if code == -getattr(signal, "SIGKILL", 9):
            cause = "killed, probably for want of memory: take fewer --workers or --firms"
        raise RunFailed(
            _names(self._first[0]), job, f"ended its worker {_TRIES} times over ({cause})"
        )

    def _answer(self, job: Job) -> Finished:
        assert self._process.stdout is not None
        if self._is_new:
            self._send(self._first)
            self._is_new = False
        self._send(job)
        try:
            answer = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise _Dead(self._process.wait()) from None
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Finished)
        return answer

    def _replace(self) -> bool:
        """Start another process in place of the one that ended, unless all are to stop."""
        with self._lock:
            if self._is_stopped:
                return False
            self._close_pipes()
            self._process, self._is_new = self._started(), True
            return True

    def stop(self) -> None:
        """End it at once; who waits for an answer meets the end of the stream."""
        with self._lock:
            self._is_stopped = True
            self._process.kill()

    def close(self) -> None:
        """Leave nothing behind."""
        self._close_pipes()
        self._process.wait()

    def _close_pipes(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()


def run_here(
    task: Task,
    jobs: Sequence[Job],
    simulate: Work,
    is_stopped: IsStopped = never,
    on_failure: OnFailure | None = None,
) -> Iterator[Finished]:
    """One after another in this process, until ``is_stopped``; ``on_failure`` as beside.

    Raises what the run raises, where nobody wants to be told.
    """
    for index, seed in jobs:
        if is_stopped():
            return
        try:
            answer = simulate(task, index, seed, is_stopped)
        except Stopped:
            return
        except Exception as error:
            if on_failure is None:
                raise
            on_failure(failed(task, (index, seed), error))
        else:
            yield answer


def run_beside(
    task: Task,
    jobs: Sequence[Job],
    simulate: Work,
    workers: int,
    is_stopped: IsStopped = never,
    nice: int = 0,
    on_failure: OnFailure | None = None,
) -> Iterator[Finished]:
    """In ``workers`` processes, in the order in which they finish, until ``is_stopped``.

    The more ``nice`` they are, the more they leave the processors to others. A run that fails, or
    that ends its worker time and again, is told to ``on_failure`` and the others go on; without
    that it ends all. Raises RunFailed.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    # Bounded, so that a slow reader holds the workers back and memory does not grow.
    done: queue.Queue[Finished | BaseException] = queue.Queue(maxsize=2 * workers)
    stop = threading.Event()
    team = [_Worker(task, simulate, nice) for _ in range(min(workers, len(jobs)))]

    def post(answer: Finished | BaseException) -> None:
        while not stop.is_set():
            with contextlib.suppress(queue.Full):
                done.put(answer, timeout=_PATIENCE)
                break

    def serve(worker: _Worker) -> None:
        with contextlib.suppress(queue.Empty):
            while not stop.is_set():
                job = waiting.get_nowait()
                try:
                    post(worker.run(job))
                except RunFailed as error:
                    post(error)
                except Exception as error:
                    post(error)
                    break

    threads = [threading.Thread(target=serve, args=(one,), daemon=True) for one in team]
    for thread in threads:
        thread.start()
    try:
        n_open = len(jobs)
        while n_open and not is_stopped():
            try:
                answer = done.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            n_open -= 1
            if isinstance(answer, RunFailed) and on_failure is not None:
                on_failure(answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                yield answer
    finally:
        stop.set()
        for worker in team:
            worker.stop()
        for thread in threads:
            thread.join()
        for worker in team:
            worker.close()


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer jobs until the parent goes away."""
    task, simulate = pickle.load(source)
    while True:
        try:
            index, seed = pickle.load(source)
        except EOFError:
            return
        answer: Finished | RunFailed
        try:
            answer = simulate(task, index, seed, never)
        except Exception as error:
            answer = failed(task, (index, seed), error)
        try:
            pickle.dump(answer, sink, pickle.HIGHEST_PROTOCOL)
            sink.flush()
        except BrokenPipeError:  # nobody waits for it any more
            return


if __name__ == "__main__":
    from sim.experiments import workers

    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that prints may fall among the messages
    workers._serve(sys.stdin.buffer, out)
