"""A world with many rows for each firm is sound, and stands for as many firms as before."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scaling import begun, repeated


def test_copies_are_linked_as_the_rows_were_and_stand_for_parts_of_them() -> None:
    one, three = begun(800), repeated(begun(800), 3)
    one.step()
    o, t, a = three.world.organisations, three.world.ties, three.world.awards
    assert len(o) > 2.9 * len(one.world.organisations)
    assert len(np.unique(o.uid)) == len(o)
    assert np.all(np.diff(o.region + o.ring) >= 0.0)
    np.testing.assert_array_equal(o.uid[t.source_row], t.source)
    np.testing.assert_array_equal(o.uid[t.target_row], t.target)
    assert np.all(t.source < t.target)
    is_held = a.holder_row >= 0
    np.testing.assert_array_equal(o.uid[a.holder_row[is_held]], a.holder[is_held])
    jobs = [
        float(np.sum(w.organisations.jobs * w.organisations.weight))
        for w in (one.world, three.world)
    ]
    assert jobs[1] == pytest.approx(jobs[0], rel=0.02)
    assert three.unaccounted() < 1e-6
