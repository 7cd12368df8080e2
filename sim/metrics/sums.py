"""All metrics that are sums of amounts, or ratios of two sums, taken at once.

One by one, as ``Metric.value`` has them, they took 0.5 ms a year at the default population; at
once they take a tenth of that. A test holds the two against each other to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.metrics.metric import Metric, divided


@dataclass(frozen=True)
class Amounts(Mapping[str, NDArray[np.float64]]):
    """Amounts by name, side by side in one array: ``array`` has shape (amounts, …)."""

    names: tuple[str, ...]
    array: NDArray[np.float64]

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """One amount; KeyError where there is none of the name."""
        if name not in self.names:
            raise KeyError(name)
        amount: NDArray[np.float64] = self.array[self.names.index(name)]
        return amount

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def is_sum(metric: Metric) -> bool:
    """Whether it follows from one year's sums alone."""
    return bool(metric.of) and not metric.lag


class Sums:
    """The columns of ``metrics`` that follow from one year's amounts alone.

    ``names`` are those of the amounts, in their order.
    """

    def __init__(self, metrics: Sequence[Metric], names: Sequence[str]) -> None:
        plain = [(m, one) for m, one in enumerate(metrics) if is_sum(one)]
        sums = dict.fromkeys(sum_ for _, one in plain for sum_ in (one.of, one.per) if sum_)
        row_of_sum = {sum_: row for row, sum_ in enumerate(sums)}
        row_of = {name: row for row, name in enumerate(names)}
        self._first = np.array([row_of[sum_[0]] for sum_ in sums])
        self._others = [
            (row, row_of[name]) for sum_, row in row_of_sum.items() for name in sum_[1:]
        ]
        of_sum = [(m, row_of_sum[one.of]) for m, one in plain if not one.per]
        of_ratio = [(m, row_of_sum[one.of], row_of_sum[one.per]) for m, one in plain if one.per]
        self._sum_column, self._sum = np.array(of_sum).T
        self._ratio_column, self._over, self._under = np.array(of_ratio).T

    def fill(self, page: NDArray[np.float64], amounts: Amounts) -> None:
        """Write the columns into ``page`` (areas, sectors + 1, metrics)."""
        sums = amounts.array[self._first]
        for row, other in self._others:
            sums[row] += amounts.array[other]
        page[:, :, self._sum_column] = np.moveaxis(sums[self._sum], 0, -1)
        ratios = divided(sums[self._over], sums[self._under])
        page[:, :, self._ratio_column] = np.moveaxis(ratios, 0, -1)
