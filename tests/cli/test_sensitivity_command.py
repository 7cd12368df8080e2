"""``clustersim sensitivity``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from command import call

SMALL = ["--firms", "60", "--years", "1", "--workers", "1", "--set", "burn_in.years=0"]


def test_an_analysis_end_to_end(tmp_path: Path) -> None:
    over = ["--over", "trade.margin", "--over", "second:award_length=1..10"]
    steps = ["--trajectories", "2", "--close", "1", "--sobol", "2"]
    words = ["sensitivity", "long_term", "piecemeal", *over, *steps, *SMALL, "-o", "out"]
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 parameters: 92 paired runs, each with a past of its own" in done.stderr
    assert "minus Piecemeal in the value added of the" in done.stdout
    out = tmp_path / "out"
    names = {"screening.csv", "ends.csv", "indices.csv", "points.csv", "sensitivity.md"}
    figures = {
        f"{name}.{kind}" for name in ("screening", "ends", "indices") for kind in ("png", "svg")
    }
    assert {path.name for path in out.iterdir()} == names | figures | {"manifest.json"}
    table = pd.read_csv(out / "screening.csv", encoding="utf-8-sig")
    assert set(table.parameter) == {"assumptions.trade.margin", "second:award_length", "luck"}
    assert table.parameter.iloc[-1] == "luck" and table.usual.iloc[0] in (0.25, 2.0)
    points = pd.read_csv(out / "points.csv", encoding="utf-8-sig")
    assert points.groupby("step").size().to_dict() == {"screening": 16, "indices": 16}
    made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert made["ranges"]["second:award_length"] == [1.0, 10.0]
    assert {"SALib", "ema-workbench"} <= set(made["versions"])


def test_mistakes_are_told_before_anything_is_run(tmp_path: Path) -> None:
    pair = ["sensitivity", "long_term", "piecemeal", *SMALL]
    for words, said in (
        (["--over", "trade.margn"], "there is no key 'assumptions.trade.margn'"),
        (["--sobol", "100"], "--sobol 100: expected a power of two, such as 64 or 128"),
        (["--outcome", "gvaa"], "there is no such metric; did you mean 'gva'?"),
    ):
        done = call(*pair, *words, cwd=tmp_path)
        assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "results").exists()
