"""Worlds for the tests of single phases: a handful of organisations whose every figure is round."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import luck
from sim.experiments.small_world import COST, N_SECTORS, add_awards, small_world
from sim.world.state import World

__all__ = [
    "COST",
    "N_SECTORS",
    "add_awards",
    "add_ties",
    "points_right",
    "small_world",
    "sort_rows",
]


def add_ties(world: World, *pairs: tuple[int, int], **columns: Any) -> None:
    """Ties between rows: trust 0.5, at work until quarter 100, unless ``columns`` say otherwise."""
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    n = len(ends)
    rows: dict[str, Any] = {
        "source": world.organisations.uid[ends[:, 0]],
        "target": world.organisations.uid[ends[:, 1]],
        "source_row": ends[:, 0],
        "target_row": ends[:, 1],
        "trust": np.full(n, 0.5),
        "works_until": np.full(n, 100),
        "spells": np.ones(n),
    }
    rows |= {name: np.broadcast_to(values, n) for name, values in columns.items()}
    world.ties.append(rows)


def sort_rows(columns: dict[str, Any]) -> dict[str, Any]:
    """Put columns with ``uid`` and ``region`` in the order that a world's rows have."""
    ring = luck.uniforms(0, luck.RING, np.asarray(columns["uid"], np.int64), 0)
    order = np.lexsort((ring, columns["region"]))
    return {name: np.asarray(v)[order] for name, v in {**columns, "ring": ring}.items()}


def points_right(world: World) -> bool:
    """Whether every row pointer of ties, supplies and awards meets the identity that it names."""
    uid = world.organisations.uid
    t, s, a = world.ties, world.supplies, world.awards
    pairs = (
        (t.source_row, t.source),
        (t.target_row, t.target),
        (s.supplier_row, s.supplier),
        (s.buyer_row, s.buyer),
        (a.holder_row[a.holder_row >= 0], a.holder[a.holder_row >= 0]),
    )
    return all(bool(np.all(row >= 0) and np.array_equal(uid[row], name)) for row, name in pairs)
