"""Exits: which firms end, by age, size, productivity, cash and research."""

from __future__ import annotations

import numpy as np
import pytest
from turning import USUAL, crowd, ended

from sim import luck
from sim.quarter.turn_over import begin
from sim.quarter.turn_over.exits import doomed, exits, hazard_by_year, standing
from sim.world.state import LABORATORY


@pytest.mark.parametrize(
    ("years", "hazard"),
    [
        (0, USUAL.hazard_year_1),
        (1, USUAL.hazard_year_2),
        (2, USUAL.hazard_year_3),
        (3, USUAL.hazard_year_4),
        (4, USUAL.hazard_year_5),
    ],
)
def test_young_firms_follow_the_cohort(years: int, hazard: float) -> None:
    n = 20_000
    world = crowd(n, born=8 - 4 * years, is_research_active=False)
    p = 1 - (1 - hazard) ** 0.25
    assert abs(ended(world) - p) < 4 * np.sqrt(p * (1 - p) / n)


def test_a_general_rise_of_productivity_saves_nobody() -> None:
    ends = []
    for rise in (0.0, 0.5):
        world = crowd(2_000, is_research_active=False)
        world.organisations.productivity += rise
        ends.append(ended(world))
    assert ends[0] == ends[1] > 0.0


def test_established_firms_by_size_by_hand() -> None:
    for jobs, hazard in ((10.0, 0.085), (320.0, 0.085 * 32**-0.2)):
        world = crowd(20_000, jobs=jobs, is_research_active=False)
        p = 1 - (1 - hazard) ** 0.25
        assert abs(ended(world) - p) < 4 * np.sqrt(p / 20_000)


def test_productivity_cash_and_research_move_the_hazard() -> None:
    n = 6
    gone = np.zeros((4000, n), np.bool_)
    better = np.array([0.0, 0.5, -0.5, 0.0, 0.0, 0.0])
    cash = np.array([0.0, 0.0, 0.0, -1.0, 0.0, 0.0])
    active = np.array([False, False, False, False, True, False])
    closed = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.95])
    for quarter in range(4000):
        doomed(
            1, quarter, np.arange(n), np.zeros(n, np.int64), np.zeros(n, np.int64),
            np.full(n, quarter - 200), np.full(n, 10.0), better, cash, np.ones(n), active, closed,
            hazard_by_year(USUAL), 0.085, np.ones(1), -0.2, 1.0, 0.7, 0.5, gone[quarter],
        )  # fmt: skip
    yearly = 1 - (1 - gone.mean(axis=0)) ** 4
    expected = 0.085 * np.exp([0.0, -0.5, 0.5, 0.7, np.log(0.5), 0.0])
    assert yearly[:5] == pytest.approx(expected[:5], rel=0.2)
    assert gone[:, 5].all()


def test_the_bound_spares_no_firm_that_the_hazard_takes() -> None:
    """The kernel skips most firms by a bound; the plain form of its docstring skips none."""
    n, dice = 4000, np.random.default_rng(5)
    jobs = 10.0 ** dice.uniform(-1, 4, n)
    age = dice.integers(0, 10, n)
    better, cash = dice.normal(0, 1.5, n), dice.normal(0, 1, n)
    active = dice.random(n) < 0.5
    gone = np.empty(n, np.bool_)
    young = hazard_by_year(USUAL)
    zero = np.zeros(n, np.int64)
    for innovator, level in ((0.5, 1.0), (2.0, 5.0)):
        doomed(
            1, 80, np.arange(n), zero, zero, 80 - 4 * age, jobs, better, cash, np.ones(n),
            active, np.zeros(n), young, 0.085, np.array([level]), -0.2, 1.0, 0.7, innovator, gone,
        )  # fmt: skip
        old = 0.085 * level * (np.maximum(jobs, 0.5) / 10.0) ** -0.2
        hazard = np.where(age < 5, young[np.minimum(age, 4)], old) * np.exp(-better)
        hazard *= np.exp(np.where(cash < 0, 0.7 * np.minimum(1.0, -cash / 0.1), 0.0))
        hazard = np.minimum(hazard * np.where(active, innovator, 1.0), 0.9)
        u = luck.uniforms(1, luck.EXIT, np.arange(n), 80)
        np.testing.assert_array_equal(gone, u < 1.0 - (1.0 - hazard) ** 0.25)


def test_institutions_never_end() -> None:
    world = crowd(500, kind=LABORATORY, born=0)
    assert ended(world) == 0.0


@pytest.mark.parametrize("rate", [0.07, 0.12, 0.25])
def test_deaths_meet_the_data_at_the_start(rate: float) -> None:
    n = 40_000
    size = np.exp(luck.normals(1, luck.BUILD, np.arange(n, dtype=np.int64), 0))
    world = crowd(
        n, jobs=10 * size, born=8 - np.arange(n) % 80, is_research_active=np.arange(n) % 5 == 0
    )
    world.sectors.death_rate[:] = rate
    begin(world, USUAL)
    deaths = 4 * exits(world, USUAL, standing(world, 1.0)).mean()
    # Young firms alone have 0.05 deaths a year of all; the level of the others makes up the rest.
    assert abs(deaths - rate) < 4 * 4 * np.sqrt(0.25 * rate / n)
