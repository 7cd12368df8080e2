"""The accounts of public money: budget = payments + overhead + unspent, for every pot and quarter.

A pot is one funder: a programme split into ``pots`` funders has that many rows, each with its own
calls, overhead and account, and none sees what the others fund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.programmes import Programme
from sim.world.state import CORE, INFRASTRUCTURE, RESEARCH, TIES, Awards, Pots, World

TIE_SUBSIDY = "tie subsidy"
LEGACY = "awards of the burn-in"
LIVE, ENDED, CANCELLED, STOPPED, HOLDER_GONE = 0, 1, 2, 3, 4
#: The quarter in which a pot closes that has no end.
NEVER = 10_000_000


@dataclass(frozen=True)
class Plan:
    """What is planned in quarter ``start`` of the policy for all later ones.

    ``budget`` is £m a year, of which programmes without an amount of their own, and the subsidy of
    ties, have shares. Dates of programmes are in years of the policy.
    """

    start: int
    programmes: Mapping[str, Programme]
    budget: float
    tie_subsidy: float


@dataclass(frozen=True)
class Pot:
    """One funder, as one plan has it.

    ``budget`` and ``release`` (quarters of the horizon,) are £m a quarter: what is planned, and
    what is released in the end, after the volatility of the pot and all changes of plan; over the
    horizon, releases sum to the budgets of the plans in force. ``programme`` is None for the
    subsidy of ties and for the honouring of earlier awards. Awards can be paid from quarter
    ``opens`` until before ``closes``; ``extended`` is the earlier end that this plan, which came in
    quarter ``since``, has put off, or −1. Quarters count from the start of the policy.
    """

    name: str
    uid: int
    programme: Programme | None
    index: int
    budget: NDArray[np.float64]
    release: NDArray[np.float64]
    overhead_share: float = 0.0
    fixed_overhead: float = 0.0
    opens: int = 0
    closes: int = NEVER
    since: int = 0
    extended: int = -1

    def overhead(self, release: float) -> float:
        """Cost of running the pot in a quarter, at most what is released."""
        return min(release, self.overhead_share * release + self.fixed_overhead / QUARTERS_PER_YEAR)

    def award_flow(self, quarter: int) -> float:
        """£m a quarter that the pot can commit from ``quarter`` on: its budget less overhead."""
        planned = float(self.budget[min(quarter, len(self.budget) - 1)])
        return planned - self.overhead(planned)


def open_pots(
    programmes: Mapping[str, Programme], budget: float, tie_subsidy: float, years: int, seed: int
) -> tuple[Pot, ...]:
    """The pots of a policy that never changes its plan; ``budget`` is £m a year."""
    return open_plans([Plan(0, programmes, budget, tie_subsidy)], years, seed)[0]


def open_plans(plans: Sequence[Plan], years: int, seed: int) -> tuple[tuple[Pot, ...], ...]:
    """One pot for each funder of each programme, as each plan has them, in the same order.

    A year's pot varies as exp(σz − σ²/2), rescaled so that each run's total is exactly what is
    budgeted: two futures never differ in how much there is, only in when. A programme that a plan
    does not have has no money in it.
    """
    quarters = years * QUARTERS_PER_YEAR
    funders = {
        (name, number): programme
        for plan in plans
        for name, programme in plan.programmes.items()
        for number in range(programme.pots)
    }
    if any(plan.tie_subsidy * plan.budget > 0 for plan in plans):
        funders[TIE_SUBSIDY, 0] = Programme()
    by_funder = [
        _pots_of_funder(name, number, last, plans, quarters, seed)
        for (name, number), last in funders.items()
    ]
    by_funder.sort(key=lambda pots: pots[0].uid)
    return tuple(zip(*by_funder, strict=True)) if by_funder else ((),) * len(plans)


def _pots_of_funder(
    name: str, number: int, last: Programme, plans: Sequence[Plan], quarters: int, seed: int
) -> list[Pot]:
    """One funder's pot in each of the plans; ``last`` is how it was known before it was dropped."""
    is_subsidy = name == TIE_SUBSIDY
    uid = luck.name_uid(name if is_subsidy else f"{name}#{number}")
    programmes = [plan.programmes.get(name, last) for plan in plans]
    planned = [
        _subsidy(plan, quarters) if is_subsidy else _planned(plan, name, quarters) for plan in plans
    ]
    budget, volatility = np.zeros(quarters), np.zeros(quarters)
    for plan, own, programme in zip(plans, planned, programmes, strict=True):
        budget[plan.start :] = own[plan.start :]
        volatility[plan.start :] = 0.0 if is_subsidy else programme.volatility
    released = budget * _factors(volatility, budget, seed, uid)
    ends = [_quarter(one.closes, NEVER) for one in programmes]
    return [
        Pot(
            name=name,
            uid=uid,
            programme=None if is_subsidy else programme,
            index=number,
            budget=own,
            release=released,
            overhead_share=programme.overhead_share,
            fixed_overhead=0.0 if is_subsidy else programme.pot_overhead,
            opens=_quarter(programme.opens, 0),
            closes=ends[k],
            since=plans[k].start,
            extended=ends[k - 1] if k > 0 and ends[k] > ends[k - 1] else -1,
        )
        for k, (own, programme) in enumerate(zip(planned, programmes, strict=True))
    ]


