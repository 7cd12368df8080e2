"""A run as it unfolds in the North, small enough for a page: lives, ties, money, events.

Everything is dated by the *state*: 0 is the moment at which the policies part, and each quarter
lived adds one. A life or a spell [from, to) holds in the states ``from`` to ``to`` − 1, and ``to``
is ``STILL`` where it outlives the recording. Organisations outside the North are left out, and
with them ties that cross its border. Organisations are known by their index: the order in which
they were first seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import QUARTERS_PER_YEAR
from sim.run import Run
from sim.watch.packing import log_code, share_code
from sim.watch.spells import STILL, Spells
from sim.world.columns import Awards, Organisations
from sim.world.state import World

#: Columns fixed at birth, with the type in which the page gets them.
FIXED: dict[str, Any] = {
    "uid": np.int64,
    "kind": np.uint8,
    "region": np.uint8,
    "sector": np.uint8,
    "institution": np.int16,
    "parent": np.int64,
    "weight": np.float32,
}
#: Columns of one real organisation, kept when first seen and at the end of each year of its life.
AMOUNTS = ("jobs", "researchers", "knowledge")
POSITION = ("position_x", "position_y")
YEARLY = (*AMOUNTS, "credibility", *POSITION)
#: Moves of fewer people, weighted, are not kept: they are most of the moves and few of the people.
FEWEST_PEOPLE = 1.0
_HALF = 32  # bits: two indices make one key


class Recorder:
    """Watches one future: ``observe`` at the start and after each quarter, then ``arrays``."""

    def __init__(self, run: Run) -> None:
        self._start = run.policy.start
        run.world.ended = Awards.empty()  # from here on awards that end are kept
        self._uid = np.zeros(0, np.int64)
        self._order = np.zeros(0, np.int64)  # indices in the order of their uid
        self._fixed: list[dict[str, NDArray[Any]]] = []
        self._born = np.zeros(0, np.int64)
        self._died = np.zeros(0, np.int64)
        self._grant = np.zeros(0)
        self._pages: list[tuple[NDArray[np.int64], int, NDArray[Any]]] = []
        self._grants: list[tuple[NDArray[np.int64], int, NDArray[np.float64]]] = []
        self._moves: list[tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[Any]]] = []
        self._place: list[NDArray[np.float64]] = []
        self._ties, self._supplies, self._gaps = Spells(), Spells(), Spells()
        self.observe(run.world)

    def observe(self, world: World) -> None:
        """Note the present state."""
        state = world.quarter - self._start
        o = world.organisations
        rows = np.flatnonzero(world.regions.is_north[o.region])
        index = self._indices(o, rows, state)
        index_of_row = np.full(len(o), -1, np.int64)
        index_of_row[rows] = index
        if state % QUARTERS_PER_YEAR:
            is_kept = self._born[index] == state
            rows_kept, index_kept = rows[is_kept], index[is_kept]
        else:
            rows_kept, index_kept = rows, index
        page = np.stack([getattr(o, name)[rows_kept] for name in YEARLY])
        self._pages.append((index_kept, state, page))
        self._note_grants(o, rows, index, state)
        self._gaps.observe(index[o.is_in_gap[rows]], state)
        t, s = world.ties, world.supplies
        self._ties.observe(_pairs(index_of_row, t.source_row, t.target_row), state)
        self._supplies.observe(_pairs(index_of_row, s.supplier_row, s.buyer_row), state)
        self._note_moves(world, state)
        self._place.append(world.regions.place_grant * QUARTERS_PER_YEAR)

    def arrays(self, run: Run) -> dict[str, NDArray[Any]]:
        """Everything that was noted, by name; ``run`` as it is now, at the end."""
        found: dict[str, NDArray[Any]] = {
            f"organisation.{name}": np.concatenate([page[name] for page in self._fixed]).astype(
                dtype
            )
            for name, dtype in FIXED.items()
        }
        found["organisation.from"] = self._born.astype(np.int16)
        found["organisation.to"] = self._died.astype(np.int16)
        found |= self._yearly()
        found |= _events("grant", self._grants)
        found["place.grant"] = np.stack(self._place).T.astype(np.float32).ravel()
        key, since, to = self._gaps.table()
        found |= {"gap.organisation": key.astype(np.int32), "gap.from": since, "gap.to": to}
        for name, spells in (("tie", self._ties), ("supply", self._supplies)):
            key, since, to = spells.table()
            found[f"{name}.source"] = (key >> _HALF).astype(np.int32)
            found[f"{name}.target"] = (key & ((1 << _HALF) - 1)).astype(np.int32)
            found |= {f"{name}.from": since, f"{name}.to": to}
        columns = [np.concatenate([one[k] for one in self._moves]) for k in (0, 1, 3)]
        dates = np.concatenate([np.full(len(one[0]), one[2]) for one in self._moves])
        found["move.origin"], found["move.destination"] = (c.astype(np.int32) for c in columns[:2])
        found["move.state"] = dates.astype(np.int16)
        found["move.people"] = columns[2].astype(np.float32)
        return found | self._awards(run)

    def index_of(self, uid: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of each identity; −1 for one that was never seen in the North."""
        known = self._uid[self._order]
        place = np.minimum(np.searchsorted(known, uid), len(known) - 1)
        return np.where(known[place] == uid, self._order[place], -1)

    def _indices(self, o: Organisations, rows: NDArray[Any], state: int) -> NDArray[np.int64]:
        """Index of each of ``rows``: the new ones are entered, those that are gone are closed."""
        uid = o.uid[rows]
        fresh = rows[self.index_of(uid) < 0] if len(self._uid) else rows
        if len(fresh):
            n = len(fresh)
            self._fixed.append({name: getattr(o, name)[fresh] for name in FIXED})
            self._uid = np.concatenate([self._uid, o.uid[fresh]])
            self._order = np.argsort(self._uid, kind="stable")
            self._born = np.concatenate([self._born, np.full(n, state)])
            self._died = np.concatenate([self._died, np.full(n, STILL)])
            self._grant = np.concatenate([self._grant, np.zeros(n)])
        index = self.index_of(uid)
        is_here = np.zeros(len(self._uid), bool)
        is_here[index] = True
        self._died[(self._died == STILL) & ~is_here] = state
        return index

    def _note_grants(
        self, o: Organisations, rows: NDArray[Any], index: NDArray[np.int64], state: int
    ) -> None:
        """Public money, £m a year of one real organisation, wherever it has changed."""
        quarterly = o.grant_core[rows] + o.grant_research[rows] + o.grant_ties[rows]
        money = QUARTERS_PER_YEAR * quarterly
        changed = money != self._grant[index]
        self._grant[index] = money
        self._grants.append((index[changed], state, money[changed]))

    def _note_moves(self, world: World, state: int) -> None:
        """People who moved in the quarter that has just ended, between places in the North."""
        m = world.moves
        last = slice(int(np.searchsorted(m.quarter, world.quarter - 1)), len(m))
        origin, destination = self.index_of(m.origin[last]), self.index_of(m.destination[last])
        both = (origin >= 0) & (destination >= 0) & (m.people[last] >= FEWEST_PEOPLE)
        self._moves.append((origin[both], destination[both], state, m.people[last][both]))

    def _yearly(self) -> dict[str, NDArray[Any]]:
        """Amounts along each life: organisation after organisation, in the order of time."""
        index = np.concatenate([one[0] for one in self._pages])
        state = np.concatenate([np.full(len(one[0]), one[1]) for one in self._pages])
        values = np.concatenate([one[2] for one in self._pages], axis=1)
        order = np.lexsort((state, index))
        by_name = dict(zip(YEARLY, values[:, order], strict=True))
        found: dict[str, NDArray[Any]] = {
            f"yearly.{name}": log_code(by_name[name]) for name in AMOUNTS
        }
        found["yearly.credibility"] = share_code(by_name["credibility"])
        for name in POSITION:
            low, high = self.bounds(name)
            found[f"yearly.{name}"] = share_code((by_name[name] - low) / (high - low))
        return found

    def bounds(self, name: str) -> tuple[float, float]:
        """Lowest and highest value of a yearly column in the whole recording."""
        row = YEARLY.index(name)
        low = min(float(page[row].min()) for _, _, page in self._pages if page.shape[1])
        high = max(float(page[row].max()) for _, _, page in self._pages if page.shape[1])
        return low, max(high, low + 1e-9)

    def _awards(self, run: Run) -> dict[str, NDArray[Any]]:
        """Every award of the North; a region as holder is −1 − region, as in the state."""
        tables = [run.world.awards]
        if run.world.ended is not None and len(run.world.ended):
            tables.insert(0, run.world.ended)
        columns = {name: _joined(tables, name) for name in _AWARD}
        region = np.minimum(-1 - columns["holder"], len(run.world.regions) - 1)
        is_region = columns["holder"] < 0
        index = np.where(is_region, columns["holder"], self.index_of(columns["holder"]))
        is_north = is_region & run.world.regions.is_north[np.maximum(region, 0)]
        kept = is_north | (~is_region & (index >= 0))
        found = {f"award.{name}": columns[name][kept].astype(kind) for name, kind in _AWARD.items()}
        found["award.holder"] = index[kept].astype(np.int32)
        found["award.payment"] *= QUARTERS_PER_YEAR  # £m a year
        for name in ("start", "end", "announced"):
            found[f"award.{name}"] = (columns[name][kept] - self._start).astype(np.int16)
        return found


_AWARD: dict[str, Any] = {
    "holder": np.int64,
    "pot": np.uint8,
    "purpose": np.uint8,
    "weight": np.float32,
    "payment": np.float32,
    "start": np.int64,
    "end": np.int64,
    "announced": np.int64,
    "terms": np.uint8,
    "outcome": np.uint8,
}


def _joined(tables: list[Awards], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(table, name) for table in tables])


def _pairs(index_of_row: NDArray[np.int64], a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.int64]:
    """One key for each link with both ends in the North."""
    source, target = index_of_row[a], index_of_row[b]
    both = (source >= 0) & (target >= 0)
    return np.asarray((source[both] << _HALF) | target[both], np.int64)


def _events(
    name: str, noted: list[tuple[NDArray[np.int64], int, NDArray[np.float64]]]
) -> dict[str, NDArray[Any]]:
    return {
        f"{name}.organisation": np.concatenate([one[0] for one in noted]).astype(np.int32),
        f"{name}.state": np.concatenate([np.full(len(o), s) for o, s, _ in noted]).astype(np.int16),
        f"{name}.amount": np.concatenate([one[2] for one in noted]).astype(np.float32),
    }
