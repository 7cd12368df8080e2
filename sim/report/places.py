"""Figures of places: who gains and who loses, on a map and with intervals; the network."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.comparison import Comparison
from sim.experiments.future import live, start
from sim.experiments.graphs import collaboration_graph
from sim.experiments.milestones import HEADLINE_METRIC
from sim.report.style import FAINT, GAIN, INK, LOSS, UNSURE, colour, new_figure, style
from sim.report.wording import is_sure, labels, listed, region_name, warned
from sim.world import sources
from sim.world.state import World

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Degrees; a degree of longitude is 0.58 of one of latitude at 54.5° north.
NORTH_BOX = (-3.9, 0.4, 52.85, 55.9)
ASPECT = 1.0 / 0.58
# Futures whose networks are drawn side by side: the first ones.
MOST_NETWORKS = 3
# Where a name goes beside its dot, across and up, for areas whose neighbours are close.
LABEL_SIDES = {
    "liverpool_city_region": (-1, 0),
    "lancashire": (-1, 1),
    "cheshire_warrington": (0, -1),
    "greater_manchester": (0, 1),
    "west_yorkshire": (-1, 1),
    "south_yorkshire": (1, -1),
    "york_north_yorkshire": (0, 1),
    "hull_east_yorkshire": (0, -1),
}


@cache
def coast() -> list[NDArray[np.float64]]:
    """Outlines of land, each (points, 2) as longitude and latitude."""
    text = (sources.DATA / "coastline.geojson").read_text(encoding="utf-8")
    polygons = json.loads(text)["geometry"]["coordinates"]
    return [np.array(ring, float) for polygon in polygons for ring in polygon]


def draw_map(axes: Axes, box: tuple[float, float, float, float] = NORTH_BOX) -> None:
    """Land as the ground of a map."""
    for ring in coast():
        axes.fill(ring[:, 0], ring[:, 1], facecolor="#F2F2EE", edgecolor=FAINT, linewidth=0.6)
    axes.set_xlim(box[0], box[1])
    axes.set_ylim(box[2], box[3])
    axes.set_aspect(ASPECT)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def regional(comparison: Comparison, baseline: int = 1) -> pd.DataFrame:
    """Headline differences of the eleven areas at the last year, the largest gain first."""
    ensemble, paired = comparison.ensemble, comparison.paired
    north = [region.id for region in sources.regions() if region.is_north]
    rows = paired[
        (paired.metric == HEADLINE_METRIC)
        & (paired.year == ensemble.years)
        & (paired.baseline == ensemble.names[baseline])
        & paired.region.isin(north)
    ]
    return rows.sort_values("estimate", ascending=False, ignore_index=True)


def gains(comparison: Comparison) -> Figure:
    """Gains and losses of the eleven areas: intervals beside a map."""
    first, other = labels(comparison.ensemble)[:2]
    rows = regional(comparison)
    title = _gains_title(rows, first, other, comparison.ensemble.years)
    sure = [is_sure(row) for _, row in rows.iterrows()]
    colours = [
        (GAIN if value > 0 else LOSS) if known else UNSURE
        for value, known in zip(rows.estimate, sure, strict=True)
    ]
    note = (
        f"Value added of the clusters, £m a year: {first} minus {other}, mean of "
        f"{comparison.ensemble.runs} paired runs with its 90 % interval. Blue: gain, orange: loss, "
        "grey: the interval includes zero. Areas of the dots on the map follow the size."
    )
    note = warned(comparison.warnings, note)
    with style():
        figure = new_figure(title, 11.0, 5.6, note)
        left, right = figure.subplots(1, 2, width_ratios=[1.15, 1.0])
        place = np.arange(len(rows))[::-1]
        left.hlines(place, rows.low, rows.high, color=colours, linewidth=2.5)
        left.scatter(rows.estimate, place, color=colours, s=40, zorder=3)
        left.axvline(0.0, color=INK, linewidth=1.0)
        left.set_yticks(place, [region_name(code) for code in rows.region])
        left.set_xlabel(f"£m a year, {first} minus {other}")
        draw_map(right)
        _dots(right, rows, colours)
    return figure


def _gains_title(rows: pd.DataFrame, first: str, other: str, years: int) -> str:
    up = int(np.sum(rows.low > 0))
    down = int(np.sum(rows.high < 0))
    if up + down == 0:
        return (
            f"After {years} years no region's gain or loss under {first} against {other} can be "
            "told from zero"
        )
    return (
        f"After {years} years {up} of {len(rows)} regions gain under {first} against {other}, "
        f"{down} lose, and {len(rows) - up - down} cannot be told apart"
    )


def _dots(axes: Axes, rows: pd.DataFrame, colours: list[str]) -> None:
    where = {region.id: (region.longitude, region.latitude) for region in sources.regions()}
    largest = max(float(rows.estimate.abs().max()), 1e-12)
    for (_, row), tint in zip(rows.iterrows(), colours, strict=True):
        x, y = where[row.region]
        size = 40 + 700 * abs(row.estimate) / largest
        axes.scatter(x, y, s=size, color=tint, alpha=0.75, edgecolor="white", zorder=3)
        across, up = LABEL_SIDES.get(row.region, (0, 1))
        away = 4 + np.sqrt(size) / 2
        axes.annotate(
            region_name(row.region),
            (x, y),
            fontsize=7,
            ha=("right", "center", "left")[across + 1],
            va=("top", "center", "bottom")[up + 1],
            xytext=(across * away, up * away),
            textcoords="offset points",
        )


def worlds(comparison: Comparison) -> tuple[World, list[World]]:
    """The first run lived again: the common start, and the end of each future."""
    ensemble = comparison.ensemble
    task, first = ensemble.task, int(ensemble.indices[0])
    past = start(task, ensemble.seeds[0], first)
    ends = [live(past.fork(scenario), task.years).world for scenario in task.of(first)]
    return past.world, ends


def network(comparison: Comparison) -> Figure:
    """The collaboration network of one run in the North, before and after."""
    names = labels(comparison.ensemble)[:MOST_NETWORKS]
    before, after = worlds(comparison)
    years = comparison.ensemble.years
    graphs = [_north(collaboration_graph(world)) for world in (before, *after[:MOST_NETWORKS])]
    ties = [graph.number_of_edges() for graph in graphs]
    parts = [f"{n:,} under {name}" for n, name in zip(ties[1:], names, strict=True)]
    title = f"In one run, the North's {ties[0]:,} ties become {listed(parts)} after {years} years"
    note = (
        "Live ties between organisations of the North, run 1. Green: laboratories, pink: "
        "catapults and national centres, at their places; small grey: firms, scattered around "
        "their region. Blue ties cross regions; grey ones do not. Lines stand for rows of the "
        "model, which may stand for several real firms."
    )
    with style():
        figure = new_figure(title, 4.2 * len(graphs), 6.4, note)
        for axes, graph, name in zip(
            figure.subplots(1, len(graphs)), graphs, ("at the common start", *names), strict=True
        ):
            draw_map(axes)
            _draw(axes, graph)
            axes.set_title(name if name == "at the common start" else f"{name}, year {years}")
    return figure


def _north(graph: Any) -> Any:
    return graph.subgraph([node for node, data in graph.nodes(data=True) if data["is_north"]])


def _draw(axes: Axes, graph: Any) -> None:
    import networkx as nx

    place = {node: _place(node, data) for node, data in graph.nodes(data=True)}
    region = {node: data["region"] for node, data in graph.nodes(data=True)}
    crossing = [edge for edge in graph.edges if region[edge[0]] != region[edge[1]]]
    inside = [edge for edge in graph.edges if region[edge[0]] == region[edge[1]]]
    for edges, tint, alpha in ((inside, "#777777", 0.25), (crossing, colour(0), 0.18)):
        nx.draw_networkx_edges(
            graph, place, edges, ax=axes, edge_color=tint, alpha=alpha, width=0.5
        )
    for kind, tint, size in (
        ("firm", "#888888", 2.0),
        ("laboratory", colour(2), 14.0),
        ("catapult", colour(3), 34.0),
    ):
        nodes = [node for node, data in graph.nodes(data=True) if data["kind"] == kind]
        nx.draw_networkx_nodes(
            graph, place, nodes, ax=axes, node_color=tint, node_size=size, linewidths=0.0
        )


def _place(uid: int, data: dict[str, Any]) -> tuple[float, float]:
    """Institutions at their place; firms scattered about their region's, alike in every picture."""
    reach = 0.22 if data["kind"] == "firm" else 0.03
    # The golden angle and a hash of the identity spread dots evenly over a disc.
    turn, out = (uid % 9973) * 2.399963, np.sqrt((uid % 7919) / 7919)
    return (
        data["longitude"] + reach * ASPECT * out * np.cos(turn),
        data["latitude"] + reach * out * np.sin(turn),
    )
