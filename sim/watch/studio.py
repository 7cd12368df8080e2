"""What the server knows: scenarios on offer, futures lived so far, the pairs behind the page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sim.experiments.fingerprint import sources_digest
from sim.experiments.future import Task, seed_of
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.tasks import task_of
from sim.experiments.workers import WorkerError
from sim.scenario import Loaded, ScenarioError
from sim.watch.asked import Asked, Shelf, dumped
from sim.watch.levers import levers
from sim.watch.pairs import Pairs
from sim.watch.saving import save_scenario
from sim.watch.scenery import scenery_message
from sim.watch.worker import Order, Worker

#: Messages of about a megabyte that are kept, so that going back is at once.
MOST_KEPT = 16
#: Paired runs behind the page.
PAIRED_RUNS = 20


class Studio:
    """Lives futures on demand. Every method may be called from any thread.

    ``years`` ends or lengthens the futures; by default they last as long as the shorter of the
    opening pair. ``folder`` is the only place where what is asked for is written; ``workers`` are
    one for each place. The opening futures are taken out of ``store``, or kept there for the next
    time. Raises ScenarioError where the opening futures are not sound or cannot share a
    past.
    """

    def __init__(
        self,
        shelf: Shelf,
        opening: Sequence[Asked],
        seed: int,
        years: int | None,
        folder: Path,
        workers: Sequence[Worker],
        store: Store | None = None,
    ) -> None:
        self.shelf, self.opening, self.seed, self.folder = shelf, tuple(opening), seed, folder
        self.years = _task([shelf.loaded(one) for one in opening], years).years
        self._workers = workers
        self._turns = [threading.Lock() for _ in self._workers]
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._pairs: Pairs | None = None
        self._is_seen = threading.Event()
        self._stored = Answers(store, "watch", sources_digest(("watch",)))

    def warm_up(self) -> None:
        """Have ready what will be asked for first, while the browser starts."""
        for place, asked in enumerate(self.opening):
            self._turns[place].acquire()  # it is looked for before anybody can have it lived
            threading.Thread(target=self._prepare, args=(asked, place), daemon=True).start()

    def _prepare(self, asked: Asked, place: int) -> None:
        # If it fails, the page's own request will say so; if the server is stopped, nobody asks.
        with suppress(ScenarioError, WorkerError):
            try:
                order, key = self._order(asked)
                message = self._stored.find_bytes(key)
                if message is not None:
                    self._keep(key, message)
            finally:
                self._turns[place].release()
            if message is None:
                self._stored.add_bytes(self.future(asked, place), key)
                return
            # The past, for the first turn of a lever, once the page has what it draws.
            self._is_seen.wait()
            with self._turns[place]:
                self._workers[place].run(replace(order, years=0))

    def scenery(self, year: int) -> bytes:
        """What the page must know before any future; ``year`` is where it begins to look."""
        return scenery_message(
            levers=levers(),
            presets=self.shelf.presets(),
            opening=[dumped(one) for one in self.opening],
            given=self.shelf.settings,
            seed=self.seed,
            years=self.years,
            year=min(year, self.years),
            folder=str(self.folder),
        )

    def future(self, asked: Asked, place: int) -> bytes:
        """The message of a future, lived by the worker of its place. Raises ScenarioError."""
        order, key = self._order(asked)
        message = self._recalled(key)
        if message is None:
            with self._turns[place]:
                message = self._recalled(key)  # it may have been lived while this one waited
                if message is None:
                    self.stop_pairs()  # they take the processors, and are soon out of date
                    message = self._workers[place].run(order)
                    self._keep(key, message)
        self._is_seen.set()
        return message

    def _order(self, asked: Asked) -> tuple[Order, str]:
        """What a worker is told, and what its answer is known by."""
        task = _task([self.shelf.loaded(asked)], self.years)
        order = Order(task.scenarios[0], task.burn_in, seed_of(self.seed, 0), self.years)
        said = order.scenario.model_dump_json(), order.burn_in.model_dump_json()
        return order, f"{' '.join(said)} {order.seed} {order.years}"

    def begin_pairs(self, first: Asked, second: Asked) -> None:
        """Make paired runs of two futures behind the page, instead of any before.

        Raises ScenarioError where the two cannot share a past.
        """
        task = _task([self.shelf.loaded(first), self.shelf.loaded(second)], self.years)
        self.stop_pairs()
        with self._lock:
            self._pairs = Pairs(task, self.seed, PAIRED_RUNS).start()

    @property
    def pairs(self) -> Pairs | None:
        """The paired runs that are being made, or were last."""
        return self._pairs

    def stop_pairs(self) -> None:
        """Make no more paired runs; who asks for a future does not wait until they are gone."""
        with self._lock:
            pairs, self._pairs = self._pairs, None
        if pairs is not None:
            pairs.stop()

    def close(self) -> None:
        """Leave no process behind."""
        pairs = self._pairs
        self.stop_pairs()
        if pairs is not None:
            pairs.join()

    def save(self, asked: Asked, name: str, title: str) -> Path:
        """Write a future as a scenario file into the folder. Raises ScenarioError, OSError."""
        wanted = self.shelf.loaded(asked)
        return save_scenario(self.folder, name, title, wanted, asked.base)

    def _recalled(self, key: str) -> bytes | None:
        with self._lock:
            message = self._kept.get(key)
            if message is not None:
                self._kept.move_to_end(key)
            return message

    def _keep(self, key: str, message: bytes) -> None:
        with self._lock:
            self._kept[key] = message
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _task(loaded: Sequence[Loaded], years: int | None) -> Task:
    """What is to be lived; two futures may well be of one scenario here, for a start."""
    apart = [replace(one, name=f"{one.name} ({k})") for k, one in enumerate(loaded, start=1)]
    return task_of(apart, years)
