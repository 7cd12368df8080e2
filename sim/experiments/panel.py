"""One run in full: organisations by year, every award, dated ties, and the networks, as files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from sim.experiments.folder import Folder
from sim.experiments.future import IsStopped, Stopped, never
from sim.experiments.graphs import (
    DatedTies,
    collaboration_graph,
    mobility_graph,
    supply_graph,
    write_gexf,
    write_graphml,
)
from sim.parameters import QUARTERS_PER_YEAR
from sim.run import Run
from sim.scenario import Loaded
from sim.world import sources
from sim.world.columns import Awards
from sim.world.state import KIND_NAMES, PURPOSE_NAMES, World

Format = Literal["csv", "parquet"]
_OUTCOMES = ("live", "ended on its date", "cancelled", "stopped at a gate", "holder gone")
_DATES = ("start", "end", "announced")


class _Growing:
    """A table on disk that grows by pages: Parquet by row groups, CSV by lines."""

    def __init__(self, path: Path, kind: Format) -> None:
        self._path, self._kind = path, kind
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for one in (self._writer, self._file):
            if one is not None:
                one.close()

    def add(self, columns: dict[str, Any]) -> None:
        import pyarrow as pa

        table = pa.table(columns)
        if self._writer is None:
            self._open(table.schema)
        self._writer.write_table(table)

    def _open(self, schema: Any) -> None:
        if self._kind == "parquet":
            import pyarrow.parquet as pq

            self._writer = pq.ParquetWriter(self._path, schema, compression="zstd")
            return
        from pyarrow import csv

        self._file = self._path.open("wb")
        self._file.write(b"\xef\xbb\xbf")  # the mark by which Excel knows UTF-8
        self._writer = csv.CSVWriter(self._file, schema)


def _named(codes: NDArray[Any], names: list[str] | tuple[str, ...]) -> list[str]:
    """Names by code; a code below zero has none."""
    return [names[code] if code >= 0 else "" for code in codes.tolist()]


def organisation_columns(world: World, year: int) -> dict[str, Any]:
    """Every organisation at a year's end, with names for codes."""
    table: dict[str, Any] = {"year": np.full(len(world.organisations), year, np.int16)}
    table.update(world.organisations.to_dict())
    table["kind"] = _named(table["kind"], KIND_NAMES)
    table["region"] = _named(table["region"], [one.id for one in sources.regions()])
    table["sector"] = _named(table["sector"], [one.id for one in sources.sectors()])
    table["institution"] = _named(
        table["institution"], [one.name for one in sources.institutions()]
    )
    return table


def award_columns(awards: Awards, pots: tuple[str, ...], origin: int) -> dict[str, Any]:
    """Awards with their dates in years since ``origin``, and names for codes."""
    table: dict[str, Any] = awards.to_dict()
    holder = table["holder"]
    regions = [one.id for one in sources.regions()]
    table["programme"] = [pots[pot] for pot in table.pop("pot").tolist()]
    table["region"] = [regions[-1 - one] if one < 0 else "" for one in holder.tolist()]
    table["purpose"] = _named(table["purpose"], PURPOSE_NAMES)
    table["outcome"] = _named(table["outcome"], _OUTCOMES)
    for name in _DATES:
        table[name] = (table[name] - origin) / QUARTERS_PER_YEAR
    table["length"] = table["length"] / QUARTERS_PER_YEAR
    for name in ("holder_row", "decision", "next_gate"):
        del table[name]
    return table


def export_run(
    folder: Folder,
    loaded: Loaded,
    seed: int,
    years: int,
    kind: Format = "csv",
    *,
    tell: Callable[[int, int, str], None] = lambda done, total, note: None,
    is_stopped: IsStopped = never,
) -> None:
    """Live one run and write it in full into ``folder``. Raises Stopped, FolderError, OSError."""
    past = Run.start(loaded.scenario, loaded.burn_in, seed, keep_ended=True)
    run = past.fork(loaded.scenario)
    if run.world.ended is not None:
        run.world.ended = Awards.empty()  # the past has its own pots
    origin = run.policy.start
    ties = DatedTies(origin)
    ties.observe(run.world)
    with _Growing(folder.path / f"organisations.{kind}", kind) as panel:
        panel.add(organisation_columns(run.world, 0))
        for year in range(1, years + 1):
            for _ in range(QUARTERS_PER_YEAR):
                if is_stopped():
                    raise Stopped
                run.step()
                ties.observe(run.world)
            panel.add(organisation_columns(run.world, year))
            tell(year, years, "")
    _write_awards(folder, run, kind)
    with _Growing(folder.path / f"ties.{kind}", kind) as table:
        table.add(ties.rows())
    _write_graphs(folder, run.world, ties, origin)


def _write_awards(folder: Folder, run: Run, kind: Format) -> None:
    pots = tuple(pot.name for pot in run.policy.pots)
    world, origin = run.world, run.policy.start
    with _Growing(folder.path / f"awards.{kind}", kind) as table:
        if world.ended is not None and len(world.ended):
            table.add(award_columns(world.ended, pots, origin))
        table.add(award_columns(world.awards, pots, origin))


def _write_graphs(folder: Folder, world: World, ties: DatedTies, origin: int) -> None:
    graphs = {
        "collaboration": collaboration_graph(world, origin),
        "supply": supply_graph(world, origin),
        "movement": mobility_graph(world, origin),
        "collaboration_over_time": ties.graph(world.quarter),
    }
    for name, graph in graphs.items():
        folder.write(f"networks/{name}.graphml", partial(write_graphml, graph))
        folder.write(f"networks/{name}.gexf", partial(write_gexf, graph))
