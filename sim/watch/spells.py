"""When something held: the spells of keys that come and go from state to state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: End of what outlives the recording.
STILL = 32767


class Spells:
    """Spells [from, to) of integer keys; a key may have many."""

    def __init__(self) -> None:
        self._live = np.zeros(0, np.int64)  # keys that hold now, ascending
        self._since = np.zeros(0, np.int64)
        self._closed: list[tuple[NDArray[np.int64], NDArray[np.int64], int]] = []

    def observe(self, keys: NDArray[np.int64], state: int) -> None:
        """The keys that hold in ``state``, in any order; each at most once."""
        now = np.sort(keys)
        lasting = np.isin(self._live, now, assume_unique=True)
        if not lasting.all():
            self._closed.append((self._live[~lasting], self._since[~lasting], state))
        since = np.full(len(now), state)
        since[np.searchsorted(now, self._live[lasting])] = self._since[lasting]
        self._live, self._since = now, since

    def table(self) -> tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.int16]]:
        """Key, from and to of every spell, in the order of key and date."""
        closed = [(keys, since, np.full(len(keys), to)) for keys, since, to in self._closed]
        closed.append((self._live, self._since, np.full(len(self._live), STILL)))
        key, since, to = (np.concatenate([one[k] for one in closed]) for k in range(3))
        order = np.lexsort((since, key))
        return key[order], since[order].astype(np.int16), to[order].astype(np.int16)
