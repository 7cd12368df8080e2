"""The folder of an explanation: tables, figure and page."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.attribution import Attribution
from sim.experiments.folder import Folder
from sim.experiments.results import first_run_assumptions, versions
from sim.experiments.statistics import estimate
from sim.experiments.verdict import Interval
from sim.report.attribution_figure import figure
from sim.report.attribution_words import (
    cell,
    headline,
    is_told,
    kind,
    method,
    pair_rows,
    part,
    ranked,
    sentences,
    titles,
)
from sim.report.markdown import LEFT, markdown_table
from sim.report.style import save

PAGE, FIGURE = "explain.md", "waterfall"
REST, WHOLE = "through no channel", "the whole difference"


def head(found: Attribution) -> tuple[str, ...]:
    """The columns of ``rows``."""
    return ("", f"its part, {found.plan.metric.unit}", "added first", "added last", "from zero")


def rows(found: Attribution) -> list[tuple[str, ...]]:
    """A row for each part, the largest first, what is left, and the whole."""
    n, steps = len(found.players), found.steps
    out = []
    for k in ranked(found):
        ends = [cell(Interval.of(found.drawn(one[:, k]))) for one in steps]
        out.append((found.players[k].label, cell(part(found, k)), *ends, _told(part(found, k))))
    named = ((REST, n), (WHOLE, n + 1)) if found.plan.is_channels else ((WHOLE, n + 1),)
    out += [(name, cell(part(found, k)), "", "", _told(part(found, k))) for name, k in named]
    return out


def _told(found: Interval) -> str:
    return "told" if is_told(found) else "not told"


def parts_frame(found: Attribution) -> pd.DataFrame:
    """A row for each part, the rest and the whole, as numbers."""
    e, n = found.estimates, len(found.players)
    columns: dict[str, Any] = {
        "part": [*(one.name for one in found.players), REST, WHOLE],
        "keys": [*(" ".join(one.keys) for one in found.players), "", ""],
        "unit": found.plan.metric.unit,
        "estimate": e.mean,
        "low": e.low,
        "high": e.high,
        "n": e.n,
    }
    for name, step in zip(("first", "last"), found.steps, strict=True):
        of_step = estimate(found.drawn(step))
        for end in ("mean", "low", "high"):
            columns[f"{name}_{end}"] = [*getattr(of_step, end), np.nan, np.nan]
    table = pd.DataFrame(columns)
    return table if found.plan.is_channels else table.drop(index=n).reset_index(drop=True)


def runs_frame(found: Attribution) -> pd.DataFrame:
    """A row for each run: its parameter set where they took turns, parts, the rest, the whole."""
    table = pd.DataFrame(found.parts, columns=[one.name for one in found.players])
    if found.plan.is_channels:
        table[REST] = found.rest
    table[WHOLE] = found.differences
    if found.groups is not None:
        table.insert(0, "parameter_set", found.groups + 1)
    table.insert(0, "run", np.array(found.indices) + 1)
    return table


def pairs_frame(found: Attribution) -> pd.DataFrame:
    """A row for each pair of players; intervals hold for all pairs at once."""
    columns = ("one", "other", "estimate", "low", "high")
    made = [(one, other, x.mean, x.low, x.high) for one, other, x in pair_rows(found)]
    return pd.DataFrame(made, columns=list(columns))


def markdown(found: Attribution) -> str:
    """The page of an explanation."""
    plan = found.plan
    first, other = titles(plan)
    lines = [f"# Why {first} and {other} differ", ""]
    lines += [f"**{warning}**\n" for warning in found.warnings]
    lines += [" ".join(sentences(found)), ""]
    lines += [f"{note}\n" for note in plan.notes]
    lines += [f"![Parts of the difference]({FIGURE}.png)", ""]
    lines += markdown_table(head(found), rows(found), others=LEFT)
    lines += ["", method(found), "", f"What each {kind(plan)} is:", ""]
    for one in found.players:
        keys = ", ".join(f"`{key}`" for key in one.keys)
        lines.append(f"- {one.label}: {keys}")
    lines += ["", "`parts.csv` has the table, `runs.csv` every run, `pairs.csv` every pair."]
    return "\n".join(lines) + "\n"


def write(place: Folder, found: Attribution, command: str) -> Path:
    """Fill a folder with tables, page, figure and manifest, and put it in its place."""
    plan = found.plan
    place.write_csv("parts.csv", parts_frame(found))
    place.write_csv("runs.csv", runs_frame(found))
    place.write_csv("pairs.csv", pairs_frame(found))
    place.write_text(PAGE, markdown(found))
    drawn = figure(found, headline(found), REST, WHOLE)
    for ending in ("png", "svg"):
        place.write(f"{FIGURE}.{ending}", partial(save, drawn))
    made = {
        "command": command,
        "sign": f"differences are {plan.loaded[0].name} minus {plan.loaded[1].name}",
        "outcome": {"metric": plan.metric.name, "region": plan.area, "year": plan.task.years},
        "players": {one.name: list(one.keys) for one in found.players},
        "merged": list(plan.notes),
        "warnings": found.warnings,
        "seed": plan.seed,
        "runs": found.runs,
        "runs_planned": plan.runs,
        "is_complete": found.is_complete,
        "orders": plan.design.n_orders,
        "first_run_assumptions": first_run_assumptions(plan.task.variants, found.indices[0]),
        "versions": versions(),
        "files": {
            name: {"sha256": hashlib.sha256(text.encode()).hexdigest(), "text": text}
            for one in plan.loaded
            for name, text in one.text.items()
        },
    }
    place.write_manifest(made)
    return place.finish()
