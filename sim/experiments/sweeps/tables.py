"""The tables of a sweep, point by point, so that memory does not grow with the design.

Every file is whole or not there, and the same bytes whatever the number of workers and however
often the sweep was stopped.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.ensemble import milestones
from sim.experiments.folder import MANIFEST, as_written, no_formula, told
from sim.experiments.results import OUTCOMES, files_entry, sha256_of, versions
from sim.experiments.statistics import estimate
from sim.experiments.sweeps.jobs import Values
from sim.experiments.sweeps.living import Outcome
from sim.experiments.sweeps.pieces import Pieces
from sim.experiments.sweeps.plan import Failure, Plan
from sim.metrics.history import METRICS

if TYPE_CHECKING:
    import pandas as pd

DESIGN, SUMMARY, FAILURES, COLUMNS = "design.csv", "summary.csv", "failures.csv", "columns.csv"
#: Hexadecimal digits of a run's key that a person types.
KEY_DIGITS = 16
KEYS = {
    "point": "number of the point, from 1: a row of design.csv",
    "scenario": "name of the scenario",
    "run": "number of the run, from 1; the same number means the same luck at every point",
    "seed": "seed of the run",
    "year": "years since the policies parted; 0 is the common start",
    "region": "one of the thirteen regions, or north (the eleven areas) or uk (all thirteen)",
}


@dataclass(frozen=True)
class SweepStudy:
    """A sweep as its folder has it."""

    plan: Plan
    folder: Path
    outcome: Outcome

    @property
    def is_complete(self) -> bool:
        """Whether every run has been lived, or has failed."""
        return self.outcome.is_complete

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row a point: the value of each key."""
        return _read(self.folder / DESIGN)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Mean and 90 % interval at each point, and of paired differences (``baseline``)."""
        return _read(self.folder / SUMMARY)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Runs that failed, with cause and command."""
        return _read(self.folder / FAILURES)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per point, scenario, run, year and region."""
        import pandas as pd

        return pd.read_parquet(self.folder / OUTCOMES)


def write(
    plan: Plan, pieces: Pieces, outcome: Outcome, folder: Path, command: str, again: Sequence[str]
) -> SweepStudy:
    """Write every table from the finished runs; ``again`` is what was set beside the file.

    Raises FolderError.
    """
    found = (each for one in (*plan.flaws, *outcome.failures) for each in plan.everywhere(one))
    failures = sorted(found, key=lambda one: (one.point, one.number, one.run))
    _csv(folder, DESIGN, [_design(plan)])
    _csv(folder, FAILURES, [_failures(plan, failures, again)])
    _csv(folder, COLUMNS, [_columns(plan)])
    _csv(folder, SUMMARY, _summaries(plan, pieces))
    with _whole(folder, OUTCOMES) as path:
        _outcomes(plan, pieces, path)
    made = _manifest(plan, outcome, len(failures), command) | {
        "pieces_set_aside": pieces.damaged,
        "outcomes_sha256": sha256_of(folder / OUTCOMES),
    }
    with _whole(folder, MANIFEST) as path:
        text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
    return SweepStudy(plan, folder, outcome)


def reproduction(plan: Plan, failure: Failure, again: Sequence[str] = ()) -> str:
    """The command that lives a failed run again, or that says why a scenario is not sound."""
    if failure.run >= 0:
        key = plan.key(failure.point, failure.number, failure.run).hex()[:KEY_DIGITS]
        path = str(plan.loaded.path)
        return shlex.join(["clustersim", "sweep", path, *again, "--only", key])
    settings = plan.living.settings(failure.point, failure.number)
    said = {key: json.dumps(value) for key, value in settings.items()}
    scenario = plan.loaded.loaded[failure.number]
    common = {key: json.dumps(value) for key, value in plan.loaded.common.items()}
    words = [f"--set={key}={value}" for key, value in (common | said).items()]
    return shlex.join(["clustersim", "check", str(scenario.path), *again, *words])


def _design(plan: Plan) -> pd.DataFrame:
    import pandas as pd

    keys = [one.key for one in plan.loaded.keys]
    rows = [
        {"point": number, **{key: point.get(key) for key in keys}}
        for number, point in enumerate(plan.points, start=1)
    ]
    return pd.DataFrame(rows, columns=["point", *keys], dtype=object)


def _failures(plan: Plan, failures: Sequence[Failure], again: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    seeds = plan.seeds
    rows = [
        {
            "point": one.point + 1,
            "scenario": plan.names[one.number],
            "run": one.run + 1 if one.run >= 0 else None,
            "seed": seeds[one.run] if one.run >= 0 else None,
            "cause": one.cause,
            "command": reproduction(plan, one, again),
        }
        for one in failures
    ]
    columns = ["point", "scenario", "run", "seed", "cause", "command"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _columns(plan: Plan) -> pd.DataFrame:
    import pandas as pd

    units = {"run": "runs", "year": "years"}
    rows = [(name, units.get(name, ""), "key", said) for name, said in KEYS.items()]
    rows += [
        (one.key, one.unit, "varied", "key of the design, in design.csv and summary.csv")
        for one in plan.loaded.keys
    ]
    rows += [
        (one.name, one.unit, one.kind, one.meaning)
        for one in METRICS
        if one.name in plan.living.keeping.metrics
    ]
    return pd.DataFrame(rows, columns=["column", "unit", "kind", "meaning"])


def _of_point(plan: Plan, pieces: Pieces, point: int) -> list[list[Values | None]]:
    """By scenario and run, what is kept of a point; None where a run is not finished."""
    runs = range(plan.loaded.sweep.runs)

    def found(number: int, run: int) -> Values | None:
        key = plan.key(point, number, run) if plan.contents[point][number] else b""
        return pieces.values(key) if key in pieces else None

    return [[found(number, run) for run in runs] for number in range(len(plan.names))]


def _summaries(plan: Plan, pieces: Pieces) -> Iterator[pd.DataFrame]:
    """Of each point, levels and paired differences at the milestones."""
    years, keeping = plan.task.years, plan.living.keeping
    at = milestones(years)
    blank = np.full((years + 1, len(keeping.areas), len(keeping.metrics)), np.nan)
    for point, values in enumerate(plan.points):
        of_scenario = [
            np.stack([blank if one is None else one for one in runs])[:, at]
            for runs in _of_point(plan, pieces, point)
        ]
        levels = [(name, "", one) for name, one in zip(plan.names, of_scenario, strict=True)]
        first = plan.names[0]
        paired = [
            (first, name, of_scenario[0] - one)
            for name, one in zip(plan.names[1:], of_scenario[1:], strict=True)
        ]
        for scenario, baseline, one in (*levels, *paired):
            page = _estimates(one, at, plan)
            page.insert(0, "baseline", baseline)
            page.insert(0, "scenario", scenario)
            for key in reversed([each.key for each in plan.loaded.keys]):
                page.insert(0, key, [values.get(key)] * len(page))
            page.insert(0, "point", point + 1)
            yield page


def _estimates(values: Values, years: Sequence[int], plan: Plan) -> pd.DataFrame:
    """Rows of (runs, years, areas, metrics), metrics first."""
    import pandas as pd

    keeping = plan.living.keeping
    units = {one.name: one.unit for one in METRICS}
    found = estimate(values)
    year, area, metric = (code.ravel() for code in np.indices(found.mean.shape))
    names = np.array(keeping.metrics, object)[metric]
    page = pd.DataFrame(
        {
            "metric": names,
            "unit": [units[name] for name in names],
            "region": np.array(keeping.areas, object)[area],
            "year": np.array(years)[year],
            "estimate": found.mean.ravel(),
            "low": found.low.ravel(),
            "high": found.high.ravel(),
            "n": found.n.ravel(),
        }
    )
    return page.iloc[np.lexsort((year, area, metric))]


def _outcomes(plan: Plan, pieces: Pieces, path: Path) -> None:
    """One row group a point; names are dictionaries with the same entries at every point."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    keeping, seeds = plan.living.keeping, plan.seeds

    def named(codes: NDArray[Any], names: Sequence[str]) -> Any:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes.astype(np.int16)), pa.array(names, pa.string())
        )

    def table(point: int) -> Any:
        found = [
            (number, run, values)
            for number, runs in enumerate(_of_point(plan, pieces, point))
            for run, values in enumerate(runs)
            if values is not None
        ]
        shape = (plan.task.years + 1, len(keeping.areas), len(keeping.metrics))
        stacked = np.stack([one for *_, one in found]) if found else np.zeros((0, *shape))
        code, year, area = (one.ravel() for one in np.indices(stacked.shape[:-1]))
        number, run = (np.array([one[k] for one in found], np.int64)[code] for k in (0, 1))
        flat = stacked.reshape(-1, shape[-1]).astype(np.float32)
        columns = {
            "point": pa.array(np.full(len(flat), point + 1, np.int32)),
            "scenario": named(number, plan.names),
            "run": pa.array((run + 1).astype(np.int32)),
            "seed": pa.array(np.array(seeds, np.int64)[run]),
            "year": pa.array(year.astype(np.int16)),
            "region": named(area, keeping.areas),
        }
        for m, name in enumerate(keeping.metrics):
            columns[name] = pa.array(np.ascontiguousarray(flat[:, m]))
        return pa.table(columns)

    with pq.ParquetWriter(path, table(0).schema, compression="zstd") as writer:
        for point in range(len(plan.points)):
            page = table(point)
            if len(page):
                writer.write_table(page, row_group_size=len(page))


