"""A sensitivity analysis in sentences: what moves the difference, what could turn it, and where."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments.box import Box
from sim.experiments.ends import Ends, Flip
from sim.experiments.indices import Indices
from sim.experiments.screening import FALSE_SHARE, STEP, Screening
from sim.experiments.sensitivity import ENDS_TIMES, Plan, Sensitivity, ranked
from sim.experiments.verdict import Interval
from sim.metrics.history import METRICS
from sim.report.wording import ALONE, interval, listed, number, percent, region_name
from sim.report.wording import quantity as in_units

#: Factors that a sentence names; the table has all.
_NAMED = 8


def label(name: str) -> str:
    """A factor as tables and figures call it."""
    return name.removeprefix("assumptions.")


def names(plan: Plan) -> tuple[str, str]:
    """What the two scenarios are called in sentences."""
    first, second = plan.setting.pair
    titles = first.scenario.title, second.scenario.title
    return titles if titles[0] != titles[1] else (first.name, second.name)


def unit(plan: Plan) -> str:
    """Unit of the outcome."""
    return next(one.unit for one in METRICS if one.name == plan.setting.place.metric)


def outcome(plan: Plan) -> str:
    """What the difference is of."""
    place = plan.setting.place
    what = "value added" if place.metric == "gva" else place.metric.replace("_", " ")
    where = "the North's clusters" if place.region == "north" else region_name(place.region)
    return f"{what} of {where} after {place.year} years"


def cost(plan: Plan, seconds: float, where: str = ALONE) -> str:
    """What will be lived, and about how long it takes, ``where`` it is lived."""
    n = len(plan.setting.factors)
    pairs = sum(plan.n_pairs)
    return (
        f"{n} parameters: {pairs:,} paired runs, each with a past of its own; about "
        f"{seconds / 60:.0f} minutes {where}."
    )


def finished(found: Sensitivity) -> str:
    """What of an interrupted analysis is kept."""
    screening = found.screening
    steps = [f"{screening.n_trajectories} of {screening.planned} trajectories"]
    if found.ends is not None:
        steps.append("the ends that are finished")
    if found.indices is not None:
        steps.append(f"{found.indices.n_groups} of {found.indices.planned} groups")
    return f"{listed(steps)} are kept"


def sentences(found: Sensitivity) -> list[str]:
    """The answer."""
    out = [*_overall(found), *_told(found)]
    if found.ends is not None:
        out += _flips(found, found.ends)
    if found.indices is not None:
        out += _shares(found.indices)
        out += _boxed(found, found.box)
    return out


def _overall(found: Sensitivity) -> Iterator[str]:
    first, second = names(found.plan)
    screening = found.screening
    mean = screening.overall
    row = {"low": float(mean.low), "high": float(mean.high)}
    size = in_units(float(mean.mean), unit(found.plan), signed=True)
    yield (
        f"Over the plausible ranges of {len(found.plan.setting.factors)} parameters, {first} minus "
        f"{second} in the {outcome(found.plan)} is {size} in the mean "
        f"({interval(row, unit(found.plan))}), and {first} is ahead at "
        f"{percent(screening.share_first_ahead)} of the {len(screening.points):,} points."
    )


def _told(found: Sensitivity) -> Iterator[str]:
    effects = found.screening.of_difference
    order = ranked(found.screening)
    told = [k for k in order if effects.is_told[k]]
    n, rest = len(order), len(order) - len(told)
    # Its effect is per whole range, which seeds have not: what a step moves is the change of seeds.
    luck = in_units(STEP * float(effects.mu_star[-1]), unit(found.plan))
    if not told:
        yield f"None of the {n} parameters can be told from noise in this difference."
    else:
        first = names(found.plan)[0]
        parts = [
            f"{label(found.plan.setting.factors[k].name)} "
            f"({'for' if effects.mu[k] > 0 else 'against'} {first} as it rises)"
            for k in told[:_NAMED]
        ]
        more = f", and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        verb = "moves" if len(told) == 1 else "move"
        yield (
            f"Of {n} parameters {len(told)} {verb} the difference beyond noise: "
            f"{listed(parts)}{more}."
        )
    if rest:
        yield (
            f"The other {rest} cannot be told from noise with these runs, which is not to say that "
            f"they do not matter: other seeds alone move the difference by {luck} (mean size)."
            if told
            else f"Other seeds alone move it by {luck} (mean size); more runs or trajectories "
            "would tell smaller effects."
        )


def _flips(found: Sensitivity, ends: Ends) -> Iterator[str]:
    kinds: dict[Flip, list[str]] = {}
    for k, one in enumerate(ends.setting.factors):
        kinds.setdefault(ends.flip(k), []).append(label(one.name))
    n = len(ends.setting.factors)
    usual = shown(ends.usual, unit(found.plan))
    yield (
        f"With all parameters as they are the difference is {usual}. Of the {n} that were moved "
        "alone from end to end:"
        if n > 1
        else f"With all parameters as they are the difference is {usual}; moved from end to end:"
    )
    words = {
        Flip.FLIPS: "surely turn the sign",
        Flip.MAY: "may turn it (the estimates differ in sign, and nobody can tell)",
        Flip.KEEPS: "surely leave it",
        Flip.UNSURE: "leave the estimate's sign, and nobody can tell",
    }
    for kind, text in words.items():
        if kind in kinds:
            yield f"- {text}: {listed(kinds[kind])}"


def _shares(indices: Indices) -> Iterator[str]:
    shares, factors = indices.shares, indices.setting.factors
    alone = [k for k in range(len(factors)) if shares.acts_alone[k]]
    others = [k for k in range(len(factors)) if shares.acts_with_others[k] and k not in alone]
    yield (
        f"Of the variance of the difference over the ranges of {len(factors)} parameters, luck "
        f"has a hand in {percent(max(0.0, min(1.0, float(shares.total[-1]))))} (its total index)."
    )
    if alone:
        parts = [f"{label(factors[k].name)} {percent(float(shares.first[k]))}" for k in alone]
        yield f"By themselves bring: {listed(parts)}."
    if others:
        parts = [label(factors[k].name) for k in others]
        yield f"Only together with others, and beyond what luck does, act: {listed(parts)}."
    if not alone and not others:
        yield "No parameter's index can be told from nothing, or from what luck does."


def _boxed(found: Sensitivity, box: Box | None) -> Iterator[str]:
    _, second = names(found.plan)
    if box is None:
        yield (
            f"No box was looked for in which {second} wins: it wins, or loses, at too few of the "
            "points."
        )
        return
    over_all = f"{second} is ahead at {percent(box.share)} of the points"
    if not box.limits:
        yield f"{over_all}, and in no box of the ranges clearly more often."
        return
    within = listed(
        [f"{label(k)} in {number(a)} to {number(b)}" for k, (a, b) in box.limits.items()]
    )
    inside = (
        f"{percent(box.density)} of the {box.n_inside} points there (90 % interval "
        f"{percent(box.low)} to {percent(box.high)})"
    )
    verdict = "" if box.is_told else ", which cannot be told from the share over all"
    yield (
        f"{over_all}; where {within}, at {inside}{verdict}. {percent(box.coverage)} of its wins "
        "lie in that box. The box was found in one half of the groups of points, and these shares "
        "are of the independent points of the other half."
    )


def shown(found: Interval, in_unit: str) -> str:
    """A difference with its interval."""
    middle = in_units(found.mean, in_unit, signed=True)
    if found.low == found.high:
        return middle
    low, high = (in_units(end, in_unit, signed=True) for end in (found.low, found.high))
    return f"{middle} ({low} to {high})"


def verdict(screening: Screening, number: int) -> str:
    """What is told of a factor."""
    effects = screening.of_difference
    if not effects.is_told[number]:
        return "cannot be told from noise"
    return "raises the difference" if effects.mu[number] > 0 else "lowers the difference"


def method(found: Sensitivity) -> str:
    """How the numbers came about."""
    plan, screening = found.plan, found.screening
    first, second = names(plan)
    text = (
        f"Morris's screening: {screening.n_trajectories} trajectories over "
        f"{len(plan.setting.factors)} parameters and luck, {plan.setting.runs} paired runs a "
        f"point, seed {plan.setting.seed}. "
        f"An effect is the change of {first} minus {second} per whole range of a parameter; μ* is "
        "its mean size. Points of a trajectory that differ in parameters alone have the same "
        "seeds. The noise "
        "floor is the size up to which a parameter's μ* comes, 95 times in 100, by what the runs "
        "of a point disagree on. Told from noise are those whose effects agree, by ranks, beyond "
        f"signs drawn by lot; of those told, {percent(FALSE_SHARE)} are expected to be luck "
        "(Benjamini and Hochberg). "
    )
    if found.ends is not None:
        text += (
            f"Ends: {ENDS_TIMES * plan.setting.runs} paired runs a point, t intervals for all "
            "points at once (Bonferroni at 90 %). "
        )
    if found.indices is not None:
        text += (
            f"Sobol's indices: {found.indices.n_groups} groups of points, {plan.setting.runs} "
            "paired runs a point, bootstrap intervals for all indices of a kind at once. "
        )
    return text + (
        "Ranges are the plausible ones of docs/parameters.md, wherever all other parameters lie; "
        "many of these worlds do not fit the known facts. For the doubt among worlds that do, see "
        "compare --over-fits. A conditional scenario, not a forecast."
    )
