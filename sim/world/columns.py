"""Every column of the state: what it means, its unit, and the one phase that may write it.

``writer='build'`` marks what is fixed at the start. The one-writer test runs each phase and fails
when a column changes that names another writer. ``turn over`` alone adds and drops organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.tables import Table, column

PerOrganisation = NDArray[Any]
PerTie = NDArray[Any]
PerAward = NDArray[Any]
PerRegion = NDArray[Any]
PerRegionSector = NDArray[Any]

_F, _I, _B = np.float64, np.int64, np.bool_


@dataclass
class Organisations(Table):
    """Firms, laboratories and catapults. Rows are sorted by region, then by ring position."""

    uid: PerOrganisation = column(_I, "", "identity, derived from its lineage", "turn_over")
    kind: PerOrganisation = column(_I, "code", "0 firm, 1 laboratory, 2 catapult", "turn_over")
    region: PerOrganisation = column(_I, "code", "region where it works", "turn_over")
    sector: PerOrganisation = column(_I, "code", "sector, or field of a laboratory", "turn_over")
    institution: PerOrganisation = column(_I, "code", "its institution; -1 for a firm", "turn_over")
    parent: PerOrganisation = column(_I, "", "identity of the parent; -1 for none", "turn_over")
    ring: PerOrganisation = column(_F, "0–1", "stable position for sampling partners", "turn_over")
    weight: PerOrganisation = column(_F, "firms", "real organisations in one row", "turn_over")
    born: PerOrganisation = column(_I, "quarter", "quarter of birth; negative before the start", "turn_over")
    is_research_active: PerOrganisation = column(_B, "", "whether it does research of its own", "turn_over")
    rd_intensity: PerOrganisation = column(_F, "share of GVA", "research that a firm pays for itself in usual times", "turn_over")
    base_income: PerOrganisation = column(_F, "£m a quarter", "income alike in every future: background research funding, commercial work", "turn_over")
    base_productivity: PerOrganisation = column(_F, "log £m per job", "log productivity at the start or at birth", "turn_over")
    base_knowledge: PerOrganisation = column(_F, "£m", "knowledge stock at which base productivity holds", "turn_over")
    base_jobs: PerOrganisation = column(_F, "jobs", "jobs at the start or at birth", "turn_over")

    closure: PerOrganisation = column(_F, "share", "share of jobs that closes this quarter by a shock", "shock")

    grant_core: PerOrganisation = column(_F, "£m a quarter", "public money for the institution", "fund")
    grant_research: PerOrganisation = column(_F, "£m a quarter", "public money for research projects", "fund")
    grant_ties: PerOrganisation = column(_F, "£m a quarter", "public money for joint work", "fund")
    promised: PerOrganisation = column(_F, "£m a quarter", "what live awards had promised for this quarter", "fund")
    match_due: PerOrganisation = column(_F, "£m a quarter", "private money due beside public money", "fund")
    bid_effort: PerOrganisation = column(_F, "researchers", "staff time spent on bids", "fund")
    award_quality: PerOrganisation = column(_F, "standard deviations", "true quality of funded work, by money", "fund")
    award_misfit: PerOrganisation = column(_F, "share", "value lost by bending funded work to themes", "fund")
    n_bids: PerOrganisation = column(_I, "bids", "bids written this quarter", "fund")
    returned: PerOrganisation = column(_F, "£m", "unspent public money given back this quarter", "fund")
    n_renewed: PerOrganisation = column(_F, "awards", "awards that were renewed this quarter", "fund")
    n_lapsed: PerOrganisation = column(_F, "awards", "awards that ended this quarter, on their date or at a gate", "fund")

    credibility: PerOrganisation = column(_F, "0–1", "belief that promises are kept", "plan")
    continuation: PerOrganisation = column(_F, "0–1", "belief that an award is followed by another", "plan")
    horizon: PerOrganisation = column(_F, "years", "believed horizon of the money that pays for research", "plan")
    security: PerOrganisation = column(_F, "quarters", "quarters for which present public income is promised", "plan")
    project_length: PerOrganisation = column(_F, "years", "planned length of new work", "plan")
    own_rd: PerOrganisation = column(_F, "£m a quarter", "a firm's own research budget", "plan")
    desired_researchers: PerOrganisation = column(_F, "FTE", "researchers that the plan can pay", "plan")
    grant_memory: PerOrganisation = column(_F, "£m a quarter", "public income last quarter, as remembered", "plan")
    is_in_gap: PerOrganisation = column(_B, "", "whether half or more of its public income of late is missing", "plan")

    researchers: PerOrganisation = column(_F, "FTE", "research staff", "staff")
    experience: PerOrganisation = column(_F, "0–1", "effect of the team against a fully trained one", "staff")
    effort: PerOrganisation = column(_F, "£m a quarter", "effective research: staff, their experience, less bids and ties", "staff")
    spending: PerOrganisation = column(_F, "£m a quarter", "cost of research staff and their work", "staff")
    hired: PerOrganisation = column(_F, "FTE", "researchers hired this quarter", "staff")
    lost: PerOrganisation = column(_F, "FTE", "researchers let go or gone this quarter", "staff")
    knowledge_lost: PerOrganisation = column(_F, "£m", "knowledge that went with them", "staff")
    interrupted: PerOrganisation = column(_F, "share", "share of the team that broke off its work", "staff")

    degree: PerOrganisation = column(_I, "ties", "live ties", "collaborate")
    joint_cost: PerOrganisation = column(_F, "researchers", "staff time taken by ties", "collaborate")

    knowledge: PerOrganisation = column(_F, "£m", "knowledge stock", "learn")
    inflow: PerOrganisation = column(_F, "£m a quarter", "knowledge from partners and place", "learn")
    position_x: PerOrganisation = column(_F, "cognitive distance", "position in knowledge space", "learn")
    position_y: PerOrganisation = column(_F, "cognitive distance", "position in knowledge space", "learn")

    work_in_progress: PerOrganisation = column(_F, "£m", "work begun and not finished", "innovate")
    portfolio_length: PerOrganisation = column(_F, "years", "mean length of the work in progress", "innovate")
    portfolio_quality: PerOrganisation = column(_F, "multiple", "mean value of the work in progress", "innovate")
    usual_scale: PerOrganisation = column(_F, "£m a quarter", "completed work at the usual scale", "innovate")
    innovations: PerOrganisation = column(_F, "a quarter", "innovations that arrived", "innovate")
    innovation_value: PerOrganisation = column(_F, "£m", "value of innovations that arrived", "innovate")
    cumulative_value: PerOrganisation = column(_F, "£m", "recent value of innovations: its past results", "innovate")

    jobs: PerOrganisation = column(_F, "jobs", "jobs of one real organisation", "trade")
    productivity: PerOrganisation = column(_F, "log £m per job", "log of value added per job", "trade")
    gva: PerOrganisation = column(_F, "£m a year", "gross value added of one real firm", "trade")
    exports: PerOrganisation = column(_F, "£m a year", "part of it sold in world markets", "trade")
    passing_sales: PerOrganisation = column(_F, "log", "deviation of sales that will pass", "trade")
    cash: PerOrganisation = column(_F, "£m", "cash of a firm; reserve of a laboratory or catapult", "trade")
    catapult_gain: PerOrganisation = column(_F, "log", "gain from links to catapults", "trade")


@dataclass
class Ties(Table):
    """Collaboration ties, one row for each pair, ``source`` < ``target`` by identity."""

    source: PerTie = column(_I, "uid", "identity of one end", "collaborate")
    target: PerTie = column(_I, "uid", "identity of the other", "collaborate")
    source_row: PerTie = column(_I, "row", "present row of the source", "collaborate+turn_over")
    target_row: PerTie = column(_I, "row", "present row of the target", "collaborate+turn_over")
    trust: PerTie = column(_F, "0–1", "trust", "collaborate")
    formed: PerTie = column(_I, "quarter", "quarter in which the tie began", "collaborate")
    last_used: PerTie = column(_I, "quarter", "last quarter in which it was worked on", "collaborate")
    works_until: PerTie = column(_I, "quarter", "quarter in which the present joint work ends", "collaborate")
    spells: PerTie = column(_I, "spells", "pieces of joint work so far", "collaborate")
    is_brokered: PerTie = column(_B, "", "whether a catapult introduced the partners", "collaborate")


@dataclass
class Supplies(Table):
    """The supply chain: who buys from whom."""

    supplier: PerTie = column(_I, "uid", "identity of the supplier", "turn_over")
    buyer: PerTie = column(_I, "uid", "identity of the buyer", "turn_over")
    supplier_row: PerTie = column(_I, "row", "present row of the supplier", "turn_over")
    buyer_row: PerTie = column(_I, "row", "present row of the buyer", "turn_over")
    formed: PerTie = column(_I, "quarter", "quarter in which the link began", "turn_over")


@dataclass
class Moves(Table):
    """Movement of people from one organisation to another: founders, and staff who were hired."""

    origin: PerTie = column(_I, "uid", "identity of the organisation left", "staff")
    destination: PerTie = column(_I, "uid", "identity of the organisation joined", "staff")
    quarter: PerTie = column(_I, "quarter", "quarter of the move", "staff")
    people: PerTie = column(_F, "FTE", "people who moved, weighted", "staff")


@dataclass
class Awards(Table):
    """Awards of public money. A region holds an award as ``holder`` = −1 − region."""

    uid: PerAward = column(_I, "", "identity", "fund")
    pot: PerAward = column(_I, "row", "pot that pays", "fund")
    holder: PerAward = column(_I, "uid", "identity of the holder", "fund")
    holder_row: PerAward = column(_I, "row", "present row of the holder; -1 for a region or one that is gone", "fund+turn_over")
    lead: PerAward = column(_I, "uid", "identity of the lead of a consortium; the holder's own if alone", "fund")
    purpose: PerAward = column(_I, "code", "0 core, 1 research, 2 ties, 3 infrastructure", "fund")
    weight: PerAward = column(_F, "organisations", "real organisations that hold one each", "fund")
    payment: PerAward = column(_F, "£m a quarter", "promised payment to one real holder", "fund")
    paid: PerAward = column(_F, "£m a quarter", "paid this quarter to one real holder", "fund")
    unspent: PerAward = column(_F, "£m", "paid to one real holder and not yet spent", "fund")
    start: PerAward = column(_I, "quarter", "first quarter of payment", "fund")
    end: PerAward = column(_I, "quarter", "quarter after the last payment, as now promised", "fund")
    announced: PerAward = column(_I, "quarter", "quarter in which the holder learnt of it", "fund")
    length: PerAward = column(_I, "quarters", "length of one term", "fund")
    decision: PerAward = column(_I, "quarter", "quarter in which its renewal is decided and told; -1 once done", "fund")
    next_gate: PerAward = column(_I, "quarter", "quarter of the next stage gate; -1 for none", "fund")
    idea: PerAward = column(_I, "key", "the holder's idea that it pays for, see fund.ideas; -1 for none of its own", "fund")
    quality: PerAward = column(_F, "standard deviations", "true quality of the work", "fund")
    misfit: PerAward = column(_F, "share", "value lost by bending the work to a theme", "fund")
    match: PerAward = column(_F, "£ per £", "private money due beside each public pound", "fund")
    terms: PerAward = column(_I, "terms", "terms so far, renewals included", "fund")
    outcome: PerAward = column(_I, "code", "0 live, 1 ended on its date, 2 cancelled, 3 stopped at a gate, 4 holder gone", "fund")


@dataclass
class Regions(Table):
    """The eleven areas of the North and two comparators."""

    population: PerRegion = column(_F, "persons", "population", "build")
    need: PerRegion = column(_F, "ratio", "national over own GVA a head", "build")
    background_jobs_start: PerRegion = column(_F, "jobs", "rest of the economy at the start", "build")
    background_gva_per_job: PerRegion = column(_F, "£m a year", "GVA per job of the rest at the start", "build")
    is_north: PerRegion = column(_B, "", "whether it is one of the eleven areas", "build")
    cluster_jobs_start: PerRegion = column(_F, "jobs", "jobs of the eleven sectors at the start", "build")
    jobs_start: PerRegion = column(_F, "jobs", "all jobs at the start", "build")
    bid_capacity_start: PerRegion = column(_F, "index", "bid capacity at the start", "build")
    density_start: PerRegion = column(_F, "jobs", "density at the start", "build")
    place_capital_start: PerRegion = column(_F, "£m", "place capital at the start", "build")
    tightness_start: PerRegion = column(_F, "ratio", "posts wanted against trained people at the start", "build")
    bids_usual: PerRegion = column(_F, "bids a quarter", "bids of the region's organisations in usual times", "build")
    graduates: PerRegion = column(_F, "persons a year", "graduates able to do research", "build")

    place_grant: PerRegion = column(_F, "£m a quarter", "public money for infrastructure", "fund")
    place_promised: PerRegion = column(_F, "£m a quarter", "what live awards had promised", "fund")
    place_quality: PerRegion = column(_F, "standard deviations", "true quality of funded infrastructure, by money", "fund")
    place_misfit: PerRegion = column(_F, "share", "value lost by bending it to themes", "fund")
    place_bid_cost: PerRegion = column(_F, "£m a quarter", "cost of the region's own bids", "fund")
    n_bids: PerRegion = column(_F, "bids", "bids from the region this quarter, weighted", "fund")
    n_won: PerRegion = column(_F, "awards", "bids from the region that won, weighted", "fund")

    wage: PerRegion = column(_F, "index, start 1", "cost of a researcher", "staff")
    posts_open: PerRegion = column(_F, "FTE a quarter", "research posts on offer this quarter", "staff")
    pool_hired: PerRegion = column(_F, "FTE a quarter", "hired from the pool", "staff")
    pool_returned: PerRegion = column(_F, "FTE a quarter", "let go who stay as candidates", "staff")
    left_research: PerRegion = column(_F, "FTE a quarter", "let go who leave the region or research", "staff")
    migrated: PerRegion = column(_F, "FTE a quarter", "net movement of skilled people into the region", "staff")

    pool_released: PerRegion = column(_F, "FTE a quarter", "research staff of firms that ended", "turn_over")
    pool_founding: PerRegion = column(_F, "FTE a quarter", "research staff with whom new firms begin", "turn_over")

    density: PerRegion = column(_F, "jobs", "jobs within reach, by travel time", "trade")
    background_jobs: PerRegion = column(_F, "jobs", "rest of the economy", "trade")

    place_capital: PerRegion = column(_F, "£m", "infrastructure, premises, business support", "place")
    congestion: PerRegion = column(_F, "log", "land and wage cost above the start", "place")
    bid_capacity: PerRegion = column(_F, "index, start by size", "practice in bidding", "place")
    skilled_pool: PerRegion = column(_F, "FTE", "trained people open to a research post", "place")
    skilled_pool_usual: PerRegion = column(_F, "FTE", "the pool in usual times", "build")


@dataclass
class Cells(Table):
    """Region × sector: each column has shape (regions, sectors)."""

    pool: PerRegionSector = column(_F, "£m", "codified knowledge in use", "innovate")
    pending_private: PerRegionSector = column(_F, "£m", "private results not yet public, first half of the lag", "innovate")
    pending_private_late: PerRegionSector = column(_F, "£m", "the same, second half", "innovate")
    pending_public: PerRegionSector = column(_F, "£m", "public results not yet in use, first half", "innovate")
    pending_public_late: PerRegionSector = column(_F, "£m", "the same, second half", "innovate")
    base_quotient: PerRegionSector = column(_F, "ratio", "location quotient at the start", "build")
    base_variety: PerRegionSector = column(_F, "share", "related jobs at the start", "build")
    base_births: PerRegionSector = column(_F, "firms a year", "births in usual times", "build")
    entrant_weight: PerRegionSector = column(_F, "firms", "weight of one new row", "build")
    entrant_jobs: PerRegionSector = column(_F, "jobs", "jobs of a new firm", "build")
    base_attraction: PerRegionSector = column(_F, "index", "attraction at the start", "build")
    productivity_start: PerRegionSector = column(_F, "log £m per job", "mean log productivity at the start", "build")
    births: PerRegionSector = column(_F, "firms", "births this quarter, weighted", "turn_over")
    deaths: PerRegionSector = column(_F, "firms", "deaths this quarter, weighted", "turn_over")
    deaths_value: PerRegionSector = column(_F, "jobs", "jobs lost with them", "turn_over")


@dataclass
class Pots(Table):
    """Accounts of public money, one row for each funder. Money columns are cumulative, £m."""

    uid: PerAward = column(_I, "", "identity, from the programme's name", "build")
    programme: PerAward = column(_I, "row", "programme of the scenario; -1 for the burn-in's", "build")
    balance: PerAward = column(_F, "£m", "released and not yet paid", "fund")
    budget: PerAward = column(_F, "£m", "budgeted so far", "fund")
    released: PerAward = column(_F, "£m", "released so far: the budget, with its volatility", "fund")
    payments: PerAward = column(_F, "£m", "paid to holders so far, net of returns", "fund")
    overhead: PerAward = column(_F, "£m", "spent on running the programme so far", "fund")
    returned: PerAward = column(_F, "£m", "unspent money that came back so far", "fund")
    bid_cost: PerAward = column(_F, "£m", "what bidders spent on bids so far", "fund")
    broken: PerAward = column(_F, "£m", "promised and not paid so far", "fund")
    bids: PerAward = column(_F, "bids", "bids so far, weighted", "fund")
    awards: PerAward = column(_F, "awards", "awards so far, weighted", "fund")
    success_rate: PerAward = column(_F, "share", "recent success of bids, as bidders see it", "fund")


@dataclass
class Sectors(Table):
    """The eleven sectors."""

    birth_rate: NDArray[Any] = column(_F, "per year", "births per firm that was there at the year's start", "build")
    death_rate: NDArray[Any] = column(_F, "per year", "deaths per firm that was there at the year's start", "build")
    hazard_level: NDArray[Any] = column(_F, "multiple", "level that meets the death rate at the start", "build")
    is_service: NDArray[Any] = column(_B, "", "digital and life sciences: stronger density effect", "build")
    median_jobs: NDArray[Any] = column(_F, "jobs", "median firm", "build")
    mean_productivity: NDArray[Any] = column(_F, "log £m per job", "national mean of log productivity at the start", "build")
    firm_level_start: NDArray[Any] = column(_F, "log", "productivity of the nation's firms against their places' at the start, as exits see it", "build")
    frontier: NDArray[Any] = column(_F, "log", "growth of productivity that everybody shares", "trade")
    demand: NDArray[Any] = column(_F, "£m a year", "national demand", "trade")
    firms_start: NDArray[Any] = column(_F, "firms", "firms of the nation at the start", "build")
    at_hand_start: NDArray[Any] = column(_F, "£m", "codified knowledge within reach at the start, mean of regions", "build")
    rd_intensity: NDArray[Any] = column(_F, "share of GVA", "research of firms that do research, at the start", "build")
    obsolescence: NDArray[Any] = column(_F, "share", "value of existing knowledge lost this quarter by a shock", "shock")
    demand_shift: NDArray[Any] = column(_F, "share", "change of demand this quarter by a shock", "shock")


#: The tables of a world by name, in the order in which they are told and hashed.
TABLES: dict[str, type[Table]] = {
    "organisations": Organisations,
    "ties": Ties,
    "supplies": Supplies,
    "moves": Moves,
    "awards": Awards,
    "pots": Pots,
    "regions": Regions,
    "cells": Cells,
    "sectors": Sectors,
}
