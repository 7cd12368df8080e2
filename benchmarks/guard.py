"""The guard against getting slower: times over a fixed kernel, kept for every release.

Nothing here is a test: a time that is worse by a tenth than that of the last release is told.
"""

from __future__ import annotations

import csv
from importlib import metadata
from pathlib import Path

from benchmarks.measuring import reference_seconds
from benchmarks.scaling import begun, quarter_seconds

RELEASES = Path(__file__).with_name("releases.csv")
TOLERANCE = 0.10


def relative_times() -> dict[str, float]:
    """Time of a quarter over that of the reference kernel, at two sizes; medians in turn."""
    small, large = begun(2500), begun(30_000)
    ratios: dict[str, list[float]] = {"2500 firms": [], "30000 firms": []}
    for _ in range(5):
        reference = reference_seconds(5)
        ratios["2500 firms"].append(quarter_seconds(small, 8) / reference)
        ratios["30000 firms"].append(quarter_seconds(large, 3) / reference)
    return {what: sorted(found)[2] for what, found in ratios.items()}


def releases() -> list[dict[str, str]]:
    """What earlier releases took."""
    if not RELEASES.is_file():
        return []
    with RELEASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdicts(now: dict[str, float], before: list[dict[str, str]]) -> list[str]:
    """A line for each time, against the last release that has it."""
    lines = []
    for what, value in now.items():
        known = [row for row in before if row["what"] == what]
        if not known:
            lines.append(f"{what}: {value:.2f} reference kernels a quarter; no release to compare")
            continue
        last = known[-1]
        change = value / float(last["reference_kernels"]) - 1.0
        word = "WORSE" if change > TOLERANCE else "better" if change < -TOLERANCE else "as before"
        lines.append(
            f"{what}: {value:.2f} reference kernels a quarter, {word}: {change:+.0%} against "
            f"{last['version']}"
        )
    return lines


def keep(now: dict[str, float]) -> None:
    """Write the times down as those of this release, in place of earlier ones of it."""
    version = metadata.version("clustersim")
    rows = [row for row in releases() if row["version"] != version]
    rows += [
        {"version": version, "what": what, "reference_kernels": f"{value:.3f}"}
        for what, value in now.items()
    ]
    with RELEASES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("version", "what", "reference_kernels"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
