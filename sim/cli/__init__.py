"""The command line: what each command takes, and nothing heavy until a command needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import guarded

app = typer.Typer(
    name="clustersim",
    help="How innovation clusters grow when the same public money comes long-term or piecemeal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Scenarios = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO...", help="Names (see: clustersim list) or paths of files."),
]
Seed = Annotated[int, typer.Option("--seed", "-s", min=0, help="Same seed, same bytes.")]
Years = Annotated[
    int | None,
    typer.Option("--years", "-y", min=1, max=60, help="Years; default: the scenario's horizon."),
]
Firms = Annotated[
    int | None,
    typer.Option("--firms", "-f", min=1, help="Rows of firms, each a weight of real firms."),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-w", min=1, help="Processes; default: one for each processor."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder of results; default: a new one in results/."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a key of every scenario, such as budget=200; may be repeated.",
    ),
]
Blend = Annotated[
    float | None,
    typer.Option("--blend", min=0, max=1, help="A scenario this far from the first to the second."),
]
OverFits = Annotated[
    bool,
    typer.Option(
        "--over-fits",
        help="Let the runs take turns with the parameter sets that fit the facts about equally "
        "well, so that intervals hold the doubt about parameters.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a folder of results that exists.")]


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


@app.command()
@guarded
def compare(
    scenarios: Scenarios,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Paired runs.")] = 100,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    blend: Blend = None,
    over_fits: OverFits = False,
    workers: Workers = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Compare two or more futures, run by run, from the same start and with the same luck.

    Differences are the first scenario minus each of the others. With --blend, what lies between
    two scenarios is compared with them too.
    """
    from sim.cli.running import Request, compare

    compare(
        Request(
            scenarios, runs, seed, years, firms, settings, workers, output, force, quiet, over_fits
        ),
        blend,
    )


@app.command()
@guarded
def run(
    scenarios: Scenarios,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs.")] = 1,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    blend: Blend = None,
    workers: Workers = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Live one future; with --blend, the one that lies between two scenarios."""
    from sim.cli.running import Request, run

    run(
        Request(scenarios, runs, seed, years, firms, settings, workers, output, force, quiet), blend
    )


@app.command()
@guarded
def export(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    kind: Annotated[str, typer.Option("--format", help="Of the tables: csv or parquet.")] = "csv",
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one run in full: organisations by year, awards, dated ties, and the networks.

    Tables are CSV or Parquet; networks are GraphML and GEXF, for Gephi, Cytoscape and NetworkX.
    """
    from sim.cli.exporting import export
    from sim.cli.running import Request

    export(Request([scenario], 1, seed, years, firms, settings, 1, output, force, quiet), kind)


@app.command()
@guarded
def check(
    what: Annotated[
        list[str], typer.Argument(metavar="WHAT...", help="Scenarios, or the word world.")
    ],
    seed: Seed = 1,
    firms: Firms = None,
    settings: Settings = None,
    quiet: Quiet = False,
) -> None:
    """Check scenario files, or with the word world, the simulated start against the data."""
    from sim.cli.looking import check

    check(what, seed, firms, settings, quiet)


@app.command()
@guarded
def validate(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs.")] = 50,
    seed: Seed = 1,
    firms: Firms = None,
    workers: Workers = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Hold the model against the known facts of firms, places, networks and money.

    Prints a scorecard: each fact, the range accepted and its source, what is simulated, pass or
    fail, and whether the model was built to meet it.
    """
    from sim.cli.validating import validate

    validate(runs, seed, workers, firms, output, force, quiet)


@app.command()
@guarded
def experiment(
    experiments: Annotated[
        list[str] | None,
        typer.Argument(metavar="EXPERIMENT...", help="Names or paths; none: list them."),
    ] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Every experiment that can be named.")] = (
        False
    ),
    runs: Annotated[
        int | None, typer.Option("--runs", "-n", min=1, help="Runs; default: the experiment's own.")
    ] = None,
    seed: Seed = 1,
    years: Annotated[
        int | None,
        typer.Option("--years", "-y", min=1, max=60, help="Years; default: the experiment's own."),
    ] = None,
    firms: Firms = None,
    workers: Workers = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Put a question to the model: arms, their control, what theory expects, and the verdict.

    Each claim emerged, did not emerge, or cannot be told, by the 90 % interval of paired runs.
    """
    from sim.cli.experimenting import experiment

    experiment(
        experiments or [],
        is_all=is_all,
        runs=runs,
        seed=seed,
        years=years,
        firms=firms,
        workers=workers,
        output=output,
        is_forced=force,
        is_quiet=quiet,
    )


@app.command()
@guarded
def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.")],
    base: Annotated[str, typer.Option("--from", help="The scenario that it begins as.")] = "mixed",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File; default: NAME.yaml, in scenarios/ if there."),
    ] = None,
    force: Force = False,
) -> None:
    """Write a scenario file to begin from, with every lever, its unit and meaning at hand."""
    from sim.cli.looking import new

    new(name, base, output, force)


