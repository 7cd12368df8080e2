"""The command that writes one run in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Firms, Force, Output, Quiet, Seed, Settings, Years
from sim.cli.running import parsed
from sim.cli.terminal import Mistake, Progress, command_line, print_text

if TYPE_CHECKING:
    from sim.experiments.panel import Format

FORMATS = ("csv", "parquet")


def export(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    kind: Annotated[str, typer.Option("--format", help="Of the tables: csv or parquet.")] = "csv",
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Write one run in full: organisations by year, awards, dated ties, and the networks.

    Tables are CSV or Parquet; networks are GraphML and GEXF, for Gephi, Cytoscape and NetworkX.
    """
    if kind not in FORMATS:
        raise Mistake(f"--format {kind}: expected {' or '.join(FORMATS)}")
    from sim.experiments.folder import Folder, default_folder, told
    from sim.experiments.future import Stopped, seed_of
    from sim.experiments.interrupt import on_interrupt
    from sim.experiments.panel import export_run
    from sim.experiments.results import scenario_entry, versions
    from sim.experiments.scenarios import load_all
    from sim.experiments.tasks import task_of

    loaded = load_all([scenario], firms=firms, overrides=parsed(settings))
    task = task_of(loaded, years)
    folder = output or default_folder([f"{loaded[0].name}-export"])
    chosen: Format = "csv" if kind == "csv" else "parquet"
    with (
        Folder(folder, is_replaced=is_forced) as place,
        Progress("Living the future", is_quiet, unit="years") as progress,
        on_interrupt() as is_stopped,
        told(folder),
    ):
        try:
            export_run(
                place,
                loaded[0],
                seed_of(seed, 0),  # the first run of compare and run with this seed
                task.years,
                chosen,
                tell=progress,
                is_stopped=is_stopped,
            )
        except Stopped:
            raise KeyboardInterrupt from None
        made = {
            "command": command_line(),
            "seed": seed,
            "years": task.years,
            "versions": versions(),
            "scenarios": {loaded[0].name: scenario_entry(loaded[0], {})},
        }
        place.write_manifest(made)
        place.finish()
    if not is_quiet:
        print_text(f"One run of {loaded[0].name} over {task.years} years is in {folder}")
