"""The yearly outcomes of a store as one file."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from sim.experiments.folder import no_formula, told
from sim.experiments.store.reading import tables
from sim.experiments.store.store import Store

#: Rows that a sheet can have, the head included.
EXCEL_ROWS = 1_048_576
_MARK = b"\xef\xbb\xbf"  # by it Excel knows UTF-8


def write(
    store: Store, file: Path, areas: Sequence[str], metrics: Sequence[str] | None = None
) -> int:
    """Write ``file``, CSV or Parquet by its name, whole or not at all; returns its rows.

    Raises FolderError where it cannot be written.
    """
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    try:
        with told(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as sink:
                writer = _Csv(sink) if file.suffix == ".csv" else _Parquet(sink)
                for area in areas:
                    for table in tables(store, area, metrics):
                        writer.add(_plain(table, area))
                writer.close()
            part.replace(file)
    finally:
        with contextlib.suppress(OSError):  # what went wrong is told already
            part.unlink(missing_ok=True)
    return writer.rows


def _plain(table: Any, area: str) -> Any:
    """The table with its area, and with text as text: a dictionary differs from pack to pack."""
    import pyarrow as pa

    region = pa.array([area] * len(table), pa.string())
    table = table.add_column(table.column_names.index("year"), "region", region)
    types = [
        pa.field(one.name, pa.string()) if pa.types.is_dictionary(one.type) else one
        for one in table.schema
    ]
    return table.cast(pa.schema(types))


class _Parquet:
    def __init__(self, sink: IO[bytes]) -> None:
        self.rows = 0
        self._sink = sink
        self._writer: Any = None

    def add(self, table: Any) -> None:
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._sink, table.schema, compression="zstd")
        self._writer.write_table(table)
        self.rows += len(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _Csv:
    def __init__(self, sink: IO[bytes]) -> None:
        self.rows = 0
        self._sink = sink

    def add(self, table: Any) -> None:
        import pyarrow as pa
        from pyarrow import csv

        if not self.rows:
            self._sink.write(_MARK)
        for name in ("scenario", "title"):  # a stranger's, it may be
            at = table.column_names.index(name)
            text = [no_formula(one) for one in table.column(name).to_pylist()]
            table = table.set_column(at, name, pa.array(text, pa.string()))
        csv.write_csv(table, self._sink, csv.WriteOptions(include_header=not self.rows))
        self.rows += len(table)

    def close(self) -> None:
        """Nothing is held back."""
