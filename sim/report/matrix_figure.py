"""A crossed experiment as a matrix: two factors in a panel, the others from panel to panel."""

from __future__ import annotations

from itertools import product
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.cells import cells
from sim.experiments.experiment import ExperimentStudy
from sim.experiments.measuring import unit
from sim.report.style import GAIN, INK, LOSS, new_figure, style
from sim.report.wording import number, warned
from sim.scenario.crossing import OF

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NOTE = (
    "Each cell: the mean over paired runs of a combination less the mean of all combinations in "
    "the same run, with the half-width of its 90 % interval. Blue: more than the mean; orange: "
    "less. "
    "Hatched: cannot be told from the mean, once corrected for the number of cells of the outcome "
    "(Benjamini and Hochberg, 10 %)."
)


def matrix_figure(study: ExperimentStudy, title: str) -> Figure:
    """A row of panels for each outcome: two factors across and down, the others beside."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    factors = study.loaded.experiment.crossed
    across, down, *others = factors
    beside = list(product(*(factors[one] for one in others)))
    table = cells(study)
    assert study.ensemble is not None
    runs = f"{study.ensemble.runs} runs of {study.ensemble.years} years."
    n_columns = len(beside)
    width = 1.5 + n_columns * max(2.6, 0.85 * len(factors[across]))
    height = 1.6 + len(study.outcomes) * (0.9 + 0.5 * len(factors[down]))
    colours = LinearSegmentedColormap.from_list("sign", [LOSS, "white", GAIN])
    with style():
        drawn = new_figure(title, width, height, warned(study.warnings, f"{_NOTE} {runs}"))
        panels = drawn.subplots(len(study.outcomes), n_columns, squeeze=False)
        for line, (key, outcome) in enumerate(study.outcomes.items()):
            rows = table[table.outcome == key]
            half = 0.5 * (rows.high - rows.low)
            # Pale where all is within its error: noise shall not look like a finding.
            reach = max(float(rows.estimate.abs().max()), float(half.median())) or 1.0
            scale = Normalize(-reach, reach)
            for column, levels in enumerate(beside):
                axes = panels[line, column]
                here = rows
                for one, level in zip(others, levels, strict=True):
                    here = here[here[one] == level]
                painted = _panel(axes, here, study, (across, down), colours, scale)
                if line == 0:
                    words = (
                        study.title_of(f"{a}{OF}{b}") for a, b in zip(others, levels, strict=True)
                    )
                    axes.set_title(fill(", ".join(words), 40), fontsize=8)
                if column:
                    axes.set_yticklabels([])
                if line < len(study.outcomes) - 1:
                    axes.set_xticklabels([])
            name = outcome.title or outcome.metric.replace("_", " ")
            bar = drawn.colorbar(painted, ax=list(panels[line]), shrink=0.9, pad=0.01)
            bar.set_label(fill(f"{name}, {unit(study.ensemble, outcome)}", 26), fontsize=7)
            bar.ax.tick_params(labelsize=7)
    return drawn


def _panel(
    axes: Axes,
    here: pd.DataFrame,
    study: ExperimentStudy,
    shown: tuple[str, str],
    colours: Any,
    scale: Any,
) -> Any:
    """One panel: cells of two factors, with numbers, hatched where nobody can tell."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.0, foreground="white")]
    factors = study.loaded.experiment.crossed
    across, down = (list(factors[one]) for one in shown)
    grid = np.full((len(down), len(across)), np.nan)
    for row in here.to_dict("records"):
        x, y = across.index(row[shown[0]]), down.index(row[shown[1]])
        grid[y, x] = row["estimate"]
        half = 0.5 * (row["high"] - row["low"])
        text = f"{'+' if row['estimate'] > 0 else ''}{number(row['estimate'])}\n±{number(half)}"
        axes.text(
            x, y, text, ha="center", va="center", fontsize=6, color=INK, path_effects=halo
        )  # fmt: skip
        if not row["q"] <= 0.1:
            axes.add_patch(
                Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="///", edgecolor="#B5B5B5",
                          linewidth=0.0)
            )  # fmt: skip
    painted = axes.imshow(
        np.ma.masked_invalid(grid), cmap=colours, norm=scale, aspect="auto", zorder=0
    )
    for ticks, factor, names in ((axes.set_xticks, 0, across), (axes.set_yticks, 1, down)):
        labels = [fill(study.title_of(f"{shown[factor]}{OF}{name}"), 14) for name in names]
        ticks(range(len(names)), labels, fontsize=7)
    axes.grid(visible=False)
    return painted
