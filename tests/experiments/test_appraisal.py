"""The arithmetic of an appraisal, worked by hand, and its lines from futures that are known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.experiments import appraisal as arithmetic
from sim.experiments.appraisal_cases import CASES, cases_of
from sim.experiments.appraisal_lines import Table
from sim.experiments.appraisal_options import load_options, settled
from sim.experiments.appraisal_table import by_year, poorer_areas, table
from sim.experiments.appraised import Appraisal, SectorValues
from sim.experiments.ensemble import run_ensemble
from sim.experiments.fitted import variants_of
from sim.experiments.statistics import present_value
from sim.experiments.verdict import Interval
from sim.scenario import ScenarioError
from tests.experiments.fakes import ensemble, fake, interrupted

RUNS, YEARS = 4, 6


def test_value_added_of_a_year_is_the_mean_of_its_ends() -> None:
    assert arithmetic.over_years(np.array([0.0, 2.0, 6.0])).tolist() == [1.0, 4.0]


def test_present_values_by_hand() -> None:
    # £100m today, £100m in a year, £100m in two: 100 + 96.618 + 93.351.
    assert present_value(np.full(3, 100.0)) == pytest.approx(289.969, abs=1e-3)
    assert present_value(np.full(3, 100.0), rate=0.03) == pytest.approx(291.347, abs=1e-3)
    # Year 31 is the first at the later rate.
    last = np.zeros(32)
    last[31] = 1.0
    assert present_value(last) == pytest.approx(1 / 1.035**30 / 1.03)


def test_jobs_and_output_a_job_add_up() -> None:
    # From 100 jobs at 2 to 110 jobs at 2.1: 231 − 200 = 10·2 + 110·0.1.
    found = arithmetic.parts(*(np.array([x]) for x in (231.0, 110.0, 200.0, 100.0)))
    assert (found.employment[0], found.productivity[0]) == pytest.approx((20.0, 11.0))


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        (-0.5, "poor"),
        (0.99, "poor"),
        (1.0, "low"),
        (1.49, "low"),
        (1.5, "medium"),
        (2.0, "high"),
        (3.99, "high"),
        (4.0, "very high"),
        (math.nan, "unknown"),
    ],
)
def test_categories(ratio: float, name: str) -> None:
    assert arithmetic.category(ratio) == name


def test_a_category_is_told_with_those_its_interval_reaches() -> None:
    assert arithmetic.categories(Interval(1.2, 0.9, 1.6)) == (
        "low (the interval reaches from poor to medium)"
    )
    assert arithmetic.categories(Interval(1.2, 1.1, 1.3)) == "low"
    assert arithmetic.categories(Interval(1.2, math.nan, math.nan)) == "low"


def test_a_ratio_of_means_and_its_seeded_interval() -> None:
    benefits, costs = np.array([10.0, 20.0, 30.0]), np.array([10.0, 10.0, 10.0])
    found = arithmetic.ratio(benefits, costs, seed=3)
    assert found.mean == pytest.approx(2.0)
    assert 1.0 <= found.low < 2.0 < found.high <= 3.0
    assert found == arithmetic.ratio(benefits, costs, seed=3)


def test_a_ratio_to_what_may_be_nothing_has_no_value() -> None:
    assert math.isnan(arithmetic.ratio(np.ones(3), np.array([-1.0, 1.0, 0.5])).mean)
    assert math.isnan(arithmetic.ratio(np.ones(3), np.zeros(3)).mean)
    alone = arithmetic.ratio(np.array([3.0]), np.array([2.0]))
    assert alone.mean == 1.5 and math.isnan(alone.low)


def test_switching_values_by_hand() -> None:
    # Benefits 150, costs 100: even with a third less benefit, or half as much again in costs.
    benefits, costs = np.full(3, 150.0), np.full(3, 100.0)
    assert arithmetic.switching(benefits - costs, benefits).mean == pytest.approx(-1 / 3)
    assert arithmetic.switching(benefits - costs, -costs).mean == pytest.approx(0.5)


def test_the_ready_reckoner_by_hand() -> None:
    left = [arithmetic.remaining(*shares) for shares in arithmetic.RECKONER.values()]
    assert left == pytest.approx([0.675, 0.375, 0.125])


@pytest.fixture(scope="module")
def found() -> Appraisal:
    """Two options, 1 and 2 of them alike but for the first's GVA, against no policy."""
    loaded = load_options(["long_term", "piecemeal"], "no_policy", firms=150)
    sectors = SectorValues()
    lived = run_ensemble(loaded, runs=RUNS, years=YEARS, workers=1, simulate=fake, sink=sectors)
    return Appraisal(lived, sectors)


