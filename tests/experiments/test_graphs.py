"""Graphs carry every attribute as a plain value, agree with the measures, and survive a file."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from sim.experiments.graphs import (
    DatedTies,
    collaboration_graph,
    mobility_graph,
    supply_graph,
    write_gexf,
    write_graphml,
)
from sim.metrics import network
from sim.world import sources
from sim.world.build import build_world
from sim.world.population import Population
from sim.world.state import World


@pytest.fixture
def world() -> World:
    built = build_world(2, Population(firms=300))
    built.quarter = 8
    o = built.organisations
    built.moves.append(
        {
            "origin": o.uid[[0, 0, 1]],
            "destination": np.array([o.uid[2], o.uid[2], 999_999_999]),
            "quarter": np.array([1, 5, 6]),
            "people": np.array([1.0, 2.0, 4.0]),
        }
    )
    return built


def test_graph_has_the_shape_that_the_measures_report(world: World) -> None:
    graph = collaboration_graph(world)
    found = network.measure(world, np.ones(13, np.bool_))
    assert len(graph) == found["nodes"]
    assert graph.number_of_edges() == len(world.ties)
    assert nx.transitivity(graph) == pytest.approx(found["clustering"])
    assert nx.number_connected_components(graph) == found["components"]
    assert max(d for _, d in graph.degree()) == found["degree_max"]
    assert nx.degree_assortativity_coefficient(graph) == pytest.approx(found["assortativity"])


def test_every_attribute_is_a_plain_value(world: World) -> None:
    for graph in (collaboration_graph(world), supply_graph(world), mobility_graph(world)):
        for holder in (graph.nodes(data=True), [(e[0], e[2]) for e in graph.edges(data=True)]):
            for node, attributes in holder:
                assert type(node) is int
                for name, value in attributes.items():
                    assert type(value) in (int, float, str, bool), (name, type(value))


def test_institutions_have_their_names_and_places(world: World) -> None:
    o = world.organisations
    row = int(np.flatnonzero(o.institution >= 0)[0])
    institution = sources.institutions()[int(o.institution[row])]
    node = collaboration_graph(world).nodes[int(o.uid[row])]
    assert node["label"].startswith(institution.name)
    assert (node["latitude"], node["longitude"]) == (institution.latitude, institution.longitude)
    assert node["region"] == sources.regions()[int(o.region[row])].id


def test_ties_are_dated_in_years_from_the_start_of_the_policy(world: World) -> None:
    graph = collaboration_graph(world, origin=4)
    k = 0
    edge = graph.edges[int(world.ties.source[k]), int(world.ties.target[k])]
    assert edge["formed"] == (world.ties.formed[k] - 4) / 4.0
    assert edge["trust"] == world.ties.trust[k]
    assert graph.graph["year"] == 1.0


def test_supply_chain_goes_from_supplier_to_buyer(world: World) -> None:
    graph = supply_graph(world)
    assert graph.has_edge(int(world.supplies.supplier[0]), int(world.supplies.buyer[0]))


def test_moves_are_added_up_and_the_closed_are_remembered(world: World) -> None:
    graph = mobility_graph(world)
    a, b, c = (int(u) for u in world.organisations.uid[[0, 2, 1]])
    assert graph.edges[a, b] == {
        "weight": 3.0,
        "people": 3.0,
        "moves": 2,
        "first": 0.25,
        "last": 1.25,
    }
    assert graph.nodes[999_999_999]["kind"] == "closed"
    assert graph.has_edge(c, 999_999_999)


@pytest.mark.parametrize("make", [collaboration_graph, supply_graph, mobility_graph])
def test_files_can_be_read_again(world: World, tmp_path: Path, make) -> None:
    graph = make(world)
    write_graphml(graph, tmp_path / "g.graphml")
    write_gexf(graph, tmp_path / "g.gexf")
    again = nx.read_graphml(tmp_path / "g.graphml", node_type=int)
    assert set(again) == set(graph)
    assert again.number_of_edges() == graph.number_of_edges()
    some = next(iter(graph))
    assert again.nodes[some] == pytest.approx(graph.nodes[some])
    assert set(nx.read_gexf(tmp_path / "g.gexf", node_type=int)) == set(graph)


def test_a_tie_that_lapses_and_returns_has_two_spells(world: World, tmp_path: Path) -> None:
    dated = DatedTies(origin=0)
    dated.observe(world)
    pair = (int(world.ties.source[0]), int(world.ties.target[0]))
    first = int(world.ties.formed[0])
    returned = {k: v[:1].copy() for k, v in world.ties.items()}
    world.quarter = 10
    world.ties.keep(np.arange(len(world.ties)) > 0)
    dated.observe(world)
    world.quarter = 14
    returned["formed"][:] = 13
    world.ties.append(returned)
    dated.observe(world)
    assert dated.spells[pair] == [(first, 10), (13, None)]
    graph = dated.graph(until=16)
    assert graph.edges[pair]["spells"] == [(first / 4.0, 2.5), (3.25, 4.0)]
    table = dated.rows()
    assert len(table["source"]) == len(world.ties) + 1
    assert table["ended"].count(2.5) == 1
    write_gexf(graph, tmp_path / "dated.gexf")
    text = (tmp_path / "dated.gexf").read_text(encoding="utf-8")
    assert 'mode="dynamic"' in text
    assert '<spell start="3.25" end="4.0" />' in text
    write_graphml(graph, tmp_path / "dated.graphml")
    plain = nx.read_graphml(tmp_path / "dated.graphml", node_type=int)
    assert plain.edges[pair]["n_spells"] == 2


def test_the_graph_that_is_written_is_left_as_it_was(world: World, tmp_path: Path) -> None:
    graph = collaboration_graph(world)
    before = nx.to_dict_of_dicts(graph)
    write_gexf(graph, tmp_path / "g.gexf")
    assert "mode" not in graph.graph
    assert nx.to_dict_of_dicts(graph) == before
    assert all("start" not in data for _, data in graph.nodes(data=True))
