"""Packs: five hundred futures in one folder, so that many are opened and read at once.

``runs.bin`` is the futures' own files one after another, unchanged. ``index.parquet`` says where
each begins; the folder is called by its hash. ``outcomes/AREA.parquet`` has the yearly outcomes
of one area as a table, with the hash of each in the index: every byte that is read is checked.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.store.coding import totals_of
from sim.experiments.store.files import Place, digest_of
from sim.metrics.history import METRIC_NAMES, History

PACK = 500
INDEX, RUNS, OUTCOMES = "index.parquet", "runs.bin", "outcomes"
_OUTCOMES = b"outcomes"
#: What identifies a row of the outcomes.
KEYS = ("scenario", "title", "seed", "key", "year")
#: Head of a future, and its totals (years + 1, areas, metrics).
Page = tuple[dict[str, Any], NDArray[np.float32]]


class Damaged(Exception):
    """Content is not what its hash says; the message names the file."""


def write_pack(packs: Path, contents: Iterable[tuple[Place, bytes]], beside: Path) -> Path | None:
    """Write a pack of checked contents, whole or not there; one is in memory at a time.

    None where there is no content. When it returns, the pack outlives a loss of power.
    Raises OSError.
    """
    folder = beside / f"{os.getpid()}-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        places: list[Place] = []
        pages: list[Page] = []
        with (folder / RUNS).open("wb") as file:
            for place, content in contents:
                places.append(place._replace(offset=file.tell(), size=len(content)))
                pages.append(page_of(content))
                file.write(content)
        if not places:
            return None
        index = index_of(places, write_outcomes(folder, pages))
        (folder / INDEX).write_bytes(index)
        for path in (*folder.rglob("*"), folder):
            _sync(path)
        pack = packs / digest_of(index)
        packs.mkdir(parents=True, exist_ok=True)
        if not pack.exists():
            folder.rename(pack)
        _sync(packs)  # else the single files could be gone, and the name of the pack not yet there
        _sync(packs.parent)
        return pack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def places_in(pack: Path) -> list[Place]:
    """Where the futures of a pack lie. Raises Damaged, OSError."""
    table = _indexed(pack).to_pydict()
    path = str(pack / RUNS)
    columns = (table[name] for name in ("key", "years", "digest", "offset", "size"))
    return [Place(k, y, d, path, o, s) for k, y, d, o, s in zip(*columns, strict=True)]


def outcomes_digests(pack: Path) -> dict[str, str]:
    """Hash of the outcomes of each area. Raises Damaged, OSError."""
    found: dict[str, str] = json.loads(_indexed(pack).schema.metadata[_OUTCOMES])
    return found


def outcomes_in(pack: Path, area: str, metrics: Sequence[str] | None = None) -> Any:
    """The outcomes of one area as an Arrow table. Raises Damaged, OSError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = pack / OUTCOMES / f"{area}.parquet"
    content = path.read_bytes()
    if digest_of(content) != outcomes_digests(pack).get(area):
        raise Damaged(str(path))
    columns = None if metrics is None else [*KEYS, *metrics]
    return pq.read_table(pa.BufferReader(content), columns=columns)


def mend_outcomes(pack: Path, contents: Sequence[tuple[Place, bytes]], beside: Path) -> None:
    """Make the tables of a pack anew from ``contents``, its sound runs. Raises OSError."""
    folder = beside / f"{os.getpid()}-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        pages = [page_of(content) for _, content in contents]
        if pages and write_outcomes(folder, pages) == outcomes_digests(pack):
            (pack / OUTCOMES).mkdir(exist_ok=True)
            for path in (folder / OUTCOMES).iterdir():
                _sync(path)
                path.replace(pack / OUTCOMES / path.name)
        else:  # fewer runs than before, or written by another version of the library
            write_pack(pack.parent, contents, beside)
            shutil.rmtree(pack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def page_of(content: bytes) -> Page:
    """What the tables have of a future."""
    head, totals = totals_of(content)
    return head, totals.astype(np.float32)


def write_outcomes(folder: Path, pages: Sequence[Page]) -> dict[str, str]:
    """Write a table for each area; returns the hash of each. Raises OSError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    (folder / OUTCOMES).mkdir(exist_ok=True)
    digests = {}
    for number, area in enumerate(History(0).areas):
        sink = pa.BufferOutputStream()
        pq.write_table(
            outcomes_table(pages, number),
            sink,
            compression="zstd",
            use_dictionary=list(KEYS),
            use_byte_stream_split=list(METRIC_NAMES),
            write_statistics=False,
        )
        content = bytes(sink.getvalue())
        (folder / OUTCOMES / f"{area}.parquet").write_bytes(content)
        digests[area] = digest_of(content)
    return digests


def outcomes_table(pages: Sequence[Page], area: int) -> Any:
    """Rows of one area: future by future, year by year; numbers are 32 bits wide.

    A future of which there are several, as it was lived on or under two names at once, is there
    once: the first of the longest.
    """
    import pyarrow as pa

    longest: dict[str, Page] = {}
    for head, totals in pages:
        key = head["key"]
        if key not in longest or len(totals) > len(longest[key][1]):
            longest[key] = head, totals
    pages = list(longest.values())
    lengths = [len(totals) for _, totals in pages]
    numbers = np.repeat(np.arange(len(pages)), lengths).astype(np.int32)
    columns: dict[str, Any] = {}
    for column, name in (("scenario", "name"), ("title", "title"), ("key", "key")):
        entries = list(dict.fromkeys(head[name] for head, _ in pages))
        codes = {entry: code for code, entry in enumerate(entries)}
        of_page = np.array([codes[head[name]] for head, _ in pages], np.int32)
        columns[column] = pa.DictionaryArray.from_arrays(pa.array(of_page[numbers]), entries)
    columns["seed"] = pa.array(np.array([head["seed"] for head, _ in pages], np.int64)[numbers])
    columns["year"] = pa.array(np.concatenate([np.arange(n, dtype=np.int16) for n in lengths]))
    values = np.concatenate([totals[:, area] for _, totals in pages])
    columns = {name: columns[name] for name in KEYS}
    for number, name in enumerate(METRIC_NAMES):
        columns[name] = pa.array(np.ascontiguousarray(values[:, number]))
    return pa.table(columns)


def index_of(places: Sequence[Place], areas: dict[str, str]) -> bytes:
    """The index as a file: where each future begins, and the hash of the outcomes of each area."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "key": [place.key for place in places],
            "years": pa.array([place.years for place in places], pa.int16()),
            "digest": [place.digest for place in places],
            "offset": pa.array([place.offset for place in places], pa.int64()),
            "size": pa.array([place.size for place in places], pa.int64()),
        }
    ).replace_schema_metadata({_OUTCOMES: json.dumps(areas)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def _indexed(pack: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = pack / INDEX
    content = path.read_bytes()
    if digest_of(content) != pack.name:
        raise Damaged(str(path))
    return pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)


def packs_in(folder: Path) -> Iterator[Path]:
    """The packs of a folder, in the order of their names."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir())


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return  # it has no such call, and writes names down by itself
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
