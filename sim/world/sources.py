"""The packaged data, read once: regions, sectors, institutions, travel, relatedness.

Sources and licences of every figure are in ``data/SOURCES.md``.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
#: Minutes of travel inside a region.
WITHIN_REGION = 20.0


class DataError(ValueError):
    """A packaged table is broken; the message names file, row and column."""


@dataclass(frozen=True)
class Region:
    """One of the eleven areas or a comparator; money in £m."""

    id: str
    name: str
    cluster: str
    latitude: float
    longitude: float
    population: float
    jobs: float
    gva: float
    gva_per_job: float
    berd: float
    herd: float
    government_rd: float
    is_north: bool


@dataclass(frozen=True)
class Sector:
    """One of the eleven sectors; ``bands`` are shares of firms: micro, small, medium, large.

    ``birth_rate`` and ``death_rate`` are those of the statistics, which count births and deaths
    on all enterprises that were active at any time of the year, its births included.
    """

    id: str
    name: str
    home: str
    tag: str
    codes: tuple[str, ...]
    rd_intensity: float
    gva_per_job: float
    jobs: float
    firms: float
    bands: tuple[float, float, float, float]
    birth_rate: float
    death_rate: float

    @property
    def births_per_firm(self) -> float:
        """Births a year per firm that was there when the year began."""
        return self.birth_rate / (1.0 - self.birth_rate)

    @property
    def deaths_per_firm(self) -> float:
        """Deaths a year per firm that was there when the year began."""
        return self.death_rate / (1.0 - self.birth_rate)


@dataclass(frozen=True)
class Institution:
    """A university, catapult or national centre; money in £m a year, None where unknown."""

    id: str
    name: str
    kind: str
    region: str
    latitude: float
    longitude: float
    research_income: float | None
    budget: float | None
    tags: tuple[str, ...]


def _rows(name: str, key: str = "id") -> list[tuple[int, dict[str, str]]]:
    """Lines of a packaged table with their line numbers; ``key`` is the column that names a row."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(enumerate(reader, start=2))
        if key not in (reader.fieldnames or ()):
            raise DataError(f"{name}: no column {key!r}")
    if not rows:
        raise DataError(f"{name}: no rows")
    return rows


