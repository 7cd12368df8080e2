"""A folder of results, read so that its first run can be lived again and watched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.folder import MANIFEST
from sim.experiments.future import seed_of
from sim.experiments.results import OUTCOMES
from sim.experiments.saved import ResultError, read_manifest, settled, understood
from sim.quarter import Assumptions
from sim.scenario import Scenario, load
from sim.watch.futures import SERIES


@dataclass(frozen=True)
class Result:
    """What a folder of results says of itself; ``names`` are the two futures to be watched."""

    folder: Path
    names: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    burn_in: Scenario
    seed: int
    years: int
    runs: int

    @property
    def first_seed(self) -> int:
        """Seed of the first run, which is the one to be seen."""
        return seed_of(self.seed, 0)

    def differences(self, areas: list[str]) -> NDArray[np.float64] | None:
        """First minus second future (runs, series, areas, years + 1); None of a single future."""
        if len(self.names) < 2:
            return None
        table = self._outcomes(areas)
        runs = sorted({run for _, run in table})
        return np.stack([table[self.names[0], run] - table[self.names[1], run] for run in runs])

    def first_run(self, areas: list[str]) -> list[NDArray[np.float64]]:
        """The first run of each future as it was stored (series, areas, years + 1)."""
        table = self._outcomes(areas)
        return [table[name, min(run for _, run in table)] for name in self.names]

    def _outcomes(self, areas: list[str]) -> dict[tuple[str, int], NDArray[np.float64]]:
        import pyarrow.parquet as pq

        keys = ["scenario", "run", "region", "year"]
        table = pq.read_table(
            self.folder / OUTCOMES,
            columns=[*keys, *SERIES],
            filters=[("sector", "==", "all"), ("region", "in", areas)],
        ).to_pandas()
        found = {}
        for (name, run), page in table.groupby(["scenario", "run"], observed=True):
            page = page.assign(at=page.region.astype(str).map(areas.index))
            page = page.sort_values(["at", "year"])
            values = page[list(SERIES)].to_numpy(np.float64)
            found[str(name), int(run)] = values.reshape(len(areas), self.years + 1, -1).transpose(
                2, 0, 1
            )
        return found


def read_result(folder: Path, against: str | None = None) -> Result:
    """Read the manifest of ``folder``. Raises ResultError.

    The futures are the first scenario and ``against``, by default the second.
    """
    said = read_manifest(folder)
    with understood(folder / MANIFEST, said):
        entries: dict[str, Any] = said["scenarios"]
        names = _chosen(folder, list(entries), against)
        scenarios = tuple(_as_lived(settled(entries[name]["settled"]), said) for name in names)
        burn_in = _burn_in(entries[names[0]], scenarios[0])
        years, seed = int(said["years"]), int(said["seed"])
        runs = int(said.get("runs", 1))
    return Result(folder, names, scenarios, burn_in, seed, years, runs)


def _chosen(folder: Path, names: list[str], against: str | None) -> tuple[str, ...]:
    if against is None:
        return tuple(names[:2])
    if against not in names[1:]:
        others = ", ".join(names[1:]) or "no second one"
        raise ResultError(f"{folder} has no future '{against}' to set beside {names[0]}: {others}")
    return names[0], against


def _as_lived(scenario: Scenario, said: dict[str, Any]) -> Scenario:
    """The scenario as the first run lived it: under its fitted assumptions, to the last year."""
    changed: dict[str, Any] = {"horizon": max(scenario.horizon, int(said["years"]))}
    if said.get("first_run_assumptions") is not None:
        text = json.dumps(said["first_run_assumptions"])
        changed["assumptions"] = Assumptions.model_validate_json(text)
    return scenario.model_copy(update=changed)


def _burn_in(entry: dict[str, Any], scenario: Scenario) -> Scenario:
    """The scenario that paid before the policies part."""
    if "burn_in_settled" in entry:
        return settled(entry["burn_in_settled"])
    return load(scenario.burn_in.regime).scenario  # results older than that entry
