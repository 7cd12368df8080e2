"""The figure of an experiment: arms and their control, the expectation and what was found."""

from __future__ import annotations

import math
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.experiment import LOST, ExperimentStudy, Result
from sim.experiments.measuring import path, unit
from sim.experiments.statistics import estimate
from sim.experiments.verdict import Interval, Verdict
from sim.report.matrix_figure import matrix_figure
from sim.report.style import BAND_ALPHA, FAINT, GAIN, INK, LOSS, UNSURE, colour, new_figure, style
from sim.report.wording import quantity
from sim.scenario.experiments import Expectation, FigureKind, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SURE = (Verdict.EMERGED, Verdict.DID_NOT)
TINTS = {Verdict.EMERGED: GAIN, Verdict.DID_NOT: LOSS, Verdict.UNSURE: UNSURE}
_READING = (
    "Dots: mean over the runs with its 90 % interval, coloured by the verdict on the claim: blue "
    "emerged, orange did not, grey cannot be told. Hollow: the same with the mechanism off. "
    "Shaded: what theory expects."
)


def shown(interval: Interval | None, unit: str, *, is_signed: bool) -> str:
    """A mean with its interval in words: +0.2 (+0.1 to +0.3), £12m a year."""
    if interval is None:
        return "–"
    if not math.isfinite(interval.mean):
        return "no value"
    middle = quantity(interval.mean, unit, signed=is_signed)
    if interval.low == interval.high:
        return middle
    if not math.isfinite(interval.low):
        return f"{middle}, one run"
    ends = (
        quantity(end, unit, signed=is_signed).removesuffix(_tail(unit))
        for end in (interval.low, interval.high)
    )
    return f"{middle} ({' to '.join(ends)})"


def _tail(unit: str) -> str:
    return unit[2:] if unit.startswith("£m") else f" {unit}"


