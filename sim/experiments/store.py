"""The folder of results: written beside its place, then moved there whole or not at all.

``outcomes.parquet`` grows by one row group a run, so that memory does not grow with the runs; it
holds no date and no order of finishing, so that the same input gives the same bytes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from sim.experiments.comparison import Comparison, Study
from sim.experiments.ensemble import Ensemble
from sim.experiments.future import Futures
from sim.experiments.outcomes import run_table
from sim.metrics.history import METRICS, History
from sim.scenario import Loaded

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("numpy", "numba", "scipy", "pandas", "pyarrow", "networkx", "matplotlib", "mesa")
OUTCOMES = "outcomes.parquet"


class StoreError(Exception):
    """Results cannot be written; the message says where and why."""


class Results:
    """A folder of results in the making.

    Open it before the runs, so that a folder that cannot be written is known before any time is
    spent; it is the ``sink`` of the ensemble. ``finish`` moves it to its place; leaving the
    ``with`` block without that removes what is half-written. Raises StoreError.
    """

    def __init__(
        self, folder: Path, loaded: Sequence[Loaded], *, is_replaced: bool = False
    ) -> None:
        self.folder = folder
        self._is_replaced = is_replaced
        blank = History(0)
        self._shape = Ensemble(tuple(loaded), 0, 0, 0, blank.areas, blank.sectors)
        self._parquet: Any = None
        with _told(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists() and not is_replaced:
                raise StoreError(f"{folder} exists already; choose another folder or use --force")
            if folder.exists() and not _is_ours(folder):
                raise StoreError(f"{folder} is not a folder of results and is left alone")
            self.path = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            self.path.chmod(0o755)

    def __enter__(self) -> Results:
        return self

    def __exit__(self, *error: object) -> None:
        self.abandon()

    def add(self, futures: Futures) -> None:
        """Append one run to the outcomes."""
        self.add_values(futures.index, futures.values)

    def add_values(self, index: int, values: NDArray[Any]) -> None:
        """The same, given the run's number from 0 and its values by sector."""
        import pyarrow.parquet as pq

        table = run_table(self._shape, values, index + 1)
        with _told(self.folder):
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
            with _told(self.folder):
                self._parquet.close()
            self._parquet = None
        return self.path / OUTCOMES

    def write(self, name: str, writer: Callable[[Path], object]) -> None:
        """Let ``writer`` write the file ``name`` of the folder."""
        path = self.path / name
        with _told(self.folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            writer(path)

    def write_text(self, name: str, text: str) -> None:
        """Write a text file."""
        self.write(name, lambda path: path.write_text(text, encoding="utf-8", newline="\n"))

    def write_csv(self, name: str, table: pd.DataFrame) -> None:
        """Write a table that Excel opens with its £ and – intact: UTF-8 with its mark."""
        self.write(
            name,
            lambda path: table.to_csv(
                path, index=False, encoding="utf-8-sig", float_format="%.8g", lineterminator="\n"
            ),
        )

    def write_tables(self, study: Study, command: str) -> None:
        """Everything but words and figures."""
        self.close_outcomes()
        self.write_csv("summary.csv", study.summary)
        if isinstance(study, Comparison):
            self.write_csv("paired.csv", study.paired)
        self.write_csv("accounts.csv", study.accounts)
        self.write_csv("columns.csv", study.columns)
        made = manifest(study, command)
        made["outcomes_sha256"] = _sha256(self.path / OUTCOMES)
        self.write_text("manifest.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n")

    def finish(self) -> Path:
        """Put the folder in its place; until here nothing of it is seen."""
        self.close_outcomes()
        with _told(self.folder):
            for path in sorted(self.path.rglob("*")):
                if path.is_file():
                    _sync(path)
            if self._is_replaced and self.folder.exists():
                aside = self.path.with_name(f"{self.path.name}.old")
                self.folder.rename(aside)
                self.path.rename(self.folder)
                shutil.rmtree(aside, ignore_errors=True)
            else:
                self.path.rename(self.folder)
        return self.folder

    def abandon(self) -> None:
        """Remove what is half-written; nothing happens after ``finish``."""
        if self._parquet is not None:
            with contextlib.suppress(OSError):
                self._parquet.close()
            self._parquet = None
        shutil.rmtree(self.path, ignore_errors=True)


def default_folder(names: Sequence[str], root: Path = Path("results")) -> Path:
    """``results/<a>-vs-<b>-<date>``, with a number where that exists."""
    today = datetime.now(UTC).date().isoformat()
    plain = "-vs-".join(names) if len(names) < 4 else f"{names[0]}-vs-{len(names) - 1}-others"
    base = root / f"{plain.replace('/', '-')}-{today}"
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


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
        "versions": versions(),
        "scenarios": {one.name: _scenario_entry(one, money[one.name]) for one in ensemble.loaded},
    }


def _scenario_entry(loaded: Loaded, money: Mapping[Any, Any]) -> dict[str, Any]:
    settled = loaded.scenario.model_dump_json()
    return {
        "title": loaded.scenario.title,
        "sha256": hashlib.sha256(settled.encode()).hexdigest(),
        "money": {f"{key}_m": round(float(value), 6) for key, value in money.items()},
        "files": {
            name: {"sha256": hashlib.sha256(text.encode()).hexdigest(), "text": text}
            for name, text in loaded.text.items()
        },
        "settled": json.loads(settled),
    }


def versions() -> dict[str, str]:
    """Versions of Python, of this program and of what it calculates with."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in ("clustersim", *PACKAGES):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / "manifest.json").is_file() or not any(folder.iterdir()))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some systems will not sync what is open for reading
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system says into a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            reason = "the disk is full"
        raise StoreError(f"cannot write the results to {folder}: {reason}") from error
