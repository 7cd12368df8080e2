"""The answer in plain words, uncertainty first: the same on the terminal and in summary.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.experiments.comparison import Comparison, Study
from sim.experiments.milestones import HEADLINE_METRIC, HEADLINE_REGION
from sim.experiments.statistics import LEVEL, few_of
from sim.report.markdown import markdown_table
from sim.report.wording import (
    account,
    answer,
    interval,
    is_sure,
    labels,
    listed,
    middle,
    number,
    percent,
    region_name,
    stands,
)
from sim.report.wording import quantity as in_units

if TYPE_CHECKING:
    import pandas as pd

# Secondary outcomes that the words tell, with what they are called.
OUTCOMES = {
    "gva": "value added of the clusters",
    "jobs": "jobs in the clusters",
    "gva_per_job": "value added per job",
    "rd_performed": "research performed",
    "rd_business": "research that firms pay for themselves",
    "innovation_value": "value of innovations",
    "knowledge": "knowledge stock",
    "gap_share_institutions": "laboratories and catapults in a gap",
    "credibility": "belief that promises are kept",
    "theil_gva_per_head": "inequality between regions (Theil)",
}
DISCLAIMER = (
    "This is a conditional scenario, not a forecast: it says what follows if the model's "
    "assumptions hold."
)
MONEY_ROWS = {
    "budget": "Budget",
    "spent": "Spent: payments and overhead",
    "spent_present_value": "Spent, present value at 3.5 %",
    "delivered": "Delivered: payments less cost of bids",
    "overhead": "Overhead",
    "bid_cost": "Cost of bids",
    "unspent": "Unspent at the end",
    "broken": "Promised and not paid",
}

#: Of the variance in a twentieth of the runs, from which a mean is said to hang on rare runs: of a
#: hundred normal runs five hold 0.28, and hardly ever 0.4. Of fewer than twenty runs one holds much
#: whatever their tails.
HEAVY_TAIL, ENOUGH_FOR_TAILS = 0.5, 20
#: Said of a difference that is sure by itself, and not among all that were looked at.
LUCK_MARK = ", may be luck"

Rows = list[tuple[str, ...]]


def disclaimer(study: Study) -> str:
    """What the results are not, and what their intervals hold."""
    n = len(study.ensemble.variants)
    if not n:
        return (
            f"{DISCLAIMER} The intervals hold the chance of the runs alone, not the doubt about "
            "parameters or about the model."
        )
    return (
        f"{DISCLAIMER} The runs took turns with {n} sets of parameters that fit the known facts "
        "about equally well: the intervals hold the doubt about parameters, as far as those sets "
        "show it, and the chance of the runs, but not the doubt about the model."
    )


def _at(comparison: Comparison, baseline: str, **where: object) -> pd.DataFrame:
    rows = comparison.paired[comparison.paired.baseline == baseline]
    for key, value in where.items():
        rows = rows[rows[key] == value]
    return rows


def headline_sentences(comparison: Comparison) -> list[str]:
    """One sentence for each pair: the answer to the question."""
    ensemble = comparison.ensemble
    first, *others = labels(ensemble)
    found = []
    for name, label in zip(ensemble.names[1:], others, strict=True):
        row = comparison.headline(name)
        found.append(answer(row, first, label, "value added", "the North's clusters") + ".")
    return found


def place_sentences(comparison: Comparison) -> list[str]:
    """Where the gains and losses are, for each pair."""
    ensemble = comparison.ensemble
    first, *others = labels(ensemble)
    found = []
    for name, label in zip(ensemble.names[1:], others, strict=True):
        rows = _at(comparison, name, metric=HEADLINE_METRIC, year=ensemble.years)
        rows = rows[~rows.region.isin(["north", "uk", "golden_triangle", "rest_of_uk"])]
        rows = rows.sort_values("estimate", ascending=False)
        sure = [row for _, row in rows.iterrows() if is_sure(row)]
        gain = [_place(row) for row in sure if row.estimate > 0]
        loss = [_place(row) for row in sure if row.estimate < 0]
        unsure = len(rows) - len(gain) - len(loss)
        for places, verb in ((gain, "gain"), (loss, "lose")):
            if places:
                ending = "s" if len(places) == 1 else ""
                found.append(f"Under {first} against {label}, {listed(places)} {verb}{ending}.")
        if unsure:
            found.append(
                f"In {unsure} of the {len(rows)} regions the difference between {first} and "
                f"{label} cannot be told from zero."
            )
    return found


def _place(row: pd.Series[float]) -> str:
    size = in_units(float(row["estimate"]), str(row["unit"]), signed=True)
    return f"{region_name(str(row['region']))} ({size}{'' if stands(row) else LUCK_MARK})"


def outcome_rows(comparison: Comparison, baseline: str) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of the table of outcomes of the North at the last year."""
    ensemble = comparison.ensemble
    head = ("Outcome, the North", f"year {ensemble.years}: difference", "90 % interval", "ahead in")
    rows: Rows = []
    for metric, name in OUTCOMES.items():
        found = _at(
            comparison, baseline, metric=metric, region=HEADLINE_REGION, year=ensemble.years
        )
        for _, row in found.iterrows():
            unit = str(row["unit"])
            mark = " (includes zero)"
            if is_sure(row):
                mark = "" if stands(row) else LUCK_MARK
            shown = interval(row, unit).removeprefix("90 % interval ")
            share = percent(float(row["share_scenario_ahead"]))
            rows.append((name, in_units(row["estimate"], unit, signed=True), shown + mark, share))
    return head, rows


