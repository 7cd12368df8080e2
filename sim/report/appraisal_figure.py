"""The figure of an appraisal: present values, their sum to date, and places, with intervals."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.appraisal_lines import Table
from sim.experiments.appraisal_table import by_year
from sim.experiments.appraised import Appraisal
from sim.experiments.verdict import Interval
from sim.report.appraisal_words import ratio_words, titles
from sim.report.style import BAND_ALPHA, INK, colour, new_figure, style
from sim.report.wording import listed, region_name, warned
from sim.world import sources

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def figure(appraisal: Appraisal, table: Table) -> Figure:
    """Benefits and costs on the left, with what is left to date below; places on the right."""
    names, called = appraisal.ensemble.names, titles(appraisal)

    def each(case: str) -> str:
        values = (table.of("value", names[s]) for s in appraisal.options)
        return listed([f"£{ratio_words(one['benefit-cost ratio', case])}" for one in values])

    options = listed([called[names[s]] for s in appraisal.options])
    title = (
        f"Under {options} each £1 of outlay brings {each('national')} of value added nationally, "
        f"and {each('local')} to {region_name(appraisal.area)} alone"
    )
    note = (
        f"Against {called[names[-1]]}, mean of {appraisal.ensemble.runs} paired runs with its 90 % "
        f"interval, {appraisal.ensemble.years} years at 3.5 % (3.0 % after year 30); later "
        "benefits are not counted. Value added is no measure of "
        "welfare. "
        "A conditional scenario, not a forecast."
    )
    with style():
        drawn = new_figure(title, 11.0, 7.4, warned(appraisal.warnings, note))
        grid = drawn.add_gridspec(6, 2, width_ratios=[1.1, 1.0])
        _values(drawn.add_subplot(grid[:3, 0]), appraisal, table)
        _to_date(drawn.add_subplot(grid[3:, 0]), appraisal)
        _by_place(drawn.add_subplot(grid[:4, 1]), appraisal, table, is_north=True)
        _by_place(drawn.add_subplot(grid[4:, 1]), appraisal, table, is_north=False)
    return drawn


def _mark(axes: Axes, y: float, found: Interval, tint: str, label: str | None = None) -> None:
    if np.isfinite(found.low):
        axes.plot([found.low, found.high], [y, y], color=tint, linewidth=2.4)
    axes.plot([found.mean], [y], "o", color=tint, markersize=6, label=label)


def _places_of(appraisal: Appraisal, y: float, s: int) -> float:
    """Where the option's mark stands in its row, the first above."""
    n = len(appraisal.options)
    return y + 0.5 * (s - (n - 1) / 2) / n


def _values(axes: Axes, appraisal: Appraisal, table: Table) -> None:
    place = region_name(appraisal.area)
    rows = (
        ("benefits", "local", f"Benefits, {place}"),
        ("benefits", "national", "Benefits, all thirteen regions"),
        ("benefits", "productivity", "of which output a job"),
        ("costs", "national", "Costs: public outlay"),
        ("net present value", "national", "Net present value, national"),
    )
    names, called = appraisal.ensemble.names, titles(appraisal)
    for y, (item, case, _) in enumerate(rows):
        for s in appraisal.options:
            found = table.of("value", names[s])[item, case]
            label = called[names[s]] if y == 0 else None
            _mark(axes, _places_of(appraisal, y, s), found, colour(s), label)
    _finish(axes, [fill(title, 24) for *_, title in rows])
    axes.set_title("Present value, £m")
    axes.legend(loc="upper left", fontsize=8)


def _to_date(axes: Axes, appraisal: Appraisal) -> None:
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    paths = by_year(appraisal)
    for s in appraisal.options:
        one = paths[paths.option == appraisal.ensemble.names[s]]
        axes.fill_between(
            one.year,
            one.net_to_date_low,
            one.net_to_date_high,
            color=colour(s),
            alpha=BAND_ALPHA,
            lw=0,
        )
        axes.plot(one.year, one.net_to_date, color=colour(s))
    axes.axhline(0.0, color=INK, linewidth=1.0)
    axes.set_title("National net present value if it were to end in this year, £m")
    axes.set_xlabel("years since the policies parted")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _by_place(axes: Axes, appraisal: Appraisal, table: Table, *, is_north: bool) -> None:
    """The areas of the North, or, on a scale of their own, the comparators and everybody."""
    regions = sorted(sources.regions(), key=lambda one: one.gva / one.population)
    rows = [region.id for region in regions if region.is_north == is_north]
    for s in appraisal.options:
        found = table.of("places", appraisal.ensemble.names[s])
        values = [found["value added", one] for one in rows]
        if not is_north:
            value = table.of("value", appraisal.ensemble.names[s])["benefits", "national"]
            values.append(value)
        for y, one in enumerate(values):
            _mark(axes, _places_of(appraisal, y, s), one, colour(s))
    names = [region_name(one) for one in rows]
    _finish(axes, names if is_north else [*names, "all thirteen regions"])
    axes.set_title(
        "Change in value added by place, £m\nleast value added a head first"
        if is_north
        else "The same elsewhere, on another scale"
    )


def _finish(axes: Axes, rows: list[str]) -> None:
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
