"""Case studies in words and figures: the chain is told as the intervals allow, and no further."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.experiments.clusters import ClusterStudy
from sim.report.cluster import chain_sentence, told_years
from sim.report.cluster_figure import all_clusters, one_cluster
from sim.report.cluster_page import markdown
from sim.report.profile import made_of
from sim.scenario import load_cluster, load_clusters


def link(title: str, estimate: float, half: float = 1.0, n: int = 5) -> dict[str, Any]:
    return {
        "title": title,
        "unit": "£m",
        "estimate": estimate,
        "low": estimate - half,
        "high": estimate + half,
        "n": n,
    }


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((0.5, 0.5, 0.5, 0.5), "No link of the chain can be told from zero"),
        ((2, 2, -2, 2), "The chain begins with a (+£2.00m). It holds to the end: d (+£2.00m)."),
        (
            (0, 2, -2, 0),
            "The chain begins with b (+£2.00m); before it, a cannot be told from zero. It can be "
            "followed to c (−£2.00m), and is lost in noise at d (90 % interval −£1.00m to +£1.00m)"
            "; nothing after that can be told from zero.",
        ),
        (
            (2, 0, 3, 0),
            "The chain begins with a (+£2.00m), and is lost in noise at b (90 % interval −£1.00m "
            "to +£1.00m). Further on, c (+£3.00m) can be told again.",
        ),
    ],
)
def test_where_a_chain_begins_and_where_it_is_lost(sizes: tuple[float, ...], said: str) -> None:
    rows = [link(name, size) for name, size in zip("abcd", sizes, strict=True)]
    assert chain_sentence(rows).startswith(said)


def test_one_run_tells_nothing_of_a_chain() -> None:
    nan = float("nan")
    assert chain_sentence([link("a", 2.0, nan, 1)]).startswith("One run says nothing about chance")


@pytest.fixture(scope="module")
def found() -> sim.Comparison:
    return sim.compare(["long_term", "piecemeal"], runs=3, years=2, firms=150, workers=1)


def test_a_page_and_a_figure_of_one(found: sim.Comparison) -> None:
    loaded = load_cluster("tees_valley")
    study = ClusterStudy(found, (loaded,))
    text = markdown(study)
    parts = ["## What it gains or loses", "## Through which channel", "## At whose expense",
             "## What it is made of", "## What is special", "## How it was done"]  # fmt: skip
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert "not a forecast" in text and "figures/cluster.png" in text
    assert told_years(study) == [2]
    figure = one_cluster(study, loaded)
    assert "Tees Valley chemicals" in figure.get_suptitle().replace("\n", " ")
    assert "90 % interval" in figure.get_supxlabel().replace("\n", " ")


def test_a_table_and_a_figure_of_all(found: sim.Comparison) -> None:
    study = ClusterStudy(found, tuple(load_clusters()))
    text = markdown(study)
    for one in study.clusters:
        assert f"| {one.cluster.title} |" in text and f"(cases/{one.name}.md)" in text
    figure = all_clusters(study)
    assert "of 11 clusters" in figure.get_suptitle()
    assert len(figure.axes) == 4


def test_what_a_cluster_is_made_of_names_institutions_where_they_are() -> None:
    told = " ".join(made_of(load_cluster("liverpool_city_region")))
    assert "Alderley Park life-science campus (in Cheshire & Warrington)" in told
    assert "University of Liverpool (research income £118m a year)" in told
    assert "Cheshire & Warrington (24 minutes" in told