@pytest.fixture(scope="module")
def lines(found: Appraisal) -> Table:
    return table(found)


def _hand(slope: float) -> float:
    """Present value of a change that grows by ``slope`` a year, from nothing."""
    return sum(slope * (year + 0.5) / 1.035**year for year in range(YEARS))


def test_value_for_money_by_hand(found: Appraisal, lines: Table) -> None:
    # The first option gains (1, 2, 3, 4) a year more each year; £300m a year, 95 % of it spent.
    value = lines.of("value", "long_term")
    costs = sum(0.95 * 300 / 1.035**year for year in range(YEARS))
    assert value["benefits", "national"].mean == pytest.approx(_hand(2.5))
    assert value["costs", "national"].mean == pytest.approx(costs)
    assert value["net present value", "national"].mean == pytest.approx(_hand(2.5) - costs)
    assert value["benefit-cost ratio", "national"].mean == pytest.approx(_hand(2.5) / costs)
    assert value["costs", "uplift_51"].mean == pytest.approx(1.51 * costs)
    bids = sum(0.1 * 300 / 1.035**year for year in range(YEARS))
    assert value["benefits", "bids"].mean == pytest.approx(_hand(2.5) - bids)
    gap = lines.of("value", "long_term minus piecemeal")["net present value", "national"]
    assert gap.mean == pytest.approx(_hand(2.5))
    assert gap.low < gap.mean < gap.high


def test_each_sum_has_its_interval(lines: Table) -> None:
    # t(3) = 2.35336 and s of (1, 2, 3, 4) is 1.29099: half a width of 1.51909 a unit of slope.
    gain = lines.of("value", "long_term")["benefits", "national"]
    assert gain.high - gain.mean == pytest.approx(_hand(1.51909), rel=1e-4)


def test_additionality_by_hand(lines: Table) -> None:
    # In the fakes all areas, the nation included, have one and the same change.
    rows = lines.of("additionality", "long_term")
    assert rows["additional", "north"].mean == pytest.approx(_hand(2.5))
    assert rows["deadweight", "north"].mean == pytest.approx(0.0, abs=1e-9)
    assert rows["gross", "north"].mean == pytest.approx(_hand(2.5))
    assert rows["share that remains nationally", "uk"].mean == pytest.approx(1.0)
    assert rows["effect elsewhere per £ in the area", "uk"].mean == pytest.approx(0.0)


def test_the_sum_to_date_ends_at_the_net_present_value(found: Appraisal, lines: Table) -> None:
    paths = by_year(found)
    last = paths[(paths.option == "long_term") & (paths.year == YEARS)].iloc[0]
    net = lines.of("value", "long_term")["net present value", "national"]
    assert last.net_to_date == pytest.approx(net.mean)
    assert last.net_to_date_low == pytest.approx(net.low)


def test_optimism_raises_costs_and_cuts_gains_but_no_losses(found: Appraisal) -> None:
    wary = replace(found, optimism_bias=0.5, benefit_cut=0.2)
    plain, changed = (CASES["national"].of(one, 0) for one in (found, wary))
    np.testing.assert_allclose(changed.costs, 1.5 * plain.costs)
    np.testing.assert_allclose(changed.benefits, 0.8 * plain.benefits)
    loss = -found.change("gva", "uk", 0)
    np.testing.assert_allclose(wary.benefits(loss), found.today(loss))
    uplift = CASES["uplift_51"].of(wary, 0)
    np.testing.assert_allclose(uplift.costs, 1.51 * plain.costs)


