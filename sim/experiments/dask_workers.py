"""Runs on a computing cluster: the same tasks and the same bytes, by workers of Dask distributed.

The scheduler does again what a lost worker had, and gives work to workers that come later. Few
chunks are on the way at a time, so that results do not pile up, and the size of a chunk follows
what runs turn out to take.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiments.chunks import Answer, ChunkSizes, Refusal, live_chunk, packed
from sim.experiments.fingerprint import differences, fingerprint
from sim.experiments.future import Finished, IsStopped, Task, Work, never
from sim.experiments.workers import Job, OnFailure, RunFailed

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE = 0.1  # seconds between looks at whether to stop
_CONNECT = 5.0  # seconds in which a scheduler must answer
_COUNT = 1.0  # seconds between counts of the workers
_GREETING = 1 << 20  # bytes, at most
_FETCH = 5.0  # seconds after which a result that does not come is asked for again
#: Chunks on the way for each thread of a worker: one is lived, one waits.
_DEEP = 2


class DaskError(RuntimeError):
    """The computing cluster cannot be used; the message says why and what would help."""


class DaskLost(DaskError):
    """Something went wrong midway, such as that the scheduler went away: some runs are finished."""


def run_on_dask(
    task: Task,
    jobs: Sequence[Job],
    simulate: Work,
    scheduler: str,
    tell: Callable[[int, int, str], None],
    is_stopped: IsStopped = never,
    on_failure: OnFailure | None = None,
) -> Iterator[Finished]:
    """By the workers of the Dask ``scheduler`` at this address, in the order of finishing.

    ``tell`` hears how many runs are finished, of how many, and what is waited for. When
    ``is_stopped``, chunks that wait are withdrawn and what is finished is still passed on; a chunk
    that a worker has begun is dropped there when it ends. A run that fails is told to
    ``on_failure`` and the others go on. Raises DaskError; RunFailed where a run fails and nobody
    wants to be told; and DaskLost in place of either once a run is finished, which is not to be
    lost with it.
    """
    with _connected(scheduler) as client:
        course = _Course(client, scheduler, task, jobs, simulate, tell, on_failure)
        try:
            yield from course.answers(is_stopped)
        finally:
            course.withdraw()


@contextlib.contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """A connection that is closed in the end. Raises DaskError."""
    try:
        from distributed import Client
    except ImportError:
        raise DaskError(
            "--cluster needs Dask distributed: pip install 'clustersim[cluster]'"
        ) from None
    with _quiet():
        try:
            _knock(scheduler)
            client = Client(scheduler, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError, ImportError) as error:
            raise DaskError(
                f"no Dask scheduler answers at {scheduler!r} ({_reason(error)}): start one with "
                "'dask scheduler', and give the address that it prints, such as "
                "--cluster tcp://scheduler:8786"
            ) from None
        try:
            yield client
        finally:
            with contextlib.suppress(OSError, TimeoutError):
                client.close(timeout=_CONNECT)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the words of Dask itself: what matters of versions is compared by each chunk, and a
    lost scheduler is told once."""
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="distributed")
            yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _knock(scheduler: str) -> None:
    """See that a scheduler listens; Dask would try for long, or wait without end for an answer.

    Raises OSError, or ValueError for what is no address of a scheduler.
    """
    from distributed.comm.addressing import parse_address, parse_host_port

    scheme, place = parse_address(scheduler)
    if scheme not in ("tcp", "tls"):
        raise ValueError(f"{scheme}:// is no address of a scheduler")
    with socket.create_connection(parse_host_port(place), timeout=_CONNECT) as line:
        # A scheduler speaks first, with the length of what it says; under TLS the client does.
        if scheme != "tcp":
            return
        with line.makefile("rb") as said:  # reads all eight bytes, in however many parts they come
            length = int.from_bytes(said.read(8), "little")
        if not 0 < length < _GREETING:
            raise ValueError("what listens there is something else")


