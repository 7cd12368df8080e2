"""A map in sentences: where the first scenario is ahead, where the second is, how it was found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiments.grid import Grid
from sim.experiments.mapping import SETTLED, SignMap, first_runs
from sim.experiments.signs import crossings
from sim.metrics.history import METRICS
from sim.report.wording import listed, number, region_name
from sim.scenario.axes import BLEND, Axis


def names(found: SignMap) -> tuple[str, str]:
    """What the two scenarios are called in sentences."""
    first, second = found.grid.pair
    titles = first.scenario.title, second.scenario.title
    one, other = titles if titles[0] != titles[1] else (first.name, second.name)
    if BLEND in (found.grid.x.key, found.grid.y.key):
        other = f"the blend of it with {other}"
    return one, other


def unit(found: SignMap) -> str:
    """Unit of the difference."""
    return next(one.unit for one in METRICS if one.name == found.place.metric)


def outcome(found: SignMap) -> str:
    """What the difference is of."""
    place = found.place
    what = "value added" if place.metric == "gva" else place.metric.replace("_", " ")
    where = "the North's clusters" if place.region == "north" else region_name(place.region)
    return f"{what} of {where} in year {place.year}"


def axis_title(axis: Axis, pair: Sequence[str]) -> str:
    """An axis in words: what, whose, in which unit."""
    if axis.key == BLEND:
        return f"way from {pair[0]} to {pair[1]} (blend, 0 to 1)"
    what = axis.key.replace("_", " ")
    whose = f" of {pair[axis.side]}" if axis.side is not None else ""
    return f"{what}{whose} ({axis.unit})"


def plan(grid: Grid, runs: int) -> str:
    """What will be done, before it is."""
    lived, repeated = len(grid.lived), grid.n_repeated
    left_out = sum(bool(one.flaw) for one in grid.points)
    alike = len(grid.points) - lived - repeated - left_out
    aside = [f"not sound: {left_out}"] * bool(left_out)
    aside += [f"the two are the same: {alike}"] * bool(alike)
    aside += [f"the same futures as another: {repeated}"] * bool(repeated)
    return (
        f"{lived} of {len(grid.points)} points{f' ({listed(aside)})' if aside else ''}; up to "
        f"{runs * lived} paired runs, {first_runs(runs) * lived} of them at first: from "
        f"{first_runs(runs) * grid.n_futures:,} to {runs * grid.n_futures:,} futures of "
        f"{_years(grid.task.years)} will be lived."
    )


def _years(n: int) -> str:
    return f"{n} year{'s' if n > 1 else ''}"


def answers(found: SignMap) -> list[str]:
    """The answer: a sentence for each sign that is sure, and one for what nobody can tell."""
    first, second = names(found)
    signs, known = found.signs, found.is_known
    total = int(known.sum())
    sentences = []
    for sign, words in (
        (1, f"{first} is ahead of {second}"),
        (-1, f"{first} is behind {second}"),
    ):
        here = known & (signs == sign)
        if here.any():
            sentences.append(f"{words} at {here.sum()} of {total} points: {_extent(found, here)}.")
        else:
            sentences.append(f"Nowhere on the map is it sure that {words}.")
    unsure = known & (signs == 0)
    if unsure.any():
        where = "everywhere" if unsure.sum() == total else _extent(found, unsure)
        sentences.append(
            f"At {unsure.sum()} of {total} points the difference cannot be told from zero: {where}."
        )
    return sentences


def _extent(found: SignMap, here: NDArray[np.bool_]) -> str:
    """The ranges that hold the points, and whether others lie among them."""
    grid = found.grid
    rows, columns = np.unique(np.nonzero(here)[0]), np.unique(np.nonzero(here)[1])
    parts = []
    for axis, chosen in ((grid.x, columns), (grid.y, rows)):
        first, last = (axis.values[at] for at in (chosen[0], chosen[-1]))
        span = f"{first:g}" if first == last else f"{first:g} to {last:g}"
        parts.append(f"{axis.name} {span}")
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    among = "" if (here[box] | ~found.is_known[box]).all() else ", with others among them"
    return f"{listed(parts)}{among}"


def changes(found: SignMap) -> list[tuple[str, str]]:
    """By row, at which values of the first axis the estimate changes its sign, where it does."""
    grid, mean = found.grid, found.estimates[0]
    rows = []
    for value, line in zip(grid.y.values, mean, strict=True):
        if places := crossings(grid.x.values, line):
            rows.append((f"{value:g}", listed([number(at) for at in places])))
    return rows


def warnings(found: SignMap) -> list[str]:
    """What a reader must know before any result."""
    said = list(found.grid.notes)
    lived = len([one for one in found.grid.points if not one.flaw])
    if found.grid.unequal:
        said.append(
            f"NOT THE SAME MONEY: at {found.grid.unequal} of {lived} points the two scenarios do "
            "not plan the same public money."
        )
    if not found.is_complete:
        said.append(
            f"INTERRUPTED: {found.runs} of up to {found.planned} runs are finished, and the map is "
            "of these."
        )
    return said


def _doubt(found: SignMap) -> str:
    n = len(found.grid.task.variants)
    if not n:
        return "the doubt about parameters is not in it."
    return (
        f"the runs of each point took turns with {n} sets of parameters that fit the known facts "
        "about equally well, so that the intervals hold that doubt as far as the sets show it."
    )


def method(found: SignMap) -> str:
    """How the map came about, and how far it is to be trusted."""
    counts = found.estimates[3]
    some = counts[counts > 0]
    return (
        f"{found.runs} paired runs of {_years(found.grid.task.years)} from seed {found.seed}, "
        f"{some.min()} to {some.max()} a point: {first_runs(found.most)} at every point, then in "
        f"rounds up to {found.most} where the sign was not settled (the {SETTLED:.0%} interval "
        "included zero) and a neighbour had the other sign, or more runs might have told it. Every "
        "point has the same seeds, so that neighbours share their luck: a wrong sign is likely "
        "wrong over a whole area. Intervals are 90 % t intervals of each point by itself, looked "
        "at after every round: where there is no difference about 12 in 100 leave out zero "
        "instead of 10, as trials of the rule show. The contour joins estimates by straight "
        "lines and has an error of its own: it is "
        "known where it runs between a + and a −, and not where it runs through what cannot be "
        f"told. A conditional scenario, not a forecast; {_doubt(found)}"
    )


def heading(found: SignMap) -> str:
    """The figure's heading: how many points are whose, and of what."""
    first, second = names(found)
    signs, known = found.signs, found.is_known
    total = int(known.sum())
    counts = [int((known & (signs == sign)).sum()) for sign in (1, -1, 0)]
    return (
        f"{first} is ahead of {second} at {counts[0]} of {total} points and behind at {counts[1]}; "
        f"at {counts[2]} nobody can tell, in the {outcome(found)}"
    )
