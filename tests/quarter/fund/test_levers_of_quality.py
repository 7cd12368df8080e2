"""What an award's quality meets on its way: gates, drift, technology and themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import luck
from sim.quarter.fund.ledger import LIVE, STOPPED
from sim.quarter.fund.programmes import FundAssumptions

Open = Callable[..., Any]


def test_stage_gate_stops_what_fails_and_frees_its_money(office: Open) -> None:
    """With a perfect signal just those below the threshold stop, on the day of the gate."""
    one = office(
        allocation="staged",
        award_size=0.02,
        award_length=10,
        stage_gate=1.5,
        signal_quality=1.0,
        budget=5,
    )
    one.run()
    awards = one.world.awards
    assert set(awards.next_gate) == {6}
    awards.end[:] = 40
    awards.decision[:] = 40
    fails = np.zeros(len(awards), np.bool_)
    fails[::2] = True
    awards.quality[:] = np.where(fails, -0.68, -0.66)  # the threshold is −0.67
    uids = awards.uid.copy()
    one.run(5)
    assert np.all(one.world.awards.outcome == LIVE)
    awards = one.run()
    mine = np.isin(awards.uid, uids)
    np.testing.assert_array_equal(awards.outcome[mine] == STOPPED, fails)
    assert set(awards.next_gate[mine][~fails]) == {12}
    assert np.all(awards.paid[mine][fails] == 0.0)
    # To its holder it is an award that no other has followed.
    o = one.world.organisations
    stopped = awards.weight[mine][fails].sum()
    assert np.sum(o.n_lapsed * o.weight) == pytest.approx(stopped)
    freed = np.sum(awards.payment[mine][fails] * awards.weight[mine][fails])
    awards = one.run(2)  # the next call, in quarter 7
    new = ~np.isin(awards.uid, uids)
    granted = np.sum(awards.payment[new] * awards.weight[new])
    assert 0.8 * freed <= granted <= freed + 1.25 * 0.02


def test_without_a_gate_nothing_is_reviewed(office: Open) -> None:
    one = office(allocation="competition", stage_gate=0.0, award_length=10, signal_quality=1.0)
    one.run()
    one.world.awards.quality[:] = -5.0
    assert STOPPED not in one.run(12).outcome


def test_quality_drifts_to_the_ordinary_and_falls_where_technology_strikes(office: Open) -> None:
    drifting = FundAssumptions(
        bid_readiness=1.0, quality_persistence=2.0, shock_quality=1.5, own_signal=0.0
    )
    one = office(allocation="competition", award_length=10, assumptions=drifting, budget=20)
    one.run()
    n = len(one.world.awards)
    one.world.awards.quality[:] = 4.0
    one.world.awards.end[:] = 40
    one.run(8)
    found = one.world.awards.quality[:n]
    # Half of the lead is left after two years, and luck has added 1 − ¼ to the variance;
    # four standard errors of mean and of variance.
    assert found.mean() == pytest.approx(2.0, abs=4.0 * np.sqrt(0.75 / n))
    assert found.var() == pytest.approx(0.75, abs=4.0 * 0.75 * np.sqrt(2.0 / n))
    world = one.world
    held = world.organisations.sector[world.awards.holder_row]
    struck = int(held[0])
    world.sectors.obsolescence[struck] = 0.2
    before, kept = world.awards.quality.copy(), 0.5 ** (1 / 8)
    z = luck.normals(world.seed, luck.QUALITY_DRIFT, world.awards.uid, world.quarter)
    one.run()
    fall = kept * before + np.sqrt(1.0 - kept**2) * z - world.awards.quality[: len(before)]
    np.testing.assert_allclose(fall, np.where(held == struck, 0.3, 0.0), atol=1e-12)


def test_themes_is_the_share_of_calls_with_a_theme(office: Open) -> None:
    def misfits(themes: float) -> list[bool]:
        one = office(
            allocation="competition",
            award_length=0.25,
            calls_per_year=4,
            themes=themes,
            renewal_probability=0.0,
        )
        seen = []
        for _ in range(40):
            awards = one.run()
            seen.append(bool(awards.misfit[awards.start == one.world.quarter - 1].any()))
        return seen

    assert not any(misfits(0.0))
    assert all(misfits(1.0))
    assert 8 <= sum(misfits(0.5)) <= 32  # binomial: 20 ± 4 standard deviations


def test_a_theme_costs_the_unrelated_most_and_its_own_field_nothing(office: Open) -> None:
    one = office(allocation="competition", themes=1.0, purpose="research")
    awards = one.run()
    world = one.world
    _, which = luck.uniform_pair(world.seed, luck.THEME, one.pots[0].uid, 0)
    distance = 1.0 - world.relatedness[:, int(which * len(world.sectors))]
    sector = world.organisations.sector[awards.holder_row]
    lost = one.assumptions.theme_misfit * distance[sector] / distance.mean()
    np.testing.assert_allclose(awards.misfit, lost)
    assert awards.misfit.min() == 0.0
    assert one.assumptions.theme_misfit < awards.misfit.max() <= 1.0
