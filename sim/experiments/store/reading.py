"""Yearly outcomes of all that is stored, as tables: for pandas, R, a spreadsheet or a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.store.files import Place
from sim.experiments.store.packs import (
    KEYS,
    PACK,
    RUNS,
    Damaged,
    mend_outcomes,
    outcomes_in,
    outcomes_table,
    packs_in,
    page_of,
)
from sim.experiments.store.store import PACKS, PARTS, Store
from sim.metrics.history import METRIC_NAMES, History

if TYPE_CHECKING:
    import pandas as pd


def outcomes(
    store: Store, area: str = "north", metrics: Sequence[str] | None = None
) -> pd.DataFrame:
    """Yearly outcomes of one area: one row for each future and year.

    >>> import sim
    >>> outcomes(sim.Store("runs"), "north", ["gva", "jobs"])  # doctest: +SKIP
    """
    import pyarrow as pa

    found = list(tables(store, area, metrics))
    if not found:
        import pandas as pd

        return pd.DataFrame(columns=[*KEYS, *(metrics or METRIC_NAMES)])
    whole: pd.DataFrame = pa.concat_tables(found).unify_dictionaries().to_pandas()
    return whole


def tables(store: Store, area: str, metrics: Sequence[str] | None = None) -> Iterator[Any]:
    """The same as Arrow tables, some hundred futures at a time; none is there twice."""
    best = _best(store)
    of_pack: dict[str, set[str]] = {}
    loose = []
    for place in best.values():
        if place.offset < 0:
            loose.append(place)
        else:
            of_pack.setdefault(place.path, set()).add(place.key)
    for pack in packs_in(store.home / PACKS):
        keys = of_pack.get(str(pack / RUNS))
        if keys:
            table = _mended(store, pack, area, metrics)
            if table is not None:
                yield _chosen(table, keys)
    number = History(0).areas.index(area)
    columns = [*KEYS, *(METRIC_NAMES if metrics is None else metrics)]
    for start in range(0, len(loose), PACK):
        pages = [page_of(content) for content in _sound(store, loose[start : start + PACK])]
        if pages:
            yield outcomes_table(pages, number).select(columns)


def _best(store: Store) -> dict[str, Place]:
    """Of each future the longest place, in the order of their names."""
    best: dict[str, Place] = {}
    for place in sorted(store.places()):
        if place.key not in best or place.years > best[place.key].years:
            best[place.key] = place
    return best


def _sound(store: Store, places: Sequence[Place]) -> Iterator[bytes]:
    for place in places:
        content = store.checked(place)
        if content is not None:
            yield content


def _mended(store: Store, pack: Path, area: str, metrics: Sequence[str] | None) -> Any:
    """The outcomes of a pack, made anew where damaged; None where no run of it is sound."""
    try:
        return outcomes_in(pack, area, metrics)
    except (Damaged, FileNotFoundError) as error:
        store.say(f"Damaged, made anew: {error}")
        contents = store.contents_of(pack)
        mend_outcomes(pack, contents, store.home / PARTS)
        if not contents:
            return None
        table = outcomes_table([page_of(one) for _, one in contents], History(0).areas.index(area))
        return table if metrics is None else table.select([*KEYS, *metrics])


def _chosen(table: Any, keys: set[str]) -> Any:
    """The rows of some keys; the table itself where these are all."""
    entries = table.column("key").chunk(0).dictionary.to_pylist()
    if set(entries) <= keys:
        return table
    codes = table.column("key").combine_chunks().indices.to_numpy()
    wanted = np.array([entry in keys for entry in entries])
    return table.filter(wanted[codes])
