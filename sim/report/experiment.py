"""An experiment told: what was asked, what theory expects, what the runs say; page and files."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.cells import cells
from sim.experiments.experiment import ExperimentStudy, Result
from sim.experiments.folder import Folder
from sim.experiments.results import files_entry, versions
from sim.experiments.verdict import Interval, Verdict
from sim.report.experiment_figure import figure, shown
from sim.report.markdown import LEFT, markdown_table
from sim.report.style import save
from sim.report.wording import listed, number, percent, quantity
from sim.scenario.experiments import Expectation

if TYPE_CHECKING:
    import pandas as pd

PAGE, FIGURE = "experiment.md", "experiment"
HEAD = ("claim", "expected", "found", "mechanism off", "beyond that", "verdict")


def verdict_sentence(study: ExperimentStudy) -> str:
    """What became of the first claim, which is the main one, and of all."""
    results = study.results
    main = f"{results[0].finding.claim}: {results[0].verdict}"
    if len(results) == 1:
        return main
    count = {one: sum(r.verdict is one for r in results) for one in Verdict}
    parts = [f"{n} {verdict}" for verdict, n in count.items() if n]
    return f"{main} (of {len(results)} claims, {listed(parts)})"


def multiplicity(study: ExperimentStudy) -> str:
    """How many claims were looked at, and which verdicts are not luck."""
    results = study.results
    told = [one for one in results if one.verdict is not Verdict.UNSURE]
    lost = [
        one.finding.claim
        for one, stands in zip(results, study.standing, strict=True)
        if one.verdict is not Verdict.UNSURE and not stands
    ]
    text = (
        f"Each of the {len(results)} claims is read by itself: of twenty that are false, one "
        f"emerges by luck. By intervals that hold for all of them at once (Bonferroni) "
        f"{len(told) - len(lost)} of the {len(told)} verdicts stand"
    )
    return f"{text}; not: {listed(lost)}." if lost else f"{text}."


def expected(result: Result) -> str:
    """The expectation in words."""
    finding = result.finding
    if finding.expect is Expectation.HUMP:
        return "highest in between"
    if finding.expect is Expectation.WITHIN:
        return " to ".join(quantity(end, result.unit) for end in (finding.low, finding.high))
    return f"{finding.expect} {number(finding.than)}"


def rows(study: ExperimentStudy) -> list[tuple[str, ...]]:
    """A row for each claim, under ``HEAD``."""
    out: list[tuple[str, ...]] = []
    for one in study.results:
        is_signed = len(one.finding.compare) > 1
        found = shown(one.found, one.unit, is_signed=is_signed)
        control = shown(one.control, one.unit, is_signed=is_signed)
        if one.hump is not None:
            peak = study.title_of(one.finding.compare[one.hump.peak])
            rise = shown(one.hump.rise, one.unit, is_signed=True)
            found = f"best at {peak}: {rise} above the first, {found} above the last"
        if one.control_hump is not None:
            control = f"hump {one.control_hump.verdict}"
        excess = shown(one.excess, one.unit, is_signed=True)
        out.append((one.finding.claim, expected(one), found, control, excess, str(one.verdict)))
    return out


def beside_sentences(study: ExperimentStudy) -> list[str]:
    """What each pair of arms differs by in the North's value added of the last year."""
    table = study.beside
    if not len(table):
        return []
    is_gva = (table.metric == "gva") & (table.against != "")
    out = []
    told = set[frozenset[str]]()
    for row in table[is_gva].to_dict("records"):
        both = frozenset((str(row["arm"]), str(row["against"])))
        if both in told:
            continue
        told.add(both)
        found = Interval(row["estimate"], row["low"], row["high"])
        pair = f"{study.title_of(str(row['arm']))} minus {study.title_of(str(row['against']))}"
        share = percent(row["relative"] / 100)
        out.append(f"{pair}: {shown(found, str(row['unit']), is_signed=True)}, {share}")
    return out


def markdown(study: ExperimentStudy) -> str:
    """The page of an experiment."""
    experiment, ensemble = study.loaded.experiment, study.ensemble
    lines = [f"# {experiment.title}", "", f"**{verdict_sentence(study)}.**", ""]
    lines += [f"*{experiment.question}*", "", " ".join(experiment.expected.split()), ""]
    lines += [f"**{warning}**\n" for warning in study.warnings]
    lines += [f"![{experiment.title}]({FIGURE}.png)", ""]
    lines += markdown_table(HEAD, rows(study), others=LEFT)
    lines.append("")
    if ensemble is not None:
        lines += [
            f"{ensemble.runs} runs of {ensemble.years} years for each of {len(ensemble.names)} "
            "arms, paired by their luck; intervals are 90 %, of luck alone. A claim emerged if its "
            "whole interval is as expected, and by more than with the mechanism off; it did not if "
            "the whole interval says otherwise. "
            f"{multiplicity(study)}",
            "",
        ]
        if not study.is_complete:
            lines += [f"**Interrupted: {ensemble.runs} of {ensemble.planned} runs.**", ""]
    if gva := beside_sentences(study):
        lines += ["Value added of the North's clusters in the last year:", ""]
        lines += [f"- {one}" for one in gva] + [""]
    sources = {one.finding.source for one in study.results if one.finding.source}
    if sources:
        told = "; ".join(sorted(sources))
        lines += [f"Expectations: {told} (numbers of docs/evidence.md).", ""]
    if experiment.crossed:
        lines += ["`cells.csv` has every combination against the mean of all.", ""]
    lines.append("`findings.csv` has the claims, `outcomes.csv` every comparison in every outcome.")
    return "\n".join(lines) + "\n"


def frame(study: ExperimentStudy) -> pd.DataFrame:
    """A row for each claim, as numbers."""
    import pandas as pd

    out = []
    for one, stands in zip(study.results, study.standing, strict=True):
        row: dict[str, Any] = {
            "finding": one.name,
            "claim": one.finding.claim,
            "compare": " ".join(one.finding.compare),
            "control": " ".join(one.finding.control),
            "outcome": one.finding.outcome,
            "unit": one.unit,
            "expect": str(one.finding.expect),
            "verdict": str(one.verdict),
            "stands_among_all": stands,
        }
        for name, interval in (
            ("found", one.found),
            ("control", one.control),
            ("excess", one.excess),
            ("rise", one.hump.rise if one.hump else None),
        ):
            for end in ("mean", "low", "high"):
                row[f"{name}_{end}"] = getattr(interval, end) if interval else math.nan
        out.append(row)
    return pd.DataFrame(out)


def write(place: Folder, study: ExperimentStudy, command: str) -> Path:
    """Fill a folder with tables, page, figure and manifest, and put it in its place."""
    loaded, ensemble = study.loaded, study.ensemble
    place.write_csv("findings.csv", frame(study))
    if ensemble is not None:
        place.write_csv("outcomes.csv", study.beside)
        if loaded.experiment.crossed:
            place.write_csv("cells.csv", cells(study))
    place.write_text(PAGE, markdown(study))
    drawn = figure(study, verdict_sentence(study))
    for kind in ("png", "svg"):
        place.write(f"{FIGURE}.{kind}", partial(save, drawn))
    made = {
        "command": command,
        "experiment": loaded.name,
        "seed": ensemble.seed if ensemble else None,
        "runs": ensemble.runs if ensemble else 0,
        "runs_planned": ensemble.planned if ensemble else 0,
        "years": ensemble.years if ensemble else 0,
        "verdicts": {one.name: str(one.verdict) for one in study.results},
        "versions": versions(),
        "files": files_entry(loaded.text),
    }
    place.write_manifest(made)
    return place.finish()
