"""The Mesa face shows the same run as the engine, in Mesa's own words."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import Catapult, ClusterModel, Firm, University
from sim.run import Run
from sim.scenario import load

SMALL = {"population.firms": "300", "burn_in.years": "1", "horizon": "10"}


@pytest.fixture(scope="module")
def model() -> ClusterModel:
    loaded = load("long_term", SMALL)
    one = ClusterModel(loaded, seed=4)
    for _ in range(8):
        one.step()
    return one


def test_same_state_as_a_plain_run(model: ClusterModel) -> None:
    loaded = load("long_term", SMALL)
    run = Run.start(loaded.scenario, loaded.burn_in, 4).fork(loaded.scenario)
    for _ in range(8):
        run.step()
    assert run.world.digest() == model.world.digest()


def test_a_view_for_each_organisation_and_no_other(model: ClusterModel) -> None:
    assert len(model.agents) == len(model.world.organisations)
    assert {agent.uid for agent in model.agents} == set(model.world.organisations.uid.tolist())
    assert {type(agent) for agent in model.agents} == {Firm, University, Catapult}


def test_agent_sets_select_aggregate_and_group(model: ClusterModel) -> None:
    firms = model.agents.select(agent_type=Firm)
    organisations = model.world.organisations
    assert len(firms) == int(np.sum(organisations.kind == 0))
    total = firms.agg("jobs", sum)
    assert total == pytest.approx(organisations.jobs[organisations.kind == 0].sum())
    by_region = model.agents.groupby("region_name").count()
    assert sum(by_region.values()) == len(model.agents)


def test_columns_are_attributes_and_nothing_else_is(model: ClusterModel) -> None:
    agent = next(iter(model.agents))
    row = model.row_of(agent.uid)
    assert agent.knowledge == model.world.organisations.knowledge[row]
    with pytest.raises(AttributeError, match="no column"):
        _ = agent.knowlege


def test_collector_holds_yearly_headlines(model: ClusterModel) -> None:
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 3
    assert (frame["gva"] > 0).all()
    assert model.year == 2.0
