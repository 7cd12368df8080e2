"""The command that holds the model against what is known."""

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
from sim.cli.terminal import Progress, command_line, print_table, print_text, stop_short


def validate(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs.")] = 150,
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
    """Hold the model against the known facts of firms, places, networks and money.

    Prints a scorecard: each fact, the range accepted and its source, what is simulated, pass or
    fail, and whether it was used for calibration. Missing a fact is a finding and no error.
    """
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.results import versions
    from sim.experiments.scorecard import run_scorecard
    from sim.report import scorecard as report

    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder(["validate"])
    with (
        Folder(folder, is_replaced=is_forced) as place,
        Progress("Living the futures", is_quiet) as progress,
    ):
        card = run_scorecard(
            runs=runs,
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
            "runs": card.runs,
            "years": card.years,
            "versions": versions(),
        }
        place.write_manifest(made)
        report.write(place, card)
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        print_table("", report.HEAD, report.rows(card), n_text=4)
        print_text("")
        for sentence in report.sentences(card):
            print_text(sentence)
        print_text(f"\nThe scorecard is in {folder}")
    if card.runs < card.planned:
        stop_short(card.runs, card.planned, card.ending)
