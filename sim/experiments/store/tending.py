"""Looking after a store: what is there, whether it is sound, and what may go."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiments.fingerprint import model_version
from sim.experiments.store.answers import is_sound
from sim.experiments.store.files import alone
from sim.experiments.store.packs import (
    OUTCOMES,
    Damaged,
    mend_outcomes,
    outcomes_digests,
    outcomes_in,
    packs_in,
)
from sim.experiments.store.packs import places_in as places_in_pack
from sim.experiments.store.store import ANSWERS, DAMAGED, LOOSE, PACKS, PARTS, Store, loose_in

_DAY = 86_400.0


@dataclass(frozen=True)
class Shelf:
    """What is kept of one version of the model: futures, bytes, and the time of the last change."""

    version: str
    futures: int
    size: int
    changed: float

    @property
    def is_current(self) -> bool:
        """Whether commands of today read it."""
        return self.version == model_version()


@dataclass(frozen=True)
class Removal:
    """A file or folder that may go."""

    path: Path
    futures: int
    size: int
    changed: float


def shelves(folder: Path) -> list[Shelf]:
    """Every version in a store; the latest first. Raises OSError."""
    found = []
    for home in _homes(folder):
        units = list(_units(home))
        changed = max((unit.changed for unit in units), default=home.stat().st_mtime)
        found.append(Shelf(home.name, sum(u.futures for u in units), _size(home), changed))
    return sorted(found, key=lambda shelf: (shelf.is_current, shelf.changed), reverse=True)


def damaged(folder: Path) -> list[Path]:
    """What was found damaged and set aside. Raises OSError."""
    place = folder / DAMAGED
    return sorted(place.iterdir()) if place.is_dir() else []


def verify(
    folder: Path, say: Callable[[str], None], progress: Callable[[int, int, str], None]
) -> tuple[int, int]:
    """Check every byte; returns how many futures are sound, and how many files are not.

    What is damaged is set aside; the present version's tables of outcomes are made anew from the
    runs. Raises OSError.
    """
    n_bad = 0

    def note(message: str) -> None:
        nonlocal n_bad
        n_bad += 1
        say(message)

    stores = [Store(folder, say=note, version=home.name) for home in _homes(folder)]
    places = [(store, place) for store in stores for place in store.places()]
    n_sound = 0
    for number, (store, place) in enumerate(places, start=1):
        n_sound += store.checked(place) is not None
        progress(number, len(places), "")
    for store in stores:
        for path in _answers(store.home):
            with contextlib.suppress(FileNotFoundError):
                if not is_sound(path.read_bytes()):
                    store.set_file_aside(path)
        for pack in packs_in(store.home / PACKS):
            # Other versions have areas and metrics of their own, which nobody here can write.
            can_mend = store.version == model_version()
            bad = _damaged_outcomes(pack)
            for area in bad:
                what = "Damaged, made anew" if can_mend else "Damaged, of another version"
                note(f"{what}: {pack / OUTCOMES / f'{area}.parquet'}")
            if bad and can_mend:
                mend_outcomes(pack, store.contents_of(pack), store.home / PARTS)
    return n_sound, n_bad


def removals(
    folder: Path,
    *,
    is_old_version: bool = False,
    days: float | None = None,
    size: int | None = None,
    is_damaged: bool = False,
) -> list[Removal]:
    """What goes, the oldest first, where any of the wishes is to be met.

    Versions of the model that are not the present one; what is older than ``days``; what was found
    damaged and then the oldest, until all together has at most ``size`` bytes; all that was found
    damaged. Raises OSError.
    """
    units = sorted(
        (unit for home in _homes(folder) for unit in _units(home)), key=lambda unit: unit.changed
    )
    before = None if days is None else time.time() - days * _DAY
    chosen = {
        unit.path: unit
        for unit in units
        if (is_old_version and not _is_current(unit.path))
        or (before is not None and unit.changed < before)
    }
    useless = [
        Removal(path, 0, _size(path), path.stat().st_mtime)
        for path in (damaged(folder) if is_damaged or size is not None else ())
    ]
    if is_damaged:
        chosen |= {unit.path: unit for unit in useless}
    if size is not None:
        left = _size(folder) - sum(unit.size for unit in chosen.values())
        for unit in (*useless, *units):
            if left > size and unit.path not in chosen:
                chosen[unit.path] = unit
                left -= unit.size
    return sorted(chosen.values(), key=lambda unit: unit.changed)


def remove(folder: Path, chosen: Sequence[Removal]) -> None:
    """Remove what was chosen, and what killed processes have left behind. Raises OSError."""
    for unit in chosen:
        if unit.path.is_dir():
            shutil.rmtree(unit.path)
        else:
            unit.path.unlink(missing_ok=True)
    for home in _homes(folder):
        parts = home / PARTS
        for part in parts.iterdir() if parts.is_dir() else ():
            if part.stat().st_mtime < time.time() - _DAY:
                shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
        if home.name != model_version() and not any(_units(home)):
            with alone(home / "lock") as is_alone:
                if is_alone:
                    shutil.rmtree(home, ignore_errors=True)


def _homes(folder: Path) -> list[Path]:
    """The folders of the versions."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and _is_version(p.name))


def _is_version(name: str) -> bool:
    return len(name) == len(model_version()) and all(c in "0123456789abcdef" for c in name)


def _is_current(path: Path) -> bool:
    return model_version() in path.parts


def _units(home: Path) -> Iterator[Removal]:
    """What is removed as a whole: packs, single files and small answers."""
    for pack in packs_in(home / PACKS):
        n = 0
        with contextlib.suppress(Damaged, OSError):
            n = len(places_in_pack(pack))
        yield Removal(pack, n, _size(pack), pack.stat().st_mtime)
    for place in loose_in(home / LOOSE):
        with contextlib.suppress(FileNotFoundError):
            found = os.stat(place.path)  # noqa: PTH116 - a hundred thousand paths, as text
            yield Removal(Path(place.path), 1, found.st_size, found.st_mtime)

    for path in _answers(home):
        with contextlib.suppress(FileNotFoundError):
            state = path.stat()
            yield Removal(path, 0, state.st_size, state.st_mtime)


def _answers(home: Path) -> Iterator[Path]:
    return (home / ANSWERS).glob("*/*")


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    total = 0
    for root, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.stat(os.path.join(root, name)).st_size  # noqa: PTH116, PTH118
    return total


def _damaged_outcomes(pack: Path) -> list[str]:
    """Areas whose table is damaged; none where the pack is gone by now."""
    found = []
    with contextlib.suppress(Damaged, FileNotFoundError):
        for area in outcomes_digests(pack):
            try:
                outcomes_in(pack, area, ())
            except (Damaged, FileNotFoundError):
                found.append(area)
    return found
