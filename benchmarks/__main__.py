"""Every benchmark by one command: ``make bench``, or ``python -m benchmarks [parts]``.

Prints ratios as they are found, and writes ``benchmarks/results.csv``, ``docs/benchmarks.md`` and
a figure; parts that were not asked for stay as they were measured before. All of them take about
ten minutes on a machine that does nothing else; nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import dask, ensembles, guard, luck, peers, scaling, store, table  # noqa: E402
from benchmarks.measuring import Result  # noqa: E402


def _peers() -> Iterator[Result]:
    yield from peers.against_mesa()
    for firms in (2600, 100_000):
        yield from peers.against_c(firms)


def _phases() -> Iterator[Result]:
    for firms in (2500, 100_000):
        yield from scaling.by_phase(firms)


def _waiting() -> Iterator[Result]:
    yield from ensembles.both_futures()
    yield from ensembles.headline()


PARTS: dict[str, Callable[[], Iterable[Result]]] = {
    "peers": _peers,
    "scaling": scaling.scaling,
    "phases": _phases,
    "ensembles": ensembles.ensembles,
    "dask": dask.dask,
    "waiting": _waiting,
    "cold": ensembles.cold,
    "luck": luck.luck,
    "store": store.store,
    "guard": tuple,
}


def main() -> None:
    """Run what was asked for, and tell it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all if left out")
    parser.add_argument("--keep", action="store_true", help="write the times down for this release")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; expected any of {', '.join(PARTS)}")
    found: list[Result] = []
    print(table.machine(), flush=True)
    for name in asked.parts or PARTS:
        for result in PARTS[name]():
            found.append(result)
            print(table.line(result), flush=True)
    if not asked.parts or "guard" in asked.parts:
        now = guard.relative_times()
        for verdict in guard.verdicts(now, guard.releases()):
            print(verdict, flush=True)
        if asked.keep:
            guard.keep(now)
    table.write(table.merged(found, ROOT), ROOT)


if __name__ == "__main__":
    main()
