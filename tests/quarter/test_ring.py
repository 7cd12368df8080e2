"""The ring: who is met, and that others who come and go change it little."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.quarter.ring import on_ring, rows_by_region


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=20, unique=True).map(sorted),
    st.floats(0, 1, exclude_max=True),
)
def test_the_ring_gives_the_next_one_round(places: list[float], u: float) -> None:
    ring = np.array(places)
    offsets = np.array([0, len(ring), len(ring), 2 * len(ring)])
    both = np.concatenate([ring, ring])
    after = [k for k, place in enumerate(places) if place >= u]
    expected = after[0] if after else 0
    assert on_ring(both, offsets, 0, u) == expected
    assert on_ring(both, offsets, 1, u) == -1
    assert on_ring(both, offsets, 2, u) == len(ring) + expected


def alone(ring: np.ndarray, u: float) -> int:
    """Who is met where there is one region."""
    return int(on_ring(ring, np.array([0, len(ring)]), 0, u))


@given(st.lists(st.floats(0, 1), min_size=3, max_size=20, unique=True).map(sorted), st.data())
def test_who_is_met_hardly_changes_when_others_go(places: list[float], data: st.DataObject) -> None:
    u = data.draw(st.floats(0, 1, exclude_max=True))
    ring = np.array(places)
    met = alone(ring, u)
    gone = data.draw(st.integers(0, len(ring) - 1).filter(lambda k: k != met))
    left = np.delete(ring, gone)
    assert left[alone(left, u)] == ring[met]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans())).map(sorted))
def test_rows_of_a_region_lie_between_its_offsets(rows: list[tuple[int, bool]]) -> None:
    region = np.array([one for one, _ in rows], np.int64)
    mask = np.array([is_true for _, is_true in rows], np.bool_)
    found, offsets = rows_by_region(mask, region, 4)
    for code in range(4):
        own = found[offsets[code] : offsets[code + 1]].tolist()
        assert own == np.flatnonzero(mask & (region == code)).tolist()
