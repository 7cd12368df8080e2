"""A run in full: panel, awards, dated ties and networks as files that others can read."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sim.experiments.folder import Folder
from sim.experiments.panel import Format, export_run
from sim.scenario import load


@pytest.fixture(scope="module", params=["csv", "parquet"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind: Format = request.param
    place = tmp_path_factory.mktemp("export") / kind
    with Folder(place) as folder:
        export_run(folder, load("piecemeal", {"population.firms": "150"}), 1, 2, kind)
        folder.finish()
    return place


def read(folder: Path, name: str) -> pd.DataFrame:
    if (folder / f"{name}.csv").exists():
        return pd.read_csv(folder / f"{name}.csv")
    return pd.read_parquet(folder / f"{name}.parquet")


def test_the_panel_has_one_row_per_organisation_and_year(exported: Path) -> None:
    panel = read(exported, "organisations")
    assert sorted(panel.year.unique()) == [0, 1, 2]
    assert not panel.duplicated(["year", "uid"]).any()
    assert set(panel.kind) == {"firm", "laboratory", "catapult"}
    assert "greater_manchester" in set(panel.region)
    in_north = panel[(panel.kind == "laboratory") & (panel.region == "greater_manchester")]
    assert "University of Manchester" in set(in_north.institution)


def test_awards_have_dates_and_programmes(exported: Path) -> None:
    awards = read(exported, "awards")
    assert {"institutions", "projects", "places", "awards of the burn-in"} <= set(awards.programme)
    assert (awards.end >= awards.start).all()
    assert not awards.duplicated("uid").any()
    ended = awards[awards.outcome == "ended on its date"]
    assert len(ended) and (ended.end <= 2.0).all()
    regional = awards[awards.holder < 0]
    assert (regional.region.str.len() > 0).all() and (regional.purpose == "infrastructure").all()


def test_ties_are_dated(exported: Path) -> None:
    ties = read(exported, "ties")
    over = ties[ties.ended.notna()]
    assert len(over) and (over.ended > over.formed).all()
    assert ties.ended.isna().any()
    assert (ties.source < ties.target).all()


def test_networks_can_be_read_again(exported: Path) -> None:
    networks = exported / "networks"
    graph = nx.read_graphml(networks / "collaboration.graphml")
    live = read(exported, "ties")
    assert graph.number_of_edges() == live.ended.isna().sum()
    assert np.isfinite([data["trust"] for _, _, data in graph.edges(data=True)]).all()
    names = sorted(path.name for path in networks.iterdir())
    assert len(names) == 8 and {name.split(".")[1] for name in names} == {"gexf", "graphml"}
