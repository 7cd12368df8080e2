"""What is planned of public money: programmes with dates, and one pot for each of their funders.

A pot is one funder: a programme split into ``pots`` funders has that many rows, each with its own
calls, overhead and account, and none sees what the others fund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.programmes import Programme

TIE_SUBSIDY = "tie subsidy"
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


@dataclass(frozen=True, eq=False)
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
