"""Living a sweep: what is missing, until it is done or stopped.

A run that fails is kept apart with its cause and the others go on. Finished runs are on disk within
about a second of their end; who starts the sweep again lives only what is not there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sim.experiments.dispatch import Progress, finished
from sim.experiments.future import IsStopped
from sim.experiments.interrupt import on_interrupt
from sim.experiments.store import Store
from sim.experiments.store.coding import Stored
from sim.experiments.store.keys import Keys
from sim.experiments.sweeps.jobs import Job, Lived, Values, dead, without_futures
from sim.experiments.sweeps.pieces import Pieces
from sim.experiments.sweeps.plan import Failure, Plan
from sim.experiments.workers import RunFailed

#: Runs that end within this many seconds are written as one file.
WRITING_INTERVAL = 1.0


@dataclass
class Outcome:
    """What became of the runs that were not finished before."""

    failures: list[Failure] = field(default_factory=list)
    n_done: int = 0
    is_complete: bool = True


def live_all(
    plan: Plan,
    pieces: Pieces,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
    first: Sequence[Lived] = (),
) -> Outcome:
    """Live what is not finished, and keep it; ``first`` has been lived already.

    What is in the ``store`` is not lived, and what is lived is added to it. After Ctrl-C, or where
    a Dask ``scheduler`` is lost, what is finished is kept. Raises FolderError where it cannot be
    written, DaskError, DaskLost.
    """
    total = sum(len(numbers) for *_, numbers in plan.jobs(pieces))
    writing = _Writing(plan, pieces, total, progress or (lambda *_: None))
    with on_interrupt() as is_stopped, writing:
        for answer in first:
            _add(plan, store, answer)
            writing.take(answer)
        if store is not None:
            _take_stored(plan, store, writing, is_stopped)
        for answer in _lived(plan, writing, workers, scheduler, store, is_stopped):
            writing.take(answer)
    writing.outcome.is_complete = writing.outcome.n_done == total
    return writing.outcome


def _lived(
    plan: Plan,
    writing: _Writing,
    workers: int | None,
    scheduler: str | None,
    store: Store | None,
    is_stopped: IsStopped,
) -> Iterator[Lived]:
    """Answers to all jobs that are left, as they come; one that kills its worker is put down."""
    todo = tuple(plan.jobs(writing.settled))
    living = replace(plan.living, jobs=todo, is_whole=store is not None)
    jobs = [(number, plan.seeds[run]) for number, (_, run, _) in enumerate(todo)]

    def on_failure(failure: RunFailed) -> None:
        writing.take(dead(todo[failure.job[0]], failure))

    asked = (plan.task, jobs, workers, living, writing.note, is_stopped, scheduler, on_failure)
    for answer in finished(*asked, is_apart=True) if jobs else ():
        assert isinstance(answer, Lived)
        _add(plan, store, answer)
        yield answer
    if store is not None:
        store.pack()


def _stored_keys(plan: Plan, job: Job, seed: int) -> Iterator[tuple[int, str]]:
    """Of each scenario of a job, its number and the key of its future in a store."""
    point, run, numbers = job
    keys = Keys(plan.living.part(plan.task, point, numbers), plan.living.simulate)
    for at, number in enumerate(numbers):
        yield number, keys.of(run, seed, at)


def _take_stored(plan: Plan, store: Store, writing: _Writing, is_stopped: IsStopped) -> None:
    """Take what is in the store already."""
    for job in plan.jobs(writing.settled):
        point, run, numbers = job
        seed = plan.seeds[run]
        store.n_asked += len(numbers)
        for number, key in _stored_keys(plan, job, seed):
            found = None if is_stopped() else store.read(key, plan.task.years)
            if found is not None:
                store.n_found += 1
                kept = plan.living.keeping.of(found.totals)
                writing.take(without_futures(0, seed, (point, run, (number,)), [kept], [""]))


def _add(plan: Plan, store: Store | None, answer: Lived) -> None:
    """Add the futures of a job to the store, if there is one and they are there."""
    if store is None or answer.futures is None:
        return
    futures = answer.futures
    for at, (number, key) in enumerate(_stored_keys(plan, answer.job, answer.seed)):
        store.add(
            Stored(
                key,
                answer.seed,
                plan.names[number],
                plan.task.scenarios[number].title,
                futures.values[at],
                futures.totals[at],
                futures.money[at],
                futures.programmes[at],
            )
        )


class _Writing:
    """Takes answers, and writes those of about a second together; leaving it writes the rest.

    ``settled`` has the keys of runs that are finished, in memory or on disk, or have failed.
    """

    def __init__(self, plan: Plan, pieces: Pieces, total: int, tell: Progress) -> None:
        self.plan, self.pieces, self.total = plan, pieces, total
        self.outcome = Outcome()
        self.settled = _Settled(pieces)
        self._tell = tell
        self._written = time.monotonic()

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *error: object) -> None:
        self._write()

    def note(self, _: int, __: int, note: str) -> None:
        """Say how far it is."""
        self._tell(self.outcome.n_done, self.total, note)

    def take(self, answer: Lived) -> None:
        """Keep what a job has come to."""
        point, run, numbers = answer.job
        for number, kept, cause in zip(numbers, answer.kept, answer.causes, strict=True):
            key = self.plan.key(point, number, run)
            if kept is None:
                self.settled.failed.add(key)
                self.outcome.failures.append(Failure(point, number, run, cause))
            else:
                self.settled.open[key] = kept
        if time.monotonic() - self._written >= WRITING_INTERVAL:
            self._write()
        self.outcome.n_done += len(numbers)
        self.note(0, 0, "")

    def _write(self) -> None:
        if self.settled.open:
            self.pieces.add(self.settled.open)
            self.settled.open.clear()
        self._written = time.monotonic()


class _Settled:
    """Keys of what need not be lived: on disk, about to be written, or failed."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.open: dict[bytes, Values] = {}
        self.failed: set[bytes] = set()

    def __contains__(self, key: object) -> bool:
        return key in self.open or key in self.failed or key in self.pieces
