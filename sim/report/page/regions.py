"""Who gains and who loses: a map and a table of regions, each difference with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from sim.experiments.comparison import Comparison
from sim.experiments.milestones import HEADLINE_METRIC
from sim.report.page.records import Record, records
from sim.report.places import ASPECT, LABEL_SIDES, NORTH_BOX, coast, regional
from sim.report.wording import (
    ahead,
    interval,
    is_sure,
    labels,
    listed,
    percent,
    quantity,
    region_name,
    span,
    stands,
)
from sim.world import sources

#: Pixels of the map, and of the sea west of the box for names; the height follows from the box.
WIDTH, MARGIN = 560, 80
_SCALE = WIDTH / (NORTH_BOX[1] - NORTH_BOX[0])
HEIGHT = round(_SCALE * ASPECT * (NORTH_BOX[3] - NORTH_BOX[2]))
_LARGEST, _SMALLEST = 30.0, 5.0  # radius of a dot, pixels
#: Sums that stand below the eleven areas.
SUMS = ("north", "golden_triangle", "rest_of_uk", "uk")


@dataclass(frozen=True)
class Place:
    """A dot of the map with its words."""

    x: float
    y: float
    radius: float
    kind: str
    name: str
    size: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Row:
    """A region of the table; ``low``, ``middle`` and ``high`` are places on a strip of 0 to 100."""

    name: str
    size: str
    interval: str
    ahead: str
    relative: str
    kind: str
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Regions:
    """One pair of futures: its map, its table, and where zero is on the strips."""

    alternative: str
    places: list[Place]
    areas: list[Row]
    sums: list[Row]
    zero: float
    unit: str


def kind(row: Record) -> str:
    """Whether a difference is a gain, a loss, or cannot be told from zero among so many."""
    if not (is_sure(row) and stands(row)):
        return "unsure"
    return "gain" if row["estimate"] > 0 else "loss"


def regions(comparison: Comparison, baseline: int) -> Regions:
    """The first future against the one with number ``baseline``."""
    areas = records(regional(comparison, baseline))
    sums = {
        row["region"]: row
        for row in records(
            comparison.paired,
            metric=HEADLINE_METRIC,
            year=comparison.ensemble.years,
            baseline=comparison.ensemble.names[baseline],
        )
    }
    strip = _strip(areas)
    return Regions(
        _alternative(comparison, baseline, areas),
        _places(areas),
        [_row(row, strip) for row in areas],
        [_row(sums[code], strip) for code in SUMS if code in sums],
        _on(0.0, strip),
        str(areas[0]["unit"]),
    )


def _strip(areas: list[Record]) -> tuple[float, float]:
    ends = [row[end] for row in areas for end in ("estimate", "low", "high")]
    known = [0.0, *filter(math.isfinite, ends)]
    return min(known), max(known)


def _on(value: float, strip: tuple[float, float]) -> float:
    low, high = strip
    span = max(high - low, 1e-12)
    return round(2.0 + 96.0 * (value - low) / span, 1) if math.isfinite(value) else math.nan


def _row(row: Record, strip: tuple[float, float]) -> Row:
    unit = str(row["unit"])
    middle = _on(row["estimate"], strip)
    ends = (_on(row[end], strip) for end in ("low", "high"))
    low, high = (middle if math.isnan(end) else end for end in ends)
    name = region_name(str(row["region"]))
    return Row(
        name[0].upper() + name[1:],
        quantity(row["estimate"], unit, signed=True).split(" ")[0],
        span(row, unit),
        ahead(row),
        percent(row["relative"] / 100.0),
        kind(row),
        low,
        middle,
        high,
    )


def _places(areas: list[Record]) -> list[Place]:
    where = {one.id: (one.longitude, one.latitude) for one in sources.regions()}
    largest = max((abs(float(row["estimate"])) for row in areas), default=0.0) or 1.0
    found = []
    for row in areas:
        code = str(row["region"])
        x, y = _at(*where[code])
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(
            abs(float(row["estimate"])) / largest
        )
        across, up = LABEL_SIDES.get(code, (0, 1))
        # Two lines of words: beside the dot, above it or below it.
        drop = {1: -radius - 20.0, 0: -3.0, -1: radius + 15.0}[up]
        found.append(
            Place(
                x,
                y,
                round(radius, 1),
                kind(row),
                region_name(code),
                quantity(row["estimate"], str(row["unit"]), signed=True).split(" ")[0],
                round(x + across * (radius + 5.0), 1),
                round(y + drop, 1),
                ("end", "middle", "start")[across + 1],
            )
        )
    return found


def _at(longitude: float, latitude: float) -> tuple[float, float]:
    x = _SCALE * (longitude - NORTH_BOX[0])
    y = _SCALE * ASPECT * (NORTH_BOX[3] - latitude)
    return round(x, 1), round(y, 1)


@cache
def land() -> str:
    """The outlines of land as the path of an SVG, as far as the map shows them."""
    parts = []
    for ring in coast():
        points = [_at(*point) for point in ring]
        xs, ys = zip(*points, strict=True)
        if max(xs) < -MARGIN or min(xs) > WIDTH or max(ys) < 0 or min(ys) > HEIGHT:
            continue
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(parts)


def _alternative(comparison: Comparison, baseline: int, areas: list[Record]) -> str:
    names = labels(comparison.ensemble)
    first, other = names[0], names[baseline]
    told: dict[str, list[str]] = {"gain": [], "loss": [], "unsure": []}
    for row in areas:
        unit = str(row["unit"])
        size = quantity(row["estimate"], unit, signed=True)
        told[kind(row)].append(f"{region_name(str(row['region']))} {size} ({interval(row, unit)})")
    parts = [
        f"Map of the North of England with a dot for each of {len(areas)} areas: value added of "
        f"its clusters, {first} minus {other}, after {comparison.ensemble.years} years."
    ]
    for key, words in (
        ("gain", f"Higher under {first}"),
        ("loss", f"Lower under {first}"),
        ("unsure", "Cannot be told from zero"),
    ):
        parts.append(f"{words}: {listed(told[key]) if told[key] else 'none'}.")
    return " ".join(parts)
