"""The commands that run: compare and run, from what was asked to a folder and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sim.cli import stores
from sim.cli.options import (
    Blend,
    Equalise,
    Firms,
    Force,
    NoStore,
    Output,
    OverFits,
    Quiet,
    Scenarios,
    Scheduler,
    Seed,
    Settings,
    StoreFolder,
    Until,
    Workers,
    Years,
)
from sim.cli.terminal import (
    Mistake,
    Progress,
    command_line,
    print_table,
    print_text,
    stop_short,
)

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, Study
    from sim.experiments.ensemble import Ensemble
    from sim.experiments.results import Results
    from sim.experiments.stopping import Precision
    from sim.scenario import Loaded

AnyStudy = TypeVar("AnyStudy")


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    scenarios: list[str]
    runs: int
    seed: int
    years: int | None
    firms: int | None
    settings: list[str] | None
    workers: int | None
    output: Path | None
    is_forced: bool
    is_quiet: bool
    is_over_fits: bool = False
    store: Path | None = None
    is_storeless: bool = False
    scheduler: str | None = None

    @property
    def overrides(self) -> dict[str, str]:
        """The settings as keys and their YAML text. Raises Mistake."""
        return parsed(self.settings)

    def folder(self, names: list[str]) -> Path:
        """Where the results go."""
        from sim.experiments.folder import default_folder

        return self.output if self.output is not None else default_folder(names)


def parsed(settings: list[str] | None) -> dict[str, str]:
    """``KEY=VALUE`` pairs by key. Raises Mistake."""
    found = {}
    for one in settings or []:
        key, sign, value = one.partition("=")
        if not sign or not key.strip():
            raise Mistake(f"--set {one}: expected KEY=VALUE, such as --set budget=200")
        found[key.strip()] = value
    return found


def _precision(until: str, runs: int, turns: int) -> Precision:
    """What --until asks for. Raises Mistake."""
    from sim.experiments.stopping import Precision

    try:
        share = float(until.strip().removesuffix("%")) / 100.0
    except ValueError:
        share = 0.0
    if not 0.0 < share <= 1.0:
        raise Mistake(f"--until {until}: expected per cent above 0, such as --until 0.5%")
    found = Precision(share, turns)
    if runs < found.batch:
        raise Mistake(f"--until needs --runs of at least {found.batch}, the most that it may take")
    return found


def compare(
    scenarios: Scenarios,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Paired runs.")] = 100,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    share: Blend = None,
    is_equalised: Equalise = False,
    is_over_fits: OverFits = False,
    until: Until = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Compare two or more futures, run by run, from the same start and with the same luck.

    Differences are the first scenario minus each of the others. With --blend, what lies between
    two scenarios is compared with them too.
    """
    request = Request(
        scenarios,
        runs,
        seed,
        years,
        firms,
        settings,
        workers,
        output,
        is_forced,
        is_quiet,
        is_over_fits,
        store,
        is_storeless,
        scheduler,
    )
    from sim.experiments.comparison import Comparison
    from sim.experiments.fitted import variants_of
    from sim.experiments.scenarios import load_all

    if len(request.scenarios) < 2:
        raise Mistake(
            "compare needs two scenarios or more, such as: clustersim compare long_term piecemeal"
        )
    if share is not None and len(request.scenarios) != 2:
        raise Mistake(f"--blend is of two scenarios, not of {len(request.scenarios)}")
    loaded = load_all(
        request.scenarios, firms=request.firms, overrides=request.overrides, share=share
    )
    loaded, notes = comparable(loaded, request.years, is_equalised)
    turns = len(variants_of(loaded[0].scenario.assumptions)) if is_over_fits else 1
    precision = _precision(until, runs, turns) if until is not None else None

    def study_of(ensemble: Ensemble) -> Comparison:
        said = [precision.note(ensemble, runs)] if precision else []
        return Comparison(ensemble, notes=[*notes, *said])

    live(request, loaded, study_of, _fill, _tell, precision)


