"""What a programme is: its levers, and the calendar and yearly budget that follow from them.

This package is the only part of the model that may read a programme's levers. Every later phase
sees money with its purpose, dates, announcements, and what the holder has lived through.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from sim.parameters import QUARTERS_PER_YEAR, Parameters, quantity


def quarters(months: float) -> int:
    """Whole quarters nearest to a number of months."""
    return round(months / 3.0)


class Allocation(StrEnum):
    """How a programme chooses who gets its money."""

    FORMULA = "formula"
    DEVOLVED = "devolved"
    COMPETITION = "competition"
    STAGED = "staged"
    LOTTERY = "lottery"


class Basis(StrEnum):
    """What a formula counts."""

    SIZE = "size"
    POPULATION = "population"
    QUALITY = "quality"
    EQUAL = "equal"


class Purpose(StrEnum):
    """What the money is for: the only thing about it, with its dates, that later phases see."""

    CORE = "core"
    RESEARCH = "research"
    TIES = "ties"
    INFRASTRUCTURE = "infrastructure"


class Recipient(StrEnum):
    """Kinds of holder that a programme may name."""

    FIRMS = "firms"
    UNIVERSITIES = "universities"
    CATAPULTS = "catapults"


class Area(StrEnum):
    """Where a holder may be."""

    NORTH = "north"
    NATIONAL = "national"


class Programme(Parameters):
    """One programme of public money, described by its levers.

    Every lever says when money comes, how much, for how long, to whom, by what rule, and with
    what notice. Real programmes are points in this space.
    """

    share: float = quantity(1.0, "share of the budget", (0, 1), "MODEL §2", lever=True, ge=0, le=1)
    """Part of the scenario's public budget that this programme pays out. Shares sum to 1."""
    amount: float | None = quantity(
        None, "£m a year, constant prices", (5, 600), "EVIDENCE §5", ge=0, le=100_000
    )
    """What it pays out a year, of its own: beside the scenario's budget and in place of a share."""
    opens: float | None = quantity(
        None, "years after the start, or a calendar year", (0, 20), "EVIDENCE §5", ge=0, le=2200
    )
    """When it begins; if left out it is there from the first day, with staggered awards."""
    closes: float | None = quantity(
        None, "years after the start, or a calendar year", (1, 25), "EVIDENCE §5", gt=0, le=2200
    )
    """When it ends, and with it every award that it has made; if left out it goes on."""
    purpose: Purpose = Purpose.RESEARCH
    """What the money is for: core, research, ties (joint work) or infrastructure."""
    allocation: Allocation = Allocation.FORMULA
    """formula, devolved, competition, staged (competition with stage gates) or lottery."""
    basis: Basis = Basis.SIZE
    """What a formula counts: size, population, quality (past results) or equal shares."""
    eligible: tuple[Recipient, ...] = (
        Recipient.FIRMS,
        Recipient.UNIVERSITIES,
        Recipient.CATAPULTS,
    )
    """Who may hold an award. Infrastructure money is always held by regions."""
    area: Area = Area.NORTH
    """north: the eleven areas only; national: the comparators compete too."""
    award_length: float = quantity(3.0, "years", (1, 10), "EVIDENCE §5", lever=True, ge=0.25, le=50)
    """How long one award pays."""
    award_size: float = quantity(
        0.5, "£m a year", (0.05, 20), "EVIDENCE §5", lever=True, gt=0, le=1000
    )
    """What one award pays a year at most; also capped by what the holder can absorb. Formulas and
    devolved infrastructure have no size: they pay entitlements."""
    calls_per_year: int = quantity(1, "calls a year", (1, 4), "EVIDENCE §5", lever=True, ge=1, le=4)
    """How often one can ask."""
    decision_lead: float = quantity(6.0, "months", (0, 20), "EVIDENCE §5", lever=True, ge=0, le=36)
    """Months from a bid to its first payment."""
    renewal_probability: float = quantity(
        0.3, "probability", (0, 1), "[78]", lever=True, ge=0, le=1
    )
    """Chance that an award is followed by another without a new bid."""
    notice: float = quantity(6.0, "months", (0, 36), "EVIDENCE §5", lever=True, ge=0, le=120)
    """How long before its end the holder of an award learns whether it is renewed."""
    volatility: float = quantity(
        0.0,
        "standard deviation of the log of a year's pot",
        (0, 0.5),
        "EVIDENCE §5",
        lever=True,
        ge=0,
        le=1,
    )
    """Year-to-year variation of the pot around the budget, mean-preserving over the run."""
    pots: int = quantity(1, "funders", (1, 8), "[92]", lever=True, ge=1, le=20)
    """Uncoordinated funders into which the programme is split, blind to one another's awards."""
    carry_over: bool = quantity(True, "yes or no", None, "[97]", lever=True)
    """Whether a holder keeps unspent money at the year's end, or it returns to the pot."""
    stage_gate: float = quantity(
        0.0, "years between reviews; 0 for none", (0, 5), "EVIDENCE §5", lever=True, ge=0, le=20
    )
    """Years between reviews at which a failing project is stopped and its money reallocated."""
    bid_cost: float = quantity(
        0.1, "researcher-years a bid", (0.02, 0.3), "[90, 94]", lever=True, ge=0, le=10
    )
    """Staff time that one bid takes."""
    partner_cost: float = quantity(
        0.02, "researcher-years a required partner", (0, 0.1), lever=True, ge=0, le=10
    )
    """Further staff time for each partner that a bid must bring."""
    signal_quality: float = quantity(
        0.5, "correlation", (0.1, 0.8), "[83, 90]", lever=True, ge=0, le=1
    )
    """Correlation between what the panel sees of a project and its true quality, before the
    bidder's capacity speaks."""
    themes: float = quantity(0.0, "share of calls", (0, 1), "[97]", lever=True, ge=0, le=1)
    """Share of calls with a nationally set theme, towards which projects are bent to fit."""
    consortium_size: int = quantity(
        1, "organisations", (1, 4), "EVIDENCE §5", lever=True, ge=1, le=10
    )
    """Organisations that one award needs; 1 means a holder alone."""
    match: float = quantity(
        0.0, "private £ per public £", (0, 1), "[58, 118]", lever=True, ge=0, le=5
    )
    """Private money that a firm must put beside each public pound."""
    cancellation_rate: float = quantity(
        0.0, "per year", (0, 0.1), "EVIDENCE §5", lever=True, ge=0, le=0.95
    )
    """Hazard that a live award is cancelled or changed midway: a broken promise."""
    overhead_share: float = quantity(
        0.03, "share of the pot", (0.01, 0.1), neutral=0.0, lever=True, ge=0, le=0.5
    )
    """Cost of running the programme, in proportion to its money."""
    pot_overhead: float = quantity(
        0.3, "£m a year for each pot", (0, 1), neutral=0.0, lever=True, ge=0, le=50
    )
    """Fixed cost of each separate funder: its own staff, forms and panels."""

    @property
    def quarters_to_gate(self) -> int:
        """Quarters between two reviews, where there are any."""
        return max(1, round(self.stage_gate * QUARTERS_PER_YEAR))

    @model_validator(mode="after")
    def _it_ends_after_it_begins(self) -> Programme:
        if self.closes is not None and self.closes <= (self.opens or 0.0):
            raise ValueError(f"closes in {self.closes:g}, and opens no earlier")
        return self

    @model_validator(mode="after")
    def _staged_needs_gates(self) -> Programme:
        if self.allocation is Allocation.STAGED and self.stage_gate == 0:
            raise ValueError(
                "allocation 'staged' needs a stage_gate above 0 (years between reviews)"
            )
        if self.notice > 12 * self.award_length:
            raise ValueError(
                f"notice of {self.notice:g} months is longer than the award, "
                f"which lasts {12 * self.award_length:g} months"
            )
        return self


