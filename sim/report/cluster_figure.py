"""Figures of case studies: the chain of one cluster and the others, or all clusters at once."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.clusters import (
    AREA,
    CLUSTER,
    COMPARATOR,
    OTHER,
    OTHERS,
    OUTCOMES,
    SECTOR_COMPARATOR,
    SECTOR_OTHERS,
    ClusterStudy,
)
from sim.experiments.verdict import Interval
from sim.report.cluster import table_sentence
from sim.report.experiment_figure import shown
from sim.report.style import GAIN, INK, LOSS, UNSURE, new_figure, style
from sim.report.wording import answer, is_sure, labels, region_name, warned
from sim.scenario import LoadedCluster

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = "Blue: more, orange: less, grey: the 90 % interval includes zero."


def tint(row: Any) -> str:
    """Colour of a difference: its sign, where it can be told from zero."""
    if not is_sure(row):
        return UNSURE
    return GAIN if row["estimate"] > 0 else LOSS


def one_cluster(study: ClusterStudy, loaded: LoadedCluster) -> Figure:
    """The chain of a cluster and of its area, and the value added of the others."""
    first, other = labels(study.ensemble)
    row = study.of(loaded, part="chain", place=CLUSTER, metric="gva").iloc[0]
    title = answer(row, first, other, "value added", loaded.cluster.title)
    area = region_name(loaded.cluster.area)
    note = (
        f"{first} minus {other}, mean of {study.ensemble.runs} paired runs with its 90 % interval. "
        f"Left: each row has a scale of its own, with zero in the middle; filled: the cluster, "
        f"hollow: all clusters of {area}; the numbers are the cluster's. Right: value added in "
        f"year {study.ensemble.years}. {_COLOURS}"
    )
    with style():
        figure = new_figure(title, 12.5, 7.2, warned(study.warnings, note))
        halves: Any = figure.subfigures(1, 2, width_ratios=[1.35, 1.0])
        left, right = halves
        _chain(left.subplots(), study, loaded)
        above, below = right.subplots(2, 1, height_ratios=[11, 6])
        _others(above, study, loaded)
        _beyond(below, study, loaded)
    return figure


def _chain(axes: Axes, study: ClusterStudy, loaded: LoadedCluster) -> None:
    here = study.of(loaded, part="chain", place=CLUSTER).reset_index(drop=True)
    area = study.of(loaded, part="chain", place=AREA).reset_index(drop=True)
    for y in range(len(here)):
        for rows, lift, is_filled in ((here, -0.12, True), (area, 0.18, False)):
            row = rows.iloc[y]
            ends = np.array([row["estimate"], row["low"], row["high"]], float)
            known = ends[np.isfinite(ends)]
            reach = max(float(np.max(np.abs(known), initial=0.0)), 1e-300)
            _dot(axes, y + lift, ends / reach, tint(row), is_filled=is_filled)
        row = here.iloc[y]
        text = shown(
            Interval(row["estimate"], row["low"], row["high"]), str(row["unit"]), is_signed=True
        )
        axes.annotate(
            fill(text, 40),
            (1.02, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            color=tint(row) if is_sure(row) else INK,
        )
    names = [
        f"{fill(str(title), 24)}\n{'mean of all years' if 'mean' in period else f'year {year}'}"
        for title, period, year in zip(here.title, here.period, here.year, strict=True)
    ]
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(here)), names, fontsize=8)
    axes.set_ylim(len(here) - 0.4, -0.6)
    axes.set_xlim(-1.12, 1.12)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.set_title("Through which channel: from public money to value added")


def _dot(axes: Axes, y: float, ends: Any, colour: str, *, is_filled: bool = True) -> None:
    middle, low, high = ends
    if not np.isfinite(middle):
        return
    if np.isfinite(low):
        axes.plot([low, high], [y, y], color=colour, linewidth=2.4 if is_filled else 1.4)
    face = colour if is_filled else "white"
    axes.plot([middle], [y], "o", color=colour, markerfacecolor=face, markersize=6, zorder=3)


def _strip(axes: Axes, rows: Sequence[Any], names: Sequence[str], title: str) -> None:
    """A row for each difference, on one scale."""
    for y, row in enumerate(rows):
        _dot(axes, y, (row["estimate"], row["low"], row["high"]), tint(row))
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="x", labelsize=8)
    axes.set_title(title)


def _others(axes: Axes, study: ClusterStudy, loaded: LoadedCluster) -> None:
    own = study.of(loaded, part="chain", place=AREA, metric="gva").iloc[0]
    found = study.of(loaded, part="elsewhere", place=OTHER, metric="gva")
    found = found.sort_values("estimate", ascending=False)
    rows = [own, *(row for _, row in found.iterrows())]
    names = [region_name(row["areas"]) for row in rows]
    _strip(axes, rows, names, "Its area (first) and the other areas, £m a year")
    axes.get_yticklabels()[0].set_fontweight("bold")


def _beyond(axes: Axes, study: ClusterStudy, loaded: LoadedCluster) -> None:
    found = study.of(loaded, part="elsewhere", metric="gva")
    roles = (OTHERS, COMPARATOR, SECTOR_OTHERS, SECTOR_COMPARATOR)
    rows = [row for _, row in found[found.place.isin(roles)].iterrows()]
    names = []
    for row in rows:
        is_sector = row["place"] in (SECTOR_OTHERS, SECTOR_COMPARATOR)
        is_far = row["place"] in (COMPARATOR, SECTOR_COMPARATOR)
        where = region_name(row["areas"]) if is_far else "the other areas"
        names.append(f"its sector, {where}" if is_sector else f"{where}, all sectors")
    _strip(axes, rows, names, "Beyond, £m a year")


def all_clusters(study: ClusterStudy) -> Figure:
    """Clusters by outcomes: a dot and its interval for each."""
    first, other = labels(study.ensemble)
    note = (
        f"Year {study.ensemble.years}, {first} minus {other} in per cent of the latter, mean of "
        f"{study.ensemble.runs} paired runs with its 90 % interval; the sectors of each cluster in "
        f"its area. {_COLOURS}"
    )
    names = [one.cluster.title for one in study.clusters]
    with style():
        figure = new_figure(
            table_sentence(study), 13.0, 1.6 + 0.36 * len(names), warned(study.warnings, note)
        )
        panels = figure.subplots(1, len(OUTCOMES), sharey=True, squeeze=False)[0]
        for axes, one in zip(panels, OUTCOMES, strict=True):
            found = study.table
            where = (found.part == "outcomes") & (found.place == CLUSTER)
            found = found[
                where & (found.metric == one.metric) & (found.year == study.ensemble.years)
            ]
            ends = found[["estimate", "low", "high"]]
            shares = 100.0 * ends.div(found.baseline_mean.abs().replace(0.0, np.nan), axis=0)
            rows = [row for _, row in shares.iterrows()]
            _strip(axes, rows, names, f"{one.title}\nper cent")
    return figure
