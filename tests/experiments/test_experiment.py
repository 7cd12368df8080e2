"""An experiment as run: arms without one past share their luck, and claims get their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.ensemble import run_ensemble
from sim.experiments.experiment import run_experiment
from sim.experiments.verdict import Verdict
from sim.report import experiment as report
from sim.scenario import LoadedExperiment, ScenarioError, load, load_experiment

FILE = """\
title: Three ways
question: Does an experiment hold together?
runs: 2
years: 2
common: {extends: long_term, population: {firms: 150}, burn_in: {years: 1}}
arms:
  as_it_is: {title: As it is}
  twin: {title: The same again}
  deaf: {title: Nobody learns, assumptions: {learn: {tie_spillover: 0, place_spillover: 0}}}
cases:
  lab: {title: Laboratory}
  rich: {title: Rich firm, holder: firm, grants: [0.5], income: 0.5, cash: 10}
outcomes:
  inflow: {metric: knowledge_inflow, last_years: 2}
  even: {metric: gva_per_head, across: spread}
  towards: {metric: public_total, per: gva, across: capacity}
findings:
  same: {claim: Twins do not differ, compare: [as_it_is, twin], outcome: even, expect: within}
  learnt: {claim: Those who listen learn, compare: [as_it_is, deaf], outcome: inflow,
           control: [as_it_is, twin], expect: above}
  no_more: {claim: No more than in the control, compare: [as_it_is, deaf], outcome: inflow,
            control: [as_it_is, deaf], expect: above}
  more: {claim: The deaf learn more, compare: [deaf, as_it_is], outcome: inflow, expect: above}
  money: {claim: Money follows capacity, compare: [as_it_is], outcome: towards, expect: above}
  gap: {claim: A laboratory loses more than a rich firm, compare: [lab, rich], expect: above}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedExperiment:
    path = tmp_path_factory.mktemp("experiments") / "three.yaml"
    path.write_text(FILE, encoding="utf-8")
    return load_experiment(path)


def test_every_claim_gets_its_verdict(loaded: LoadedExperiment) -> None:
    study = run_experiment(loaded, workers=1)
    found = {one.name: one for one in study.results}
    assert (found["same"].found.mean, found["same"].verdict) == (0.0, Verdict.EMERGED)
    learnt = found["learnt"]
    assert learnt.control is not None and learnt.control.mean == 0.0
    assert learnt.excess is not None and learnt.excess.mean == learnt.found.mean > 0
    assert found["more"].found.mean == -learnt.found.mean
    assert learnt.verdict is Verdict.EMERGED
    assert found["more"].verdict is Verdict.DID_NOT
    no_more = found["no_more"]
    assert no_more.excess is not None and no_more.excess.mean == 0.0
    assert no_more.verdict is Verdict.UNSURE, "as large in the control"
    assert np.isfinite(found["money"].found.mean)
    gap = found["gap"]
    assert gap.found.low == gap.found.high == study.losses["lab"] - study.losses["rich"]
    assert gap.verdict is Verdict.EMERGED
    page = report.markdown(study)
    assert "Twins do not differ: emerged (of 6 claims" in page
    assert set(study.beside.outcome) == {"inflow", "even", "towards", "value_added"}


def test_money_that_one_arm_could_not_place_is_said(loaded: LoadedExperiment) -> None:
    study = run_experiment(loaded, workers=1)
    assert study.warnings == []
    assert study.ensemble is not None
    # One of the three arms pays half of what the others do, out of the same budget.
    payments = study.ensemble.money_columns.index("payments")
    study.ensemble.money[2][..., payments] *= 0.5
    del study.__dict__["warnings"]
    (warning,) = study.warnings
    assert warning.startswith("NOT THE SAME MONEY SPENT: Nobody learns places ")
    assert warning.endswith(" of the budget less than As it is.")
    assert warning in report.markdown(study)


def test_arms_of_other_pasts_have_the_luck_that_they_have_alone(loaded: LoadedExperiment) -> None:
    study = run_experiment(loaded, workers=1)
    assert study.ensemble is not None
    for number, arm in enumerate(loaded.arms):
        alone = run_ensemble([arm], runs=2, years=2, workers=1)
        np.testing.assert_array_equal(alone.totals[0], study.ensemble.totals[number])


def test_the_number_of_workers_changes_nothing(loaded: LoadedExperiment) -> None:
    frames = [report.frame(run_experiment(loaded, workers=workers)).to_csv() for workers in (1, 2)]
    assert frames[0] == frames[1]


def test_a_scenario_alone_still_needs_one_past() -> None:
    one, other = load("long_term"), load("piecemeal", {"population.firms": "150"})
    with pytest.raises(ScenarioError, match="population"):
        run_ensemble([one, other], runs=1)
