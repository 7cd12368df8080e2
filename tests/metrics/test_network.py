"""The compiled measures against NetworkX on random graphs, and the sorts of ties by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import SOUTH, observed, tiny_world, value

from sim.metrics.history import History
from sim.metrics.network import SOURCES, measure
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

EVERYWHERE = np.ones(13, np.bool_)
Edge = tuple[int, int]


def world_of(n: int, edges: list[Edge], regions: list[int]) -> World:
    columns = {"region": regions, "is_research_active": [True] * n}
    return tiny_world(columns, edges)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Edge], list[int]]:
    n = draw(st.integers(2, 40))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=90))
    edges = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    return n, edges, draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))


def reference(n: int, edges: list[Edge], regions: list[int]) -> dict[str, float]:
    """The same measures by NetworkX."""
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(edges)
    parts = sorted(nx.connected_components(graph), key=lambda p: (-len(p), min(p)))
    degree = np.array([d for _, d in graph.degree()])
    found = {
        "nodes": n,
        "degree_max": degree.max(),
        "components": len(parts),
        "giant_share": len(parts[0]) / n,
        "isolated_share": np.mean(degree == 0),
        "clustering": nx.transitivity(graph) if (degree > 1).any() else np.nan,
        "path_length": np.nan,
        "assortativity": np.nan,
        "modularity": np.nan,
    }
    if len(parts[0]) > 1:
        found["path_length"] = nx.average_shortest_path_length(graph.subgraph(parts[0]))
    if edges:
        partition = [{i for i in range(n) if regions[i] == r} for r in range(4)]
        found["modularity"] = nx.community.modularity(graph, partition)
        ends = {degree[i] for edge in edges for i in edge}
        if len(ends) > 1:
            found["assortativity"] = nx.degree_assortativity_coefficient(graph)
    return found


@settings(deadline=None)
@given(graphs())
def test_equal_to_networkx(drawn: tuple[int, list[Edge], list[int]]) -> None:
    n, edges, regions = drawn
    found = measure(world_of(n, edges, regions), EVERYWHERE)
    for name, expected in reference(n, edges, regions).items():
        assert found[name] == pytest.approx(expected, abs=1e-9, nan_ok=True), name


def test_equal_to_networkx_on_a_graph_with_hubs() -> None:
    n = 400
    graph = nx.barabasi_albert_graph(n, 3, seed=5)
    edges = [(min(e), max(e)) for e in graph.edges()]
    regions = [i % 4 for i in range(n)]
    found = measure(world_of(n, edges, regions), EVERYWHERE)
    expected = reference(n, edges, regions)
    for name in ("clustering", "assortativity", "modularity", "components"):
        assert found[name] == pytest.approx(expected[name])
    # The first 64 of the ring are the oldest nodes here, so paths from them are a sample.
    sample = [nx.single_source_shortest_path_length(graph, i) for i in range(SOURCES)]
    mean = sum(sum(lengths.values()) for lengths in sample) / (SOURCES * (n - 1))
    assert found["path_length"] == pytest.approx(mean)


def test_a_triangle_with_a_tail() -> None:
    """One triangle and five connected triples: 3 / 5."""
    found = measure(world_of(4, [(0, 1), (0, 2), (1, 2), (2, 3)], [0, 0, 0, 0]), EVERYWHERE)
    assert found["clustering"] == pytest.approx(0.6)
    assert found["clustering_against_chance"] == pytest.approx(0.6 / (4.0 / 6.0))
    assert found["path_length"] == pytest.approx(8.0 / 6.0)


def test_no_tie_at_all() -> None:
    found = measure(world_of(3, [], [0, 1, 2]), EVERYWHERE)
    assert (found["nodes"], found["components"], found["giant_share"]) == (3, 3, 1.0 / 3.0)
    for name in ("clustering", "path_length", "assortativity", "modularity"):
        assert np.isnan(found[name])


def test_nobody_at_all() -> None:
    world = tiny_world({"region": [0, 0]})
    found = measure(world, EVERYWHERE)
    assert found["nodes"] == 0
    assert found["components"] == 0
    assert np.isnan(found["giant_share"])


def test_an_area_has_the_ties_with_both_ends_in_it() -> None:
    world = world_of(3, [(0, 1), (1, 2)], [0, 1, SOUTH])
    found = measure(world, world.regions.is_north)
    assert (found["nodes"], found["components"], found["degree_max"]) == (2, 1, 1)


def test_sorts_of_ties_by_hand() -> None:
    """Firm–firm at home, firm–laboratory across the North, laboratory–catapult out of it."""
    world = tiny_world(
        {
            "kind": [FIRM, FIRM, LABORATORY, CATAPULT],
            "region": [0, 0, 1, SOUTH],
            "sector": [0, 1, 0, 0],
            "is_research_active": [True] * 4,
            "weight": [3.0, 1.0, 1.0, 1.0],
        },
        [(0, 1), (0, 2), (2, 3)],
    )
    world.ties.spells[:] = [2, 1, 1]
    world.ties.is_brokered[:] = [False, True, True]
    h = observed(world)
    assert value(h, "ties", "uk") == 3.0
    assert value(h, "ties", "north") == 2.5
    assert value(h, "ties", h.areas[0]) == 1.5
    assert value(h, "cross_region_share", "uk") == pytest.approx(2.0 / 3.0)
    assert value(h, "cross_region_share", h.areas[0]) == pytest.approx(1.0 / 3.0)
    assert value(h, "cross_sector_share", "uk") == pytest.approx(1.0 / 3.0)
    assert value(h, "firm_institution_share", "uk") == pytest.approx(1.0 / 3.0)
    assert value(h, "repeat_partner_share", "north") == pytest.approx(1.0 / 2.5)
    assert value(h, "brokered_share", "north") == pytest.approx(1.5 / 2.5)
    assert value(h, "trust", "uk") == 0.5
    # Three real firms with two ties, one with one; laboratory two, catapult one.
    assert value(h, "mean_degree", "uk") == pytest.approx((6 + 1 + 2 + 1) / 6.0)


def test_ties_that_survive() -> None:
    """Of two ties formed in the first year, one is alive two years after its end."""
    world = world_of(3, [(0, 1), (1, 2)], [0, 0, 0])
    world.ties.is_brokered[:] = [True, False]
    history = History(3)
    history.start(world)
    for quarter in range(1, 13):
        world.quarter = quarter
        if quarter == 9:
            world.ties.keep(np.array([True, False]))
        history.observe(world)
    assert history.series("ties_new").tolist()[1:] == [2.0, 0.0, 0.0]
    assert history.series("tie_survival")[3] == 0.5
    assert history.series("brokered_survival")[3] == 1.0
