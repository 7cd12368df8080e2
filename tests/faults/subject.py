"""What is disturbed: a small ensemble with a store, as a process of its own.

Appends to LOG how many runs are finished, whenever it hears, and writes to OUT the hash of all
results, last.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.scenarios import load_all
from sim.experiments.store import Store

PAIR = ("long_term", "piecemeal")


def lived(
    runs: int,
    budget: str,
    workers: int,
    store: Store | None,
    log: Path | None,
    cluster: str | None = None,
) -> Ensemble:
    """The ensemble; small, because what is tested is everything around it."""
    overrides = {"budget": budget, "burn_in.years": "1"}
    loaded = load_all(PAIR, firms=60, overrides=overrides)

    def tell(done: int, total: int, note: str) -> None:
        if log is not None and done:
            with log.open("a") as file:
                file.write(f"{done}\n")

    return run_ensemble(
        loaded,
        runs=runs,
        years=1,
        workers=workers,
        scheduler=cluster,
        store=store,
        progress=tell,
        is_kept=True,
    )


def digest(ensemble: Ensemble) -> str:
    """Hash of every number of the results."""
    found = hashlib.sha256(ensemble.totals.tobytes() + ensemble.indices.tobytes())
    for one in (*ensemble.detail, *ensemble.money):
        found.update(one.tobytes())
    return found.hexdigest()


def main() -> None:
    """Live it, and write down what came of it."""
    parser = argparse.ArgumentParser()
    for name in ("store", "log", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--budget", default="300")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cluster")
    asked = parser.parse_args()
    store = Store(asked.store, say=lambda text: print(text, file=sys.stderr), spare=0)
    ensemble = lived(asked.runs, asked.budget, asked.workers, store, asked.log, asked.cluster)
    store.pack(fewest=6)
    state = "whole" if ensemble.is_complete else "part"
    asked.out.write_text(f"{state} {digest(ensemble)} {store.n_found}")


if __name__ == "__main__":
    main()
