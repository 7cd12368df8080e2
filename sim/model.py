"""The Mesa face: a model that owns a run, and agents that are thin views on rows of its tables.

``ClusterModel`` is for exploring: ``model.agents.select(...)``, ``.agg(...)`` and ``.groupby(...)``
work as Mesa's users expect, and ``model.datacollector`` holds the headline series. Ensembles use
:class:`sim.run.Run` itself, which needs no views.
"""

from __future__ import annotations

from typing import Any, ClassVar

import mesa
import numpy as np

from sim.quarter import PHASES, Phase
from sim.run import Run
from sim.scenario import Loaded, load
from sim.world import sources
from sim.world.state import CATAPULT, FIRM, LABORATORY, World

#: Series that the data collector keeps, each a metric for the North's clusters.
HEADLINES = ("gva", "jobs", "firms", "rd_performed", "knowledge", "innovation_value")


class Organisation(mesa.Agent):
    """A view on one row of ``world.organisations``; every column is an attribute."""

    def __init__(self, model: ClusterModel, uid: int) -> None:
        super().__init__(model)
        self.uid = uid

    def __getattr__(self, name: str) -> Any:
        """Value of a column of this organisation; AttributeError once it is gone."""
        if name.startswith("_") or name in {"uid", "model"}:
            raise AttributeError(name)
        table = self.model.world.organisations
        if name not in table.__dataclass_fields__:
            raise AttributeError(f"{type(self).__name__} has no column {name!r}")
        row = self.model.row_of(self.uid)
        if row is None:
            raise AttributeError(f"organisation {self.uid} has left the world")
        return getattr(table, name)[row].item()

    @property
    def region_name(self) -> str:
        """Name of the region where it works."""
        return str(sources.regions()[self.region].name)

    @property
    def sector_name(self) -> str:
        """Name of its sector, or of the field of a laboratory."""
        return str(sources.sectors()[self.sector].name)


class Firm(Organisation):
    """A row of firms; ``weight`` real firms."""


class University(Organisation):
    """A laboratory: one field of one university."""


class Catapult(Organisation):
    """A catapult or national centre."""


class ClusterModel(mesa.Model):
    """One future of the eleven clusters, stepped by quarter.

    ``policy`` is a scenario's name, a path, or what :func:`sim.scenario.load` returned. The
    burn-in is run on construction, so that the first step is the first quarter of the policy;
    ``phases`` of one's own begin with it.
    """

    VIEWS: ClassVar[dict[int, type[Organisation]]] = {
        FIRM: Firm,
        LABORATORY: University,
        CATAPULT: Catapult,
    }

    def __init__(
        self,
        policy: str | Loaded = "long_term",
        seed: int = 1,
        phases: tuple[Phase, ...] = PHASES,
    ) -> None:
        super().__init__(rng=seed)
        loaded = load(policy) if isinstance(policy, str) else policy
        burnt_in = Run.start(loaded.scenario, loaded.burn_in, seed)
        self.course = burnt_in.fork(loaded.scenario, phases)
        self._views: dict[int, Organisation] = {}
        self._rows: dict[int, int] = {}
        self._follow()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _reporter(name) for name in HEADLINES}
        )
        self.datacollector.collect(self)

    @property
    def world(self) -> World:
        """The state."""
        return self.course.world

    @property
    def year(self) -> float:
        """Years since the policy began."""
        return (self.world.quarter - self.course.policy.start) / 4.0

    def row_of(self, uid: int) -> int | None:
        """Present row of an organisation; None once it is gone."""
        return self._rows.get(uid)

    def step(self) -> None:
        """One quarter; ``running`` turns false at the horizon. The headlines are yearly."""
        self.course.step()
        self._follow()
        if (self.world.quarter - self.course.policy.start) % 4 == 0:
            self.datacollector.collect(self)
        self.running = not self.course.is_over

    def _follow(self) -> None:
        """Make views of new organisations, and remove those of organisations that are gone."""
        organisations = self.world.organisations
        self._rows = {uid: row for row, uid in enumerate(organisations.uid.tolist())}
        for uid in self._views.keys() - self._rows.keys():
            self._views.pop(uid).remove()
        for row in np.flatnonzero(
            [uid not in self._views for uid in organisations.uid.tolist()]
        ).tolist():
            uid = int(organisations.uid[row])
            self._views[uid] = self.VIEWS[int(organisations.kind[row])](self, uid)


def _reporter(name: str) -> Any:
    def latest(model: ClusterModel) -> float:
        history = model.course.history
        return float(history.series(name)[history.year])

    return latest
