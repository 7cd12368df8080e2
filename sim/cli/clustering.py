"""The command of the case studies: one cluster, or all of them, under two regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

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
    StoreFolder,
    Workers,
    Years,
)
from sim.cli.running import Request, comparable, live
from sim.cli.terminal import Mistake, print_table, print_text

if TYPE_CHECKING:
    from sim.experiments.clusters import ClusterStudy
    from sim.scenario import LoadedCluster

#: The word for every case study.
ALL = "all"
PAIR = ("long_term", "piecemeal")


def cluster(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[CLUSTER]", help="Name or path of a case study, or the word all."),
    ] = None,
    regimes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO SCENARIO]",
            help="Two scenarios by name or path, or blends such as long_term~piecemeal@0.3; "
            "default: long_term piecemeal.",
        ),
    ] = None,
    is_listed: Annotated[
        bool, typer.Option("--list", help="Tell the case study, or list them all; run nothing.")
    ] = False,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Paired runs.")] = 100,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
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
    """Study a cluster: what it gains or loses under one regime against another, and why.

    The whole North is lived, as in compare; differences are the first scenario minus the second.
    With the word all, one set of runs serves every case study.
    """
    from sim.scenario import load, load_cluster, load_clusters

    if name is None or (is_listed and name == ALL):
        _list(load_clusters())
        return
    clusters = load_clusters() if name == ALL else [load_cluster(name)]
    if is_listed:
        _tell_case(clusters[0])
        return
    pair = list(regimes or PAIR)
    if len(pair) != 2:
        raise Mistake(
            f"cluster compares two scenarios, not {len(pair)}, such as: clustersim cluster "
            f"{name} {' '.join(PAIR)}"
        )
    from sim.experiments.clusters import ClusterStudy
    from sim.experiments.comparison import Comparison
    from sim.experiments.folder import default_folder
    from sim.experiments.scenarios import load_all
    from sim.report.cluster_page import write

    loader = load if name == ALL else clusters[0].under
    loaded, notes = comparable(load_all(pair, firms=firms, loader=loader), years, is_equalised)
    called = ALL if name == ALL else clusters[0].name
    request = Request(
        pair,
        runs,
        seed,
        years,
        firms,
        None,
        workers,
        output or default_folder([f"cluster-{called}"]),
        is_forced,
        is_quiet,
        is_over_fits,
        store,
        is_storeless,
        scheduler,
    )
    live(
        request,
        loaded,
        lambda ensemble: ClusterStudy(Comparison(ensemble, notes=notes), tuple(clusters)),
        write,
        _tell,
    )


def _list(clusters: list[LoadedCluster]) -> None:
    from sim.report.profile import LIST_HEAD, list_rows

    print_table("", LIST_HEAD, list_rows(clusters), n_text=3)
    folder = clusters[0].path.parent if clusters else ""
    print_text(f"\nFrom {folder}. Study one, such as: clustersim cluster tees_valley; or all")


def _tell_case(loaded: LoadedCluster) -> None:
    from sim.report.profile import HEADINGS, made_of, told

    print_text(loaded.cluster.title, "bold")
    for sentence in made_of(loaded):
        print_text(sentence)
    for key, heading in HEADINGS.items():
        print_text(f"\n{heading}", "bold")
        for statement in loaded.cluster.statements[key]:
            print_text(f"- {told(statement)}")


def _tell(study: ClusterStudy) -> None:
    from sim.report import cluster as report
    from sim.report.summary import disclaimer, method

    for warning in study.warnings:
        print_text(warning, "bold red")
    if len(study.clusters) == 1:
        loaded = study.clusters[0]
        for sentence in report.headlines(study, loaded):
            print_text(sentence, "bold")
        print_table("", *report.outcome_rows(study, loaded))
        for sentence in report.chain_sentences(study, loaded):
            print_text(sentence)
        print_table("", *report.chain_rows(study, loaded))
        print_text(report.expense_sentence(study, loaded))
        print_table("", *report.expense_rows(study, loaded))
    else:
        print_text(f"{report.table_sentence(study)}.", "bold")
        print_table("", *report.table_rows(study))
    print_text(f"\n{report.LEGEND}. {method(study.comparison)}", "dim")
    print_text(disclaimer(study.comparison), "dim")
