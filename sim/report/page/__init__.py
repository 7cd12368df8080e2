"""The report: one HTML file that reads from the answer to how to make it again, and opens offline.

It is made of the files of the folder alone, so that an old result gives the page that it gave when
it was new.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.comparison import Comparison
from sim.experiments.milestones import HEADLINE_METRIC, HEADLINE_REGION
from sim.experiments.saved import SavedComparison, read_comparison, understood
from sim.parameters import ASSUMPTION, parameter_rows
from sim.quarter import Assumptions
from sim.report import summary
from sim.report.page import regions, tables, weak
from sim.report.page.case import case_study
from sim.report.page.figures import pictures
from sim.report.page.records import records
from sim.report.scenario import told
from sim.report.wording import is_sure, labels, listed, percent, quantity

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

#: The file that the report is.
REPORT = "report.html"

#: What else may be in the folder, in the order in which it is named.
FILES = {
    "summary.md": "the answer and the tables in plain text",
    "cluster.md": "the case study: gains, channels, and what the others have",
    "cluster.csv": "every number of the case study",
    "replay.html": "the first run to watch in a browser, offline",
    "paired.csv": "every difference: mean, median, intervals, pairs ahead; by outcome and place",
    "summary.csv": "each future by itself",
    "accounts.csv": "the money of each programme",
    "outcomes.parquet": "every run: one row for each future, year, region and sector",
    "columns.csv": "unit and meaning of every column",
    "manifest.json": "scenario texts, seed, versions and hashes",
    "figures/gains.png": "the map of gains and losses, to copy",
    "figures/money.png": "the money as bars",
    "figures/network.png": "who works with whom, before and after, in the first run",
}


@dataclass(frozen=True)
class Pair:
    """The first future against another: the answer and the tables that bear it out."""

    other: str
    answer: str
    meaning: str
    regions: regions.Regions
    milestones: tables.Table
    crossings: str
    channels: tables.Table
    worth: str


def report_page(folder: Path) -> str:
    """The text of the report on what ``compare`` wrote to ``folder``. Raises ResultError."""
    comparison = read_comparison(folder)
    with understood(folder, comparison.manifest):
        return _template().render(**_parts(comparison))


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["whole_amounts"] = _whole_amounts
    return environment.get_template("page.html")


def _whole_amounts(sentence: str) -> Markup:
    """A sentence in which no line ends between the sign of an amount and its pounds."""
    from markupsafe import Markup, escape

    whole = r'<span class="amount">\g<0></span>'
    return Markup(re.sub(r"[+−]£[\d.,]*\d\w*", whole, str(escape(sentence))))


def _parts(comparison: SavedComparison) -> dict[str, Any]:
    ensemble = comparison.ensemble
    first, *others = labels(ensemble)
    card = weak.shipped()
    rows = list(parameter_rows(Assumptions))
    return {
        "title": f"{first} against {listed(others)}",
        "first": first,
        "question": _question(comparison),
        "pairs": [_pair(comparison, number) for number in range(1, len(ensemble.names))],
        "warnings": comparison.warnings,
        "ensemble": ensemble,
        "futures": [
            {
                "title": label,
                "name": one.name,
                "description": " ".join(one.scenario.description.split()),
                "told": list(told(one.scenario)),
                "entry": comparison.manifest["scenarios"][one.name],
            }
            for one, label in zip(ensemble.loaded, labels(ensemble), strict=True)
        ],
        "land": regions.land(),
        "map": {"width": regions.WIDTH, "height": regions.HEIGHT, "margin": regions.MARGIN},
        "case": case_study(comparison.folder),
        "pictures": pictures(comparison),
        "levers": tables.levers(comparison),
        "money": tables.money(comparison),
        "outlay": tables.outlay(comparison),
        "disclaimer": summary.disclaimer(comparison),
        "looked_at": summary.multiplicity_sentences(comparison),
        "scores": {
            "passed": card.passed(),
            "held": card.passed("held out"),
            "runs": card.runs,
            "missed": [weak.missed(score) for score in card.failures],
        },
        "assumed": {
            "n": len(rows),
            "unsourced": sum(row.source == ASSUMPTION for row in rows),
            "changed": list(_changed(comparison)),
        },
        "manifest": comparison.manifest,
        "files": {
            name: meaning for name, meaning in FILES.items() if (comparison.folder / name).is_file()
        },
    }


def _question(comparison: Comparison) -> str:
    first, *others = labels(comparison.ensemble)
    years = comparison.ensemble.years
    choice = ", ".join([f"under {first}", *(f"under {one}" for one in others[:-1])])
    return (
        f"After {years} years, is the value added of the North of England's innovation clusters "
        f"higher {choice} or under {others[-1]}?"
    )


def _pair(comparison: Comparison, baseline: int) -> Pair:
    ensemble = comparison.ensemble
    names = labels(ensemble)
    other, name = names[baseline], ensemble.names[baseline]
    return Pair(
        other,
        summary.headline_sentences(comparison)[baseline - 1],
        f"{_meaning(comparison.headline(name), other)} "
        f"{summary.tail_sentences(comparison).get(name, '')}".rstrip(),
        regions.regions(comparison, baseline),
        tables.milestones(
            comparison,
            name,
            f"Value added of the North's clusters: {names[0]} minus {other}; ahead: share of pairs",
        ),
        _crossings(comparison, baseline),
        tables.channels(comparison, baseline, f"Channels: {names[0]} against {other}"),
        tables.worth(comparison, baseline),
    )


def _meaning(row: Any, other: str) -> str:
    """The second sentence of the answer: how large it is, and what chance could do."""
    unit = str(row["unit"])
    size = (
        f"The mean difference is {quantity(row['estimate'], unit, signed=True)}, "
        f"{percent(row['relative'] / 100.0)} of the {quantity(row['baseline_mean'], unit)} under "
        f"{other}"
    )
    if not math.isfinite(row["low"]):
        return f"{size}; a single pair of runs cannot tell policy from luck."
    if is_sure(row):
        return f"{size}; the interval leaves out zero, so luck alone is an unlikely reason."
    return f"{size}; the interval includes zero, so luck alone could give it either sign."


def _crossings(comparison: Comparison, baseline: int) -> str:
    """Who is ahead in the headline at each milestone."""
    first, other = (labels(comparison.ensemble)[number] for number in (0, baseline))
    told: dict[str, list[str]] = {first: [], other: [], "neither": []}
    for row in records(
        comparison.paired,
        metric=HEADLINE_METRIC,
        region=HEADLINE_REGION,
        baseline=comparison.ensemble.names[baseline],
    ):
        ahead = first if row["estimate"] > 0 else other
        told[ahead if is_sure(row) else "neither"].append(f"year {row['year']}")
    parts = [f"{side} is surely ahead in {listed(years)}" for side, years in told.items() if years]
    return f"{first} against {other}: {'; '.join(parts)}."


def _changed(comparison: Comparison) -> Iterator[str]:
    """Every assumption that is not as in the code."""
    mine = comparison.ensemble.loaded[0].scenario.assumptions
    for row in parameter_rows(Assumptions):
        value: Any = mine
        for part in row.path.split("."):
            value = getattr(value, part)
        if value != row.default:
            yield f"{row.path} is {value} ({row.unit}); it is {row.default} in the code"
