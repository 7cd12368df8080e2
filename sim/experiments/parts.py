"""Futures of many runs, put together into jobs by the past that they share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sim.experiments.future import PAST
from sim.scenario import Scenario


def parts_of(
    scenarios: Sequence[Scenario], missing: Mapping[int, Sequence[int]], workers: int
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """The jobs of a round: each has a run, and the numbers of futures that share a past of it.

    ``missing`` has the numbers by the run. The largest come first; those of the last that are too
    few for all ``workers`` are split among them.
    """
    pasts = [str([getattr(one, key) for key in PAST]) for one in scenarios]
    groups: dict[tuple[int, str], list[int]] = {}
    for run, wanted in missing.items():
        for number in wanted:
            groups.setdefault((run, pasts[number]), []).append(number)
    n_whole = len(groups) // workers * workers
    found: list[tuple[int, tuple[int, ...]]] = []
    in_turn = sorted(groups.items(), key=lambda group: -len(group[1]))
    for place, ((run, _), numbers) in enumerate(in_turn):
        pieces = 1 if place < n_whole else workers
        size = math.ceil(len(numbers) / pieces)
        found += [
            (run, tuple(numbers[start : start + size])) for start in range(0, len(numbers), size)
        ]
    return dict(enumerate(found))
