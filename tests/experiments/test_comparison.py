"""Comparisons: signs, intervals, money and its guard, on futures whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import account, ensemble, pair

import sim
from sim.experiments.accounts import accounts_by_year, budget_warnings
from sim.experiments.comparison import Comparison
from sim.experiments.scenarios import load_all
from sim.experiments.tasks import task_of
from sim.scenario import ScenarioError, load


@pytest.fixture(scope="module")
def found() -> Comparison:
    return Comparison(ensemble(runs=4, years=6))


def test_the_headline_is_the_first_minus_the_second(found: Comparison) -> None:
    # Differences in year 6 are 6·(1, 2, 3, 4): mean 15, half = 6·1.51909.
    row = found.headline()
    assert (row.scenario, row.baseline, row.region, row.year) == (
        "long_term",
        "piecemeal",
        "north",
        6,
    )
    assert row.estimate == pytest.approx(15.0)
    assert row.high - row.estimate == pytest.approx(6 * 1.51909, abs=1e-3)
    assert row.share_scenario_ahead == 1.0 and row.share_baseline_ahead == 0.0
    assert row.relative == pytest.approx(100 * 15.0 / row.baseline_mean)
    assert row.role == "headline"


def test_secondary_rows_are_corrected_together_and_the_headline_is_not(found: Comparison) -> None:
    # Only value added differs: the same t in each of its rows, and nothing in all the others.
    paired, headline = found.paired, found.headline()
    assert headline.q == headline.p == pytest.approx(0.0305, abs=1e-4)  # t = 3.873, 3 degrees
    secondary = paired[paired.role == "secondary"]
    gva = secondary[secondary.metric == "gva"]
    np.testing.assert_allclose(gva.q, np.minimum(1.0, headline.p * len(secondary) / len(gva)))
    others = secondary[secondary.metric != "gva"]
    assert (others.q == 1.0).all()


def test_until_stops_as_soon_as_the_headline_is_narrow_enough() -> None:
    found = sim.compare(pair(), runs=30, years=1, until=0.05, workers=1)
    assert (found.ensemble.runs, found.ensemble.is_complete) == (10, True)
    assert any("was chosen by the data" in one for one in found.warnings)


def test_only_one_outcome_is_the_headline(found: Comparison) -> None:
    assert (found.paired.role == "headline").sum() == 1


def test_the_tables_have_each_metric_region_and_milestone(found: Comparison) -> None:
    gva = found.paired[found.paired.metric == "gva"]
    assert sorted(gva.year.unique()) == [5, 6]
    assert set(gva.region) == set(found.ensemble.areas)
    own = found.summary[(found.summary.metric == "gva") & (found.summary.region == "north")]
    assert len(own) == 2 * 2
    assert (own.spread_low <= own.estimate).all() and (own.estimate <= own.spread_high).all()


def test_outcomes_have_one_row_per_scenario_run_year_region_and_sector(found: Comparison) -> None:
    table = found.outcomes
    e = found.ensemble
    assert len(table) == 2 * 4 * 7 * len(e.areas) * len(e.sectors)
    keys = ["scenario", "run", "year", "region", "sector"]
    assert not table.duplicated(keys).any()
    one = table[
        (table.scenario == "long_term")
        & (table.run == 2)
        & (table.year == 6)
        & (table.region == "north")
        & (table.sector == "all")
    ]
    assert one.gva.item() == pytest.approx(e.series("gva")[0, 1, 6])


def test_every_column_is_explained(found: Comparison) -> None:
    assert found.columns.column.tolist() == found.outcomes.columns.tolist()
    assert (found.columns.meaning != "").all()


def test_money_by_hand(found: Comparison) -> None:
    # £300m a year for 6 years; 90 % paid, 5 % overhead, a tenth spent on bids.
    row = found.accounts.set_index(["scenario", "programme"]).loc[("long_term", "all")]
    assert row.budget == pytest.approx(1800)
    assert row.spent == pytest.approx(0.95 * 1800)
    assert row.unspent == pytest.approx(0.05 * 1800)
    assert row.delivered == pytest.approx(0.8 * 1800)
    by_hand = sum(0.95 * 300 / 1.035**year for year in range(6))
    assert row.spent_present_value == pytest.approx(by_hand)
    assert accounts_by_year(found.ensemble).budget.tolist() == pytest.approx([300.0] * 12)


def test_equal_budgets_raise_no_warning(found: Comparison) -> None:
    assert found.warnings == []


@pytest.mark.parametrize(("budget", "is_warned"), [("300.2", False), ("300.4", True)])
def test_budgets_a_thousandth_apart_are_said_loudly(budget: str, is_warned: bool) -> None:
    small = {"population.firms": "150"}
    loaded = [load("long_term", small), load("piecemeal", {**small, "budget": budget})]
    warnings = budget_warnings(ensemble(runs=2, years=3, loaded=loaded))
    assert any("NOT THE SAME MONEY" in one for one in warnings) is is_warned


def test_the_guard_looks_at_each_year_and_each_run() -> None:
    found = ensemble(runs=2, years=3)
    column = found.money_columns.index("budget")
    found.money[1][1, 2, 0, column] += 1.0  # £1m moved from year 3 to year 2, in one run
    assert budget_warnings(found)


def test_an_interrupted_comparison_says_so() -> None:
    found = Comparison(ensemble(runs=2, years=2))
    found.ensemble.planned = 10
    assert "2 of 10 runs" in " ".join(found.warnings)


def test_a_third_scenario_is_compared_with_the_first() -> None:
    found = Comparison(ensemble(runs=2, years=2, loaded=[*pair(), _no_policy()]))
    assert list(found.paired.groupby("baseline", sort=False).groups) == ["piecemeal", "no_policy"]
    assert (found.paired.scenario == "long_term").all()
    assert any("no_policy" in one for one in found.warnings)


def test_pairs_are_counted_by_runs_also_where_parameter_sets_are_drawn() -> None:
    found = Comparison(ensemble(runs=4, years=2))
    usual = found.ensemble.loaded[0].scenario.assumptions
    found.ensemble.variants = (usual, usual)
    row = found.headline()
    assert (row.n, row.share_scenario_ahead) == (4, 1.0)


def _no_policy() -> sim.Loaded:
    return load("no_policy", {"population.firms": "150"})


def test_mistakes_of_all_scenarios_are_told_together() -> None:
    with pytest.raises(ScenarioError) as error:
        load_all(["long_trem", "piecemeel"])
    assert "long_trem" in str(error.value) and "piecemeel" in str(error.value)


def test_a_blend_lies_between() -> None:
    a, b, between = load_all(["long_term", "piecemeal"], firms=150, share=0.25)
    assert between.name == "long_term~piecemeal@0.25"
    lengths = [one.scenario.programmes["projects"].award_length for one in (a, between, b)]
    assert lengths == [10, 8, 2]
    assert task_of([a, b, between]).years == 25
    with pytest.raises(ValueError, match="two scenarios"):
        load_all(["long_term"], share=0.5)


def test_real_futures_from_python() -> None:
    found = sim.compare(["long_term", "piecemeal"], runs=2, years=1, firms=150, workers=1)
    assert found.warnings == []
    total = found.accounts[found.accounts.programme == "all"]
    left = total.budget - total.payments - total.overhead - total.unspent
    np.testing.assert_allclose(left, 0.0, atol=1e-9)
    assert np.isfinite(found.headline().estimate)
    alone = sim.simulate("long_term", runs=1, years=1, firms=150, workers=1)
    assert set(alone.summary.scenario) == {"long_term"}


def test_fake_accounts_are_those_of_the_scenario() -> None:
    assert account(task_of(pair(), 2), 0).shape[0] == 3
