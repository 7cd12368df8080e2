"""Words of a stranger's scenario in what is written: no formula, no tag, no formula of a figure."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest

from sim.experiments.folder import Folder
from sim.experiments.graphs import write_gexf, write_graphml
from sim.report.style import new_figure, save, style

HOSTILE = '=HYPERLINK("http://x.example")<script>alert(1)</script>]]>$\\frac{$'


def test_a_spreadsheet_takes_no_text_for_a_formula(tmp_path: Path) -> None:
    text = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "-0.5", "+3%", "plain", HOSTILE]
    table = pd.DataFrame({"scenario": text, "estimate": [-1.0] * len(text)})
    with Folder(tmp_path / "out") as place:
        place.write_csv("t.csv", table)
        place.finish()
    read = pd.read_csv(tmp_path / "out/t.csv")
    changed = [f"'{one}" for one in text[:4]] + text[4:7] + [f"'{HOSTILE}"]
    assert read.scenario.tolist() == changed
    assert read.estimate.tolist() == [-1.0] * len(text)


def test_markdown_has_no_tags(tmp_path: Path) -> None:
    with Folder(tmp_path / "out") as place:
        place.write_text("t.md", f"# {HOSTILE}\n")
        place.finish()
    assert "<" not in (tmp_path / "out/t.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_dollar_signs_in_a_title_are_no_formula(ending: str, tmp_path: Path) -> None:
    with style():
        figure = new_figure(HOSTILE)
    save(figure, tmp_path / f"f.{ending}")
    assert (tmp_path / f"f.{ending}").stat().st_size > 1000
    if ending == "svg":
        assert not ElementTree.parse(tmp_path / "f.svg").findall(".//{*}script")


def test_graphs_keep_words_as_words(tmp_path: Path) -> None:
    graph = nx.Graph(name=HOSTILE)
    graph.add_node(1, name=HOSTILE, born=0.0)
    for writer, ending, reader in (
        (write_graphml, "graphml", nx.read_graphml),
        (write_gexf, "gexf", nx.read_gexf),
    ):
        path = tmp_path / f"g.{ending}"
        writer(graph, path)
        assert not ElementTree.parse(path).findall(".//{*}script")
        assert reader(path).nodes["1"]["name"] == HOSTILE
