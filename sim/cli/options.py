"""Options that several commands take, with the words that explain them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Scenarios = Annotated[
    list[str],
    typer.Argument(
        metavar="SCENARIO...",
        help="Names (see: clustersim list), paths of files, or blends such as a~b@0.3.",
    ),
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


def _one_place(context: typer.Context, value: int | str | None) -> int | str | None:
    """Refuse --workers beside --cluster, whichever comes first."""
    others = [context.params.get(name) for name in ("workers", "scheduler")]
    if value is not None and any(one is not None for one in others):
        raise typer.BadParameter(
            "runs are lived by processes of this machine (--workers) or by a computing cluster "
            "(--cluster), not by both"
        )
    return value


Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        "-w",
        min=1,
        callback=_one_place,
        help="Processes; default: one for each processor.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        callback=_one_place,
        help="Live the runs on the computing cluster of this Dask scheduler, such as "
        "tcp://scheduler:8786.",
    ),
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
Equalise = Annotated[
    bool,
    typer.Option(
        "--equalise",
        help="Scale the money of all but the first, so that each plans the same in all years "
        "together.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="PERCENT",
        help="Stop as soon as the headline's interval is so many per cent of the baseline's level "
        "wide to each side, such as 0.5%; --runs is then the most.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a folder of results that exists.")]
StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FOLDER",
        help="Store of finished runs; default: $CLUSTERSIM_STORE, or one in your cache folder.",
    ),
]
NoStore = Annotated[
    bool, typer.Option("--no-store", help="Live every run, and keep none for another time.")
]
