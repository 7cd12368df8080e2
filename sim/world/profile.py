"""What a cluster is made of, by the packaged data: firms, institutions, neighbours, suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world import sources, targets
from sim.world.places import bid_capacity
from sim.world.sources import Institution, Region, Sector

#: How many neighbours and related sectors are told.
NEAREST = 3


@dataclass(frozen=True)
class Neighbour:
    """A region of the North, its travel time, and its specialisation in the same sectors."""

    region: Region
    minutes: float
    location_quotient: float


@dataclass(frozen=True)
class Related:
    """Another sector: how related it is (0–1), and how much of it the area has."""

    sector: Sector
    relatedness: float
    jobs: float
    location_quotient: float


@dataclass(frozen=True)
class Profile:
    """Some sectors in a region, as the world is drawn from the data.

    Jobs are counted once where sectors share an industry code. ``firms`` is the nation's firms of
    the sectors by the region's share of their jobs. ``rank`` is the place among the eleven areas
    by location quotient, and ``bid_capacity`` the practice in bidding at the start (mean 1).
    """

    region: Region
    sectors: tuple[Sector, ...]
    jobs: float
    gva: float
    firms: float
    location_quotient: float
    rank: int
    bid_capacity: float
    institutions: tuple[Institution, ...]
    neighbours: tuple[Neighbour, ...]
    related: tuple[Related, ...]


def profile(area: str, sector_ids: Sequence[str]) -> Profile:
    """The sectors of an area of the North, by their ids."""
    regions, sectors = sources.regions(), sources.sectors()
    place = [one.id for one in regions].index(area)
    own = [[one.id for one in sectors].index(name) for name in sector_ids]
    jobs = targets.jobs()
    own_jobs = jobs[:, own].sum(axis=1)
    firms = targets.firms().sum(axis=1)
    quotient = _quotients(own_jobs)
    north = [r for r, one in enumerate(regions) if one.is_north]
    minutes = sources.travel_minutes()[place]
    near = sorted((r for r in north if r != place), key=lambda r: minutes[r])[:NEAREST]
    relatedness = sources.relatedness()[own].max(axis=0)
    others = sorted((s for s in range(len(sectors)) if s not in own), key=lambda s: -relatedness[s])
    tags = {sectors[s].tag for s in own}
    return Profile(
        region=regions[place],
        sectors=tuple(sectors[s] for s in own),
        jobs=float(own_jobs[place]),
        gva=float(targets.gva()[place, own].sum()),
        firms=float(np.sum(firms[own] * jobs[place, own] / jobs[:, own].sum(axis=0))),
        location_quotient=float(quotient[place]),
        rank=1 + sum(bool(quotient[r] > quotient[place]) for r in north),
        bid_capacity=float(bid_capacity(np.array([one.population for one in regions]))[place]),
        institutions=tuple(
            one for one in sources.institutions() if one.region == area and tags & set(one.tags)
        ),
        neighbours=tuple(
            Neighbour(regions[r], float(minutes[r]), float(quotient[r])) for r in near
        ),
        related=tuple(
            Related(
                sectors[s],
                float(relatedness[s]),
                float(jobs[place, s]),
                float(_quotients(jobs[:, s])[place]),
            )
            for s in others[:NEAREST]
        ),
    )


def _quotients(jobs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Location quotient of every region: its share of some jobs against its share of all."""
    total = np.array([one.jobs for one in sources.regions()])
    result: NDArray[np.float64] = (jobs / jobs.sum()) / (total / total.sum())
    return result
