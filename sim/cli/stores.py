"""The store of finished runs that commands share: opened as asked, and what came from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.terminal import Mistake, say

if TYPE_CHECKING:
    from sim.experiments.store import Store

#: Bytes that the store in the cache folder may take, some fifty comparisons of a hundred pairs.
LIMIT = 10_000_000_000


def opened(folder: Path | None, is_off: bool) -> Store | None:
    """The store that a command reads and adds to; None where it is off. Raises Mistake."""
    from sim.experiments.store import Store
    from sim.experiments.store.store import default_folder

    if is_off and folder is not None:
        raise Mistake("--store and --no-store: expected one of them")
    place = folder or default_folder()
    if is_off or place is None:
        return None
    if place.exists() and not place.is_dir():
        raise Mistake(f"--store {place}: this is a file; expected a folder, which need not exist")
    return Store(place, say=say)


def tell(store: Store | None, is_quiet: bool) -> None:
    """How many of the runs were there already; and what had to go to keep the store small."""
    if store is None:
        return
    _keep_small(store)
    if is_quiet or not store.n_found:
        return
    say(
        f"{store.n_found} of {store.n_asked} runs were in the store already "
        f"({store.folder}; --no-store lives them anew)."
    )


def _keep_small(store: Store) -> None:
    """Hold a store that nobody has asked for to its limit: what is oldest goes."""
    from sim.experiments.store.store import VARIABLE, default_folder
    from sim.experiments.store.tending import removals, remove

    if os.environ.get(VARIABLE) or store.folder != default_folder() or not store.folder.is_dir():
        return
    try:
        chosen = removals(store.folder, size=LIMIT)
        remove(store.folder, chosen)
    except OSError:
        return  # the results are there; the next command tries again
    if chosen:
        n = sum(one.futures for one in chosen)
        say(
            f"The store in {store.folder} had outgrown {LIMIT / 1e9:.0f} GB, so "
            f"{f'its oldest {n:,} futures are' if n else 'what was damaged in it is'} gone. One "
            f"that you name, with --store or ${VARIABLE}, has no limit."
        )
