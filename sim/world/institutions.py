"""Universities, catapults and national centres at the start, and the comparators' laboratories."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world import identical, sources
from sim.world.identical import InstitutionRow
from sim.world.population import Population
from sim.world.sources import DataError, Institution
from sim.world.state import CATAPULT, LABORATORY

Vector = NDArray[np.float64]

#: Part of a catapult's turnover that it need not win in competition: core and commercial thirds.
UNCOMPETED = 2.0 / 3.0
#: Sites that share the core grant which the data give for the first of them.
SHARED_BUDGET = {"cat_cpi_wilton": ("cat_cpi_wilton", "cat_cpi_darlington", "cat_cpi_netpark")}
#: An anchor firm's site and a government force: places that attract, but hardly a public research
#: body; they get this turnover, £m a year. The firm's jobs are among the firms' of its sector.
NOT_RESEARCH_BODIES = {"nc_bae_warton": 2.0, "nc_ncf": 2.0}


def fields(institution: Institution) -> list[tuple[int, float]]:
    """Sectors of an institution's fields with their shares; a tag of two sectors is halved."""
    of_tag: dict[str, list[int]] = {}
    for code, sector in enumerate(sources.sectors()):
        of_tag.setdefault(sector.tag, []).append(code)
    shares: dict[int, float] = {}
    for tag in institution.tags:
        if tag not in of_tag:
            raise DataError(
                f"institutions.csv, row {institution.id}, column sector_tags: unknown tag {tag!r}; "
                f"known are {', '.join(sorted(of_tag))}"
            )
        for code in of_tag[tag]:
            share = 1.0 / len(institution.tags) / len(of_tag[tag])
            shares[code] = shares.get(code, 0.0) + share
    return sorted(shares.items())


def research_incomes(unknown: float) -> dict[str, float]:
    """Research income of every university, £m a year, scaled to the region's HERD.

    Incomes of the data are of two definitions, and all lie below what universities spend; only
    their proportions inside a region are used. One that is not in the data counts as ``unknown``.
    """
    herd = {r.id: r.herd for r in sources.regions()}
    stated = {
        i.id: (i.region, i.research_income if i.research_income is not None else unknown)
        for i in sources.institutions()
        if i.kind == "university"
    }
    total: dict[str, float] = {}
    for region, income in stated.values():
        total[region] = total.get(region, 0.0) + income
    return {
        name: income / total[region] * herd[region] for name, (region, income) in stated.items()
    }


def budgets(population: Population) -> dict[str, float]:
    """Turnover of every catapult and national centre, £m a year.

    What the data give for a catapult is its core grant, a third of its turnover; for a centre it
    is the whole.
    """
    known: dict[str, float] = {}
    default = {
        "catapult": population.unknown_catapult_budget,
        "national_centre": population.unknown_centre_budget,
    }
    for i in sources.institutions():
        if i.kind == "university":
            continue
        stated = i.budget
        if stated is not None and i.kind == "catapult":
            stated *= 3.0
        known.setdefault(i.id, NOT_RESEARCH_BODIES.get(i.id, stated or default[i.kind]))
        for site in SHARED_BUDGET.get(i.id, ()):
            known[site] = (stated or default[i.kind]) / len(SHARED_BUDGET[i.id])
    return known


def draw_institutions(
    population: Population, researcher_cost: tuple[float, float, float]
) -> dict[str, NDArray[Any]]:
    """Columns of the rows of laboratories and catapults, in the order of the data.

    ``base_income`` is £m a quarter of one real organisation; identities count up from 1.
    """
    codes = {r.id: k for k, r in enumerate(sources.regions())}
    incomes, turnover = research_incomes(population.unknown_income), budgets(population)
    rows: list[InstitutionRow] = []
    for code, i in enumerate(sources.institutions()):
        if i.region not in codes:
            raise DataError(f"institutions.csv, row {i.id}, column region_id: unknown {i.region!r}")
        mine = fields(i)
        if i.kind == "university":
            rows += [
                (LABORATORY, codes[i.region], s, code, 1.0, share * incomes[i.id])
                for s, share in mine
            ]
        else:
            main = next(k for k, s in enumerate(sources.sectors()) if s.tag == i.tags[0])
            rows.append((CATAPULT, codes[i.region], main, code, 1.0, UNCOMPETED * turnover[i.id]))
    rows += _comparators(rows, population.laboratory_size)
    rows = identical.institutions(rows, population.identical_regions)
    kind, region, sector, institution, weight, income = (
        np.array(c) for c in zip(*rows, strict=True)
    )
    researchers = income / np.array(researcher_cost)[kind]
    return {
        "uid": np.arange(1, len(rows) + 1),
        "kind": kind,
        "region": region,
        "sector": sector,
        "institution": institution,
        "weight": weight,
        "born": np.full(len(rows), -120),
        "base_income": income / 4.0,
        "is_research_active": np.ones(len(rows), np.bool_),
        "jobs": researchers,
    }


def _comparators(rows: list[InstitutionRow], size: float) -> list[InstitutionRow]:
    """Laboratories of the comparators: their HERD in the mix of fields of the North."""
    mix = np.zeros(len(sources.sectors()))
    for kind, _, sector, _, _, income in rows:
        if kind == LABORATORY:
            mix[sector] += income
    mix /= mix.sum()
    out: list[InstitutionRow] = []
    for code, region in enumerate(sources.regions()):
        if region.is_north:
            continue
        for sector in np.flatnonzero(mix).tolist():
            income = float(region.herd * mix[sector])
            weight = max(income / size, 1.0)
            out.append((LABORATORY, code, sector, -1, weight, income / weight))
    return out
