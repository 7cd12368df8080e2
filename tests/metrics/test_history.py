"""The shape of the record, what is summed over a year, and where nothing can be said."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from tiny import four, observed

from sim.metrics.history import METRIC_NAMES, METRICS, POT_COLUMNS, History
from sim.world.columns import Pots


def test_shape_and_names() -> None:
    h = observed(four())
    assert h.values.shape == (2, 15, 12, len(METRICS))
    assert h.areas[-2:] == ("north", "uk")
    assert h.areas[11] == "golden_triangle"
    assert h.sectors[-1] == "all"
    assert h.year == 1


def test_flows_are_summed_over_four_quarters_and_begin_anew() -> None:
    world = four()
    history = History(2)
    history.start(world)
    for quarter in range(8):
        world.quarter += 1
        world.organisations.innovations[:] = [0.0, quarter + 1.0, 0.0, 0.0]
        history.observe(world)
    series = history.series("innovations")
    assert np.isnan(series[0])
    assert series[1:].tolist() == [10.0, 26.0]


def test_areas_and_all_sectors_are_sums() -> None:
    h = observed(four())
    for name in ("jobs", "rd_performed", "public_received", "ties"):
        page = h.values[1, :, :, METRIC_NAMES.index(name)]
        np.testing.assert_allclose(page[:, -1], page[:, :-1].sum(axis=1), rtol=1e-12)
        np.testing.assert_allclose(page[13], page[:11].sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(page[14], page[:13].sum(axis=0), rtol=1e-12)


def test_unknown_where_a_metric_has_no_meaning() -> None:
    page = observed(four()).values[1]
    for m, metric in enumerate(METRICS):
        if metric.scope == "region":
            assert np.isnan(page[:, :-1, m]).all(), metric.name
        if metric.scope == "area":
            assert np.isnan(page[:13, :, m]).all(), metric.name
    assert np.isfinite(page[13, -1, METRIC_NAMES.index("gini_jobs")])


def test_year_zero_has_the_flows_of_the_year_before() -> None:
    world = four()
    past = History(0)
    for _ in range(8):
        world.quarter += 1
        past.observe(world)
    history = History(1)
    history.start(world, past)
    assert history.series("rd_business")[0] == pytest.approx(0.8)
    assert history.series("jobs")[0] == 100.0
    alone = History(1)
    alone.start(world)
    assert np.isnan(alone.series("rd_business")[0])
    assert alone.series("jobs")[0] == 100.0


def test_two_futures_of_one_past_do_not_touch() -> None:
    world = four()
    past = History(0)
    for _ in range(4):
        past.observe(world)
    a, b = History(1), History(1)
    a.start(world, past)
    b.start(world, past)
    for _ in range(4):
        a.observe(world)
    assert a.year == 1
    assert b.year == 0
    assert np.isnan(b.series("jobs")[1])


def test_accounts_of_the_pots_at_each_years_end() -> None:
    world = four()
    world.pots = Pots.empty(2)
    world.pots.programme[:] = [0, -1]
    history = History(2)
    history.start(world)
    for _ in range(4):
        world.pots.payments += [1.0, 2.0]
        history.observe(world)
    assert history.pots.shape == (3, 2, len(POT_COLUMNS))
    assert history.pots[:2, :, POT_COLUMNS.index("payments")].tolist() == [[0.0, 0.0], [4.0, 8.0]]
    assert np.isnan(history.pots[2]).all()
    assert history.pot_programmes.tolist() == [0, -1]


def test_a_history_travels_between_processes() -> None:
    h = observed(four())
    again = pickle.loads(pickle.dumps(h))
    np.testing.assert_array_equal(again.values, h.values)
    assert again.metrics is METRICS
