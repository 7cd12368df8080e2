"""The waterfall: how the parts add up to the whole difference, each with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.attribution import Attribution
from sim.experiments.verdict import Interval
from sim.report.attribution_words import cell
from sim.report.style import FAINT, GAIN, INK, LOSS, UNSURE, new_figure, style
from sim.report.wording import warned

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_READING = (
    "Each bar begins where the one above it ends; the last one is the whole, which they add up to. "
    "Lines: 90 % interval of a part, around its end. Blue: more; orange: less; grey: cannot be "
    "told from zero."
)


def figure(found: Attribution, title: str, rest: str, whole: str) -> Figure:
    """A bar for each part in the order of size, and the whole below."""
    e, n = found.estimates, len(found.players)
    order = np.argsort(-np.abs(e.mean[:n]), kind="stable").tolist()
    names = [found.players[k].label for k in order]
    if found.plan.is_channels:
        order, names = [n, *order], [rest, *names]
    columns, names = [*order, n + 1], [*names, whole]
    with style():
        sets = "" if found.groups is None else ", each with one of several parameter sets"
        note = warned(found.warnings, f"{_READING} {found.runs} runs{sets}.")
        drawn = new_figure(title, 9.5, 1.9 + 0.42 * len(names), note)
        axes = drawn.subplots()
        end = 0.0
        for y, k in enumerate(columns):
            begin = 0.0 if k == n + 1 else end
            part = Interval(float(e.mean[k]), float(e.low[k]), float(e.high[k]))
            end = begin + part.mean
            is_sure = part.low > 0.0 or part.high < 0.0
            tint = (GAIN if part.mean > 0 else LOSS) if is_sure else UNSURE
            axes.barh(y, part.mean, 0.62, left=begin, color=tint, alpha=0.85)
            if math.isfinite(part.low):
                axes.plot([begin + part.low, begin + part.high], [y, y], color=INK, linewidth=1.2)
            if k != n + 1:
                axes.plot([end, end], [y + 0.31, y + 0.69], color=FAINT, linewidth=1.0)
            axes.annotate(
                cell(part),
                (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8,
                color=tint if is_sure else INK,
            )  # fmt: skip
        axes.axhline(len(names) - 1.5, color=INK, linewidth=0.8)
        axes.axvline(0.0, color=INK, linewidth=1.0)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(f"part of the difference, {found.plan.metric.unit}")
    return drawn
