"""Small answers that are read off whole runs: worths, levels, facts; a few numbers a seed.

Commands that look at runs and keep none of them (``explain``, ``map``, ``validate``) store what
they read. An answer is known by what determines its runs and by every source of the experiments
beside, because any of them may be part of how it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.fingerprint import fingerprint, model_version
from sim.experiments.store.files import digest_of
from sim.experiments.store.store import Store

_HASH = 32  # letters of the hash that stands before the numbers


class Answers:
    """Answers to one question; without a ``store`` none is ever there.

    ``question`` is plain data that says, with what each is asked for by, all that they depend on.
    """

    def __init__(self, store: Store | None, *question: Any) -> None:
        self._store = store
        self._question = question

    def find(self, *of: Any) -> NDArray[np.float64] | None:
        """The numbers of one answer; None where it is not there or is damaged."""
        content = self.find_bytes(*of)
        return None if content is None else np.frombuffer(content, np.float64)

    def find_bytes(self, *of: Any) -> bytes | None:
        """The same of an answer that is no numbers."""
        if self._store is None:
            return None
        self._store.n_asked += 1
        path = self._path(self._store, of)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if not is_sound(content):
            self._store.set_file_aside(path)
            return None
        self._store.n_found += 1
        return content[_HASH:]

    def add(self, numbers: Sequence[float] | NDArray[np.float64], *of: Any) -> None:
        """Keep an answer; never fails."""
        self.add_bytes(np.asarray(numbers, np.float64).tobytes(), *of)

    def add_bytes(self, content: bytes, *of: Any) -> None:
        """The same of an answer that is no numbers."""
        if self._store is not None:
            self._store.write(self._path(self._store, of), digest_of(content).encode() + content)

    def _path(self, store: Store, of: tuple[Any, ...]) -> Path:
        text = json.dumps([self._question, of], separators=(",", ":"), allow_nan=False)
        key = hashlib.sha256(f"{model_version()} {fingerprint()} {text}".encode()).hexdigest()[:40]
        return store.answer_path(key)


def is_sound(content: bytes) -> bool:
    """Whether the numbers are what the hash before them says."""
    return content[:_HASH] == digest_of(content[_HASH:]).encode()
