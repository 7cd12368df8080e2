"""What is of regions and sectors in the plain Mesa model: small matrices, worked out in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.mesa_luck import poisson
from sim import luck as keyed
from sim.parameters import per_quarter
from sim.world.state import FIRM, World


class Place:
    """Regions: people, wages, codified knowledge, and what a place adds to productivity."""

    def __init__(self, world: World, assumptions: Any, levers: Any) -> None:
        r, c, self.travel = world.regions, world.cells, world.travel
        self.relatedness = world.relatedness
        self.r, self.c = r.copy(), c.copy()
        self.wage, self.pool = r.wage.copy(), c.pool.copy()
        self.frontier = world.sectors.frontier.copy()
        self.firm_level_start = world.sectors.firm_level_start
        self.response = assumptions.turn_over.productivity_response
        self.at_hand_start = world.sectors.at_hand_start
        self.background_jobs = r.background_jobs.copy()
        self.is_service = world.sectors.is_service
        self.near = np.exp(-self.travel / levers.reach)
        chance = self.near * np.sqrt(r.population)
        self._partners = np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
        chance = np.exp(-self.travel / 60.0)
        self._suppliers = np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
        self.private, self.public = np.zeros_like(self.pool), np.zeros_like(self.pool)

    def partner_region(self, region: int, u: float) -> int:
        """Region where a partner is looked for."""
        return min(int(np.searchsorted(self._partners[region], u)), len(self.wage) - 1)

    def supplier_region(self, region: int, u: float) -> int:
        """Region where a supplier is looked for."""
        return min(int(np.searchsorted(self._suppliers[region], u)), len(self.wage) - 1)

    def usual(self, region: int, sector: int) -> float:
        """Usual log productivity of a place and sector."""
        usual: float = self.c.productivity_start[region, sector] + self.risen[sector]
        return usual

    def compare_firms(self, agents: Any) -> None:
        """How far the productivity of the nation's firms has risen, as exits see it."""
        firms, total = np.zeros(len(self.frontier)), np.zeros(len(self.frontier))
        for one in agents:
            if one.kind == FIRM:
                firms[one.sector] += one.weight
                start = self.c.productivity_start[one.region, one.sector]
                above = one.productivity - start
                total[one.sector] += one.weight * np.exp(-self.response * above)
        mean = total / np.maximum(firms, 1e-12)
        level = -np.log(np.where(mean > 0.0, mean, 1.0)) / self.response
        self.risen = level - self.firm_level_start

    def open_posts(self) -> None:
        self.demand = np.zeros(len(self.wage))

    def fill_posts(self, a: Any) -> None:
        """Share of the posts on offer that are filled."""
        pool = np.maximum(self.r.skilled_pool, 0.0)
        depth = (pool / np.maximum(self.r.skilled_pool_usual, 1e-9)) ** a.pool_elasticity
        most = 0.5 * pool / np.maximum(self.demand, 1e-9)
        self.fill = np.minimum(np.minimum(depth, most), 1.0)

    def raise_wages(self, agents: Any, a: Any) -> None:
        wanted, there = np.zeros(len(self.wage)), np.zeros(len(self.wage))
        for one in agents:
            wanted[one.region] += one.weight * one.desired_researchers
            there[one.region] += one.weight * one.researchers
        tight = np.maximum(wanted / np.maximum(there + self.r.skilled_pool, 1e-9), 1e-9)
        target = (tight / self.r.tightness_start) ** a.wage_elasticity
        self.wage += per_quarter(a.wage_speed) * (target - self.wage)

    def look_around(self, a: Any) -> None:
        """Codified knowledge within reach, against the mean region at the start."""
        near = a.cross_region * np.exp(-self.travel / a.spillover_reach)
        np.fill_diagonal(near, 1.0)
        self.at_hand = near @ (self.pool @ self.relatedness) / self.at_hand_start

    def publish(self, one: Any, amount: float) -> None:
        (self.private if one.kind == FIRM else self.public)[one.region, one.sector] += amount

    def wait(self, a: Any) -> None:
        """Codified results pass two stages of waiting before they are in use."""
        c, arriving = self.c, np.zeros_like(self.pool)
        for flow, lag, first, second in (
            (self.private, a.lag_private, c.pending_private, c.pending_private_late),
            (self.public, a.lag_public, c.pending_public, c.pending_public_late),
        ):
            leaves = min(1.0, 0.5 / lag)
            on, out = leaves * first, leaves * second
            first += flow - on
            second += on - out
            arriving += out
            flow[:] = 0.0
        self.pool += arriving - per_quarter(a.pool_depreciation) * self.pool

    def jobs(self, agents: Any) -> tuple[Any, Any]:
        """Jobs of firms by region and sector, and all jobs of organisations by region."""
        cells, regions = np.zeros_like(self.pool), np.zeros(len(self.wage))
        for one in agents:
            regions[one.region] += one.weight * one.jobs
            if one.kind == FIRM:
                cells[one.region, one.sector] += one.weight * one.jobs
        return cells, regions

    def compare(self, agents: Any, a: Any) -> None:
        """What each place adds to log productivity since the start."""
        r, c = self.r, self.c
        self.frontier += a.frontier_growth / 4.0
        jobs, total = self.jobs(agents)
        total += self.background_jobs
        density = (self.travel / np.diag(self.travel)[:, None]) ** -a.density_decay @ total
        elasticity = np.where(self.is_service, a.density_elasticity_services, a.density_elasticity)
        term = np.log(density / r.density_start)[:, None] * elasticity
        share = jobs / total[:, None] / np.maximum(jobs.sum(axis=0) / total.sum(), 1e-12)
        quotient = np.maximum(share, 1e-2) / c.base_quotient
        others = self.relatedness - np.diag(np.diag(self.relatedness))
        near = jobs @ others / np.maximum(jobs.sum(axis=1, keepdims=True), 1e-9)
        variety = np.maximum(near, 1e-9) / c.base_variety
        capital = r.place_capital / r.place_capital_start
        term += a.specialisation_elasticity * np.log(quotient)
        term += a.variety_elasticity * np.log(variety)
        self.term = term + (a.place_capital_elasticity * np.log(capital) - r.congestion)[:, None]
        induced = a.local_multiplier * (jobs.sum(axis=1) - r.cluster_jobs_start)
        target = r.background_jobs_start + induced
        self.background_jobs += per_quarter(a.multiplier_speed) * (target - self.background_jobs)

    def attraction(self, agents: Any, a: Any) -> Any:
        """Pull of each region on new firms of each sector."""
        jobs, _ = self.jobs(agents)
        signal = np.log(np.maximum(jobs, 1.0)) + np.log(np.maximum(self.pool, 1e-3))
        signal += np.log(np.maximum(self.r.skilled_pool, 1.0))[:, None]
        pull = signal / 3.0 - self.r.congestion[:, None]
        return np.exp(a.attraction * (pull - self.c.base_attraction))


