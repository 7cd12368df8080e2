"""``clustersim map`` and ``compare --until``, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import call

SMALL = ["--firms", "150", "--years", "1", "--workers", "1"]


def test_a_map_end_to_end(tmp_path: Path) -> None:
    axes = ["--x", "second:award_length=1..10:3", "--y", "second:notice=0..24:3"]
    words = ["map", "long_term", "piecemeal", *axes, *SMALL, "-n", "2", "-o", "out"]
    done = call(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "8 of 9 points (not sound: 1); up to 16 paired runs" in done.stderr
    assert "from 18 to 18 futures of 1 year will be lived" in done.stderr
    assert "the difference cannot be told from zero" in done.stdout
    out = tmp_path / "out"
    names = {"map.md", "map.csv", "map.png", "map.svg", "manifest.json"}
    assert {path.name for path in out.iterdir()} == names
    table = pd.read_csv(out / "map.csv", encoding="utf-8-sig")
    assert list(table.columns) == ["x", "y", "estimate", "low", "high", "n", "verdict"]
    assert table.n.tolist() == [2, 2, 2, 2, 2, 2, 0, 2, 2]
    page = (out / "map.md").read_text(encoding="utf-8")
    assert "shared_prosperity | 3 | 3" in page
    assert "second:award_length 1, second:notice 24: programmes.institutions: notice of" in page
    made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (made["runs"], made["x"]["values"]) == (16, [1.0, 5.5, 10.0])


def test_mistakes_are_told_before_anything_is_run(tmp_path: Path) -> None:
    done = call("map", "long_term", "piecemeal", "--x", "budgt", "--y", "title", cwd=tmp_path)
    assert done.returncode == 2
    assert "--x budgt: there is no key 'budgt'; did you mean 'budget'?" in done.stderr
    assert "--y title: 'title' is not a number" in done.stderr
    good = ["map", "long_term", "piecemeal", "--x", "budget", "--y", "notice", *SMALL]
    for words, said in (
        (["--outcome", "gvaa"], "there is no such metric; did you mean 'gva'?"),
        (["--region", "norht"], "there is no such region; did you mean 'north'?"),
        (["--year", "3"], "--year 3: only 1 years are lived"),
    ):
        done = call(*good, *words, cwd=tmp_path)
        assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.usefixtures("undrawn")
def test_until_stops_early_and_says_so(tmp_path: Path) -> None:
    words = ["long_term", "piecemeal", *SMALL]
    done = call("compare", *words, "-n", "30", "--until", "5%", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert (made["runs"], made["runs_planned"], made["is_complete"]) == (10, 10, True)
    summary = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert "The number of runs was chosen by the data" in summary
    assert "With independent runs" in summary
    for extra, said in (
        (["--until", "0"], "expected per cent above 0"),
        (["--until", "1%", "-n", "9"], "--until needs --runs of at least 10"),
    ):
        done = call("compare", *words, *extra, cwd=tmp_path)
        assert done.returncode == 2 and said in done.stderr
