"""Links at the start: collaboration ties and the supply chain, near and related."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.world.columns import Organisations
from sim.world.state import FIRM

Counts = NDArray[np.int64]

#: Travel time over which the chance of an initial link falls to 37 %, minutes.
REACH = 60.0
#: Jobs from which a firm has two suppliers.
TWO_SUPPLIERS = 10.0


@kernel
def find(seed, process, number, uid, cell, chance, order, offsets, found):
    """For each seeker the row of a partner: a cell by ``chance``, then anyone in it.

    ``chance`` (cells, cells) is cumulative by row; ``order`` holds the candidates by cell between
    ``offsets``. A seeker that meets itself takes the next one; −1 if there is none.
    """
    n_cells = chance.shape[1]
    for i in range(uid.shape[0]):
        u, v = luck.uniform_pair(seed, process, uid[i], number << 32)
        low, high = 0, n_cells - 1
        while low < high:
            middle = (low + high) // 2
            if chance[cell[i], middle] < u:
                low = middle + 1
            else:
                high = middle
        first, n = offsets[low], offsets[low + 1] - offsets[low]
        found[i] = -1
        if n == 0:
            continue
        pick = min(int(v * n), n - 1)
        row = order[first + pick]
        if uid[i] == row[1]:
            if n == 1:
                continue
            row = order[first + (pick + 1) % n]
        found[i] = row[0]


def _partners(
    seed: int,
    process: int,
    number: int,
    organisations: Organisations,
    seekers: Counts,
    candidates: Counts,
    near: NDArray[np.float64],
) -> Counts:
    """Row of a partner for each seeker; ``near`` (cells, cells) is the pull between cells."""
    n_sectors = round(near.shape[0] / (1 + int(organisations.region.max())))
    cell = organisations.region * n_sectors + organisations.sector
    by_cell = candidates[np.argsort(cell[candidates], kind="stable")]
    size = np.bincount(cell[candidates], minlength=near.shape[0])
    offsets = np.append(0, np.cumsum(size)).astype(np.int64)
    chance = np.cumsum(near * size[None, :], axis=1)
    chance /= np.maximum(chance[:, -1:], 1e-300)
    order = np.column_stack([by_cell, organisations.uid[by_cell]])
    found = np.empty(len(seekers), np.int64)
    find(
        seed,
        process,
        number,
        organisations.uid[seekers],
        cell[seekers],
        chance,
        order,
        offsets,
        found,
    )
    return found


def pull(travel: NDArray[np.float64], relatedness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pull between (region, sector) cells: e^(−t/reach) × relatedness (cells, cells)."""
    near = np.exp(-travel / REACH)
    return np.asarray(np.kron(near, relatedness), np.float64)


def initial_ties(
    seed: int, organisations: Organisations, near: NDArray[np.float64], degree: float
) -> dict[str, NDArray[Any]]:
    """Columns of the collaboration ties; each organisation seeks half the mean degree."""
    o = organisations
    seekers = np.flatnonzero(o.is_research_active).astype(np.int64)
    pairs: list[NDArray[np.int64]] = []
    half = 0.5 * degree
    for number in range(int(np.ceil(half))):
        u = luck.uniforms(seed, luck.INITIAL_TIE, o.uid[seekers], (100 + number) << 32)
        some = seekers[u < half - number]
        found = _partners(seed, luck.INITIAL_TIE, number, o, some, seekers, near)
        pairs.append(np.column_stack([some, found])[found >= 0])
    rows = np.concatenate(pairs) if pairs else np.empty((0, 2), np.int64)
    first = o.uid[rows[:, 0]] < o.uid[rows[:, 1]]
    low, high = np.where(first[:, None], rows, rows[:, ::-1]).T
    _, once = np.unique(np.column_stack([o.uid[low], o.uid[high]]), axis=0, return_index=True)
    source, target = low[once], high[once]
    pair = o.uid[source] * (int(o.uid.max()) + 1) + o.uid[target]
    u, v, w = (luck.uniforms(seed, luck.INITIAL_TIE, pair, (200 + k) << 32) for k in range(3))
    until = np.floor(9.0 * v).astype(np.int64) - 4
    return {
        "source": o.uid[source],
        "target": o.uid[target],
        "source_row": source,
        "target_row": target,
        "trust": 0.3 + 0.3 * u,
        "formed": -5 - np.floor(8.0 * w).astype(np.int64),
        "last_used": np.minimum(until, 0) - 1,
        "works_until": until,
        "spells": np.ones(len(source), np.int64),
        "is_brokered": np.zeros(len(source), np.bool_),
    }


def initial_supplies(
    seed: int, organisations: Organisations, near: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """Columns of the supply chain: one supplier for each firm, two for the larger ones."""
    o = organisations
    firms = np.flatnonzero(o.kind == FIRM).astype(np.int64)
    first = _partners(seed, luck.SUPPLIER, 0, o, firms, firms, near)
    larger = firms[o.jobs[firms] >= TWO_SUPPLIERS]
    second = _partners(seed, luck.SUPPLIER, 1, o, larger, firms, near)
    buyer = np.concatenate([firms, larger])
    supplier = np.concatenate([first, second])
    again = np.zeros(len(buyer), np.bool_)
    again[len(firms) :] = second == first[np.searchsorted(firms, larger)]
    good = (supplier >= 0) & ~again
    buyer, supplier = buyer[good], supplier[good]
    return {
        "supplier": o.uid[supplier],
        "buyer": o.uid[buyer],
        "supplier_row": supplier,
        "buyer_row": buyer,
        "formed": np.full(len(buyer), -4),
    }
