"""Results move only on purpose."""

from __future__ import annotations

import json

import pytest

from tests.baselines.reference import FILE, SCENARIOS, reference


@pytest.fixture(scope="module")
def now() -> dict[str, dict[str, list[float]]]:
    return reference()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_reference_runs_give_the_numbers_of_the_baseline(
    now: dict[str, dict[str, list[float]]], scenario: str
) -> None:
    then = json.loads(FILE.read_text(encoding="utf-8"))[scenario]
    for metric, values in then.items():
        assert now[scenario][metric] == pytest.approx(values, rel=1e-6, abs=1e-9), metric
