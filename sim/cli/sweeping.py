"""The command that lives a design over any keys, and goes on where it stopped."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import stores
from sim.cli.options import Firms, Output, Quiet, Scheduler, Settings, Workers
from sim.cli.terminal import (
    FAILURE,
    INTERRUPTED,
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    say,
)

if TYPE_CHECKING:
    from sim.experiments.store import Store
    from sim.experiments.sweeps.plan import Plan


def sweep(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Name or path; none: list them.")
    ] = None,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long, how much disk; stop.")
    ] = False,
    runs: Annotated[
        int | None, typer.Option("--runs", "-n", min=1, help="Runs; default: the sweep's own.")
    ] = None,
    years: Annotated[
        int | None,
        typer.Option("--years", "-y", min=1, max=60, help="Years; default: the sweep's own."),
    ] = None,
    firms: Firms = None,
    settings: Settings = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    output: Output = None,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            metavar="FOLDER",
            help="Take runs from a store and add to it, whole futures; default: none, as these "
            "take a hundred times the disk.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="KEY", help="Live one run by its key in failures.csv."),
    ] = None,
    is_quiet: Quiet = False,
) -> None:
    """Live scenarios at every point of a design: a grid, a Latin hypercube, Sobol, or a list.

    What is finished is kept: the same command goes on after Ctrl-C or a crash. A run that fails is
    put down in failures.csv and stops no other.
    """
    if file is None:
        _list()
        return
    from sim.cli.running import parsed
    from sim.experiments.sweeps import load
    from sim.experiments.sweeps.plan import plan_of

    loaded = load(file, runs=runs, years=years, firms=firms, overrides=parsed(settings))
    plan = plan_of(loaded)
    if only is not None:
        _live_one(plan, only)
        return
    kept = stores.opened(store, False) if store is not None else None
    folder = output or Path("results") / f"sweep-{loaded.name}"
    again = _again(runs, years, firms, settings)
    try:
        _go(plan, folder, again, workers, scheduler, kept, is_dry=is_dry, is_quiet=is_quiet)
    except KeyboardInterrupt:
        say(f"Stopped. What is finished is in {folder}; the same command goes on from there.")
        sys.exit(INTERRUPTED)


def _again(
    runs: int | None, years: int | None, firms: int | None, settings: list[str] | None
) -> list[str]:
    """What was set beside the file, as it is typed."""
    options = {"--runs": runs, "--years": years, "--firms": firms}
    found = [f"{name}={value}" for name, value in options.items() if value is not None]
    return found + [f"--set={one}" for one in settings or []]


def _go(
    plan: Plan,
    folder: Path,
    again: list[str],
    workers: int | None,
    scheduler: str | None,
    store: Store | None,
    *,
    is_dry: bool,
    is_quiet: bool,
) -> None:
    """Say what it takes, live what is missing, and write the tables."""
    import contextlib

    from sim.experiments.dispatch import default_workers
    from sim.experiments.sweeps.living import live_all
    from sim.experiments.sweeps.outlook import outlook_of
    from sim.experiments.sweeps.pieces import Pieces, locked
    from sim.experiments.sweeps.tables import write
    from sim.report import sweep_words as words

    is_fresh = is_dry and not folder.exists()
    with contextlib.nullcontext() if is_fresh else locked(folder):
        pieces = Pieces(folder)
        for name in pieces.damaged:
            say(f"{name} is damaged: it is set aside, and its runs are lived again.")
        n_workers = 1 if scheduler else workers or default_workers()
        outlook = outlook_of(
            plan,
            pieces,
            folder,
            n_workers,
            is_tried=not is_quiet,
            is_whole=store is not None,
        )
        for sentence in [] if is_quiet else words.before(plan, outlook, n_workers):
            say(sentence)
        if words.is_short_of_disk(outlook):
            say("THE DISK IS TOO SMALL for all of it; --output chooses a place on another one.")
        if is_dry:
            return
        with Progress("Sweep", is_quiet) as progress:
            outcome = live_all(
                plan,
                pieces,
                workers=workers,
                scheduler=scheduler,
                progress=progress,
                store=store,
                first=outlook.trial,
            )
            progress.mention("the tables")
            study = write(plan, pieces, outcome, folder, command_line(), again)
    stores.tell(store, is_quiet)
    for sentence in [] if is_quiet else words.after(study):
        print_text(sentence, "bold red")
    if not is_quiet:
        print_text(f"The sweep is in {folder}")
    if not study.is_complete:
        say(
            f"Interrupted: {outcome.n_done:,} of {outlook.to_live:,} runs were lived and are kept; "
            "the same command goes on from there."
        )
        sys.exit(INTERRUPTED)


def _live_one(plan: Plan, start: str) -> None:
    """One run, in this process, whatever becomes of it."""
    found = plan.job_of(start.lower())
    if found is None:
        raise Mistake(
            f"--only {start}: no run of {plan.loaded.path} begins so, as the file, its scenarios "
            "and the program are now"
        )
    point, run, (number,) = found
    values = ", ".join(f"{key} {value}" for key, value in plan.points[point].items())
    print_text(f"Point {point + 1} ({values}), {plan.names[number]}, run {run + 1}", "bold")
    try:
        part = plan.living.part(plan.task, point, (number,))
        futures = plan.living.simulate(part, run, plan.seeds[run], lambda: False)
    except Exception as error:
        if os.environ.get("CLUSTERSIM_DEBUG"):
            raise
        say(f"It fails: {type(error).__name__}: {error}\nSet CLUSTERSIM_DEBUG=1 to see where.")
        sys.exit(FAILURE)
    keeping = plan.living.keeping
    last = keeping.of(futures.totals[0])[-1]
    rows = [
        (area, metric, f"{last[a, m]:,.6g}")
        for a, area in enumerate(keeping.areas)
        for m, metric in enumerate(keeping.metrics)
    ]
    print_table(f"Year {plan.task.years}", ("region", "metric", "value"), rows, n_text=2)


def _list() -> None:
    """The sweeps that can be named."""
    from sim.scenario import available
    from sim.scenario.finding import SWEEP

    rows = [(one.name, one.title) for one in available(SWEEP)]
    print_table("", ("name", "title"), rows, n_text=2)
    print_text("\nSee what one takes with: clustersim sweep award_terms --dry-run")
