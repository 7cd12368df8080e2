"""The folder of a sensitivity analysis: page, tables, figures, and how to do it again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiments.factors import at, usual_value
from sim.experiments.folder import Folder
from sim.experiments.points import LUCK
from sim.experiments.results import files_entry, versions
from sim.experiments.sensitivity import Sensitivity, ranked
from sim.report.markdown import markdown_table
from sim.report.sensitivity_figures import (
    MOST,
    ends_figure,
    indices_figure,
    screening_figure,
)
from sim.report.sensitivity_words import (
    label,
    method,
    names,
    sentences,
    shown,
    unit,
    verdict,
)
from sim.report.style import save
from sim.report.wording import listed, number

PAGE = "sensitivity.md"
LIBRARIES = ("SALib", "ema-workbench")
HEAD = ("parameter", "range", "mean effect", "mean size", "noise floor", "what is told")


def rows(found: Sensitivity) -> list[tuple[str, ...]]:
    """The leading factors under ``HEAD``, and luck."""
    effects, factors = found.screening.of_difference, found.plan.setting.factors
    out = []
    for k in [*ranked(found.screening)[:MOST], len(factors)]:
        is_luck = k == len(factors)
        ends = "" if is_luck else " to ".join(number(one) for one in factors[k].values)
        sizes = (number(float(one[k])) for one in (effects.mu, effects.mu_star, effects.floor))
        told = "other seeds, for comparison" if is_luck else verdict(found.screening, k)
        out.append((LUCK if is_luck else label(factors[k].name), ends, *sizes, told))
    return out


def screening_frame(found: Sensitivity) -> pd.DataFrame:
    """A row for each factor, those that are told first, and luck."""
    screening, setting = found.screening, found.plan.setting
    on_difference, on_level = screening.of_difference, screening.of_level
    out = []
    for k in [*ranked(screening), len(setting.factors)]:
        factor = setting.factors[k] if k < len(setting.factors) else None
        out.append(
            {
                "parameter": factor.name if factor else LUCK,
                "unit": factor.unit if factor else "other seeds",
                "low": factor.values[0] if factor else np.nan,
                "high": factor.values[-1] if factor else np.nan,
                "usual": usual_value(setting.pair, factor) if factor else np.nan,
                "mu": on_difference.mu[k],
                "mu_star": on_difference.mu_star[k],
                "mu_star_conf": on_difference.mu_star_conf[k],
                "sigma": on_difference.sigma[k],
                "noise_floor": on_difference.floor[k],
                "p": on_difference.p[k],
                "q": on_difference.q[k],
                "verdict": verdict(screening, k) if factor else "",
                "level_mu": on_level.mu[k],
                "level_mu_star": on_level.mu_star[k],
                "level_noise_floor": on_level.floor[k],
                "level_q": on_level.q[k],
            }
        )
    return pd.DataFrame(out)


def ends_frame(found: Sensitivity) -> pd.DataFrame:
    """The difference as all is, then at the two ends of each close factor."""
    ends = found.ends
    assert ends is not None
    named = [("", "usual", np.nan, "")]
    for k, factor in enumerate(ends.setting.factors):
        for end, value in zip(("low", "high"), factor.values, strict=True):
            named.append((factor.name, end, value, str(ends.flip(k))))
    return pd.DataFrame(
        [
            {
                "parameter": name, "end": end, "value": value, "estimate": one.mean,
                "low": one.low, "high": one.high, "n": ends.runs, "verdict": told,
            }
            for (name, end, value, told), one in zip(named, ends.intervals, strict=True)
        ]
    )  # fmt: skip


def indices_frame(found: Sensitivity) -> pd.DataFrame:
    """A row for each close factor, and luck."""
    assert found.indices is not None
    shares = found.indices.shares
    return pd.DataFrame(
        {
            "parameter": found.indices.setting.names,
            "first_order": shares.first,
            "first_order_conf": shares.first_conf,
            "total": shares.total,
            "total_conf": shares.total_conf,
            "acts_alone": shares.acts_alone,
            "acts_with_others": shares.acts_with_others,
        }
    )


def points_frame(found: Sensitivity) -> pd.DataFrame:
    """A row for each point and run of the screening and of the indices, with the values there."""
    pages = []
    steps = (("screening", found.screening), ("indices", found.indices))
    for step, one in steps:
        if one is None:
            continue
        values = pd.DataFrame([at(one.setting.factors, point[:-1]) for point in one.points])
        values.insert(0, "point", np.arange(len(values)) + 1)
        values.insert(0, "step", step)
        values[LUCK] = one.points[:, -1]
        for run in range(one.levels.shape[1]):
            page = values.assign(
                run=run + 1, first=one.levels[:, run, 0], second=one.levels[:, run, 1]
            )
            pages.append(page)
    return pd.concat(pages, ignore_index=True)


def markdown(found: Sensitivity) -> str:
    """The page of an analysis."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Sensitivity) -> Iterator[str]:
    first, second = names(found.plan)
    yield f"# {first} minus {second}: how sure, and what could turn it"
    for warning in found.warnings:
        yield f"\n> **{warning}**"
    for sentence in sentences(found):
        yield sentence if sentence.startswith("-") else f"\n{sentence}"
    yield "\n## Which parameters move the difference\n"
    yield "![The leading parameters](screening.png)\n"
    yield from markdown_table(HEAD, rows(found))
    yield f"\nIn {unit(found.plan)}, per whole range. `screening.csv` has all.\n"
    if found.ends is not None:
        yield "## One parameter alone\n\n![Ends](ends.png)\n"
        cells = [
            (label(one.name), *(shown(end, unit(found.plan)) for end in found.ends.of(k)),
             str(found.ends.flip(k)))
            for k, one in enumerate(found.ends.setting.factors)
        ]  # fmt: skip
        yield from markdown_table(
            ("parameter", "at its low end", "at its high end", "the sign"), cells
        )
    if found.indices is not None:
        yield "\n## Shares of the variance\n\n![Shares](indices.png)\n"
    yield f"\n## How it was done\n\n{method(found)}\n"
    steps = {"screening": True, "ends": found.ends, "indices": found.indices}
    tables = listed([f"`{name}.csv`" for name, step in steps.items() if step is not None])
    yield f"The tables are in {tables}; `points.csv` has every point and run."


