"""The long table of outcomes: one row per scenario, run, year, region and sector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.ensemble import Ensemble
from sim.metrics.history import METRICS
from sim.metrics.metric import Metric

if TYPE_CHECKING:
    import pandas as pd

#: What identifies a row, with its meaning.
KEYS = {
    "scenario": "name of the scenario",
    "run": "number of the run, from 1; the same number means the same luck in every scenario",
    "year": "years since the policies parted; 0 is the common start",
    "region": "one of the thirteen regions, or north (the eleven areas) or uk (all thirteen)",
    "sector": "one of the eleven sectors, or all; for laboratories and catapults, their field",
}


def key_codes(shape: tuple[int, ...]) -> tuple[NDArray[np.int64], ...]:
    """Codes in each row of (scenarios, years, areas, sectors), one array for each axis."""
    return tuple(code.ravel() for code in np.indices(shape))


def run_table(ensemble: Ensemble, values: NDArray[Any], run: int) -> Any:
    """The rows of one run as an Arrow table; ``values`` as one of ``ensemble.detail``.

    Names are dictionaries with the same entries in every run, and numbers are 32 bits wide.
    """
    import pyarrow as pa

    scenario, year, area, sector = key_codes(values.shape[:-1])

    def named(codes: NDArray[np.int64], names: tuple[str, ...]) -> Any:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes.astype(np.int16)), pa.array(names, pa.string())
        )

    flat = values.reshape(-1, values.shape[-1]).astype(np.float32)
    columns = {
        "scenario": named(scenario, ensemble.names),
        "run": pa.array(np.full(len(flat), run, np.int32)),
        "year": pa.array(year.astype(np.int16)),
        "region": named(area, ensemble.areas),
        "sector": named(sector, ensemble.sectors),
    }
    for m, metric in enumerate(ensemble.metrics):
        columns[metric.name] = pa.array(np.ascontiguousarray(flat[:, m]))
    return pa.table(columns)


def read_metrics(ensemble: Ensemble, path: Path, metrics: Sequence[str]) -> NDArray[np.float64]:
    """Some metrics from the file of ``run_table``s, which has one row group a run.

    (scenarios, runs, years + 1, areas, sectors + 1, metrics).
    """
    import pyarrow.parquet as pq

    shape = (len(ensemble.names), -1, len(ensemble.areas), len(ensemble.sectors), len(metrics))
    with pq.ParquetFile(path) as file:
        groups = (file.read_row_group(g, list(metrics)) for g in range(file.num_row_groups))
        pages = [
            np.stack([group[name].to_numpy() for name in metrics], axis=-1).reshape(shape)
            for group in groups
        ]
    return np.stack(pages, axis=1).astype(np.float64)


def frame(ensemble: Ensemble) -> pd.DataFrame:
    """All rows of an ensemble that keeps its detail."""
    import pandas as pd

    pages = [
        run_table(ensemble, values, int(index) + 1).to_pandas()
        for index, values in zip(ensemble.indices, ensemble.detail, strict=True)
    ]
    found: pd.DataFrame = pd.concat(pages, ignore_index=True)
    return found


def column_rows(metrics: tuple[Metric, ...] = METRICS) -> Iterator[dict[str, str]]:
    """The data dictionary of the table: every column with its unit and meaning."""
    for name, meaning in KEYS.items():
        unit = {"run": "runs", "year": "years"}.get(name, "")
        yield {"column": name, "unit": unit, "kind": "key", "scope": "", "meaning": meaning}
    for metric in metrics:
        yield {
            "column": metric.name,
            "unit": metric.unit,
            "kind": metric.kind,
            "scope": metric.scope,
            "meaning": metric.meaning,
        }
