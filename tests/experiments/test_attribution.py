"""What is attributed to which lever and channel: players, sound combinations, and lived runs."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiments import attribution as module
from sim.experiments.attribution import Attribution, Living, attribute
from sim.experiments.attribution_plan import Plan, plan
from sim.experiments.channels import CHANNELS, NEUTRAL, without
from sim.experiments.ensemble import run_ensemble
from sim.experiments.future import IsStopped, Task, never, seed_of
from sim.experiments.levers import Levers, differing, levers
from sim.experiments.read_off import Numbers
from sim.experiments.scenarios import load_all
from sim.experiments.store import Store
from sim.metrics.history import METRICS
from sim.run import Run
from sim.scenario import Loaded, Scenario, ScenarioError

GVA = next(one for one in METRICS if one.name == "gva")
SMALL = {"burn_in.years": "1"}


def pair(**settings: str) -> tuple[Loaded, Loaded]:
    """long_term, and what differs from it by dotted keys (``__`` for a dot), small."""
    one = load_all(["long_term"], firms=150, overrides=SMALL)[0]
    keys = {key.replace("__", "."): value for key, value in settings.items()}
    other = load_all(["long_term"], firms=150, overrides=SMALL | keys)[0]
    return one, replace(other, name="other")


def game(one: Loaded, other: Loaded, **own: list[str]) -> Levers:
    return levers(one.scenario, other.scenario, own, (one.name, other.name))


def shipped() -> tuple[Loaded, Loaded]:
    one, other = load_all(["long_term", "piecemeal"], firms=150, overrides=SMALL)
    return one, other


def test_a_lever_of_several_programmes_is_one_player() -> None:
    found = game(*shipped()).players
    assert [one.name for one in found] == [
        "award_length", "calls_per_year", "renewal_probability", "notice", "volatility", "pots",
        "carry_over", "cancellation_rate",
    ]  # fmt: skip
    assert found[0].keys == tuple(
        f"programmes.{name}.award_length" for name in ("institutions", "projects", "places")
    )


def test_combinations_take_the_levers_of_the_first_scenario() -> None:
    one, other = shipped()
    found = game(one, other)
    assert found.mixed(255) == one.scenario and found.mixed(0) == other.scenario
    mixed = found.mixed(0b00001000)  # notice alone
    assert mixed.programmes["places"].notice == one.scenario.programmes["places"].notice
    assert mixed.programmes["places"].pots == other.scenario.programmes["places"].pots


def test_own_groups_take_keys_by_full_name_lever_or_programme() -> None:
    one, other = shipped()
    found = game(one, other, stability=["notice", "volatility"], here=["programmes.places.pots"])
    keys = {player.name: player.keys for player in found.players}
    assert "notice" not in keys and len(keys["stability"]) == 6
    assert keys["here"] == ("programmes.places.pots",) and len(keys["pots"]) == 2
    assert sum(map(len, keys.values())) == 24


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"x": ["notise"]}, "did you mean 'notice'?"),
        ({"x": ["award_size"]}, "is alike in long_term and piecemeal"),
        ({"x": ["notice"], "y": ["notice"]}, "is in the group x already"),
        ({"pots": ["notice"]}, "another name"),
    ],
)
def test_wrong_groups_are_told(own: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ScenarioError, match="--group") as error:
        game(*shipped(), **own)
    assert message in str(error.value)


def test_scenarios_that_differ_in_nothing_cannot_be_explained() -> None:
    with pytest.raises(ScenarioError, match="differ in no lever"):
        plan(pair(title="Another"), GVA)


def test_a_programme_of_one_alone_is_a_key() -> None:
    one = {"programmes": {"a": {"share": 1.0}}, "title": "x"}
    other = {"programmes": {"a": {"share": 0.5}, "b": {"share": 0.5}}, "title": "y"}
    assert list(differing(one, other)) == ["programmes.a.share", "programmes.b"]


def test_levers_that_do_not_go_together_are_made_one_before_any_run() -> None:
    """Notice of 24 months with awards of one year is no scenario; pots go with anything."""
    settings = {
        f"programmes__{name}__{key}": value
        for name in ("institutions", "projects", "places")
        for key, value in (("award_length", "1"), ("notice", "3"), ("pots", "2"))
    }
    found = plan(pair(**settings), GVA, year=1, runs=1)
    assert [one.name for one in found.game.players] == ["award_length + notice", "pots"]
    assert "cannot be parted" in found.notes[0] and "longer than the award" in found.notes[0]


def test_shares_and_a_programme_that_comes_with_them_are_one_player() -> None:
    found = plan(
        pair(programmes__projects="null", programmes__places__share="0.55"), GVA, year=1, runs=1
    )
    assert [one.name for one in found.game.players] == ["programmes + share"]


def test_a_reform_and_the_programme_that_it_changes_are_one_player() -> None:
    one, _ = pair()
    other = load_all(["innovation_accelerator"], firms=150, overrides=SMALL)[0]
    found = plan((one, other), GVA, year=1, runs=1)
    assert [one.name for one in found.game.players] == [
        "budget",
        "tie_subsidy + programmes + reforms",
    ]
    assert "a reform changes the programme" in found.notes[1]


def test_unequal_money_is_said_before_any_run() -> None:
    found = plan(pair(budget="200", programmes__places__notice="6"), GVA, year=1, runs=1)
    assert found.warnings[0].startswith("NOT THE SAME MONEY: 2 of 4 scenarios")
    assert not plan(pair(programmes__places__notice="6"), GVA, year=1, runs=1).warnings


def test_every_channel_can_be_off() -> None:
    keys = [key for one in CHANNELS for key in one.keys]
    assert len(keys) == len(set(keys)) and set(keys) <= set(NEUTRAL)
    off = without(shipped()[0].scenario, keys)
    assert off.assumptions.fund.bid_effort == 0.0 and off.assumptions.work.salvage == 1.0
    assert all(one.overhead_share == one.pot_overhead == 0.0 for one in off.programmes.values())


def test_a_reform_does_not_turn_a_lever_on_again() -> None:
    reforms = "[{year: 1, set: {programmes.places: {pot_overhead: 2, pots: 3}}}]"
    one = without(pair(reforms=reforms)[1].scenario, ["programme.pot_overhead"])
    later = one.stages()[1][1].programmes["places"]
    assert (later.pot_overhead, later.pots) == (0.0, 3)


def test_own_channels_take_other_parameters_if_they_can_be_off() -> None:
    spill = {"spillovers": ["learn.place_spillover"], "experience": ["newcomer_experience"]}
    players = plan(shipped(), GVA, is_channels=True, groups=spill, runs=1).game.players
    keys = {one.name: one.keys for one in players}
    assert keys["spillovers"] == ("learn.place_spillover",)
    assert keys["experience"] == ("staff.newcomer_experience",)
    assert "staff.newcomer_experience" not in keys["gaps and lost staff"]
    with pytest.raises(ScenarioError, match="no neutral value"):
        plan(shipped(), GVA, is_channels=True, groups={"x": ["learn.best_distance"]}, runs=1)


@pytest.fixture(scope="module")
def lived() -> Attribution:
    """Two levers of the shipped pair's difference, for a year."""
    settings = {
        f"programmes__{name}__{key}": value
        for name in ("institutions", "projects", "places")
        for key, value in (("pots", "4"), ("carry_over", "false"))
    }
    return attribute(plan(pair(**settings), GVA, year=1, runs=3), workers=1)


