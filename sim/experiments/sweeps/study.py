"""A sweep from Python: loaded with what the caller sets, lived, and read back from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sim.experiments.dispatch import Progress
from sim.experiments.store import Store
from sim.experiments.sweeps.living import live_all
from sim.experiments.sweeps.pieces import Pieces, locked
from sim.experiments.sweeps.plan import plan_of
from sim.experiments.sweeps.tables import SweepStudy, write
from sim.scenario import LoadedSweep, Problem, ScenarioError, load_sweep
from sim.scenario.errors import Place, shown
from sim.scenario.sweeps import of_size


def load(
    name_or_path: str | Path,
    *,
    runs: int | None = None,
    years: int | None = None,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
) -> LoadedSweep:
    """A sweep with its numbers set by the caller where given.

    Raises ScenarioError, ValueError for senseless numbers.
    """
    if runs is not None and runs < 1:
        raise ValueError(f"runs must be at least 1, not {runs}")
    settings = dict(overrides or {})
    if firms is not None:
        settings["population.firms"] = str(firms)
    loaded = load_sweep(name_or_path, settings)
    update = {key: value for key, value in (("runs", runs), ("years", years)) if value is not None}
    changed = loaded.sweep.model_copy(update=update)
    here = Place(shown(loaded.path))
    problems = [Problem.at(here, "runs", one.found, one.expected) for one in of_size(changed)]
    if problems:
        raise ScenarioError(problems)
    return replace(loaded, sweep=changed)


def sweep(
    name_or_path: str | Path,
    *,
    runs: int | None = None,
    years: int | None = None,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    output: str | Path | None = None,
    store: Store | None = None,
) -> SweepStudy:
    """Live a sweep, by name or path, in the folder ``output`` (default: results/sweep-NAME).

    Runs that the folder has already are kept; with a ``store``, what it has is not lived, and what
    is lived is added to it. The result does not depend on ``workers``, nor on the Dask
    ``scheduler`` whose workers live the runs. Raises ScenarioError with every mistake in the file,
    ValueError for senseless numbers, FolderError where the folder cannot be written, DaskError
    where the scheduler cannot be used.

    >>> import sim
    >>> found = sim.sweep("award_terms", runs=4)  # doctest: +SKIP
    >>> found.summary, found.design, found.failures  # data frames  # doctest: +SKIP
    """
    loaded = load(name_or_path, runs=runs, years=years, firms=firms, overrides=overrides)
    plan = plan_of(loaded)
    folder = Path(output) if output is not None else Path("results") / f"sweep-{loaded.name}"
    again = [
        f"--{name}={value}"
        for name, value in (("runs", runs), ("years", years), ("firms", firms))
        if value is not None
    ]
    again += [f"--set={key}={value}" for key, value in (overrides or {}).items()]
    with locked(folder):
        pieces = Pieces(folder)
        outcome = live_all(
            plan, pieces, workers=workers, scheduler=scheduler, progress=progress, store=store
        )
        return write(plan, pieces, outcome, folder, f"sim.sweep({str(name_or_path)!r})", again)
