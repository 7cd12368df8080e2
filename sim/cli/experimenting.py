"""The command that puts an experiment's question to the model."""

from __future__ import annotations

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
    stop_short,
)


def experiment(
    experiments: Annotated[
        list[str] | None,
        typer.Argument(metavar="EXPERIMENT...", help="Names or paths; none: list them."),
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every experiment that can be named.")
    ] = False,
    runs: Annotated[
        int | None, typer.Option("--runs", "-n", min=1, help="Runs; default: the experiment's own.")
    ] = None,
    seed: Seed = 1,
    years: Annotated[
        int | None,
        typer.Option("--years", "-y", min=1, max=60, help="Years; default: the experiment's own."),
    ] = None,
    firms: Firms = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Put a question to the model: arms, their control, what theory expects, and the verdict.

    Each claim emerged, did not emerge, or cannot be told, by the 90 % interval of paired runs.
    """
    from sim.scenario import Problem, ScenarioError, available, load_experiment
    from sim.scenario.finding import EXPERIMENT

    names = experiments or []
    if is_all:
        names = [one.name for one in available(EXPERIMENT)]
    if not names:
        _list()
        return
    overrides = {} if firms is None else {"population.firms": str(firms)}
    loaded, problems = [], list[Problem]()
    for name in names:
        try:
            loaded.append(load_experiment(name, overrides))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    if output is not None and len(loaded) > 1:
        repeated = sorted({one.name for one in loaded if names.count(one.name) > 1})
        if repeated:
            raise Mistake(f"two experiments are called {repeated[0]}")
    from sim.experiments.experiment import run_experiment
    from sim.experiments.folder import Folder, default_folder
    from sim.report import experiment as report

    command, shelf = command_line(), stores.opened(store, is_storeless)
    for one in loaded:
        folder = output or default_folder([f"experiment-{one.name}"])
        if output is not None and len(loaded) > 1:
            folder = output / one.name
        with (
            Folder(folder, is_replaced=is_forced) as place,
            Progress(one.name, is_quiet) as progress,
        ):
            study = run_experiment(
                one,
                runs=runs,
                years=years,
                seed=seed,
                workers=workers,
                scheduler=scheduler,
                progress=progress,
                store=shelf,
            )
            report.write(place, study, command)
        if not is_quiet:
            print_text(f"{report.verdict_sentence(study)}.", "bold")
            for warning in study.warnings:
                print_text(warning, "bold red")
            print_table("", report.HEAD, report.rows(study), n_text=5)
            for sentence in report.beside_sentences(study):
                print_text(f"Value added, {sentence}", "dim")
            print_text(f"The experiment is in {folder}\n")
        if not study.is_complete:
            assert study.ensemble is not None
            stop_short(study.ensemble.runs, study.ensemble.planned, study.ensemble.ending)
    stores.tell(shelf, is_quiet)


def _list() -> None:
    """The experiments that can be named."""
    from sim.scenario import available
    from sim.scenario.finding import EXPERIMENT

    rows = [(one.name, one.title) for one in available(EXPERIMENT)]
    print_table("", ("name", "title"), rows, n_text=2)
    print_text("\nRun one, such as: clustersim experiment concentration; or all, with --all")
