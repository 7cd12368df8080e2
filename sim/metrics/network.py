"""The network of collaboration: how many ties, of which sort, and in which shape.

The graph of an area has as nodes its organisations that do research or have a tie inside it, and
as edges the ties with both ends there; rows count once, whatever their weight. Every measure is
linear in the ties but for triangles, whose search is bounded by ties^1.5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.metrics.agglomeration import gini
from sim.metrics.metric import Metric, property_of, ratio, stock
from sim.quarter.collaborate.ties import neighbours
from sim.world.state import World

#: Organisations from which path lengths are measured: one for each bit of a word.
SOURCES = 64


@kernel
def transitivity(first, neighbour):
    """3 · triangles / connected triples; NaN without a triple.

    Each tie is walked from its end of lower degree only, so that each triangle is found once and
    hubs cost little.
    """
    n = first.shape[0] - 1
    start = np.zeros(n + 1, np.int64)
    onward = np.empty(neighbour.shape[0] // 2 + 1, np.int64)
    triples, m = 0, 0
    for i in range(n):
        d = first[i + 1] - first[i]
        triples += d * (d - 1) // 2
        for a in range(first[i], first[i + 1]):
            j = neighbour[a]
            dj = first[j + 1] - first[j]
            onward[m] = j  # the next is written over it, unless this one counts
            m += (dj > d) | ((dj == d) & (j > i))
        start[i + 1] = m
    mark = np.zeros(n, np.int64)  # one more than the node that marks
    triangles = 0
    for i in range(n):
        for a in range(start[i], start[i + 1]):
            mark[onward[a]] = i + 1
        for a in range(start[i], start[i + 1]):
            j = onward[a]
            for b in range(start[j], start[j + 1]):
                triangles += mark[onward[b]] == i + 1
    return 3.0 * triangles / triples if triples > 0 else np.nan


@kernel
def components(first, neighbour):
    """Component of each node, numbered in the order of their first nodes."""
    n = first.shape[0] - 1
    label = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int64)
    count = 0
    for start in range(n):
        if label[start] >= 0:
            continue
        label[start] = count
        queue[0] = start
        head, tail = 0, 1
        while head < tail:
            i = queue[head]
            head += 1
            for a in range(first[i], first[i + 1]):
                j = neighbour[a]
                if label[j] < 0:
                    label[j] = count
                    queue[tail] = j
                    tail += 1
        count += 1
    return label


@kernel
def mean_path_length(first, neighbour, sources):
    """Mean steps from at most 64 ``sources`` to every node that they reach; NaN for none.

    One breadth-first search for all sources together: bit k of a node's word says that source k
    has reached it.
    """
    n = first.shape[0] - 1
    seen = np.zeros(n, np.uint64)
    for k in range(sources.shape[0]):
        seen[sources[k]] |= np.uint64(1) << np.uint64(k)
    front = seen.copy()
    reached = np.zeros(n, np.uint64)
    zero, one = np.uint64(0), np.uint64(1)
    level, pairs, steps = 0, 0, 0
    is_moving = True
    while is_moving:
        is_moving = False
        level += 1
        reached[:] = zero
        for i in range(n):
            if front[i] != zero:
                for a in range(first[i], first[i + 1]):
                    reached[neighbour[a]] |= front[i]
        for i in range(n):
            fresh = reached[i] & ~seen[i]
            front[i] = fresh
            seen[i] |= fresh
            while fresh != zero:
                is_moving = True
                pairs += 1
                steps += level
                fresh &= fresh - one
    return steps / pairs if pairs > 0 else np.nan


@kernel
def mixing(source, target, degree, region, n_regions):
    """Degree assortativity (Newman 2002), and modularity of the partition by region.

    Assortativity is the correlation of the degrees at the two ends of a tie; modularity is
    Σ_c [L_c / m − (d_c / 2m)²], with L_c the ties inside region c and d_c the sum of its degrees.
    NaN where either has no meaning.
    """
    m = source.shape[0]
    inside = np.zeros(n_regions)
    ends = np.zeros(n_regions)
    product, total, square = 0.0, 0.0, 0.0
    for t in range(m):
        i, j = source[t], target[t]
        a, b = float(degree[i]), float(degree[j])
        product += a * b
        total += 0.5 * (a + b)
        square += 0.5 * (a * a + b * b)
        ends[region[i]] += 1.0
        ends[region[j]] += 1.0
        if region[i] == region[j]:
            inside[region[i]] += 1.0
    if m == 0:
        return np.nan, np.nan
    mean = total / m
    variance = square / m - mean * mean
    assortativity = np.nan
    if variance > 1e-12 * mean * mean:
        assortativity = (product / m - mean * mean) / variance
    modularity = 0.0
    for c in range(n_regions):
        modularity += inside[c] / m - (ends[c] / (2.0 * m)) ** 2
    return assortativity, modularity


@kernel
def graph_inside(source_row, target_row, region, is_active, mask):
    """See ``graph_of``, which it does in one walk over ties and one over organisations."""
    n, n_ties = region.shape[0], source_row.shape[0]
    number = np.full(n, -1, np.int64)
    source, target = np.empty(n_ties, np.int64), np.empty(n_ties, np.int64)
    m = 0
    for t in range(n_ties):
        i, j = source_row[t], target_row[t]
        if mask[region[i]] and mask[region[j]]:
            number[i] = number[j] = 0
            source[m], target[m] = i, j
            m += 1
    rows = np.empty(n, np.int64)
    n_nodes = 0
    for i in range(n):
        if number[i] == 0 or (is_active[i] and mask[region[i]]):
            number[i] = n_nodes
            rows[n_nodes] = i
            n_nodes += 1
    for t in range(m):
        source[t], target[t] = number[source[t]], number[target[t]]
    return rows[:n_nodes], source[:m], target[:m]


def graph_of(
    world: World, mask: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the nodes of an area, and the ends of its ties as numbers of nodes."""
    o, t = world.organisations, world.ties
    rows, source, target = graph_inside(
        t.source_row, t.target_row, o.region, o.is_research_active, mask
    )
    return rows, source, target


