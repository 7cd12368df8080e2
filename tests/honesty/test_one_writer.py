"""Each column has one writer: run every phase alone and see what it changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.quarter import PHASES
from sim.run import Run
from sim.scenario import load
from sim.world.columns import TABLES
from sim.world.state import World

#: Who may add or drop rows of a table.
MEMBERSHIP = {
    "organisations": {"turn_over"},
    "ties": {"collaborate", "turn_over"},
    "supplies": {"turn_over"},
    "moves": {"staff"},
    "awards": {"fund"},
}
KEYS = {
    "organisations": ("uid",),
    "ties": ("source", "target"),
    "supplies": ("supplier", "buyer", "formed"),
    "moves": ("origin", "destination", "quarter"),
    "awards": ("uid",),
}


def changed_columns(before: World, after: World, table: str) -> set[str]:
    """Columns whose values differ in the rows that both have."""
    a, b = getattr(before, table), getattr(after, table)
    rows_a = rows_b = slice(None)
    if table in KEYS:
        index = {key: k for k, key in enumerate(keys_of(b, table))}
        pairs = [(k, index[key]) for k, key in enumerate(keys_of(a, table)) if key in index]
        rows_a, rows_b = (np.array([p[i] for p in pairs], np.int64) for i in (0, 1))  # type: ignore[assignment]
    return {
        name
        for name, values in a.items()
        if not np.array_equal(values[rows_a], getattr(b, name)[rows_b])
    }


def keys_of(table: Any, name: str) -> list[tuple[int, ...]]:
    """Identity of each row."""
    return list(zip(*(getattr(table, key).tolist() for key in KEYS[name]), strict=True))


@pytest.fixture(scope="module")
def run() -> Run:
    loaded = load("piecemeal", {"population.firms": "400", "horizon": "8", "burn_in.years": "1"})
    one = Run.start(loaded.scenario, loaded.burn_in, 2).fork(loaded.scenario)
    for _ in range(9):
        one.step()
    return one


@pytest.mark.parametrize("phase", PHASES, ids=lambda p: p.name)
def test_a_phase_writes_only_its_own_columns(run: Run, phase: Any) -> None:
    world = run.world.copy()
    for other in PHASES:
        before = world.copy()
        other.run(world, run.policy, run.scenario.assumptions)
        if other.name == phase.name:
            break
    for table in TABLES:
        dictionary = {c.name: c.writer.split("+") for c in getattr(world, table).columns()}
        for column in changed_columns(before, world, table):
            assert phase.name in dictionary[column], f"{phase.name} wrote {table}.{column}"
        if table in KEYS:
            same = keys_of(getattr(before, table), table) == keys_of(getattr(world, table), table)
            assert same or phase.name in MEMBERSHIP[table], f"{phase.name} changed rows of {table}"


def test_every_writer_is_a_phase_or_the_build(run: Run) -> None:
    names = {phase.name for phase in PHASES} | {"build"}
    for table in TABLES:
        for column in getattr(run.world, table).columns():
            assert set(column.writer.split("+")) <= names, column
            assert column.meaning, column
