"""Sentences of an appraisal, made from its numbers: what is sure, what is not, and no advice."""

from __future__ import annotations

import math

from sim.experiments.appraisal import categories
from sim.experiments.appraisal_lines import Table, pair_name
from sim.experiments.appraisal_table import STRATEGY
from sim.experiments.appraised import Appraisal
from sim.experiments.verdict import Interval
from sim.metrics.metric import UK
from sim.report.experiment_figure import shown
from sim.report.summary import OUTCOMES
from sim.report.wording import account, labels, listed, number, percent, quantity, region_name

NAMES = {**OUTCOMES, "place_capital": "place capital"}
NOT_WELFARE = (
    "**Value added is not welfare.** The Green Book values effects on social welfare. What is "
    "counted here is the change in value added (GVA) of the clusters, as a stand-in. Welfare would "
    "need what the model does not have: the rise in land values, what people earn beyond what they "
    "would have earned elsewhere, their wellbeing, health and environment. Value added also holds "
    "the pay of people who would have worked anyway and the profit of owners elsewhere (from "
    "memory, not checked). Read every net present value and ratio below with that in mind."
)


def titles(appraisal: Appraisal) -> dict[str, str]:
    """Options, the counterfactual, and pairs of options, as people call them."""
    names, shown_as = appraisal.ensemble.names, labels(appraisal.ensemble)
    found = dict(zip(names, shown_as, strict=True))
    for s in appraisal.options[1:]:
        found[pair_name(appraisal, s)] = f"{shown_as[0]} minus {shown_as[s]}"
    return found


def money(found: Interval) -> str:
    """A sum of £m with its interval."""
    if math.isnan(found.mean):
        return "–"
    return shown(found, "£m", is_signed=True)


def is_sure(found: Interval) -> bool:
    """Whether the interval leaves out zero."""
    return found.low > 0.0 or found.high < 0.0


def ratio_words(found: Interval) -> str:
    """A ratio with its interval, to the hundredth."""
    if math.isnan(found.mean):
        return "no value"
    if math.isnan(found.low):
        return f"{_hundredth(found.mean)}, one run"
    return f"{_hundredth(found.mean)} ({_hundredth(found.low)} to {_hundredth(found.high)})"


def _hundredth(value: float) -> str:
    return f"{round(value, 2) + 0.0:,.2f}".replace("-", "−")  # no minus before a zero


def paid(found: Interval) -> str:
    """An account in £m with its interval, to the million."""
    if math.isnan(found.low):
        return account(found.mean)
    return f"{account(found.mean)} ({account(found.low)} to {account(found.high)})"


def answers(appraisal: Appraisal, table: Table) -> list[str]:
    """The appraisal in a few sentences: each option, then the choice between them."""
    names, called = appraisal.ensemble.names, titles(appraisal)
    place, last = region_name(appraisal.area), called[names[-1]]
    found = []
    for s in appraisal.options:
        value = table.of("value", names[s])
        net = value["net present value", "national"]
        bcr = value["benefit-cost ratio", "national"]
        sign = "" if is_sure(net) else ", which cannot be told from zero"
        found.append(
            f"{called[names[s]]} against {last}, over {appraisal.ensemble.years} years: nationally "
            f"a net present value of {money(net)}{sign}, and a benefit-cost ratio of "
            f"{ratio_words(bcr)}: {categories(bcr)}. The value added of {place} by itself changes "
            f"by {money(value['benefits', 'local'])}, for an outlay of "
            f"{quantity(value['costs', 'national'].mean, '£m')}."
        )
    return found + [choice(appraisal, table, s) for s in appraisal.options[1:]]


def choice(appraisal: Appraisal, table: Table, other: int) -> str:
    """Whether the net present values of the first option and another can be told apart."""
    names, called = appraisal.ensemble.names, titles(appraisal)
    pair = pair_name(appraisal, other)
    first, second = called[names[0]], called[names[other]]
    draws = "sets of parameters" if appraisal.ensemble.variants else "runs"
    parts = []
    for case, what in (("national", "nationally"), ("local", f"for {region_name(appraisal.area)}")):
        value = table.of("value", pair)
        gap = value["net present value", case]
        often = f"{first} ahead in {part(value['ahead', case])} of the {draws}"
        if is_sure(gap):
            higher = first if gap.mean > 0.0 else second
            parts.append(f"{what} that of {higher} is higher: {money(gap)}, {often}")
        else:
            parts.append(f"{what} they cannot be told apart: {money(gap)}, {often}")
    return f"Net present value of {first} minus that of {second}: {'; '.join(parts)}."