def milestone_rows(comparison: Comparison, baseline: str) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of the headline difference at each milestone."""
    middle_one = f"median {_drawn(comparison)}"
    head = ("Year", "difference", "90 % interval", middle_one, "ahead in", "in per cent")
    rows: Rows = []
    found = _at(comparison, baseline, metric=HEADLINE_METRIC, region=HEADLINE_REGION)
    for _, row in found.iterrows():
        unit = str(row["unit"])
        rows.append(
            (
                str(int(row["year"])),
                in_units(row["estimate"], unit, signed=True),
                interval(row, unit).removeprefix("90 % interval "),
                middle(row, unit),
                percent(float(row["share_scenario_ahead"])),
                percent(float(row["relative"]) / 100.0),
            )
        )
    return head, rows


def money_rows(comparison: Study) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of the table of money, £m over all years."""
    ensemble = comparison.ensemble
    table = comparison.accounts
    rows_of = table[table.programme == "all"].set_index("scenario").to_dict("index")
    head = (f"£m over {ensemble.years} years", *labels(ensemble))
    rows: Rows = [
        (text, *(account(rows_of[name][key]) for name in ensemble.names))
        for key, text in MONEY_ROWS.items()
    ]
    return head, rows


def method(comparison: Study) -> str:
    """How the numbers came about, in three sentences."""
    ensemble = comparison.ensemble
    first = labels(ensemble)[0]
    if len(ensemble.names) == 1:
        return f"{ensemble.runs} runs from seed {ensemble.seed}, {ensemble.years} years each."
    return (
        f"{ensemble.runs} paired runs from seed {ensemble.seed}; in each, all futures start from "
        f"the same state and meet the same luck. Differences are {first} minus the other. "
        f"Intervals are {LEVEL:.0%} t intervals of the mean over runs. The headline is the value "
        "added of the North's clusters in the last year; it was chosen before any result, and "
        "the other outcomes are secondary."
    )


def multiplicity_sentences(comparison: Comparison) -> list[str]:
    """How many differences were looked at beside the headline, and how many are not luck."""
    ensemble = comparison.ensemble
    paired, found = comparison.paired, []
    for name, label in zip(ensemble.names[1:], labels(ensemble)[1:], strict=True):
        rows = paired[(paired.baseline == name) & (paired.role == "secondary")]
        rows = rows[rows.q.notna()]
        if not len(rows):
            continue
        n, alone = len(rows), int(((rows.low > 0) | (rows.high < 0)).sum())
        standing = int((rows.q <= 0.1).sum())
        # What is the same in every run, as most often nothing, cannot stand out by luck.
        varied = int((rows.high > rows.low).sum())
        and_varied = "" if varied == n else f"; {varied:,} of them vary from run to run"
        found.append(
            f"Beside the headline {n:,} differences to {label} were looked at (outcomes × regions "
            f"× years{and_varied}). By their own 90 % intervals {alone:,} stand out, where about "
            f"{round(0.1 * varied):,} would by luck alone if nothing differed. Corrected for their "
            f"number (Benjamini and Hochberg, q of at most 10 %) {standing:,} stand, of which one "
            f"in ten is expected to be luck; what does not is marked{LUCK_MARK}."
        )
    return found


def luck_sentences(comparison: Comparison) -> list[str]:
    """What it is worth that paired runs meet the same luck, for each pair."""
    found = comparison.common_luck.items()
    names = dict(zip(comparison.scenarios, labels(comparison.ensemble), strict=True))
    return [
        f"With independent runs, each future with a world and luck of its own, the variance of "
        f"the headline's difference to {names[name]} would be {number(ratio)} times as large, and "
        "so would be the number of runs for the same interval."
        for name, ratio in found
        if math.isfinite(ratio)
    ]


