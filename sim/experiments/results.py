"""The results of runs as files: outcomes while they come, then tables and a manifest.

``outcomes.parquet`` grows by one row group a run, so that memory does not grow with the runs; it
holds no date and no order of finishing, so that the same input gives the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.experiments.comparison import Comparison, Study
from sim.experiments.ensemble import Ensemble
from sim.experiments.folder import Folder, told
from sim.experiments.future import Futures
from sim.experiments.outcomes import run_table
from sim.metrics.history import METRICS, History
from sim.quarter import Assumptions
from sim.scenario import Loaded

PACKAGES = ("numpy", "numba", "scipy", "pandas", "pyarrow", "networkx", "matplotlib", "mesa")
OUTCOMES = "outcomes.parquet"


class Results(Folder):
    """A folder of results in the making; it is the ``sink`` of the ensemble."""

    def __init__(
        self, folder: Path, loaded: Sequence[Loaded], *, is_replaced: bool = False
    ) -> None:
        super().__init__(folder, is_replaced=is_replaced)
        blank = History(0)
        self._shape = Ensemble(tuple(loaded), 0, 0, 0, blank.areas, blank.sectors)
        self._parquet: Any = None

    def add(self, futures: Futures) -> None:
        """Append one run to the outcomes."""
        self.add_values(futures.index, futures.values)

    def add_values(self, index: int, values: NDArray[Any]) -> None:
        """The same, given the run's number from 0 and its values by sector."""
        import pyarrow.parquet as pq

        table = run_table(self._shape, values, index + 1)
        with told(self.folder):
            if self._parquet is None:
                names = [metric.name for metric in METRICS]
                keys = [name for name in table.column_names if name not in names]
                self._parquet = pq.ParquetWriter(
                    self.path / OUTCOMES,
                    table.schema,
                    compression="zstd",
                    use_dictionary=keys,
                    use_byte_stream_split=names,
                    store_schema=True,
                )
            self._parquet.write_table(table, row_group_size=len(table))

    def close_outcomes(self) -> Path:
        """Finish the outcomes, so that they can be read; returns their present path."""
        if self._parquet is not None:
            with told(self.folder):
                self._parquet.close()
            self._parquet = None
        return self.path / OUTCOMES

    def write_tables(
        self, study: Study, command: str, beside: Mapping[str, Any] | None = None
    ) -> None:
        """Everything but words and figures; ``beside`` joins the manifest."""
        self.close_outcomes()
        self.write_csv("summary.csv", study.summary)
        if isinstance(study, Comparison):
            self.write_csv("paired.csv", study.paired)
        self.write_csv("accounts.csv", study.accounts)
        self.write_csv("columns.csv", study.columns)
        made = manifest(study, command) | dict(beside or {})
        made["outcomes_sha256"] = sha256_of(self.path / OUTCOMES)
        self.write_manifest(made)

    def finish(self) -> Path:
        """Put the folder in its place; until here nothing of it is seen."""
        self.close_outcomes()
        return super().finish()

    def abandon(self) -> None:
        """Remove what is half-written; nothing happens after ``finish``."""
        if self._parquet is not None:
            with contextlib.suppress(OSError):
                self._parquet.close()
            self._parquet = None
        super().abandon()


def manifest(study: Study, command: str) -> dict[str, Any]:
    """What is needed to get the same results again, and what became of the money."""
    ensemble = study.ensemble
    totals = study.accounts[study.accounts.programme == "all"]
    money = {str(row.pop("scenario")): row for row in totals.to_dict("records")}
    for row in money.values():
        row.pop("programme")
    return {
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": ensemble.seed,
        "runs": ensemble.runs,
        "runs_planned": ensemble.planned,
        "is_complete": ensemble.is_complete,
        "years": ensemble.years,
        "sign": f"differences are {ensemble.names[0]} minus each of the others"
        if len(ensemble.names) > 1
        else "",
        "warnings": study.warnings,
        "tail_shares": _tail_shares(study),
        "versions": versions(),
        "first_run_assumptions": first_run_assumptions(ensemble.variants, int(ensemble.indices[0])),
        "scenarios": {one.name: scenario_entry(one, money[one.name]) for one in ensemble.loaded},
    }


def first_run_assumptions(variants: Sequence[Assumptions], index: int) -> Any:
    """Under which of the fitted sets the first run, of this ``index``, was lived.

    None for that of the scenarios.
    """
    return json.loads(variants[index % len(variants)].model_dump_json()) if variants else None


def scenario_entry(loaded: Loaded, money: Mapping[Any, Any]) -> dict[str, Any]:
    """A scenario as the manifest has it: its files, and what they come to."""
    settled = loaded.scenario.model_dump_json()
    return {
        "title": loaded.scenario.title,
        "sha256": hashlib.sha256(settled.encode()).hexdigest(),
        "money": {f"{key}_m": round(float(value), 6) for key, value in money.items()},
        "files": files_entry(loaded.text),
        "settled": json.loads(settled),
        "burn_in_settled": json.loads(loaded.burn_in.model_dump_json()),
    }


def _tail_shares(study: Study) -> dict[str, float]:
    """How much hangs on rare runs, which tables of means do not hold; JSON has no NaN."""
    found = study.tails if isinstance(study, Comparison) else {}
    return {name: share for name, share in found.items() if math.isfinite(share)}


def files_entry(text: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Files as the manifest has them, by path."""
    return {
        name: {"sha256": hashlib.sha256(one.encode()).hexdigest(), "text": one}
        for name, one in text.items()
    }


def versions() -> dict[str, str]:
    """Versions of Python, of this program and of what it calculates with."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in ("clustersim", *PACKAGES):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def sha256_of(path: Path) -> str:
    """Hash of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
