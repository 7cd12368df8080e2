"""What an experiment says: futures to compare, what is measured in them, what theory expects.

The futures (arms) are scenarios written inside the file; ``experiment_loading.py`` reads them. An
expectation is stated with its source before anything is run, so that the verdict is arithmetic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field, ValidationInfo, model_validator

from sim.metrics.history import METRICS
from sim.metrics.metric import NORTH, UK
from sim.parameters import Parameters, quantity
from sim.quarter import Assumptions
from sim.scenario.crossing import MOST_ARMS, OF_CELLS, arm_name, combinations, n_arms, pooled
from sim.scenario.models import Conflict, Location, Name, tell_conflicts
from sim.world import sources


class Expectation(StrEnum):
    """What theory says of a difference or a level."""

    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"
    HUMP = "hump"


class Across(StrEnum):
    """One number from the values of the North's regions."""

    NONE = "none"
    SPREAD = "spread"
    CAPACITY = "capacity"


class Holder(StrEnum):
    """Who lives through an imposed gap."""

    LABORATORY = "laboratory"
    CATAPULT = "catapult"
    FIRM = "firm"


class FigureKind(StrEnum):
    """How an experiment is drawn."""

    DIFFERENCES = "differences"
    OVER_TIME = "over_time"
    DOSES = "doses"
    MATRIX = "matrix"


class Outcome(Parameters):
    """What is measured in every arm."""

    metric: str = "gva"
    """A metric (docs/metrics.md)."""
    title: str = ""
    """Heading in figures and tables."""
    area: str = NORTH
    """A region, north or uk."""
    last_years: int = quantity(1, "years", ge=1, le=60)
    """The mean of so many years, the last one included."""
    since_start: bool = False
    """Whether the value of the start is taken off."""
    per: str = ""
    """A metric to divide by, over the same years."""
    across: Across = Across.NONE
    """Over the North's regions: ``spread`` is the standard deviation of the log; ``capacity`` the
    elasticity to the bid capacity that a region has at the start."""


class Case(Parameters):
    """An organisation that lives through three months without its first grant."""

    title: str
    """A short title for figures and tables."""
    holder: Holder = Holder.LABORATORY
    """Its kind."""
    grants: tuple[float, ...] = (1.0,)
    """Its grants, £m a quarter; the terms of several are spread over time."""
    income: float = quantity(0.05, "£m a quarter", ge=0)
    """What it has beside grants: base income, or a firm's own research."""
    cash: float = quantity(1.0 / 3.0, "£m", ge=0)
    """Cash or reserve at the start; a firm's is kept there."""
    award_length: float = quantity(1.0, "years", ge=0.25, le=10)
    """Term of a grant."""
    assumptions: Assumptions = Field(default_factory=Assumptions)
    """How the world works for it."""


class Finding(Parameters):
    """One claim, and the numbers that decide on it."""

    claim: str
    """What theory expects, in a sentence."""
    compare: tuple[str, ...]
    """Names of arms, of levels (``length.long``: the mean of all arms with it) or of cases: one for
    its level, two for the first minus the second, three or more in the order of a rising dose for
    a hump."""
    control: tuple[str, ...] = ()
    """The same with the mechanism off. The claim must hold by more than it does here."""
    outcome: str = ""
    """The outcome that decides; of cases it is always the spending lost."""
    expect: Expectation
    """above or below ``than``, within ``low`` and ``high``, or a hump."""
    than: float = quantity(0.0, "unit of the outcome")
    """What the difference is held against."""
    low: float = quantity(0.0, "unit of the outcome")
    """Lower end of what is accepted, where ``within`` is expected."""
    high: float = quantity(0.0, "unit of the outcome")
    """Upper end of it."""
    source: str = ""
    """Where the expectation comes from: numbers of docs/evidence.md."""


class Experiment(Parameters):
    """A question put to the model, with what theory expects of the answer."""

    @property
    def all_arms(self) -> list[str]:
        """Names of the arms, those by crossing last."""
        return [*self.arms, *(arm_name(one) for one in combinations(self.crossed))]

    title: str
    """A short title."""
    question: str
    """What is asked, in a sentence."""
    expected: str = ""
    """What should emerge and why, with sources."""
    figure: FigureKind = FigureKind.DIFFERENCES
    """How the result is drawn."""
    runs: int = quantity(20, "runs", ge=1, le=100_000)
    """Runs of every arm, with the same luck in all."""
    years: int = quantity(25, "years", ge=1, le=60)
    """Years that are lived."""
    common: dict[str, object] = Field(default_factory=dict)
    """Keys of a scenario that hold for every arm, over what the arm extends."""
    arms: dict[Name, dict[str, object]] = Field(default_factory=dict)
    """The futures by name: scenarios, which may extend one another."""
    crossed: dict[Name, dict[Name, dict[str, object]]] = Field(default_factory=dict)
    """Factors, each with its levels by name, which are keys of a scenario: every combination of one
    level of each is an arm, such as ``long-formula``. In a claim ``length.long`` is the mean of all
    arms with this level. A level may have a title of its own."""
    cases: dict[Name, Case] = Field(default_factory=dict)
    """Organisations with an imposed gap, by name."""
    outcomes: dict[Name, Outcome] = Field(default_factory=dict)
    """What is measured, by name."""
    findings: dict[Name, Finding] = Field(default_factory=dict)
    """The claims, by name."""

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Experiment:
        tell_conflicts(conflicts(self), info)
        return self


