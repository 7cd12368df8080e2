"""Additionality on the page of an appraisal: what is new, what leaks, what is displaced."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments.appraisal import RECKONER, remaining
from sim.experiments.appraisal_lines import Table
from sim.experiments.appraisal_table import outside
from sim.experiments.appraised import Appraisal
from sim.metrics.metric import UK
from sim.report import appraisal_words as words
from sim.report.appraisal_value import Rows, all_of, heads, tabled
from sim.report.wording import percent, region_name
from sim.world import sources


def additionality(a: Appraisal, table: Table) -> Iterator[str]:
    place = region_name(a.area)
    yield (
        "## 4. What is additional, what leaks, what is displaced\n\nRead from the paired runs, "
        "present value, £m. *Deadweight* is the growth that comes without the policy too.\n"
    )
    lines = [
        ("gross", a.area, f"Growth of {place} above its start"),
        ("deadweight", a.area, "of which without the policy: deadweight"),
        ("additional", a.area, f"Additional in {place}: the local column"),
        *(("elsewhere", one, f"Change elsewhere: {_other(a, one)}") for one in outside(a)),
        ("net additional", UK, "Net additional, all thirteen regions: the national column"),
        ("from jobs", a.area, f"{place}: from more jobs at the old output a job"),
        ("from output a job", a.area, f"{place}: from output a job"),
        ("exports", UK, "Nationally: of which exports"),
        ("from jobs", UK, "Nationally: from jobs (not counted as additional by [106])"),
        ("from output a job", UK, "Nationally: from output a job"),
        ("rest of the economy", a.area, f"Beside the clusters: other trades of {place}"),
        ("rest of the economy", UK, "Beside the clusters: other trades of all regions"),
    ]
    rows: Rows = [
        (
            title,
            *(words.money(table.of("additionality", one)[item, where]) for one in all_of(a)),
        )
        for item, where, title in lines
    ]
    yield from tabled(heads(a, "Present value"), rows)
    yield (
        "Home demand in each sector is given in this model: what one firm gains at home another "
        "loses, so that displacement at home is assumed and not found, and a national gain is one "
        "of exports (docs/model.md). The split into jobs and output a job is made on totals: it "
        "holds shifts of jobs between trades too. Growth itself is as unsure as luck; the "
        "differences are surer, because the runs are paired.\n"
    )
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
        cells = [words.read(table.of("additionality", one)[key], title) for one in options]
        beside = [percent(share) for _, share in reckoner] if "remains" in title else ["–"] * 3
        read.append((title, *cells, *beside))
    levels = [
        f"reckoner, {level}: L {percent(leaks)}, Dp {percent(displaces)}"
        for level, (leaks, displaces) in RECKONER.items()
    ]
    yield from tabled(("Read from the runs", *(called[one] for one in options), *levels), read)
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
        yield from tabled(("Sector", place, "elsewhere", "all regions"), sectors)


def _other(a: Appraisal, code: str) -> str:
    is_inside = any(one.id == a.area and one.is_north for one in sources.regions())
    return "the rest of the North" if code == "north" and is_inside else region_name(code)
