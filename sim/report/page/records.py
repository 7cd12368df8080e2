"""Rows of a result's tables as plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: A row by the names of its columns.
Record = dict[str, Any]


def records(table: pd.DataFrame, **where: object) -> list[Record]:
    """The rows in which every column named has the value given."""
    for column, value in where.items():
        table = table[table[column] == value]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
