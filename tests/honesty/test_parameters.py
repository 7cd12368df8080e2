"""Every parameter can be questioned: unit, range, source, meaning."""

from __future__ import annotations

import pytest

from sim.parameters import ParameterRow, neutral, parameter_rows, per_quarter
from sim.quarter import Assumptions
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.programmes import Programme
from sim.world.build import Population

ROWS = [
    row
    for model in (Assumptions, Programme, Collaboration, Population)
    for row in parameter_rows(model)
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_a_parameter_states_unit_range_source_and_meaning(row: ParameterRow) -> None:
    assert row.unit
    assert row.source
    assert row.meaning.endswith(".")
    if isinstance(row.default, bool):
        return
    assert row.plausible is not None, "the sensitivity analysis needs a range"
    low, high = row.plausible
    assert row.default is None or low <= row.default <= high
    hard_low, hard_high = row.limits
    assert hard_low is None or hard_low <= low
    assert hard_high is None or high <= hard_high


def test_neutral_values_are_taken_by_every_group() -> None:
    off = neutral(Assumptions())
    rows = [row for row in parameter_rows(Assumptions) if row.neutral is not None]
    assert len(rows) > 20
    for row in rows:
        group, name = row.path.split(".")
        assert getattr(getattr(off, group), name) == row.neutral


def test_four_quarters_of_a_rate_are_a_year() -> None:
    # 1 − (1 − 0.19)^(1/4), four times over, leaves 0.81.
    assert (1.0 - per_quarter(0.19)) ** 4 == pytest.approx(0.81)
