"""Shocks from outside: technology, demand, the closure of an anchor firm, a new railway."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from sim import luck
from sim.parameters import QUARTERS_PER_YEAR, Parameters, quantity
from sim.world import sources
from sim.world.state import FIRM, World


class ShockKind(StrEnum):
    """What happens."""

    TECHNOLOGY = "technology"
    DEMAND = "demand"
    CLOSURE = "closure"
    TRANSPORT = "transport"


class Shock(Parameters):
    """One shock at a given date, alike in every future that is compared."""

    year: float = quantity(
        5.0, "years after the start, or a calendar year", (0, 30), lever=True, ge=0, le=2200
    )
    """When it happens."""
    kind: ShockKind
    """technology, demand, closure or transport."""
    sector: str | None = None
    """Sector that it strikes; all sectors if left out."""
    region: str | None = None
    """Region that it strikes; all regions if left out."""
    size: float = quantity(-0.2, "share", (-0.5, 0.5), lever=True, ge=-0.95, le=2)
    """technology: change of the value of existing knowledge; demand: change of demand; closure:
    minus the share of the largest local firm's jobs that close; transport: change of travel
    times between the region and the others."""


class ShockAssumptions(Parameters):
    """Shocks that nobody dates: they come at random, alike in every future."""

    technology_rate: float = quantity(
        0.05, "per sector and year", (0, 0.3), "EVIDENCE §2e–f", lever=True, ge=0, le=4
    )
    """Rate at which a new technology makes part of a sector's knowledge obsolete."""
    technology_size: float = quantity(
        0.15, "share of knowledge", (0.05, 0.4), neutral=0.0, ge=0, le=0.95
    )
    """Knowledge that loses its value when it does."""


def shock(
    world: World, shocks: tuple[Shock, ...], start: int, assumptions: ShockAssumptions
) -> None:
    """Write what strikes in this quarter; the phases that own the stocks carry it out.

    Random technology shocks come with probability rate / 4 in each sector and quarter, keyed by
    sector, so that they fall on the same dates in every future. Years are counted from ``start``.
    """
    sectors, organisations = world.sectors, world.organisations
    sectors.obsolescence[:] = 0.0
    sectors.demand_shift[:] = 0.0
    organisations.closure[:] = 0.0
    codes = np.arange(len(sectors), dtype=np.int64)
    luck_of_sector = luck.uniforms(world.seed, luck.SHOCK, codes, world.quarter)
    struck = luck_of_sector < assumptions.technology_rate / QUARTERS_PER_YEAR
    sectors.obsolescence[struck] = assumptions.technology_size
    for one in shocks:
        if start + round(one.year * QUARTERS_PER_YEAR) == world.quarter:
            _strike(world, one)


def _strike(world: World, one: Shock) -> None:
    sectors, organisations = world.sectors, world.organisations
    sector_ids = tuple(s.id for s in sources.sectors())
    region_ids = tuple(r.id for r in sources.regions())
    in_sector = slice(None) if one.sector is None else np.array([sector_ids.index(one.sector)])
    if one.kind is ShockKind.TECHNOLOGY:
        kept = 1.0 - sectors.obsolescence[in_sector]
        sectors.obsolescence[in_sector] = 1.0 - kept * (1.0 + min(one.size, 0.0))
    elif one.kind is ShockKind.DEMAND:
        shift = 1.0 + sectors.demand_shift[in_sector]
        sectors.demand_shift[in_sector] = shift * (1.0 + one.size) - 1.0
    elif one.kind is ShockKind.TRANSPORT:
        factor = np.ones_like(world.travel)
        rows = range(len(region_ids)) if one.region is None else [region_ids.index(one.region)]
        for row in rows:
            factor[row, :] = 1.0 + one.size
            factor[:, row] = 1.0 + one.size
        np.fill_diagonal(factor, 1.0)
        world.travel *= factor
    else:
        chosen = organisations.kind == FIRM
        if one.sector is not None:
            chosen &= organisations.sector == sector_ids.index(one.sector)
        if one.region is not None:
            chosen &= organisations.region == region_ids.index(one.region)
        if chosen.any():
            largest = np.flatnonzero(chosen)[np.argmax(organisations.jobs[chosen])]
            organisations.closure[largest] = min(abs(one.size), 0.95)
