"""What is said of a sweep: before it, and after it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.experiments.sweeps.outlook import Outlook
from sim.experiments.sweeps.plan import Plan
from sim.experiments.sweeps.tables import FAILURES, SweepStudy

_UNITS = ((86400.0, "days"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def before(plan: Plan, outlook: Outlook, workers: int) -> list[str]:
    """How many runs, about how long, how much disk; what is kept and what is new."""
    runs = plan.loaded.sweep.runs
    shared = outlook.points * len(plan.names) * runs - len(plan.flaws) * runs - outlook.runs
    once = f", {shared:,} shared by several points and lived once" if shared else ""
    found = [
        f"{_n(outlook.points, 'point')} × {_n(len(plan.names), 'scenario')} × {_n(runs, 'run')}: "
        f"{outlook.runs:,} runs of {_n(plan.task.years, 'year')} to live{once}."
    ]
    kept = outlook.runs - outlook.to_live
    if kept:
        found.append(
            f"{kept:,} of them are finished already and kept; {outlook.to_live:,} to live."
        )
        if 0 < len(outlook.new) < outlook.points:
            found.append(f"New points: {ranges(outlook.new)}.")
    if outlook.others > 0:
        found.append(
            f"{_n(outlook.others, 'finished run')} in the folder belong to no point of the file as "
            "it is now: they are left alone, and in no table."
        )
    if plan.flaws:
        one = plan.flaws[0]
        found.append(
            f"{_n(len(plan.flaws), 'future')} cannot be lived, such as {plan.names[one.number]} at "
            f"point {one.point + 1}: {one.cause}. {FAILURES} has them all."
        )
    if outlook.trial and math.isnan(outlook.seconds):
        found.append(
            f"The first run has killed its process, so that nobody knows how long it takes: about "
            f"{size(outlook.disk)} of disk ({size(outlook.free)} are free)."
        )
    elif outlook.trial:
        found.append(
            f"About {duration(outlook.seconds)} on {_n(workers, 'worker')}, and "
            f"{size(outlook.disk)} of disk ({size(outlook.free)} are free)."
        )
    return found


def is_short_of_disk(outlook: Outlook) -> bool:
    """Whether the disk has less room than the sweep will want."""
    return outlook.disk > outlook.free


def after(study: SweepStudy) -> list[str]:
    """What came of it."""
    failures = study.failures
    found = []
    if len(failures):
        causes = failures.cause.value_counts()
        found.append(
            f"{_n(len(failures), 'failure')}; the most frequent cause, "
            f"{_n(int(causes.iloc[0]), 'time')}: {causes.index[0]}. "
            f"{study.folder / FAILURES} has the command that reproduces each."
        )
    return found


def ranges(numbers: Sequence[int]) -> str:
    """Numbers in rising order in words, such as 1–4, 7."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    shown = ["–".join(map(str, part)) for part in parts]
    return ", ".join(shown if len(shown) < 12 else [*shown[:10], "…", shown[-1]])


def duration(seconds: float) -> str:
    """Time as one would say it."""
    for length, unit in _UNITS:
        if seconds >= 1.5 * length or unit == "s":
            return f"{seconds / length:.0f} {unit}"
    raise AssertionError


def size(n_bytes: float) -> str:
    """Bytes as one would say them."""
    for length, unit in ((1e9, "GB"), (1e6, "MB")):
        if n_bytes >= length:
            return f"{n_bytes / length:.1f} {unit}"
    return f"{max(n_bytes, 1e3) / 1e3:.0f} kB"


def _n(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
