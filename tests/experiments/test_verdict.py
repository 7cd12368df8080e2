"""Verdicts by numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.experiment import contrast
from sim.experiments.measuring import slopes
from sim.experiments.verdict import Interval, Verdict, beyond, hump, joined, judged
from sim.scenario.experiments import Expectation, Finding

EMERGED, DID_NOT, UNSURE = Verdict.EMERGED, Verdict.DID_NOT, Verdict.UNSURE


def finding(expect: str, **more: float) -> Finding:
    return Finding(claim="", compare=("a",), expect=Expectation(expect), **more)


def test_the_interval_of_three_runs() -> None:
    # mean 2, standard deviation 1, t(2; 95 %) = 2.91999: half = 2.91999 / sqrt(3) = 1.68586
    found = Interval.of(np.array([1.0, 2.0, 3.0]))
    assert (found.mean, found.low, found.high) == pytest.approx((2.0, 0.31414, 3.68586), abs=1e-5)
    assert math.isnan(Interval.of(np.array([1.0])).low)


@pytest.mark.parametrize(
    ("expect", "more", "interval", "verdict"),
    [
        ("above", {}, (0.1, 0.3), EMERGED),
        ("above", {}, (-0.1, 0.3), UNSURE),
        ("above", {}, (-0.3, -0.1), DID_NOT),
        ("above", {"than": 0.5}, (0.1, 0.3), DID_NOT),
        ("below", {}, (-0.3, -0.1), EMERGED),
        ("below", {}, (0.1, 0.3), DID_NOT),
        ("within", {"low": 0.35, "high": 0.65}, (0.4, 0.6), EMERGED),
        ("within", {"low": 0.35, "high": 0.65}, (0.3, 0.6), UNSURE),
        ("within", {"low": 0.35, "high": 0.65}, (0.1, 0.3), DID_NOT),
        ("above", {}, (math.nan, math.nan), UNSURE),
    ],
)
def test_the_whole_interval_decides(
    expect: str, more: dict[str, float], interval: tuple[float, float], verdict: Verdict
) -> None:
    assert judged(Interval(np.mean(interval), *interval), finding(expect, **more)) is verdict


def test_it_must_be_more_than_the_control_shows() -> None:
    assert beyond(Interval(1.0, 0.5, 1.5), Expectation.ABOVE) is EMERGED
    assert beyond(Interval(1.0, 0.5, 1.5), Expectation.BELOW) is DID_NOT
    assert beyond(Interval(0.1, -0.5, 0.7), Expectation.ABOVE) is UNSURE
    assert joined([EMERGED, EMERGED]) is EMERGED
    assert joined([EMERGED, UNSURE]) is UNSURE
    assert joined([UNSURE, DID_NOT]) is DID_NOT


def doses(*means: float) -> np.ndarray:
    """Four runs around each mean, with common luck and a little of their own."""
    common = np.array([0.0, 10.0, -10.0, 5.0])
    own = np.array([[0.1, -0.1, 0.0, 0.0], [0.0, 0.1, -0.1, 0.0], [0.0, 0.0, 0.1, -0.1]])
    return np.stack([m + common + own[k % 3] for k, m in enumerate(means)])


def test_a_hump_stands_above_both_ends() -> None:
    found = hump(doses(0.0, 3.0, 5.0, 2.0))
    assert found.verdict is EMERGED
    assert found.peak == 2
    assert found.rise.mean == pytest.approx(5.0)
    assert found.fall.mean == pytest.approx(3.0)


def test_a_rise_or_a_fall_all_along_is_no_hump() -> None:
    assert hump(doses(0.0, 1.0, 2.0, 3.0)).verdict is DID_NOT
    assert hump(doses(3.0, 2.0, 1.0, 0.0)).verdict is DID_NOT
    assert hump(doses(3.0, 1.0, 1.0, 2.0)).verdict is DID_NOT, "a trough is no hump"


def test_a_flat_response_cannot_be_told() -> None:
    assert hump(doses(0.0, 0.01, 0.0, 0.01)).verdict is UNSURE


def test_more_doses_to_choose_from_ask_for_more_certainty() -> None:
    luck = np.random.default_rng(1).normal(size=(3, 6))
    three = hump(luck)
    five = hump(np.concatenate([luck[:1], np.repeat(luck[1:2], 3, axis=0), luck[2:]]))
    assert five.rise.mean == pytest.approx(three.rise.mean)
    assert five.rise.high - five.rise.low > three.rise.high - three.rise.low


def test_level_and_difference() -> None:
    values = {"a": np.array([3.0, 5.0]), "b": np.array([1.0, 1.0])}
    assert contrast(values, ("a",)).tolist() == [3.0, 5.0]
    assert contrast(values, ("a", "b")).tolist() == [2.0, 4.0]


def test_slope_over_regions() -> None:
    x = np.array([[0.0], [1.0], [2.0]])
    assert slopes(x, 1.0 + 0.5 * x).tolist() == [0.5]
    assert math.isnan(slopes(np.zeros((3, 1)), x)[0])
