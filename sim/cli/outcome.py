"""The outcome that a command is about: which metric, where, in which year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Mistake

if TYPE_CHECKING:
    from sim.experiments.mapping import Place
    from sim.metrics.metric import Metric

Outcome = Annotated[str, typer.Option("--outcome", metavar="METRIC", help="See docs/metrics.md.")]
Region = Annotated[str, typer.Option("--region", help="A region, north, or uk for all thirteen.")]
OutcomeYear = Annotated[
    int | None,
    typer.Option("--year", min=1, max=60, help="Year of the outcome; default: the last."),
]


def read_metric(name: str, region: str) -> Metric:
    """The metric, if it has a value in the region. Raises Mistake."""
    from sim.metrics.history import METRICS, History
    from sim.scenario.errors import did_you_mean

    known, areas = {one.name: one for one in METRICS}, History(0).areas
    if name not in known:
        hint = did_you_mean(name, known) or "see docs/metrics.md"
        raise Mistake(f"--outcome {name}: there is no such metric; {hint}")
    if region not in areas:
        hint = did_you_mean(region, areas) or f"there are {', '.join(areas)}"
        raise Mistake(f"--region {region}: there is no such region; {hint}")
    if known[name].scope == "area" and region not in ("north", "uk"):
        raise Mistake(f"--outcome {name} is known for north and uk as a whole, not for {region}")
    return known[name]


def read_place(name: str, region: str, year: int | None, years: int) -> Place:
    """Where the outcome is read, of ``years`` that are lived. Raises Mistake."""
    from sim.experiments.mapping import Place

    read_metric(name, region)
    if year is not None and year > years:
        raise Mistake(f"--year {year}: only {years} years are lived")
    return Place(name, region, year or years)
