"""The three-month gap of [76], as ``sim.experiments.gap`` imposes it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.gap import FIRM_RICH, LAB_ONE, LAB_TWO, Case, cut, spending
from sim.quarter import Assumptions
from sim.quarter.plan import PlanAssumptions
from sim.quarter.staff import StaffAssumptions
from sim.world.state import FIRM, LABORATORY

LAB_THREE = Case(LABORATORY, (0.34, 0.33, 0.33), income=0.05, cash=1.0 / 3.0)
LAB_ENDOWED = Case(LABORATORY, (1.0,), income=4.0, cash=5.0 / 3.0)
LAB_HALF = Case(LABORATORY, (0.5,), income=0.5, cash=1.0 / 3.0)
FIRM_POOR = Case(FIRM, (0.5,), income=0.5, cash=0.0)


@pytest.mark.parametrize("length", [4, 8, 16])
def test_a_gap_halves_the_spending_of_a_laboratory_with_one_grant(length: int) -> None:
    case = Case(LABORATORY, (1.0,), income=0.05, cash=1.0 / 3.0, length=length)
    assert 0.35 < cut(case) < 0.65


def test_the_trough_is_deep() -> None:
    without = np.array(spending(LAB_ONE, has_gap=False))
    with_gap = np.array(spending(LAB_ONE, has_gap=True))
    assert 0.6 < float(1.0 - (with_gap / without).min()) < 0.95


def test_every_further_grant_cushions_the_gap() -> None:
    one, two, three = cut(LAB_ONE), cut(LAB_TWO), cut(LAB_THREE)
    assert one > 1.5 * two
    assert two > three > 0.0


def test_an_endowed_laboratory_hardly_feels_the_gap() -> None:
    assert cut(LAB_ENDOWED) < 0.3 * cut(LAB_ONE)


def test_a_firm_with_cash_suffers_less_than_a_laboratory_and_than_a_firm_without() -> None:
    rich, poor = cut(FIRM_RICH), cut(FIRM_POOR)
    assert 0.0 <= rich < 0.5 * poor
    assert rich < 0.5 * cut(LAB_HALF)


def test_without_friction_a_gap_costs_its_own_quarter_and_no_more() -> None:
    """Layoff and hiring at once and nobody wary: one quarter of five, less the bridge of cash."""
    assumptions = Assumptions().model_copy(
        update={
            "staff": StaffAssumptions(
                hiring_speed=1.0, layoff_speed=1.0, quit_rate=0.0, post_length_half=0.0,
                pool_elasticity=0.0, wage_elasticity=0.0, retirement=0.0,
            ),
            "plan": PlanAssumptions(reserve_months=0.0),
        }
    )  # fmt: skip
    # 1 of 1.05 in one of five quarters: 1 / 1.05 / 5 = 0.19.
    assert cut(LAB_ONE, assumptions) == pytest.approx(1.0 / 1.05 / 5.0, abs=0.03)


def test_recovery_is_complete_in_the_end() -> None:
    without = np.array(spending(LAB_ONE, has_gap=False))
    with_gap = np.array(spending(LAB_ONE, has_gap=True))
    assert with_gap[-1] > 0.9 * without[-1]
