"""Why two scenarios differ, in sentences that claim no more than the intervals allow."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from sim.experiments.attribution import Attribution
from sim.experiments.attribution_plan import Plan
from sim.experiments.shapley import Design
from sim.experiments.statistics import LEVEL, median, share_ahead, tail_share
from sim.experiments.verdict import Interval
from sim.report.experiment_figure import shown
from sim.report.summary import DISCLAIMER, OUTCOMES, is_heavy, tail_warning
from sim.report.wording import ALONE, answer, listed, number, quantity, region_name

#: Orders at which intervals are a fifth wider, and a run lives a fifth of 256 combinations.
FEW_ORDERS = 8


def kind(plan: Plan, *, is_plural: bool = False) -> str:
    """What the players are."""
    return ("channel" if plan.is_channels else "lever") + ("s" if is_plural else "")


def titles(plan: Plan) -> tuple[str, str]:
    """The two scenarios as people call them."""
    first, other = (one.scenario.title or one.name for one in plan.loaded)
    return (first, other) if first != other else (plan.loaded[0].name, plan.loaded[1].name)


def cost(plan: Plan, seconds: float, where: str = ALONE) -> str:
    """What is going to be lived, and about how long it will take, ``where`` it is lived."""
    n, n_orders = len(plan.game.players), plan.design.n_orders
    how = f"{n_orders} orders, about" if n_orders else "all"
    pair = ", each in both scenarios and with its own past" if plan.is_channels else ""
    time = f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    fewer = len(Design(n, FEW_ORDERS).masks(plan.seed))
    hint = f" --orders {FEW_ORDERS} would live about {fewer} combinations a run."
    return (
        f"{n} {kind(plan, is_plural=n > 1)}: {how} {plan.n_combinations} combinations{pair}, in "
        f"{plan.runs} runs: {plan.n_futures:,} futures of {plan.task.years} years, about {time} "
        f"{where}."
        f"{_turns(plan)}{hint if plan.design.is_exact and 2 * fewer < plan.n_combinations else ''}"
    )


def _turns(plan: Plan) -> str:
    """How the runs are spread over the fitted parameter sets, if they are."""
    n_sets = len(plan.task.variants)
    if not n_sets:
        return ""
    met = f"; with {plan.runs} runs only the first {plan.runs} are met" * (plan.runs < n_sets)
    return f" The runs take turns with {n_sets} fitted parameter sets{met}."


def ranked(found: Attribution) -> list[int]:
    """Numbers of the players, the largest part first."""
    sizes = np.abs(found.estimates.mean[: len(found.players)])
    return [int(k) for k in np.argsort(-sizes, kind="stable")]


def part(found: Attribution, column: int) -> Interval:
    """The estimate of a player's part, or of the rest and the whole, which come after them."""
    e = found.estimates
    return Interval(float(e.mean[column]), float(e.low[column]), float(e.high[column]))


def is_told(found: Interval) -> bool:
    """Whether the interval leaves out zero."""
    return found.low > 0.0 or found.high < 0.0


def cell(found: Interval) -> str:
    """A part with its interval, where the unit stands beside: +90 (−1.5 to +180)."""
    middle, low, high = (
        f"+{number(one)}" if one > 0 else number(one) for one in (found.mean, found.low, found.high)
    )
    return middle if found.low == found.high else f"{middle} ({low} to {high})"


def sentences(found: Attribution) -> list[str]:
    """What differs, what it comes from, what cannot be told, and what works together."""
    out = [headline(found), *_rare(found), *_parts(found)]
    if found.plan.is_channels:
        left = shown(Interval.of(found.drawn(found.rest)), found.plan.metric.unit, is_signed=True)
        out.append(f"With every channel off, {left} is left of the difference.")
    return [one[0].upper() + one[1:] for one in (*out, *_together(found))]


def headline(found: Attribution) -> str:
    """The whole difference in a sentence."""
    plan, whole = found.plan, part(found, len(found.players) + 1)
    row = pd.Series(
        {
            "estimate": whole.mean, "low": whole.low, "high": whole.high,
            "n": found.estimates.n[-1], "unit": plan.metric.unit, "year": plan.task.years,
            "share_scenario_ahead": float(share_ahead(found.differences)[0]),
        }
    )  # fmt: skip
    place = "the North's clusters" if plan.area == "north" else region_name(plan.area)
    usual = OUTCOMES.get(plan.metric.name, plan.metric.name.replace("_", " "))
    what = "value added" if plan.metric.name == "gva" else usual
    return f"{answer(row, *titles(plan), what, place)}."


