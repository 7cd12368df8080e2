"""An appraisal as a page, tables and a figure; the strategic case and places first [110]."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sim.experiments.accounts import COLUMNS
from sim.experiments.appraisal import RECKONER, remaining
from sim.experiments.appraisal_cases import cases_of
from sim.experiments.appraisal_lines import Table, pair_name
from sim.experiments.appraisal_table import ACCOUNTS, STRATEGY, by_year, outside, poorer_areas
from sim.experiments.appraised import Appraisal
from sim.experiments.folder import Folder
from sim.experiments.store import versions
from sim.metrics.metric import UK
from sim.report import appraisal_words as words
from sim.report.appraisal_figure import figure
from sim.report.experiment_figure import shown
from sim.report.style import save
from sim.report.wording import listed, percent, quantity, region_name
from sim.world import sources

CAVEAT = (
    "Value added stands in for welfare, which it is not; benefits after the last year are not "
    "counted. A conditional scenario, not a forecast. Intervals are 90 %."
)
PAGE, FIGURE = "appraisal.md", "appraisal"
Rows = list[tuple[str, ...]]


def value_rows(appraisal: Appraisal, table: Table) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of value for money: every case of every option, and of their differences."""
    called = words.titles(appraisal)
    head = ("How it is counted", "Option", "Benefits", "Net present value", "Ratio")
    rows: Rows = []
    for case, kind in cases_of(appraisal).items():
        for number, option in enumerate(_all(appraisal)):
            value = table.of("value", option)
            ratio = value.get(("benefit-cost ratio", case))
            rows.append(
                (
                    kind.title if number == 0 else "",
                    called[option],
                    words.money(value["benefits", case]),
                    words.money(value["net present value", case]),
                    "" if ratio is None else words.ratio_words(ratio),
                )
            )
    return head, rows


def markdown(appraisal: Appraisal, table: Table) -> str:
    """The page."""
    sections = (_top, _strategy, _places, _value, _additionality, _switching, _method)
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
        {
            "command": command,
            "options": list(ensemble.names[:-1]),
            "against": ensemble.names[-1],
            "area": appraisal.area,
            "optimism_bias": appraisal.optimism_bias,
            "benefit_cut": appraisal.benefit_cut,
            "seed": ensemble.seed,
            "runs": ensemble.runs,
            "runs_planned": ensemble.planned,
            "is_complete": ensemble.is_complete,
            "years": ensemble.years,
            "warnings": appraisal.warnings,
            "versions": versions(),
            "scenarios": {
                one.name: {
                    "settled": one.scenario.model_dump(mode="json"),
                    "files": dict(one.text),
                }
                for one in ensemble.loaded
            },
        }
    )
    return place.finish()


def _tabled(head: tuple[str, ...], rows: Rows) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _all(appraisal: Appraisal) -> list[str]:
    """Options and pairs of them, in the order of columns."""
    options = [appraisal.ensemble.names[s] for s in appraisal.options]
    return options + [pair_name(appraisal, s) for s in appraisal.options[1:]]


def _heads(appraisal: Appraisal, first: str) -> tuple[str, ...]:
    called = words.titles(appraisal)
    return (first, *(called[one] for one in _all(appraisal)))