def test_a_lower_rate_is_tried_beyond_fifty_years(found: Appraisal) -> None:
    assert "lower_rate" not in cases_of(found)
    assert "lower_rate" in cases_of(replace(found, ensemble=replace(found.ensemble, years=51)))


def test_every_number_has_an_interval_or_no_value(lines: Table) -> None:
    frame = lines.frame()
    assert not frame.duplicated(["section", "option", "item", "place"]).any()
    known = frame[frame.estimate.notna()]
    assert (known.low <= known.estimate + 1e-9).all()
    assert (known.estimate <= known.high + 1e-9).all()
    assert set(frame.interval_by) == {"t", "bootstrap"}


def test_sectors_are_kept_and_add_up(found: Appraisal) -> None:
    whole = found.today(found.change("gva", "north", 0))
    assert found.in_sectors("north", 0)[-1] == pytest.approx(whole, rel=1e-4)


def test_poorer_areas_are_below_the_mean_of_the_north() -> None:
    assert "tees_valley" in poorer_areas() and "cheshire_warrington" not in poorer_areas()


def test_money_that_is_not_spent_alike_is_said(found: Appraisal) -> None:
    assert [one.split(":")[0] for one in found.warnings] == ["FEW RUNS"]
    column = found.ensemble.money_columns.index("payments")
    money = tuple(one.copy() for one in found.ensemble.money)
    money[1][..., column] *= 0.8
    less = replace(found, ensemble=replace(found.ensemble, money=money))
    assert any(one.startswith("NOT THE SAME MONEY SPENT: piecemeal") for one in less.warnings)


def test_a_single_run_is_said() -> None:
    loaded = load_options(["long_term"], "no_policy", firms=150)
    one = Appraisal(ensemble(runs=1, years=2, loaded=loaded), SectorValues())
    assert "A SINGLE RUN" in " ".join(one.warnings)


def test_after_ctrl_c_the_finished_runs_are_appraised() -> None:
    loaded, sectors = load_options(["long_term"], "no_policy", firms=150), SectorValues()
    lived = run_ensemble(loaded, runs=5, years=2, workers=1, simulate=interrupted, sink=sectors)
    one = Appraisal(lived, sectors)
    assert "INTERRUPTED: 3 of 5 runs" in " ".join(one.warnings)
    assert len(table(one).of("value", "long_term")) > 0


def test_over_fits_the_sets_are_what_is_drawn() -> None:
    loaded, sectors = load_options(["long_term"], "no_policy", firms=150), SectorValues()
    variants = variants_of(loaded[0].scenario.assumptions)[:2]
    lived = run_ensemble(
        loaded, runs=4, years=2, workers=1, simulate=fake, sink=sectors, variants=variants
    )
    one = Appraisal(lived, sectors)
    # Slopes 1, 2, 3, 4 in turns: sets of 2 and 3 on average.
    half = 0.5 + 1.5 / 1.035
    np.testing.assert_allclose(one.today(one.change("gva", "uk", 0)), [2 * half, 3 * half])
    assert len(table(one).of("sectors", "long_term")) == 3 * 11


def test_the_counterfactual_keeps_its_own_policy() -> None:
    settings = {"budget": "200", "assumptions.trade.demand_growth": "0.01"}
    a, last = load_options(["long_term"], "no_policy", firms=150, overrides=settings)
    assert (a.scenario.budget, last.scenario.budget) == (200, 0)
    assert a.scenario.assumptions == last.scenario.assumptions
    assert last.scenario.population.firms == 150


def test_an_option_without_cost_is_refused_before_any_run() -> None:
    loaded = load_options(["no_policy", "piecemeal"], "long_term")
    with pytest.raises(ScenarioError) as error:
        settled(loaded, None)
    assert len(error.value.problems) == 2
    assert "no cost to appraise" in str(error.value)


def test_options_can_be_given_the_same_money() -> None:
    loaded = load_options(["long_term", "erdf"], "no_policy")
    after, notes = settled(loaded, 10, is_equalised=True)
    assert [one.name for one in after] == ["long_term", "erdf", "no_policy"]
    assert "erdf" in notes[0] and after[2] is loaded[2]
