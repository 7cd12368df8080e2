"""Keys set from outside a file, as ``--set key=value`` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import load


def test_values_are_yaml(desk: Path) -> None:
    loaded = load(
        "long_term",
        {
            "programmes.places.award_length": "5",
            "programmes.projects": "null",
            "programmes.seed": "{share: 0.35, eligible: [firms]}",
            "assumptions.shock.technology_rate": "0.2",
            "shocks": "[{year: 4, kind: demand, sector: space}]",
            "title": "No",
        },
    )
    scenario = loaded.scenario
    assert scenario.programmes["places"].award_length == 5.0
    assert list(scenario.programmes) == ["institutions", "places", "seed"]
    assert scenario.assumptions.shock.technology_rate == 0.2
    assert scenario.shocks[0].sector == "space"
    assert scenario.title == "No"
    assert loaded.name == "long_term"


def test_the_burn_in_can_be_chosen(desk: Path) -> None:
    loaded = load("long_term", {"burn_in.regime": "piecemeal"})
    assert loaded.burn_in == load("piecemeal").scenario


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("programmes.places.award_lenght", "5", "unknown key; did you mean 'award_length'?"),
        ("programmes.plces.award_length", "5", "there is no programme 'plces'; expected one of "
         "institutions, projects, places; did you mean 'places'?"),
        ("horizon", "99", "99 is too large; expected years, at least 1 and at most 60"),
        ("horizon", "9", "an award of 10 years is longer than the horizon of 9 years; expected at "
         "most 9 years, or a longer horizon"),
        ("budget", "[", "broken YAML: expected the node content, but found '<stream end>'"),
        ("budget", "", "nothing; expected a number (£m a year, constant prices), at least 0 and"),
        ("a..b", "3", "a key with an empty part; expected a dotted key"),
        ("", "3", "a key with an empty part; expected a dotted key"),
        ("extends", "base", "extends is read from files only"),
        ("shocks.0.year", "3", "shocks are a list, set as a whole; for example shocks=[{"),
        ("budget.x", "3", "a group of keys; expected a number (£m a year, constant prices)"),
        ("burn_in.regime", "mixd", "there is no scenario 'mixd'; looked in scenarios and "),
        ("programmes.places.share", "0.3", "the shares add up to 1.1 (institutions 0.35 + "),
    ],
)  # fmt: skip
def test_mistakes(complaints: Callable[..., list[str]], key: str, text: str, said: str) -> None:
    (line,) = complaints("extends: long_term\n", {key: text})
    assert line.startswith(f"--set {key}={text}: {said}")


def test_all_at_once_with_those_of_the_file(complaints: Callable[..., list[str]]) -> None:
    lines = complaints("extends: long_term\nbudgt: 1\n", {"horizon": "99", "reech": "1"})
    assert [line.split(": ")[0] for line in lines] == [
        "--set horizon=99",
        "--set reech=1",
        "scenarios/mine.yaml:2:1",
    ]
