"""What a history does not keep and a stylised fact needs: firms by year, ties by quarter."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.world.state import FIRM, World

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Firms:
    """All rows of firms at a year's end; ``age`` in quarters, a firm of the last quarter has 1."""

    uid: Codes
    region: Codes
    sector: Codes
    age: Codes
    weight: Vector
    jobs: Vector
    gva: Vector

    @classmethod
    def of(cls, world: World) -> Firms:
        """The firms of a world now."""
        o = world.organisations
        firm = o.kind == FIRM
        return cls(
            o.uid[firm],
            o.region[firm],
            o.sector[firm],
            world.quarter - o.born[firm],
            o.weight[firm],
            o.jobs[firm],
            o.gva[firm],
        )


@dataclass(frozen=True)
class Growth:
    """Firms alive at both ends of a span of years; ``jobs`` are those at its start."""

    rate: Vector
    jobs: Vector
    weight: Vector
    sector: Codes


@dataclass
class Diary:
    """Notes on one future, taken after every quarter.

    ``firms`` has the start and each year's end. ``tie_stock`` and ``ties_formed`` count rows by
    quarter. ``spells`` has, for each pair that worked together in the last ``window`` quarters,
    the most pieces of joint work and the first and last beginning. ``values`` are those of
    innovations that came alone to their row in a quarter, which is where single ones are seen.
    """

    firms: list[Firms] = field(default_factory=list)
    tie_stock: list[int] = field(default_factory=list)
    ties_formed: list[int] = field(default_factory=list)
    values: list[Vector] = field(default_factory=list)
    _ties: list[tuple[Codes, Codes, Codes, Codes]] = field(default_factory=list)
    window: int = 7 * QUARTERS_PER_YEAR

    def start(self, world: World) -> None:
        """Note the firms from which the future starts."""
        self.firms.append(Firms.of(world))

    def observe(self, world: World) -> None:
        """Note the quarter that has just ended."""
        o, t = world.organisations, world.ties
        self.tie_stock.append(len(t))
        self.ties_formed.append(int(np.sum(t.formed == world.quarter - 1)))
        alone = np.round(o.innovations * o.weight) == 1
        self.values.append(o.innovation_value[alone] * o.weight[alone])
        # A university is one organisation, as in the records of research programmes.
        whole = np.where(o.institution >= 0, -1 - o.institution, o.uid)
        ends = whole[t.source_row], whole[t.target_row]
        self._ties.append((np.minimum(*ends), np.maximum(*ends), t.formed.copy(), t.spells.copy()))
        del self._ties[: -self.window]
        if len(self.tie_stock) % QUARTERS_PER_YEAR == 0:
            self.firms.append(Firms.of(world))

    def tie_life(self) -> float:
        """Mean life of a tie in years: the stock over what forms in a quarter (Little's law)."""
        formed = float(np.mean(self.ties_formed))
        stock = float(np.mean(self.tie_stock))
        return stock / formed / QUARTERS_PER_YEAR if formed > 0.0 else float("nan")

    def never_repeated(self) -> float:
        """Share of organisations with partners in the window that never met one of them again.

        A pair has met again if it took up new joint work, or parted and came together anew.
        """
        source, target, formed, spells = (
            np.concatenate([one[k] for one in self._ties]) for k in range(4)
        )
        if len(source) == 0:
            return float("nan")
        _, pair = np.unique(np.stack([source, target]), axis=1, return_inverse=True)
        pair = pair.reshape(-1)
        n = int(pair.max()) + 1
        most, first, last = np.zeros(n), np.full(n, np.inf), np.full(n, -np.inf)
        np.maximum.at(most, pair, spells)
        np.minimum.at(first, pair, formed)
        np.maximum.at(last, pair, formed)
        again = ((most > 1) | (last > first))[pair]
        ends = np.concatenate([source, target])
        repeats = np.unique(ends[np.concatenate([again, again])])
        return 1.0 - len(repeats) / len(np.unique(ends))

    def growth(self, years: int = 1, least_jobs: float = 0.0) -> Growth:
        """Yearly log growth of jobs over every span of ``years``, of firms of some size."""
        found = []
        for before, after in zip(self.firms[:-years], self.firms[years:], strict=True):
            _, i, j = np.intersect1d(before.uid, after.uid, return_indices=True)
            kept = (before.jobs[i] >= max(least_jobs, 1e-9)) & (after.jobs[j] > 0.0)
            i, j = i[kept], j[kept]
            rate = np.log(after.jobs[j] / before.jobs[i]) / years
            found.append((rate, before.jobs[i], before.weight[i], before.sector[i]))
        rate, jobs, weight, sector = (np.concatenate([f[k] for f in found]) for k in range(4))
        return Growth(rate, jobs, weight, sector)

    def reallocation(self) -> float:
        """Jobs created and destroyed in a year, births and deaths included, over the mean jobs."""
        rates = []
        for before, after in zip(self.firms[:-1], self.firms[1:], strict=True):
            uid = np.unique(np.concatenate([before.uid, after.uid]))
            jobs = np.zeros((2, len(uid)))
            for k, one in enumerate((before, after)):
                np.add.at(jobs[k], np.searchsorted(uid, one.uid), one.weight * one.jobs)
            rates.append(np.abs(jobs[1] - jobs[0]).sum() / jobs.sum() * 2.0)
        return float(np.mean(rates))
