"""Channels of the model: what switches each on, and two futures that isolate it.

``gap`` is the outcome in the first future less that in the second; the comment is the equation that
gives it its sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sim.quarter.collaborate import Collaboration
from sim.world.state import TIES
from tests.honesty.cuts import FIRMS, INSTITUTIONS, LUMPY, NOTHING, Cut, Future

Outcome = Callable[[Future], float]

LONG, SHORT = Cut(), Cut(term=1)
#: One-year awards whose next is known two quarters before: nobody's post is ever insecure.
TOLD = Cut(term=4, told=2)
STEADY_FLOW, LUMPY_FLOW = Cut(term=4, kinds=FIRMS), Cut(term=4, kinds=FIRMS, levels=LUMPY)
FIRMS_LONG, FIRMS_SHORT = replace(LONG, kinds=FIRMS), replace(SHORT, kinds=FIRMS)
FIRMS_UNPAID = replace(FIRMS_LONG, levels=NOTHING)
UNPAID = replace(LONG, levels=NOTHING)
OPEN, CLOSED = Collaboration(openness=1.5, brokerage=0.0), Collaboration(openness=0, brokerage=0)
BROKERED = replace(LONG, collaboration=Collaboration(openness=0.5, brokerage=2.0))
UNBROKERED = replace(LONG, collaboration=Collaboration(openness=0.5, brokerage=0.0))
#: Beliefs reach choices, and unfinished work is lost: then a short horizon is a cost.
DOUBT = ("plan.belief_response", "work.salvage")
LENGTH = tuple(f"work.length_exponent_{kind}" for kind in ("firm", "laboratory", "catapult"))


def of(name: str) -> Outcome:
    """A flow or a column of the holders."""
    return lambda future: future.total(name)


def of_north(name: str) -> Outcome:
    """A column of the northern regions."""
    return lambda future: float(
        getattr(future.world.regions, name)[future.world.regions.is_north].sum()
    )


def trust(future: Future) -> float:
    return float(future.world.ties.trust.sum())


def n_ties(future: Future) -> float:
    return float(len(future.world.ties))


def n_organisations(future: Future) -> float:
    return float(len(future.world.organisations))


@dataclass(frozen=True)
class Channel:
    """What is switched on, the futures that it tells apart, and where it has nothing to work on.

    ``idle`` is a set of switches and two futures between which they can make no gap at all.
    """

    on: tuple[str, ...]
    one: Cut
    other: Cut
    outcome: Outcome
    sign: int
    idle: tuple[tuple[str, ...], Cut, Cut] | None = None
    is_scarce: bool = False


#: The cut alone: the same money to the same holder in each quarter.
SAME_FLOW = {
    # Insecure: 1 − quarters promised / 2. They quit, and W (1 − interrupted (1 − salvage)) is left.
    "unfinished work of those who quit": Channel(
        ("staff.quit_rate", "work.salvage"), LONG, SHORT, of("work_in_progress"), +1,
        idle=(("staff.quit_rate", "work.salvage"), LONG, TOLD),
    ),
    # K' = (1 − δ)(K − tacit share · interrupted · K) + …
    "knowledge of those who quit": Channel(
        ("staff.quit_rate", "staff.tacit_share"), LONG, SHORT, of("knowledge"), +1,
        idle=(("staff.quit_rate", "staff.tacit_share"), LONG, TOLD),
    ),
    # e' = (stayers · e + hires · e0) / staff, and effort = staff · e.
    "experience of teams": Channel(
        ("staff.quit_rate", "staff.newcomer_experience"), LONG, SHORT, of("effort"), +1,
        idle=(("staff.newcomer_experience",), LONG, SHORT),
    ),
    # Of those who quit only hiring speed · vacancy is made good in a quarter.
    "slow hiring": Channel(
        ("staff.quit_rate", "staff.hiring_speed"), LONG, SHORT, of("effort"), +1,
        idle=(("staff.hiring_speed",), LONG, SHORT),
    ),
    # Candidates accept at horizon / (horizon + half).
    "posts on offer": Channel(
        ("plan.belief_response", "staff.post_length_half"), LONG, SHORT, of("effort"), +1,
        idle=(("staff.post_length_half",), LONG, SHORT),
    ),
    # ℓ = φ H (1 + σ/(1 − σ) e^(ℓ/H)) rises with the horizon H.
    "length of projects": Channel(
        (*DOUBT, *LENGTH), LONG, SHORT, of("portfolio_length"), +1,
        idle=(("work.salvage", *LENGTH), LONG, SHORT),
    ),
    # Longer work is worth (ℓ / ℓ0)^φ.
    "value of length": Channel(
        (*DOUBT, *LENGTH), LONG, SHORT, of("portfolio_quality"), +1,
        idle=(DOUBT, LONG, SHORT),
    ),
    # x = s^(1/(1 − η)) with s = (σ + (1 − σ) e^(−ℓ/H)) / the same at the usual horizon.
    "private research": Channel(
        DOUBT, FIRMS_LONG, FIRMS_SHORT, of("own_rd"), +1,
        idle=(("work.salvage",), FIRMS_LONG, FIRMS_SHORT),
    ),
    # c' = c + λ (paid / promised − c), and the horizon follows c.
    "broken promises": Channel(
        DOUBT, FIRMS_LONG, replace(FIRMS_LONG, is_broken=True), of("own_rd"), +1,
        idle=(("work.salvage",), FIRMS_LONG, replace(FIRMS_LONG, is_broken=True)),
    ),
    # A common award keeps its holders at work together, where trust grows.
    "bond of a common award": Channel(
        ("collaborate.award_bond",), replace(LONG, is_shared=True), LONG, trust, +1,
        idle=(("collaborate.award_bond",), LONG, SHORT),
    ),
    # Money for joint work adds to the log odds that two agree, and that they go on.
    "money for ties": Channel(
        ("collaborate.money",), replace(LONG, purpose=TIES), LONG, n_ties, +1,
        idle=(("collaborate.money",), LONG, SHORT),
    ),
    # Worth of funded work: 1 + public share · (e^(s q) − 1).
    "quality of projects": Channel(
        ("innovate.quality_value",), replace(LONG, quality=1.0), LONG, of("portfolio_quality"), +1,
        # Quality drifts by the luck of an award, so that both have the same, but for its lead.
        idle=(("innovate.quality_value",), LONG, replace(LONG, is_shared=True)),
    ),
    # A grant becomes G e^(s q) of place capital.
    "quality of schemes": Channel(
        ("place.quality_value",), Cut(place=1.0, quality=1.0), Cut(place=1.0),
        of_north("place_capital"), +1,
        idle=(("place.quality_value",), Cut(place=1.0), Cut(place=1.0, is_shared=True)),
    ),
}  # fmt: skip

#: The same sum, evenly or two years in one; the firms' plan is linear in it with channels off.
TIMING = {
    # staff' = desired + (1 − speed) · excess: people stay for whom no money comes, paid from cash.
    "slow layoff": Channel(
        ("staff.layoff_speed",), STEADY_FLOW, LUMPY_FLOW, of("spending"), -1,
        idle=(("staff.layoff_speed",), STEADY_FLOW, FIRMS_SHORT),
    ),
    # After each gap only a part of the posts is filled in a quarter.
    "hiring after a gap": Channel(
        ("staff.hiring_speed",), STEADY_FLOW, LUMPY_FLOW, of("effort"), +1
    ),
    # The new team of after the gap works at 0.5 at first.
    "training after a gap": Channel(
        ("staff.newcomer_experience",), STEADY_FLOW, LUMPY_FLOW, of("effort"), +1
    ),
    "knowledge lost in a gap": Channel(
        ("staff.tacit_share",), STEADY_FLOW, LUMPY_FLOW, of("knowledge"), +1
    ),
    "work lost in a gap": Channel(
        ("work.salvage",), STEADY_FLOW, LUMPY_FLOW, of("work_in_progress"), +1
    ),
    # Those let go join the region's pool, but for the share who leave for good.
    "people lost in a gap": Channel(
        ("staff.leave_share",), STEADY_FLOW, LUMPY_FLOW, of_north("skilled_pool"), +1
    ),
    # A firm pays three quarters of what is missing out of cash: more is spent in all.
    "bridging by cash": Channel(
        ("plan.cash_smoothing",), STEADY_FLOW, LUMPY_FLOW, of("spending"), -1
    ),
    # Arrivals ∝ X̄ (X / X̄)^0.6 are concave in X: by Jensen even work yields more.
    "returns to scale": Channel(
        ("innovate.scale_elasticity",), replace(STEADY_FLOW, kinds=INSTITUTIONS),
        replace(LUMPY_FLOW, kinds=INSTITUTIONS), of("innovations"), +1,
        idle=(("innovate.scale_elasticity",), LONG, SHORT),
    ),
}  # fmt: skip

#: Money or none, a lever of collaboration or none: what answers to an amount, and to no cut.
AMOUNT = {
    # ρ < η: public research attracts own research; at ρ = η it leaves it alone.
    "complementarity": Channel(
        ("plan.complementarity",), FIRMS_LONG, FIRMS_UNPAID, of("own_rd"), +1
    ),
    # ln A follows β ln(K / K0).
    "knowledge in productivity": Channel(
        ("trade.knowledge_elasticity",), FIRMS_LONG, FIRMS_UNPAID, of("productivity"), +1
    ),
    # Sales grow by χ times the gain in productivity; without a gain there is nothing to sell more.
    "markets": Channel(
        ("trade.knowledge_elasticity", "trade.market_response"), FIRMS_LONG, FIRMS_UNPAID,
        of("gva"), +1, idle=(("trade.market_response",), FIRMS_LONG, FIRMS_UNPAID),
    ),
    # Pay rises with posts wanted against people there: money buys pay and not research.
    "pay of the scarce": Channel(
        ("staff.wage_elasticity",), LONG, UNPAID, of("effort"), -1, is_scarce=True
    ),
    # Vacancies are filled at (pool / usual pool)^ε, and the grant has drawn on the pool.
    "depth of the pool": Channel(
        ("staff.pool_elasticity",), LONG, UNPAID, of("effort"), -1, is_scarce=True
    ),
    # Rate · trust · a(K) · f(d) · the lesser stock: more knowledge, more to share.
    "spillover over ties": Channel(("learn.tie_spillover",), LONG, UNPAID, of("inflow"), +1),
    # What is drawn from the pool around is in proportion to a(K) K.
    "spillover from places": Channel(("learn.place_spillover",), LONG, UNPAID, of("inflow"), +1),
    # A spin-out has chance rate · spending.
    "spin-outs": Channel(("turn_over.spin_out_rate",), LONG, UNPAID, n_organisations, +1),
    # ln A follows ε ln(P / P0).
    "place capital in productivity": Channel(
        ("trade.place_capital_elasticity",), replace(FIRMS_LONG, place=5.0), FIRMS_LONG,
        of("productivity"), +1,
    ),
    # An introduction adds to the log odds that two agree.
    "brokers": Channel(("collaborate.broker",), BROKERED, UNBROKERED, n_ties, +1),
    # A tie takes 0.05 researchers at both ends.
    "cost of ties": Channel(
        ("collaborate.tie_cost",), replace(LONG, collaboration=OPEN),
        replace(LONG, collaboration=CLOSED), of("effort"), -1,
    ),
    # A firm at work with a catapult gains 0.5 % a year.
    "links to catapults": Channel(
        ("trade.catapult_link",), replace(FIRMS_LONG, collaboration=OPEN),
        replace(FIRMS_LONG, collaboration=CLOSED), of("productivity"), +1,
    ),
}  # fmt: skip

CHANNELS = SAME_FLOW | TIMING | AMOUNT
