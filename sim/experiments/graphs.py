"""The layers of the network as NetworkX graphs with all their attributes, and as files.

Nodes are identities of organisations, so that graphs of different quarters and futures can be
laid side by side. Attributes are plain Python values. Years count from ``origin``, the quarter in
which the policy began. NetworkX is imported here and nowhere below; files are for Gephi,
Cytoscape and their like.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world import sources
from sim.world.state import KIND_NAMES, World

if TYPE_CHECKING:
    import networkx as nx

_QUARTERS_PER_YEAR = 4.0
#: Columns of an organisation that a node carries as numbers.
_MEASURES = (
    "weight",
    "jobs",
    "gva",
    "researchers",
    "spending",
    "knowledge",
    "cash",
    "credibility",
    "horizon",
    "project_length",
    "position_x",
    "position_y",
    "cumulative_value",
)
_Node = dict[str, Any]
_Pair = tuple[int, int]


def year(quarter: int, origin: int = 0) -> float:
    """Years since ``origin`` at the start of a quarter."""
    return (quarter - origin) / _QUARTERS_PER_YEAR


def name_of(kind: int, institution: int, sector: int, uid: int) -> str:
    """A laboratory or catapult by its institution and field, a firm by its sector and identity."""
    field_name = sources.sectors()[sector].name
    if institution >= 0:
        return f"{sources.institutions()[institution].name}: {field_name}"
    return f"{KIND_NAMES[kind]} {uid}: {field_name}"


def nodes_of(world: World, rows: Iterable[int], origin: int = 0) -> list[tuple[int, _Node]]:
    """Identity and attributes of the organisations in ``rows``."""
    o = world.organisations
    regions, sectors, places = sources.regions(), sources.sectors(), sources.institutions()
    found = []
    for row in rows:
        uid, kind, institution = int(o.uid[row]), int(o.kind[row]), int(o.institution[row])
        region, sector = int(o.region[row]), int(o.sector[row])
        # Firms have no address: they are drawn where their region is.
        site = places[institution] if institution >= 0 else regions[region]
        node: _Node = {
            "label": name_of(kind, institution, sector, uid),
            "uid": str(uid),
            "kind": KIND_NAMES[kind],
            "region": regions[region].id,
            "region_name": regions[region].name,
            "sector": sectors[sector].id,
            "sector_name": sectors[sector].name,
            "is_north": bool(regions[region].is_north),
            "is_research_active": bool(o.is_research_active[row]),
            "latitude": float(site.latitude),
            "longitude": float(site.longitude),
            "born": year(int(o.born[row]), origin),
            "parent": str(int(o.parent[row])) if o.parent[row] >= 0 else "",
        }
        node.update({name: float(getattr(o, name)[row]) for name in _MEASURES})
        found.append((uid, node))
    return found


def collaboration_graph(world: World, origin: int = 0) -> nx.Graph[int]:
    """Live ties between organisations; research organisations without a tie are nodes too."""
    import networkx as nx

    o, t = world.organisations, world.ties
    is_node = o.is_research_active.copy()
    is_node[t.source_row] = True
    is_node[t.target_row] = True
    graph: nx.Graph[int] = nx.Graph(name="collaboration", year=year(world.quarter, origin))
    graph.add_nodes_from(nodes_of(world, np.flatnonzero(is_node), origin))
    for k in range(len(t)):
        a, b = int(t.source_row[k]), int(t.target_row[k])
        graph.add_edge(
            int(o.uid[a]),
            int(o.uid[b]),
            weight=float(t.trust[k]),
            trust=float(t.trust[k]),
            formed=year(int(t.formed[k]), origin),
            last_used=year(int(t.last_used[k]), origin),
            pieces_of_work=int(t.spells[k]),
            is_brokered=bool(t.is_brokered[k]),
            minutes=float(world.travel[o.region[a], o.region[b]]),
        )
    return graph


def supply_graph(world: World, origin: int = 0) -> nx.DiGraph[int]:
    """The supply chain, from supplier to buyer."""
    import networkx as nx

    o, s = world.organisations, world.supplies
    rows = np.union1d(s.supplier_row, s.buyer_row)
    graph: nx.DiGraph[int] = nx.DiGraph(name="supply chain", year=year(world.quarter, origin))
    graph.add_nodes_from(nodes_of(world, rows, origin))
    for a, b, formed in zip(s.supplier_row, s.buyer_row, s.formed, strict=True):
        graph.add_edge(int(o.uid[a]), int(o.uid[b]), formed=year(int(formed), origin))
    return graph


def mobility_graph(world: World, origin: int = 0) -> nx.DiGraph[int]:
    """People who moved, from the organisation left to the one joined, with all moves added up.

    An organisation that has closed since is a node with ``kind`` "closed" and nothing more.
    """
    import networkx as nx

    m = world.moves
    uids = np.union1d(m.origin, m.destination)
    row = world.row_of(uids)
    graph: nx.DiGraph[int] = nx.DiGraph(name="movement of people", year=year(world.quarter, origin))
    for uid in uids[row < 0]:
        graph.add_node(int(uid), label=f"closed {uid}", uid=str(uid), kind="closed")
    graph.add_nodes_from(nodes_of(world, row[row >= 0], origin))
    for a, b, quarter, people in zip(m.origin, m.destination, m.quarter, m.people, strict=True):
        edge = (int(a), int(b))
        if not graph.has_edge(*edge):
            graph.add_edge(*edge, weight=0.0, people=0.0, moves=0, first=year(int(quarter), origin))
        data = graph.edges[edge]
        data["people"] += float(people)
        data["weight"] = data["people"]
        data["moves"] += 1
        data["last"] = year(int(quarter), origin)
    return graph


@dataclass
class DatedTies:
    """Every tie that ever lived, with its dates: the world itself forgets those that lapse.

    ``observe`` after each quarter; ``spells`` holds, for each pair, the quarters [from, to) in
    which it was tied, the last one open-ended (None) while it lives.
    """

    origin: int = 0
    nodes: dict[int, _Node] = field(default_factory=dict)
    spells: dict[_Pair, list[tuple[int, int | None]]] = field(default_factory=dict)
    brokered: set[_Pair] = field(default_factory=set)
    _live: dict[_Pair, int] = field(default_factory=dict)

    def observe(self, world: World) -> None:
        """Note ties that are new, and close those that are gone."""
        t = world.ties
        pairs = zip(t.source.tolist(), t.target.tolist(), strict=True)
        now = dict(zip(pairs, t.formed.tolist(), strict=True))
        for pair, formed in self._live.items():
            if now.get(pair) != formed:
                self.spells[pair][-1] = (formed, world.quarter)
        fresh = [pair for pair, formed in now.items() if self._live.get(pair) != formed]
        for pair in fresh:
            self.spells.setdefault(pair, []).append((now[pair], None))
        self._live = now
        self.brokered.update(
            zip(t.source[t.is_brokered].tolist(), t.target[t.is_brokered].tolist(), strict=True)
        )
        unknown = sorted({uid for pair in fresh for uid in pair} - self.nodes.keys())
        row = world.row_of(np.array(unknown, np.int64))
        self.nodes.update(nodes_of(world, row[row >= 0], self.origin))

    def rows(self) -> dict[str, list[Any]]:
        """One row for each spell of each tie, for a table; ``ended`` is None while it lives."""
        table: dict[str, list[Any]] = {
            name: [] for name in ("source", "target", "formed", "ended", "is_brokered")
        }
        for pair, spells in self.spells.items():
            for start, end in spells:
                values = (
                    pair[0],
                    pair[1],
                    year(start, self.origin),
                    None if end is None else year(end, self.origin),
                    pair in self.brokered,
                )
                for column, value in zip(table.values(), values, strict=True):
                    column.append(value)
        return table

    def graph(self, until: int) -> nx.Graph[int]:
        """The dynamic graph up to the start of quarter ``until``: each edge with its spells."""
        import networkx as nx

        graph: nx.Graph[int] = nx.Graph(name="collaboration over time", mode="dynamic")
        graph.add_nodes_from((uid, dict(node)) for uid, node in self.nodes.items())
        for pair, spells in self.spells.items():
            dated = [
                (year(start, self.origin), year(until if end is None else end, self.origin))
                for start, end in spells
            ]
            graph.add_edge(*pair, spells=dated, is_brokered=pair in self.brokered)
        return graph


def write_graphml(graph: nx.Graph[int], path: Path) -> None:
    """Write GraphML; lists (the spells of a dynamic graph) become their first and last dates."""
    import networkx as nx

    plain = graph.copy()
    for _, _, data in plain.edges(data=True):
        spells = data.pop("spells", None)
        if spells:
            data["start"], data["end"] = spells[0][0], spells[-1][1]
            data["n_spells"] = len(spells)
    nx.write_graphml(plain, path)


def write_gexf(graph: nx.Graph[int], path: Path) -> None:
    """Write GEXF; dynamic where the edges have dates, so that Gephi's timeline plays them.

    An edge with ``spells`` has these; one with only ``formed`` lives from then to the graph's
    year. Nodes live from their birth.
    """
    import networkx as nx

    dated = graph.copy()
    dated.graph["mode"] = "dynamic"
    dated.graph.pop("node_default", None)
    now = dated.graph.get("year")
    for _, node in dated.nodes(data=True):
        if "born" in node:
            node["start"] = node["born"]
    for _, _, data in dated.edges(data=True):
        if "spells" not in data and "formed" in data:
            data["start"] = data["formed"]
            if now is not None:
                data["end"] = now
    nx.write_gexf(dated, path, version="1.2draft")
