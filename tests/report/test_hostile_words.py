"""Words of a stranger's scenario in what is written: no formula, no tag, no formula of a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest

from sim.experiments.comparison import Comparison
from sim.experiments.folder import Folder, as_written
from sim.experiments.graphs import write_gexf, write_graphml
from sim.report.markdown import markdown_table
from sim.report.style import new_figure, save, style
from sim.report.summary import markdown
from tests.experiments import fakes

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
    assert read.scenario.map(as_written).tolist() == text
    assert read.estimate.tolist() == [-1.0] * len(text)


def test_markdown_has_no_tags(tmp_path: Path) -> None:
    with Folder(tmp_path / "out") as place:
        place.write_text("t.md", f"# {HOSTILE}\n")
        place.finish()
    assert "<" not in (tmp_path / "out/t.md").read_text(encoding="utf-8")


def test_a_bar_in_a_title_begins_no_cell_of_a_table() -> None:
    ensemble = fakes.ensemble()
    first, other = ensemble.loaded
    titles = ("Long | term", r"Piece \| meal")
    ensemble.loaded = tuple(
        replace(one, scenario=one.scenario.model_copy(update={"title": title}))
        for one, title in zip((first, other), titles, strict=True)
    )
    lines = markdown(Comparison(ensemble)).splitlines()
    (head,) = [line for line in lines if line.startswith("| £m over")]
    assert head == r"| £m over 6 years | Long \| term | Piece \\\| meal |"
    assert list(markdown_table(("|", "b"), [(r"\|", "d")])) == [
        r"| \| | b |", "| --- | ---: |", r"| \\\| | d |",
    ]  # fmt: skip


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
