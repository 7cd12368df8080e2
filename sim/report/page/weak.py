"""What the model gets wrong: the facts of its scorecard that it misses, in words."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.experiments.scorecard import FACTS, YEARS, Score, Scorecard
from sim.report.scorecard import accepted, shown

#: The table that ``clustersim validate`` wrote for this version, from seed 1.
SHIPPED = Path(__file__).parent / "scorecard.csv"

_GATHERING = "Ellison and Glaeser's index: how far a sector gathers in few areas, beyond chance"
_QUOTIENT = "location quotient: a sector's part of the area's jobs over its part of the UK's"
#: What the words of the trade in a fact's name mean.
PLAIN = {
    "size_tail": "how quickly large firms become rare; lower means more of them",
    "gibrat": "below zero, small firms grow faster than large ones",
    "size_variance": "how much steadier large firms grow than small ones",
    "density_elasticity": "per cent more value added per job for one per cent more jobs near by",
    "localised_area": "localised: closer together than chance would place them",
    "localised_near": "localised: closer together than chance would place them",
    "eg_area": _GATHERING,
    "eg_wide": _GATHERING,
    "eg_drift": _GATHERING,
    "specialisms": _QUOTIENT,
    "quotients_last": f"{_QUOTIENT}; the correlation is 1 if nothing moves",
    "theil_drift": "Theil's index: 0 if all areas have the same value added a head",
    "gini_drift": "Gini: 0 if all areas have the same, 1 if one has all",
    "degree_skew": "degree: how many partners an organisation has",
    "degree_exponent": "degree: how many partners an organisation has; a high exponent means few "
    "with very many",
    "clustering": "how often two partners of one organisation are partners of each other",
    "assortativity": "whether the well connected work with the well connected",
}


def shipped() -> Scorecard:
    """The scorecard of this version, as it was measured before."""
    with SHIPPED.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["fact"]: row for row in csv.DictReader(file)}
    scores = []
    for fact in FACTS:
        row = rows[fact.key]
        median, low, high = (float(row[name] or "nan") for name in ("median", "low", "high"))
        scores.append(Score(fact, median, low, high, int(row["runs"])))
    runs = max(score.runs for score in scores)
    return Scorecard(tuple(scores), 1, runs, runs, YEARS)


def missed(score: Score) -> str:
    """A fact that the model misses, in words."""
    fact = score.fact
    plain = f" ({PLAIN[fact.key]})" if fact.key in PLAIN else ""
    return (
        f"{fact.name}{plain}: the model gives {shown(score.median, fact.is_share)}; accepted is "
        f"{accepted(score)}. Source: {fact.source}"
    )
