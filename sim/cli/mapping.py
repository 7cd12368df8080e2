"""The command that draws where one scenario is ahead of another, over two numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli import stores
from sim.cli.options import (
    Equalise,
    Firms,
    Force,
    NoStore,
    Output,
    OverFits,
    Quiet,
    Scheduler,
    Seed,
    Settings,
    StoreFolder,
    Workers,
    Years,
)
from sim.cli.outcome import Outcome, OutcomeYear, Region, read_place
from sim.cli.terminal import Mistake, Progress, command_line, print_text, say, stop_short

_AXIS = "A numeric key, or blend; KEY=LOW..HIGH:N sets range and number, first:KEY whose it is."


def sign_map(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario's name or path.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The one that it is compared with.")],
    x: Annotated[str, typer.Option("--x", metavar="KEY", help=_AXIS)],
    y: Annotated[str, typer.Option("--y", metavar="KEY", help="The same, up the map.")],
    metric: Outcome = "gva",
    region: Region = "north",
    year: OutcomeYear = None,
    runs: Annotated[
        int, typer.Option("--runs", "-n", min=2, help="Most paired runs of a point.")
    ] = 20,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    is_equalised: Equalise = False,
    is_over_fits: OverFits = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Map where A is ahead of B, where it is behind, and where nobody can tell.

    A few paired runs at every point of a grid over two numeric keys, then more where the contour
    runs and where they may yet tell the sign.
    """
    from sim.cli.running import comparable, parsed
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.grid import grid_of
    from sim.experiments.mapping import run_map
    from sim.experiments.scenarios import load_all
    from sim.report import sign_map_words as words
    from sim.report.sign_map import write
    from sim.scenario.axes import read_axes

    loaded = load_all([first, second], firms=firms, overrides=parsed(settings))
    pair, notes = comparable(loaded, years, is_equalised)
    axes = read_axes(x, y, pair)
    grid = grid_of(pair, *axes, years, is_over_fits=is_over_fits, notes=notes)
    place = read_place(metric, region, year, grid.task.years)
    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder([f"map-{pair[0].name}", pair[1].name])
    if not is_quiet:
        say(words.plan(grid, runs))
    with Folder(folder, is_replaced=is_forced) as results, Progress("Map", is_quiet) as progress:
        found = run_map(
            grid,
            place,
            runs=runs,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
            store=shelf,
        )
        if not found.is_known.any():
            raise Mistake(f"--outcome {metric} has no value in year {place.year}: take a later one")
        write(results, found, command_line())
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        for warning in words.warnings(found):
            print_text(warning, "bold red")
        for sentence in words.answers(found):
            print_text(sentence, "bold")
        print_text(f"\n{words.method(found)}", "dim")
        print_text(f"\nThe map is in {folder}")
    if not found.is_complete:
        stop_short(found.runs, found.planned, found.ending)
