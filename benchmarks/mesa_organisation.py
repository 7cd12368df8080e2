"""One organisation of the plain model, with what it does in each phase of the quarter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.mesa_luck import poisson
from sim import luck as keyed
from sim.world.state import CATAPULT, FIRM, LABORATORY

if TYPE_CHECKING:
    from benchmarks.mesa_model import ClusterModel

MOST_SEARCHES, FRIEND_OF_FRIEND, MOST_DRAWS = 3, 0.3, 12


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
            most = a.catapult_link * a.catapult_years
            self.catapult_gain = min(self.catapult_gain + a.catapult_link / 4.0, most)
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
