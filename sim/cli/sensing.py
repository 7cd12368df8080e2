"""The command that tells how sure a difference is: which assumptions move it, which turn it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from sim.cli import stores
from sim.cli.options import (
    Equalise,
    Firms,
    Force,
    NoStore,
    Output,
    Quiet,
    Scheduler,
    Seed,
    Settings,
    StoreFolder,
    Workers,
    Years,
)
from sim.cli.outcome import Outcome, OutcomeYear, Region, read_place
from sim.cli.running import comparable, parsed
from sim.cli.terminal import (
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    say,
    stop_with,
)


def sensitivity(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario's name or path.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The one that it is compared with.")],
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="KEY",
            help="Vary this key (KEY=LOW..HIGH sets its range) or group, such as trade; may be "
            "repeated. Default: all assumptions.",
        ),
    ] = None,
    metric: Outcome = "gva",
    region: Region = "north",
    year: OutcomeYear = None,
    n_trajectories: Annotated[
        int, typer.Option("--trajectories", min=2, help="Of Morris's screening.")
    ] = 10,
    runs: Annotated[int, typer.Option("--runs", "-n", min=2, help="Paired runs a point.")] = 2,
    n_close: Annotated[
        int,
        typer.Option("--close", min=1, help="So many leading parameters are looked at closely."),
    ] = 8,
    n_groups: Annotated[
        int,
        typer.Option(
            "--sobol",
            metavar="N",
            min=0,
            help="Also Sobol's indices and the box in which B wins, from N groups of points (a "
            "power of two, such as 128).",
        ),
    ] = 0,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    is_equalised: Equalise = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Tell how sure A minus B is: which assumptions move it beyond noise, and which turn its sign.

    Morris's screening of all parameters over their plausible ranges, then the leading ones alone
    to both ends; with --sobol their shares of the variance, and the box in which B wins.
    """
    if any(find_spec(name) is None for name in ("SALib", "ema_workbench")):
        raise Mistake(
            "sensitivity needs the packages SALib and ema-workbench, which are not both installed: "
            "pip install 'clustersim[sensitivity]'"
        )
    from sim.experiments.factors import pair_of
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.sensitivity import is_power_of_two, lived, plan
    from sim.experiments.tasks import reaching
    from sim.report import sensitivity as report
    from sim.report import sensitivity_words as words
    from sim.report.wording import ALONE, SHARED

    if n_groups and not is_power_of_two(n_groups):
        raise Mistake(f"--sobol {n_groups}: expected a power of two, such as 64 or 128")
    pair = pair_of(first, second, firms=firms, overrides=parsed(settings))
    loaded, notes = comparable([reaching(one, years) for one in pair], years, is_equalised)
    horizon = years or min(one.scenario.horizon for one in loaded)
    place = read_place(metric, region, year, horizon)
    planned = plan(
        (loaded[0], loaded[1]),
        over or (),
        metric=metric,
        region=region,
        year=place.year,
        n_trajectories=n_trajectories,
        runs=runs,
        n_close=n_close,
        n_groups=n_groups,
        seed=seed,
        notes=notes,
    )
    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder([f"sensitivity-{loaded[0].name}", loaded[1].name])
    with Folder(folder, is_replaced=is_forced) as results:
        if not is_quiet:
            where = SHARED if scheduler else ALONE
            say(words.cost(planned, planned.seconds(1 if scheduler else workers), where))
        with Progress("Sensitivity", is_quiet) as progress:
            found = lived(
                planned, workers=workers, scheduler=scheduler, progress=progress, store=shelf
            )
            progress.mention("the figures")
            report.write(results, found, command_line())
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        for warning in found.warnings:
            print_text(warning, "bold red")
        for sentence in words.sentences(found):
            print_text(sentence, "bold")
        print_table("", report.HEAD, report.rows(found), n_text=2)
        print_text(f"\n{words.method(found)}", "dim")
        print_text(f"\nThe analysis is in {folder}")
    if not found.is_complete:
        stop_with(words.finished(found), found.ending)