def conflicts(experiment: Experiment) -> Iterator[Conflict]:
    """Everything in ``experiment`` that does not go together."""
    if not experiment.findings:
        yield Conflict((("findings",),), "nothing is claimed", "at least one finding")
    yield from _of_crossing(experiment)
    both = sorted(set(experiment.all_arms) & set(experiment.cases))
    for name in both:
        found = f"'{name}' is both an arm and a case"
        yield Conflict((("cases", name),), found, "a name of its own")
    for name, outcome in experiment.outcomes.items():
        yield from _of_outcome(experiment, ("outcomes", name), outcome)
    for name, finding in experiment.findings.items():
        yield from _of_finding(experiment, ("findings", name), finding)


def _of_crossing(experiment: Experiment) -> Iterator[Conflict]:
    for factor, levels in experiment.crossed.items():
        if len(levels) < 2:
            yield Conflict((("crossed", factor),), f"{len(levels)} levels", "two or more")
        if factor in OF_CELLS:
            found = f"'{factor}' is a column of cells.csv already"
            yield Conflict((("crossed", factor),), found, "another name of the factor")
    if n_arms(experiment.crossed) > MOST_ARMS:
        found = f"{n_arms(experiment.crossed):,} combinations"
        yield Conflict((("crossed",),), found, f"at most {MOST_ARMS}")
    crossing = Counter(arm_name(one) for one in combinations(experiment.crossed))
    for name, count in crossing.items():
        if count > 1:
            found = f"{count} combinations are called '{name}'"
            yield Conflict((("crossed",),), found, "names of levels that tell them apart")
    for name in sorted(set(crossing) & set(experiment.arms)):
        found = f"'{name}' is made by crossing already"
        yield Conflict((("arms", name),), found, "a name of its own")
    if experiment.figure is FigureKind.MATRIX and not 2 <= len(experiment.crossed) <= 4:
        found = f"a matrix of {len(experiment.crossed)} factors"
        yield Conflict((("figure",), ("crossed",)), found, "two to four factors under crossed")


def _of_outcome(experiment: Experiment, at: Location, outcome: Outcome) -> Iterator[Conflict]:
    metrics = {one.name: one.meaning for one in METRICS}
    areas = {one.id: one.name for one in sources.regions()} | {NORTH: "the North", UK: "the UK"}
    for key, known in (("metric", metrics), ("per", metrics), ("area", areas)):
        value = getattr(outcome, key)
        if value not in known and not (key == "per" and not value):
            kind = "area" if key == "area" else "metric"
            expected = (
                f"one of {', '.join(areas)}" if key == "area" else "a name of docs/metrics.md"
            )
            yield Conflict(((*at, key),), f"there is no {kind} '{value}'", expected, known, value)
    if outcome.last_years > experiment.years:
        found = f"{outcome.last_years} years are more than the {experiment.years} that are lived"
        yield Conflict(((*at, "last_years"), ("years",)), found, f"at most {experiment.years}")
    if outcome.across is not Across.NONE:
        whole = [one.name for one in METRICS if one.scope == "area"]
        for key in ("metric", "per"):
            if getattr(outcome, key) in whole:
                found = f"'{getattr(outcome, key)}' has no value for a single region"
                yield Conflict(((*at, key), (*at, "across")), found, "a metric of regions")


def _of_finding(experiment: Experiment, at: Location, finding: Finding) -> Iterator[Conflict]:
    arms = [*experiment.all_arms, *pooled(experiment.crossed)]
    cases = list(experiment.cases)
    for key in ("compare", "control"):
        for number, name in enumerate(getattr(finding, key)):
            if name not in arms and name not in cases:
                choices = {one: one for one in [*arms, *cases]}
                expected = f"one of {', '.join(choices)}" if choices else "the name of an arm"
                found = f"there is no arm or case '{name}'"
                yield Conflict(((*at, key, number),), found, expected, choices, name)
    named = [*finding.compare, *finding.control]
    n_cases = sum(name in cases for name in named)
    if 0 < n_cases < len(named):
        yield Conflict(((*at, "compare"),), "arms are compared with cases", "one or the other")
    is_hump, n = finding.expect is Expectation.HUMP, len(finding.compare)
    if (n < 3) if is_hump else n not in (1, 2):
        wanted = "three or more for a hump" if is_hump else "one or two"
        yield Conflict(((*at, "compare"), (*at, "expect")), f"{n} are compared", wanted)
    if finding.control and len(finding.control) != n:
        found = f"{len(finding.control)} in the control and {n} compared"
        yield Conflict(((*at, "control"), (*at, "compare")), found, "as many in both")
    if finding.low > finding.high:
        found = f"{finding.low:g} is above high, {finding.high:g}"
        yield Conflict(((*at, "low"), (*at, "high")), found, "low at or below high")
    yield from _outcome_of(experiment, at, finding, is_of_cases=n_cases > 0)


def _outcome_of(
    experiment: Experiment, at: Location, finding: Finding, *, is_of_cases: bool
) -> Iterator[Conflict]:
    choices = {name: one.title or name for name, one in experiment.outcomes.items()}
    where = ((*at, "outcome"), (*at, "compare"))
    if is_of_cases and finding.outcome:
        yield Conflict(where, "cases have one outcome, the spending lost", "no outcome")
    elif not is_of_cases and finding.outcome not in choices:
        expected = f"one of {', '.join(choices)}" if choices else "an outcome, under outcomes"
        found = f"there is no outcome '{finding.outcome}'" if finding.outcome else "no outcome"
        yield Conflict(where, found, expected, choices, finding.outcome)
