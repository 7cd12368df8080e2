"""Levels and paired differences at the milestones of the years, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.ensemble import Ensemble
from sim.experiments.statistics import (
    Vector,
    corrected,
    estimate,
    median,
    p_values,
    share_ahead,
    spread,
)

if TYPE_CHECKING:
    import pandas as pd

#: The one outcome that the comparison is about, at the last year.
HEADLINE_METRIC, HEADLINE_REGION = "gva", "north"


def _long(
    ensemble: Ensemble, years: Sequence[int], columns: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Arrays (years, areas, metrics) as rows; metrics first, and rows without a value left out."""
    import pandas as pd

    shape = next(iter(columns.values())).shape
    year, area, metric = (code.ravel() for code in np.indices(shape))
    order = np.lexsort((year, area, metric))
    names = np.array([one.name for one in ensemble.metrics], object)
    units = np.array([one.unit for one in ensemble.metrics], object)
    table = pd.DataFrame(
        {
            "metric": names[metric],
            "unit": units[metric],
            "region": np.array(ensemble.areas, object)[area],
            "year": np.array(years)[year],
            **{name: values.ravel() for name, values in columns.items()},
        }
    ).iloc[order]
    return table[table["estimate"].notna()].reset_index(drop=True)


def levels(ensemble: Ensemble) -> pd.DataFrame:
    """Each scenario by itself: see ``Study.summary``."""
    import pandas as pd

    years = ensemble.milestones()
    pages = []
    for s, name in enumerate(ensemble.names):
        values = ensemble.totals[s][:, years]
        mean, (low, high) = estimate(values, groups=ensemble.groups), spread(values)
        page = _long(
            ensemble,
            years,
            {
                "estimate": mean.mean,
                "low": mean.low,
                "high": mean.high,
                "spread_low": low,
                "spread_high": high,
                "n": mean.n,
            },
        )
        page.insert(0, "scenario", name)
        pages.append(page)
    return pd.concat(pages, ignore_index=True)


def contrasted(
    first: Vector, other: Vector, groups: NDArray[np.int64] | None
) -> dict[str, NDArray[Any]]:
    """The paired difference of two futures (runs, …): what ``Comparison.paired`` says of each."""
    found = estimate(first - other, groups=groups)
    middle, middle_low, middle_high = median(first - other, groups=groups)
    ahead, behind = share_ahead(first - other)
    n = (~np.isnan(first - other)).sum(axis=0)  # of runs, also where parameter sets are drawn
    baseline = estimate(other, groups=groups).mean
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(baseline != 0.0, 100.0 * found.mean / np.abs(baseline), np.nan)
    return {
        "estimate": found.mean,
        "low": found.low,
        "high": found.high,
        "median": middle,
        "median_low": middle_low,
        "median_high": middle_high,
        "share_scenario_ahead": ahead,
        "share_baseline_ahead": behind,
        "relative": relative,
        "baseline_mean": baseline,
        "n": n,
        "p": p_values(found),
    }


def paired(ensemble: Ensemble) -> pd.DataFrame:
    """The first scenario minus each of the others: see ``Comparison.paired``."""
    import pandas as pd

    years = ensemble.milestones()
    pages = []
    first = ensemble.totals[0][:, years]
    for s, name in enumerate(ensemble.names[1:], start=1):
        columns = contrasted(first, ensemble.totals[s][:, years], ensemble.groups)
        page = _long(ensemble, years, columns)
        page.insert(0, "baseline", name)
        page.insert(0, "scenario", ensemble.names[0])
        is_headline = (
            (page.metric == HEADLINE_METRIC)
            & (page.region == HEADLINE_REGION)
            & (page.year == ensemble.years)
        )
        page["role"] = np.where(is_headline, "headline", "secondary")
        page["q"] = np.where(is_headline, page.p, corrected(page.p.where(~is_headline).to_numpy()))
        pages.append(page)
    return pd.concat(pages, ignore_index=True)
