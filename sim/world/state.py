"""The state of one run as a whole, which is copied where futures part, and the codes in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.columns import (
    TABLES,
    Awards,
    Cells,
    Moves,
    Organisations,
    Pots,
    Regions,
    Sectors,
    Supplies,
    Ties,
)

FIRM, LABORATORY, CATAPULT = 0, 1, 2
KIND_NAMES = ("firm", "laboratory", "catapult")
#: Codes of an award's purpose, in the order of ``fund.programmes.Purpose``.
CORE, RESEARCH, TIES, INFRASTRUCTURE = 0, 1, 2, 3
PURPOSE_NAMES = ("core", "research", "ties", "infrastructure")


@dataclass
class World:
    """The whole state of one run, at the start of quarter ``quarter``.

    ``travel`` (regions, regions) is in minutes, ``relatedness`` (sectors, sectors) in 0–1;
    ``sector_x``, ``sector_y`` (sectors,) place sectors in knowledge space; ``researcher_cost``
    (3,) is the cost of a researcher by kind of organisation, £m a year, before regional wages.
    ``ended`` collects awards that are over where a full export is wanted, and is None otherwise.
    """

    seed: int
    quarter: int
    organisations: Organisations
    ties: Ties
    supplies: Supplies
    moves: Moves
    awards: Awards
    pots: Pots
    regions: Regions
    cells: Cells
    sectors: Sectors
    travel: NDArray[np.float64]
    relatedness: NDArray[np.float64]
    sector_x: NDArray[np.float64]
    sector_y: NDArray[np.float64]
    researcher_cost: NDArray[np.float64]
    ended: Awards | None = None

    def copy(self) -> World:
        """An independent copy: the fork from which two futures part."""
        tables: dict[str, Any] = {name: getattr(self, name).copy() for name in TABLES}
        ended = None if self.ended is None else self.ended.copy()
        return replace(self, travel=self.travel.copy(), ended=ended, **tables)

    def digest(self) -> str:
        """A hash of every byte of the state: equal worlds have equal digests."""
        digest = hashlib.sha256(f"{self.seed} {self.quarter}".encode())
        for name in TABLES:
            getattr(self, name).update_digest(digest)
        digest.update(self.travel.tobytes())
        return digest.hexdigest()

    def row_of(self, uid: NDArray[np.int64]) -> NDArray[np.int64]:
        """Present row of each identity; −1 for one that is gone."""
        own = self.organisations.uid
        order = np.argsort(own, kind="stable")
        place = np.searchsorted(own, uid, sorter=order)
        place = np.minimum(place, len(own) - 1)
        row = order[place]
        return np.where(own[row] == uid, row, -1)