def shape(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    region: NDArray[np.int64],
    rank: NDArray[np.float64],
) -> dict[str, float]:
    """Every measure of the shape of one graph, given the ends of its ties as numbers of nodes.

    ``region`` and ``rank`` (nodes,) are the part to which a node belongs, and the order in which
    the nodes are asked for their paths: lowest first.
    """
    n, m = len(region), len(source)
    first, neighbour, _ = neighbours(source, target, n)
    degree = np.diff(first)
    with_degree = np.bincount(degree).astype(np.float64)
    label = components(first, neighbour)
    size = np.bincount(label) if n else np.zeros(1, np.int64)
    giant = np.flatnonzero(label == int(np.argmax(size)))
    asked = giant
    if len(giant) > SOURCES:  # who they are, and not their order, matters
        asked = giant[np.argpartition(rank[giant], SOURCES)[:SOURCES]]
    n_regions = int(region.max(initial=0)) + 1
    assortativity, modularity = mixing(source, target, degree, region, n_regions)
    clustering = transitivity(first, neighbour)
    by_chance = 2.0 * m / (n * (n - 1.0)) if n > 1 and m else np.nan
    return {
        "nodes": n,
        "degree_max": int(degree.max(initial=0)),
        "degree_gini": gini(np.arange(len(with_degree), dtype=np.float64), with_degree),
        "clustering": clustering,
        "clustering_against_chance": clustering / by_chance,
        "components": int(size.sum() and len(size)),
        "giant_share": float(size.max() / n) if n else np.nan,
        "isolated_share": float(with_degree[0] / n) if n else np.nan,
        "path_length": mean_path_length(first, neighbour, asked),
        "assortativity": assortativity,
        "modularity": modularity,
    }


def measure(world: World, mask: NDArray[np.bool_]) -> dict[str, Any]:
    """The shape of the network of rows inside the regions in ``mask``.

    Paths are measured from those lowest on the ring: the same in both futures, while they live.
    """
    o = world.organisations
    rows, source, target = graph_of(world, mask)
    return shape(source, target, o.region[rows], o.ring[rows])


# One line a metric reads as the table that it is.
# ruff: noqa: E501
# fmt: off
METRICS: tuple[Metric, ...] = (
    stock("ties", "ties", "ties of rows; one half counts at each end"),
    ratio("mean_degree", "ties", "ties of a research organisation", "degree_sum", "research_organisations"),
    ratio("trust", "0–1", "mean trust of ties", "trust_sum", "ties"),
    ratio("cross_region_share", "share", "part of ties between two regions", "ties_across_regions", "ties"),
    ratio("cross_sector_share", "share", "part of ties between two sectors", "ties_across_sectors", "ties"),
    ratio("firm_institution_share", "share", "part of ties between a firm and a laboratory or catapult", "ties_firm_institution", "ties"),
    ratio("repeat_partner_share", "share", "part of ties that were worked on more than once", "ties_repeated", "ties"),
    ratio("brokered_share", "share", "part of ties that a catapult introduced", "ties_brokered", "ties"),
    stock("ties_new", "ties", "ties formed in the year and alive at its end"),
    ratio("tie_survival", "share", "ties alive of those that were new two years ago", "ties_kept", "ties_new", lag=2),
    ratio("brokered_survival", "share", "brokered ties alive of those that were new two years ago", "brokered_kept", "brokered_new", lag=2),
    property_of(measure, "nodes", "organisations", "rows that do research or have a tie inside the area"),
    property_of(measure, "degree_max", "ties", "ties of the best connected"),
    property_of(measure, "degree_gini", "0–1", "inequality of degrees"),
    property_of(measure, "clustering", "0–1", "transitivity: three times the triangles over the connected triples"),
    property_of(measure, "clustering_against_chance", "multiple", "clustering against that of a random graph of the same density"),
    property_of(measure, "components", "components", "separate parts of the network, single organisations included"),
    property_of(measure, "giant_share", "share", "organisations in the largest part"),
    property_of(measure, "isolated_share", "share", "research organisations without a tie in the area"),
    property_of(measure, "path_length", "steps", "mean path in the largest part, from at most 64 organisations"),
    property_of(measure, "assortativity", "−1–1", "correlation of degrees at the two ends of a tie"),
    property_of(measure, "modularity", "−0.5–1", "ties inside regions beyond what degrees alone would give"),
)
