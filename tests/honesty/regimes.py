"""Random regimes: programmes of any levers, for Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.quarter.fund.programmes import Programme


@st.composite
def programmes(draw: st.DrawFn, share: float = 1.0) -> Programme:
    """Any programme at all."""
    length = draw(st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]))
    levers: dict[str, Any] = {
        "share": share,
        "purpose": draw(st.sampled_from(["core", "research", "ties", "infrastructure"])),
        "allocation": draw(
            st.sampled_from(["formula", "devolved", "competition", "staged", "lottery"])
        ),
        "basis": draw(st.sampled_from(["size", "population", "quality", "equal"])),
        "eligible": draw(
            st.lists(
                st.sampled_from(["firms", "universities", "catapults"]), min_size=1, unique=True
            )
        ),
        "area": draw(st.sampled_from(["north", "national"])),
        "award_length": length,
        "award_size": draw(st.sampled_from([0.05, 0.5, 20.0])),
        "calls_per_year": draw(st.integers(1, 4)),
        "decision_lead": draw(st.sampled_from([0.0, 3.0, 6.0])),
        "renewal_probability": draw(st.floats(0, 1)),
        "notice": draw(st.sampled_from([0.0, 3.0, 12 * length])),
        "volatility": draw(st.floats(0, 0.5)),
        "pots": draw(st.integers(1, 3)),
        "carry_over": draw(st.booleans()),
        "stage_gate": draw(st.sampled_from([0.25, 1.0])),
        "bid_cost": draw(st.floats(0, 0.3)),
        "signal_quality": draw(st.floats(0, 1)),
        "themes": draw(st.floats(0, 1)),
        "consortium_size": draw(st.integers(1, 3)),
        "match": draw(st.floats(0, 1)),
        "cancellation_rate": draw(st.floats(0, 0.9)),
        "overhead_share": draw(st.floats(0, 0.5)),
        "pot_overhead": draw(st.floats(0, 5)),
    }
    return Programme.model_validate(levers, strict=False)


@st.composite
def cuts_of_a_formula(draw: st.DrawFn) -> dict[str, Any]:
    """Levers that cut an even formula anew and leave to each holder what it gets each quarter.

    Two halves are a whole in binary numbers, which three thirds are not. Private match is not
    among the levers: it is money that moves, and not a cut.
    """
    length = draw(st.sampled_from([0.25, 0.5, 1.0, 1.75, 3.0, 4.0]))
    return {
        "award_length": length,
        "pots": draw(st.sampled_from([1, 2])),
        "notice": draw(st.sampled_from([0.0, 3.0, 12 * length])),
        "renewal_probability": draw(st.floats(0, 1)),
        "stage_gate": draw(st.sampled_from([0.0, 0.25, 1.0, 2.5])),
        "signal_quality": draw(st.floats(0, 1)),
        "themes": draw(st.floats(0, 1)),
        "cancellation_rate": draw(st.sampled_from([0.0, 0.1, 0.9])),
        "award_size": draw(st.sampled_from([0.05, 0.5, 20.0])),
        "bid_cost": draw(st.floats(0, 0.3)),
    }
