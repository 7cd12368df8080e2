"""``clustersim cluster``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from command import call

SMALL = ["--runs", "3", "--years", "3", "--firms", "300", "--workers", "1"]


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig")


def test_one_cluster_end_to_end(tmp_path: Path) -> None:
    done = call("cluster", "tees_valley", *SMALL, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "value added of Tees Valley chemicals" in words
    for word in ("public money received", "the whole country", "not a forecast", "● the 90 %"):
        assert word in words, word
    out = tmp_path / "out"
    names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert names == {
        "accounts.csv", "cluster.csv", "cluster.md", "columns.csv", "figures/cluster.png",
        "figures/cluster.svg", "manifest.json", "outcomes.parquet", "paired.csv", "report.html",
        "summary.csv",
    }  # fmt: skip
    made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert made["clusters"] == ["tees_valley"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "The case study: Tees Valley chemicals: Long-term against Piecemeal" in page
    assert "cannot be told apart in the value added of all clusters of Tees Valley" in page
    assert any(name.endswith("tees_valley.yaml") for name in made["files"])
    assert list(made["scenarios"]) == ["long_term", "piecemeal"]
    table, paired = read(out / "cluster.csv"), read(out / "paired.csv")
    area = table[(table.part == "outcomes") & (table.place == "area")]
    keys = ["metric", "region", "year"]
    both = area.rename(columns={"areas": "region"}).merge(paired, on=keys)
    assert len(both) == len(area) > 0
    for column in ("estimate", "low", "high"):
        pd.testing.assert_series_equal(both[f"{column}_x"], both[f"{column}_y"], check_names=False)
    again = call("cluster", "tees_valley", *SMALL, "-o", "out", cwd=tmp_path)
    assert again.returncode == 2
    assert "out exists already: use --force" in again.stderr


def test_all_clusters_from_one_set_of_runs_under_other_regimes_quietly(tmp_path: Path) -> None:
    blend = "long_term~piecemeal@0.5"
    done = call("cluster", "all", "long_term", blend, *SMALL, "-q", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    out = tmp_path / "out"
    assert len(list((out / "cases").glob("*.md"))) == 11
    table = read(out / "cluster.csv")
    assert table.cluster.nunique() == 11
    assert set(table.baseline) == {blend}
    assert "| Cumbria clean energy |" in (out / "cluster.md").read_text(encoding="utf-8")


def test_lists_and_tells_without_running(tmp_path: Path) -> None:
    for words in ((), ("all", "--list")):
        listed = call("cluster", *words, cwd=tmp_path)
        assert listed.returncode == 0, listed.stderr
        assert listed.stdout.count(" sciences") >= 2 and "tees_valley" in listed.stdout
    told = call("cluster", "cumbria", "--list", cwd=tmp_path)
    for word in ("Clean Energy in Cumbria", "What is special", "(institutions.csv:nc_nnl_central)"):
        assert word in told.stdout, word
    assert not (tmp_path / "results").exists()


def test_mistakes_are_told_before_anything_is_run(tmp_path: Path) -> None:
    for words, said in (
        (["tees_vally"], "there is no case study 'tees_vally'"),
        (["cumbria", "long_term"], "cluster compares two scenarios, not 1, such as: clustersim"),
        (["all", "long_term", "long_term~piecemeal@2"], "is not a blend; expected two names"),
    ):
        done = call("cluster", *words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), said
        assert said in done.stderr, done.stderr
    assert not (tmp_path / "results").exists()
