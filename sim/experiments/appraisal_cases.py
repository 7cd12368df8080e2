"""Ways to count the same runs as benefits and costs, from the central case to its sensitivities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.experiments.appraisal import LONG_HORIZON, LOWER_RATE, UPLIFTS, Vector
from sim.experiments.appraised import Appraisal
from sim.metrics.metric import UK


@dataclass(frozen=True)
class Case:
    """Benefits and costs of one option as present values (draws,), £m."""

    benefits: Vector
    costs: Vector

    @property
    def net(self) -> Vector:
        """Net present social value, as far as value added stands for it."""
        return self.benefits - self.costs


@dataclass(frozen=True)
class CaseKind:
    """A way to count: its title, why it is shown, and how benefits and costs come about."""

    title: str
    reason: str
    of: Callable[[Appraisal, int], Case]


def _national(a: Appraisal, option: int) -> Case:
    return Case(a.benefits(a.change("gva", UK, option)), a.costs(option))


def _local(a: Appraisal, option: int) -> Case:
    return Case(a.benefits(a.change("gva", a.area, option)), a.costs(option))


def _productivity(a: Appraisal, option: int) -> Case:
    return Case(a.benefits(a.by_cause(UK, option)[1]), a.costs(option))


def _wider(a: Appraisal, option: int) -> Case:
    both = a.change("gva", UK, option) + a.change("background_gva", UK, option)
    return Case(a.benefits(both), a.costs(option))


def _bids(a: Appraisal, option: int) -> Case:
    plain = _national(a, option)
    return replace(plain, benefits=plain.benefits - a.today(a.paid("bid_cost", option)))


def _own_research(a: Appraisal, option: int) -> Case:
    plain = _national(a, option)
    own = a.today(a.change("rd_business", UK, option))
    return replace(plain, benefits=plain.benefits - own)


def _uplift(share: float) -> Callable[[Appraisal, int], Case]:
    def of(a: Appraisal, option: int) -> Case:
        return _national(replace(a, optimism_bias=share), option)

    return of


def _lower_rate(a: Appraisal, option: int) -> Case:
    benefits = a.benefits(a.change("gva", UK, option), LOWER_RATE)
    return Case(benefits, a.costs(option, LOWER_RATE))


#: Ways to count the same runs; the first is the central one.
CASES: Mapping[str, CaseKind] = {
    "national": CaseKind(
        "National: the clusters of all thirteen regions",
        "the central case: gains and losses of all regions, comparators included",
        _national,
    ),
    "local": CaseKind(
        "Local: the target area alone",
        "what the area sees; what others lose by it is not counted",
        _local,
    ),
    "productivity": CaseKind(
        "National, output a job alone",
        "extra local jobs are not taken to raise national employment [106]",
        _productivity,
    ),
    "wider": CaseKind(
        "National, with the rest of the economy",
        "adds the jobs that clusters bring to or take from other local trades",
        _wider,
    ),
    "bids": CaseKind(
        "National, less the cost of bids",
        "bidders' cost; their lost time lowers value added already, so this counts it twice",
        _bids,
    ),
    "own_research": CaseKind(
        "National, less firms' own extra research",
        "what firms pay for it is a cost of the gain that value added does not show",
        _own_research,
    ),
    **{
        f"uplift_{100 * share:.0f}": CaseKind(
            f"National, costs {100 * share:.0f} % higher",
            "optimism bias, upper end of a range (from memory, not checked)",
            _uplift(share),
        )
        for share in UPLIFTS
    },
    "lower_rate": CaseKind(
        "National, at 3.0 % throughout",
        "lower rate for horizons beyond 50 years [108]",
        _lower_rate,
    ),
}


def cases_of(appraisal: Appraisal) -> dict[str, CaseKind]:
    """The cases that the horizon calls for."""
    is_long = appraisal.ensemble.years > LONG_HORIZON
    return {name: one for name, one in CASES.items() if is_long or name != "lower_rate"}
