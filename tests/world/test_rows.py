"""Rows where a mask is true."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel import rows_where


@given(st.lists(st.booleans()))
def test_rows_are_those_where_the_mask_is_true(mask: list[bool]) -> None:
    found = rows_where(np.array(mask, np.bool_))
    assert found.tolist() == [row for row, is_true in enumerate(mask) if is_true]
