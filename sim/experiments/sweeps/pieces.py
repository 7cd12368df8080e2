"""Finished runs of a sweep on disk: small files that are whole or not there.

A file is named by the hash of its bytes, so that damage is seen before anything is read from it.
A run is found by its key, the hash of what determines it, so that nothing wrong is read after the
sweep's file was edited.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.folder import FolderTaken, told
from sim.experiments.store.files import alone
from sim.experiments.sweeps.jobs import Values

PIECES, DAMAGED, LOCK = "pieces", "damaged", ".lock"
#: Files that are held in memory; runs are read in about the order in which they were written.
N_HELD = 16
_ENDING, _NAME_LENGTH = ".npz", 32


class Pieces:
    """The finished runs in a folder, by key; ``damaged`` names the files that were set aside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / PIECES
        self.damaged: list[str] = []
        self._where: dict[bytes, tuple[str, int]] = {}
        self._held: OrderedDict[str, Values] = OrderedDict()
        with told(folder):
            for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
                if path.suffix == _ENDING:
                    self._take_in(path)
                elif path.name.endswith(".part"):  # what a killed process left half-written
                    path.unlink()

    def __contains__(self, key: object) -> bool:
        return key in self._where

    def __len__(self) -> int:
        return len(self._where)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob(f"*{_ENDING}"))

    def add(self, found: Mapping[bytes, Values]) -> None:
        """Write some finished runs, of one shape, as one file. Raises FolderError."""
        buffer = io.BytesIO()
        keys = np.frombuffer(b"".join(found), np.uint8).reshape(len(found), -1)
        np.savez_compressed(buffer, keys=keys, values=np.stack(list(found.values())))
        content = buffer.getvalue()
        path = self.folder / f"{_hash(content)}{_ENDING}"
        part = self.folder / f"{path.stem}.part"
        with told(self.folder.parent):
            try:
                with part.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
                _sync_folder(self.folder)
            finally:
                part.unlink(missing_ok=True)
        self._where |= {key: (path.name, row) for row, key in enumerate(found)}

    def values(self, key: bytes) -> Values:
        """The values of a finished run."""
        name, row = self._where[key]
        if name not in self._held:
            with told(self.folder.parent):
                content = (self.folder / name).read_bytes()
            self._held[name] = _opened(content)["values"]
            if len(self._held) > N_HELD:
                self._held.popitem(last=False)
        found: Values = self._held[name][row]
        return found

    def _take_in(self, path: Path) -> None:
        content = path.read_bytes()
        if _hash(content) != path.stem:
            aside = self.folder / DAMAGED
            aside.mkdir(exist_ok=True)
            path.rename(aside / path.name)
            self.damaged.append(path.name)
            return
        for row, key in enumerate(_opened(content)["keys"]):
            self._where[key.tobytes()] = (path.name, row)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from the folder of a sweep; ends with the process, however it ends.

    Raises FolderTaken where another one is at work, or where the folder holds something else.
    """
    with told(folder):
        is_other = folder.exists() and not (folder / PIECES).is_dir()
        if is_other and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderTaken(f"{folder} is not the folder of a sweep: choose another")
        (folder / PIECES).mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        with told(folder):
            is_alone = stack.enter_context(alone(folder / PIECES / LOCK))
        if not is_alone:
            raise FolderTaken(
                f"another sweep is at work in {folder}: wait, or choose another folder"
            )
        yield


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_NAME_LENGTH]


def _opened(content: bytes) -> Any:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in ("keys", "values")}


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a loss of power, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
