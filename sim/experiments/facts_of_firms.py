"""Facts of how firms grow, live and end, measured on the diary of a simulated future."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from sim.experiments.diary import Codes, Firms, Vector
from sim.experiments.facts import Lived
from sim.metrics import dynamics
from sim.world.state import FIRM

#: A year's firms in a regression: what is explained, by what, inside which group, with what weight.
Page = tuple[Vector, Vector, Codes, Vector]
#: Years to which a firm counts as young.
YOUNG = 5


def _slope(pages: Iterable[Page]) -> float:
    """Slope over the firms of all years."""
    y, x, groups, weights = (np.concatenate(parts) for parts in zip(*pages, strict=True))
    return dynamics.slope(y, x, groups, weights)


def _survivors(
    lived: Lived, least_jobs: float = 1e-9
) -> Iterator[tuple[Firms, Codes, Firms, Codes]]:
    """Firms of a year with some jobs, and their places in the next; the rows of those in both."""
    for before, after in pairwise(lived.diary.firms):
        _, i, j = np.intersect1d(before.uid, after.uid, return_indices=True)
        kept = (before.jobs[i] >= least_jobs) & (after.jobs[j] > 0.0)
        yield before, i[kept], after, j[kept]


def growth_shape(lived: Lived) -> float:
    """Subbotin's b of yearly growth, less the sector's mean, of firms with 20 jobs or more."""
    g = lived.diary.growth(least_jobs=20.0)
    return dynamics.subbotin_shape(dynamics.within_groups(g.rate, g.sector, g.weight), g.weight)


def size_variance(lived: Lived) -> float:
    """β of σ(growth) ∝ jobs^−β, firms with a job or more."""
    g = lived.diary.growth(least_jobs=1.0)
    return dynamics.size_variance_exponent(g.rate, g.jobs, g.weight)


def gibrat(lived: Lived) -> float:
    """Slope of yearly log growth on log jobs among survivors, inside sectors; 0 is Gibrat's law."""
    g = lived.diary.growth(least_jobs=1.0)
    return dynamics.slope(g.rate, np.log(g.jobs), g.sector, g.weight)


def high_growth(lived: Lived) -> float:
    """Share of survivors with 10 jobs or more that grow by over 20 % a year for three years."""
    g = lived.diary.growth(years=3, least_jobs=10.0)
    fast = float(g.weight[g.rate > np.log(1.2)].sum())
    return fast / float(g.weight.sum()) if len(g.weight) else float("nan")


def growth_autocorrelation(lived: Lived) -> float:
    """Slope of a year's growth on that of the year before, inside sectors, 20 jobs or more."""

    def pages() -> Iterator[Page]:
        for start, middle, end in zip(
            lived.diary.firms[:-2], lived.diary.firms[1:-1], lived.diary.firms[2:], strict=True
        ):
            _, i, j = np.intersect1d(start.uid, middle.uid, return_indices=True)
            _, k, m = np.intersect1d(middle.uid[j], end.uid, return_indices=True)
            i, j = i[k], j[k]
            kept = (start.jobs[i] >= 20.0) & (middle.jobs[j] > 0.0) & (end.jobs[m] > 0.0)
            i, j, m = i[kept], j[kept], m[kept]
            now, before = end.jobs[m] / middle.jobs[j], middle.jobs[j] / start.jobs[i]
            yield np.log(now), np.log(before), start.sector[i], start.weight[i]

    return _slope(pages())


def productivity_persistence(lived: Lived) -> float:
    """Slope of log value added per job on that of a year before, inside sectors, survivors."""
    return _slope(
        (
            np.log(after.gva[j] / after.jobs[j]),
            np.log(before.gva[i] / before.jobs[i]),
            before.sector[i],
            before.weight[i],
        )
        for before, i, after, j in _survivors(lived)
    )


