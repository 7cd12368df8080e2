"""Every number of an appraisal: value for money, additionality, sectors, places, strategy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.appraisal import Vector, ratio, switching
from sim.experiments.appraisal_cases import Case, cases_of
from sim.experiments.appraisal_lines import MONEY, Line, Table, each_of, pair_name
from sim.experiments.appraised import Appraisal
from sim.experiments.statistics import discount_factors, drawn, estimate
from sim.metrics.metric import NORTH, UK
from sim.world import sources

if TYPE_CHECKING:
    import pandas as pd

#: What the strategic case looks at in the last year, all of the target area.
STRATEGY = (
    "gva",
    "jobs",
    "gva_per_job",
    "rd_business",
    "knowledge",
    "place_capital",
    "credibility",
    "gap_share_institutions",
    "theil_gva_per_head",
)
ACCOUNTS = ("budget", "spent", "overhead", "bid_cost", "unspent")


def table(appraisal: Appraisal) -> Table:
    """Every number of the appraisal."""
    sections = (_value, _money, _additionality, _sectors, _places, _strategy)
    return Table(tuple(line for section in sections for line in section(appraisal)))


def _value(a: Appraisal) -> Iterator[Line]:
    """Benefits, costs, what is left, their ratio; what would turn the verdict and the choice."""
    seed = a.ensemble.seed
    for name, kind in cases_of(a).items():
        cases = [kind.of(a, s) for s in a.options]
        for item, values in (
            ("benefits", [one.benefits for one in cases]),
            ("costs", [one.costs for one in cases]),
            ("net present value", [one.net for one in cases]),
        ):
            yield from each_of(a, "value", item, name, MONEY, values)
        for s, one in zip(a.options, cases, strict=True):
            option = a.ensemble.names[s]
            found = ratio(one.benefits, one.costs, seed)
            yield Line("value", option, "benefit-cost ratio", name, "ratio", found, "bootstrap")
            yield from _turns(option, name, one, one.net, seed)
        for s in a.options[1:]:
            gap, pair = cases[0].net - cases[s].net, pair_name(a, s)
            ahead = ratio((gap > 0.0).astype(float), np.ones_like(gap), seed)
            yield Line("value", pair, "ahead", name, "share", ahead, "bootstrap")
            yield from _turns(pair, name, cases[0], gap, seed)


def _turns(option: str, case: str, first: Case, gap: Vector, seed: int) -> Iterator[Line]:
    """By what part the first's benefits or costs must change for ``gap`` to close."""
    for item, base in (("benefits", first.benefits), ("costs", -first.costs)):
        found = switching(gap, base, seed)
        yield Line("switching", option, item, case, "share", found, "bootstrap")


def _money(a: Appraisal) -> Iterator[Line]:
    for column in ACCOUNTS:
        values = [a.today(a.paid(column, s)) for s in a.options]
        yield from each_of(a, "money", column, "all", MONEY, values)


def outside(a: Appraisal) -> tuple[str, ...]:
    """Where else the effects are looked for: the other areas of the North and the comparators."""
    comparators = tuple(one.id for one in sources.regions() if not one.is_north)
    places = comparators if a.area == NORTH else (NORTH, *comparators)
    return tuple(one for one in places if one != a.area)


def _elsewhere(a: Appraisal, place: str, option: int) -> Vector:
    """Change in value added (draws,) of a place, without the target area where it holds that."""
    whole = a.change("gva", place, option)
    if place == NORTH and any(one.id == a.area and one.is_north for one in sources.regions()):
        whole = whole - a.change("gva", a.area, option)
    return a.today(whole)


def _additionality(a: Appraisal) -> Iterator[Line]:
    section, seed = "additionality", a.ensemble.seed
    start = [a.ensemble.series("gva", a.area)[s][:, :1] for s in (*a.options, -1)]
    local = [a.today(a.change("gva", a.area, s)) for s in a.options]
    national = [a.today(a.change("gva", UK, s)) for s in a.options]
    gross = [a.today(a.accrued("gva", a.area, s) - start[s]) for s in a.options]
    anyway = a.today(a.accrued("gva", a.area, -1) - start[-1])
    for item, values in (
        ("gross", gross),
        ("deadweight", [anyway for _ in a.options]),
        ("additional", local),
    ):
        yield from each_of(a, section, item, a.area, MONEY, values)
    for place in outside(a):
        values = [_elsewhere(a, place, s) for s in a.options]
        yield from each_of(a, section, "elsewhere", place, MONEY, values)
    yield from each_of(a, section, "net additional", UK, MONEY, national)
    exports = [a.today(a.change("exports", UK, s)) for s in a.options]
    yield from each_of(a, section, "exports", UK, MONEY, exports)
    for place in (a.area, UK):
        causes = [a.by_cause(place, s) for s in a.options]
        for item, cause in (("from jobs", 0), ("from output a job", 1)):
            values = [a.today(one[cause]) for one in causes]
            yield from each_of(a, section, item, place, MONEY, values)
        around = [a.today(a.change("background_gva", place, s)) for s in a.options]
        yield from each_of(a, section, "rest of the economy", place, MONEY, around)
    for s in a.options:
        option = a.ensemble.names[s]
        paid = a.today(a.change("public_total", UK, s))
        away = paid - a.today(a.change("public_total", a.area, s))
        spent = a.today(a.paid("spent", s))
        shares = {
            ("share that remains nationally", UK): ratio(national[s], local[s], seed),
            ("effect elsewhere per £ in the area", UK): ratio(
                national[s] - local[s], local[s], seed
            ),
            ("share of the money paid outside", a.area): ratio(away, paid, seed),
        }
        for place in (a.area, UK):
            own = a.today(a.change("rd_business", place, s))
            shares["firms' own research per £ of outlay", place] = ratio(own, spent, seed)
        for (item, place), found in shares.items():
            yield Line(section, option, item, place, "ratio", found, "bootstrap")
        outlay = drawn(a.paid("spent", s).sum(axis=1), a.ensemble.groups)
        for place in (a.area, UK):
            years = drawn(a.change("jobs", place, s).sum(axis=1), a.ensemble.groups)
            found = ratio(outlay, years, seed)
            item, unit = "outlay per additional year of a job", "£m a job-year"
            yield Line(section, option, item, place, unit, found, "bootstrap")


