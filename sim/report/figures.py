"""Figures of a comparison over time: data in, a Matplotlib figure out, nothing written.

Every title is a sentence that says what is seen, with the uncertainty; bands are 90 % intervals of
the mean over runs, or, where said, the middle 90 % of runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.comparison import Comparison, Study
from sim.experiments.milestones import HEADLINE_METRIC
from sim.experiments.statistics import estimate, spread
from sim.report import money, places
from sim.report.style import (
    BAND_ALPHA,
    FAINT,
    FEW,
    INK,
    add_legend,
    colour,
    dashes,
    new_figure,
    style,
)
from sim.report.wording import answer, each_or_ends, is_sure, labels, percent, stands, warned

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What is shown side by side, with the heading of its panel.
PANELS = {
    "gva": "Value added of the clusters",
    "jobs": "Jobs in the clusters",
    "rd_performed": "Research performed",
    "knowledge": "Knowledge stock",
}
CONCENTRATION = {
    "theil_gva_per_head": "Inequality between regions: Theil's T",
    "ellison_glaeser": "Concentration of sectors: Ellison–Glaeser",
}
CONTINUITY = {
    "gap_share_institutions": "Laboratories and catapults in a funding gap",
    "credibility": "Belief that promises are kept",
    "horizon": "Believed horizon of research money",
    "bid_cost_share": "Cost of bids per pound of public money",
}


def _unit(comparison: Study, metric: str) -> str:
    return next(one.unit for one in comparison.ensemble.metrics if one.name == metric)


def _pairs(comparison: Comparison) -> list[tuple[int, str]]:
    """Number and label of every scenario that the first is compared with."""
    return list(enumerate(labels(comparison.ensemble)))[1:]


def _row(comparison: Comparison, metric: str, baseline: int) -> dict[str, float]:
    ensemble = comparison.ensemble
    paired = comparison.paired
    rows = paired[
        (paired.metric == metric)
        & (paired.region == "north")
        & (paired.year == ensemble.years)
        & (paired.baseline == ensemble.names[baseline])
    ]
    return {str(key): value for key, value in rows.iloc[0].items()}


def differences(comparison: Comparison) -> Figure:
    """Fan charts: the paired difference of the headline outcomes over the years."""
    ensemble = comparison.ensemble
    first = labels(ensemble)[0]
    others = [label for _, label in _pairs(comparison)]
    against = " or ".join(others) if len(others) <= FEW else "each of the others"
    title = answer(
        comparison.headline(),
        first,
        labels(ensemble)[1],
        "value added",
        "the North's clusters",
    )
    bands = (
        " Dark band: 90 % interval of the mean. Light band: the middle 90 % of runs."
        if len(others) <= FEW
        else ""
    )
    note = (
        f"Each line: {first} minus {against}, mean of {ensemble.runs} paired runs; above zero "
        f"{first} is ahead.{bands} A conditional scenario, not a forecast."
    )
    with style():
        figure = new_figure(title, 10.0, 7.2, warned(comparison.warnings, note))
        grid = _grid(figure)
        for axes, (metric, heading) in zip(grid, PANELS.items(), strict=True):
            _difference(axes, comparison, metric, heading)
        if len(ensemble.names) > 2:
            add_legend(figure, grid[0], len(ensemble.names) - 1)
    return figure


def _difference(axes: Axes, comparison: Comparison, metric: str, heading: str) -> None:
    ensemble, years = comparison.ensemble, np.arange(comparison.ensemble.years + 1)
    series = ensemble.series(metric)
    for s, label in _pairs(comparison):
        difference = series[0] - series[s]
        found = estimate(difference, groups=ensemble.groups)
        low, high = spread(difference)
        number = s if len(ensemble.names) > 2 else 0  # as in the panels of levels
        tint = colour(number)
        if len(ensemble.names) - 1 <= FEW:
            axes.fill_between(years, low, high, color=tint, alpha=0.10, linewidth=0)
            axes.fill_between(years, found.low, found.high, color=tint, alpha=0.35, lw=0)
        line = axes.plot(years, found.mean, dashes(number), color=tint)
        line[0].set_label(f"against {label}")
    axes.axhline(0.0, color=INK, linewidth=1.0)
    axes.set_title(f"{heading}\ndifference, {_unit(comparison, metric)}")
    _years(axes, ensemble.years)


def levels(comparison: Study) -> Figure:
    """The same outcomes of each future by itself."""
    ensemble = comparison.ensemble
    series = ensemble.series(HEADLINE_METRIC)[:, :, -1].mean(axis=1)
    largest = max(series) / min(series) - 1.0
    title = f"The North's clusters over {ensemble.years} years under {labels(ensemble)[0]}"
    if len(series) > 1:
        title = (
            f"Seen by level, the futures lie within {percent(largest)} of one another in the "
            f"value added of the North's clusters after {ensemble.years} years"
        )
    return _over_time(comparison, PANELS, title, f"Lines: mean of {ensemble.runs} runs.")


def concentration(comparison: Comparison) -> Figure:
    """How unequal and how concentrated the North becomes under each future."""
    ensemble = comparison.ensemble
    first, other = labels(ensemble)[:2]
    row = _row(comparison, "theil_gva_per_head", 1)
    if is_sure(row):
        side = "more" if row["estimate"] > 0 else "less"
        title = f"The North's regions end up {side} unequal under {first} than under {other}"
    else:
        title = f"Inequality between the North's regions ends up alike under {first} and {other}"
    title += f", as far as {ensemble.runs} paired runs can tell"
    if is_sure(row) and not stands(row):
        title += "; of so many differences looked at, this one may be luck"
    note = f"Above: mean over runs, the North. Below: {first} minus the other."
    if len(ensemble.names) <= FEW:
        note += " Dark bands: 90 % interval of the mean. Light bands: the middle 90 % of runs."
    with style():
        figure = new_figure(title, 10.0, 7.2, note)
        grid = _grid(figure)
        for above, below, (metric, heading) in zip(
            grid[:2], grid[2:], CONCENTRATION.items(), strict=True
        ):
            _level(above, comparison, metric, heading)
            _difference(below, comparison, metric, heading)
        add_legend(figure, grid[0], len(ensemble.names))
    return figure


def continuity(comparison: Study) -> Figure:
    """What holders of money live through: gaps, belief, horizon, bids."""
    ensemble = comparison.ensemble
    names = labels(ensemble)
    gaps = ensemble.series("gap_share_institutions")[:, :, 1:]
    means = [float(np.nanmean(one)) if np.isfinite(one).any() else 0.0 for one in gaps]
    told = each_or_ends(means, names, percent)
    title = f"Of laboratories and catapults, {told} are in a funding gap in a usual year"
    return _over_time(comparison, CONTINUITY, title, "Lines: mean over runs, the North.")


def _over_time(study: Study, panels: dict[str, str], title: str, note: str) -> Figure:
    n = len(study.ensemble.names)
    if n <= FEW:
        note += " Bands: the middle 90 % of runs"
        note += ", mostly luck that the futures share." if n > 1 else "."
    with style():
        figure = new_figure(title, 10.0, 7.2, note)
        grid = _grid(figure, len(panels))
        for axes, (metric, heading) in zip(grid, panels.items(), strict=True):
            _level(axes, study, metric, heading)
        add_legend(figure, grid[0], n)
    return figure


def _level(axes: Axes, study: Study, metric: str, heading: str) -> None:
    ensemble, years = study.ensemble, np.arange(study.ensemble.years + 1)
    series = ensemble.series(metric)
    for s, label in enumerate(labels(ensemble)):
        if len(ensemble.names) <= FEW:
            low, high = spread(series[s])
            axes.fill_between(years, low, high, color=colour(s), alpha=BAND_ALPHA, lw=0)
        mean = estimate(series[s], groups=ensemble.groups).mean
        axes.plot(years, mean, dashes(s), color=colour(s), label=label)
    axes.set_title(f"{heading}\n{_unit(study, metric)}")
    _years(axes, ensemble.years)


def _grid(figure: Figure, n: int = 4) -> list[Axes]:
    grid = figure.subplots((n + 1) // 2, 2, squeeze=False)
    return list(grid.ravel())[:n]


def _years(axes: Axes, years: int) -> None:
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    axes.set_xlim(0, max(years, 1))
    axes.set_xlabel("years since the policies parted")
    if max(map(abs, axes.get_ylim())) >= 1000:
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    for year in (5, 10, 20, 30):
        if year < years:
            axes.axvline(year, color=FAINT, linewidth=0.6, zorder=0)


#: Figures of any runs, and those of a comparison, in the order of the story.
OF_RUNS: dict[str, Callable[[Study], Figure]] = {
    "levels": levels,
    "continuity": continuity,
    "money": money.money,
}
OF_PAIRS: dict[str, Callable[[Comparison], Figure]] = {
    "differences": differences,
    "gains": places.gains,
    "concentration": concentration,
    "network": places.network,
}


def all_figures(study: Study) -> Iterator[tuple[str, Figure]]:
    """Every figure that the study has the runs for, one at a time."""
    if isinstance(study, Comparison):
        for name, of_pairs in OF_PAIRS.items():
            yield name, of_pairs(study)
    for name, of_runs in OF_RUNS.items():
        yield name, of_runs(study)
