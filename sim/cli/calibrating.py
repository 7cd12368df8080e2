"""The command that fits the free parameters to the facts."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from sim.cli import stores
from sim.cli.options import (
    Firms,
    Force,
    NoStore,
    Output,
    Quiet,
    Scheduler,
    Seed,
    StoreFolder,
    Workers,
)
from sim.cli.terminal import (
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    stop_with,
)


def calibrate(
    generations: Annotated[
        int, typer.Option("--generations", min=1, help="Of sixteen parameter sets each.")
    ] = 30,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 3,
    fresh_runs: Annotated[
        int, typer.Option("--fresh-runs", min=1, help="Runs of the best, with fresh luck.")
    ] = 12,
    seed: Seed = 1,
    firms: Firms = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Fit the free parameters to the facts of calibration; keep all sets that fit about as well.

    Half an hour at its default. The result goes to a folder; the program itself is not changed.
    """
    if find_spec("cmaes") is None:
        raise Mistake(
            "calibrate needs the package cmaes, which is not installed: "
            "pip install 'clustersim[calibration]'"
        )
    from sim.experiments.calibration import calibrate
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.results import versions
    from sim.report import calibration as report

    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder(["calibrate"])
    with (
        Folder(folder, is_replaced=is_forced) as place,
        Progress("Fitting", is_quiet, "generations") as progress,
    ):
        fit = calibrate(
            generations=generations,
            runs=runs,
            fresh_runs=fresh_runs,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            firms=firms,
            progress=progress,
            store=shelf,
        )
        made = {
            "command": command_line(),
            "seed": seed,
            "trials": len(fit.trials),
            "runs": runs,
            "fresh_runs": fresh_runs,
            "versions": versions(),
        }
        place.write_manifest(made)
        place.write_csv("trials.csv", report.table(fit.trials))
        place.write_csv("fitted.csv", report.table(fit.kept))
        place.write_text("calibration.md", report.markdown(fit))
        place.finish()
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        print_table("", report.HEAD, report.rows(fit), n_text=1)
        print_text("")
        print_text(report.sentence(fit))
        print_text(f"\nThe trials and the sets that are kept are in {folder}")
    if not fit.is_complete:
        stop_with(f"the {len(fit.trials)} trials that are finished are kept", fit.ending)