def write(place: Folder, found: Sensitivity, command: str) -> Path:
    """Fill a folder with page, tables, figures and manifest, and put it in its place."""
    plan, setting = found.plan, found.plan.setting
    place.write_csv("screening.csv", screening_frame(found))
    place.write_csv("points.csv", points_frame(found))
    figures = {"screening": screening_figure(found)}
    if found.ends is not None:
        place.write_csv("ends.csv", ends_frame(found))
        figures["ends"] = ends_figure(found, found.ends)
    if found.indices is not None:
        place.write_csv("indices.csv", indices_frame(found))
        figures["indices"] = indices_figure(found, found.indices)
    place.write_text(PAGE, markdown(found))
    for name, drawn in figures.items():
        for kind in ("png", "svg"):
            place.write(f"{name}.{kind}", partial(save, drawn))
    box = found.box
    place.write_manifest(
        {
            "command": command,
            "scenarios": [one.name for one in setting.pair],
            "sign": f"differences are {setting.pair[0].name} minus {setting.pair[1].name}",
            "outcome": {"metric": setting.place.metric, "region": setting.place.region,
                        "year": setting.place.year, "unit": unit(plan)},
            "ranges": {one.name: list(one.values) for one in setting.factors},
            "seed": setting.seed,
            "runs_a_point": setting.runs,
            "trajectories": found.screening.n_trajectories,
            "trajectories_planned": plan.n_trajectories,
            "groups": found.indices.n_groups if found.indices is not None else 0,
            "groups_planned": plan.n_groups,
            "box": None if box is None else {
                "limits": {name: list(ends) for name, ends in box.limits.items()},
                "density": box.density, "coverage": box.coverage, "share": box.share,
            },
            "is_complete": found.is_complete,
            "warnings": found.warnings,
            "versions": {**versions(), **{name: version(name) for name in LIBRARIES}},
            "files": files_entry(
                {name: text for one in setting.pair for name, text in one.text.items()}
            ),
        }
    )  # fmt: skip
    return place.finish()
