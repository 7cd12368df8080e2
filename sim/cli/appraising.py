"""The command that appraises futures against a counterfactual, in the terms of the Green Book."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli import stores
from sim.cli.options import (
    Firms,
    Force,
    NoStore,
    Output,
    OverFits,
    Quiet,
    Scenarios,
    Scheduler,
    Seed,
    Settings,
    StoreFolder,
    Workers,
    Years,
)
from sim.cli.running import parsed
from sim.cli.terminal import (
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    stop_short,
)


def appraise(
    scenarios: Scenarios,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="SCENARIO",
            help="The counterfactual, which keeps its own money whatever --set says.",
        ),
    ] = "no_policy",
    area: Annotated[
        str, typer.Option("--area", help="What counts as local: north, or the name of a region.")
    ] = "north",
    optimism_bias: Annotated[
        float,
        typer.Option(
            "--optimism-bias",
            min=0,
            max=10,
            help="Raise all costs by this share of them: 0.5 for half as much again.",
        ),
    ] = 0.0,
    benefit_cut: Annotated[
        float,
        typer.Option("--benefit-cut", min=0, max=1, help="Cut all benefits by this share of them."),
    ] = 0.0,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Paired runs.")] = 100,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    is_equalised: Annotated[
        bool,
        typer.Option(
            "--equalise",
            help="Scale the money of all options but the first, so that "
            "each plans the same in all years together.",
        ),
    ] = False,
    is_over_fits: OverFits = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Appraise one option or more: benefits, costs, additionality, places, what turns the verdict.

    Each option is held against the counterfactual, and the first against each of the others, in
    the same runs with the same luck.
    """
    from sim.experiments.appraisal_options import load_options, settled
    from sim.experiments.appraisal_table import table
    from sim.experiments.appraised import Appraisal, SectorValues
    from sim.experiments.ensemble import run_ensemble
    from sim.experiments.fitted import variants_of
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.scenarios import horizon_notes
    from sim.experiments.tasks import task_of
    from sim.report import appraisal as report
    from sim.report.appraisal_value import value_rows
    from sim.report.appraisal_words import answers

    _check(area)
    shelf = stores.opened(store, is_storeless)
    loaded = load_options(scenarios, against, firms=firms, overrides=parsed(settings))
    task_of(loaded, years)  # what cannot be compared is said before a folder is made
    notes = horizon_notes(loaded, years)
    loaded, told = settled(loaded, years, is_equalised=is_equalised)
    names = [one.name for one in loaded[:-1]]
    folder = output or default_folder([f"appraisal-{'-'.join(names)}"])
    sectors = SectorValues()
    with (
        Folder(folder, is_replaced=is_forced) as place,
        Progress("Living the futures", is_quiet) as progress,
    ):
        ensemble = run_ensemble(
            loaded,
            runs=runs,
            seed=seed,
            years=years,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
            sink=sectors,
            variants=variants_of(loaded[0].scenario.assumptions) if is_over_fits else (),
            store=shelf,
        )
        progress.mention("the appraisal")
        found = Appraisal(ensemble, sectors, area, optimism_bias, benefit_cut, notes + told)
        lines = table(found)
        report.write(place, found, lines, command_line())
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        for warning in found.warnings:
            print_text(warning, "bold red")
        for sentence in answers(found, lines):
            print_text(sentence, "bold")
        head, rows = value_rows(found, lines, ("national", "local", "productivity"))
        print_table("\nPresent values", head, rows, n_text=2)
        print_text(report.CAVEAT, "dim")
        print_text(f"\nThe appraisal is in {folder}")
    if not ensemble.is_complete:
        stop_short(ensemble.runs, ensemble.planned, ensemble.ending)


def _check(area: str) -> None:
    """Raise Mistake where ``area`` is no place that can be local."""
    from difflib import get_close_matches

    from sim.world import sources

    known = ["north", *(one.id for one in sources.regions())]
    if area not in known:
        close = get_close_matches(area, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(known)}"
        raise Mistake(f"--area {area}: there is no such place; {hint}")
