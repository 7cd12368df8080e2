"""The model once more, as one would first write it in Mesa: an object for each organisation.

A peer for the benchmark and an independent test of the engine. Both tell the same story from the
same start with a frozen flow of money: staff, collaborate, learn, innovate, trade, turn over. Left
out are what decides the money (fund, plan), the slow stocks of places, and records that nothing
reads (movers, migration). With keyed luck the two agree to rounding; plain luck is Python's own.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections import Counter
from statistics import NormalDist
from typing import Any

import mesa
import numpy as np

from benchmarks.mesa_tables import Market, Place
from sim import luck as keyed
from sim.parameters import per_quarter, per_quarter_of_half_life
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

MOST_SEARCHES, FRIEND_OF_FRIEND, MOST_DRAWS, MOST_TRIES = 3, 0.3, 12, 12


class PlainLuck:
    """One stream of Python's generator; keys are not looked at."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def pair(self, process: int, uid: int, key: int) -> tuple[float, float]:
        return self._dice.random(), self._dice.random()

    def uniform(self, process: int, uid: int, key: int) -> float:
        return self._dice.random()

    def normal(self, process: int, uid: int, key: int) -> float:
        return self._dice.gauss(0.0, 1.0)

    def child(self, parent: int, quarter: int, ordinal: int) -> tuple[int, float]:
        return self._dice.getrandbits(62) | 1 << 62, self._dice.random()