def _quarter(year: float | None, otherwise: int) -> int:
    return otherwise if year is None else round(year * QUARTERS_PER_YEAR)


def _planned(plan: Plan, name: str, quarters: int) -> NDArray[np.float64]:
    """£m a quarter of each funder of a programme, where it is open."""
    planned = np.zeros(quarters)
    programme = plan.programmes.get(name)
    if programme is not None:
        own = programme.share * plan.budget if programme.amount is None else programme.amount
        is_open = slice(_quarter(programme.opens, 0), _quarter(programme.closes, NEVER))
        planned[is_open] = own / programme.pots / QUARTERS_PER_YEAR
    return planned


def _subsidy(plan: Plan, quarters: int) -> NDArray[np.float64]:
    return np.full(quarters, plan.tie_subsidy * plan.budget / QUARTERS_PER_YEAR)


def _factors(
    volatility: NDArray[np.float64], budget: NDArray[np.float64], seed: int, uid: int
) -> NDArray[np.float64]:
    """What part of each quarter's budget is released (quarters,)."""
    total = float(budget.sum())
    if total <= 0.0 or not volatility.any():
        return np.ones(len(budget))
    years = len(budget) // QUARTERS_PER_YEAR
    z = [luck.normal(seed, luck.VOLATILITY, uid, year) for year in range(years)]
    factor = np.exp(volatility * np.repeat(z, QUARTERS_PER_YEAR) - 0.5 * volatility**2)
    scaled: NDArray[np.float64] = factor * (total / float((factor * budget).sum()))
    return scaled


def legacy_pot(awards: Awards, quarter: int, quarters: int) -> Pot:
    """The pot that honours awards which began under an earlier regime until their dates.

    Its budget is the schedule of what was promised, so that it is the same in every future.
    """
    due = np.zeros(quarters)
    for step in range(quarters):
        live = (awards.outcome == LIVE) & (awards.start <= quarter + step)
        live &= awards.end > quarter + step
        due[step] = float(np.sum((awards.payment * awards.weight)[live]))
    return Pot(LEGACY, luck.name_uid(LEGACY), None, 0, due, due)


def accounts(pots: tuple[Pot, ...], programme_names: tuple[str, ...]) -> Pots:
    """Empty accounts, one row for each pot."""
    table = Pots.empty(len(pots))
    table.uid[:] = [pot.uid for pot in pots]
    codes = {name: row for row, name in enumerate(programme_names)}
    table.programme[:] = [codes.get(pot.name, -1) for pot in pots]
    table.success_rate[:] = 0.3
    return table


def release(world: World, pots: tuple[Pot, ...], step: int) -> None:
    """Open the quarter's money: budget, release and overhead of every pot."""
    book = world.pots
    for row, pot in enumerate(pots):
        if step >= len(pot.budget):
            continue
        released = float(pot.release[step])
        overhead = pot.overhead(released)
        book.budget[row] += pot.budget[step]
        book.released[row] += released
        book.overhead[row] += overhead
        book.balance[row] += released - overhead


