"""Numbers and verdicts in words."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.report.wording import answer, listed, number, percent, quantity, region_name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1234567.0, "1,230,000"),
        (-12.345, "−12.3"),
        (0.012345, "0.0123"),
        (math.nan, "unknown"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "signed", "text"),
    [
        (167.2, "£m a year", True, "+£167m a year"),
        (-167.2, "£m a year", True, "−£167m a year"),
        (-167.2, "£m a year", False, "−£167m a year"),
        (0.000106, "£m a year per job", True, "+£106 a year per job"),
        (746.0, "jobs", True, "+746 jobs"),
        (-0.25, "index", True, "−0.250"),
        (0.037, "share", True, "+3.7 points"),
        (0.037, "share", False, "3.7 %"),
    ],
)
def test_quantities(value: float, unit: str, signed: bool, text: str) -> None:
    assert quantity(value, unit, signed=signed) == text


def test_percentages_keep_two_digits() -> None:
    assert [percent(x) for x in (0.958, 0.5, 0.0288, 0.000288, 1.0, 0.0)] == [
        "95.8 %",
        "50 %",
        "2.9 %",
        "0.029 %",
        "100 %",
        "0 %",
    ]


def test_lists() -> None:
    assert [listed(x) for x in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
    assert region_name("golden_triangle") == "Golden Triangle"
    assert region_name("north") == "the North"


def row(low: float, high: float) -> pd.Series[float]:
    return pd.Series(
        {
            "estimate": 10.0 if math.isnan(low) else (low + high) / 2,
            "low": low,
            "high": high,
            "unit": "£m a year",
            "year": 25,
            "n": 100,
            "share_scenario_ahead": 0.62,
        }
    )


def test_the_answer_claims_no_more_than_the_interval() -> None:
    sure = answer(row(5.0, 15.0), "A", "B", "value added", "the clusters")
    assert sure.startswith("After 25 years, A gives the clusters £10.0m a year more value added")
    assert "90 % interval +£5.00m a year to +£15.0m a year" in sure
    assert "ahead in 62 of 100 runs" in sure
    behind = answer(row(-15.0, -5.0), "A", "B", "value added", "the clusters")
    assert "£10.0m a year less value added than B" in behind
    unsure = answer(row(-5.0, 15.0), "A", "B", "value added", "the clusters")
    assert "cannot be told apart" in unsure and "more" not in unsure
    single = answer(row(math.nan, math.nan), "A", "B", "value added", "the clusters")
    assert "single run" in single and "nothing about chance" in single