def tail_sentences(comparison: Comparison) -> dict[str, str]:
    """A warning, by baseline, where the mean of the headline's differences hangs on rare draws."""
    ensemble = comparison.ensemble
    groups, one = ensemble.groups, _drawn(comparison)
    names = dict(zip(comparison.scenarios, labels(ensemble), strict=True))
    found = {}
    for name, share in comparison.tails.items():
        row = comparison.headline(name)
        n = int(row["n"]) if groups is None else len(set(groups.tolist()))
        if is_heavy(share, n):
            middle = (float(row[key]) for key in ("median", "median_low", "median_high"))
            what = f"the difference to {names[name]}"
            found[name] = tail_warning(share, n, one, what, middle, str(row["unit"]))
    return found


def is_heavy(tail: float, n: int) -> bool:
    """Whether a mean of ``n`` draws hangs on a few of them, by their ``tail_share``."""
    return tail > HEAVY_TAIL and n >= ENOUGH_FOR_TAILS


def tail_warning(
    tail: float, n: int, one: str, what: str, middle: Iterable[float], unit: str
) -> str:
    """What to say then of ``what``, with its median and the ends of that.

    ``one`` of the draws is a run, or a set of parameters.
    """
    of = " of parameters" if one == "set" else ""
    size, low, high = (in_units(value, unit, signed=True) for value in middle)
    return (
        f"{few_of(n)} of the {n} {one}s{of} hold {percent(tail)} of the variance of {what}: the "
        f"mean hangs on rare {one}s, and others may move it by more than its interval says. In the "
        f"median {one} it is {size} (90 % interval {low} to {high})."
    )


def _drawn(comparison: Comparison) -> str:
    """What intervals are over: a run, or a set of parameters."""
    return "run" if comparison.ensemble.groups is None else "set"


def level_rows(study: Study) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of what each scenario reaches by itself: the North at the milestones."""
    ensemble = study.ensemble
    years = ensemble.milestones()
    several = len(ensemble.names) > 1
    head = ("Outcome, the North", *(f"year {year}" for year in years))
    table = study.summary[study.summary.region == HEADLINE_REGION]
    rows: Rows = []
    for name, label in zip(ensemble.names, labels(ensemble), strict=True):
        of_name = table[table.scenario == name]
        for metric, text in OUTCOMES.items():
            found = of_name[of_name.metric == metric]
            values = {
                int(year): in_units(float(value), str(unit))
                for year, value, unit in zip(found.year, found.estimate, found.unit, strict=True)
            }
            cells = (values.get(year, "–") for year in years)
            rows.append((f"{text}, {label}" if several else text, *cells))
    return head, rows


def markdown(study: Study, figures: Sequence[str] = ()) -> str:
    """The whole summary as Markdown."""
    return "\n".join(_lines(study, figures)) + "\n"


def _lines(study: Study, figures: Sequence[str]) -> Iterator[str]:
    yield f"# {' against '.join(labels(study.ensemble))}"
    for warning in study.warnings:
        yield f"\n> **{warning}**"
    if isinstance(study, Comparison):
        yield from _pairs(study)
    else:
        yield f"\n{disclaimer(study)}\n\n## What it reaches\n"
        yield from markdown_table(*level_rows(study))
    yield "\n## The money\n"
    yield from markdown_table(*money_rows(study))
    yield "\nAwards of the common past are in every column; means over runs.\n"
    yield f"## How it was done\n\n{method(study)}"
    if isinstance(study, Comparison):
        yield from luck_sentences(study)
        for sentence in multiplicity_sentences(study):
            yield f"\n{sentence}"
    for figure in figures:
        yield f"\n![{figure}](figures/{figure}.png)"


def _pairs(comparison: Comparison) -> Iterator[str]:
    ensemble = comparison.ensemble
    names = labels(ensemble)
    yield "\n## The answer\n"
    yield "\n".join(headline_sentences(comparison))
    for sentence in tail_sentences(comparison).values():
        yield f"\n{sentence}"
    yield "\n" + "\n".join(place_sentences(comparison))
    yield f"\n{disclaimer(comparison)}"
    for name, label in zip(ensemble.names[1:], names[1:], strict=True):
        yield f"\n## {names[0]} minus {label}\n"
        yield "Value added of the North's clusters, the headline:\n"
        yield from markdown_table(*milestone_rows(comparison, name))
        yield ""
        yield from markdown_table(*outcome_rows(comparison, name))