def figure(study: ExperimentStudy, title: str) -> Figure:
    """What the file asks for: claims, arms over time, responses to a dose, or a matrix."""
    kind = study.loaded.experiment.figure
    if kind is FigureKind.MATRIX:
        return matrix_figure(study, title)
    groups = _groups(study)
    n_rows = sum(len(one) for one in groups.values())
    ensemble = study.ensemble
    runs = f" {ensemble.runs} runs of {ensemble.years} years." if ensemble is not None else ""
    runs = " ".join([runs, *study.warnings])
    with style():
        if kind is FigureKind.DOSES:
            columns = min(len(groups), 3)
            lines = -(-len(study.results) // columns)
            drawn = new_figure(title, 3.5 * columns + 0.5, 3.4 * lines + 0.8, _DOSES + runs)
            panels = drawn.subplots(lines, columns, squeeze=False).ravel()
            for axes, one in zip(panels, study.results, strict=False):
                _doses(axes, study, one)
            for axes in panels[len(study.results) :]:
                axes.set_axis_off()
            return drawn
        is_over_time = kind is FigureKind.OVER_TIME and ensemble is not None
        note = (_LINES if is_over_time else "") + _READING + runs
        height = (3.2 if is_over_time else 0.6) + 0.62 * n_rows + 0.75 * len(groups) + 0.5
        drawn = new_figure(title, 10.0, height, note)
        below: Any = drawn
        if is_over_time:
            halves: Any = drawn.subfigures(2, 1, height_ratios=[3.2, height - 4.2])
            above, below = halves
            paths = above.subplots(1, len(groups), squeeze=False)[0]
            for axes, (outcome, results) in zip(paths, groups.items(), strict=True):
                _over_time(axes, study, outcome, results, len(groups))
        ratios = [len(one) + 0.3 for one in groups.values()]
        panels = below.subplots(len(groups), 1, squeeze=False, height_ratios=ratios)[:, 0]
        for axes, (outcome, results) in zip(panels, groups.items(), strict=True):
            _differences(axes, study, outcome, results)
    return drawn


_LINES = "Lines: mean of each arm over the runs, with its 90 % interval. "
_DOSES = (
    "Each dot: mean difference from the first dose over paired runs, with its 90 % interval; the "
    "ring marks the best dose between the ends. Grey and dashed: the same with the mechanism off."
)


def _groups(study: ExperimentStudy) -> dict[str, list[Result]]:
    """Results by the outcome that decides on them, in the order of the file."""
    found: dict[str, list[Result]] = {}
    for one in study.results:
        found.setdefault(one.finding.outcome, []).append(one)
    return found


def _heading(study: ExperimentStudy, outcome: str, words: str) -> str:
    stated = study.outcomes.get(outcome, LOST)
    name = "share" if study.ensemble is None or stated is LOST else unit(study.ensemble, stated)
    return f"{_name(stated)}\n{words}{name}"


def _name(outcome: Outcome) -> str:
    return outcome.title or outcome.metric.replace("_", " ")


def _differences(axes: Axes, study: ExperimentStudy, outcome: str, results: list[Result]) -> None:
    """A row for each claim."""
    from matplotlib.ticker import MaxNLocator

    for y, one in enumerate(results):
        _expected(axes, y, one)
        lift = 0.12 if one.control is not None else 0.0
        _mark(axes, y - lift, one.found, TINTS[one.verdict], is_filled=True)
        if one.control is not None:
            _mark(axes, y + 0.2, one.control, UNSURE, is_filled=False)
        _say(axes, y, one)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    labels = [fill(one.finding.claim, 48) for one in results]
    axes.set_yticks(range(len(results)), labels, fontsize=8)
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    stated = study.outcomes.get(outcome, LOST)
    words = "rise since the start, " if stated.since_start else ""
    if all(len(one.finding.compare) > 1 for one in results):
        words += "difference, "
    axes.set_title(_heading(study, outcome, words))


def _say(axes: Axes, y: float, one: Result) -> None:
    """The numbers beside the row: what was found, and by how much more than in the control."""
    is_signed = len(one.finding.compare) > 1
    text = shown(one.found, one.unit, is_signed=is_signed)
    if one.excess is not None:
        text += f"\nbeyond the control {shown(one.excess, one.unit, is_signed=True)}"
    axes.annotate(
        f"{text}\n{one.verdict}", (1.01, y), xycoords=("axes fraction", "data"),
        va="center", fontsize=7, color=TINTS[one.verdict] if one.verdict in SURE else INK,
    )  # fmt: skip


def _expected(axes: Axes, y: float, one: Result) -> None:
    finding = one.finding
    box: Any = {"color": FAINT, "alpha": 0.25, "linewidth": 0, "zorder": 0}
    if finding.expect is Expectation.WITHIN:
        axes.barh(y, finding.high - finding.low, 0.9, left=finding.low, **box)
        return
    ends = [one.found.low, one.found.high, one.found.mean, finding.than]
    if one.control is not None:
        ends += [one.control.low, one.control.high]
    reach = 1.1 * max(abs(end - finding.than) for end in ends if np.isfinite(end))
    side = -1.0 if finding.expect is Expectation.BELOW else 1.0
    axes.barh(y, side * reach, 0.9, left=finding.than, **box)


def _mark(axes: Axes, y: float, found: Interval, tint: str, *, is_filled: bool) -> None:
    if not np.isfinite(found.mean):
        return
    if np.isfinite(found.low):
        axes.plot([found.low, found.high], [y, y], color=tint, linewidth=2.4 if is_filled else 1.4)
    face = tint if is_filled else "white"
    axes.plot([found.mean], [y], "o", color=tint, markerfacecolor=face, markersize=6)


def _over_time(
    axes: Axes, study: ExperimentStudy, outcome: str, results: list[Result], n_panels: int
) -> None:
    """The arms of the first claim, and its control; one of ``n_panels`` beside each other."""
    assert study.ensemble is not None
    ensemble, stated = study.ensemble, study.outcomes[outcome]
    names = list(dict.fromkeys(results[0].finding.compare + results[0].finding.control))
    lines, years = path(ensemble, stated), np.arange(ensemble.years + 1)
    for number, name in enumerate(names):
        found = estimate(lines[ensemble.names.index(name)])
        axes.fill_between(
            years, found.low, found.high, color=colour(number), alpha=BAND_ALPHA, lw=0
        )
        axes.plot(years, found.mean, color=colour(number), label=study.title_of(name))
    words = "rise since the start, " if stated.since_start else ""
    heading, below = _heading(study, outcome, words).split("\n")
    axes.set_title(f"{fill(heading, 100 // n_panels)}\n{below}", fontsize=9)
    axes.set_xlim(0, max(ensemble.years, 1))
    axes.set_xlabel("years")
    axes.legend(loc="upper left", fontsize=8)


def _doses(axes: Axes, study: ExperimentStudy, one: Result) -> None:
    """The response to each dose against the first one."""
    values = study.values[one.finding.outcome]
    tinted = TINTS[one.verdict] if one.verdict in SURE else INK
    for names, tint, found, line in (
        (one.finding.control, FAINT, one.control_hump, "--"),
        (one.finding.compare, tinted, one.hump, "-"),
    ):
        if not names or found is None:
            continue
        points = [Interval.of(values[name] - values[names[0]]) for name in names]
        middle = np.array([p.mean for p in points])
        axes.plot(range(len(names)), middle, line, marker="o", color=tint, markersize=5)
        for x, p in enumerate(points):
            axes.plot([x, x], [p.low, p.high], color=tint, linewidth=1.6)
        axes.plot(
            [found.peak], [middle[found.peak]], "o", color=tint, markersize=12, fillstyle="none"
        )
    labels = [fill(study.title_of(name), 8) for name in one.finding.compare]
    axes.set_xticks(range(len(labels)), labels, fontsize=7)
    axes.axhline(0.0, color=INK, linewidth=1.0)
    claim = fill(f"{one.finding.claim}: {one.verdict}", 46)
    axes.set_title(claim, fontsize=8, color=tinted)
    axes.set_ylabel(f"difference, {one.unit}", fontsize=8)