def strategic(appraisal: Appraisal, table: Table, option: str, base: str) -> str:
    """What the last year has more of, less of, and what cannot be told, in one sentence."""
    rows = table.of("strategy", option)
    more: list[str] = []
    less: list[str] = []
    unsure: list[str] = []
    for metric in STRATEGY:
        found = rows[metric, appraisal.area]
        if math.isnan(found.mean):
            continue
        side = unsure if not is_sure(found) else more if found.mean > 0.0 else less
        side.append(NAMES[metric])
    parts = [
        f"{word} {listed(names)}"
        for word, names in (("higher:", more), ("lower:", less), ("not to be told:", unsure))
        if names
    ]
    return f"{base}, in year {appraisal.ensemble.years}, {'; '.join(parts)}."


def size(appraisal: Appraisal, table: Table, option: str) -> str:
    """How large the last year's effect is beside what is there."""
    level = appraisal.ensemble.series("gva", appraisal.area)[-1, :, -1].mean()
    found = table.of("strategy", option)["gva", appraisal.area]
    called = titles(appraisal)[option]
    low, high = (percent(end / level) for end in (found.low, found.high))
    span = "" if math.isnan(found.low) else f" (90 % interval {low} to {high})"
    return (
        f"Size of the change under {called}: {percent(found.mean / level)}{span} of the value "
        f"added that the clusters of {region_name(appraisal.area)} have in that year without it."
    )


def turn(found: Interval, what: str) -> str:
    """A switching value in words: by how much ``what`` (benefits, costs) would have to change."""
    if math.isnan(found.mean):
        return f"no value: these {what} cannot be told from zero"
    size_of = percent(abs(found.mean))
    side = "higher" if found.mean > 0.0 else "lower"
    if found.mean < -1.0:
        return f"none: not even {what} of zero would do"
    span = ""
    if not math.isnan(found.low):
        ends = [f"{'+' if e > 0 else ''}{percent(e)}" for e in (found.low, found.high)]
        span = f" ({' to '.join(ends)})"
    return f"{what} {size_of} {side}{span}"


def displaced(appraisal: Appraisal, table: Table, option: str) -> str:
    """What becomes of a pound gained in the area, read from the paired runs."""
    rows = table.of("additionality", option)
    found = rows["effect elsewhere per £ in the area", UK]
    place, called = region_name(appraisal.area), titles(appraisal)[option]
    if math.isnan(found.mean):
        return (
            f"{called}: the gain of {place} cannot be told from zero, so that no share of it can "
            "be said to leak out or to displace others."
        )
    if not is_sure(found):
        return (
            f"{called}: for each £1 that {place} gains, the rest of the country changes by "
            f"£{ratio_words(found)}: neither displacement nor leakage can be told from none."
        )
    word = (
        "lost elsewhere: displacement, net of leakage"
        if found.mean < 0.0
        else "gained elsewhere: leakage, net of displacement"
    )
    ends = sorted(abs(end) for end in (found.low, found.high))
    return (
        f"{called}: for each £1 that {place} gains, £{_hundredth(abs(found.mean))} "
        f"({' to '.join(_hundredth(end) for end in ends)}) is {word}."
    )


def part(found: Interval) -> str:
    """A share of a whole with its interval; none where the whole cannot be told from zero."""
    if math.isnan(found.mean):
        return "–"
    if math.isnan(found.low) or found.low == found.high:
        return percent(found.mean)
    ends = " to ".join(percent(end).removesuffix(" %") for end in (found.low, found.high))
    return f"{percent(found.mean)} ({ends})"


def read(found: Interval, title: str) -> str:
    """A ratio as read from the runs: a share, pounds per pound, or the price of a job-year."""
    if math.isnan(found.mean):
        return "no value"
    if "per £" in title:
        return f"£{ratio_words(found)}"
    if "job-year" not in title:
        return part(found)
    mean, low, high = (f"£{number(1e6 * one)}" for one in (found.mean, found.low, found.high))
    return mean if math.isnan(found.low) else f"{mean} ({low} to {high})"
