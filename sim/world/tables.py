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
        return int(getattr(self, fields(self)[0].name).shape[0])

    def items(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Name and array of every column."""
        for f in fields(self):
            yield f.name, getattr(self, f.name)

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drop the rows where ``mask`` is false, keeping the order of the others."""
        for name, values in self.items():
            setattr(self, name, values[mask])

    def insert(self, positions: NDArray[np.int64], rows: Mapping[str, NDArray[Any]]) -> None:
        """Insert ``rows`` before ``positions`` of the present rows; missing columns are zero."""
        for f in fields(self):
            values = rows.get(f.name)
            if values is None:
                values = np.zeros(len(positions), f.metadata["dtype"])
            present = getattr(self, f.name)
            setattr(self, f.name, np.insert(present, positions, values.astype(present.dtype)))

    def append(self, rows: Mapping[str, NDArray[Any]]) -> None:
        """Add ``rows`` at the end; missing columns are zero."""
        n = len(next(iter(rows.values()))) if rows else 0
        self.insert(np.full(n, len(self), np.int64), rows)

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
