"""An appraisal as a page, tables and a figure; the strategic case and places first [110]."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sim.experiments.appraisal_lines import Table, pair_name
from sim.experiments.appraisal_table import STRATEGY, by_year, poorer_areas
from sim.experiments.appraised import Appraisal
from sim.experiments.comparison import Study
from sim.experiments.folder import Folder
from sim.experiments.results import manifest
from sim.metrics.metric import NORTH
from sim.report import appraisal_words as words
from sim.report.appraisal_additionality import additionality
from sim.report.appraisal_figure import figure
from sim.report.appraisal_value import Rows, all_of, heads, switching, tabled, value
from sim.report.experiment_figure import shown
from sim.report.style import save
from sim.report.wording import listed, percent, quantity, region_name
from sim.world import sources

CAVEAT = (
    "Value added stands in for welfare, which it is not; benefits after the last year are not "
    "counted. A conditional scenario, not a forecast. Intervals are 90 %."
)
PAGE, FIGURE = "appraisal.md", "appraisal"


def markdown(appraisal: Appraisal, table: Table) -> str:
    """The page."""
    sections = (_top, _strategy, _places, value, additionality, switching, _method)
    return "\n".join(line for one in sections for line in one(appraisal, table)) + "\n"


def write(place: Folder, appraisal: Appraisal, table: Table, command: str) -> Path:
    """Fill a folder with page, tables, figure and manifest, and put it in its place."""
    ensemble = appraisal.ensemble
    place.write_csv("appraisal.csv", table.frame())
    place.write_csv("appraisal_by_year.csv", by_year(appraisal))
    drawn = figure(appraisal, table)
    for kind in ("png", "svg"):
        place.write(f"{FIGURE}.{kind}", partial(save, drawn))
    place.write_text(PAGE, markdown(appraisal, table))
    place.write_manifest(
        manifest(Study(ensemble), command)
        | {
            "sign": f"benefits and costs are those of an option less those of {ensemble.names[-1]}",
            "options": list(ensemble.names[:-1]),
            "against": ensemble.names[-1],
            "area": appraisal.area,
            "optimism_bias": appraisal.optimism_bias,
            "benefit_cut": appraisal.benefit_cut,
            "warnings": appraisal.warnings,
        }
    )
    return place.finish()


def _top(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    options = listed([called[a.ensemble.names[s]] for s in a.options])
    yield f"# Appraisal: {options} against {called[a.ensemble.names[-1]]}\n"
    for warning in a.warnings:
        yield f"> **{warning}**\n"
    for sentence in words.answers(a, table):
        yield f"- {sentence}"
    yield (
        "\nIn brackets behind each number is its 90 % interval. This is a conditional scenario, "
        "not a forecast: it says what follows if the model's assumptions hold. Claims such as £7 "
        "for each £1 are not inputs of the model and are not used here.\n\n"
        f"{words.NOT_WELFARE}\n\n![{options}]({FIGURE}.png)\n"
    )


def _strategy(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    units = {one.name: one.unit for one in a.ensemble.metrics}
    place = region_name(a.area)
    yield (
        "## 1. Strategic case\n\nFirst, because reviews found appraisals weak on places and on "
        "transformational change, and too much about the ratio [110]. What is different in "
        f"{place} in year {a.ensemble.years}, from which the future goes on:\n"
    )
    rows = [
        (
            words.NAMES[metric],
            *(
                shown(table.of("strategy", one)[metric, a.area], units[metric], is_signed=True)
                for one in all_of(a)
            ),
        )
        for metric in STRATEGY
        if not (a.area != NORTH and metric.startswith("theil"))  # one place has no inequality
    ]
    yield from tabled(heads(a, "Last year"), rows)
    last = called[a.ensemble.names[-1]]
    for s in a.options:
        option = a.ensemble.names[s]
        yield f"- {words.strategic(a, table, option, f'{called[option]} against {last}')}"
        yield f"- {words.size(a, table, option)}"
    for s in a.options[1:]:
        pair = pair_name(a, s)
        yield f"- {words.strategic(a, table, pair, called[pair])}"
    yield (
        "\nHigher is not always better: inequality and gaps are in the table too, and where there "
        "is no policy there is little money to miss.\n"
    )


def _places(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    regions = sorted(sources.regions(), key=lambda one: one.gva / one.population)
    people = sum(one.population for one in regions if one.is_north)
    yield (
        "## 2. Who gains, and where\n\nPresent value of the change in the clusters' value added, "
        "by place, those with the least value added a head (of all trades) first. Parts are of "
        "the North's people, of the money paid, and of the North's change. No distributional "
        "weights: the evidence that this project rests on gives none.\n"
    )
    for s in a.options:
        option = a.ensemble.names[s]
        found = table.of("places", option)
        rows: Rows = []
        for one in regions:
            part = percent(one.population / people) if one.is_north else "–"
            own = words.part(found["part", one.id]) if one.is_north else "–"
            rows.append(
                (
                    region_name(one.id),
                    f"£{1e6 * one.gva / one.population:,.0f}",
                    part,
                    words.part(found["money", one.id]),
                    words.money(found["value added", one.id]),
                    own,
                    shown(found["value added a head", one.id], "£m a head", is_signed=True),
                )
            )
        yield f"{called[option]} against {called[a.ensemble.names[-1]]}:\n"
        yield from tabled(
            ("Place", "GVA a head", "people", "money", "change", "part of change", "a head"), rows
        )
        poorer = words.part(found["part", "poorer areas"])
        share = sum(one.population for one in regions if one.id in poorer_areas()) / people
        yield (
            f"The {len(poorer_areas())} areas with less value added a head than the North has "
            f"({percent(share)} of its people) have {poorer} of its change.\n"
        )
    for s in a.options[1:]:
        pair = pair_name(a, s)
        found = table.of("places", pair)
        cells: Rows = [
            (
                region_name(one.id),
                words.money(found["value added", one.id]),
                shown(found["value added a head", one.id], "£m a head", is_signed=True),
            )
            for one in regions
        ]
        yield f"{called[pair]}:\n"
        yield from tabled(("Place", "change", "a head"), cells)


def _method(a: Appraisal, table: Table) -> Iterator[str]:
    ensemble = a.ensemble
    bids = listed(
        [
            quantity(table.of("money", ensemble.names[s])["bid_cost", "all"].mean, "£m")
            for s in a.options
        ]
    )
    yield "## 6. How it was done, and what is not in it\n"
    yield (
        f"- {ensemble.runs} paired runs of {ensemble.years} years from seed {ensemble.seed}; every "
        "future of a run starts from the same state and meets the same luck. Intervals of sums "
        "and differences are 90 % t intervals over runs; those of ratios and switching values are "
        "90 % percentile intervals of SciPy's bootstrap over runs (9,999 resamples, seeded), "
        "which are somewhat too narrow when runs are few."
    )
    if ensemble.variants:
        yield (
            f"- The runs took turns with {len(ensemble.variants)} sets of parameters; intervals "
            "are over the sets and hold that doubt too, but not the doubt about the model."
        )
    else:
        yield "- Intervals hold luck alone: neither doubt about parameters nor about the model."
    yield (
        "- Value added of a year is the mean of its rates at the year's two ends. The first year "
        f"is not discounted. **Benefits after year {ensemble.years} are not counted**, and what "
        "is left then (section 1) is worth something; nor are payments after it.\n"
        "- Transfers: all outlay counts as a cost, as if it used up resources. A pound that only "
        "takes the place of a firm's own pound moves money and uses nothing, so that costs are, if "
        "anything, too high for that part (from memory, not checked). Taxes and the cost of "
        "raising them are not in the model.\n"
        f"- Bids cost bidders {bids} in present value. It is shown and not taken off in the "
        "central case: it is staff time, which is lost to research in the model already.\n"
        "- Universities' and catapults' own output is not in value added, only what their work "
        "does for firms.\n"
        "- The comparators are drawn more coarsely than the North, which makes the national "
        "column less sure than the local one.\n"
        "- Not appraised: the commercial, financial and management cases; environment, health, "
        "and equality beyond places (from memory, not checked).\n"
        "- `appraisal.csv` has every number, `appraisal_by_year.csv` the path of benefits and "
        "costs. Numbers in [brackets] are sources of docs/evidence.md; docs/appraisal.md has every "
        "rule with its source."
    )