def pay(world: World, supplement_cap: float) -> None:
    """Pay live awards what was promised, or pro rata what there is; place idle money on top.

    Where the balance does not cover what was promised, every award of the pot is cut alike: a
    promise broken. Money that no call has placed is paid out over about a year as a supplement.
    """
    awards, book, now = world.awards, world.pots, world.quarter
    n_pots = len(book)
    due_of_pot = np.zeros(n_pots)
    fall_due(
        now,
        awards.pot,
        awards.outcome,
        awards.start,
        awards.end,
        awards.payment,
        awards.weight,
        due_of_pot,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(due_of_pot > 0, book.balance / due_of_pot, 0.0)
    # Rounding is neither a broken promise nor idle money.
    share = np.where(share > 1.0 - 1e-9, 1.0, np.maximum(share, 0.0))
    idle = book.balance - share * due_of_pot
    idle = np.where(idle > 1e-9 * due_of_pot, idle, 0.0)
    supplement = np.minimum(idle / QUARTERS_PER_YEAR, supplement_cap * due_of_pot)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = share + np.where(due_of_pot > 0, supplement / due_of_pot, 0.0)
    pay_out(
        now,
        awards.pot,
        awards.outcome,
        awards.start,
        awards.end,
        awards.payment,
        factor,
        awards.paid,
        awards.unspent,
    )
    paid_by_pot = factor * due_of_pot
    book.payments += paid_by_pot
    book.balance -= paid_by_pot
    book.broken += (1.0 - share) * due_of_pot


def take_back(world: World, pots: tuple[Pot, ...]) -> None:
    """At the year's end, money that a holder may not carry over returns to its pot.

    What an exit leaves unspent returns whatever the rule: it cannot vanish from the accounts.
    """
    awards, book = world.awards, world.pots
    may_keep = np.array(
        [pot.programme is None or pot.programme.carry_over for pot in pots], np.bool_
    )
    is_year_end = world.quarter % QUARTERS_PER_YEAR == 0
    is_gone = (awards.holder >= 0) & (awards.holder_row < 0)
    goes = is_gone | (is_year_end & ~may_keep[awards.pot])
    amount = np.where(goes, awards.unspent, 0.0)
    if not amount.any():
        world.organisations.returned[:] = 0.0
        return
    by_pot = np.bincount(awards.pot, amount * awards.weight, len(book))[: len(book)]
    book.returned += by_pot
    book.payments -= by_pot
    book.balance += by_pot
    awards.unspent[goes] = 0.0
    per_holder(
        awards.holder_row,
        awards.weight,
        amount,
        world.organisations.weight,
        world.organisations.returned,
    )


@kernel
def fall_due(now, pot, outcome, start, end, payment, weight, due_of_pot):
    """Add to ``due_of_pot`` what live awards have been promised for this quarter, £m."""
    for k in range(pot.shape[0]):
        if outcome[k] == LIVE and start[k] <= now < end[k]:
            due_of_pot[pot[k]] += payment[k] * weight[k]


@kernel
def pay_out(now, pot, outcome, start, end, payment, factor, paid, unspent):
    """Pay each live award its pot's ``factor`` of what was promised."""
    for k in range(pot.shape[0]):
        is_live = outcome[k] == LIVE and start[k] <= now < end[k]
        paid[k] = payment[k] * factor[pot[k]] if is_live else 0.0
        unspent[k] += paid[k]


@kernel
def draw_down(holder, holder_row, unspent, spending, base_income, own_rd, core, research, ties):
    """Take from ``unspent`` of every award the share of its holder's income that was spent."""
    for k in range(holder.shape[0]):
        row = holder_row[k]
        if row >= 0:
            income = base_income[row] + own_rd[row] + (core[row] + research[row] + ties[row])
            unspent[k] *= 1.0 - min(spending[row] / max(income, 1e-12), 1.0)
        elif holder[k] < 0:
            unspent[k] = 0.0


@kernel
def per_holder(holder_row, award_weight, amount, holder_weight, out):
    """Sum of an amount per real award over each holder, per real organisation of its row."""
    out[:] = 0.0
    for k in range(holder_row.shape[0]):
        row = holder_row[k]
        if row >= 0 and amount[k] != 0.0:
            out[row] += amount[k] * award_weight[k] / holder_weight[row]


@kernel
def hand_on(
    now,
    holder,
    holder_row,
    purpose,
    award_weight,
    payment,
    paid,
    start,
    end,
    outcome,
    quality,
    misfit,
    match,
    holder_weight,
    core,
    research,
    joint,
    funded,
    promised,
    match_due,
    mean_quality,
    mean_misfit,
    place_grant,
    place_promised,
    place_quality,
    place_misfit,
):
    """Sum awards over their holders, £m a quarter per real organisation, and over regions.

    ``joint`` is money of awards for joint work, ``funded`` that of all awards; quality and misfit
    are means by money.
    """
    for i in range(core.shape[0]):
        core[i] = research[i] = joint[i] = funded[i] = promised[i] = match_due[i] = 0.0
        mean_quality[i] = mean_misfit[i] = 0.0
    for r in range(place_grant.shape[0]):
        place_grant[r] = place_promised[r] = place_quality[r] = place_misfit[r] = 0.0
    for k in range(holder.shape[0]):
        is_due = start[k] <= now < end[k] and (outcome[k] == LIVE or outcome[k] == CANCELLED)
        due = payment[k] if is_due else 0.0
        row = holder_row[k]
        if row >= 0:
            w, all_w = award_weight[k], holder_weight[row]
            amount = paid[k] * w / all_w
            if purpose[k] == CORE:
                core[row] += amount
            elif purpose[k] == RESEARCH:
                research[row] += amount
            elif purpose[k] == TIES:
                joint[row] += amount
            funded[row] += amount
            promised[row] += due * w / all_w
            match_due[row] += paid[k] * match[k] * w / all_w
            mean_quality[row] += paid[k] * quality[k] * w / all_w
            mean_misfit[row] += paid[k] * misfit[k] * w / all_w
        elif holder[k] < 0 and purpose[k] == INFRASTRUCTURE:
            r = -1 - holder[k]
            place_grant[r] += paid[k]
            place_promised[r] += due
            place_quality[r] += paid[k] * quality[k]
            place_misfit[r] += paid[k] * misfit[k]
    for i in range(core.shape[0]):
        if funded[i] > 0.0:
            mean_quality[i] /= funded[i]
            mean_misfit[i] /= funded[i]
        else:
            mean_quality[i] = 0.0
            mean_misfit[i] = 0.0
    for r in range(place_grant.shape[0]):
        total = max(place_grant[r], 1e-12)
        place_quality[r] /= total
        place_misfit[r] /= total
