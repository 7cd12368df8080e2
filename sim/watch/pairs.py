"""The paired difference of two futures, from a small ensemble that runs behind the page."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from sim.experiments.dispatch import default_workers
from sim.experiments.future import Futures, Task, seed_of, simulate
from sim.experiments.workers import WorkerError, run_beside
from sim.metrics.history import METRIC_NAMES, History
from sim.watch.differences import difference_message
from sim.watch.futures import SERIES, area_ids

#: They give way to the futures that somebody waits for.
NICE = 15


class Pairs:
    """Paired runs of one pair of futures, made in a thread until they are done or stopped.

    The first run is the one that is seen. ``message`` is what is known so far.
    """

    def __init__(self, task: Task, seed: int, runs: int) -> None:
        self.runs = runs
        self.error = ""
        self._task = task
        self._jobs = [(index, seed_of(seed, index)) for index in range(runs)]
        self._found: dict[int, np.ndarray] = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self) -> Pairs:
        """Begin, beside everything else."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Make no more runs; the workers are gone in a moment."""
        self._stop.set()

    def join(self) -> None:
        """Wait until the workers are gone."""
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def done(self) -> int:
        """Pairs that are finished."""
        return len(self._found)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def message(self) -> bytes:
        """Mean difference and interval of the runs so far; needs one at least."""
        with self._lock:
            found = np.stack([self._found[index] for index in sorted(self._found)])
        return difference_message(found, area_ids(), self.runs)

    def _live(self) -> None:
        pick = _picker()
        try:
            for futures in run_beside(
                self._task, self._jobs, simulate, default_workers(), self._stop.is_set, NICE
            ):
                assert isinstance(futures, Futures)
                with self._lock:
                    self._found[futures.index] = pick(futures)
        except WorkerError as error:
            self.error = str(error).splitlines()[0]


def _picker() -> Callable[[Futures], np.ndarray]:
    """From the futures of a seed to first minus second (series, areas, years + 1)."""
    known = History(0).areas
    areas = [known.index(name) for name in area_ids()]
    columns = [METRIC_NAMES.index(name) for name in SERIES]

    def pick(futures: Futures) -> np.ndarray:
        values = futures.values[:, :, :, -1][:, :, areas][:, :, :, columns]
        return np.moveaxis(values[0] - values[1], (2, 1, 0), (0, 1, 2))

    return pick
