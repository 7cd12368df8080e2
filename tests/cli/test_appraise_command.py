"""``clustersim appraise``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import call

TINY = ["--firms", "300", "--years", "3", "--runs", "3", "--workers", "1"]


def test_an_appraisal_end_to_end(tmp_path: Path) -> None:
    words = ["long_term", "piecemeal", "--against", "no_policy", *TINY, "-o", "out"]
    done = call("appraise", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("benefit-cost ratio", "net present value", "not a forecast", "out"):
        assert word in " ".join(done.stdout.split()), word
    folder = tmp_path / "out"
    assert {path.name for path in folder.iterdir()} == {
        "appraisal.md", "appraisal.csv", "appraisal_by_year.csv", "appraisal.png",
        "appraisal.svg", "manifest.json",
    }  # fmt: skip
    page = (folder / "appraisal.md").read_text(encoding="utf-8")
    for heading in ("Strategic case", "Who gains", "Value for money", "additional", "turn"):
        assert heading in page, heading
    for caveat in ("Value added is not welfare", "[108]", "from memory, not checked", "bootstrap"):
        assert caveat in page, caveat
    found = pd.read_csv(folder / "appraisal.csv", encoding="utf-8-sig")
    assert set(found.option) == {"long_term", "piecemeal", "long_term minus piecemeal"}
    assert len(pd.read_csv(folder / "appraisal_by_year.csv", encoding="utf-8-sig")) == 2 * 3
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (made["options"], made["against"], made["runs"]) == (
        ["long_term", "piecemeal"], "no_policy", 3,
    )  # fmt: skip
    again = call("appraise", *words, cwd=tmp_path)
    assert again.returncode == 2 and "use --force" in again.stderr


def test_one_option_one_region_and_optimism_quietly(tmp_path: Path) -> None:
    words = ["erdf", "--area", "north_east", "--optimism-bias", "0.2", "--benefit-cut", "0.1"]
    tiny = ["--firms", "150", "--years", "1", "--runs", "2", "--workers", "1"]
    done = call("appraise", *words, *tiny, "-q", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (tmp_path / "out" / "appraisal.md").read_text(encoding="utf-8")
    assert "costs raised by 20 %, gains in value added cut by 10 %" in page
    assert "the rest of the North" in page
    assert not [word for word in ("nan", "unknown") if f" {word} " in page]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["long_trem"], "did you mean 'long_term'?"),
        (["long_term", "--against", "no_polcy"], "did you mean 'no_policy'?"),
        (["long_term", "--against", "long_term"], "different names"),
        (["no_policy", "--against", "long_term"], "no cost to appraise"),
        (["long_term", "--area", "nort_east"], "did you mean north_east?"),
        (["long_term", "--benefit-cut", "2"], "--benefit-cut"),
        ([], "SCENARIO"),
    ],
)
def test_mistakes_are_answered_before_any_run(
    words: list[str], message: str, tmp_path: Path
) -> None:
    done = call("appraise", *words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
