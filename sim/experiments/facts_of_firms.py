"""Facts of how firms grow, live and end, measured on the diary of a simulated future."""

from __future__ import annotations

import numpy as np

from sim.experiments.diary import Firms
from sim.experiments.facts import Lived
from sim.metrics import dynamics
from sim.world.state import FIRM

#: Years to which a firm counts as young.
YOUNG = 5


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
    y, x, w, s = [], [], [], []
    for start, middle, end in zip(
        lived.diary.firms[:-2], lived.diary.firms[1:-1], lived.diary.firms[2:], strict=True
    ):
        _, i, j = np.intersect1d(start.uid, middle.uid, return_indices=True)
        _, k, m = np.intersect1d(middle.uid[j], end.uid, return_indices=True)
        i, j = i[k], j[k]
        kept = (start.jobs[i] >= 20.0) & (middle.jobs[j] > 0.0) & (end.jobs[m] > 0.0)
        i, j, m = i[kept], j[kept], m[kept]
        x.append(np.log(middle.jobs[j] / start.jobs[i]))
        y.append(np.log(end.jobs[m] / middle.jobs[j]))
        w.append(start.weight[i])
        s.append(start.sector[i])
    groups, weights = np.concatenate(s), np.concatenate(w)
    return dynamics.slope(np.concatenate(y), np.concatenate(x), groups, weights)


def productivity_persistence(lived: Lived) -> float:
    """Slope of log value added per job on that of a year before, inside sectors, survivors."""
    y, x, w, s = [], [], [], []
    for before, after in zip(lived.diary.firms[:-1], lived.diary.firms[1:], strict=True):
        _, i, j = np.intersect1d(before.uid, after.uid, return_indices=True)
        kept = (before.jobs[i] > 0.0) & (after.jobs[j] > 0.0)
        i, j = i[kept], j[kept]
        x.append(np.log(before.gva[i] / before.jobs[i]))
        y.append(np.log(after.gva[j] / after.jobs[j]))
        w.append(before.weight[i])
        s.append(before.sector[i])
    groups, weights = np.concatenate(s), np.concatenate(w)
    return dynamics.slope(np.concatenate(y), np.concatenate(x), groups, weights)


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
    y, x, w, g = [], [], [], []
    for before, after in zip(lived.diary.firms[:-1], lived.diary.firms[1:], strict=True):
        _, i, j = np.intersect1d(before.uid, after.uid, return_indices=True)
        kept = (before.jobs[i] >= 1.0) & (after.jobs[j] > 0.0)
        i, j = i[kept], j[kept]
        y.append(np.log(after.jobs[j] / before.jobs[i]))
        x.append((before.age[i] <= 4 * YOUNG).astype(np.float64))
        w.append(before.weight[i])
        size = np.minimum(np.log2(before.jobs[i]).astype(np.int64), 15)
        g.append(before.sector[i] * 16 + size)
    return dynamics.slope(
        np.concatenate(y), np.concatenate(x), np.concatenate(g), np.concatenate(w)
    )


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
    y, x, w, s = [], [], [], []
    for before, after in zip(lived.diary.firms[:-1], lived.diary.firms[1:], strict=True):
        used = (before.jobs > 0.0) & (before.gva > 0.0)
        y.append(np.log(before.gva[used] / before.jobs[used]))
        x.append((~np.isin(before.uid[used], after.uid)).astype(np.float64))
        w.append(before.weight[used])
        s.append(before.sector[used])
    return dynamics.slope(
        np.concatenate(y), np.concatenate(x), np.concatenate(s), np.concatenate(w)
    )


def research_elasticity(lived: Lived) -> float:
    """Elasticity of research spending to jobs among the firms that do research, inside sectors."""
    o = lived.world.organisations
    used = (o.kind == FIRM) & (o.spending > 0.0) & (o.jobs > 0.0)
    return dynamics.slope(
        np.log(o.spending[used]), np.log(o.jobs[used]), o.sector[used], o.weight[used]
    )
