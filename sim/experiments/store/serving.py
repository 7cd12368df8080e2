"""Runs of an ensemble out of a store, and into it: only what is missing is lived."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.experiments.future import Finished, Futures, IsStopped, Simulate, Task, never
from sim.experiments.store.coding import Stored
from sim.experiments.store.keys import Keys
from sim.experiments.store.store import Store

Job = tuple[int, int]  # index and seed
#: Lives jobs in some way of its own, and gives them in the order in which they finish.
Live = Callable[[Sequence[Job], Simulate], Generator[Finished]]


@dataclass(frozen=True)
class Partly:
    """Lives, of each run, the futures of the scenarios whose numbers are ``wanted``."""

    simulate: Simulate
    wanted: Mapping[int, tuple[int, ...]]

    def __call__(self, task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Futures:
        """The futures of one seed that are wanted. Raises Stopped."""
        return self.simulate(part_of(task, self.wanted[index]), index, seed, is_stopped)


def part_of(task: Task, numbers: Sequence[int]) -> Task:
    """The task with some of its scenarios."""
    scenarios = tuple(task.scenarios[number] for number in numbers)
    burn_ins = tuple(task.burn_ins[number] for number in numbers) if task.burn_ins else ()
    return replace(task, scenarios=scenarios, burn_ins=burn_ins)


def served(
    store: Store,
    task: Task,
    names: Sequence[str],
    jobs: Sequence[Job],
    simulate: Simulate,
    live: Live,
    is_stopped: IsStopped = never,
) -> Generator[Futures]:
    """The futures of all jobs: those of the store when it is their turn, the others as they come.

    A run that ``live`` gives no futures of, because it failed, is left out. What is lived is kept
    as soon as it is there. ``names`` are those of the scenarios.
    """
    shelf = _Shelf(store, task, names, simulate)
    missing: dict[int, tuple[int, ...]] = {}
    for index, seed in jobs:
        if is_stopped():
            return
        missing[index] = shelf.missing(index, seed)
    todo = [(index, seed) for index, seed in jobs if missing[index]]
    store.n_asked += len(jobs)
    store.n_found += len(jobs) - len(todo)
    is_whole = all(len(missing[index]) == len(task.scenarios) for index, _ in todo)
    lived = live(todo, simulate if is_whole else Partly(simulate, missing)) if todo else None
    done: set[int] = set()
    try:
        for index, seed in jobs:
            # Stored runs wait for their turn on the disk and not in memory.
            while missing[index] and index not in done:
                assert lived is not None
                futures = next(lived, None)
                if futures is None:
                    break  # stopped, or this one has failed
                assert isinstance(futures, Futures)
                numbers = missing[futures.index]
                shelf.keep(futures, numbers)
                done.add(futures.index)
                yield shelf.whole(futures.index, futures.seed, futures, numbers)
            if is_stopped():
                return
            if not missing[index]:
                yield shelf.whole(index, seed, None, ())
        store.pack()
    finally:
        if lived is not None:
            lived.close()


#: Values, totals, accounts and programmes of one future.
_Page = tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]


class _Shelf:
    """The place of one task in a store."""

    def __init__(self, store: Store, task: Task, names: Sequence[str], simulate: Simulate) -> None:
        self._store, self._task, self._names, self._simulate = store, task, names, simulate
        self._keys = Keys(task, simulate)

    def missing(self, index: int, seed: int) -> tuple[int, ...]:
        """Numbers of the scenarios whose future has to be lived."""
        return tuple(
            number
            for number in range(len(self._task.scenarios))
            if not self._store.is_sound(self._keys.of(index, seed, number), self._task.years)
        )

    def keep(self, futures: Futures, numbers: Sequence[int]) -> None:
        """Add what was lived, of the scenarios ``numbers``, to the store."""
        for at, number in enumerate(numbers):
            key = self._keys.of(futures.index, futures.seed, number)
            title = self._task.scenarios[number].title
            page = _page(futures, at)
            self._store.add(Stored(key, futures.seed, self._names[number], title, *page))

    def whole(
        self, index: int, seed: int, lived: Futures | None, numbers: Sequence[int]
    ) -> Futures:
        """``lived``, which has the scenarios ``numbers``, with the others out of the store."""
        n = len(self._task.scenarios)
        if lived is not None and len(numbers) == n:
            return lived
        pages = {} if lived is None else {k: _page(lived, at) for at, k in enumerate(numbers)}
        for number in set(range(n)) - set(pages):
            pages[number] = self._stored(index, seed, number)
        values, totals, money, programmes = zip(*(pages[k] for k in range(n)), strict=True)
        return Futures(index, seed, np.stack(values), np.stack(totals), money, programmes)

    def _stored(self, index: int, seed: int, number: int) -> _Page:
        found = self._store.read(self._keys.of(index, seed, number), self._task.years)
        if found is not None:
            return found.values, found.totals, found.money, found.programmes
        # It was there a moment ago: somebody has removed it, or it has just been damaged.
        again = self._simulate(part_of(self._task, (number,)), index, seed, never)
        self.keep(again, (number,))
        return _page(again, 0)


def _page(futures: Futures, at: int) -> _Page:
    return futures.values[at], futures.totals[at], futures.money[at], futures.programmes[at]
