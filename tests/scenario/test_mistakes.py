"""Each kind of mistake: its file, line, column and remedy; all of them at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from sim.quarter.fund.programmes import Programme
from sim.scenario import Problem, Scenario, ScenarioError, load

HERE = "scenarios/mine.yaml"


@pytest.mark.parametrize(
    ("written", "line_and_column", "said"),
    [
        ("award_lenght: 5", "4:5", "award_lenght: unknown key; did you mean 'award_length'?"),
        ("horizon: 5", "4:5", "horizon: unknown key; 'horizon' belongs at the top"),
        ("reach: 5", "4:5", "reach: unknown key; 'reach' belongs under collaboration"),
        (
            "award_length: 120",
            "4:19",
            "award_length: 120 is too large; expected years, at least 0.25 and at most 50",
        ),
        (
            "award_size: 0",
            "4:17",
            "award_size: 0 is too small; expected £m a year, more than 0 and at most 1000",
        ),
        (
            "pots: 2.5",
            "4:11",
            "pots: 2.5 is not a whole number; expected a whole number (funders), "
            "at least 1 and at most 20",
        ),
        (
            "notice: six",
            "4:13",
            "notice: 'six' is not a number; expected a number (months), at least 0 and at most 120",
        ),
        (
            "match: 35%",
            "4:12",
            "match: '35%' is not a number; expected a number (private £ per public £), "
            "at least 0 and at most 5; write 0.35",
        ),
        ("carry_over: no", "4:17", "carry_over: 'no'; expected true or false; write false"),
        ("carry_over: 1", "4:17", "carry_over: 1; expected true or false"),
        (
            "allocation: compettion",
            "4:17",
            "allocation: 'compettion' is not a choice; expected one of formula, devolved, "
            "competition, staged, lottery; did you mean 'competition'?",
        ),
        (
            "eligible: [firms, universitys]",
            "4:23",
            "eligible.1: 'universitys' is not a choice; expected one of firms, universities, "
            "catapults; did you mean 'universities'?",
        ),
        (
            "eligible: firms",
            "4:15",
            "eligible: 'firms'; expected a list of firms, universities, catapults; write [firms]",
        ),
        (
            "notice: 500",
            "4:13",
            "notice: 500 is too large; expected months, at least 0 and at most 120",
        ),
        (
            "award_length: 1",
            None,
            "notice: notice of 24 months is longer than the award, which lasts 12 months",
        ),
        (
            "allocation: staged",
            "4:17",
            "allocation: allocation 'staged' needs a stage_gate above 0 (years between reviews)",
        ),
        (
            "notice: .nan",
            "4:13",
            "notice: not a number; expected a number (months), at least 0 and at most 120",
        ),
    ],
)
def test_a_lever(
    complaints: Callable[..., list[str]], written: str, line_and_column: str | None, said: str
) -> None:
    lines = complaints(f"extends: long_term\nprogrammes:\n  places:\n    {written}\n")
    assert len(lines) == 1
    where, text = lines[0].split(": programmes.places.", 1)
    assert text == said
    if line_and_column is not None:
        assert where == f"{HERE}:{line_and_column}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty; expected keys such as title, extends and programmes"),
        ("# only a comment\n", "1:1: the file is empty; expected keys such as"),
        ("- a\n", "1:1: the file is not a group of keys; expected keys such as"),
        (b"title: caf\xe9\n", "1:11: byte 0xe9 is not text; expected UTF-8; save the file as"),
        (b"title: x\n\xff\n", "2:1: byte 0xff is not text"),
        ("title: x\n", "1:1: budget: no programme pays out the budget of £300m a year"),
        ("budget: 0\n", "1:1: title: missing; expected text"),
        ("title: 2030\nbudget: 0\n", '1:8: title: 2030; expected text; write "2030" in quotes'),
        ("horizn: 9\nextends: long_term", "1:1: horizn: unknown key; did you mean 'horizon'?"),
        ("extend: long_term\ntitle: x\nbudget: 0", "1:1: extend: unknown key; did you mean 'ext"),
        (
            "extends: long_term\nprogrammes:\n",
            "2:12: programmes: nothing; expected programmes by name; write null beside the name",
        ),
        ("extends: long_term\ncollaboration: 4\n", "2:16: collaboration: 4; expected keys such as"),
        ("extends: long_term\nshocks: 4\n", "2:9: shocks: 4; expected a list"),
        (
            "extends: long_term\nburn_in: {regime: mixd}\n",
            "2:19: burn_in.regime: there is no scenario 'mixd'; looked in scenarios and ",
        ),
        ("extends: long_term\nburn_in: {regime: 4}\n", "2:19: burn_in.regime: 4; expected text"),
        (
            "extends: long_term\nhorizon: 12:30\n",
            "2:10: horizon: '12:30' is not a number; expected a whole number (years), at least 1",
        ),
    ],
)
def test_a_file(complaints: Callable[..., list[str]], text: str | bytes, said: str) -> None:
    lines = complaints(text)
    assert len(lines) == 1
    assert lines[0].startswith(f"{HERE}:{said}")


def test_shares_that_do_not_add_up(complaints: Callable[..., list[str]]) -> None:
    text = "extends: long_term\nprogrammes:\n  places: {share: 0.3}\n"
    assert complaints(text) == [
        f"{HERE}:2:1: programmes: the shares add up to 1.1 (institutions 0.35 + projects 0.35 + "
        "places 0.3 + tie_subsidy 0.1); expected shares that add up to 1"
    ]
    assert complaints("extends: long_term\ntie_subsidy: 0.3\n") == [
        f"{HERE}:2:14: tie_subsidy: the shares add up to 1.2 (institutions 0.35 + projects 0.35 + "
        "places 0.2 + tie_subsidy 0.3); expected shares that add up to 1"
    ]


def test_a_misspelt_programme(complaints: Callable[..., list[str]]) -> None:
    (line,) = complaints("extends: long_term\nprogrammes:\n  plces: {award_length: 4}\n")
    assert line.startswith(f"{HERE}:2:1: programmes: the shares add up to 2 ")
    assert line.endswith("; 'plces' states no share, did you mean 'places'?")


def test_an_award_longer_than_the_horizon(complaints: Callable[..., list[str]]) -> None:
    lines = complaints("extends: long_term\nhorizon: 8\n")
    assert lines == [  # it is the child that is to blame, once
        f"{HERE}:2:10: horizon: an award of 10 years is longer than the horizon of 8 years; "
        "expected at most 8 years, or a longer horizon"
    ]


def test_shocks(complaints: Callable[..., list[str]]) -> None:
    lines = complaints(
        "extends: long_term\n"
        "shocks:\n"
        "  - {year: 3, kind: demand, sector: spce}\n"
        "  - {kind: technology, region: Greater Manchester, size: -3}\n"
        "  - {year: 3}\n"
        "  - 7\n"
    )
    starts = [
        "3:37: shocks.0.sector: there is no sector 'spce'; expected one of life_sciences_infection",
        "4:32: shocks.1.region: there is no region 'Greater Manchester'; expected one of liverpool",
        "4:58: shocks.1.size: -3 is too small; expected share, at least -0.95 and at most 2",
        "5:5: shocks.2.kind: missing; expected one of technology, demand, closure, transport",
        "6:5: shocks.3: 7; expected keys such as year, kind, sector",
    ]
    assert [
        line.startswith(f"{HERE}:{start}") for line, start in zip(lines, starts, strict=True)
    ] == [True] * 5
    assert lines[0].endswith("did you mean 'space'?")
    assert lines[1].endswith("did you mean 'greater_manchester'?")


def test_all_at_once_and_in_the_order_of_the_file(complaints: Callable[..., list[str]]) -> None:
    lines = complaints(
        "extends: long_term\n"
        "horizn: 30\n"
        "budget: -1\n"
        "budget: 2\n"
        "programmes:\n"
        "  places: {award_lenght: 3, pots: 0, shar: 0.4}\n"
        "  projets: null\n"
        "burn_in: {regime: pieceml}\n"
        "shocks: [{kind: demand, region: nowhere}]\n"
    )
    assert [line.split(": ")[0] + " " + line.split(": ")[1] for line in lines] == [
        f"{HERE}:2:1 horizn",
        f"{HERE}:3:9 budget",
        f"{HERE}:4:1 budget",
        f"{HERE}:6:12 programmes.places.award_lenght",
        f"{HERE}:6:35 programmes.places.pots",
        f"{HERE}:6:38 programmes.places.shar",
        f"{HERE}:7:3 programmes.projets",
        f"{HERE}:8:19 burn_in.regime",
        f"{HERE}:9:33 shocks.0.region",
    ]


def test_the_problems_are_open_to_a_caller(complaints: Callable[..., list[str]]) -> None:
    complaints("extends: long_term\nbudget: -1\n")
    with pytest.raises(ScenarioError) as caught:
        load("mine")
    (problem,) = caught.value.problems
    assert problem == Problem(
        HERE, 2, 9, "budget", "-1 is too small",
        "£m a year, constant prices, at least 0 and at most 100000", "",
    )  # fmt: skip
    # From a worker's process to its caller.
    assert pickle.loads(pickle.dumps(caught.value)).problems == (problem,)


def test_a_scenario_made_in_code_is_checked_too() -> None:
    half = {"half": Programme(share=0.5)}
    assert Scenario(title="x", programmes=half, tie_subsidy=0.5).budget == 300.0
    with pytest.raises(ValueError, match=r"the shares add up to 0\.9"):
        Scenario(title="x", programmes=half, tie_subsidy=0.4)
