"""A table is a plain dataclass of NumPy arrays, each column with its unit, meaning and writer."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

#: Room that a table takes beyond its rows when it grows: one row in so many, and so many.
ROOM = 64


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

    @classmethod
    @cache
    def _columns_by_type(cls) -> tuple[tuple[np.dtype[Any], tuple[str, ...]], ...]:
        names: dict[np.dtype[Any], list[str]] = {}
        for f in fields(cls):
            names.setdefault(f.metadata["dtype"], []).append(f.name)
        return tuple((dtype, tuple(own)) for dtype, own in names.items())

    def __len__(self) -> int:
        return len(next(iter(self.__dict__.values())))

    def items(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Name and array of every column."""
        yield from list(self.__dict__.items())

    def _blocks(self, n: int) -> Iterator[tuple[tuple[str, ...], NDArray[Any]]]:
        """Names of the columns of each type, and an array whose first rows they are.

        The array (columns, at least ``n``) is where the columns lie: side by side, with some room
        after them, so that rows come, go and move without new memory. With 100,000 rows of
        organisations a move takes a fifth of the time that new columns take. Columns that lie
        apart are brought together.
        """
        for dtype, names in self._columns_by_type():
            columns = [self.__dict__[name] for name in names]
            block: NDArray[Any] | None = columns[0].base
            is_one = block is not None and block.ndim == 2 and len(block) == len(names)
            if block is None or not is_one or [c for c in columns if c.base is not block]:
                block = np.stack(columns)
            if block.shape[1] < n:
                kept, block = block, np.empty((len(names), n + n // ROOM + ROOM), dtype)
                block[:, : kept.shape[1]] = kept
            yield names, block

    def _set(self, names: tuple[str, ...], block: NDArray[Any], n: int) -> None:
        self.__dict__.update(zip(names, block[:, :n], strict=True))

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drop the rows where ``mask`` is false, keeping the order of the others."""
        rows = np.flatnonzero(mask)
        if len(rows) < len(mask):
            for names, block in self._blocks(len(mask)):
                arrange(block, rows)
                self._set(names, block, len(rows))

    def replace(
        self, index: NDArray[np.int64], new: NDArray[np.int64], rows: Mapping[str, NDArray[Any]]
    ) -> None:
        """Row k becomes what row ``index[k]`` was, but for the rows ``new``, which are ``rows``.

        Where a new row comes, any old row may hold its place in ``index``. Columns that ``rows``
        leaves out are zero in the new rows.
        """
        for names, block in self._blocks(max(len(self), len(index))):
            arrange(block, index)
            added = np.zeros((len(names), len(new)), block.dtype)
            for line, name in enumerate(names):
                if name in rows:
                    added[line] = rows[name]
            block[:, new] = added
            self._set(names, block, len(index))

    def extend(self, n: int) -> None:
        """Add ``n`` rows of zeros at the end."""
        present = len(self)
        for names, block in self._blocks(present + n) if n else ():
            block[:, present : present + n] = 0
            self._set(names, block, present + n)

    def append(self, rows: Mapping[str, Any], first: int = 0) -> None:
        """Add ``rows`` at the end; missing columns are zero.

        A number stands for a column of it; the first column must be an array. Rows before ``first``
        are dropped in the same move, where old ones go as new ones come.
        """
        present, added = len(self), len(next(iter(rows.values()))) if rows else 0
        kept = present - first
        n = kept + added
        for names, block in self._blocks(max(present, n)) if first or added else ():
            for own, name in zip(block, names, strict=True):
                if first:
                    own[:kept] = own[first:present]
                own[kept:n] = rows.get(name, 0)
            self._set(names, block, n)

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


@kernel
def arrange(block, rows):
    """Put the rows ``rows`` of columns that lie side by side (columns, rows) first, in that order.

    Through one column at a time, which stays in the processor's cache.
    """
    n = rows.shape[0]
    column = np.empty(n, block.dtype)
    for c in range(block.shape[0]):
        own = block[c]
        for i in range(n):
            column[i] = own[rows[i]]
        for i in range(n):
            own[i] = column[i]