class _Course:
    """An ensemble on its way through a cluster."""

    def __init__(
        self,
        client: Client,
        scheduler: str,
        task: Task,
        jobs: Sequence[Job],
        simulate: Work,
        tell: Callable[[int, int, str], None],
        on_failure: OnFailure | None,
    ) -> None:
        self._client, self._scheduler, self._tell = client, scheduler, tell
        self._on_failure = on_failure
        self._content, self._version = packed(task, simulate), fingerprint()
        self._waiting, self._n_jobs, self._n_done = deque(jobs), len(jobs), 0
        self._sent: dict[str, tuple[Future[Any], list[Job]]] = {}
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._sizes = ChunkSizes()
        self._name = f"clustersim-{uuid.uuid4().hex[:8]}"
        self._n_sent = 0
        self._threads, self._counted = 0, float("-inf")

    def answers(self, is_stopped: IsStopped) -> Iterator[Finished]:
        """Every run that is finished, until all are or someone asks to stop."""
        try:
            yield from self._answers(is_stopped)
        except (DaskError, RunFailed) as error:
            if isinstance(error, DaskLost) or not self._n_done:
                raise
            raise DaskLost(str(error).rstrip()) from error

    def _answers(self, is_stopped: IsStopped) -> Iterator[Finished]:
        while self._waiting or self._sent:
            if is_stopped():
                yield from self._rest()
                return
            self._count()
            self._send()
            try:
                key = self._done.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            yield from self._taken(key)

    def withdraw(self) -> None:
        """Take back what nobody waits for any more."""
        with contextlib.suppress(Exception):  # a scheduler that is gone has nothing to take back
            self._client.cancel([future for future, _ in self._sent.values()])

    def _count(self) -> None:
        """See from time to time how many threads there are, and whether anyone is there."""
        now = time.monotonic()
        if now - self._counted < _COUNT:
            return
        self._counted = now
        self._check()
        try:
            self._threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError):
            self._check()
        waited = "" if self._threads else f"waiting for a worker to join {self._scheduler}"
        self._tell(self._n_done, self._n_jobs, waited)

    def _check(self) -> None:
        """Raise DaskLost if it is."""
        if self._client.status != "running":
            raise DaskLost(
                f"the Dask scheduler at {self._scheduler} is gone; start it and its workers again, "
                "and run the same command"
            )

    def _send(self) -> None:
        # One chunk is sent even where there is no worker, for a cluster that grows with demand.
        while self._waiting and len(self._sent) < max(1, _DEEP * self._threads):
            size = self._sizes.size(len(self._waiting), self._threads)
            chunk = [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]
            self._n_sent += 1
            key = f"{self._name}-{self._n_sent}"
            future = self._client.submit(
                live_chunk, self._version, self._content, chunk, key=key, pure=False
            )
            self._sent[key] = future, chunk
            future.add_done_callback(lambda _, key=key: self._done.put(key))

    def _taken(self, key: str) -> Iterator[Finished]:
        """The runs of a chunk that is over."""
        future, chunk = self._sent[key]
        if future.status == "cancelled":
            self._lost()
        if future.status == "error":
            raise self._broken(future.exception(), chunk)
        try:
            answer = future.result(timeout=_FETCH)
        except TimeoutError:
            # The worker that had it died meanwhile; it is lived again, and may yet come.
            self._check()
            self._done.put(key)
            return
        except Exception as error:
            if future.status == "cancelled" or self._client.status != "running":
                self._lost()
            raise self._broken(error, chunk) from None
        del self._sent[key]
        yield from self._read(answer, chunk)

    def _read(self, answer: Answer | Refusal, chunk: Sequence[Job]) -> Iterator[Finished]:
        if isinstance(answer, Refusal):
            told = "; ".join(differences(answer.version, self._version))
            raise DaskError(
                f"the Dask worker on {answer.machine} would get other results: {told}. Install the "
                "same clustersim and packages on all machines (docs/dask.md)"
            )
        if answer.found:
            self._sizes.took(answer.seconds, len(answer.found))
        self._n_done += len(answer.found)
        yield from answer.found
        if answer.failure is None:
            return
        if self._on_failure is None:
            raise answer.failure
        self._n_done += 1
        self._waiting.extendleft(reversed(chunk[len(answer.found) + 1 :]))
        self._on_failure(answer.failure)

    def _rest(self) -> Iterator[Finished]:
        """What is finished when someone asks to stop."""
        for key in [key for key, (future, _) in self._sent.items() if future.status == "finished"]:
            yield from self._taken(key)

    def _lost(self) -> None:
        """Raise DaskLost: Dask forgets all work where the connection breaks, even for a moment."""
        self._check()
        raise DaskLost(
            f"the Dask scheduler at {self._scheduler} dropped the runs; run the same command again"
        )

    def _broken(self, error: BaseException | None, chunk: Sequence[Job]) -> DaskError:
        """What a failure outside of the model comes to, in words."""
        runs = f"{chunk[0][0] + 1} to {chunk[-1][0] + 1}"
        if type(error).__name__ == "KilledWorker":
            return DaskLost(
                f"several workers died one after another with runs {runs}, the last of them "
                f"{getattr(error, 'last_worker', 'unknown')}: see its log; often memory is short, "
                "and fewer workers a machine help"
            )
        cause = error.__cause__ or error if error else error
        return DaskError(
            f"a worker could not do runs {runs} ({_reason(cause)}): the same clustersim must be "
            "installed on all machines (docs/dask.md)"
        )


def _reason(error: BaseException | None) -> str:
    """The last line of an error's text, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__
