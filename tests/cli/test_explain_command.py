"""``clustersim explain``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import call

PAIR = ("long_term", "piecemeal")
SMALL = ("--firms", "150", "--years", "1", "-n", "2", "-w", "1")
LEVERS = (
    "award_length", "calls_per_year", "renewal_probability", "notice", "volatility", "pots",
    "carry_over", "cancellation_rate",
)  # fmt: skip
FILES = {
    "explain.md", "manifest.json", "pairs.csv", "parts.csv", "runs.csv", "waterfall.png",
    "waterfall.svg",
}  # fmt: skip


def table(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "parts.csv", encoding="utf-8-sig").set_index("part")


def test_levers_end_to_end(tmp_path: Path) -> None:
    people = "promises=notice,renewal_probability,cancellation_rate,award_length"
    money = "money=volatility,carry_over,pots"
    words = (*PAIR, *SMALL, "--group", people, "--group", money, "-o", "out")
    done = call("explain", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3 levers: all 8 combinations, in 2 runs: 16 futures of 1 years, about" in done.stderr
    assert "Long-term" in done.stdout and "the whole difference" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    parts = table(tmp_path / "out")
    assert set(parts.index) == {"calls_per_year", "promises", "money", "the whole difference"}
    whole = parts.estimate.pop("the whole difference")
    assert parts.estimate.drop("the whole difference", errors="ignore").sum() == pytest.approx(
        whole, abs=1e-6
    )
    made = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert made["sign"] == "differences are long_term minus piecemeal"
    assert made["outcome"] == {"metric": "gva", "region": "north", "year": 1}
    page = (tmp_path / "out" / "explain.md").read_text(encoding="utf-8")
    assert page.startswith("# Why Long-term and Piecemeal differ") and "add up to the whole" in page
    again = call("explain", *words, cwd=tmp_path)
    assert again.returncode == 2 and "use --force" in again.stderr


def test_channels_of_another_outcome_quietly(tmp_path: Path) -> None:
    rest = ",".join([
        "cost of bids", "overhead", "choice of projects", "gaps and lost staff",
        "length of projects", "belief in promises", "private match",
    ])  # fmt: skip
    words = ("--channels", "--group", f"others={rest}", "--outcome", "jobs", "--region", "uk")
    done = call("explain", *PAIR, *SMALL, *words, "-q", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    parts = table(tmp_path / "out")
    assert list(parts.index) == ["ties", "others", "through no channel", "the whole difference"]
    assert parts.estimate[:3].sum() == pytest.approx(parts.estimate.iloc[3], abs=1e-4)


def test_over_fits_is_said_before_and_after(tmp_path: Path) -> None:
    groups = ("--group", "all=" + ",".join(LEVERS))
    done = call("explain", *PAIR, *SMALL, *groups, "--over-fits", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "take turns with 26 fitted parameter sets; with 2 runs" in done.stderr
    out = tmp_path / "out"
    page = (out / "explain.md").read_text(encoding="utf-8")
    assert "took turns with 2 of the 26 sets of parameters" in page
    made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "--over-fits" in made["command"] and made["first_run_assumptions"]["trade"]
    runs = pd.read_csv(out / "runs.csv", encoding="utf-8-sig")
    assert runs.parameter_set.tolist() == [1, 2]


def test_an_outcome_without_a_value_cannot_be_shared_out(tmp_path: Path) -> None:
    words = ("long_term", "no_policy", *SMALL, "--outcome", "success_rate", "-q", "-o", "out")
    done = call("explain", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert "success_rate has no value in year 1" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["long_term"], "expected: quarter, or two scenarios"),
        (["long_term", "long_term"], "different names"),
        ([*PAIR, "--outcome", "gvaa"], "did you mean 'gva'?"),
        ([*PAIR, "--region", "nort"], "did you mean 'north'?"),
        ([*PAIR, "--outcome", "clustering", "--region", "cumbria"], "north and uk"),
        ([*PAIR, "--group", "notice"], "NAME=KEY,KEY"),
        ([*PAIR, "--group", "x=award_size"], "is alike in long_term and piecemeal"),
        ([*PAIR, "--year", "5", "--years", "3"], "--year 5"),
    ],
)
def test_mistakes_are_told_before_anything_is_run(
    words: list[str], message: str, tmp_path: Path
) -> None:
    done = call("explain", *words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