def _manifest(plan: Plan, outcome: Outcome, n_failed: int, command: str) -> dict[str, Any]:
    loaded = plan.loaded
    return {
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "sweep": loaded.name,
        "sweep_sha256": hashlib.sha256(loaded.sweep.model_dump_json().encode()).hexdigest(),
        "is_complete": outcome.is_complete,
        "points": len(plan.points),
        "scenarios": list(plan.names),
        "runs": loaded.sweep.runs,
        "seed": loaded.sweep.seed,
        "years": plan.task.years,
        "failures": n_failed,
        "sign": f"differences are {plan.names[0]} minus each of the others (baseline)",
        "versions": versions(),
        "files": files_entry(
            loaded.text | {k: v for one in loaded.loaded for k, v in one.text.items()}
        ),
    }


def _csv(folder: Path, name: str, pages: Iterator[pd.DataFrame] | list[pd.DataFrame]) -> None:
    """Write the pages of a table as Excel opens it: UTF-8 with its mark, and text as no formula."""
    with _whole(folder, name) as path, path.open("w", encoding="utf-8-sig", newline="") as file:
        for number, page in enumerate(pages):
            text = page.select_dtypes(["object", "string"]).columns
            page.assign(**{one: page[one].map(no_formula) for one in text}).to_csv(
                file, index=False, header=not number, float_format="%.8g", lineterminator="\n"
            )


@contextmanager
def _whole(folder: Path, name: str) -> Iterator[Path]:
    """A path to write to; what is there moves to its name when it is done."""
    part = folder / f".{name}.part"
    with told(folder):
        try:
            yield part
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    found: pd.DataFrame = pd.read_csv(path, encoding="utf-8-sig")
    for column in found.select_dtypes(["object", "string"]).columns:
        found[column] = found[column].map(as_written)
    return found
