"""Amounts add up, ratios are taken after adding, and the registry says what each metric is."""

from __future__ import annotations

import numpy as np
import pytest

from sim.metrics.history import METRIC_NAMES, METRICS
from sim.metrics.metric import divided, flow, property_of, ratio


def test_ratio_of_sums_is_not_a_mean_of_ratios() -> None:
    totals = {"gva": np.array([[1.0], [9.0], [10.0]]), "jobs": np.array([[1.0], [3.0], [4.0]])}
    metric = ratio("gva_per_job", "", "", "gva", "jobs")
    assert metric.value(totals).tolist() == [[1.0], [3.0], [2.5]]


def test_several_amounts_are_added() -> None:
    totals = {"a": np.array([[1.0]]), "b": np.array([[2.0]])}
    assert flow("both", "", "", "a", "b").value(totals).tolist() == [[3.0]]
    assert totals["a"].tolist() == [[1.0]]


def test_lagged_denominator_is_unknown_before_there_is_one() -> None:
    now, then = {"alive": np.array([[6.0]])}, {"births": np.array([[8.0]])}
    survival = ratio("survival", "", "", "alive", "births", lag=1)
    assert np.isnan(survival.value(now)).all()
    assert survival.value(now, then).tolist() == [[0.75]]


def test_nothing_to_divide_by_is_unknown() -> None:
    result = divided(np.array([1.0, 0.0, 1.0]), np.array([0.0, 0.0, 2.0]))
    assert np.isnan(result[:2]).all()
    assert result[2] == 0.5


def test_every_metric_says_what_it_is() -> None:
    assert len(set(METRIC_NAMES)) == len(METRICS)
    for metric in METRICS:
        assert metric.unit and metric.meaning and metric.name.isidentifier()
        forms = (bool(metric.of), metric.of_totals is not None, metric.of_area is not None)
        assert sum(forms) == 1, metric.name
        assert (metric.scope == "area") == (metric.of_area is not None)
        assert (metric.kind == "ratio") or not metric.per


def test_property_of_an_area_has_the_name_under_which_it_is_found() -> None:
    metric = property_of(lambda world, mask: {"n": 1.0}, "n", "", "")
    assert metric.scope == "area"
    with pytest.raises(AttributeError):
        metric.name = "m"  # type: ignore[misc]
