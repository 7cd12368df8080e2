"""The accounts of public money: budget = payments + overhead + unspent in every pot and quarter."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.kernel import kernel, rows_where
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.plans import Pot
from sim.world.columns import Awards, Pots
from sim.world.state import CORE, INFRASTRUCTURE, RESEARCH, TIES, World

LEGACY = "awards of the burn-in"
LIVE, ENDED, CANCELLED, STOPPED, HOLDER_GONE = 0, 1, 2, 3, 4


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


@lru_cache(maxsize=16)
def _calendar(pots: tuple[Pot, ...]) -> NDArray[np.float64]:
    """£m of each quarter and pot (3, quarters, pots): budgeted, released, and spent on overhead."""
    money = np.zeros((3, max((len(pot.budget) for pot in pots), default=0), len(pots)))
    for row, pot in enumerate(pots):
        money[0, : len(pot.budget), row] = pot.budget
        money[1, : len(pot.release), row] = pot.release
        money[2, : len(pot.release), row] = [pot.overhead(one) for one in pot.release.tolist()]
    return money


def release(world: World, pots: tuple[Pot, ...], step: int) -> None:
    """Open the quarter's money: budget, release and overhead of every pot."""
    calendar, book = _calendar(pots), world.pots
    if step >= calendar.shape[1]:
        return
    budget, released, overhead = calendar[:, step]
    book.budget += budget
    book.released += released
    book.overhead += overhead
    book.balance += released - overhead


def pay(world: World, supplement_cap: float) -> None:
    """Pay live awards what was promised, or pro rata what there is; place idle money on top."""
    awards, book = world.awards, world.pots
    pay_out(
        world.quarter,
        awards.pot,
        awards.outcome,
        awards.start,
        awards.end,
        awards.payment,
        awards.weight,
        supplement_cap,
        awards.paid,
        awards.unspent,
        book.balance,
        book.payments,
        book.broken,
    )


def take_back(world: World, pots: tuple[Pot, ...]) -> None:
    """At the year's end, money that a holder may not carry over returns to its pot.

    What an exit leaves unspent returns whatever the rule: it cannot vanish from the accounts.
    """
    a, book, o = world.awards, world.pots, world.organisations
    by_pot = np.zeros(len(book))
    give_back(
        _must_return(pots) & (world.quarter % QUARTERS_PER_YEAR == 0),
        a.pot,
        a.holder,
        a.holder_row,
        a.weight,
        a.unspent,
        o.weight,
        o.returned,
        by_pot,
    )
    book.returned += by_pot
    book.payments -= by_pot
    book.balance += by_pot


@lru_cache(maxsize=16)
def _must_return(pots: tuple[Pot, ...]) -> NDArray[np.bool_]:
    """Whether holders must return at the year's end what they have not spent (pots,)."""
    rules = [pot.programme is not None and not pot.programme.carry_over for pot in pots]
    return np.array(rules, np.bool_)


@kernel
def give_back(
    must_return, pot, holder, holder_row, weight, unspent, holder_weight, returned, by_pot
):
    """Take what is unspent back, £m: from exits, and where ``must_return`` (pots,) says so.

    Fills ``returned`` (organisations,), for one real organisation, and adds to ``by_pot``.
    """
    returned[:] = 0.0
    for k in range(pot.shape[0]):
        row = holder_row[k]
        is_gone = holder[k] >= 0 and row < 0
        if unspent[k] != 0.0 and (is_gone or must_return[pot[k]]):
            by_pot[pot[k]] += unspent[k] * weight[k]
            if row >= 0:
                returned[row] += unspent[k] * weight[k] / holder_weight[row]
            unspent[k] = 0.0


@kernel
def pay_out(
    now,
    pot,
    outcome,
    start,
    end,
    payment,
    weight,
    supplement_cap,
    paid,
    unspent,
    balance,
    payments,
    broken,
):
    """Pay each live award its pot's factor of what was promised, and enter it in the accounts.

    Where the balance does not cover what was promised, every award of the pot is cut alike: a
    promise broken. Money that no call has placed is paid out over about a year as a supplement, at
    most ``supplement_cap`` of what was promised.
    """
    is_due = (outcome == LIVE) & (start <= now) & (now < end)
    due, factor = np.zeros(balance.shape[0]), np.zeros(balance.shape[0])
    for k in rows_where(is_due):
        due[pot[k]] += payment[k] * weight[k]
    for p in range(due.shape[0]):
        if due[p] > 0.0:
            share = balance[p] / due[p]
            # Rounding is neither a broken promise nor idle money.
            share = 1.0 if share > 1.0 - 1e-9 else max(share, 0.0)
            idle = balance[p] - share * due[p]
            idle = idle if idle > 1e-9 * due[p] else 0.0
            supplement = min(idle / QUARTERS_PER_YEAR, supplement_cap * due[p])
            factor[p] = share + supplement / due[p]
            payments[p] += factor[p] * due[p]
            balance[p] -= factor[p] * due[p]
            broken[p] += (1.0 - share) * due[p]
    for k in range(pot.shape[0]):
        paid[k] = payment[k] * factor[pot[k]] if is_due[k] else 0.0
        unspent[k] += paid[k]


@kernel
def share_by_ties(amount, may_hold, region, degree, weight, grant):
    """Fill ``grant`` with parts of £m ``amount`` by ties, in regions that ``may_hold`` it; the sum.

    Nothing is paid where there is no tie.
    """
    ties = 0.0
    for i in range(region.shape[0]):
        ties += may_hold[region[i]] * degree[i] * weight[i]
    if ties <= 0.0:
        return 0.0
    for i in range(region.shape[0]):
        grant[i] = may_hold[region[i]] * degree[i] * (amount / ties)
    return amount


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
