"""Files of the store: whole or not there, known by the hash of their content."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_DIGEST = 32  # hexadecimal digits
_SUFFIX = ".parquet"


class Place(NamedTuple):
    """Where a future lies: a file of its own (``offset`` −1), or part of the file of a pack."""

    key: str
    years: int
    digest: str
    path: str
    offset: int = -1
    size: int = -1

    @property
    def name(self) -> str:
        """Name of its own file, which says what should be in it."""
        return f"{self.key}-{self.years:02d}-{self.digest}{_SUFFIX}"


def digest_of(content: bytes) -> str:
    """Hash by which content is known."""
    return hashlib.sha256(content).hexdigest()[:_DIGEST]


def place_of(path: str, name: str) -> Place | None:
    """What the name of a future's own file says; None for other files."""
    key, _, rest = name.removesuffix(_SUFFIX).partition("-")
    years, _, digest = rest.partition("-")
    if not name.endswith(_SUFFIX) or not years.isdigit() or len(digest) != _DIGEST:
        return None
    return Place(key, int(years), digest, path)


def content_at(place: Place) -> bytes:
    """The bytes at a place. Raises OSError."""
    with open(place.path, "rb") as file:  # noqa: PTH123 - a hundred thousand paths, as text
        if place.offset < 0:
            return file.read()
        file.seek(place.offset)
        return file.read(place.size)


def write_whole(path: Path, content: bytes, beside: Path) -> None:
    """Write a file so that it is whole or not there; ``beside`` takes it while it is written.

    Raises OSError.
    """
    beside.mkdir(parents=True, exist_ok=True)
    part = beside / f"{os.getpid()}-{uuid.uuid4().hex}"
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether nobody else does the work that the lock at ``path`` stands for; never waits.

    The system takes the lock back when a process ends, however it ends. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        yield _is_locked(file.fileno())


def _is_locked(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
