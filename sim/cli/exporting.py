"""The command that writes one run in full."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING

from sim.cli.running import Request
from sim.cli.terminal import Mistake, Progress, print_text

if TYPE_CHECKING:
    from sim.experiments.panel import Format

FORMATS = ("csv", "parquet")


def export(request: Request, kind: str) -> None:
    """Live one run of a scenario and write its organisations, awards, ties and networks."""
    if kind not in FORMATS:
        raise Mistake(f"--format {kind}: expected {' or '.join(FORMATS)}")
    from sim.experiments.comparison import load_all
    from sim.experiments.ensemble import on_interrupt, task_of
    from sim.experiments.folder import MANIFEST, Folder, default_folder, told
    from sim.experiments.future import Stopped, seed_of
    from sim.experiments.panel import export_run
    from sim.experiments.store import scenario_entry, versions

    loaded = load_all(request.scenarios, firms=request.firms, overrides=request.overrides)
    task = task_of(loaded, request.years)
    folder = request.output or default_folder([f"{loaded[0].name}-export"])
    chosen: Format = "csv" if kind == "csv" else "parquet"
    seed = seed_of(request.seed, 0)  # the first run of compare and run with this seed
    with (
        Folder(folder, is_replaced=request.is_forced) as place,
        Progress("Living the future", request.is_quiet, unit="years") as progress,
        on_interrupt() as is_stopped,
        told(folder),
    ):
        try:
            export_run(
                place, loaded[0], seed, task.years, chosen, tell=progress, is_stopped=is_stopped
            )
        except Stopped:
            raise KeyboardInterrupt from None
        made = {
            "command": shlex.join(["clustersim", *sys.argv[1:]]),
            "seed": request.seed,
            "years": task.years,
            "versions": versions(),
            "scenarios": {loaded[0].name: scenario_entry(loaded[0], {})},
        }
        place.write_text(MANIFEST, json.dumps(made, indent=2, ensure_ascii=False) + "\n")
        place.finish()
    if not request.is_quiet:
        print_text(f"One run of {loaded[0].name} over {task.years} years is in {folder}")
