"""A sensitivity analysis drawn: sizes against the noise floor, ends, shares of the variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.ends import Ends, Flip
from sim.experiments.indices import Indices
from sim.experiments.sensitivity import Sensitivity, ranked
from sim.report.sensitivity_words import label, names, outcome, unit
from sim.report.style import FAINT, GAIN, INK, LOSS, UNSURE, colour, new_figure, style
from sim.report.wording import number, warned

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Factors that a figure has room for; the table has all.
MOST = 20


def screening_figure(found: Sensitivity) -> Figure:
    """The mean size of every leading factor's effects, its interval, and the noise floor."""
    screening, effects = found.screening, found.screening.of_difference
    order = ranked(screening)[:MOST]
    n_told, n = int(effects.is_told.sum()), len(found.plan.setting.factors)
    first, second = names(found.plan)
    title = (
        f"{n_told} of {n} parameters move {first} minus {second} beyond noise, in the "
        f"{outcome(found.plan)}"
    )
    note = warned(
        found.warnings,
        f"The {len(order)} leading ones. Bars: mean size of the change over a parameter's whole "
        "range (μ*), with its 95 % interval. Blue: the difference rises with it; orange: it falls; "
        "grey: cannot be told from noise. Black mark: the noise floor, below which the bar of a "
        "parameter without any effect stays 95 times in 100. Luck: other seeds and nothing else. "
        f"{screening.n_trajectories} trajectories, {found.plan.setting.runs} paired runs a point.",
    )
    labels = [*(label(found.plan.setting.factors[k].name) for k in order), "luck"]
    with style():
        drawn = new_figure(title, 9.5, 2.0 + 0.3 * len(labels), note)
        axes = drawn.subplots()
        for y, k in enumerate([*order, n]):
            is_told = bool(effects.is_told[k])
            tint = (GAIN if effects.mu[k] > 0 else LOSS) if is_told else UNSURE
            size, half = float(effects.mu_star[k]), float(effects.mu_star_conf[k])
            axes.barh(y, size, 0.62, color=tint, alpha=0.85)
            axes.plot([max(size - half, 0.0), size + half], [y, y], color=tint, linewidth=1.4)
            axes.plot([effects.floor[k]] * 2, [y - 0.36, y + 0.36], color=INK, linewidth=2.0)
        axes.axhline(len(order) - 0.5, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(left=0.0)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(f"change over the whole range, mean size, {unit(found.plan)}")
    return drawn


_FLIP_TINTS = {Flip.FLIPS: LOSS, Flip.MAY: "#E69F00", Flip.KEEPS: GAIN, Flip.UNSURE: UNSURE}


def ends_figure(found: Sensitivity, ends: Ends) -> Figure:
    """The difference at both ends of each factor, all others as they are."""
    first, second = names(found.plan)
    factors = ends.setting.factors
    count = {kind: sum(ends.flip(k) is kind for k in range(len(factors))) for kind in Flip}
    title = (
        f"Moved alone, {count[Flip.FLIPS]} of {len(factors)} parameters surely turn the sign of "
        f"{first} minus {second}, and {count[Flip.MAY]} may"
    )
    note = warned(
        found.warnings,
        "Hollow: the low end of a parameter's range; filled: the high end; lines: intervals that "
        f"hold for all points at once (90 %), {ends.runs} paired runs a point. Dashed: all "
        "parameters as they are. Colours: orange-red surely turns the sign, yellow may, blue "
        "surely leaves it, grey cannot be told.",
    )
    with style():
        drawn = new_figure(title, 9.5, 2.0 + 0.5 * len(factors), note)
        axes = drawn.subplots()
        axes.axvline(0.0, color=INK, linewidth=1.2)
        axes.axvline(ends.usual.mean, color=INK, linewidth=1.2, linestyle="dashed")
        axes.axvspan(ends.usual.low, ends.usual.high, color=FAINT, alpha=0.25, linewidth=0)
        for y, factor in enumerate(factors):
            tint = _FLIP_TINTS[ends.flip(y)]
            for lift, end, face in zip((-0.16, 0.16), ends.of(y), ("white", tint), strict=True):
                axes.plot([end.low, end.high], [y + lift] * 2, color=tint, linewidth=1.6)
                axes.plot([end.mean], [y + lift], "o", color=tint, markerfacecolor=face)
            axes.annotate(
                f"{number(factor.values[0])} to {number(factor.values[-1])}\n{ends.flip(y)}",
                (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=7,
            )  # fmt: skip
        axes.set_yticks(range(len(factors)), [label(one.name) for one in factors], fontsize=8)
        axes.set_ylim(len(factors) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(f"{first} minus {second}, {unit(found.plan)}")
    return drawn


def indices_figure(found: Sensitivity, indices: Indices) -> Figure:
    """Shares of the variance: by itself, and in all."""
    shares = indices.shares
    labels = [label(one) for one in indices.setting.names]
    n_alone = int(shares.acts_alone[:-1].sum())
    first, second = names(found.plan)
    title = (
        f"{n_alone} of {len(labels) - 1} parameters surely bring variance of {first} minus "
        f"{second} by themselves"
    )
    note = warned(
        found.warnings,
        "Filled: share of the variance that comes from a parameter alone (first order); hollow: "
        "with all in which it has a part (total). Lines: intervals for all at once (90 %). A "
        "parameter that did nothing but shuffle luck would have the total of luck, shaded. Shares "
        f"below zero are chance of the sample. {indices.n_groups} groups of points.",
    )
    with style():
        drawn = new_figure(title, 9.0, 2.0 + 0.42 * len(labels), note)
        axes = drawn.subplots()
        low, high = (float(shares.total[-1] + sign * shares.total_conf[-1]) for sign in (-1, 1))
        axes.axvspan(low, high, color=FAINT, alpha=0.3, linewidth=0)
        axes.axvline(0.0, color=INK, linewidth=1.0)
        kinds = (
            (-0.14, shares.first, shares.first_conf, shares.acts_alone, True),
            (0.14, shares.total, shares.total_conf, shares.acts_with_others, False),
        )
        for lift, value, half, is_told, is_filled in kinds:
            for y in range(len(labels)):
                tint = colour(0) if is_told[y] and y < len(labels) - 1 else UNSURE
                span = value[y] + half[y] * np.array([-1.0, 1.0])
                axes.plot(span, [y + lift] * 2, color=tint, linewidth=1.6)
                face = tint if is_filled else "white"
                axes.plot([value[y]], [y + lift], "o", color=tint, markerfacecolor=face)
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("share of the variance of the difference")
    return drawn
