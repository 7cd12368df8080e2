"""The futures as a film (GIF or MP4) or as a strip of pictures, for slides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.saved import ResultError
from sim.report.places import ASPECT, draw_map
from sim.report.style import INK, style
from sim.report.wording import quantity
from sim.watch.reading import Recording
from sim.watch.scenery import BOX, SECTOR_COLOURS
from sim.world import sources
from sim.world.state import FIRM

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = (".gif", ".mp4", ".png")
FRAMES_A_SECOND = 2
_REACH = 0.19  # degrees of latitude over which the firms of a region are scattered
_HOLD = 4  # frames for which the last year stands still

Tell = Callable[[int, int, str], None]


def write_film(path: Path, messages: list[bytes], tell: Tell) -> None:
    """A GIF or MP4 with a frame for each year, or a PNG with four years side by side.

    Raises ResultError where MP4 is asked for and ffmpeg is not there.
    """
    recordings = [Recording(message) for message in messages]
    years = min(one.years for one in recordings)
    with style():
        if path.suffix.lower() == ".png":
            _strip(path, recordings, years, tell)
        else:
            _film(path, recordings, years, tell)


def _film(path: Path, recordings: list[Recording], years: int, tell: Tell) -> None:
    from matplotlib.animation import FFMpegWriter, PillowWriter
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    kind: Any = PillowWriter if path.suffix.lower() == ".gif" else FFMpegWriter
    if not kind.isAvailable():
        raise ResultError(f"{path.name} needs the program ffmpeg; install it, or write a .gif")
    figure = Figure(figsize=(5.2 * len(recordings), 5.9), dpi=100)
    FigureCanvasAgg(figure)
    writer = kind(fps=FRAMES_A_SECOND)
    frames = [*range(years + 1), *[years] * _HOLD]
    with writer.saving(figure, str(path), dpi=100):
        for number, year in enumerate(frames):
            tell(number, len(frames), "")
            figure.clear()
            axes = figure.subplots(1, len(recordings), squeeze=False)[0]
            figure.subplots_adjust(left=0.01, right=0.99, top=0.84, bottom=0.07, wspace=0.03)
            for place, recording in zip(axes, recordings, strict=True):
                _draw(place, recording, year)
            _title(figure, recordings, year)
            writer.grab_frame()
    tell(len(frames), len(frames), "")


def _strip(path: Path, recordings: list[Recording], years: int, tell: Tell) -> None:
    from matplotlib.figure import Figure

    shown = sorted({round(share * years / 3) for share in range(4)})
    figure = Figure(figsize=(3.3 * len(shown), 3.7 * len(recordings) + 0.9), dpi=160)
    grid = figure.subplots(len(recordings), len(shown), squeeze=False)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.86, bottom=0.03, wspace=0.03, hspace=0.14)
    for row, recording in zip(grid, recordings, strict=True):
        for number, (place, year) in enumerate(zip(row, shown, strict=True)):
            tell(number, len(shown), recording.head["title"])
            _draw(place, recording, year)
    _title(figure, recordings, years)
    figure.savefig(path, metadata={"Software": None})
    tell(len(shown), len(shown), "")


def _title(figure: Figure, recordings: list[Recording], year: int) -> None:
    values = [float(one.series("gva", "north")[year]) for one in recordings]
    names = [one.head["title"] for one in recordings]
    parts = " and ".join(
        f"{quantity(value, '£m a year')} under {name}"
        for value, name in zip(values, names, strict=True)
    )
    figure.suptitle(
        f"Year {year} of one run: the North's clusters make value added of\n{parts}",
        x=0.01, ha="left", fontsize=11, fontweight="bold",
    )  # fmt: skip
    figure.text(
        0.01, 0.012,
        "Dots: firms by sector, area by jobs. Squares: universities, diamonds: catapults and "
        "centres, by research staff. Lines: ties. Coastline: Natural Earth.",
        fontsize=6.5, color="#555555",
    )  # fmt: skip


def _draw(axes: Axes, recording: Recording, year: int) -> None:
    from matplotlib.collections import LineCollection

    draw_map(axes, BOX)
    alive = recording.alive(year)
    place = _places(recording)
    source, target = recording.ties(year)
    lines = np.stack([place[source], place[target]], axis=1)
    axes.add_collection(LineCollection(list(lines), colors="#5B6670", linewidths=0.35, alpha=0.18))
    is_firm = recording.fixed("kind", alive) == FIRM
    firms = alive[is_firm]
    jobs = recording.amount("jobs", year, firms) * recording.fixed("weight", firms)
    tints = np.array(SECTOR_COLOURS)[recording.fixed("sector", firms)]
    x, y = place[firms].T
    axes.scatter(x, y, s=np.maximum(0.018 * jobs, 0.5), c=list(tints), alpha=0.7, linewidths=0)
    _institutions(axes, recording, year, alive[~is_firm], place)
    n_firms = float(recording.series("firms", "north")[year])
    title = f"{recording.head['title']}, year {year}: {n_firms:,.0f} firms"
    axes.set_title(title, color=INK, fontsize=10)


def _institutions(
    axes: Axes, recording: Recording, year: int, rows: NDArray[np.int64], place: NDArray[Any]
) -> None:
    code = recording.fixed("institution", rows)
    staff = recording.amount("researchers", year, rows) * recording.fixed("weight", rows)
    kinds = np.array([one.kind for one in sources.institutions()])
    for marker, is_university in (("s", True), ("D", False)):
        mine = np.flatnonzero((kinds[code] == "university") == is_university)
        total = np.bincount(code[mine], staff[mine], len(kinds))
        found, first = np.unique(code[mine], return_index=True)
        x, y = place[rows[mine][first]].T
        axes.scatter(
            x, y, s=np.maximum(0.02 * total[found], 4.0), marker=marker,
            color=INK, edgecolor="white", linewidths=0.5, zorder=3,
        )  # fmt: skip


def _places(recording: Recording) -> NDArray[np.float64]:
    """Longitude and latitude of every organisation; firms are scattered around their region."""
    every = np.arange(len(recording.born))
    code = recording.fixed("institution", every)
    region = recording.fixed("region", every)
    regions = np.array([(r.longitude, r.latitude) for r in sources.regions()])
    sites = np.array([(s.longitude, s.latitude) for s in sources.institutions()])
    # A hash of the identity spreads dots evenly over a disc, alike in every picture.
    hashed = (recording.fixed("uid", every).astype(np.uint64) + 1) * np.uint64(0x9E3779B97F4A7C15)
    turn = (hashed >> np.uint64(40)).astype(float) * (2.0 * np.pi / 2**24)
    out = _REACH * np.sqrt(((hashed >> np.uint64(16)) & np.uint64(0xFFFFFF)).astype(float) / 2**24)
    scattered = regions[region] + np.stack([ASPECT * out * np.cos(turn), out * np.sin(turn)], 1)
    is_firm = (code < 0)[:, None]
    return np.asarray(np.where(is_firm, scattered, sites[np.maximum(code, 0)]))
