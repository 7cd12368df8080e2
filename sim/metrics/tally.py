"""Sums by region and sector in one walk over the organisations, compiled.

Flows are tallied every quarter and stocks once a year; both walks are linear in the rows, and
every row counts with its weight, so that totals are of real organisations. The names of the
fields of ``FLOWS`` and ``STOCKS`` are the names of the amounts.
"""

from __future__ import annotations

import numpy as np

from sim.kernel import kernel
from sim.world.state import CATAPULT, FIRM, LABORATORY

_QUARTERS_PER_YEAR = 4.0

FLOWS = np.dtype(
    [
        (name, np.float64)
        for name in (
            "rd_business",
            "rd_background",
            "rd_firms",
            "rd_laboratories",
            "rd_catapults",
            "effort",
            "inflow",
            "innovations",
            "innovation_value",
            "public_core",
            "public_research",
            "public_ties",
            "public_to_firms",
            "public_to_laboratories",
            "public_to_catapults",
            "rd_business_of_holders",
            "promised",
            "broken_promises",
            "returned",
            "gap_months",
            "bids_written",
            "bid_effort",
            "bid_cost",
            "hired",
            "staff_lost",
            "knowledge_lost",
            "births",
            "deaths",
            "jobs_closed",
        )
    ]
)

STOCKS = np.dtype(
    [
        (name, np.float64)
        for name in (
            "jobs",
            "institution_jobs",
            "gva",
            "exports",
            "firms",
            "firms_aged_1",
            "firms_aged_3",
            "firms_aged_5",
            "research_active_firms",
            "research_organisations",
            "researchers",
            "researchers_firms",
            "researchers_laboratories",
            "researchers_catapults",
            "knowledge",
            "work_in_progress",
            "reserves",
            "cash",
            "holders",
            "gap_organisations",
            "gap_institutions",
            "institutions",
            "degree_sum",
            "experience_sum",
            "credibility_sum",
            "continuation_sum",
            "horizon_sum",
            "length_sum",
        )
    ]
)


@kernel
def tally_flows(
    kind,
    region,
    sector,
    weight,
    own_rd,
    base_income,
    spending,
    effort,
    inflow,
    innovations,
    innovation_value,
    grant_core,
    grant_research,
    grant_ties,
    promised,
    returned,
    is_in_gap,
    n_bids,
    bid_effort,
    hired,
    lost,
    knowledge_lost,
    bid_year_cost,
    out,
):
    """Add one quarter's flows to ``out`` (regions, sectors).

    ``bid_year_cost`` (regions,) is the cost of a researcher who writes bids, £m a year.
    """
    for i in range(kind.shape[0]):
        cell = out[region[i], sector[i]]
        w = weight[i]
        public = grant_core[i] + grant_research[i] + grant_ties[i]
        if kind[i] == FIRM:
            cell["rd_business"] += w * own_rd[i]
            cell["rd_firms"] += w * spending[i]
            cell["public_to_firms"] += w * public
            if public > 0.0:
                cell["rd_business_of_holders"] += w * own_rd[i]
        elif kind[i] == LABORATORY:
            cell["rd_laboratories"] += w * spending[i]
            cell["public_to_laboratories"] += w * public
        else:
            cell["rd_catapults"] += w * spending[i]
            cell["public_to_catapults"] += w * public
        cell["rd_background"] += w * base_income[i]
        cell["effort"] += w * effort[i]
        cell["inflow"] += w * inflow[i]
        cell["innovations"] += w * innovations[i]
        cell["innovation_value"] += w * innovation_value[i]
        cell["public_core"] += w * grant_core[i]
        cell["public_research"] += w * grant_research[i]
        cell["public_ties"] += w * grant_ties[i]
        cell["promised"] += w * promised[i]
        cell["broken_promises"] += w * max(0.0, promised[i] - public)
        cell["returned"] += w * returned[i]
        if is_in_gap[i]:
            cell["gap_months"] += 3.0 * w
        cell["bids_written"] += w * n_bids[i]
        cell["bid_effort"] += w * bid_effort[i] / _QUARTERS_PER_YEAR
        cell["bid_cost"] += w * bid_effort[i] / _QUARTERS_PER_YEAR * bid_year_cost[region[i]]
        cell["hired"] += w * hired[i]
        cell["staff_lost"] += w * lost[i]
        cell["knowledge_lost"] += w * knowledge_lost[i]


@kernel
def tally_stocks(
    kind,
    region,
    sector,
    weight,
    born,
    is_research_active,
    jobs,
    gva,
    exports,
    researchers,
    knowledge,
    work_in_progress,
    cash,
    public,
    is_in_gap,
    degree,
    experience,
    credibility,
    continuation,
    horizon,
    project_length,
    quarter,
    out,
):
    """Add the state at the start of ``quarter`` to ``out`` (regions, sectors).

    Firms of age a were born in the year that ended a years before, so that they compare with the
    births of that year. Sums of beliefs are over researchers.
    """
    for i in range(kind.shape[0]):
        cell = out[region[i], sector[i]]
        w = weight[i]
        staff = w * researchers[i]
        cell["researchers"] += staff
        if kind[i] == FIRM:
            cell["jobs"] += w * jobs[i]
            cell["gva"] += w * gva[i]
            cell["exports"] += w * exports[i]
            cell["firms"] += w
            cell["cash"] += w * cash[i]
            cell["researchers_firms"] += staff
            if is_research_active[i]:
                cell["research_active_firms"] += w
            age = quarter - born[i]
            if 4 < age <= 8:
                cell["firms_aged_1"] += w
            elif 12 < age <= 16:
                cell["firms_aged_3"] += w
            elif 20 < age <= 24:
                cell["firms_aged_5"] += w
        else:
            cell["institution_jobs"] += w * jobs[i]
            cell["reserves"] += w * cash[i]
            cell["institutions"] += w
            if is_in_gap[i]:
                cell["gap_institutions"] += w
            if kind[i] == LABORATORY:
                cell["researchers_laboratories"] += staff
            elif kind[i] == CATAPULT:
                cell["researchers_catapults"] += staff
        cell["knowledge"] += w * knowledge[i]
        cell["work_in_progress"] += w * work_in_progress[i]
        if public[i] > 0.0:
            cell["holders"] += w
        if is_in_gap[i]:
            cell["gap_organisations"] += w
        if is_research_active[i]:
            cell["research_organisations"] += w
            cell["degree_sum"] += w * degree[i]
        cell["experience_sum"] += staff * experience[i]
        cell["credibility_sum"] += staff * credibility[i]
        cell["continuation_sum"] += staff * continuation[i]
        cell["horizon_sum"] += staff * horizon[i]
        cell["length_sum"] += staff * project_length[i]
