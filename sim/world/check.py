"""How far the simulated start is from the data: one row for each margin, matched or reported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world import sources, targets
from sim.world.institutions import research_incomes
from sim.world.population import Population
from sim.world.state import CATAPULT, FIRM, LABORATORY, World
from sim.world.strata import EDGES, N_BANDS

Vector = NDArray[Any]
BAND_NAMES = ("micro (1–9)", "small (10–49)", "medium (50–249)", "large (250+)")


@dataclass(frozen=True)
class Margin:
    """One total of the data beside the simulated one.

    ``is_matched`` says that the population is drawn to meet it; the others are only reported.
    """

    name: str
    group: str
    unit: str
    data: float
    simulated: float
    is_matched: bool
    note: str = ""

    @property
    def error(self) -> float:
        """Simulated over data, less one; NaN where data that are zero are missed, or not known."""
        if self.simulated == self.data:
            return 0.0
        return self.simulated / self.data - 1.0 if self.data else math.nan


def _group(
    group: str,
    unit: str,
    names: Sequence[str],
    data: Vector,
    simulated: Vector,
    is_matched: bool,
    note: str = "",
) -> list[Margin]:
    return [
        Margin(name, group, unit, float(d), float(s), is_matched, note)
        for name, d, s in zip(names, data, simulated, strict=True)
    ]


def margins(world: World, population: Population) -> list[Margin]:
    """Every margin of ``world`` as it was built from ``population``, in a stable order.

    ``population`` gives the background share of business research and the assumed incomes.
    """
    return [
        *_economy(world),
        *_size_mix(world),
        *_research(world, population),
        *_reported(world),
    ]


def _economy(world: World) -> list[Margin]:
    o = world.organisations
    regions = [r.id for r in sources.regions()]
    sectors = [s.id for s in sources.sectors()]
    out: list[Margin] = []
    for what, unit, values, target in (
        ("jobs", "jobs", o.jobs, targets.jobs()),
        ("GVA", "£m a year", o.gva, targets.gva()),
    ):
        held = np.where(o.kind == FIRM, o.weight * values, 0.0)
        by_region = np.bincount(o.region, held, len(regions))
        by_sector = np.bincount(o.sector, held, len(sectors))
        note = "firms of the eleven sectors"
        out += _group(f"{what} by region", unit, regions, target.sum(axis=1), by_region, True, note)
        out += _group(f"{what} by sector", unit, sectors, target.sum(axis=0), by_sector, True, note)
    return out


def _size_mix(world: World) -> list[Margin]:
    o = world.organisations
    is_firm = o.kind == FIRM
    band = np.searchsorted(EDGES[1:N_BANDS], o.jobs[is_firm], side="right")
    target = targets.firms()
    code = o.sector[is_firm] * N_BANDS + band
    held = np.bincount(code, o.weight[is_firm], target.size).reshape(target.shape)
    # With fewer rows than strata neighbouring bands share a row, and the mix cannot be kept.
    is_kept = bool(np.all(np.abs(held / target - 1.0) < 0.01))
    note = "" if is_kept else "too few rows for one in every region, sector and band"
    out: list[Margin] = []
    for b, name in enumerate(BAND_NAMES):
        names = [s.id for s in sources.sectors()]
        out += _group(
            f"firms by sector, {name}", "firms", names, target[:, b], held[:, b], is_kept, note
        )
    total, simulated = target.sum(), o.weight[is_firm].sum()
    out.append(Margin("all sectors", "real firms", "firms", float(total), float(simulated), True))
    return out


def _research(world: World, population: Population) -> list[Margin]:
    o = world.organisations
    rows = sources.regions()
    names = [r.id for r in rows]
    spent = o.weight * o.gva * o.rd_intensity
    business = np.bincount(o.region, np.where(o.kind == FIRM, spent, 0.0), len(rows))
    share = population.background_research_share
    out = _group(
        "BERD by region, less the background",
        "£m a year",
        names,
        targets.business_research(share),
        business,
        True,
        f"{100 * share:.0f} % of BERD is done outside the sectors",
    )
    income = np.where(o.kind == LABORATORY, 4.0 * o.weight * o.base_income, 0.0)
    higher = np.bincount(o.region, income, len(rows))
    herd = np.array([r.herd for r in rows])
    out += _group("HERD by region", "£m a year", names, herd, higher, True)
    stated = {i.id: i for i in sources.institutions()}
    for name in research_incomes(population.unknown_income):
        known = stated[name].research_income
        held = o.institution == list(stated).index(name)
        simulated = float(np.sum(4.0 * o.weight[held] * o.base_income[held]))
        data = math.nan if known is None else known
        note = "imputed: not in the data" if known is None else "scaled to the region's HERD"
        out.append(Margin(name, "research income", "£m a year", data, simulated, False, note))
    return out


def _reported(world: World) -> list[Margin]:
    o, regions = world.organisations, world.regions
    rows, sectors = sources.regions(), sources.sectors()
    names = [r.id for r in rows]
    total = np.array([r.jobs for r in rows])
    institutions = sources.institutions()
    out: list[Margin] = []
    for kind, label in ((LABORATORY, "university"), (CATAPULT, "catapult and national centre")):
        wanted = [
            code
            for code, i in enumerate(institutions)
            if (i.kind == "university") == (kind == LABORATORY)
        ]
        found = np.unique(o.institution[(o.kind == kind) & (o.institution >= 0)])
        out.append(
            Margin(label, "institutions", "", len(wanted), float(len(found)), True, "real ones")
        )
    cell = np.zeros((len(rows), len(sectors)))
    firm = o.kind == FIRM
    np.add.at(cell, (o.region[firm], o.sector[firm]), (o.weight * o.jobs)[firm])
    quotient = cell / total[:, None] / (cell.sum(axis=0) / total.sum())
    for k, row in enumerate(rows):
        for s, sector in enumerate(sectors):
            if sector.home == row.id:
                data = float(sources.location_quotients()[k, s])
                note = "the data count GB only, and are scaled to the sector's total"
                out.append(
                    Margin(
                        f"{row.id}: {sector.id}",
                        "location quotient of the named specialism",
                        "ratio",
                        data,
                        float(quotient[k, s]),
                        False,
                        note,
                    )
                )
    out += _group(
        "jobs of the background",
        "jobs",
        names,
        total - targets.jobs().sum(axis=1),
        regions.background_jobs_start,
        False,
        "what firms and institutions leave of all jobs",
    )
    berd, herd = math.fsum(r.berd for r in rows), math.fsum(r.herd for r in rows)
    uk = sources.national("berd", "United Kingdom", "2022")
    out.append(Margin("BERD", "sum of regions", "£m a year", uk, berd, False, f"HERD {herd:.0f}"))
    out.append(
        Margin("all firms", "size tail", "Hill index", 1.06, tail_index(world), False, "[98]")
    )
    return out


def tail_index(world: World, smallest: float = 10.0) -> float:
    """Hill's estimator of the Pareto exponent of firms of ``smallest`` jobs and more, weighted."""
    o = world.organisations
    tail = (o.kind == FIRM) & (o.jobs >= smallest)
    weight = o.weight[tail]
    return float(weight.sum() / np.sum(weight * np.log(o.jobs[tail] / smallest)))
