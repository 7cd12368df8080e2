"""The cells of a crossed experiment: what each combination is worth against the mean of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.experiment import ExperimentStudy
from sim.experiments.statistics import corrected, estimate, p_values
from sim.scenario.crossing import arm_name, combinations

if TYPE_CHECKING:
    import pandas as pd


def cells(study: ExperimentStudy) -> pd.DataFrame:
    """A row for each outcome and combination.

    ``estimate`` is the arm less the mean of all crossed arms in the same run, with its 90 %
    interval; ``q`` its p corrected for the cells of the outcome; ``level`` the arm's own mean.
    """
    import pandas as pd

    factors = study.loaded.experiment.crossed
    combined = list(combinations(factors))
    pages = []
    for key in study.outcomes:
        values = np.stack([study.values[key][arm_name(one)] for one in combined], axis=1)
        found = estimate(values - values.mean(axis=1, keepdims=True))
        page = pd.DataFrame(combined, columns=list(factors))
        page.insert(0, "outcome", key)
        page["estimate"], page["low"], page["high"] = found.mean, found.low, found.high
        page["q"] = corrected(p_values(found))
        page["level"] = estimate(values).mean
        page["n"] = found.n
        pages.append(page)
    return pd.concat(pages, ignore_index=True)
