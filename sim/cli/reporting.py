"""The command that tells a result: one page that opens offline and prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Quiet
from sim.cli.terminal import print_text


def report(
    folder: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that compare wrote.")],
    is_quiet: Quiet = False,
) -> None:
    """Make the report of a comparison again: one HTML file, from the answer to how to redo it.

    It is made from the files of the folder alone, opens in any browser without a network, and
    prints. Every compare writes one.
    """
    from sim.experiments.folder import write_whole
    from sim.report.page import REPORT, report_page

    path = folder / REPORT
    write_whole(path, report_page(folder))
    if not is_quiet:
        print_text(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
