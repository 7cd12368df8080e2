"""A recording read back in Python, as the page reads it: for films and for checks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.watch.packing import from_log_code, unpack


class Recording:
    """One future; organisations by index, dates as states (see ``recording``)."""

    def __init__(self, message: bytes) -> None:
        self.head, self.arrays = unpack(message)
        self.born = self.arrays["organisation.from"].astype(np.int64)
        self.died = self.arrays["organisation.to"].astype(np.int64)
        self.years: int = self.head["years"]
        last = np.minimum(self.died - 1, self.years * QUARTERS_PER_YEAR)
        self._first_year = -(-self.born // QUARTERS_PER_YEAR)
        is_between = self.born % QUARTERS_PER_YEAR != 0
        n_years = np.maximum(last // QUARTERS_PER_YEAR - self._first_year + 1, 0)
        lengths = n_years + is_between
        self._offset = np.cumsum(lengths) - lengths + is_between

    def alive(self, year: int) -> NDArray[np.int64]:
        """Organisations that live at the end of a year."""
        state = year * QUARTERS_PER_YEAR
        return np.flatnonzero((self.born <= state) & (self.died > state))

    def amount(self, name: str, year: int, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Jobs, researchers or knowledge of organisations ``index`` alive at a year's end."""
        place = self._offset[index] + year - self._first_year[index]
        return from_log_code(self.arrays[f"yearly.{name}"][place])

    def fixed(self, name: str, index: NDArray[np.int64]) -> NDArray[Any]:
        """What was fixed at birth: region, sector, weight and so on."""
        return np.asarray(self.arrays[f"organisation.{name}"][index])

    def ties(self, year: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Both ends of the ties that live at the end of a year."""
        state = year * QUARTERS_PER_YEAR
        lives = (self.arrays["tie.from"] <= state) & (self.arrays["tie.to"] > state)
        return self.arrays["tie.source"][lives], self.arrays["tie.target"][lives]

    def series(self, name: str, area: str) -> NDArray[np.float32]:
        """A series of all sectors over the years (years + 1,)."""
        areas, names = self.head["areas"], self.head["series"]
        shape = (len(names), len(areas), -1, self.years + 1)
        values = self.arrays["series"].reshape(shape)
        return np.asarray(values[names.index(name), areas.index(area), -1])