@app.command()
@guarded
def calibrate(
    generations: Annotated[
        int, typer.Option("--generations", min=1, help="Of sixteen parameter sets each.")
    ] = 30,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 3,
    fresh_runs: Annotated[
        int, typer.Option("--fresh-runs", min=1, help="Runs of the best, with fresh luck.")
    ] = 12,
    seed: Seed = 1,
    firms: Firms = None,
    workers: Workers = None,
    output: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Fit the free parameters to the facts of calibration; keep all sets that fit about as well.

    Half an hour at its default. The result goes to a folder; the program itself is not changed.
    """
    from sim.cli.calibrating import calibrate

    calibrate(generations, runs, fresh_runs, seed, workers, firms, output, force, quiet)


@app.command()
@guarded
def watch(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[A] [B]",
            help="One or two names or paths, or a blend such as long_term~piecemeal@0.3; "
            "default: long_term piecemeal.",
        ),
    ] = None,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    first: Annotated[
        list[str] | None,
        typer.Option("--first", metavar="KEY=VALUE", help="Set a key of the first future only."),
    ] = None,
    second: Annotated[
        list[str] | None,
        typer.Option("--second", metavar="KEY=VALUE", help="Set a key of the second future only."),
    ] = None,
    year: Annotated[int, typer.Option("--year", min=0, help="Year to begin to look at.")] = 0,
    folder: Annotated[
        Path, typer.Option("--folder", help="Where scenarios are saved; nothing else is written.")
    ] = Path("scenarios"),
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Default: 8642, or a free one.")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    quiet: Quiet = False,
) -> None:
    """Watch two futures side by side in the browser, and turn the levers while you look.

    A page on this machine only; stop it with Ctrl-C. Needs the extra clustersim[watch].
    """
    from sim.cli.running import parsed
    from sim.cli.watching import Watch, watch

    common = parsed(settings)
    if firms is not None:
        common["population.firms"] = str(firms)
    names = scenarios or ["long_term", "piecemeal"]
    own = parsed(first), parsed(second)
    watch(Watch(names, seed, years, year, common, own, folder, port, is_opened, quiet))


@app.command()
@guarded
def replay(
    result: Annotated[Path, typer.Argument(help="Folder of results that compare or run wrote.")],
    against: Annotated[
        str | None,
        typer.Option("--against", help="The second future, where there are more than two."),
    ] = None,
    film: Annotated[
        list[Path] | None,
        typer.Option("--film", help="Also write this .gif, .mp4 or .png (a strip); repeatable."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: replay.html in the folder.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make one HTML file of the first run of a result, to watch in any browser without a network.

    The run is lived again from the manifest. Films are for slides.
    """
    from sim.cli.watching import replay

    replay(result, against, film or [], output, quiet)


@app.command("list")
@guarded
def list_scenarios() -> None:
    """List the scenarios that can be named, and where they are."""
    from sim.cli.looking import list_scenarios

    list_scenarios()


@app.command()
@guarded
def schema(output: Output = None) -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them."""
    from sim.cli.looking import schema

    schema(output)


@app.command()
@guarded
def explain(
    what: Annotated[str, typer.Argument(help="What to explain: quarter.")] = "quarter",
    seed: Seed = 1,
    firms: Firms = None,
) -> None:
    """Explain the quarter: its steps in order, what each reads and writes, and its time."""
    from sim.cli.looking import explain

    explain(what, seed, firms)


def main() -> None:
    """Entry point of the command ``clustersim``."""
    app()
