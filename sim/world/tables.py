"""A table is a plain dataclass of NumPy arrays, each column with its unit, meaning and writer."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """What the data dictionary says of one column."""

    table: str
    name: str
    dtype: str
    unit: str
    meaning: str
    writer: str


def column(dtype: Any, unit: str, meaning: str, writer: str) -> Any:
    """Declare a column; ``writer`` is the one phase that may change it ('build' for none)."""
    return field(
        metadata={"dtype": np.dtype(dtype), "unit": unit, "meaning": meaning, "writer": writer}
    )


@dataclass
class Table:
    """Rows that share an index. All columns have the same first dimension."""

    @classmethod
    def columns(cls) -> list[Column]:
        """The data dictionary of this table."""
        return [
            Column(
                cls.__name__.lower(),
                f.name,
                str(f.metadata["dtype"]),
                f.metadata["unit"],
                f.metadata["meaning"],
                f.metadata["writer"],
            )
            for f in fields(cls)
        ]

    @classmethod
    def empty(cls, n: int = 0, shape: tuple[int, ...] = ()) -> Self:
        """A table of ``n`` rows of zeros; ``shape`` is the shape of one cell."""
        return cls(**{f.name: np.zeros((n, *shape), f.metadata["dtype"]) for f in fields(cls)})

    def __len__(self) -> int:
        return len(next(iter(self.__dict__.values())))

    def items(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Name and array of every column."""
        yield from list(self.__dict__.items())

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drop the rows where ``mask`` is false, keeping the order of the others."""
        rows = np.flatnonzero(mask)
        if len(rows) < len(mask):
            for name, values in self.items():
                setattr(self, name, values.take(rows, axis=0))

    def insert(self, positions: NDArray[np.int64], rows: Mapping[str, NDArray[Any]]) -> None:
        """Insert ``rows`` before ``positions`` (ascending) of the present rows; see ``replace``."""
        self.replace(np.arange(len(self)), positions, rows)

    def replace(
        self,
        kept: NDArray[np.int64],
        positions: NDArray[np.int64],
        rows: Mapping[str, NDArray[Any]],
    ) -> None:
        """Keep only the rows ``kept``, and insert ``rows`` before ``positions`` of those.

        ``positions`` ascend. Columns that ``rows`` leaves out are zero. One index serves all
        columns, which is several times faster than ``numpy.insert`` on each.
        """
        n = len(self)
        new = positions + np.arange(len(positions))
        index = np.empty(len(kept) + len(positions), np.int64)
        is_old = np.ones(len(index), np.bool_)
        is_old[new] = False
        index[is_old] = kept
        index[new] = np.arange(n, n + len(positions))
        self.append(rows)
        for name, values in self.items():
            setattr(self, name, values.take(index, axis=0))

    def append(self, *parts: Mapping[str, NDArray[Any]]) -> None:
        """Add the rows of each part at the end; missing columns are zero."""
        lengths = [len(next(iter(rows.values()))) if rows else 0 for rows in parts]
        if sum(lengths) == 0:
            return
        for name, present in self.items():
            added = [
                rows[name] if name in rows else np.zeros(n, present.dtype)
                for rows, n in zip(parts, lengths, strict=True)
            ]
            setattr(
                self, name, np.concatenate([present, *added], dtype=present.dtype, casting="unsafe")
            )

    def copy(self) -> Self:
        """An independent copy."""
        return dataclasses.replace(self, **{k: v.copy() for k, v in self.items()})

    def to_dict(self) -> dict[str, NDArray[Any]]:
        """Columns by name, for a data frame."""
        return {k: v.copy() for k, v in self.items() if v.ndim == 1}

    def update_digest(self, digest: hashlib._Hash) -> None:
        """Feed every byte of the table to ``digest``."""
        for name, values in self.items():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(values).tobytes())