def productivity_ratio(lived: Lived) -> float:
    """90/10 ratio of value added per job inside a sector, median sector."""
    firms: Firms = lived.diary.firms[-1]
    used = (firms.jobs > 0.0) & (firms.gva > 0.0)
    return dynamics.quantile_ratio(
        firms.gva[used] / firms.jobs[used], firms.sector[used], firms.weight[used]
    )


def lasting(lived: Lived) -> float:
    """Share of the jobs that growing firms create in a year that are there a year later.

    Of each firm that grew, what is left of its gain, at most all and at least none of it; a firm
    that ended has lost it (Davis, Haltiwanger & Schuh 1996).
    """
    created, left = 0.0, 0.0
    for start, middle, end in zip(
        lived.diary.firms[:-2], lived.diary.firms[1:-1], lived.diary.firms[2:], strict=True
    ):
        uid, i, j = np.intersect1d(start.uid, middle.uid, return_indices=True)
        before, after = start.jobs[i], middle.jobs[j]
        later = np.zeros(len(uid))
        _, k, m = np.intersect1d(uid, end.uid, return_indices=True)
        later[k] = end.jobs[m]
        gain = np.maximum(after - before, 0.0) * middle.weight[j]
        kept = np.clip(later - before, 0.0, np.maximum(after - before, 0.0)) * middle.weight[j]
        created += float(gain.sum())
        left += float(kept.sum())
    return left / created if created else float("nan")


def fast_growers_part(lived: Lived) -> float:
    """Part of the jobs that growing firms of 10+ jobs add in three years due to the fast growers.

    Fast: over 20 % a year, as in ``high_growth``.
    """
    g = lived.diary.growth(years=3, least_jobs=10.0)
    added = g.weight * g.jobs * np.maximum(np.exp(3.0 * g.rate) - 1.0, 0.0)
    return float(added[g.rate > np.log(1.2)].sum() / added.sum()) if added.sum() else float("nan")


def growth_of_young(lived: Lived) -> float:
    """Mean yearly log growth of survivors below five years of age less that of the older ones.

    Inside sectors and classes of size (doubling), as size alone would say otherwise.
    """

    def pages() -> Iterator[Page]:
        for before, i, after, j in _survivors(lived, least_jobs=1.0):
            size = np.minimum(np.log2(before.jobs[i]).astype(np.int64), 15)
            is_young = (before.age[i] <= 4 * YOUNG).astype(np.float64)
            growth = np.log(after.jobs[j] / before.jobs[i])
            yield growth, is_young, before.sector[i] * 16 + size, before.weight[i]

    return _slope(pages())


def entrant_size(lived: Lived) -> float:
    """Mean jobs of firms in their first year over those of all firms."""
    ratios = []
    for firms in lived.diary.firms[1:]:
        new = firms.age <= 4
        if not new.any():
            continue
        mean_new = np.average(firms.jobs[new], weights=firms.weight[new])
        ratios.append(mean_new / np.average(firms.jobs, weights=firms.weight))
    return float(np.mean(ratios)) if ratios else float("nan")


def productivity_of_exits(lived: Lived) -> float:
    """Log value added per job of firms that end within the year less that of those that stay.

    Inside sectors, means over firms.
    """

    def pages() -> Iterator[Page]:
        for before, after in pairwise(lived.diary.firms):
            used = (before.jobs > 0.0) & (before.gva > 0.0)
            ends = (~np.isin(before.uid[used], after.uid)).astype(np.float64)
            productivity = np.log(before.gva[used] / before.jobs[used])
            yield productivity, ends, before.sector[used], before.weight[used]

    return _slope(pages())


def research_elasticity(lived: Lived) -> float:
    """Elasticity of research spending to jobs among the firms that do research, inside sectors."""
    o = lived.world.organisations
    used = (o.kind == FIRM) & (o.spending > 0.0) & (o.jobs > 0.0)
    return dynamics.slope(
        np.log(o.spending[used]), np.log(o.jobs[used]), o.sector[used], o.weight[used]
    )
