"""Public money, promises, gaps and bids of a hand-made world."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import four, observed, value


def test_public_money_by_purpose_and_by_holder() -> None:
    h = observed(four())
    assert value(h, "public_research", "north") == pytest.approx(0.6)
    assert value(h, "public_core", "north") == pytest.approx(0.08)
    assert value(h, "public_received", "uk") == pytest.approx(0.8)
    assert value(h, "public_to_firms", "uk") == pytest.approx(0.4)
    assert value(h, "public_to_laboratories", "uk") == pytest.approx(0.28)
    assert value(h, "public_to_catapults", "north") == 0.0
    assert value(h, "holders", "uk") == 3.0


def test_infrastructure_is_of_a_region_and_of_no_sector() -> None:
    world = four()
    world.regions.place_grant[1] = 1.0
    world.regions.place_promised[1] = 1.5
    h = observed(world)
    assert value(h, "place_grant", "north") == 4.0
    assert value(h, "place_broken", "north") == 2.0
    assert value(h, "public_total", "north") == pytest.approx(4.68)
    assert np.isnan(value(h, "public_total", "north", h.sectors[0]))


def test_broken_promises_and_gaps() -> None:
    """The laboratory was promised 0.17 a quarter, had 0.07, and is in a gap."""
    h = observed(four())
    assert value(h, "broken_promises", "north") == pytest.approx(0.4)
    assert value(h, "broken_share", "north") == pytest.approx(0.4 / (4 * 0.27))
    assert value(h, "gap_months", "north") == 12.0
    assert value(h, "gap_share", "north") == 0.5
    assert value(h, "gap_share_institutions", "uk") == 0.5


def test_more_than_promised_is_not_a_negative_break() -> None:
    h = observed(four(promised=[0.0, 0.0, 0.0, 0.0]))
    assert value(h, "broken_promises", "uk") == 0.0
    assert np.isnan(value(h, "broken_share", "uk"))


def test_bids_cost_the_time_of_those_who_write_them() -> None:
    """0.4 + 0.8 researchers in each of four quarters are 1.2 years at £0.1m and local pay."""
    world = four()
    world.regions.wage[1] = 1.1
    h = observed(world)
    assert value(h, "bids_written", "north") == 12.0
    assert value(h, "bid_effort", "north") == pytest.approx(1.2)
    assert value(h, "bid_cost", "north") == pytest.approx(0.132)
    assert value(h, "bid_cost_share", "north") == pytest.approx(0.132 / 0.68)


def test_success_rate_is_a_ratio_of_sums() -> None:
    world = four()
    world.regions.n_bids[:2] = [10.0, 30.0]
    world.regions.n_won[:2] = [5.0, 3.0]
    h = observed(world)
    assert value(h, "success_rate", h.areas[0]) == 0.5
    assert value(h, "success_rate", "north") == 0.2
    assert np.isnan(value(h, "success_rate", h.areas[5]))


def test_beliefs_are_means_of_researchers() -> None:
    h = observed(four())
    # Ten firms with a researcher each believe nothing.
    assert value(h, "credibility", "north") == pytest.approx((0.0 + 5.0 + 16.0) / 40.0)
    assert value(h, "credibility", "uk") == pytest.approx(26.0 / 45.0)


def test_private_leverage_counts_holders_among_firms() -> None:
    h = observed(four(own_rd=[0.1, 0.2, 0.0, 0.0]))
    assert value(h, "rd_business", "north") == pytest.approx(4.8)
    assert value(h, "private_leverage", "north") == pytest.approx(2.0)
