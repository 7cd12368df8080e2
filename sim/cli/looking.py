"""The commands that look: check, new, list, schema."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Firms, Force, Quiet, Seed, Settings
from sim.cli.running import parsed
from sim.cli.terminal import FAILURE, Mistake, print_table, print_text, say

if TYPE_CHECKING:
    from sim.scenario import Loaded
    from sim.world.check import Margin

#: Largest error of a margin that the population is drawn to meet.
TOLERANCE = 0.01


def check(
    what: Annotated[
        list[str], typer.Argument(metavar="WHAT...", help="Scenarios, or the word world.")
    ],
    seed: Seed = 1,
    firms: Firms = None,
    settings: Settings = None,
    is_quiet: Quiet = False,
) -> None:
    """Check scenario files and tell them in words; with the word world, the start and the data."""
    names = [one for one in what if one != "world"]
    if names:
        from sim.experiments.scenarios import load_all

        for loaded in load_all(names, firms=firms, overrides=parsed(settings)):
            if not is_quiet:
                _tell(loaded)
    if len(names) < len(what):
        _check_world(seed, firms, is_quiet)


def _tell(loaded: Loaded) -> None:
    """What a scenario says, so that a wrong one is seen before it is run."""
    from sim.report.scenario import money_rows, told

    one = loaded.scenario
    print_text(f"{loaded.name}: sound. {one.title}", "bold")
    for sentence in told(one):
        print_text(f"  {sentence}")
    rows = money_rows(one)
    if rows:
        print_table("", ("  money, year by year", "in one run", "£m a year"), rows, n_text=2)


def _check_world(seed: int, firms: int | None, is_quiet: bool) -> None:
    from sim.scenario import Problem, ScenarioError
    from sim.world.build import Population, build_world
    from sim.world.check import margins

    try:
        population = Population() if firms is None else Population(firms=firms)
    except ValueError:
        limits = "between 50 and 2,000,000"
        problem = Problem("--firms", 0, 0, "", f"{firms} rows of firms", limits)
        raise ScenarioError([problem]) from None
    found = margins(build_world(seed, population), population)
    if not is_quiet:
        head = ("margin", "", "unit", "data", "simulated", "error", "")
        rows = (_margin_cells(one) for one in found)
        print_table(
            f"The start with {population.firms:,} rows of firms, seed {seed}", head, rows, n_text=3
        )
    missed = [one for one in found if one.is_matched and not abs(one.error) <= TOLERANCE]
    n_matched = sum(one.is_matched for one in found)
    if missed:
        say(
            f"{len(missed)} of {n_matched} matched margins are more than {TOLERANCE:.0%} off: "
            + ", ".join(f"{one.group}, {one.name}" for one in missed[:8])
        )
        sys.exit(FAILURE)
    if not is_quiet:
        print_text(f"All {n_matched} matched margins are within {TOLERANCE:.0%} of the data.")


def _margin_cells(margin: Margin) -> tuple[str, ...]:
    def shown(value: float) -> str:
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"

    error = "" if margin.error != margin.error else f"{100 * margin.error:+.2f} %"
    kind = "matched" if margin.is_matched else "reported"
    return (
        margin.group,
        margin.name,
        margin.unit,
        "–" if margin.data != margin.data else shown(margin.data),
        shown(margin.simulated),
        error,
        kind,
    )


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.")],
    base: Annotated[str, typer.Option("--from", help="The scenario that it begins as.")] = "mixed",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File; default: NAME.yaml, in scenarios/ if there."),
    ] = None,
    is_forced: Force = False,
) -> None:
    """Write a scenario file to begin from, with every lever, its unit and meaning at hand."""
    from sim.scenario import load
    from sim.scenario.authoring import template

    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,59}", name):
        raise Mistake(
            f"{name!r} cannot name a scenario; expected: a letter, then letters, digits, _ or -"
        )
    own = Path("scenarios")
    path = output or (own / f"{name}.yaml" if own.is_dir() else Path(f"{name}.yaml"))
    if path.exists() and not is_forced:
        raise Mistake(f"{path} is there already; --force replaces it, another name leaves it")
    text = template(name, load(base))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    asked = name if path.parent == own else str(path)
    print_text(f"Written to {path}. Edit it, then: clustersim check {asked}")


def list_scenarios() -> None:
    """List the scenarios that can be named, and where they are."""
    from sim.scenario import available, folders
    from sim.scenario.finding import CLUSTER, EXPERIMENT

    rows = [(one.name, one.title, _first_sentence(one.description)) for one in available()]
    print_table("", ("name", "title", "what it is"), rows, n_text=3)
    print_text(f"\nFrom {' and '.join(str(folder) for folder in folders())}")
    print_text(
        f"Beside them: {len(available(CLUSTER))} case studies (clustersim cluster --list), "
        f"{len(available(EXPERIMENT))} experiments (clustersim experiment), and sweeps (clustersim "
        "sweep)."
    )


def _first_sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain.split(". ")[0].rstrip(".")


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; default: print it.")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them."""
    from sim.scenario import schema_text

    if output is None:
        sys.stdout.write(schema_text())
    else:
        output.write_text(schema_text(), encoding="utf-8")
