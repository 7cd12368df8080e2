"""The command that draws where one scenario is ahead of another, over two numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import stores
from sim.cli.options import (
    Firms,
    Force,
    NoStore,
    Output,
    Quiet,
    Seed,
    Settings,
    StoreFolder,
    Workers,
    Years,
)
from sim.cli.terminal import INTERRUPTED, Mistake, Progress, command_line, print_text, say

if TYPE_CHECKING:
    from sim.experiments.mapping import Place

_AXIS = "A numeric key, or blend; KEY=LOW..HIGH:N sets range and number, first:KEY whose it is."


def sign_map(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario's name or path.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The one that it is compared with.")],
    x: Annotated[str, typer.Option("--x", metavar="KEY", help=_AXIS)],
    y: Annotated[str, typer.Option("--y", metavar="KEY", help="The same, up the map.")],
    metric: Annotated[
        str, typer.Option("--outcome", metavar="METRIC", help="See docs/metrics.md.")
    ] = "gva",
    region: Annotated[str, typer.Option(help="A region, north or uk.")] = "north",
    year: Annotated[
        int | None, typer.Option(min=1, help="Year of the outcome; default: the last.")
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", "-n", min=2, help="Mean of paired runs a point.")
    ] = 20,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    workers: Workers = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Map where A is ahead of B, where it is behind, and where nobody can tell.

    A few paired runs at every point of a grid over two numeric keys, then more where the sign of
    the difference is in doubt.
    """
    from sim.cli.running import parsed
    from sim.experiments.comparison import load_all
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.grid import grid_of
    from sim.experiments.mapping import run_map
    from sim.report import sign_map_words as words
    from sim.report.sign_map import write
    from sim.scenario.axes import read_axes

    pair = load_all([first, second], firms=firms, overrides=parsed(settings))
    axes = read_axes(x, y, pair)
    grid = grid_of(pair, *axes, years)
    place = _place(metric, region, year, grid.task.years)
    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder([f"map-{pair[0].name}", pair[1].name])
    if not is_quiet:
        say(words.plan(grid, runs))
    with Folder(folder, is_replaced=is_forced) as results, Progress("Map", is_quiet) as progress:
        found = run_map(
            grid, place, runs=runs, seed=seed, workers=workers, progress=progress, store=shelf
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
        say(f"Interrupted: {found.runs} of {found.planned} runs are finished and kept.")
        sys.exit(INTERRUPTED)


def _place(metric: str, region: str, year: int | None, years: int) -> Place:
    """Where the outcome is read. Raises Mistake."""
    from sim.experiments.mapping import Place
    from sim.metrics.history import METRICS, History
    from sim.scenario.errors import did_you_mean

    known = {one.name: one for one in METRICS}
    if metric not in known:
        hint = did_you_mean(metric, known) or "see docs/metrics.md"
        raise Mistake(f"--outcome {metric}: there is no such metric; {hint}")
    areas = History(0).areas
    if region not in areas:
        hint = did_you_mean(region, areas) or f"there are {', '.join(areas)}"
        raise Mistake(f"--region {region}: there is no such region; {hint}")
    if known[metric].scope == "area" and region not in ("north", "uk"):
        raise Mistake(f"--outcome {metric} is of north or uk as a whole, not of {region}")
    if year is not None and year > years:
        raise Mistake(f"--year {year}: only {years} years are lived")
    return Place(metric, region, year or years)