def _top(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    options = listed([called[a.ensemble.names[s]] for s in a.options])
    yield f"# Appraisal: {options} against {called[a.ensemble.names[-1]]}\n"
    for warning in a.warnings:
        yield f"> **{warning}**\n"
    for sentence in words.answers(a, table):
        yield f"- {sentence}"
    yield (
        "\nThis is a conditional scenario, not a forecast: it says what follows if the model's "
        "assumptions hold. Claims such as £7 for each £1 are not inputs of the model and are not "
        f"used here.\n\n{words.NOT_WELFARE}\n\n![{options}]({FIGURE}.png)\n"
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
                for one in _all(a)
            ),
        )
        for metric in STRATEGY
    ]
    yield from _tabled(_heads(a, "Last year"), rows)
    last = called[a.ensemble.names[-1]]
    for s in a.options:
        option = a.ensemble.names[s]
        yield f"- {words.strategic(a, table, option, f'{called[option]} against {last}')}"
        yield f"- {words.size(a, table, option)}"
    for s in a.options[1:]:
        pair = pair_name(a, s)
        yield f"- {words.strategic(a, table, pair, called[pair])}"
    yield "\nHigher is not always better: a gap and inequality are in the table too.\n"


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
        yield from _tabled(
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
        yield from _tabled(("Place", "change", "a head"), cells)


def _value(a: Appraisal, table: Table) -> Iterator[str]:
    yield (
        "## 3. Value for money\n\nBenefits are the change in the clusters' value added in every "
        "year, costs the change in public outlay (payments and overhead); both against the same "
        f"runs under {words.titles(a)[a.ensemble.names[-1]]}, at 3.5 % a year (3.0 % after year "
        "30) [108], £m at constant prices. The first case is the central one.\n"
    )
    yield from _tabled(*value_rows(a, table))
    for case, kind in cases_of(a).items():
        yield f"- *{kind.title}* ({case}): {kind.reason}."
    yield (
        "\nCategories by the national ratio: below 1 poor, 1 to 1.5 low, 1.5 to 2 medium, from 2 "
        "high [109], from 4 very high (from memory, not checked). A category follows from "
        "arithmetic on value added; it is no judgement of all that matters.\n"
    )
    yield f"Optimism bias in the cases above: {_optimism(a)}\n\nWhat was paid, present value:\n"
    rows = [
        (COLUMNS[column], *(words.money(table.of("money", one)[column, "all"]) for one in _all(a)))
        for column in ACCOUNTS
    ]
    yield from _tabled(_heads(a, "£m"), rows)


def _optimism(a: Appraisal) -> str:
    costs, cut = percent(a.optimism_bias), percent(a.benefit_cut)
    if a.optimism_bias == 0.0 and a.benefit_cut == 0.0:
        return (
            "none (the default). The money is a fixed sum that cannot be overspent, so that what "
            "can be too hopeful is the benefit; no rate for either has a checked source here. "
            "`--optimism-bias` and `--benefit-cut` set them; the two uplifts above show how much "
            "it could matter."
        )
    return (
        f"costs raised by {costs}, gains in value added cut by {cut}, as asked for; the two "
        "uplifts above are in place of that rise."
    )


def _additionality(a: Appraisal, table: Table) -> Iterator[str]:
    place = region_name(a.area)
    yield (
        "## 4. What is additional, what leaks, what is displaced\n\nRead from the paired runs, "
        "present value, £m. *Deadweight* is the growth that comes without the policy too.\n"
    )
    lines = [
        ("gross", a.area, f"Growth of {place} above its start"),
        ("deadweight", a.area, "of which without the policy: deadweight"),
        ("additional", a.area, f"Additional in {place}: the local column"),
        *(("elsewhere", one, f"Change in {_other(a, one)}") for one in outside(a)),
        ("net additional", UK, "Net additional, all thirteen regions: the national column"),
        ("from jobs", a.area, f"{place}: from more jobs at the old output a job"),
        ("from output a job", a.area, f"{place}: from output a job"),
        ("from jobs", UK, "Nationally: from jobs (not counted as additional by [106])"),
        ("from output a job", UK, "Nationally: from output a job"),
        ("rest of the economy", a.area, f"Beside the clusters: other trades of {place}"),
        ("rest of the economy", UK, "Beside the clusters: other trades of all regions"),
    ]
    rows: Rows = [
        (
            title,
            *(words.money(table.of("additionality", one)[item, where]) for one in _all(a)),
        )
        for item, where, title in lines
    ]
    yield from _tabled(_heads(a, "Present value"), rows)
    options = [a.ensemble.names[s] for s in a.options]
    for option in options:
        yield f"- {words.displaced(a, table, option)}"
    yield (
        "\nBeside the ready-reckoner, whose shares are from memory, not checked; the formula is "
        "that of [107], (1 − leakage)(1 − displacement), without substitution and multiplier. The "
        "runs show leakage and displacement only as their sum.\n"
    )
    titles = {
        ("share that remains nationally", UK): "Share of the area's gain that remains nationally",
        ("share of the money paid outside", a.area): f"Share of the money paid outside {place}",
        ("firms' own research per £ of outlay", a.area): f"Firms' own research per £, {place}",
        ("firms' own research per £ of outlay", UK): "Firms' own research per £, nationally",
        ("outlay per additional year of a job", a.area): f"Outlay per job-year, {place}",
        ("outlay per additional year of a job", UK): "Outlay per job-year, nationally",
    }
    called = words.titles(a)
    reckoner = [(level, remaining(*shares)) for level, shares in RECKONER.items()]
    read: Rows = []
    for key, title in titles.items():
        cells = []
        for option in options:
            unit = "£m a job-year" if "job" in title else "ratio"
            cells.append(words.read(table.of("additionality", option)[key], unit))
        beside = [percent(share) for _, share in reckoner] if "remains" in title else ["–"] * 3
        read.append((title, *cells, *beside))
    levels = [
        f"reckoner, {level} leakage {percent(leaks)} and displacement {percent(displaces)}"
        for level, (leaks, displaces) in RECKONER.items()
    ]
    yield from _tabled(("Read from the runs", *(called[one] for one in options), *levels), read)
    yield f"The same sector in {place} and elsewhere:\n"
    names = {one.id: one.name for one in sources.sectors()}
    for option in options:
        found = table.of("sectors", option)
        sectors: Rows = [
            (names.get(one, one), *(words.money(found[one, where]) for where in columns))
            for columns in [(a.area, "elsewhere", UK)]
            for one in a.ensemble.sectors[:-1]
        ]
        yield f"{called[option]}:\n"
        yield from _tabled(("Sector", place, "elsewhere", "all regions"), sectors)


def _other(a: Appraisal, code: str) -> str:
    is_inside = any(one.id == a.area and one.is_north for one in sources.regions())
    return "the rest of the North" if code == "north" and is_inside else region_name(code)


def _switching(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    yield (
        "## 5. What would turn the verdict\n\nBy how much benefits alone, or costs alone, would "
        "have to differ for the ratio to be 1, and for the two options to have the same net "
        "present value (benefits or costs of the first changed). Where the interval of a base "
        "includes zero no share of it has a value.\n"
    )
    rows: Rows = []
    for one in _all(a):
        found = table.of("switching", one)
        is_option = one in a.ensemble.names
        target = "ratio of 1" if is_option else "a tie"
        for case in ("national", "local"):
            cells = [words.turn(found[what, case], what) for what in ("benefits", "costs")]
            rows.append((called[one], f"{case}: {target}", *cells))
    yield from _tabled(("Option", "To reach", "by benefits alone", "by costs alone"), rows)


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
