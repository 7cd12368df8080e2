"""What common luck is worth: the variance of a difference, against independent seeds.

``(variance of one + variance of the other) / variance of the paired difference``, for the value
added of the North's clusters in the last year: independent seeds would need that many times the
runs for the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.measuring import Result
from sim.experiments.ensemble import run_ensemble
from sim.quarter.shock import Shock, ShockKind
from sim.scenario import Loaded, load

#: The metrics for which it is told.
METRICS = ("gva", "jobs", "knowledge", "rd_performed")


def reductions(pair: Sequence[Loaded], runs: int, years: int) -> dict[str, float]:
    """Variance reduction of each metric of the North in the last year."""
    found = run_ensemble(pair, runs=runs, years=years)
    result = {}
    for metric in METRICS:
        one, other = found.series(metric)[:, :, -1]
        paired = float(np.var(one - other, ddof=1))
        alone = float(np.var(one, ddof=1) + np.var(other, ddof=1))
        result[metric] = alone / max(paired, 1e-300)
    return result


def renamed(loaded: Loaded, name: str, **update: object) -> Loaded:
    """The scenario under another name, with some fields of its own."""
    return replace(loaded, name=name, scenario=loaded.scenario.model_copy(update=update))


def pairs() -> dict[str, tuple[tuple[Loaded, Loaded], str]]:
    """The headline pair, one lever by a tenth, and a change in one region; with their goals."""
    long_term, piecemeal = load("long_term"), load("piecemeal")
    size = long_term.scenario.programmes["projects"].award_size
    larger = load("long_term", {"programmes.projects.award_size": f"{1.1 * size:g}"})
    closure = Shock(year=1.0, kind=ShockKind.CLOSURE, region="cumbria", size=-0.5)
    return {
        "headline pair": ((long_term, piecemeal), "≥ 10"),
        "awards a tenth larger": ((long_term, renamed(larger, "larger")), "≥ 100"),
        "a closure in Cumbria": (
            (long_term, renamed(long_term, "closure", shocks=(closure,))),
            "",
        ),
    }


def luck(runs: int = 40, years: int = 25) -> list[Result]:
    """Variance reduction of each pair and metric; the goal is for value added."""
    results = []
    for label, (pair, goal) in pairs().items():
        for metric, value in reductions(pair, runs, years).items():
            own = goal if metric == "gva" else ""
            results.append(Result("luck", f"{label}: {metric}", value, "times", own))
    return results
