"""The command that explains: the quarter, or why two scenarios differ."""

from __future__ import annotations

import time
from dataclasses import replace
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
from sim.cli.outcome import Outcome, OutcomeYear, Region, read_metric
from sim.cli.running import comparable, parsed
from sim.cli.terminal import (
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    say,
    stop_short,
)

QUARTER = "quarter"
#: A run of channels lives twice as many futures, and a past for each pair.
USUAL_RUNS, FEW_RUNS = 20, 8


def explain(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[quarter | SCENARIO SCENARIO]", help="What to explain."),
    ] = None,
    is_channels: Annotated[
        bool, typer.Option("--channels", help="Share out among mechanisms and not among levers.")
    ] = False,
    outcome: Outcome = "gva",
    region: Region = "north",
    year: OutcomeYear = None,
    groups: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            metavar="NAME=KEY,KEY",
            help="Keys that are switched together, under a name; may be repeated.",
        ),
    ] = None,
    orders: Annotated[
        int | None,
        typer.Option(
            "--orders",
            min=2,
            help="Orders that each run draws, in place of all combinations; by default only where "
            "there are more than eight levers.",
        ),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option(
            "--runs",
            "-n",
            min=1,
            help=f"Paired runs; default: {USUAL_RUNS}, and {FEW_RUNS} with --channels.",
        ),
    ] = None,
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
    """Explain why two scenarios differ, lever by lever or channel by channel; or the quarter.

    The difference of one outcome is shared out by Shapley values: what a lever adds when it is
    changed, averaged over all orders in which all could be. With the word quarter: the steps of
    the quarter in order, what each reads and writes, and its time.
    """
    names = what or [QUARTER]
    if names == [QUARTER]:
        _explain_quarter(seed, firms)
        return
    if len(names) != 2:
        raise Mistake(
            f"cannot explain {' '.join(names)!r}; expected: quarter, or two scenarios, such as: "
            "clustersim explain long_term piecemeal"
        )
    if year is not None and years is not None and year > years:
        raise Mistake(f"--year {year} comes after the last of --years {years}")
    from sim.experiments.attribution import attribute
    from sim.experiments.attribution_plan import plan
    from sim.experiments.folder import Folder, default_folder
    from sim.experiments.scenarios import load_all
    from sim.experiments.tasks import reaching
    from sim.report import attribution as report
    from sim.report.attribution_words import cost, method, sentences
    from sim.report.wording import ALONE, SHARED

    loaded = load_all(names, firms=firms, overrides=parsed(settings))
    loaded = [reaching(one, years) for one in loaded]
    (first, other), notes = comparable(loaded, years or year, is_equalised)
    planned = plan(
        (first, other),
        read_metric(outcome, region),
        is_channels=is_channels,
        area=region,
        year=year or years,
        groups=_groups(groups),
        n_orders=orders,
        runs=runs or (FEW_RUNS if is_channels else USUAL_RUNS),
        seed=seed,
        is_over_fits=is_over_fits,
    )
    planned = replace(planned, notes=tuple(dict.fromkeys((*notes, *planned.notes))))
    shelf = stores.opened(store, is_storeless)
    folder = output or default_folder([f"explain-{first.name}", other.name])
    with Folder(folder, is_replaced=is_forced) as place:
        if not is_quiet:
            for sentence in (*planned.warnings, *planned.notes):
                say(sentence)
            where = SHARED if scheduler else ALONE
            say(cost(planned, planned.seconds(1 if scheduler else workers), where))
        with Progress("Living the combinations", is_quiet) as progress:
            found = attribute(
                planned, workers=workers, scheduler=scheduler, progress=progress, store=shelf
            )
        if not found.is_known:
            raise Mistake(
                f"{outcome} has no value in year {planned.task.years} in some combination of every "
                "run, so that its difference cannot be shared out; try another outcome or year"
            )
        report.write(place, found, command_line())
    stores.tell(shelf, is_quiet)
    if not is_quiet:
        for warning in found.warnings:
            print_text(warning, "bold red")
        for sentence in sentences(found):
            print_text(sentence, "bold")
        print_table("", report.head(found), report.rows(found))
        print_text(f"\n{method(found)}", "dim")
        print_text(f"\nThe explanation is in {folder}")
    if not found.is_complete:
        stop_short(found.runs, planned.runs, found.ending)


def _groups(groups: list[str] | None) -> dict[str, list[str]]:
    """``NAME=KEY,KEY`` by name. Raises Mistake."""
    found: dict[str, list[str]] = {}
    for one in groups or []:
        name, sign, keys = one.partition("=")
        wanted = [key.strip() for key in keys.split(",") if key.strip()]
        if not sign or not name.strip() or not wanted:
            raise Mistake(
                f"--group {one}: expected NAME=KEY,KEY, such as --group stability=notice,volatility"
            )
        if name.strip() in found:
            raise Mistake(f"--group {one}: there are two groups called {name.strip()}")
        found[name.strip()] = wanted
    return found


def _explain_quarter(seed: int, firms: int | None) -> None:
    """The steps of the quarter in order."""
    from sim.quarter import PHASES

    times = _times(seed, firms)
    total = sum(times)
    rows = [
        (
            str(number),
            phase.name.replace("_", " "),
            phase.reads,
            "\n".join(f"{table}: {', '.join(own)}" for table, own in phase.writes.items()),
            f"{1e3 * seconds:.2f} ms",
            f"{seconds / total:.0%}",
        )
        for number, (phase, seconds) in enumerate(zip(PHASES, times, strict=True), start=1)
    ]
    print_table(
        "One quarter, in order", ("", "phase", "reads", "writes", "time", ""), rows, n_text=4
    )
    print_text(
        f"\nTime of one quarter, the mean of a year: {1e3 * total:.1f} ms without measuring."
    )


def _times(seed: int, firms: int | None) -> list[float]:
    """Seconds that each phase takes in a quarter: the mean of the first year of long_term."""
    from sim.experiments.scenarios import load_all
    from sim.quarter import PHASES
    from sim.run import Run

    loaded = load_all(["long_term"], firms=firms)[0]
    run = Run.start(loaded.scenario, loaded.burn_in, seed).fork(loaded.scenario)
    run.step()  # compiled by now, and the first calls are open
    quarters = 4
    seconds = [0.0] * len(PHASES)
    for _ in range(quarters):
        for number, phase in enumerate(PHASES):
            start = time.perf_counter()
            phase.run(run.world, run.policy, run.scenario.assumptions)
            seconds[number] += (time.perf_counter() - start) / quarters
        run.world.quarter += 1
    return seconds
