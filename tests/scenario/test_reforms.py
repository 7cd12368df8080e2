"""Changes of plan on the way, dates, and scenarios scaled to the same outlay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.outlay import equalised, yearly_outlay
from tests.scenario.conftest import Complaints

REVIEW = """extends: long_term
title: Cut
reforms:
  - year: {year}
    title: Spending review
    set:
      {key}: {value}
"""


def test_a_reform_changes_levers_from_its_date_on(desk: Path) -> None:
    (desk / "cut.yaml").write_text(REVIEW.format(year=2031, key="budget", value=180))
    cut = load("cut").scenario
    (start, before), (year, after) = cut.stages()
    assert (start, year) == (0.0, 5.0)
    assert before.programmes == after.programmes == load("long_term").scenario.programmes
    assert (before.budget, after.budget) == (300.0, 180.0)
    np.testing.assert_allclose(yearly_outlay(cut, 8), [300.0] * 5 + [180.0] * 3)


def test_calendar_years_and_years_after_the_start_are_one(desk: Path) -> None:
    found = []
    for year in (4, 2030):
        (desk / "cut.yaml").write_text(REVIEW.format(year=year, key="budget", value=180))
        found.append(yearly_outlay(load("cut").scenario, 10).tolist())
    assert found[0] == found[1]
    late = load("erdf", {"first_year": "2020"}).scenario
    np.testing.assert_allclose(yearly_outlay(late, 15)[[5, 6, 12, 13]], [0.0, 120.0, 120.0, 0.0])


def test_a_reform_adds_and_drops_programmes(desk: Path) -> None:
    (desk / "cut.yaml").write_text(
        REVIEW.format(year=3, key="programmes.places", value="null")
        + "      programmes.projects.share: 0.55\n"
        + "      programmes.more: {amount: 10, closes: 6}\n"
    )
    (_, before), (_, after) = load("cut").scenario.stages()
    assert "places" in before.programmes
    assert list(after.programmes) == ["institutions", "projects", "more"]
    np.testing.assert_allclose(
        yearly_outlay(load("cut").scenario, 7)[2:], [300] + [310] * 3 + [300]
    )


@pytest.mark.parametrize(
    ("year", "key", "value", "said"),
    [
        (5, "budgt", 180, "7:14: reforms.0.set.budgt: a reform cannot change 'budgt';"),
        (5, "horizon", 9, "7:16: reforms.0.set.horizon: a reform cannot change 'horizon'"),
        (5, "assumptions.learn.decay", 1, "7:32: reforms.0.set.assumptions.learn.decay: a reform"),
        (5, "programmes.projects.pots", 2, "7:33: reforms.0.set.programmes.projects.pots: the"),
        (5, "programmes.projects.award_lenght", 2, "7:7: programmes.projects.award_lenght: un"),
        (5, "programmes.projects.notice", -2, "7:35: programmes.projects.notice: -2 is too small"),
        (5, "programmes.projects.share", 0.5, "7:7: programmes: the shares add up to 1.15"),
        (3000, "budget", 1, "4:11: reforms.0.year: 3000 is too large"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_reform_is_said_where_it_stands(
    complaints: Complaints, year: int, key: str, value: float, said: str
) -> None:
    (line,) = complaints(REVIEW.format(year=year, key=key, value=value))
    assert line.startswith(f"scenarios/mine.yaml:{said}")


def test_reforms_come_in_the_order_of_their_dates(complaints: Complaints) -> None:
    text = REVIEW.format(year=2031, key="budget", value=180)
    (line,) = complaints(text + "  - {year: 4, set: {budget: 300}}\n")
    assert line.startswith(
        "scenarios/mine.yaml:8:12: reforms.1.year: a reform in 4 after one in 2031"
    )


def test_a_programme_ends_after_it_begins(complaints: Complaints) -> None:
    (line,) = complaints("extends: erdf\nprogrammes: {erdf_places: {closes: 2020}}\n")
    assert "closes in 2020, and opens no earlier" in line


def test_scenarios_are_scaled_to_what_the_first_spends(desk: Path) -> None:
    (desk / "cut.yaml").write_text(REVIEW.format(year=10, key="budget", value=180))
    loaded = [load(name) for name in ("long_term", "cut", "shared_prosperity")]
    found, notes = equalised(loaded, 20)
    for one in found:
        assert yearly_outlay(one.scenario, 20).sum() == pytest.approx(6000.0)
    assert found[0] == loaded[0]
    # 300 for ten years and 180 for ten: 4,800 in all.
    assert found[1].scenario.budget == pytest.approx(375.0)
    assert found[1].scenario.reforms[0].set == {"budget": pytest.approx(225.0)}
    assert notes[0].startswith(
        "cut: every sum of money times 1.25, so that it plans £6,000m over 20"
    )
    ratio = yearly_outlay(found[2].scenario, 20)[:4] / yearly_outlay(loaded[2].scenario, 20)[:4]
    np.testing.assert_allclose(ratio, ratio[0])


def test_nothing_cannot_be_scaled_to_something() -> None:
    with pytest.raises(ScenarioError, match="no public money"):
        equalised([load("long_term"), load("no_policy")], 10)


def test_words_tell_of_dates_and_reforms(told: Callable[[Scenario], str]) -> None:
    text = told(load("innovation_accelerator").scenario)
    assert "£11m a year of its own" in text
    assert "It opens in year 2026." in text
    assert "Year 3 (2029), unknown until then: One more year, told on the last day:" in text
    assert "programmes.accelerator.closes becomes 2030" in text
    text = told(load("shared_prosperity").scenario)
    assert "shared_prosperity_last_year is added." in text