def _sectors(a: Appraisal) -> Iterator[Line]:
    """What a sector gains in the area, and the same sector elsewhere."""
    local = [a.in_sectors(a.area, s) for s in a.options]
    whole = [a.in_sectors(UK, s) for s in a.options]
    for n, sector in enumerate(a.ensemble.sectors[:-1]):
        inside, everywhere = [one[n] for one in local], [one[n] for one in whole]
        elsewhere = [w - i for w, i in zip(everywhere, inside, strict=True)]
        for place, values in ((a.area, inside), ("elsewhere", elsewhere), (UK, everywhere)):
            yield from each_of(a, "sectors", sector, place, MONEY, values)


def _places(a: Appraisal) -> Iterator[Line]:
    """Who gains and who loses, with the share of each in the North's change and in the money."""
    seed = a.ensemble.seed
    north = [a.today(a.change("gva", NORTH, s)) for s in a.options]
    paid = [a.today(a.change("public_total", UK, s)) for s in a.options]
    poorer = [np.zeros_like(one) for one in north]
    below = poorer_areas()
    for region in sources.regions():
        values = [a.today(a.change("gva", region.id, s)) for s in a.options]
        yield from each_of(a, "places", "value added", region.id, MONEY, values)
        heads = [one / region.population for one in values]
        yield from each_of(a, "places", "value added a head", region.id, "£m a head", heads)
        if region.id in below:
            poorer = [p + v for p, v in zip(poorer, values, strict=True)]
        for s in a.options:
            option = a.ensemble.names[s]
            money = a.today(a.change("public_total", region.id, s))
            found = ratio(money, paid[s], seed)
            yield Line("places", option, "money", region.id, "share", found, "bootstrap")
            if region.is_north:
                found = ratio(values[s], north[s], seed)
                yield Line("places", option, "part", region.id, "share", found, "bootstrap")
    for s in a.options:
        found = ratio(poorer[s], north[s], seed)
        option = a.ensemble.names[s]
        yield Line("places", option, "part", "poorer areas", "share", found, "bootstrap")


def poorer_areas() -> tuple[str, ...]:
    """Areas of the North with less value added a head, of all trades, than the North has."""
    north = [one for one in sources.regions() if one.is_north]
    mean = sum(one.gva for one in north) / sum(one.population for one in north)
    return tuple(one.id for one in north if one.gva / one.population < mean)


def _strategy(a: Appraisal) -> Iterator[Line]:
    """Differences in the last year, which is what the future begins from."""
    units = {one.name: one.unit for one in a.ensemble.metrics}
    for metric in STRATEGY:
        last = a.ensemble.series(metric, a.area)[:, :, -1]
        values = [drawn(last[s] - last[-1], a.ensemble.groups) for s in a.options]
        yield from each_of(a, "strategy", metric, a.area, units[metric], values)


def by_year(a: Appraisal) -> pd.DataFrame:
    """Benefits and costs as they accrue, £m, not discounted, and the sum to date of what is left.

    ``net_to_date`` is discounted: the value that the appraisal would have if it ended that year.
    """
    import pandas as pd

    years, groups = a.ensemble.years, a.ensemble.groups
    factors = discount_factors(years)
    pages = []
    for s in a.options:
        page: dict[str, object] = {
            "option": a.ensemble.names[s],
            "year": np.arange(1, years + 1),
            "discount_factor": factors,
        }
        for name, flow in (
            ("national_value_added", a.change("gva", UK, s)),
            ("local_value_added", a.change("gva", a.area, s)),
            ("outlay", a.paid("spent", s)),
            ("bid_cost", a.paid("bid_cost", s)),
            ("net_to_date", a.net_to_date(s)),
        ):
            found = estimate(flow, groups=groups)
            page |= {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
        pages.append(pd.DataFrame(page))
    return pd.concat(pages, ignore_index=True)
