"""A calibration as tables and as a page: what was fitted, how well, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.experiments.calibration import Fit, Trial, bounds, default_point
from sim.experiments.fitted import MISFIT
from sim.report.markdown import LEFT, markdown_table

if TYPE_CHECKING:
    import pandas as pd

HEAD = ("parameter", "plausible", "in the code", "best", "sets kept", "part of the range")


def table(trials: Sequence[Trial]) -> pd.DataFrame:
    """One row a trial: its misfit, then its parameters."""
    import pandas as pd

    return pd.DataFrame([{MISFIT: trial.misfit, **trial.point} for trial in trials])


def rows(fit: Fit) -> list[tuple[str, ...]]:
    """One row a parameter, in the order of ``HEAD``."""
    found: list[tuple[str, ...]] = []
    usual = default_point()
    for key, (low, high) in bounds().items():
        values = [trial.point[key] for trial in fit.kept]
        found.append(
            (
                key,
                f"{low:g} to {high:g}",
                f"{usual[key]:.3g}",
                f"{values[0]:.3g}",
                f"{min(values):.3g} to {max(values):.3g}",
                f"{100 * (max(values) - min(values)) / (high - low):.0f} %",
            )
        )
    return found


def sentence(fit: Fit) -> str:
    """How well the best fits, and how many fit about as well."""
    misfit = (
        f"Misfit {fit.kept[0].misfit:.3f}: the mean squared distance of the facts of calibration "
        "from the middle of their accepted range, in halves of its width, and the part missed. "
    )
    if not fit.again:
        return misfit + (
            f"INTERRUPTED: of the {len(fit.trials)} sets tried none was lived again with fresh "
            "luck, so that the best, which alone is kept, may be the luckiest."
        )
    return misfit + (
        f"{len(fit.kept)} of the {len(fit.again)} sets that were lived again with fresh luck fit "
        f"about as well, out of {len(fit.trials)} tried. A parameter whose kept values fill its "
        "plausible range is one that these facts do not settle."
    )


def markdown(fit: Fit) -> str:
    """The page that goes with the tables."""
    lines = ["# Calibration", "", sentence(fit), "", *markdown_table(HEAD, rows(fit), others=LEFT)]
    return "\n".join([*lines, ""])
