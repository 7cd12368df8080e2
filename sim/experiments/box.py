"""The box in which the second scenario wins: the part of the ranges where it mostly does, by PRIM.

PRIM (EMA Workbench) peels the ranges of the factors as long as the part of the points at which the
second is ahead rises. Among the boxes on the way the one is taken that best holds both the most of
its wins and little else (the harmonic mean of coverage and density): without structure that is the
whole of the ranges. A box fits the points that it was found in, so it is found in one half of the
groups, and what it is worth is told from the groups that it has not seen: of each from the first
and the last point, which are draws of their own, where all between are the first but for one
coordinate.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiments.factors import at
from sim.experiments.indices import Indices
from sim.experiments.statistics import LEVEL

if TYPE_CHECKING:
    import pandas as pd

#: Points of one kind below which no box is looked for.
FEWEST = 10
_PEEL, _LEAST_MASS = 0.05, 0.05
# Above nothing: the library takes what reaches it for a win.
_LEAST_DENSITY = 1e-9


@dataclass(frozen=True)
class Box:
    """Limits of the factors by name, of those that the box narrows, and what it holds.

    ``density`` is the share of its points at which the second is ahead, with its 90 % interval;
    ``share`` the same of all points; ``coverage`` the share of all such points that lie in it. All
    are of ``n`` independent points that it was not found in, ``n_inside`` of them within.
    """

    limits: Mapping[str, tuple[float, float]]
    density: float
    low: float
    high: float
    share: float
    coverage: float
    n: int
    n_inside: int

    @property
    def is_told(self) -> bool:
        """Whether the second surely wins more often inside than over all."""
        return bool(self.limits) and self.low > self.share


def box_of(found: Indices) -> Box | None:
    """Where the second is ahead; None where it is too seldom, or too seldom is not."""
    import pandas as pd

    factors = found.setting.factors
    values = pd.DataFrame([at(factors, point[:-1]) for point in found.points])
    is_second = found.means < 0
    size = found.points.shape[1] + 2
    group, place = np.divmod(np.arange(len(values)), size)
    # By lot: every other point of a Sobol sequence is one half of the range of some factor.
    is_seen = np.random.default_rng(0).permutation(found.n_groups)[group] % 2 == 0
    is_tried = ~is_seen & ((place == 0) | (place == size - 1))
    n_ahead = int(is_second[is_seen].sum())
    if min(n_ahead, int(is_seen.sum()) - n_ahead) < FEWEST or is_seen.all():
        return None
    limits = _peeled(values[is_seen].reset_index(drop=True), is_second[is_seen])
    return _tried(limits, values[is_tried], is_second[is_tried])


def _peeled(values: pd.DataFrame, is_second: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    with warnings.catch_warnings():
        # The library's own: optional parts that are not installed, and what pandas will drop.
        warnings.filterwarnings("ignore", module="ema_workbench")
        from ema_workbench.analysis import prim

        search = prim.Prim(
            values, is_second, threshold=_LEAST_DENSITY, peel_alpha=_PEEL, mass_min=_LEAST_MASS
        )
        box = search.find_box()
    path = box.peeling_trajectory
    both = 2.0 * path["coverage"] * path["density"] / (path["coverage"] + path["density"])
    chosen = box.box_lims[int(both.to_numpy().argmax())]
    whole = box.box_lims[0]
    return {
        str(name): (float(chosen[name].iloc[0]), float(chosen[name].iloc[1]))
        for name in values
        if not np.allclose(chosen[name].astype(float), whole[name].astype(float))
    }


def _tried(
    limits: dict[str, tuple[float, float]], values: pd.DataFrame, is_second: NDArray[np.bool_]
) -> Box:
    from scipy.stats import binomtest

    inside = np.ones(len(values), np.bool_)
    for name, (low, high) in limits.items():
        inside &= values[name].between(low, high).to_numpy()
    n, won = int(inside.sum()), int(is_second[inside].sum())
    ends = binomtest(won, n).proportion_ci(LEVEL, method="wilson") if n else (float("nan"),) * 2
    return Box(
        limits, won / n if n else float("nan"), float(ends[0]), float(ends[1]),
        float(is_second.mean()), won / max(int(is_second.sum()), 1), len(values), n,
    )  # fmt: skip
