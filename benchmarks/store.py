"""The store: what it costs beside the runs, and how soon many of them are there."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from benchmarks.measuring import Result, seconds
from sim.experiments.fingerprint import model_version
from sim.experiments.future import Futures, Task, simulate
from sim.experiments.store import Store
from sim.experiments.store.coding import Stored, decoded, encoded
from sim.experiments.store.files import Place, digest_of
from sim.experiments.store.packs import INDEX, PACK, Page, index_of, page_of, write_outcomes
from sim.experiments.store.reading import outcomes
from sim.experiments.store.serving import served
from sim.experiments.store.store import PACKS
from sim.experiments.tasks import task_of
from sim.metrics.history import History
from sim.scenario import load

PAIR = ("long_term", "piecemeal")
READ, OPENED = 10_000, 100_000


def store() -> Iterator[Result]:
    """Overhead with real runs; reading and opening with made-up ones of the same shape."""
    task = task_of([load(name) for name in PAIR])
    with tempfile.TemporaryDirectory() as folder:
        yield from _overhead(task, Path(folder))
    future = simulate(task, 0, 1)
    one = Stored(
        "0" * 40,
        1,
        PAIR[0],
        task.scenarios[0].title,
        future.values[0],
        future.totals[0],
        future.money[0],
        future.programmes[0],
    )
    content = encoded(one)
    times = [seconds(lambda: decoded(content)) for _ in range(9)]
    yield Result("store", "bytes of a future of 25 years", len(content) / 1e3, "kB")
    yield Result("store", "one future from its bytes", 1e3 * statistics.median(times), "ms")
    with tempfile.TemporaryDirectory() as folder:
        yield from _many(Path(folder), page_of(content))


def _overhead(task: Task, folder: Path, runs: int = 5) -> Iterator[Result]:
    """Wall time of finding, coding and writing two futures, over that of living them."""
    simulate(task, 0, 1)  # compiled by now
    shares = []
    for index in range(1, runs + 1):
        begin = time.perf_counter()
        futures = simulate(task, index, index)
        living = time.perf_counter() - begin

        def known(*_: object, one: Futures = futures) -> Generator[Futures]:
            yield one

        opened = Store(folder, spare=0)
        begin = time.perf_counter()
        for _ in served(opened, task, PAIR, [(index, index)], simulate, known):
            pass
        shares.append((time.perf_counter() - begin) / living)
    share = 100.0 * statistics.median(shares)
    yield Result("store", "storing a run of default size over living it", share, "%", "≤ 5")


def _many(folder: Path, page: Page) -> Iterator[Result]:
    home = folder / model_version() / PACKS
    for number in range(READ // PACK):
        _pack(home, number, page)
    opened = Store(folder)
    for metrics, label in ((None, "all outcomes"), (["gva", "jobs"], "two outcomes")):
        begin = time.process_time()
        rows = len(outcomes(opened, "north", metrics))
        taken = time.process_time() - begin
        what = f"{label} of {READ:,} runs ({rows:,} rows) into a frame"
        yield Result("store", what, taken, "s", "≤ 2")
    for number in range(READ // PACK, OPENED // PACK):
        _pack(home, number, None)
    # A store looks through its packs when it is first asked for a run.
    times = [seconds(lambda: len(Store(folder))) for _ in range(3)]
    yield Result("store", f"opening a store of {OPENED:,} runs", min(times), "s", "≤ 1")


def _pack(home: Path, number: int, page: Page | None) -> None:
    """A pack of made-up runs; without a ``page`` of outcomes it can be opened and no more."""
    keys = [f"{number * PACK + k:040d}" for k in range(PACK)]
    places = [Place(key, 25, digest_of(key.encode()), "", k, 1) for k, key in enumerate(keys)]
    part = home / "part"
    part.mkdir(parents=True)
    areas = dict.fromkeys(History(0).areas, "")
    if page is not None:
        head, totals = page
        rng = np.random.default_rng(number)
        pages: list[Page] = [
            ({**head, "key": key, "seed": k}, totals * np.float32(rng.lognormal(0, 0.1)))
            for k, key in enumerate(keys)
        ]
        areas = write_outcomes(part, pages)
    index = index_of(places, areas)
    (part / INDEX).write_bytes(index)
    part.rename(home / digest_of(index))
