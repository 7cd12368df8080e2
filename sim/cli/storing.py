"""The commands that look after the store of finished runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import StoreFolder
from sim.cli.terminal import FAILURE, Mistake, Progress, guarded, print_table, print_text, say

_MB, _GB = 1e6, 1e9


def status(store: StoreFolder = None) -> None:
    """Say what the store has: runs, their size, and by which version of the model."""
    from datetime import datetime

    from sim.experiments.store import tending

    folder = _folder(store)
    shelves = tending.shelves(folder)
    print_text(f"The store is {folder}")
    if not shelves:
        print_text("It is empty: commands that run will fill it.")
        return
    rows = [
        (
            f"{one.version}{' (present)' if one.is_current else ''}",
            f"{one.futures:,}",
            _size(one.size),
            datetime.fromtimestamp(one.changed).strftime("%Y-%m-%d %H:%M"),
        )
        for one in shelves
    ]
    print_table("", ("model version", "futures", "size", "last change"), rows)
    bad = tending.damaged(folder)
    if bad:
        print_text(f"\nDamaged and set aside: {len(bad)}, in {bad[0].parent}")
    if any(not one.is_current for one in shelves):
        print_text("\nRuns of other versions are not read; clustersim store prune removes them.")


def verify(
    store: StoreFolder = None,
    is_quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Check every byte of the store; exit code 1 if something is damaged.

    What is damaged is moved to the store's folder damaged/, and lived again when it is needed.
    """
    from sim.experiments.store import tending

    folder = _folder(store)
    with Progress("Checking", is_quiet, "futures") as progress:
        n_sound, n_bad = tending.verify(folder, say, progress)
    if not is_quiet or n_bad:
        print_text(f"{n_sound:,} sound, {n_bad} damaged in {folder}")
    if n_bad:
        sys.exit(FAILURE)


def prune(
    store: StoreFolder = None,
    is_old_version: Annotated[
        bool,
        typer.Option(
            "--old-versions",
            help="Runs of versions of the model that are not the present one; the default.",
        ),
    ] = False,
    days: Annotated[
        float | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="Runs older than so many days."),
    ] = None,
    size: Annotated[
        float | None,
        typer.Option(
            "--to-size",
            metavar="GB",
            min=0,
            help="What is damaged, then the oldest, until so much is left.",
        ),
    ] = None,
    is_damaged: Annotated[
        bool, typer.Option("--damaged", help="What was found damaged and set aside.")
    ] = False,
    is_agreed: Annotated[bool, typer.Option("--yes", help="Remove it; else only say so.")] = False,
) -> None:
    """Remove runs from the store; says first what would go, and removes it with --yes."""
    from sim.experiments.store import tending

    folder = _folder(store)
    chosen = tending.removals(
        folder,
        is_old_version=is_old_version or (days is None and size is None and not is_damaged),
        days=days,
        size=None if size is None else int(size * _GB),
        is_damaged=is_damaged,
    )
    what = f"{sum(one.futures for one in chosen):,} futures in {len(chosen):,} files or packs, "
    what += _size(sum(one.size for one in chosen))
    if not chosen:
        print_text(f"Nothing to remove from {folder}")
    elif not is_agreed:
        print_text(f"Would remove {what}, from {folder}. Add --yes to do it.")
    else:
        tending.remove(folder, chosen)
        print_text(f"Removed {what}, from {folder}")


def pack(store: StoreFolder = None) -> None:
    """Put single files into packs, which commands do by themselves from 500 files on."""
    from sim.experiments.store import Store

    n = Store(_folder(store), say=say).pack(fewest=1)
    print_text(f"Packed {n:,} futures")


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .parquet or .csv.")],
    store: StoreFolder = None,
    regions: Annotated[
        list[str] | None,
        typer.Option("--region", help="A region, north, uk, or all; may be repeated."),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option("--metric", help="A metric (docs/metrics.md); may be repeated; default: all."),
    ] = None,
    is_forced: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write the yearly outcomes of all stored runs as one table: a row a future, year and region.

    For pandas, R, DuckDB (Parquet) and Excel (CSV): docs/store.md.
    """
    from sim.experiments.store import Store
    from sim.experiments.store.exporting import EXCEL_ROWS, write
    from sim.metrics.history import METRIC_NAMES, History

    if file.suffix not in (".parquet", ".csv"):
        raise Mistake(f"{file}: expected a name that ends in .parquet or .csv")
    if file.exists() and not is_forced:
        raise Mistake(f"{file} exists already: use --force to replace it, or choose another name")
    areas = History(0).areas
    chosen = areas if regions and "all" in regions else tuple(regions or ["north"])
    for option, names, known in (
        ("--region", chosen, areas),
        ("--metric", metrics or [], METRIC_NAMES),
    ):
        _check(option, names, known)
    opened = Store(_folder(store), say=say)
    if not len(opened):
        raise Mistake(f"{opened.folder} has no runs of this version of the model")
    rows = write(opened, file, chosen, metrics)
    print_text(f"{rows:,} rows of {len(opened):,} futures are in {file}")
    if file.suffix == ".csv" and rows >= EXCEL_ROWS:
        print_text(f"Excel opens {EXCEL_ROWS:,} rows at most: take fewer regions.")


def _check(option: str, names: tuple[str, ...] | list[str], known: tuple[str, ...]) -> None:
    """Raise Mistake for a name that is not known."""
    from sim.scenario.errors import did_you_mean

    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"expected one of {', '.join(known[:5])}, …"
            raise Mistake(f"{option} {name}: there is no such name; {hint}")


def _folder(store: Path | None) -> Path:
    from sim.experiments.store.store import VARIABLE, default_folder

    folder = store or default_folder()
    if folder is None:
        raise Mistake(f"the store is off ({VARIABLE}=off): name one with --store FOLDER")
    if folder.exists() and not folder.is_dir():
        raise Mistake(f"--store {folder}: this is a file; expected a folder")
    return folder


def _size(n: int) -> str:
    return f"{n / _GB:.2f} GB" if n >= _GB else f"{n / _MB:.1f} MB"


app = typer.Typer(no_args_is_help=True, help="Look after the store of finished runs.")
for _command in (status, verify, prune, pack, export):
    app.command(_command.__name__)(guarded(_command))