def run(
    scenarios: Scenarios,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs.")] = 1,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    share: Blend = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    output: Output = None,
    is_forced: Force = False,
    is_quiet: Quiet = False,
) -> None:
    """Live one future; with --blend, the one that lies between two scenarios."""
    request = Request(
        scenarios,
        runs,
        seed,
        years,
        firms,
        settings,
        workers,
        output,
        is_forced,
        is_quiet,
        store=store,
        is_storeless=is_storeless,
        scheduler=scheduler,
    )
    from sim.experiments.comparison import Study
    from sim.experiments.scenarios import blended, load_all

    wanted = 1 if share is None else 2
    if len(request.scenarios) != wanted:
        hint = "; to see two futures use compare" if share is None else ""
        raise Mistake(
            f"run takes {'one scenario' if wanted == 1 else 'two scenarios with --blend'}, "
            f"not {len(request.scenarios)}{hint}"
        )
    loaded = load_all(request.scenarios, firms=request.firms, overrides=request.overrides)
    if share is not None:
        loaded = [blended(loaded[0], loaded[1], share)]
    live(request, loaded, Study, _fill, _tell)


def comparable(
    loaded: list[Loaded], years: int | None, is_equalised: bool
) -> tuple[list[Loaded], list[str]]:
    """The scenarios as they are compared, and what to say of their horizons and outlay."""
    from sim.experiments.scenarios import horizon_notes
    from sim.scenario.outlay import equalised

    notes = horizon_notes(loaded, years)
    if is_equalised:
        lived = years or min(one.scenario.horizon for one in loaded)
        loaded, told = equalised(loaded, lived)
        notes += told
    return loaded, notes


def live(
    request: Request,
    loaded: list[Loaded],
    study_of: Callable[[Ensemble], AnyStudy],
    write: Callable[[Results, AnyStudy, str, Callable[[str], None]], object],
    tell: Callable[[AnyStudy], None],
    precision: Precision | None = None,
) -> None:
    """Live the futures, ``write`` the folder of results, and ``tell`` them on the terminal."""
    from sim.experiments.ensemble import never_enough, run_ensemble
    from sim.experiments.fitted import variants_of
    from sim.experiments.results import Results
    from sim.experiments.tasks import task_of

    store = stores.opened(request.store, request.is_storeless)
    task_of(loaded, request.years)  # what cannot be compared is said before a folder is made
    folder = request.folder([one.name for one in loaded])
    with (
        Results(folder, loaded, is_replaced=request.is_forced) as results,
        Progress("Living the futures", request.is_quiet) as progress,
    ):
        ensemble = run_ensemble(
            loaded,
            runs=request.runs,
            seed=request.seed,
            years=request.years,
            workers=request.workers,
            scheduler=request.scheduler,
            progress=progress,
            sink=results,
            variants=variants_of(loaded[0].scenario.assumptions) if request.is_over_fits else (),
            is_enough=precision.is_enough if precision else never_enough,
            store=store,
        )
        study = study_of(ensemble)
        write(results, study, command_line(), progress.mention)
    stores.tell(store, request.is_quiet)
    if not request.is_quiet:
        tell(study)
        print_text(f"\nResults are in {folder}")
    if not ensemble.is_complete:
        stop_short(ensemble.runs, ensemble.planned, ensemble.ending)


def _fill(results: Results, study: Study, command: str, mention: Callable[[str], None]) -> None:
    from sim.report.folder import fill
    from sim.watch.replay import replay_page

    fill(results, study, command, mention, replay_page)


def _tell(study: Study) -> None:
    """The summary on the terminal."""
    from sim.experiments.comparison import Comparison
    from sim.report import summary

    for warning in study.warnings:
        print_text(warning, "bold red")
    if isinstance(study, Comparison):
        _tell_pairs(study)
    else:
        print_table("", *summary.level_rows(study))
    print_table("\nThe money", *summary.money_rows(study))
    print_text(f"\n{summary.method(study)}", "dim")
    if isinstance(study, Comparison):
        for sentence in summary.luck_sentences(study) + summary.multiplicity_sentences(study):
            print_text(sentence, "dim")
    print_text(summary.disclaimer(study), "dim")


def _tell_pairs(comparison: Comparison) -> None:
    from sim.report import summary
    from sim.report.wording import labels

    for sentence in summary.headline_sentences(comparison):
        print_text(sentence, "bold")
    for sentence in (
        *summary.tail_sentences(comparison).values(),
        *summary.place_sentences(comparison),
    ):
        print_text(sentence)
    names, titles = comparison.scenarios, labels(comparison.ensemble)
    for name, title in zip(names[1:], titles[1:], strict=True):
        print_table(
            f"\n{titles[0]} minus {title}: value added of the North's clusters",
            *summary.milestone_rows(comparison, name),
        )
        print_table("", *summary.outcome_rows(comparison, name))
