"""Numbers and verdicts in words, the same on figures, on the terminal and in the summary."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiments.ensemble import Ensemble
from sim.world import sources

if TYPE_CHECKING:
    import pandas as pd

AREAS = {"north": "the North", "uk": "all thirteen regions"}
#: Where runs are lived, as the end of a sentence on how long they take.
ALONE = "if nothing else runs"
SHARED = "on one processor such as this machine's, shared out among those of the cluster"


def region_name(code: str) -> str:
    """A region as people call it."""
    if code in AREAS:
        return AREAS[code]
    names = {region.id: region.name for region in sources.regions()}
    return names.get(code, code).split(" (")[0]


def warned(warnings: Sequence[str], note: str) -> str:
    """A figure's note behind what its reader must know first; two warnings, and how many more."""
    more = f"Warnings of that kind: {len(warnings)}, all in summary.md." if warnings[2:] else ""
    return " ".join(filter(None, [*warnings[:2], more, note]))


def labels(ensemble: Ensemble) -> tuple[str, ...]:
    """Titles of the scenarios, or their names where titles are missing or alike."""
    titles = [one.scenario.title for one in ensemble.loaded]
    return tuple(titles) if all(titles) and len(set(titles)) == len(titles) else ensemble.names


def listed(parts: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def each_or_ends(
    values: Sequence[float], names: Sequence[str], tell: Callable[[float], str]
) -> str:
    """What holds under each name; of more than four the least and the most."""
    if len(names) <= 4:
        return listed([f"{tell(v)} under {name}" for v, name in zip(values, names, strict=True)])
    order = sorted(range(len(names)), key=lambda s: values[s])
    low, high = (f"{tell(values[s])} under {names[s]}" for s in (order[0], order[-1]))
    return f"from {low} to {high}"


def number(value: float) -> str:
    """Three significant digits, thousands set apart, no exponent."""
    if not math.isfinite(value):
        return "unknown"
    if value == 0.0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{round(value, digits):,.{digits}f}"
    if abs(value) >= 1000:
        text = f"{float(f'{value:.3g}'):,.0f}"
    return text.replace("-", "−")


def account(value: float) -> str:
    """An amount of an account in £m: to the million, and to a tenth of it below a hundred."""
    digits = 0 if abs(value) >= 100.0 else 1
    text = f"{round(value, digits) + 0.0:,.{digits}f}"  # no minus zero
    return text.replace("-", "−")


def percent(share: float) -> str:
    """A share as a percentage with two significant digits; 100 and its neighbours with three."""
    value = 100.0 * share
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:.1f}" if abs(value) >= 10.0 else f"{float(f'{value:.2g}'):.10f}"
    return f"{text.rstrip('0').rstrip('.').replace('-', '−')} %"


def quantity(value: float, unit: str, *, signed: bool = False) -> str:
    """A number with its unit: £12.3m a year, 120 jobs, 0.42."""
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    size = abs(value) if signed else value
    minus = "" if signed or value >= 0 else "−"
    if unit == "£ per £":
        return f"{sign}{minus}£{number(abs(value))} per £"
    if unit.startswith("£m"):
        # A sum for each job or head is never in millions.
        if 0.0 < abs(value) < (10.0 if " per " in unit else 0.1):
            return f"{sign}{minus}£{number(1e6 * abs(value))}{unit[2:]}"
        return f"{sign}{minus}£{number(abs(value))}m{unit[2:]}"
    if unit == "share":
        return percent(value) if not signed else f"{sign}{percent(size).removesuffix(' %')} points"
    plain = "" if unit in ("0–1", "ratio", "index", "log", "multiple") else f" {unit}"
    return f"{sign}{number(size)}{plain}"


def is_sure(row: Any) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return bool(row["low"] > 0 or row["high"] < 0)


def stands(row: Any) -> bool:
    """Whether a difference is told from zero also among all that were looked at (10 % luck)."""
    return bool(row["q"] <= 0.1)


def interval(row: Any, unit: str) -> str:
    """The interval of a difference in words."""
    if not math.isfinite(row["low"]):
        return "no interval from a single run"
    low, high = (quantity(row[end], unit, signed=True) for end in ("low", "high"))
    return f"90 % interval {low} to {high}"


def span(row: Any, unit: str) -> str:
    """The ends of the interval of a difference, for a column that says what it is."""
    if not math.isfinite(row["low"]):
        return "none"
    low, high = (quantity(row[end], unit, signed=True).split(" ")[0] for end in ("low", "high"))
    return f"{low} to {high}"


def middle(row: Any, unit: str) -> str:
    """The difference in the median run, with the interval of that."""
    found = quantity(row["median"], unit, signed=True)
    if not math.isfinite(row["median_low"]):
        return found
    low, high = (
        quantity(row[end], unit, signed=True).split(" ")[0] for end in ("median_low", "median_high")
    )
    return f"{found.split(' ')[0]} ({low} to {high})"


def ahead(row: Any) -> str:
    """In how many of the runs the first scenario is ahead."""
    n = int(row["n"])
    return f"{round(row['share_scenario_ahead'] * n)} of {n} runs"


def answer(row: pd.Series[Any], first: str, other: str, what: str, place: str) -> str:
    """The comparison in a sentence that claims no more than the interval allows.

    ``what`` is measured in ``place``: "value added", "the North's clusters".
    """
    unit = str(row["unit"])
    years = f"After {int(row['year'])} years"
    size = quantity(abs(float(row["estimate"])), unit)
    side = "more" if row["estimate"] > 0 else "less"
    if not math.isfinite(row["low"]):
        return (
            f"{years}, in the single run made, {first} gives {place} {size} {side} {what} than "
            f"{other}; one run says nothing about chance"
        )
    tail = f"({interval(row, unit)}; {first} is ahead in {ahead(row)})"
    if is_sure(row):
        return f"{years}, {first} gives {place} {size} {side} {what} than {other} {tail}"
    return f"{years}, {first} and {other} cannot be told apart in the {what} of {place} {tail}"
