"""Figure of the public money of each future: budgeted, spent, and what reached the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.accounts import COLUMNS
from sim.experiments.comparison import Study
from sim.report.style import FEW, colour, new_figure, style
from sim.report.wording import account, each_or_ends, labels, percent, warned

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = ("budget", "spent", "spent_present_value", "delivered", "bid_cost", "unspent")


def money(comparison: Study) -> Figure:
    """Budget, spent and delivered of each future."""
    ensemble = comparison.ensemble
    names = labels(ensemble)
    table = comparison.accounts
    total = table[table.programme == "all"].set_index("scenario").loc[list(ensemble.names)]
    shares = total["delivered"] / total["budget"].where(total["budget"] > 0)
    told = each_or_ends(list(shares.fillna(0.0)), names, percent)
    title = f"What is left of the budget after overhead and the cost of bids: {told}"
    note = "; ".join(f"{key}: {COLUMNS[key]}" for key in ("spent", "delivered")) + (
        ". Awards of the common past are in all of them. Mean of the runs."
    )
    note = warned(comparison.warnings, note)
    values = total[list(SHOWN)]
    with style():
        if len(names) <= FEW:
            figure = new_figure(title, 9.0, 4.8, note)
            _money_by_kind(figure.subplots(), values, names, ensemble.years)
        else:
            figure = new_figure(title, 12.0, 1.8 + 0.3 * len(names), note)
            _money_by_future(figure, values, names, ensemble.years)
    return figure


def _money_by_kind(axes: Axes, values: pd.DataFrame, names: Sequence[str], years: int) -> None:
    """A group of bars for each kind of money, one bar for each of a few futures."""
    from matplotlib.ticker import StrMethodFormatter

    width = 0.8 / len(names)
    for s, label in enumerate(names):
        place = np.arange(len(SHOWN)) + (s - (len(names) - 1) / 2) * width
        heights = values.iloc[s].to_numpy(float)
        bars = axes.bar(place, heights, width, color=colour(s), label=label)
        axes.bar_label(bars, [account(v) for v in heights], fontsize=7, padding=2)
    axes.set_xticks(np.arange(len(SHOWN)), [key.replace("_", " ") for key in SHOWN])
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylabel(f"£m over {years} years, constant prices")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper right")


def _money_by_future(
    figure: Figure, values: pd.DataFrame, names: Sequence[str], years: int
) -> None:
    """A panel for each kind of money, one bar for each of many futures."""
    place = np.arange(len(names))[::-1]
    panels = figure.subplots(1, len(SHOWN), sharey=True)
    for axes, key in zip(panels, SHOWN, strict=True):
        widths = values[key].round(3).to_numpy(float) + 0.0  # no minus zero
        bars = axes.barh(place, widths, color=colour(0))
        axes.bar_label(bars, [account(v) for v in widths], fontsize=7, padding=2)
        axes.set_title(key.replace("_", " "))
        axes.set_xticks([])
        axes.set_xlim(0.0, 1.4 * max(float(widths.max()), 1e-9))
        axes.grid(visible=False)
    panels[0].set_yticks(place, names)
    panels[0].set_xlabel(f"£m over {years} years, constant prices", loc="left")
