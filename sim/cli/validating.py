"""The command that holds the model against what is known."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from sim.cli.terminal import INTERRUPTED, Progress, print_table, print_text, say


def validate(
    runs: int,
    seed: int,
    workers: int | None,
    firms: int | None,
    output: Path | None,
    is_forced: bool,
    is_quiet: bool,
) -> None:
    """Simulate, write the scorecard, print it. Missing a fact is a finding and no error."""
    from sim.experiments.folder import MANIFEST, Folder, default_folder
    from sim.experiments.scorecard import run_scorecard
    from sim.experiments.store import versions
    from sim.report import scorecard as report

    folder = output or default_folder(["validate"])
    with (
        Folder(folder, is_replaced=is_forced) as place,
        Progress("Living the futures", is_quiet) as progress,
    ):
        card = run_scorecard(runs=runs, seed=seed, workers=workers, firms=firms, progress=progress)
        made = {
            "command": shlex.join(["clustersim", *sys.argv[1:]]),
            "seed": seed,
            "runs": card.runs,
            "years": card.years,
            "versions": versions(),
        }
        place.write_text(MANIFEST, json.dumps(made, indent=2, ensure_ascii=False) + "\n")
        report.write(place, card)
    if not is_quiet:
        print_table("", report.HEAD, report.rows(card), n_text=4)
        print_text("")
        for sentence in report.sentences(card):
            print_text(sentence)
        print_text(f"\nThe scorecard is in {folder}")
    if card.runs < card.planned:
        say(f"Interrupted: {card.runs} of {card.planned} runs are finished and kept.")
        sys.exit(INTERRUPTED)
