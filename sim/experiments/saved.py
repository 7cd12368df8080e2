"""A folder of results read back: what its manifest says, and its tables as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.comparison import Comparison
from sim.experiments.ensemble import Ensemble
from sim.experiments.fitted import variants_of
from sim.experiments.folder import MANIFEST, as_written
from sim.experiments.results import OUTCOMES
from sim.metrics.history import History
from sim.scenario import Loaded, Scenario, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

#: The table that only a comparison has.
PAIRED = "paired.csv"
_TEXT = ("scenario", "baseline", "programme", "metric", "unit", "region", "role")


class ResultError(Exception):
    """A folder of results cannot be read; the message says why and what to do."""


@dataclass
class SavedComparison(Comparison):
    """A comparison as its folder holds it: words and tables, and no runs."""

    folder: Path = Path()
    manifest: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def paired(self) -> pd.DataFrame:
        """As ``paired.csv`` has it."""
        return self._table(PAIRED, "metric", "region", "year", "estimate", "median", "q")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """As ``summary.csv`` has it."""
        return self._table("summary.csv", "metric", "region", "year", "estimate")

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """As ``accounts.csv`` has it."""
        return self._table("accounts.csv", "programme", "spent")

    @cached_property
    def warnings(self) -> list[str]:
        """As the manifest has them."""
        return list(self.manifest["warnings"])

    @property
    def tails(self) -> dict[str, float]:
        """As the manifest has them; that of an older version has none."""
        return dict(self.manifest.get("tail_shares", {}))

    def _table(self, name: str, *needed: str) -> pd.DataFrame:
        import pandas as pd

        path = self.folder / name
        if not path.is_file():
            raise ResultError(f"{self.folder} has no {name}: {_again(self.manifest)}")
        with understood(path, self.manifest):
            # A scenario may be named 1 or nan; only numbers may be missing.
            table: pd.DataFrame = pd.read_csv(
                path,
                encoding="utf-8-sig",
                dtype=dict.fromkeys(_TEXT, "str"),
                keep_default_na=False,
                na_values=[""],
            )
            for column in table.select_dtypes(["object", "string"]).columns:
                table[column] = table[column].map(as_written)
            for column in ("scenario", *needed):
                table[column]  # a KeyError names what is missing
        return table


def read_manifest(folder: Path) -> dict[str, Any]:
    """What ``folder`` says of itself. Raises ResultError."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ResultError(
            f"{folder} is not a folder of results (it has no {MANIFEST}); make one with: "
            "clustersim compare long_term piecemeal"
        )
    with understood(path):
        found: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    return found


def read_comparison(folder: Path) -> SavedComparison:
    """The comparison that ``compare`` wrote to ``folder``. Raises ResultError."""
    said = read_manifest(folder)
    with understood(folder / MANIFEST, said):
        made = str(said["command"])
        entries: dict[str, Any] = said.get("scenarios", {})
        if len(entries) == 1:
            (name,) = entries
            raise ResultError(
                f"{folder} holds one future, {name}, beside which nothing stands (it was made by: "
                f"{made}); compare it with another: clustersim compare {name} piecemeal"
            )
        if not entries or not (folder / PAIRED).is_file():
            raise ResultError(
                f"{folder} holds no comparison, or has no {PAIRED}; it was made by: {made}"
            )
        loaded = tuple(_loaded(name, entry) for name, entry in entries.items())
        is_over_fits = said.get("first_run_assumptions") is not None
        blank = History(0)
        ensemble = Ensemble(
            loaded,
            int(said["seed"]),
            int(said["years"]),
            int(said["runs_planned"]),
            blank.areas,
            blank.sectors,
            indices=np.arange(int(said["runs"])),
            variants=variants_of(loaded[0].scenario.assumptions) if is_over_fits else (),
        )
        return SavedComparison(
            ensemble, outcomes_path=folder / OUTCOMES, folder=folder, manifest=said
        )


def _loaded(name: str, entry: dict[str, Any]) -> Loaded:
    text = {file: str(one["text"]) for file, one in entry["files"].items()}
    scenario = settled(entry["settled"])
    past = settled(entry["burn_in_settled"])
    return Loaded(name, Path(next(iter(text), name)), scenario, past, text)


def settled(values: Any) -> Scenario:
    """A scenario as a manifest has it. Raises ValueError."""
    return Scenario.model_validate_json(json.dumps(values))


@contextmanager
def understood(path: Path, said: dict[str, Any] | None = None) -> Iterator[None]:
    """Turn what is wrong with a file of results into a ResultError."""
    try:
        yield
    except (LookupError, ValueError, TypeError, ScenarioError) as error:
        raise ResultError(
            f"{path} cannot be read by this version ({type(error).__name__}: {error}); "
            f"{_again(said or {})}"
        ) from error


def _again(said: dict[str, Any]) -> str:
    command = said.get("command", "the command that its manifest names")
    return f"make the results again with: {command}"
