"""The command line: which commands there are. Each is declared where it is carried out.

Modules of commands import nothing heavy until a command needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from sim.cli import (
    appraising,
    calibrating,
    clustering,
    experimenting,
    explaining,
    exporting,
    looking,
    mapping,
    reporting,
    running,
    sensing,
    storing,
    sweeping,
    validating,
    watching,
)
from sim.cli.terminal import guarded

app = typer.Typer(
    name="clustersim",
    help="How innovation clusters grow when the same public money comes long-term or piecemeal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": running.compare,
    "appraise": appraising.appraise,
    "run": running.run,
    "map": mapping.sign_map,
    "sensitivity": sensing.sensitivity,
    "sweep": sweeping.sweep,
    "watch": watching.watch,
    "replay": watching.replay,
    "report": reporting.report,
    "export": exporting.export,
    "new": looking.new,
    "check": looking.check,
    "list": looking.list_scenarios,
    "schema": looking.schema,
    "explain": explaining.explain,
    "cluster": clustering.cluster,
    "experiment": experimenting.experiment,
    "validate": validating.validate,
    "calibrate": calibrating.calibrate,
}
for _name, _command in COMMANDS.items():
    app.command(_name)(guarded(_command))
app.add_typer(storing.app, name="store")


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"clustersim {version('clustersim')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the command ``clustersim``."""
    app()
