"""The store as a command uses it: find a future, read it, add one, and pack what lies about."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from sim.experiments.fingerprint import model_version
from sim.experiments.store.coding import Stored, decoded, encoded
from sim.experiments.store.files import (
    Place,
    alone,
    content_at,
    digest_of,
    place_of,
    write_whole,
)
from sim.experiments.store.packs import PACK, RUNS, Damaged, packs_in, places_in, write_pack

#: Set to a folder, or to ``off``.
VARIABLE = "CLUSTERSIM_STORE"
#: A store leaves so much of the disk to others.
SPARE = 1 << 30
LOOSE, PACKS, ANSWERS, PARTS, DAMAGED = "loose", "packs", "answers", "parts", "damaged"


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=3)


def default_folder() -> Path | None:
    """Where the store is unless a command says otherwise; None where it is off."""
    said = os.environ.get(VARIABLE, "").strip()
    if said.lower() == "off":
        return None
    if said:
        return Path(said)
    import platformdirs

    return platformdirs.user_cache_path("clustersim") / "store"


class Store:
    """Finished futures of this version of the model, in ``folder``, which need not exist yet.

    Several processes may use one store at once. Whatever is read is checked first: what is
    damaged is named, moved aside and lived again. A store that cannot be written says so once
    through ``say`` and takes nothing more; ``spare`` bytes of the disk are left free.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        say: Callable[[str], None] = _warn,
        spare: int = SPARE,
        version: str | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.version = version or model_version()
        self.say = say
        self.n_asked = self.n_found = 0
        self._spare = spare
        self._is_taking = True
        self.home = self.folder / self.version

    def __len__(self) -> int:
        return len(self._places)

    def refresh(self) -> None:
        """Look again at what is there."""
        self.__dict__.pop("_index", None)

    @cached_property
    def _index(self) -> tuple[dict[str, list[Place]], dict[str, Place]]:
        """Where futures lie, by key; and those that have a file of their own, by its name.

        Looked up when somebody first asks for a future: small answers are found without it.
        """
        places: dict[str, list[Place]] = {}
        loose = {place.name: place for place in loose_in(self.home / LOOSE)}
        bad = self._bad_names()
        for pack in packs_in(self.home / PACKS):
            with contextlib.suppress(FileNotFoundError):
                for place in self._places_in(pack):
                    if not bad or _bad_name(place) not in bad:
                        places.setdefault(place.key, []).append(place)
        for place in loose.values():
            places.setdefault(place.key, []).append(place)
        return places, loose

    @property
    def _places(self) -> dict[str, list[Place]]:
        return self._index[0]

    @property
    def _loose(self) -> dict[str, Place]:
        return self._index[1]

    def find(self, key: str, years: int) -> Place | None:
        """Where a future of at least ``years`` lies."""
        fit = [place for place in self._places.get(key, ()) if place.years >= years]
        return min(fit, key=lambda place: place.years) if fit else None

    def is_sound(self, key: str, years: int) -> bool:
        """Whether such a future is there, and is what its hash says; moves aside what is not."""
        return self._content(key, years) is not None

    def read(self, key: str, years: int) -> Stored | None:
        """A future for its first ``years``, or None where it is not there or is damaged."""
        content = self._content(key, years)
        if content is None:
            return None
        found = decoded(content)
        return found.first(years) if found.key == key and found.years >= years else None

    def places(self) -> list[Place]:
        """Where all futures lie; one may lie in several places."""
        return [place for places in self._places.values() for place in places]

    def checked(self, place: Place) -> bytes | None:
        """The bytes at a place; None where they are damaged (and moved aside) or gone."""
        try:
            return self._checked(place)
        except FileNotFoundError:
            return None

    def contents_of(self, pack: Path) -> list[tuple[Place, bytes]]:
        """What is sound in a pack. Raises OSError."""
        path = str(pack / RUNS)
        found = [(p, self._checked(p)) for p in self.places() if p.path == path]
        return [(place, content) for place, content in found if content is not None]

    def add(self, future: Stored) -> None:
        """Keep a future, unless one as long is there; never fails."""
        if not self._is_taking or self.find(future.key, future.years) is not None:
            return
        content = encoded(future)
        place = Place(future.key, future.years, digest_of(content), "")
        path = self.home / LOOSE / place.key[:2] / place.name
        if self.write(path, content):
            self._note(place._replace(path=str(path)))

    def write(self, path: Path, content: bytes) -> bool:
        """Write a file of the store, whole or not at all; whether it could be. Never fails."""
        if self._is_taking:
            try:
                self._check_room()
                write_whole(path, content, self.home / PARTS)
            except OSError as error:
                self._refuse(error)
        return self._is_taking

    def answer_path(self, key: str) -> Path:
        """The file of a small answer: see ``answers``."""
        return self.home / ANSWERS / key[:2] / key

    def set_file_aside(self, path: Path) -> None:
        """Move a damaged file to where it is not read, and say so."""
        bad = self.folder / DAMAGED / path.name
        with contextlib.suppress(OSError):
            bad.parent.mkdir(parents=True, exist_ok=True)
            path.replace(bad)
        self.say(f"Damaged, set aside and lived again: {path}")

    def pack(self, fewest: int = PACK) -> int:
        """Put single files into packs where there are ``fewest``; returns how many were put.

        Does nothing while another process does it. Nothing is removed before its pack is whole.
        """
        if len(self._loose) < fewest or not self._is_taking:
            return 0
        done = 0
        try:
            with alone(self.home / "lock") as is_alone:
                if is_alone:
                    self.refresh()
                    while len(self._loose) >= fewest:
                        done += self._pack_some()
        except OSError as error:
            self._refuse(error)
        return done

    def _pack_some(self) -> int:
        chosen = sorted(self._loose.values())[:PACK]
        packed: list[Place] = []

        def contents() -> Iterator[tuple[Place, bytes]]:
            for place in chosen:
                content = self.checked(place)
                if content is None:
                    self._forget(place)
                else:
                    packed.append(place)
                    yield place, content

        pack = write_pack(self.home / PACKS, contents(), self.home / PARTS)
        for place in self._places_in(pack) if pack else ():
            self._places.setdefault(place.key, []).append(place)
        for place in packed:
            Path(place.path).unlink(missing_ok=True)
            self._forget(place)
        return len(packed)

    def _content(self, key: str, years: int) -> bytes | None:
        """Checked bytes; every place that has the future is tried."""
        is_fresh = False
        while (place := self.find(key, years)) is not None:
            try:
                content = self._checked(place)
            except OSError:
                content = None
                self._forget(place)
                if not is_fresh:  # another process may have packed it meanwhile
                    is_fresh = True
                    self.refresh()
            if content is not None:
                return content
        return None

    def _checked(self, place: Place) -> bytes | None:
        """The bytes at a place; None, and moved aside, where they are damaged. Raises OSError."""
        content = content_at(place)
        if digest_of(content) == place.digest:
            return content
        self._set_aside(place, content)
        return None

    def _set_aside(self, place: Place, content: bytes) -> None:
        self._forget(place)
        if place.offset < 0:
            self.set_file_aside(Path(place.path))
            return
        with contextlib.suppress(OSError):
            write_whole(self.folder / DAMAGED / _bad_name(place), content, self.home / PARTS)
        self.say(f"Damaged, set aside and lived again: {place.path} at byte {place.offset}")

    def _places_in(self, pack: Path) -> list[Place]:
        try:
            return places_in(pack)
        except Damaged as error:
            with contextlib.suppress(OSError):
                bad = self.folder / DAMAGED
                bad.mkdir(parents=True, exist_ok=True)
                pack.rename(bad / f"{self.version}-{pack.name}")
            self.say(f"Damaged, set aside with all its runs, which are lived again: {error}")
            return []

    def _note(self, place: Place) -> None:
        self._places.setdefault(place.key, []).append(place)
        self._loose[place.name] = place

    def _forget(self, place: Place) -> None:
        self._loose.pop(place.name, None) if place.offset < 0 else None
        self._places[place.key] = [one for one in self._places[place.key] if one != place]

    def _bad_names(self) -> set[str]:
        folder = self.folder / DAMAGED
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()

    def _check_room(self) -> None:
        if not self._spare:
            return
        near = next(path for path in (self.home, *self.home.parents) if path.exists())
        if shutil.disk_usage(near).free < self._spare:
            raise OSError(errno.ENOSPC, f"less than {self._spare / 2**30:.0f} GB is free")

    def _refuse(self, error: OSError) -> None:
        self._is_taking = False
        self.say(
            f"The store in {self.folder} takes no more runs ({error.strerror or error}): what is "
            "lived from here on is not kept for another time. The results are not affected."
        )


def loose_in(folder: Path) -> Iterator[Place]:
    """Futures that have a file of their own."""
    if not folder.is_dir():
        return
    for shard in os.scandir(folder):
        if shard.is_dir():
            for entry in os.scandir(shard.path):
                place = place_of(entry.path, entry.name)
                if place is not None:
                    yield place


def _bad_name(place: Place) -> str:
    """Name of what is damaged; that of a part of a pack says of which."""
    pack = "" if place.offset < 0 else f"{Path(place.path).parent.name}-"
    return f"{pack}{place.name}"