class Market:
    """Sectors: demand, and the births of firms."""

    def __init__(self, world: World, assumptions: Any) -> None:
        s, self.c, self.a = world.sectors, world.cells.copy(), assumptions.turn_over
        self.demand, self.hazard_level = s.demand.copy(), s.hazard_level.tolist()
        self.birth_rate, self.rd_intensity = s.birth_rate.tolist(), s.rd_intensity.tolist()
        self.median_jobs, self.firms_start = s.median_jobs, s.firms_start
        self.x, self.y, self.n_sectors = world.sector_x, world.sector_y, len(s)

    def open(self, a: Any) -> None:
        self.growth = 1.0 + a.demand_growth / 4.0
        self.demand *= self.growth
        self.home = np.zeros(self.n_sectors)

    def clear(self, a: Any) -> None:
        share = (1.0 - a.export_share) * self.demand / np.maximum(self.home, 1e-12)
        self.scale = np.where(self.home > 0.0, share, 1.0).tolist()

    def spin_out_weight(self, one: Any) -> float:
        return max(1.0, self.a.spin_out_weight * self.c.entrant_weight[one.region, one.sector])

    def field(self, sector: int) -> tuple[float, float]:
        return float(self.x[sector]), float(self.y[sector])

    def of_entrant(
        self, parent: Any, is_out: bool, r: int, s: int, ordinal: int
    ) -> tuple[float, float]:
        """Weight and mean size of a new row."""
        weight, size = float(self.c.entrant_weight[r, s]), float(self.c.entrant_jobs[r, s])
        if parent is not None:
            size = self.a.entrant_size * float(self.median_jobs[s])
            return (self.spin_out_weight(parent) if is_out else parent.weight), size
        if ordinal >= 1000:
            return max(weight / 10.0, 1.0), 10.0 * size
        return weight, size

    def background(
        self, agents: Any, pull: Any, luck: Any, quarter: int
    ) -> list[tuple[None, int, int, int]]:
        """Background entry and inward investment: region, sector and ordinal of each."""
        a, base = self.a, self.c.base_births
        firms = np.zeros(self.n_sectors)
        for one in agents:
            if one.kind == FIRM:
                firms[one.sector] += one.weight
        growth = np.where(self.firms_start > 0.0, firms / np.maximum(self.firms_start, 1e-12), 1.0)
        births = base * pull
        births *= base.sum(axis=0) * growth / np.maximum(births.sum(axis=0), 1e-12)
        own = births * (1.0 - a.spin_off_share - a.inward_share) / 4.0
        weight = np.maximum(self.c.entrant_weight, 1.0)
        flows = (
            (own / weight, keyed.ENTRY, 1),
            (births * a.inward_share / 40.0 / np.maximum(weight / 10.0, 1.0), keyed.INWARD, 1000),
        )
        found: list[tuple[None, int, int, int]] = []
        for flow, process, first in flows:
            for cell, rate in enumerate(flow.ravel().tolist()):
                n = poisson(rate, luck.uniform(process, -1 - cell, quarter))
                r, s = divmod(cell, self.n_sectors)
                found += [(None, r, s, first + k) for k in range(n)]
        return found