def ids(name: str) -> list[str]:
    """What the rows of a packaged table are called: its first column."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row[0] for row in csv.reader(file) if row][1:]


def _number(row: dict[str, str], column: str, name: str, line: int) -> float:
    """A finite number that is not negative, unless it is a place on the map."""
    text = row.get(column)
    where = f"{name}, row {line} ({next(iter(row.values()))}), column {column}"
    try:
        value = float(text or "")
    except ValueError as error:
        raise DataError(f"{where}: expected a number, found {text!r}") from error
    if not math.isfinite(value) or (value < 0.0 and column not in ("latitude", "longitude")):
        raise DataError(f"{where}: expected a number that is not negative, found {text!r}")
    return value


def _matrix(name: str, key: str, suffix: str, rows: tuple[str, ...]) -> NDArray[np.float64]:
    """A table of one number for each of ``rows`` and each sector (rows, sectors)."""
    table = {row[key]: (line, row) for line, row in _rows(name, key)}
    for wanted in rows:
        if wanted not in table:
            raise DataError(f"{name}: no row {wanted!r} in column {key}")
    return np.array(
        [[_number(table[r][1], s.id + suffix, name, table[r][0]) for s in sectors()] for r in rows]
    )


@cache
def regions() -> tuple[Region, ...]:
    """The thirteen regions, the North first."""
    out = []
    for line, row in _rows("regions.csv"):

        def number(column: str, row: dict[str, str] = row, line: int = line) -> float:
            return _number(row, column, "regions.csv", line)

        out.append(
            Region(
                id=row["id"],
                name=row["name"],
                cluster=row["cluster_sector"],
                latitude=number("latitude"),
                longitude=number("longitude"),
                population=number("population"),
                jobs=number("jobs"),
                gva=number("gva_2021_m"),
                gva_per_job=number("gva_per_job_gbp") / 1e6,
                berd=number("berd_m"),
                herd=number("herd_m"),
                government_rd=number("gov_rd_m") if row["gov_rd_m"] else 0.0,
                is_north=row["cluster_sector"] != "comparator",
            )
        )
    return tuple(out)


@cache
def sectors() -> tuple[Sector, ...]:
    """The eleven sectors."""
    out = []
    for line, row in _rows("sectors.csv"):

        def number(column: str, row: dict[str, str] = row, line: int = line) -> float:
            return _number(row, column, "sectors.csv", line)

        bands = [number(f"{band}_pct") / 100.0 for band in ("micro", "small", "medium", "large")]
        total = math.fsum(bands)
        out.append(
            Sector(
                id=row["id"],
                name=row["name"],
                home=row["region_id"],
                tag=row["institution_tag"],
                codes=tuple(row["sic2007_codes"].split()),
                rd_intensity=number("rd_intensity_pct_gva") / 100.0,
                gva_per_job=number("gva_per_job_k") / 1000.0,
                jobs=number("uk_gb_jobs_2021"),
                firms=number("firms_gb"),
                bands=(bands[0] / total, bands[1] / total, bands[2] / total, bands[3] / total),
                birth_rate=number("enterprise_birth_rate_pct") / 100.0,
                death_rate=number("enterprise_death_rate_pct") / 100.0,
            )
        )
    return tuple(out)


@cache
def institutions() -> tuple[Institution, ...]:
    """Universities, catapults and national centres, in the order of their codes."""
    out = []
    for line, row in _rows("institutions.csv"):

        def known(column: str, row: dict[str, str] = row, line: int = line) -> float | None:
            return _number(row, column, "institutions.csv", line) if row[column] else None

        out.append(
            Institution(
                id=row["id"],
                name=row["name"],
                kind=row["kind"],
                region=row["region_id"],
                latitude=_number(row, "latitude", "institutions.csv", line),
                longitude=_number(row, "longitude", "institutions.csv", line),
                research_income=known("research_income_m"),
                budget=known("annual_budget_m"),
                tags=tuple(row["sector_tags"].split(";")),
            )
        )
    return tuple(out)


@cache
def location_quotients() -> NDArray[np.float64]:
    """Location quotient of every region and sector (regions, sectors)."""
    names = tuple(r.id for r in regions())
    return _matrix("region_sector_lq.csv", "region_id", "_lq", names)


@cache
def relatedness() -> NDArray[np.float64]:
    """Relatedness of every pair of sectors, 0–1, symmetric (sectors, sectors)."""
    name = "sector_relatedness.csv"
    names = [s.id for s in sectors()]
    matrix = _matrix(name, "id", "", tuple(names))
    for a, b in np.argwhere(np.abs(matrix - matrix.T) > 1e-9)[:1]:
        raise DataError(f"{name}, row {names[a]}, column {names[b]}: differs from its mirror image")
    for a, b in np.argwhere(matrix > 1.0)[:1]:
        raise DataError(f"{name}, row {names[a]}, column {names[b]}: above 1")
    return matrix


@cache
def travel_minutes() -> NDArray[np.float64]:
    """Minutes between every pair of regions, by the faster of rail and road (regions, regions)."""
    name = "travel.csv"
    codes = {r.id: k for k, r in enumerate(regions())}
    minutes = np.full((len(codes), len(codes)), np.nan)
    np.fill_diagonal(minutes, WITHIN_REGION)
    for line, row in _rows(name, "from_id"):
        for column in ("from_id", "to_id"):
            if row[column] not in codes:
                raise DataError(f"{name}, row {line}, column {column}: unknown {row[column]!r}")
        a, b = codes[row["from_id"]], codes[row["to_id"]]
        fastest = min(_number(row, c, name, line) for c in ("rail_min", "drive_min"))
        minutes[a, b] = minutes[b, a] = max(fastest, WITHIN_REGION)
    for a, b in np.argwhere(np.isnan(minutes))[:1]:
        raise DataError(f"{name}: no row for {regions()[a].id} and {regions()[b].id}")
    return minutes


@cache
def national(key: str, geography: str, period: str) -> float:
    """One fact of national.csv."""
    for line, row in _rows("national.csv", "key"):
        if (row["key"], row["geography"], row["period"]) == (key, geography, period):
            return _number(row, "value", "national.csv", line)
    raise DataError(f"national.csv: no row {key!r} for {geography!r}, {period!r}")


@cache
def own_share() -> NDArray[np.float64]:
    """Part of each sector's jobs that is counted in it alone (sectors,).

    Some industry codes are listed by several sectors. Each code's jobs are shared equally among
    the sectors that list it (or a code inside or around it); jobs by code are not in the data,
    so a sector keeps the mean of these shares over its codes.
    """
    codes = [s.codes for s in sectors()]
    shares = []
    for own in codes:
        parts = [
            1.0 / sum(any(a.startswith(b) or b.startswith(a) for b in other) for other in codes)
            for a in own
        ]
        shares.append(math.fsum(parts) / len(parts))
    return np.array(shares)
