"""A map drawn: colour for the difference, white at zero, hatched where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.landmarks import Landmark
from sim.experiments.mapping import SignMap
from sim.report.style import GAIN, INK, LOSS, new_figure, style

Vector = NDArray[np.float64]

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NOTE = (
    "Each cell is one point; the number is its paired runs. Hatched: the 90 % interval includes "
    "zero. Grey: left out, as no sound pair of scenarios. Line: where the estimate changes its "
    "sign; dashed, a guess, where a point beside it is hatched. Dots: real "
    "programmes, placed by these two levers alone. Diamonds: the two scenarios as they are."
)


def figure(
    found: SignMap, marks: Sequence[Landmark], *, title: str, x_label: str, y_label: str, scale: str
) -> Figure:
    """The map, with what lies on it."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.patheffects import withStroke

    x, y = np.array(found.grid.x.values, float), np.array(found.grid.y.values, float)
    mean, low, high, n = found.estimates
    # Where all is within its error the colours are pale: noise shall not look like a finding.
    reach = max(float(np.nanmax(np.abs(mean))), float(np.nanmedian(high - low))) or 1.0
    colours = LinearSegmentedColormap.from_list("sign", [LOSS, "white", GAIN])
    halo = [withStroke(linewidth=2.0, foreground="white")]
    with style():
        drawn = new_figure(title, 9.0, 7.0, _NOTE)
        axes = drawn.subplots()
        axes.grid(visible=False)
        axes.set_facecolor("#D9D9D9")
        edges = _edges(x), _edges(y)
        painted = axes.pcolormesh(
            *edges, np.ma.masked_invalid(mean), cmap=colours, norm=Normalize(-reach, reach)
        )
        for row, column in zip(*np.nonzero(found.is_known & (found.signs == 0)), strict=True):
            _hatch(axes, edges[0][column : column + 2], edges[1][row : row + 2])
        for row, column in zip(*np.nonzero(n), strict=True):
            # In the corner of the cell: its middle is where programmes often lie.
            at = edges[0][column], edges[1][row]
            axes.annotate(
                str(n[row, column]), at, (3, 3), textcoords="offset points", fontsize=6, color=INK,
                path_effects=halo,
            )  # fmt: skip
        _contour(axes, x, y, mean, linestyles="dashed", linewidths=1.2)
        _contour(axes, x, y, np.where(found.signs != 0, mean, np.nan), linewidths=2.4)
        axes.set_xlim(edges[0][0], edges[0][-1])
        axes.set_ylim(edges[1][0], edges[1][-1])
        _place(axes, marks)
        axes.set(xlabel=x_label, ylabel=y_label)
        axes.set_xticks(x, [f"{one:.4g}" for one in x])
        axes.set_yticks(y, [f"{one:.4g}" for one in y])
        drawn.colorbar(painted, ax=axes, label=scale, shrink=0.9)
    return drawn


def _edges(middles: Vector) -> Vector:
    """Borders of the cells around the values of an axis, half way between them."""
    inner = 0.5 * (middles[1:] + middles[:-1])
    if len(middles) == 1:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    ends = 1.5 * middles[[0, -1]] - 0.5 * middles[[1, -2]]
    return np.concatenate([ends[:1], inner, ends[1:]])


def _contour(axes: Axes, x: Vector, y: Vector, values: Vector, **look: Any) -> None:
    """The line of zero; nothing where values are all of one sign."""
    if (values > 0).any() and (values < 0).any():
        axes.contour(x, y, np.ma.masked_invalid(values), levels=[0.0], colors=INK, **look)


def _hatch(axes: Axes, x: Vector, y: Vector) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (x[0], y[0]), x[1] - x[0], y[1] - y[0],
            fill=False, hatch="///", edgecolor="#A0A0A0", linewidth=0.0,
        )
    )  # fmt: skip


def _place(axes: Axes, marks: Sequence[Landmark]) -> None:
    """Points with their names beside them, those of one point in one list; what is off is left."""
    from matplotlib.patheffects import withStroke

    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    places: dict[tuple[float, float], list[Landmark]] = {}
    for one in marks:
        if left <= one.x <= right and bottom <= one.y <= top:
            places.setdefault((one.x, one.y), []).append(one)
    halo = [withStroke(linewidth=2.5, foreground="white")]
    taken: list[Box] = []
    scale = _WIDTH / (right - left), _HEIGHT / (top - bottom)
    for at in places:
        x, y = (at[0] - left) * scale[0], (at[1] - bottom) * scale[1]
        taken.append((x - 3, x + 3, y - 3, y + 3))
    for at, here in places.items():
        is_real = all(one.is_real for one in here)
        axes.plot(*at, "o" if is_real else "D", color=INK, markersize=5, markeredgecolor="white")
        # Two programmes of one file at one point have one name there.
        names = list(dict.fromkeys(_short(one, here) for one in here))
        corner = (at[0] - left) * scale[0], (at[1] - bottom) * scale[1]
        (dx, dy), is_left = _room(corner, names, taken)
        axes.annotate(
            "\n".join(names), at, (dx, dy), textcoords="offset points",
            ha="right" if is_left else "left", va="center", fontsize=7, path_effects=halo,
        )  # fmt: skip


#: About the size of the map, of a letter and of a line, in points.
_WIDTH, _HEIGHT, _LETTER, _LINE = 510.0, 380.0, 4.2, 9.5
Box = tuple[float, float, float, float]


def _room(
    at: tuple[float, float], names: Sequence[str], taken: list[Box]
) -> tuple[tuple[float, float], bool]:
    """Where names have room beside their point, as near as may be, and whether to the left."""
    width, half = _LETTER * max(map(len, names)), 0.5 * _LINE * len(names)
    steps = sorted(range(-12, 13), key=abs)
    tries = [(step * _LINE * 0.5, is_left) for step in steps for is_left in (False, True)]

    def box(dy: float, is_left: bool) -> Box:
        start = at[0] - 6 - width if is_left else at[0] + 6
        return start, start + width, at[1] + dy - half, at[1] + dy + half

    def is_free(one: Box) -> bool:
        inside = one[0] >= 0 and one[1] <= _WIDTH and one[2] >= 0 and one[3] <= _HEIGHT
        return inside and not any(
            one[0] < b[1] and b[0] < one[1] and one[2] < b[3] and b[2] < one[3] for b in taken
        )

    dy, is_left = next((one for one in tries if is_free(box(*one))), (0.0, False))
    taken.append(box(dy, is_left))
    return (-6.0 if is_left else 6.0, dy), is_left


def _short(mark: Landmark, here: Sequence[Landmark]) -> str:
    """The name of a programme's file alone where all that it has here is meant."""
    file = mark.name.partition(":")[0]
    return file if sum(one.name.startswith(f"{file}:") for one in here) > 1 else mark.name
