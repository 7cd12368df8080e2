"""Scenarios and parameters from the interfaces of SALib and EMA Workbench, as docs show them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import sim
from sim.experiments.factors import factors_of, pair_of
from sim.quarter import Assumptions
from sim.scenario import Loaded

NAMES = ["trade.margin", "population.pool_share", "second:award_length=1..10"]


@pytest.fixture(scope="module")
def pair() -> list[Loaded]:
    return [sim.load(name, {"population.firms": "150"}) for name in ("long_term", "piecemeal")]


def test_a_problem_has_every_assumption_with_its_range_and_no_lever() -> None:
    found = sim.problem("long_term", "piecemeal")
    assert found["num_vars"] == len(found["names"]) == len(found["bounds"]) > 100
    assert "assumptions.trade.margin" in found["names"]
    assert "assumptions.trade.finance_access" not in found["names"]  # a lever
    assert {name.split(".")[1] for name in found["names"]} == set(Assumptions.model_fields)
    assert all(low < high for low, high in found["bounds"])
    only = sim.problem("long_term", "piecemeal", ["population", "budget"])
    assert "population.firms" not in only["names"] and "population.pool_share" in only["names"]
    assert only["bounds"][-1] == [100.0, 600.0]


def test_mistakes_in_names_are_all_told() -> None:
    both = pair_of("long_term", "piecemeal")
    with pytest.raises(sim.ScenarioError) as error:
        factors_of(both, ["trade.margn", "title", "budget=5..1"])
    said = str(error.value)
    assert "--over trade.margn: there is no key 'assumptions.trade.margn'; did you mean" in said
    assert "'title' is not a number" in said and "the range from 5 to 1 is empty" in said
    with pytest.raises(sim.ScenarioError, match="there is no key 'budgt'"):
        sim.difference("long_term", "piecemeal", {"budgt": 1.0})
    with pytest.raises(sim.ScenarioError, match="less than or equal to 1"):
        sim.difference("long_term", "piecemeal", {"trade.margin": 7.0})


def test_a_difference_is_that_of_the_comparison(pair: list[Loaded]) -> None:
    found = sim.difference(*pair, {"budget": 200}, year=1, runs=2, seed=3)
    turned = [sim.load(one.name, {"population.firms": "150", "budget": "200"}) for one in pair]
    first, second = sim.compare(turned, years=1, runs=2, seed=3, workers=1).ensemble.series("gva")
    np.testing.assert_array_equal(found, (first - second)[:, 1])


def test_salib_samples_and_analyses(pair: list[Loaded]) -> None:
    from SALib.analyze import morris
    from SALib.sample.morris import sample

    problem = sim.problem(*pair, NAMES)
    points = sample(problem, 2, seed=1)
    values = np.array([
        sim.difference(*pair, dict(zip(problem["names"], point, strict=True)), year=1, runs=1)[0]
        for point in points
    ])  # fmt: skip
    found = morris.analyze(problem, points, values, seed=1)
    assert list(found["names"]) == problem["names"] and found["mu_star"].max() > 0


def test_ema_workbench_lives_experiments(pair: list[Loaded]) -> None:
    with warnings.catch_warnings():
        # Its own, of optional parts that are not installed.
        warnings.filterwarnings("ignore", module="ema_workbench")
        from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    def clusters(**values: float) -> dict[str, float]:
        return {"difference": sim.difference(*pair, values, year=1, runs=1).mean()}

    problem = sim.problem(*pair, NAMES)
    model = Model("clusters", function=clusters)
    model.uncertainties = [
        RealParameter(name, *ends)
        for name, ends in zip(problem["names"], problem["bounds"], strict=True)
    ]
    model.outcomes = [ScalarOutcome("difference")]
    lived, outcomes = perform_experiments(model, scenarios=3)
    values = lived[problem["names"]].iloc[0].to_dict()
    expected = sim.difference(*pair, values, year=1, runs=1)[0]
    assert outcomes["difference"][0] == pytest.approx(expected)


def test_explain_from_python_adds_up(pair: list[Loaded]) -> None:
    found = sim.explain(*pair, year=1, runs=1, n_orders=2, workers=1)
    np.testing.assert_allclose(found.parts.sum(axis=1), found.differences, atol=1e-6)
    with pytest.raises(ValueError, match="there is no metric 'gvaa'"):
        sim.explain(*pair, metric="gvaa")
