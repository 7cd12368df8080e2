"""What the server keeps for the next time, and what it does not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sim.experiments.store import Store
from sim.watch.asked import Asked, Shelf, asked_of
from sim.watch.studio import Studio
from sim.watch.worker import Order, Worker


class Noted(Worker):
    """A worker without a process, which notes for how many years it was asked to live."""

    def __init__(self) -> None:
        self.years: list[int] = []
        self.has_lived = threading.Event()

    def run(self, order: Order) -> bytes:
        self.years.append(order.years)
        self.has_lived.set()
        return f"{order.scenario.title}, {order.seed}, {order.years} years".encode()


def opened(store: Store | None, folder: Path, *, seed: int = 1) -> tuple[Studio, Noted, Asked]:
    asked, worker = asked_of("long_term"), Noted()
    studio = Studio(Shelf(["long_term"], {}), [asked], seed, 5, folder, [worker], store)
    studio.warm_up()
    return studio, worker, asked


def answers(store: Store) -> list[Path]:
    return [path for path in store.home.rglob("*") if path.is_file()]


def kept(store: Store) -> Path:
    """The one file that the first opening leaves, once it is there."""
    for _ in range(500):
        if found := answers(store):
            return found[0]
        threading.Event().wait(0.01)
    raise AssertionError("nothing was kept")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store that says nothing."""
    return Store(tmp_path / "store", say=lambda words: None)


def test_an_opening_that_was_seen_before_is_not_lived_again(store: Store, tmp_path: Path) -> None:
    studio, worker, asked = opened(store, tmp_path)
    first = studio.future(asked, 0)
    assert worker.years == [5]
    kept(store)
    again, idle, asked = opened(store, tmp_path)
    assert again.future(asked, 0) == first
    # Once the page has it, the past is lived, for the first turn of a lever.
    assert idle.has_lived.wait(10.0)
    assert idle.years == [0]


def test_another_seed_is_another_future(store: Store, tmp_path: Path) -> None:
    studio, _, asked = opened(store, tmp_path)
    first = studio.future(asked, 0)
    kept(store)
    other, worker, asked = opened(store, tmp_path, seed=2)
    assert other.future(asked, 0) != first
    assert worker.years == [5]


def test_a_damaged_opening_is_lived_again(store: Store, tmp_path: Path) -> None:
    studio, _, asked = opened(store, tmp_path)
    first = studio.future(asked, 0)
    path = kept(store)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    again, worker, asked = opened(store, tmp_path)
    assert again.future(asked, 0) == first
    assert worker.years == [5]
    assert list((store.folder / "damaged").iterdir())


def test_what_the_page_asks_for_is_not_written(store: Store, tmp_path: Path) -> None:
    studio, worker, asked = opened(store, tmp_path)
    studio.future(asked, 0)
    kept(store)
    turned = asked.model_copy(update={"changes": {"budget": 333.0}})
    studio.future(turned, 0)
    studio.future(turned, 0)
    assert worker.years == [5, 5]
    assert len(answers(store)) == 1


def test_without_a_store_nothing_is_kept(tmp_path: Path) -> None:
    for _ in range(2):
        studio, worker, asked = opened(None, tmp_path)
        studio.future(asked, 0)
        assert worker.years == [5]
