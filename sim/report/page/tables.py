"""Tables of the page: what differs between futures, through which channels, and for what money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiments.accounts import TOLERANCE
from sim.experiments.comparison import Comparison
from sim.experiments.levers import differing, value_at
from sim.experiments.milestones import HEADLINE_REGION
from sim.parameters import parameter_rows
from sim.quarter.fund.programmes import Programme
from sim.report import summary
from sim.report.page.records import Record, records
from sim.report.wording import account, ahead, is_sure, labels, quantity, span, stands
from sim.scenario import Scenario


@dataclass(frozen=True)
class Table:
    """Rows under a head, of which the first ``n_text`` columns are words and the rest numbers."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    n_text: int = 1


#: What the money goes through on its way to value added, in the order of the story.
CHANNELS = {
    "bids": "bids for awards in the year",
    "success_rate": "part of bids that win",
    "bid_cost_share": "cost of bids per £ of public money",
    "gap_share_institutions": "laboratories and catapults in a funding gap",
    "gap_months_each": "months in a gap, each research organisation",
    "broken_share": "part of promised money that was not paid",
    "credibility": "belief that promises are kept (0 to 1)",
    "horizon": "how far ahead holders believe that money lasts",
    "project_length": "planned length of new work",
    "staff_lost": "research staff let go or gone in the year",
    "researchers": "research staff",
    "mean_degree": "ties of a research organisation to partners",
    "rd_performed": "research performed in the year",
    "rd_business": "research that firms pay for themselves, in the year",
    "knowledge": "stock of knowledge, which fades if not renewed",
    "innovation_value": "value of the innovations of the year",
    "gva_per_job": "value added a year per job",
    "jobs": "jobs in the clusters",
}


#: The row that says whether a future has a programme.
WHOLE = "there at all"
#: What is said of levers without a unit.
_MEANINGS = {name: field.description or "" for name, field in Programme.model_fields.items()}
_MEANINGS[WHOLE] = "Whether the future has this programme."


def milestones(comparison: Comparison, baseline: str, caption: str) -> Table:
    """The headline difference at each milestone."""
    return Table(caption, *summary.milestone_rows(comparison, baseline))


def channels(comparison: Comparison, baseline: int, caption: str) -> Table:
    """What each future comes to in the channels in the last year, and the difference."""
    ensemble = comparison.ensemble
    names = labels(ensemble)
    head = (
        f"The North, year {ensemble.years}",
        names[0],
        names[baseline],
        "difference",
        "90 % interval",
        f"{names[0]} higher in",
        f"under {names[0]}",
    )
    here = {"region": HEADLINE_REGION, "year": ensemble.years}
    level = {
        (row["scenario"], row["metric"]): row["estimate"]
        for row in records(comparison.summary, **here)
    }
    name = ensemble.names[baseline]
    differences = {row["metric"]: row for row in records(comparison.paired, baseline=name, **here)}
    rows = []
    for metric, words in CHANNELS.items():
        if metric not in differences:
            continue  # such as the part of bids that win where nobody bids
        row = differences[metric]
        unit = str(row["unit"])
        own, other = (level.get((ensemble.names[s], metric), math.nan) for s in (0, baseline))
        verdict = "cannot be told"
        if is_sure(row) and not stands(row):
            verdict = "may be luck"
        elif is_sure(row):
            verdict = "▲ higher" if row["estimate"] > 0 else "▼ lower"
        cells = [quantity(own, unit), quantity(other, unit)]
        cells.append(quantity(row["estimate"], unit, signed=True))
        if unit != "share":  # the unit is said once, beside the name
            tail = cells[-1].partition(" ")[2]
            words += f" ({tail})" if tail not in words else ""
            cells = [cell.split(" ")[0] for cell in cells]
        rows.append((words, *cells, span(row, unit), ahead(row), verdict))
    return Table(caption, head, rows)


def money(comparison: Comparison) -> Table:
    """Budget, spent and delivered of each future."""
    caption = "The public money of all years, constant prices, mean over runs"
    return Table(caption, *summary.money_rows(comparison))