def test_parts_add_up_to_the_difference_of_the_two_scenarios(lived: Attribution) -> None:
    assert lived.parts.sum(axis=1) == pytest.approx(lived.differences, abs=1e-9)
    ensemble = run_ensemble(lived.plan.loaded, runs=3, years=1, workers=1)
    gva = ensemble.series("gva")[:, :, 1]
    np.testing.assert_array_equal(lived.differences, gva[0] - gva[1])


def test_a_run_has_one_past_and_lives_each_combination_once(
    lived: Attribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasts, futures = [], []
    start, fork = Run.start.__func__, Run.fork  # type: ignore[attr-defined]

    def counted_start(cls: type[Run], scenario: Scenario, burn_in: Scenario, seed: int) -> Run:
        pasts.append(seed)
        return start(cls, scenario, burn_in, seed)  # type: ignore[no-any-return]

    def counted_fork(self: Run, scenario: Scenario) -> Run:
        futures.append((self.seed, scenario.model_dump_json()))
        return fork(self, scenario)

    monkeypatch.setattr(Run, "start", classmethod(counted_start))
    monkeypatch.setattr(Run, "fork", counted_fork)
    attribute(lived.plan, workers=1)
    assert pasts == [seed_of(1, run) for run in range(3)]
    assert len(futures) == len(set(futures)) == 3 * 2**2


def test_any_finished_runs_are_the_same_runs(
    lived: Attribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Living.__call__

    def interrupted(
        self: Living, task: Task, index: int, seed: int, is_stopped: IsStopped = never
    ) -> Numbers:
        if index == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return live(self, task, index, seed, is_stopped)

    monkeypatch.setattr(module.Living, "__call__", interrupted)
    found = attribute(lived.plan, workers=1)
    assert found.indices == [0, 1] and found.worths == lived.worths[:2]
    assert found.warnings[-1].startswith("INTERRUPTED: 2 of 3")


def test_sampled_and_exact_parts_have_one_whole(lived: Attribution) -> None:
    sampled = attribute(replace_design(lived.plan, 2), workers=1)
    assert sampled.pairs is None
    np.testing.assert_array_equal(sampled.differences, lived.differences)
    assert sampled.parts == pytest.approx(lived.parts)  # two players have but two orders


def replace_design(one: Plan, n_orders: int) -> Plan:
    return replace(one, design=replace(one.design, n_orders=n_orders))


def test_levers_that_work_through_one_channel_each_leave_nothing_to_the_others() -> None:
    """What a bid costs, and what a funder costs: with both channels off there is no gap."""
    both = pair(programmes__projects__bid_cost="1", programmes__places__pot_overhead="5")
    groups = {"others": [one.name for one in CHANNELS[2:]]}
    found = attribute(plan(both, GVA, is_channels=True, groups=groups, year=2, runs=2), workers=1)
    assert [one.name for one in found.players] == ["cost of bids", "overhead", "others"]
    np.testing.assert_array_equal(found.rest, 0.0)
    assert np.all(found.steps[0][:, :2] != 0.0)
    np.testing.assert_array_equal(found.steps[0][:, 2], 0.0)  # the others alone: no gap to carry
    assert found.parts.sum(axis=1) == pytest.approx(found.differences, abs=1e-9)


def over_fits(is_channels: bool, groups: dict[str, list[str]], runs: int) -> Plan:
    both = pair(programmes__projects__bid_cost="1", programmes__places__pot_overhead="5")
    return plan(
        both, GVA, is_channels=is_channels, groups=groups, year=1, runs=runs, is_over_fits=True
    )


def test_over_fits_every_combination_of_a_run_has_the_set_whose_turn_it_is() -> None:
    planned = over_fits(False, {}, runs=2)
    found = attribute(planned, workers=1)
    ensemble = run_ensemble(
        planned.loaded, runs=2, years=1, workers=1, variants=planned.task.variants
    )
    gva = ensemble.series("gva")[:, :, 1]
    np.testing.assert_array_equal(found.differences, gva[0] - gva[1])
    usual = attribute(replace(planned, task=replace(planned.task, variants=())), workers=1)
    assert not np.array_equal(usual.differences, found.differences)
    assert found.groups is not None and found.groups.tolist() == [0, 1] and usual.groups is None


def test_over_fits_a_channel_that_is_off_is_off_under_every_set(tmp_path: Path) -> None:
    groups = {"others": [one.name for one in CHANNELS[2:]]}
    planned = over_fits(True, groups, runs=2)
    shelf = Store(tmp_path, spare=0)
    found = attribute(planned, workers=1, store=shelf)
    np.testing.assert_array_equal(found.rest, 0.0)
    np.testing.assert_array_equal(found.steps[0][:, 2], 0.0)
    assert found.parts.sum(axis=1) == pytest.approx(found.differences, abs=1e-9)
    again = Store(tmp_path, spare=0)
    assert attribute(planned, workers=1, store=again).worths == found.worths
    assert again.n_found == again.n_asked == 2
    usual = replace(planned, task=replace(planned.task, variants=()))
    attribute(replace(usual, runs=1), workers=1, store=again)
    assert (again.n_found, again.n_asked) == (2, 3)  # another set is another question