class KeyedLuck:
    """The luck of the engine, so that the two can be held against each other."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def pair(self, process: int, uid: int, key: int) -> tuple[float, float]:
        return keyed.uniform_pair(self.seed, process, uid, key)

    def uniform(self, process: int, uid: int, key: int) -> float:
        return keyed.uniform(self.seed, process, uid, key)

    def normal(self, process: int, uid: int, key: int) -> float:
        return keyed.normal(self.seed, process, uid, key)

    def child(self, parent: int, quarter: int, ordinal: int) -> tuple[int, float]:
        uid = keyed.child_uid(parent, quarter, ordinal)
        return uid, keyed.uniform(0, keyed.RING, uid, 0)


def poisson(rate: float, u: float) -> int:
    """Poisson count by inversion; the normal approximation above a rate of 40."""
    if rate <= 0.0:
        return 0
    if rate > 40.0:
        z = NormalDist().inv_cdf(u)
        return max(0, math.floor(rate + z * math.sqrt(rate) + 0.5))
    term = total = math.exp(-rate)
    count = 0
    while u > total and count < 200:
        count += 1
        term *= rate / count
        total += term
    return count


class Tie:
    """Joint work of two organisations."""

    def __init__(self, trust: float, works_until: int) -> None:
        self.trust, self.works_until = trust, works_until


class Organisation(mesa.Agent):  # type: ignore[misc]
    """A firm, laboratory or catapult."""

    def __init__(self, model: ClusterModel, **state: Any) -> None:
        super().__init__(model)
        self.__dict__.update(state)
        self.ties: dict[Organisation, Tie] = {}
        self.suppliers: list[Organisation] = []
        self.buyers: list[Organisation] = []

    def want(self) -> None:
        """What it would hire, and whom it loses."""
        m, a = self.model, self.model.a.staff
        self.hires = self.lost = self.retired = 0.0
        if not self.is_research_active:
            return
        staff, cost = self.researchers, self.unit_cost / 4.0 * m.place.wage[self.region]
        excess = max(staff - self.desired_researchers, 0.0)
        stopped = min(max(self.grant_memory - self.grants, 0.0), excess * cost)
        income = self.grants + stopped + (self.base_income + self.own_rd)
        on_awards = (min(self.promised, self.grants) + stopped) / max(income, 1e-12)
        insecure = on_awards * max(0.0, 1.0 - 0.5 * self.security)
        self.lost = min(a.layoff_speed * excess + a.quit_rate * insecure * staff, staff)
        self.retired = m.retirement * (staff - self.lost)
        if excess == 0.0:
            accept = self.horizon / (self.horizon + a.post_length_half)
            posts = self.desired_researchers - staff + self.lost + self.retired
            self.hires = a.hiring_speed * accept * max(posts, 0.0)
            m.place.demand[self.region] += self.weight * self.hires

    def move(self) -> None:
        """Hires and losses are carried out; experience and effective research follow."""
        m, a = self.model, self.model.a.staff
        self.knowledge_lost = self.interrupted = 0.0
        if not self.is_research_active:
            self.effort = self.spending = 0.0
            return
        before, hired = self.researchers, self.hires * m.place.fill[self.region]
        stay = before - self.lost - self.retired
        self.researchers = stay + hired
        if before > 0.0:
            self.interrupted = self.lost / before
        self.knowledge_lost = a.tacit_share * self.interrupted * self.knowledge
        if self.researchers > 0.0:
            trained = stay * self.experience + hired * a.newcomer_experience
            self.experience = trained / self.researchers
        self.experience += (1.0 - self.experience) * m.learning
        cost = 0.25 * self.unit_cost
        busy = self.bid_effort + self.joint_cost
        self.effort = max(self.researchers * self.experience - busy, 0.0) * cost
        self.spending = self.researchers * cost * m.place.wage[self.region]

    def distance(self, other: Organisation) -> float:
        """Euclidean distance in knowledge space."""
        return math.hypot(self.position_x - other.position_x, self.position_y - other.position_y)

    def prepare(self) -> None:
        """How much joint work is paid for, and with how many partners there is room to work."""
        a = self.model.a.collaborate
        need = max(len(self.ties), 1) * max(a.tie_cost * self.unit_cost / 4.0, 1e-12)
        self.money = min(self.grant_ties / need, 1.0)
        self.places = a.capacity * max(self.researchers, 1.0) ** a.capacity_exponent

    def work_on_ties(self) -> None:
        """Ties to partners of higher identity deepen, are renewed, or lapse."""
        m, a, now = self.model, self.model.a.collaborate, self.model.quarter
        for other, tie in list(self.ties.items()):
            if other.uid < self.uid:
                continue
            if tie.works_until > now:
                tie.trust = min(1.0, tie.trust + 0.25 * a.trust_gain)
                continue
            tie.trust = max(0.0, tie.trust - 0.25 * a.trust_loss)
            renew, lapse = m.luck.pair(keyed.TIE_LAPSES, m.pair_uid(self, other), now)
            if tie.works_until == now:
                chance = a.renewal * (0.5 + tie.trust) * (1.0 + a.money * m.paid(self, other))
                if renew < chance:
                    tie.works_until = now + m.life
                    continue
            d = self.distance(other) - a.best_distance
            yearly = a.lapse_hazard * (1.0 - 0.7 * tie.trust)
            yearly = min(0.99, yearly * math.exp(0.25 * a.cognitive * d * d))
            if lapse < 1.0 - (1.0 - yearly) ** 0.25:
                del self.ties[other], other.ties[self]

    def seek(self) -> None:
        """Look for partners; a catapult also introduces others to one another."""
        m, now = self.model, self.model.quarter
        free = max(self.places - self.degree, 0.0)
        u, _ = m.luck.pair(keyed.SEEK_PARTNER, self.uid, now)
        searches = min(poisson(0.25 * m.levers.openness * free, u), MOST_SEARCHES)
        introductions = 0
        if self.kind == CATAPULT and m.levers.brokerage > 0.0:
            v = m.luck.uniform(keyed.BROKER, self.uid, now)
            rate = m.levers.brokerage * self.researchers / 10.0
            introductions = min(poisson(rate, v), MOST_SEARCHES)
        for number in range(searches):
            self.search(number, False)
        for number in range(introductions):
            self.search(number + 16, True)

    def search(self, number: int, is_brokered: bool) -> None:
        """One candidate, and whether the two agree."""
        m, a, key = self.model, self.model.a.collaborate, self.model.quarter | number << 32
        how, where = m.luck.pair(keyed.PARTNER_POOL, self.uid, key)
        who, agree = m.luck.pair(keyed.PARTNER_PICK, self.uid, key)
        one = m.on_ring(m.seekers, self.region, how) if is_brokered else self
        is_common, trust = False, 0.0
        if not is_brokered and how < FRIEND_OF_FRIEND and self.ties:
            friends = list(self.ties)
            friend = friends[min(int(where * len(friends)), len(friends) - 1)]
            trust, is_common = self.ties[friend].trust, True
            theirs = list(friend.ties)
            other = theirs[min(int(who * len(theirs)), len(theirs) - 1)]
        else:
            other = m.on_ring(m.seekers, m.place.partner_region(self.region, where), who)
        if one is None or other is None or one is other or other in one.ties:
            return
        if other.degree >= other.places or one.degree >= one.places:
            return
        d = one.distance(other) - a.best_distance
        score = a.base + a.geographic * m.place.near[one.region, other.region]
        score += a.money * m.paid(one, other) + a.past_trust * trust - a.cognitive * d * d
        score += a.social * is_common + a.institutional * (one.kind == other.kind)
        score += a.broker * is_brokered
        if agree < 1.0 / (1.0 + math.exp(-score)):
            m.agreed.append((one, other))
            one.degree += 1
            other.degree += 1

    def hear(self) -> None:
        """What partners teach, and where they draw one's position."""
        a = self.model.a.learn
        self.inflow = self.dx = self.dy = 0.0
        relative = self.knowledge / max(self.base_knowledge, 1e-9)
        absorbed = relative / (relative + 1.0)
        for other, tie in self.ties.items():
            d = self.distance(other) - a.best_distance
            passed = a.tie_spillover / 4.0 * tie.trust
            passed *= math.exp(-0.5 * d * d / (a.distance_width * a.distance_width))
            self.inflow += passed * absorbed * min(other.knowledge, self.knowledge)
            step = 0.5 * a.convergence / 4.0 * tie.trust
            self.dx += step * (other.position_x - self.position_x)
            self.dy += step * (other.position_y - self.position_y)
        around = self.model.place.at_hand[self.region, self.sector]
        self.inflow += a.place_spillover / 4.0 * absorbed * around * self.knowledge

    def learn(self) -> None:
        """Knowledge grows by own research, innovations and what was heard."""
        m, a = self.model, self.model.a.learn
        if not self.is_research_active:
            return
        stock = (1.0 - m.obsolescence) * max(self.knowledge - self.knowledge_lost, 0.0)
        self.knowledge = stock + a.own_share * self.effort + self.innovation_value + self.inflow
        u, v = m.luck.pair(keyed.DRIFT, self.uid, m.quarter)
        self.position_x += self.dx + a.drift / 2.0 * (2.0 * u - 1.0)
        self.position_y += self.dy + a.drift / 2.0 * (2.0 * v - 1.0)

    def innovate(self) -> None:
        """Work completes; innovations arrive, of very unequal value."""
        m, a, work = self.model, self.model.a.innovate, self.model.a.work
        self.innovation_value = 0.0
        self.cumulative_value *= 1.0 - m.forgetting
        if not self.is_research_active:
            return
        kept = self.work_in_progress * (1.0 - self.interrupted * (1.0 - work.salvage))
        total = kept + self.effort
        if total <= 0.0:
            self.work_in_progress = 0.0
            return
        worth = (self.project_length / work.usual_length) ** m.exponent[self.kind]
        public = min(max(self.grants, 0.0) / max(self.spending, 1e-12), 1.0)
        funded = math.exp(a.quality_value * self.award_quality) * (1.0 - self.award_misfit)
        worth *= 1.0 + public * (funded - 1.0)
        length = (kept * self.portfolio_length + self.effort * self.project_length) / total
        quality = (kept * self.portfolio_quality + self.effort * worth) / total
        self.portfolio_length, self.portfolio_quality = length, quality
        completed = total / max(4.0 * length, 1.0)
        self.work_in_progress = total - completed
        if completed <= 0.0:
            return
        usual = self.usual_scale if self.usual_scale > 0.0 else completed
        self.usual_scale = usual + m.scale_speed * (completed - usual)
        rate = a.arrival_rate * usual * (completed / usual) ** a.scale_elasticity * self.weight
        n = poisson(rate, m.luck.uniform(keyed.ARRIVAL, self.uid, m.quarter))
        if n == 0:
            return
        drawn, found = min(n, MOST_DRAWS), 0.0
        for k in range(drawn):
            z = m.luck.normal(keyed.INNOVATION_VALUE, self.uid, m.quarter | k << 32)
            found += math.exp(a.value_spread * z - 0.5 * a.value_spread * a.value_spread)
        mean = a.innovation_share / a.arrival_rate * quality
        self.innovation_value = found * (n / drawn) * mean / self.weight
        self.cumulative_value += self.innovation_value
        m.place.publish(self, a.codified_share * self.weight * self.innovation_value)

    def produce(self) -> None:
        """Productivity follows knowledge and place."""
        m, a = self.model, self.model.a.trade
        if self.kind != FIRM:
            return
        is_linked = any(
            other.kind == CATAPULT and tie.works_until > m.quarter
            for other, tie in self.ties.items()
        )
        if is_linked:
            self.catapult_gain += a.catapult_link / 4.0
        else:
            self.catapult_gain *= 1.0 - m.link_loss
        target = self.base_productivity + m.place.frontier[self.sector]
        target += m.place.term[self.region, self.sector] + self.catapult_gain
        target += a.knowledge_elasticity * math.log(
            max(self.knowledge, 1e-12) / self.base_knowledge
        )
        if self.suppliers:
            mean = sum(s.lead for s in self.suppliers) / len(self.suppliers)
            target += a.supplier_elasticity * mean
        step = a.frontier_growth / 4.0
        self.gain = m.adoption * (target - self.productivity - step)
        self.productivity += step + self.gain

    def compete(self) -> None:
        """Sales before the market clears; shocks are rare and large, and pass in part."""
        m, a = self.model, self.model.a.trade
        if self.kind != FIRM:
            return
        chance = min(a.shock_rate / 4.0, 1.0)
        comes, v = m.luck.pair(keyed.GROWTH_SHOCK, self.uid, m.quarter)
        own = a.shock_spread * (max(self.jobs, 1.0) / 10.0) ** a.shock_size_exponent
        own = min(own / math.sqrt(4.0 * chance), 0.9)
        shock = 0.0
        if comes < chance:
            shock = -own * math.copysign(math.log(1.0 - 2.0 * abs(v - 0.5)), v - 0.5)
        kept = a.shock_lasting * own
        faded = m.fading * self.passing_sales
        self.passing_sales += (1.0 - a.shock_lasting) * shock - faded
        growth = math.exp(a.market_response * self.gain + shock - faded)
        self.gva = (self.gva - self.exports) * growth
        self.exports *= growth / (1.0 + chance * kept * kept / (1.0 - kept * kept))
        m.market.home[self.sector] += self.weight * self.gva

    def settle(self) -> None:
        """Home sales meet demand, jobs follow sales, the quarter's account is closed."""
        m, a = self.model, self.model.a.trade
        if self.kind != FIRM:
            self.cash += self.base_income + self.grants - self.spending
            return
        self.exports *= m.market.growth
        self.gva = self.gva * m.market.scale[self.sector] + self.exports
        self.jobs += m.employment * (self.gva / math.exp(self.productivity) - self.jobs)
        profit = 0.25 * (a.margin + self.rd_intensity) * self.gva + self.grants - self.spending
        self.cash += profit
        over = self.cash - a.cash_buffer * self.gva
        if profit > 0.0 and over > 0.0:
            self.cash -= min(a.payout * profit, over)
        elif self.cash < 0.0:
            self.cash *= 1.0 - 0.25 * a.finance_access

    @property
    def better(self) -> float:
        """Log productivity above the usual of its place and sector."""
        return self.productivity - self.model.place.usual(self.region, self.sector)

    def ends(self) -> bool:
        """Whether it ends this quarter."""
        m, a = self.model, self.model.a.turn_over
        if self.kind != FIRM:
            return False
        age = (m.quarter - self.born) // 4
        if age < 5:
            hazard = m.young[max(age, 0)]
        else:
            size = (max(self.jobs, 0.5) / 10.0) ** a.size_exponent
            hazard = a.hazard_older * m.market.hazard_level[self.sector] * size
        hazard *= math.exp(-a.productivity_response * self.better)
        if self.cash < 0.0:
            debt = min(1.0, -self.cash / max(0.1 * self.gva, 1e-9))
            hazard *= math.exp(a.cash_response * debt)
        if self.is_research_active:
            hazard *= a.innovator_hazard
        p = 1.0 - (1.0 - min(hazard, 0.9)) ** 0.25
        return m.luck.uniform(keyed.EXIT, self.uid, m.quarter) < p

    def begets(self) -> bool:
        """Whether a spin-off or a spin-out begins this quarter."""
        m, a = self.model, self.model.a.turn_over
        if self.kind == FIRM:
            rate = 0.25 * a.spin_off_share * m.market.birth_rate[self.sector]
            rate *= math.exp(min(a.parent_quality * self.better, 2.0))
            return m.luck.uniform(keyed.SPIN_OFF, self.uid, m.quarter) < rate
        if self.kind == LABORATORY:
            rate = a.spin_out_rate * self.spending * self.weight / m.market.spin_out_weight(self)
            return m.luck.uniform(keyed.SPIN_OUT, self.uid, m.quarter) < rate
        return False

    def end(self) -> None:
        """Leave; what is tied to it is released."""
        for other in self.ties:
            del other.ties[self]
        for other in self.suppliers:
            other.buyers.remove(self)
        for other in self.buyers:
            other.suppliers.remove(self)
        self.remove()


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
        births += self.market.background(self.agents, pull, self.luck, self.quarter, poisson)
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
