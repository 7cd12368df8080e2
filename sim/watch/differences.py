"""The paired difference of two futures over the years with its interval, for the page."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import LEVEL, estimate, share_ahead
from sim.watch.futures import SERIES
from sim.watch.packing import pack


def difference_message(differences: NDArray[np.float64], areas: list[str], planned: int) -> bytes:
    """Mean and interval of ``differences`` (runs, series, areas, years + 1), first minus second.

    ``planned`` is the number of runs that there will be in the end.
    """
    found = estimate(differences)
    ahead, _ = share_ahead(differences)
    arrays = {"mean": found.mean, "low": found.low, "high": found.high, "ahead": ahead}
    head: dict[str, Any] = {
        "runs": len(differences),
        "planned": planned,
        "level": LEVEL,
        "series": list(SERIES),
        "areas": areas,
        "years": differences.shape[-1] - 1,
    }
    return pack(head, {name: one.astype(np.float32).ravel() for name, one in arrays.items()})
