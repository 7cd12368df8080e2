"""A researcher's own phases take part in a quarter, without a change to the package."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.model import ClusterModel
from sim.quarter import PHASES, Assumptions, Phase, Policy
from sim.run import Run
from sim.scenario import Loaded, load
from sim.world.state import World

SMALL = {"population.firms": "200", "burn_in.years": "1", "horizon": "2"}
#: Nobody is born and nobody closes, so that rows stay where they are.
CALM = tuple(phase for phase in PHASES if phase.name != "turn_over")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("piecemeal", SMALL)


@pytest.fixture(scope="module")
def past(loaded: Loaded) -> Run:
    return Run.start(loaded.scenario, loaded.burn_in, 3)


def test_a_phase_that_does_nothing_changes_nothing(loaded: Loaded, past: Run) -> None:
    idle = Phase("idle", "nothing", lambda w, p, a: None)
    plain, other = past.fork(loaded.scenario), past.fork(loaded.scenario, (*PHASES, idle))
    assert plain.finish().world.digest() == other.finish().world.digest()


def test_a_phase_acts_in_its_place_and_from_the_fork_on(loaded: Loaded, past: Run) -> None:
    seen: list[int] = []

    def double(world: World, policy: Policy, assumptions: Assumptions) -> None:
        seen.append(world.quarter)
        world.organisations.knowledge *= 2.0

    at = [phase.name for phase in CALM].index("innovate")
    phases = (*CALM[:at], Phase("double", "knowledge", double), *CALM[at:])
    plain, doubled = past.fork(loaded.scenario, CALM), past.fork(loaded.scenario, phases)
    plain.step()
    doubled.step()
    assert seen == [plain.policy.start]
    # The work was done before, and value added is made after.
    one, two = plain.world.organisations, doubled.world.organisations
    assert (two.effort == one.effort).all()
    assert two.knowledge == pytest.approx(2.0 * one.knowledge)
    assert (two.productivity >= one.productivity).all()
    assert two.productivity.sum() > one.productivity.sum()


def test_a_future_keeps_the_phases_of_its_past(loaded: Loaded) -> None:
    past = Run.start(loaded.scenario, loaded.burn_in, 3, phases=CALM)
    future = past.fork(loaded.scenario)
    before = future.world.organisations.uid.copy()
    assert (future.finish().world.organisations.uid == before).all()


def test_a_phase_can_be_replaced_in_the_mesa_model(loaded: Loaded) -> None:
    calm = tuple(
        replace(phase, run=lambda w, p, a: None) if phase.name == "turn_over" else phase
        for phase in PHASES
    )
    model = ClusterModel(loaded, 3, calm)
    before = {agent.uid for agent in model.agents}
    model.step()
    assert {agent.uid for agent in model.agents} == before
