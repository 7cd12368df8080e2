"""Axes: what may be written, what it sets, and what a mistake is told."""

from __future__ import annotations

import pytest

from sim.scenario import Loaded, ScenarioError, load
from sim.scenario.axes import read_axes, scenario_at


@pytest.fixture(scope="module")
def pair() -> list[Loaded]:
    return [load("long_term"), load("piecemeal")]


def test_a_bare_lever_is_of_every_programme_and_has_its_plausible_range(pair: list[Loaded]) -> None:
    x, y = read_axes("award_length", "assumptions.trade.shock_rate=1..2:3", pair)
    names = ("institutions", "projects", "places")
    assert x.targets[0] == tuple(f"programmes.{name}.award_length" for name in names)
    assert x.targets[0] == x.targets[1]
    assert (x.values[0], x.values[-1], len(x.values), x.unit) == (1.0, 10.0, 7, "years")
    assert (x.lever, y.lever) == ("award_length", "")
    assert y.values == (1.0, 1.5, 2.0)
    assert y.targets == (("assumptions.trade.shock_rate",),) * 2


def test_a_side_sets_one_scenario_alone(pair: list[Loaded]) -> None:
    x, y = read_axes("a:programmes.projects.notice=:3", "second:notice", pair)
    assert x.targets == (("programmes.projects.notice",), ())
    assert (x.name, y.name) == ("first:programmes.projects.notice", "second:notice")
    assert len(y.targets[1]) == 3 and y.targets[0] == ()


def test_whole_numbers_stay_whole(pair: list[Loaded]) -> None:
    x, _ = read_axes("pots=1..4:7", "blend", pair)
    assert x.values == (1, 2, 3, 4)
    assert all(isinstance(one, int) for one in x.values)


def test_values_are_set_where_they_are_sound(pair: list[Loaded]) -> None:
    found = scenario_at(pair[0].scenario, {"programmes.places.award_length": 5.0, "budget": 10.0})
    assert (found.programmes["places"].award_length, found.budget) == (5.0, 10.0)
    with pytest.raises(ValueError, match=r"programmes\.places: notice of 24 months is longer"):
        scenario_at(pair[0].scenario, {"programmes.places.award_length": 1.0})


@pytest.mark.parametrize(
    ("x", "said"),
    [
        ("budgt", "there is no key 'budgt'; did you mean 'budget'?"),
        ("shock_rate", "did you mean 'assumptions.trade.shock_rate'?"),
        ("award_lenght", "did you mean 'award_length'?"),
        ("programmes.projects.allocation", "'programmes.projects.allocation' is not a number; "
         "expected a numeric key; its value is one of formula, devolved"),
        ("carry_over", "'carry_over' is not a number; expected a numeric key; its value is true "
         "or false"),
        ("title", "'title' is not a number"),
        ("assumptions", "'assumptions' is not a number"),
        ("programmes.projcts.notice", "long_term has no programme 'projcts'; expected one of "
         "institutions, projects, places; did you mean 'projects'?"),
        ("budget=5..5", "the range from 5 to 5 is empty; expected the lower end first"),
        ("budget=9..1", "the range from 9 to 1 is empty"),
        ("budget=1..x", "'x' is not a number"),
        ("budget=1..", "'1..' is not a range; expected LOW..HIGH:N, such as 1..10:5"),
        ("budget=1..9:1", "1 points; expected 2 to 60"),
        ("budget=-1..9", "leaves what may be; expected at least 0 and at most 100000"),
        ("pots=1..2.5", "'2.5' is not a whole number"),
        ("blend=0..2", "leaves what may be; expected at least 0 and at most 1"),
        ("third:budget", "'third' is neither of the two scenarios; expected first: or second:"),
        ("first:blend", "the blend is of both"),
        ("first:assumptions.trade.shock_rate", "the two live in one world"),
        ("first_year", "first_year has no range of its own; expected one, such as 1..10"),
        ("notice", "turns the same key as --x notice; expected another key"),
    ],
)  # fmt: skip
def test_mistakes(pair: list[Loaded], x: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_axes(x, "notice", pair)
    assert said in str(error.value)
    assert str(error.value).startswith(("--x ", "--y notice"))


def test_both_mistakes_are_told_at_once(pair: list[Loaded]) -> None:
    with pytest.raises(ScenarioError) as error:
        read_axes("budgt", "allocation", pair)
    assert [one.file for one in error.value.problems] == ["--x budgt", "--y allocation"]


def test_a_scenario_without_programmes_has_no_lever() -> None:
    both = [load("long_term"), load("no_policy")]
    with pytest.raises(ScenarioError, match="no_policy has no programme; first:… or second:…"):
        read_axes("notice", "budget", both)
    assert read_axes("first:notice", "budget", both)[0].targets[1] == ()