def levers(comparison: Comparison) -> Table:
    """Every lever in which the futures are not alike, with its unit."""
    ensemble = comparison.ensemble
    of_programmes = {row.path: row for row in parameter_rows(Programme)}
    of_scenarios = {row.path: row for row in parameter_rows(Scenario)}
    plain = [one.scenario.model_dump(mode="json") for one in ensemble.loaded]
    keys = dict.fromkeys(key for one in plain[1:] for key in differing(plain[0], one))
    rows: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        programme, path = "", key
        if key.startswith("programmes."):
            _, programme, path = f"{key}.".split(".", 2)
            path = path.rstrip(".") or WHOLE
        values = tuple(_value(value_at(one, key), path) for one in plain)
        row = (of_programmes if programme else of_scenarios).get(path)
        words = path.replace("_", " ").replace(".", ": ")
        if row is not None and row.unit:
            words = f"{words} ({row.unit})"
        meaning = row.meaning if row is not None else _MEANINGS.get(path, "")
        rows.setdefault((words, " ".join(meaning.split()), *values), []).append(programme)
    found = [
        (words, meaning, ", ".join(filter(None, where)) or "–", *values)
        for (words, meaning, *values), where in rows.items()
    ]
    head = ("Lever", "what it means", "programmes", *labels(ensemble))
    return Table("Levers; all others are alike", head, found, n_text=3)


def _value(value: Any, path: str = "") -> str:
    if path == WHOLE:
        return "–" if value is None else "yes"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}".replace("-", "−")
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or "none"
    if isinstance(value, dict):
        told = (f"{key} {_value(one)}" for key, one in value.items() if one is not None)
        return "; ".join(told)
    return "–" if value is None else str(value).replace("_", " ")


def outlay(comparison: Comparison) -> Table:
    """What each future spends, nominal and today's worth."""
    ensemble = comparison.ensemble
    money = _totals(comparison)
    head = (f"£m over {ensemble.years} years", "budget", "spent", "spent, present value at 3.5 %")
    rows = [
        (label, *(account(money[name][key]) for key in ("budget", "spent", "spent_present_value")))
        for name, label in zip(ensemble.names, labels(ensemble), strict=True)
    ]
    return Table(
        "Public outlay: payments to holders and the cost of running programmes", head, rows
    )


def worth(comparison: Comparison, baseline: int) -> str:
    """Value added a year for each £1m of outlay, as far as the result holds it."""
    ensemble = comparison.ensemble
    names = labels(ensemble)
    first, other = names[0], names[baseline]
    money = _totals(comparison)
    own, others = money[ensemble.names[0]], money[ensemble.names[baseline]]
    larger = max(own["budget"], others["budget"])
    row = comparison.headline(ensemble.names[baseline])
    if larger <= 0.0:
        return f"Neither {first} nor {other} spends public money."
    base = own["spent_present_value"]
    what = f"£{account(base)}m in all under {first}"
    if abs(own["budget"] - others["budget"]) > TOLERANCE * larger:
        base -= others["spent_present_value"]
        side = "more" if base > 0 else "less"
        what = (
            f"here the £{account(abs(base))}m that {first} spends {side} than {other}, since the "
            "budgets are not the same"
        )
    if abs(base) <= TOLERANCE * larger:
        return f"{first} and {other} spend alike, so that nothing can be said for each extra £1m."
    unit = f"{row['unit']} per £1m"
    each = {key: row[key] / abs(base) for key in ("estimate", "low", "high")}
    return (
        f"Value added in year {ensemble.years} under {first} differs from that under {other} by "
        f"{quantity(each['estimate'], unit, signed=True)} of outlay (90 % interval "
        f"{span(each, unit)}). "
        f"Outlay is at present value: {what}."
    )


def _totals(comparison: Comparison) -> dict[str, Record]:
    """The money of each scenario over all programmes and years, £m."""
    return {row["scenario"]: row for row in records(comparison.accounts, programme="all")}
