"""Figures of the folder inside the page, each with what it shows in words and numbers."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.experiments.comparison import Comparison
from sim.experiments.milestones import HEADLINE_REGION
from sim.experiments.saved import SavedComparison
from sim.report.figures import CONCENTRATION, CONTINUITY, PANELS
from sim.report.page.records import records
from sim.report.wording import interval, labels, listed, quantity


@dataclass(frozen=True)
class Picture:
    """A figure as an address that holds the figure itself, and the same in words."""

    name: str
    address: str
    alternative: str


def levels_told(comparison: Comparison, panels: Mapping[str, str]) -> str:
    """Each outcome of each future in the last year."""
    ensemble = comparison.ensemble
    here = {"region": HEADLINE_REGION, "year": ensemble.years}
    rows = {(row["metric"], row["scenario"]): row for row in records(comparison.summary, **here)}
    parts = [f"Mean of the North in year {ensemble.years}."]
    for metric, heading in panels.items():
        found = [
            f"{quantity(row['estimate'], row['unit'])} under {label}"
            for name, label in zip(ensemble.names, labels(ensemble), strict=True)
            if (row := rows.get((metric, name))) is not None
        ]
        if found:
            parts.append(f"{heading}: {listed(found)}.")
    return " ".join(parts)


def differences_told(comparison: Comparison, panels: Mapping[str, str]) -> str:
    """The difference in each outcome in the last year, with its interval, for each pair."""
    ensemble = comparison.ensemble
    first, *others = labels(ensemble)
    here = {"region": HEADLINE_REGION, "year": ensemble.years}
    rows = {(row["metric"], row["baseline"]): row for row in records(comparison.paired, **here)}
    parts = []
    for name, label in zip(ensemble.names[1:], others, strict=True):
        parts.append(f"{first} minus {label} in year {ensemble.years}.")
        for metric, heading in panels.items():
            if (row := rows.get((metric, name))) is not None:
                size = quantity(row["estimate"], row["unit"], signed=True)
                parts.append(f"{heading}: {size} ({interval(row, row['unit'])}).")
    return " ".join(parts)


def _differences(comparison: Comparison) -> str:
    return (
        f"Four charts of the paired difference over {comparison.ensemble.years} years, each with "
        f"a band for its 90 % interval. {differences_told(comparison, PANELS)}"
    )


def _levels(comparison: Comparison) -> str:
    return (
        f"Four charts of each future by itself over {comparison.ensemble.years} years. "
        f"{levels_told(comparison, PANELS)}"
    )


def _concentration(comparison: Comparison) -> str:
    return (
        "Four charts of how unequal the regions are and how concentrated sectors are: above each "
        f"future by itself, below the paired difference. {levels_told(comparison, CONCENTRATION)} "
        f"{differences_told(comparison, CONCENTRATION)}"
    )


def _continuity(comparison: Comparison) -> str:
    return (
        f"Four charts over {comparison.ensemble.years} years of what holders of money live "
        f"through. {levels_told(comparison, CONTINUITY)}"
    )


#: The figures that the page shows; the others of the folder are named by it.
ALTERNATIVES: dict[str, Callable[[Comparison], str]] = {
    "differences": _differences,
    "levels": _levels,
    "concentration": _concentration,
    "continuity": _continuity,
}


def pictures(comparison: SavedComparison) -> dict[str, Picture]:
    """The figures that the folder has, by name."""
    found = {}
    for name, alternative in ALTERNATIVES.items():
        path = comparison.folder / "figures" / f"{name}.svg"
        if path.is_file():
            # As an image and not as part of the page: names inside it cannot clash, and nothing
            # inside it can run.
            held = base64.b64encode(path.read_bytes()).decode()
            found[name] = Picture(
                name, f"data:image/svg+xml;base64,{held}", alternative(comparison)
            )
    return found
