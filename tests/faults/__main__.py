"""All faults in turn, at random moments, for so many minutes; exit code 1 if any did harm."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.faults import FAULTS, CannotMount
from tests.faults.scene import Count, Scene
from tests.faults.subject import digest, lived


def main() -> None:
    """Inject, count, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=8)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    wanted = digest(lived(asked.runs, "300", 2, None, None))
    counts = {fault.__name__: Count() for fault in FAULTS}
    skipped: set[str] = set()
    end = time.monotonic() + 60 * asked.minutes
    number = 0
    while time.monotonic() < end or number < len(FAULTS):
        fault = FAULTS[number % len(FAULTS)]
        number += 1
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(Path(folder), wanted, asked.runs, rng)
            try:
                fault(scene)
            except CannotMount:
                skipped.add(fault.__name__)
            counts[fault.__name__] += scene.count
        print(f"{fault.__name__}: {scene.count}", flush=True)
    total = sum(counts.values(), Count())
    for name, count in counts.items():
        note = "not tried: needs root" if name in skipped else ""
        print(f"{name:18} {count.faults:4} faults {count.lost:3} lost {count.wrong:3} wrong {note}")
    print(f"{'all':18} {total.faults:4} faults {total.lost:3} lost {total.wrong:3} wrong")
    sys.exit(1 if total.lost or total.wrong else 0)


if __name__ == "__main__":
    main()
