"""The folder of a map: its page, its points, its figure, and what is needed to do it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.folder import Folder
from sim.experiments.landmarks import Landmark, landmarks
from sim.experiments.mapping import SignMap
from sim.experiments.results import files_entry, versions
from sim.report.markdown import LEFT, MIDDLE, RIGHT, markdown_table
from sim.report.sign_map_figure import figure
from sim.report.sign_map_words import (
    answers,
    axis_title,
    changes,
    heading,
    method,
    names,
    outcome,
    unit,
    warnings,
)
from sim.report.style import save

if TYPE_CHECKING:
    import pandas as pd

PAGE, FIGURE = "map.md", "map"
SIGNS = {1: "+", -1: "−", 0: "·"}
VERDICTS = {1: "ahead", -1: "behind", 0: "cannot be told"}


def nearest_sign(found: SignMap, mark: Landmark) -> int | None:
    """The sign at the point nearest to a landmark; None off the map, or where nothing is known."""
    grid = found.grid
    at = []
    for axis, value in ((grid.y, mark.y), (grid.x, mark.x)):
        if not axis.values[0] <= value <= axis.values[-1]:
            return None
        at.append(int(np.argmin([abs(one - value) for one in axis.values])))
    return int(found.signs[at[0], at[1]]) if found.is_known[at[0], at[1]] else None


def markdown(found: SignMap, marks: Sequence[Landmark]) -> str:
    """The page of the map."""
    return "\n".join(_lines(found, marks)) + "\n"


def _signs(found: SignMap) -> Iterator[tuple[str, ...]]:
    """The rows of the map, the highest first."""
    for row in reversed(range(found.grid.shape[0])):
        cells = (
            SIGNS[int(sign)] if is_known else " "
            for sign, is_known in zip(found.signs[row], found.is_known[row], strict=True)
        )
        yield f"{found.grid.y.values[row]:g}", *cells


def _nearest(found: SignMap, mark: Landmark) -> str:
    sign = nearest_sign(found, mark)
    return "off the map" if sign is None else VERDICTS[sign]


def _lines(found: SignMap, marks: Sequence[Landmark]) -> Iterator[str]:
    grid = found.grid
    first, second = names(found)
    titles = [one.scenario.title for one in grid.pair]
    yield f"# {first} minus {second}: where the sign changes\n"
    for warning in warnings(found):
        yield f"> **{warning}**\n"
    yield f"The difference is {first} minus {second} in the {outcome(found)}.\n"
    for sentence in answers(found):
        yield f"**{sentence}**\n"
    yield f"![{first} minus {second}]({FIGURE}.png)\n"
    yield (
        f"Across: {axis_title(grid.x, titles)}. Down: {axis_title(grid.y, titles)}. "
        f"+ {first} is ahead, − it is behind, · cannot be told, blank: left out.\n"
    )
    head = (f"{grid.y.name} \\ {grid.x.name}", *(f"{one:g}" for one in grid.x.values))
    yield from markdown_table(head, _signs(found), RIGHT, MIDDLE)
    yield "\n## Where the estimate changes its sign\n"
    rows = changes(found)
    if rows:
        yield from markdown_table((grid.y.name, grid.x.name), rows, RIGHT, LEFT)
    else:
        yield "In no row."
    real = [one for one in marks if one.is_real]
    if real:
        yield "\n## Real programmes\n"
        yield (
            "They are placed by their two levers alone: in everything else a point of the map is "
            "as the two scenarios say, and not as the programme is.\n"
        )
        placed = [(one.name, f"{one.x:g}", f"{one.y:g}", _nearest(found, one)) for one in real]
        yield from markdown_table(("programme", grid.x.name, grid.y.name, "nearest point"), placed)
    if flaws := [one for one in grid.points if one.flaw]:
        yield "\n## Left out\n"
        for one in flaws:
            x, y = grid.x.values[one.column], grid.y.values[one.row]
            yield f"- {grid.x.name} {x:g}, {grid.y.name} {y:g}: {one.flaw}"
    alike = sum(not one.flaw and not one.is_lived for one in grid.points)
    if alike:
        yield f"\nAt {alike} points the two scenarios are the same: the difference is nothing."
    if grid.n_repeated:
        yield (
            f"\n{grid.n_repeated} points have the two futures of another point and were not lived "
            "again: they say the same to the model, as months do that make as many quarters."
        )
    yield f"\n## How it was done\n\n{method(found)}\n"
    yield "`map.csv` has every point: x, y, estimate, low, high, n (paired runs) and the verdict."


def frame(found: SignMap) -> pd.DataFrame:
    """A row for each point, those left out too."""
    import pandas as pd

    mean, low, high, n = found.estimates
    grid = found.grid
    return pd.DataFrame(
        [
            {
                "x": grid.x.values[one.column],
                "y": grid.y.values[one.row],
                "estimate": mean[one.row, one.column],
                "low": low[one.row, one.column],
                "high": high[one.row, one.column],
                "n": n[one.row, one.column],
                "verdict": _verdict(found, one.row, one.column, one.flaw),
            }
            for one in grid.points
        ]
    )


def _verdict(found: SignMap, row: int, column: int, flaw: str) -> str:
    if flaw:
        return f"left out: {flaw}"
    if not found.is_known[row, column]:
        return "not finished"
    return VERDICTS[int(found.signs[row, column])]


def write(place: Folder, found: SignMap, command: str) -> Path:
    """Fill a folder with the page, the points, the figure and what is needed to do it again."""
    grid, marks = found.grid, landmarks(found.grid)
    place.write_csv("map.csv", frame(found))
    place.write_text(PAGE, markdown(found, marks))
    first, second = names(found)
    titles = [one.scenario.title for one in grid.pair]
    drawn = figure(
        found,
        marks,
        title=heading(found),
        x_label=axis_title(grid.x, titles),
        y_label=axis_title(grid.y, titles),
        scale=f"{first} minus {second}, {unit(found)}",
    )
    for kind in ("png", "svg"):
        place.write(f"{FIGURE}.{kind}", partial(save, drawn))
    text = {name: one for loaded in grid.pair for name, one in loaded.text.items()}
    place.write_manifest(
        {
            "command": command,
            "scenarios": [one.name for one in grid.pair],
            "sign": f"{first} minus {second}",
            "x": {"key": grid.x.name, "values": grid.x.values},
            "y": {"key": grid.y.name, "values": grid.y.values},
            "outcome": {"metric": found.place.metric, "region": found.place.region,
                        "year": found.place.year, "unit": unit(found)},
            "seed": found.seed,
            "runs": found.runs,
            "runs_planned": found.planned,
            "is_complete": found.is_complete,
            "years": grid.task.years,
            "warnings": warnings(found),
            "versions": versions(),
            "files": files_entry(text),
        }
    )  # fmt: skip
    return place.finish()
