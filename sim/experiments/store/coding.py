"""One future as the bytes of a Parquet file, and back to the bit.

One row with three lists: the sectors as 32-bit numbers, the totals and the accounts as 64-bit
ones. Years are innermost, so that neighbours are alike, and bytes of equal weight lie together
before they are compressed: together a third less than in the order of the arrays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEAD = b"clustersim"


@dataclass(frozen=True)
class Stored:
    """One scenario lived with one seed; arrays as in ``Futures``, for this scenario alone.

    ``name`` and ``title`` are the scenario's when it was first lived.
    """

    key: str
    seed: int
    name: str
    title: str
    values: NDArray[np.float32]
    totals: NDArray[np.float64]
    money: NDArray[np.float64]
    programmes: tuple[str, ...]

    @property
    def years(self) -> int:
        """Years that were lived."""
        return len(self.totals) - 1

    def first(self, years: int) -> Stored:
        """Its first ``years``."""
        end = years + 1
        return replace(
            self, values=self.values[:end], totals=self.totals[:end], money=self.money[:end]
        )


def encoded(future: Stored) -> bytes:
    """The future as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # The last sector repeats the totals, and is left out where it does so to the bit.
    last = future.totals.astype(np.float32)
    is_short = future.values[:, :, -1].tobytes() == last.tobytes()
    detail = future.values[:, :, :-1] if is_short else future.values
    head = {
        "key": future.key,
        "seed": future.seed,
        "name": future.name,
        "title": future.title,
        "programmes": future.programmes,
        "is_short": is_short,
        "shapes": [detail.shape, future.totals.shape, future.money.shape],
    }
    arrays: dict[str, NDArray[Any]] = {
        "detail": detail.transpose(3, 1, 2, 0),
        "totals": future.totals.transpose(2, 1, 0),
        "money": future.money.transpose(2, 1, 0),
    }
    table = pa.table(
        {
            name: pa.ListArray.from_arrays(pa.array([0, one.size], pa.int32()), one.ravel())
            for name, one in arrays.items()
        }
    ).replace_schema_metadata({_HEAD: json.dumps(head)})
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        use_byte_stream_split=True,
        write_statistics=False,
    )
    return bytes(sink.getvalue())


def decoded(content: bytes) -> Stored:
    """The future in ``content``; any exception of the reader where it is no such file."""
    head, table = _read(content, ["detail", "totals", "money"])
    detail, totals, money = (
        _array(table, name, shape)
        for name, shape in zip(("detail", "totals", "money"), head["shapes"], strict=True)
    )
    values = detail
    if head["is_short"]:
        last = totals.astype(np.float32)[:, :, None]
        values = np.concatenate([detail, last], axis=2)
    return Stored(
        head["key"],
        head["seed"],
        head["name"],
        head["title"],
        values,
        totals,
        money,
        tuple(head["programmes"]),
    )


def totals_of(content: bytes) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Head and totals (years + 1, areas, metrics) alone, which is faster."""
    head, table = _read(content, ["totals"])
    return head, _array(table, "totals", head["shapes"][1])


def _read(content: bytes, columns: list[str]) -> tuple[dict[str, Any], Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(pa.BufferReader(content)) as file:
        table = file.read(columns, use_threads=False)
    return json.loads(table.schema.metadata[_HEAD]), table


def _array(table: Any, name: str, shape: list[int]) -> NDArray[Any]:
    """A list of the only row as an array of ``shape``, in the usual order."""
    flat = table.column(name).combine_chunks().values.to_numpy(zero_copy_only=False)
    found: NDArray[Any]
    if len(shape) == 4:
        years, areas, sectors, metrics = shape
        found = flat.reshape(metrics, areas, sectors, years).transpose(3, 1, 2, 0)
    else:
        found = flat.reshape(shape[::-1]).transpose(2, 1, 0)
    return np.ascontiguousarray(found)
