"""The results of the benchmarks as lines, a table and a figure."""

from __future__ import annotations

import csv
import platform
import re
from pathlib import Path

import numba
import numpy as np

from benchmarks.measuring import Result, cores, processor

RESULTS = "benchmarks/results.csv"
TITLES = {
    "peers": "Against peers: how many times longer they take",
    "scaling": "From a thousand agents to a million",
    "phases": "By phase, for one quarter",
    "ensembles": "Many runs",
    "dask": "On a Dask cluster of two workers here",
    "waiting": "What a person waits for",
    "cold start": "The first result",
    "luck": "What common luck is worth: independent seeds would need as many times the runs",
    "store": "The store of finished runs",
}


def machine() -> str:
    """The processor and what runs on it."""
    return (
        f"{processor()}, {cores()} cores; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}"
    )


def number(value: float) -> str:
    """A value with three figures."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def line(result: Result) -> str:
    """One result for the terminal."""
    goal = f"   goal {result.goal}: {_word(result)}" if result.goal else ""
    return f"{result.part:>10}  {result.what:<58} {number(result.value):>9} {result.unit}{goal}"


def _word(result: Result) -> str:
    return "met" if result.is_met else "not met"


def merged(found: list[Result], root: Path) -> list[Result]:
    """What was found now, and what earlier runs found of the parts that were left out."""
    path = root / RESULTS
    if not path.is_file():
        return found
    measured = {one.part for one in found}
    with path.open(encoding="utf-8", newline="") as file:
        before = [
            Result(row["part"], row["what"], float(row["value"]), row["unit"], row["goal"])
            for row in csv.DictReader(file)
        ]
    every = found + [one for one in before if one.part not in measured]
    return sorted(every, key=lambda one: list(TITLES).index(one.part))


def write(found: list[Result], root: Path) -> None:
    """Write the table as CSV and Markdown, and the figure."""
    with (root / RESULTS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("part", "what", "value", "unit", "goal"))
        for one in found:
            writer.writerow((one.part, one.what, f"{one.value:.6g}", one.unit, one.goal))
    text = [
        "# Benchmarks",
        "",
        "Written by `make bench`; nothing here is checked by a test. Times are of the processor,",
        "medians of works done in turn, but for many runs and for what a person waits for. A part",
        "that is missing here was not run on this machine: run all on your own before you compare.",
        "",
        f"Machine: {machine()}.",
        "",
        "![Time an agent by size, and the phases of a quarter](images/benchmarks.png)",
    ]
    for part, title in TITLES.items():
        rows = [one for one in found if one.part == part]
        if rows:
            text += [
                "",
                f"## {title}",
                "",
                "| What | Value | Unit | Goal | |",
                "|---|--:|---|---|---|",
            ]
            text += [
                f"| {one.what} | {number(one.value)} | {one.unit} | {one.goal} "
                f"| {_word(one) if one.goal else ''} |"
                for one in rows
            ]
    (root / "docs/benchmarks.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    _figure(found, root / "docs/images/benchmarks.png")


def _figure(found: list[Result], path: Path) -> None:
    from sim.report.style import colour, new_figure, save, style

    points = [
        (int(match[1].replace(",", "")), one.value)
        for one in found
        if one.part == "scaling" and (match := re.match(r"([\d,]+) agents: time", one.what))
    ]
    with style():
        figure = new_figure(
            "An agent's quarter costs most where there are few",
            10,
            4.2,
        )
        left, right = figure.subplots(1, 2)
        left.plot(*zip(*points, strict=True), marker="o", color=colour(0))
        left.set_xscale("log")
        left.xaxis.set_major_formatter("{x:,.0f}")
        left.set_ylim(0)
        left.set_xlabel("agents")
        left.set_ylabel("ns an agent and quarter")
        left.set_title("Time by size")
        sizes: dict[str, dict[str, float]] = {}
        for one in found:
            match = re.match(r"(.+), ([\d,]+) agents: an agent", one.what)
            if one.part == "phases" and match:
                sizes.setdefault(match[2], {})[match[1]] = one.value
        for number_, (size, phases) in enumerate(sizes.items()):
            at = np.arange(len(phases)) + 0.4 * number_
            right.barh(
                at, list(phases.values()), 0.38, color=colour(number_), label=f"{size} agents"
            )
            right.set_yticks(np.arange(len(phases)) + 0.2, list(phases))
        right.invert_yaxis()
        right.set_xlabel("ns an agent and quarter")
        right.set_title("Time by phase")
        right.legend()
        path.parent.mkdir(parents=True, exist_ok=True)
        save(figure, path)