class FundAssumptions(Parameters):
    """How funders and bidders behave, whatever the programme."""

    capacity_weight: float = quantity(
        0.3, "standard deviations of score per log unit of capacity", (0, 0.6), neutral=0.0
    )
    """How much bid-writing capacity, own and regional, lifts a score beside true quality."""
    bid_effort: float = quantity(1.0, "multiple of the stated bid cost", (0.5, 2), neutral=0.0)
    """Staff time really taken by a bid, as a multiple of the programme's figure."""
    award_surplus: float = quantity(0.1, "share of an award", (0.03, 0.3), le=1, gt=0)
    """What an award is worth to its holder beyond the cost of doing the work."""
    match_payback: float = quantity(2.5, "years", (1, 8), neutral=0.0, ge=0, le=50)
    """Years from a firm's own pound, put beside public ones, to its return: research that is broken
    off before returns little. With 0 a match is no burden."""
    bid_readiness: float = quantity(0.1, "probability", (0.03, 0.5), ge=0, le=1)
    """Chance that an organisation has an idea, for each award that it could hold. It is proposed in
    every call while no award pays for it."""
    idea_life: float = quantity(5.0, "years", (1, 10), gt=0, le=100)
    """How long an idea lasts until another comes in its place; a short award does not use it up."""
    own_signal: float = quantity(0.312, "correlation", (0.0, 0.8), ge=0, le=1)
    """What bidders know of the quality of their own projects before they bid."""
    quality_persistence: float = quantity(4.0, "years, half-life", (1, 20), gt=0)
    """How fast the quality of funded work drifts, from what won to the ordinary."""
    local_signal: float = quantity(0.5, "correlation", (0.1, 0.8), ge=0, le=1)
    """What a region that spends its own pot knows of the quality of its projects."""
    local_bid_share: float = quantity(0.3, "share of the stated bid cost", (0.1, 1.0), ge=0, le=2)
    """What it costs to ask a region that knows its own organisations."""
    need_weight: float = quantity(
        1.0, "elasticity of a region's pot to its shortfall in GVA a head", (0, 2)
    )
    """How strongly devolved pots follow need beside population."""
    absorption_cap: float = quantity(
        0.5, "£ of award per £ of the holder's own yearly research", (0.2, 2), "[118]", gt=0
    )
    """Largest yearly award in proportion to the holder's research: intensity limits of aid."""
    theme_misfit: float = quantity(
        0.15, "share of a themed project's value", (0, 0.4), "[97]", neutral=0.0, ge=0, le=1
    )
    """Value lost, on average, by bending a project to a theme that is not its own."""
    gate_threshold: float = quantity(
        -0.67, "standard deviations of observed quality", (-1.5, 0), ge=-10, le=10
    )
    """Observed quality below which a stage gate stops a project: a quarter of ordinary ones."""
    shock_quality: float = quantity(3.0, "standard deviations", (0, 6), neutral=0.0, ge=0, le=10)
    """Fall of the quality of work under way in a sector that a new technology strikes, when its
    whole knowledge would lose its value; in proportion otherwise."""
    supplement_cap: float = quantity(0.5, "share of the promised payment", (0.1, 1), ge=0, le=10)
    """Most that a pot adds to live awards in a quarter to place money that it could not award."""
    perception_half_life: float = quantity(1.5, "years", (0.5, 4), gt=0)
    """How fast bidders learn a programme's rate of success."""
