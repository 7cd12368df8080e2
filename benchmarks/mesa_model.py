"""The model once more, as one would first write it in Mesa: an object for each organisation.

A peer for the benchmark and an independent test of the engine. Both tell the same story from the
same start with a frozen flow of money: staff, collaborate, learn, innovate, trade, turn over. Left
out are what decides the money (fund, plan), the slow stocks of places, and records that nothing
reads (movers, migration). With keyed luck the two agree to rounding; plain luck is Python's own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from typing import Any

import mesa
import numpy as np

from benchmarks.mesa_luck import PlainLuck
from benchmarks.mesa_organisation import Organisation, Tie
from benchmarks.mesa_tables import Market, Place
from sim import luck as keyed
from sim.parameters import per_quarter, per_quarter_of_half_life
from sim.world.state import FIRM, LABORATORY, World

MOST_TRIES = 12


class ClusterModel(mesa.Model):  # type: ignore[misc]
    """The clusters from a world of the engine on, with money as it flows there."""

    def __init__(self, world: World, assumptions: Any, levers: Any, luck: Any) -> None:
        super().__init__(rng=world.seed)
        self.a, self.levers, self.luck, self.quarter = assumptions, levers, luck, world.quarter
        self.place, self.market = Place(world, assumptions, levers), Market(world, assumptions)
        self.world_costs = world.researcher_cost
        a = assumptions
        self.retirement = per_quarter(a.staff.retirement)
        self.learning = per_quarter_of_half_life(a.staff.experience_half_life)
        self.life = max(1, round(4 * a.collaborate.tie_life))
        self.obsolescence = per_quarter(a.learn.depreciation)
        self.forgetting = per_quarter(a.innovate.memory_of_results)
        self.scale_speed = per_quarter_of_half_life(a.innovate.scale_half_life)
        self.link_loss = per_quarter(a.trade.link_forgetting)
        self.adoption = per_quarter(a.trade.adoption_speed)
        self.fading = per_quarter_of_half_life(a.trade.shock_half_life)
        self.employment = per_quarter(a.trade.employment_speed)
        self.exponent = a.work.exponent_by_kind().tolist()
        self.young = [getattr(a.turn_over, f"hazard_year_{year}") for year in range(1, 6)]
        self._people(world)

    def _people(self, world: World) -> None:
        o, t, s = world.organisations, world.ties, world.supplies
        columns = {name: values.tolist() for name, values in o.items()}
        grants = (o.grant_core + o.grant_research + o.grant_ties).tolist()
        rows = []
        for i in range(len(o)):
            state = {name: values[i] for name, values in columns.items()}
            unit_cost = float(world.researcher_cost[state["kind"]])
            rows.append(Organisation(self, **state, grants=grants[i], unit_cost=unit_cost))
        for i, j, trust, until in zip(
            t.source_row, t.target_row, t.trust.tolist(), t.works_until.tolist(), strict=True
        ):
            rows[i].ties[rows[j]] = rows[j].ties[rows[i]] = Tie(trust, until)
        for i, j in zip(s.supplier_row, s.buyer_row, strict=True):
            self.supply(rows[i], rows[j])

    def supply(self, supplier: Organisation, buyer: Organisation) -> None:
        """Let one buy from the other."""
        buyer.suppliers.append(supplier)
        supplier.buyers.append(buyer)

    def step(self) -> None:
        """One quarter."""
        self.place.open_posts()
        self.agents.do("want")
        self.place.fill_posts(self.a.staff)
        self.agents.do("move")
        self.place.raise_wages(self.agents, self.a.staff)
        self._collaborate()
        self.place.look_around(self.a.learn)
        self.agents.do("hear")
        self.agents.do("learn")
        self.agents.do("innovate")
        self.place.wait(self.a.innovate)
        self._trade()
        self._turn_over()
        self.quarter += 1

    def paid(self, one: Organisation, other: Organisation) -> float:
        """How far money pays for the joint work of two."""
        share = min(1.0, 0.5 * (one.money + other.money))
        return share if one.region == other.region else share * self.levers.pan_northern

    def pair_uid(self, one: Organisation, other: Organisation) -> int:
        """Identity of a pair, where luck asks for one."""
        if isinstance(self.luck, PlainLuck):
            return 0
        return keyed.child_uid(one.uid, other.uid >> 32, other.uid & 0xFFFFFFFF)

    def by_ring(self, chosen: Any) -> dict[int, tuple[list[float], list[Organisation]]]:
        """Organisations of each region in the order of their ring."""
        found: dict[int, tuple[list[float], list[Organisation]]] = {}
        for one in sorted(chosen, key=lambda one: (one.region, one.ring)):
            rings, members = found.setdefault(one.region, ([], []))
            rings.append(one.ring)
            members.append(one)
        return found

    def on_ring(self, ringed: Any, region: int, u: float) -> Organisation | None:
        """The first at or after ``u`` on the ring of a region."""
        rings, members = ringed.get(region, ((), ()))
        if not members:
            return None
        found: Organisation = members[bisect_left(rings, u) % len(members)]
        return found

    def _collaborate(self) -> None:
        self.agents.do("prepare")
        self.agents.do("work_on_ties")
        active = self.agents.select(lambda one: one.is_research_active)
        self.seekers = self.by_ring(active)
        self.agreed: list[tuple[Organisation, Organisation]] = []
        for one in self.agents:
            one.degree = len(one.ties)
        for _, members in self.seekers.values():
            for one in members:
                one.seek()
        for one, other in self.agreed:
            if other not in one.ties:
                one.ties[other] = other.ties[one] = Tie(0.2, self.quarter + self.life)
        for one in self.agents:
            one.joint_cost = self.a.collaborate.tie_cost * len(one.ties)

    def _trade(self) -> None:
        self.place.compare(self.agents, self.a.trade)
        for one in self.agents:
            frontier = self.place.frontier[one.sector]
            one.lead = one.productivity - one.base_productivity - frontier
        self.agents.do("produce")
        self.market.open(self.a.trade)
        self.agents.do("compete")
        self.market.clear(self.a.trade)
        self.agents.do("settle")

    def _turn_over(self) -> None:
        self.place.compare_firms(self.agents)
        gone = [one for one in self.agents if one.ends()]
        off = [one for one in self.agents if one.begets()]
        births = [(one, one.region, one.sector, 0) for one in off]
        pull = self.place.attraction(self.agents, self.a.turn_over)
        births += self.market.background(self.agents, pull, self.luck, self.quarter)
        sales = sum(one.weight * one.gva for one in self.agents)
        abroad = sum(one.weight * one.exports for one in self.agents) / max(sales, 1e-12)
        new = [self._entrant(*birth, abroad) for birth in births]
        for one in gone:
            one.end()
        for state in new:
            Organisation(self, **state)
        self._repair_supply_chain()

    def _entrant(
        self, parent: Organisation | None, r: int, s: int, ordinal: int, abroad: float
    ) -> dict[str, Any]:
        a, place, market, now = self.a.turn_over, self.place, self.market, self.quarter
        is_out = parent is not None and parent.kind == LABORATORY
        is_off = parent is not None and not is_out
        seed = parent.uid if parent is not None else -1 - (r * market.n_sectors + s)
        uid, ring = self.luck.child(seed, now, ordinal)
        z = self.luck.normal(keyed.ENTRANT, uid, now | 1 << 32)
        z_size = self.luck.normal(keyed.ENTRANT, uid, now | 2 << 32)
        u = self.luck.uniform(keyed.ENTRANT, uid, now | 3 << 32)
        dx, dy = self.luck.pair(keyed.ENTRANT, uid, now | 4 << 32)
        weight, mean_size = market.of_entrant(parent, is_out, r, s, ordinal)
        size = max(1.0, mean_size * math.exp(0.5 * z_size - 0.125))
        chance = a.entrant_research
        if is_out:
            chance = 1.0
        elif is_off and parent is not None and parent.is_research_active:
            chance = 0.5
        usual = place.usual(r, s)
        productivity = usual + a.entrant_gap + a.entrant_spread * z
        if is_off and parent is not None:
            productivity += a.inheritance * (parent.productivity - usual)
        is_active = u < chance
        gva = size * math.exp(productivity)
        intensity = market.rd_intensity[s] if is_active else 0.0
        budget = intensity * gva / 4.0
        knowledge = budget / 0.04 if is_active else 0.02 * gva
        if is_off and is_active and parent is not None:
            knowledge += a.seed_knowledge * parent.knowledge / max(parent.jobs, 1.0) * size
        spread = 0.3 if parent is None else 0.3 * (1.0 - a.inheritance)
        x, y = market.field(s) if parent is None else (parent.position_x, parent.position_y)
        researchers = 4.0 * budget / self.world_costs[FIRM]
        zero = dict.fromkeys(
            ("grants", "grant_ties", "promised", "grant_memory", "base_income", "security",
             "bid_effort", "joint_cost", "catapult_gain", "award_quality", "award_misfit",
             "innovation_value", "cumulative_value", "knowledge_lost", "interrupted"), 0.0,
        )  # fmt: skip
        return zero | {
            "uid": uid, "kind": FIRM, "region": r, "sector": s, "ring": ring, "weight": weight,
            "born": now, "is_research_active": is_active, "rd_intensity": intensity,
            "base_productivity": productivity - place.frontier[s], "base_knowledge": knowledge,
            "horizon": 4.0, "project_length": 1.0, "own_rd": budget, "experience": 0.7,
            "desired_researchers": researchers, "researchers": researchers,
            "effort": 0.7 * budget, "spending": budget, "knowledge": knowledge,
            "position_x": x + spread * (dx - 0.5), "position_y": y + spread * (dy - 0.5),
            "work_in_progress": 2.0 * budget, "portfolio_length": 1.0, "portfolio_quality": 1.0,
            "usual_scale": budget, "jobs": size, "productivity": productivity, "gva": gva,
            "exports": abroad * gva, "passing_sales": a.entrant_demand, "cash": 0.1 * gva,
            "unit_cost": self.world_costs[FIRM],
        }  # fmt: skip

    def _repair_supply_chain(self) -> None:
        firms = self.by_ring(one for one in self.agents if one.kind == FIRM)
        buyers = [one for _, members in firms.values() for one in members if not one.suppliers]
        found = [(self._supplier(firms, buyer), buyer) for buyer in buyers]
        for supplier, buyer in found:
            if supplier is not None:
                self.supply(supplier, buyer)

    def _supplier(self, firms: Any, buyer: Organisation) -> Organisation | None:
        found = None
        for attempt in range(MOST_TRIES):
            where, who = self.luck.pair(keyed.SUPPLIER, buyer.uid, self.quarter | attempt << 32)
            one = self.on_ring(firms, self.place.supplier_region(buyer.region, where), who)
            if one is None or one is buyer:
                continue
            found, key = one, self.quarter | (MOST_TRIES + attempt) << 32
            look = self.luck.uniform(keyed.SUPPLIER, buyer.uid, key)
            if look < self.place.relatedness[buyer.sector, one.sector]:
                break
        return found

    def totals(self) -> dict[str, float]:
        """What the benchmark and the test compare, over all real organisations."""
        sums: Counter[str] = Counter()
        for one in self.agents:
            for name in ("jobs", "gva", "knowledge", "researchers", "innovation_value", "cash"):
                sums[name] += one.weight * getattr(one, name)
            sums["ties"] += len(one.ties) / 2.0
            sums["firms"] += one.weight * (one.kind == FIRM)
            sums["suppliers"] += len(one.suppliers)
        return {name: float(np.float64(value)) for name, value in sums.items()}
