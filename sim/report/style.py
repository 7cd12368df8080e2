"""How figures look: one style, colours told apart by all eyes, files without a date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette, the strongest contrast first.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
GAIN, LOSS, UNSURE = "#0072B2", "#D55E00", "#9A9A9A"
INK, FAINT = "#222222", "#BBBBBB"
BAND_ALPHA = 0.2
#: Futures that a picture can hold with their bands and a legend inside.
FEW = 4

_SETTINGS: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.parse_math": False,  # a title with two dollar signs is no formula
    "font.size": 10,
    "font.family": "DejaVu Sans",  # ships with Matplotlib: the same letters everywhere
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "svg.hashsalt": "clustersim",  # else the names inside a file differ each time
    "svg.fonttype": "path",
}


@contextmanager
def style() -> Iterator[None]:
    """The look of every figure, without touching the reader's own settings."""
    import matplotlib as mpl

    with mpl.rc_context(_SETTINGS):
        yield


def new_figure(title: str, width: float = 9.0, height: float = 5.0, note: str = "") -> Figure:
    """A figure without a window, headed by a full sentence, with a note on how to read it."""
    from textwrap import fill

    from matplotlib.figure import Figure

    letters = int(width * 9.6)  # bold letters of 12 points to the inch, with room to spare
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(fill(title, letters), x=0.01, ha="left", fontsize=12, fontweight="bold")
    if note:
        figure.supxlabel(
            fill(note, int(width * 15)), x=0.01, ha="left", fontsize=8, color="#555555"
        )
    return figure


def colour(number: int) -> str:
    """Colour of the scenario with this number."""
    return COLOURS[number % len(COLOURS)]


def dashes(number: int) -> str:
    """Kind of line of the scenario with this number, which tells equal colours apart."""
    return ("-", "--", ":", "-.")[number // len(COLOURS) % 4]


def add_legend(figure: Figure, axes: Axes, entries: int) -> None:
    """A legend in the axes, or beside all of them where they could not hold so many entries."""
    if entries <= FEW:
        axes.legend(loc="upper left", fontsize=8)
    else:
        figure.legend(*axes.get_legend_handles_labels(), loc="outside right center", fontsize=8)


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG by the ending of its name, with no date inside."""
    kind = path.suffix.lstrip(".")
    data: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
    with style():
        figure.savefig(path, format=kind, metadata=data)
