"""The store of finished runs that commands share: opened as asked, and what came from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.terminal import Mistake, say

if TYPE_CHECKING:
    from sim.experiments.store import Store


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
    """How many of the runs were there already."""
    if store is None or is_quiet or not store.n_found:
        return
    say(
        f"{store.n_found} of {store.n_asked} runs were in the store already "
        f"({store.folder}; --no-store lives them anew)."
    )