def _rare(found: Attribution) -> list[str]:
    """A warning where the whole difference, and with it the parts, hangs on rare runs."""
    draws = found.drawn(found.differences)
    draws = draws[~np.isnan(draws)]
    tail, n = tail_share(draws), len(draws)
    if not is_heavy(tail, n):
        return []
    one = "run" if found.groups is None else "set"
    middle = (float(end) for end in median(draws))
    unit = found.plan.metric.unit
    return [tail_warning(tail, n, one, "the whole difference", middle, unit)]


def _parts(found: Attribution) -> list[str]:
    plan, order = found.plan, ranked(found)
    told = [k for k in order if is_told(part(found, k))]
    if not told:
        return [f"No {kind(plan)}'s part can be told from zero."]
    out = []
    for sign, side in ((1.0, "more"), (-1.0, "less")):
        some = [k for k in told if sign * part(found, k).mean > 0]
        sizes = [quantity(part(found, k).mean, plan.metric.unit, signed=True) for k in some]
        named = [f"{found.players[k].label} ({s})" for k, s in zip(some, sizes, strict=True)]
        if named:
            out.append(f"{titles(plan)[0]} has {side} through {listed(named)}.")
    unsure = [found.players[k].label for k in order if k not in told]
    if unsure:
        parts = "part" if len(unsure) == 1 else "parts"
        out.append(f"The {parts} of {listed(unsure)} cannot be told from zero.")
    return out


def pair_rows(found: Attribution) -> list[tuple[str, str, Interval]]:
    """Each two players and what they add together beyond each alone, the largest first.

    Intervals hold for all pairs at once (Bonferroni): of so many, some would stand out by luck.
    """
    if found.pairs is None:
        return []
    pairs = list(combinations(range(len(found.players)), 2))
    level = 1.0 - (1.0 - LEVEL) / len(pairs)
    labels = [one.label for one in found.players]
    beyond = found.drawn(found.pairs)
    rows = [(labels[i], labels[j], Interval.of(beyond[:, i, j], level)) for i, j in pairs]
    return sorted(rows, key=lambda row: -abs(row[2].mean))


def _together(found: Attribution) -> list[str]:
    """Which players work through one another, as far as it can be told."""
    unit, out = found.plan.metric.unit, []
    if len(found.players) == 1:
        return []
    for one, other, beyond in pair_rows(found):
        if is_told(beyond):
            size = shown(beyond, unit, is_signed=True)
            out.append(f"{one} and {other} work together: {size} beyond what each adds by itself.")
    if found.pairs is None:
        first, last = found.steps
        level = 1.0 - (1.0 - LEVEL) / len(found.players)
        for k, player in enumerate(found.players):
            beyond = Interval.of(found.drawn(last[:, k] - first[:, k]), level)
            if is_told(beyond):
                size = shown(beyond, unit, is_signed=True)
                out.append(f"{player.label} works with others: added last it comes to {size} more "
                           "than added first.")  # fmt: skip
        return out or [f"No {kind(found.plan)} can be told to work through others."]
    return out or [f"No two {kind(found.plan, is_plural=True)} can be told to work together."]


def _doubt(found: Attribution) -> str:
    """What the intervals are over, and what they hold."""
    if found.groups is None:
        return "Intervals are 90 %, of luck alone."
    met, n_sets = len(set(found.groups.tolist())), len(found.plan.task.variants)
    return (
        f"The runs took turns with {met}{f' of the {n_sets}' * (met < n_sets)} sets of parameters "
        "that fit the known facts about equally well. Intervals are 90 %, over these sets: they "
        "hold luck and the doubt about parameters, as far as those sets show it, but not the "
        "doubt about the model."
    )


def method(found: Attribution) -> str:
    """How the parts were found, and that they add up."""
    plan = found.plan
    error = float(np.nanmax(np.abs(found.parts.sum(axis=1) + found.rest - found.differences)))
    how = (
        f"All {plan.n_combinations} combinations were lived"
        if plan.design.is_exact
        else f"Each run drew {plan.design.n_orders} orders of its own, so that the intervals hold "
        "the chance of the draw too"
    )
    off = (
        " A channel that is off has its neutral value in both scenarios, and assumptions have it "
        "in their past too."
        if plan.is_channels
        else ""
    )
    return (
        f"Shapley values over {len(found.players)} {kind(plan, is_plural=True)}, {found.runs} runs "
        f"of {plan.task.years} years. {how}; every combination of a run has the same luck.{off} In "
        f"every run the parts add up to the whole (largest error {error:.0e}). {_doubt(found)} "
        "Each part is read by itself: of ten that are nothing, one is told from zero by luck; what "
        "works together is told for all at once, so that luck shows any in one of ten "
        f"explanations. {DISCLAIMER}"
    )
