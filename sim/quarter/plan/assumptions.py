"""What is assumed of belief, of the length of projects and of a firm's own research."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class PlanAssumptions(Parameters):
    """Belief, the length of projects, and a firm's own research budget."""

    belief_half_life: float = quantity(3.0, "years", (1, 6), "EVIDENCE §2", gt=0)
    """How fast experience of kept and broken promises replaces older experience."""
    partner_experience: float = quantity(0.25, "weight", (0, 0.5), neutral=0.0, ge=0, le=1)
    """Weight of what partners lived through beside one's own experience."""
    event_weight: float = quantity(0.25, "weight of one award that ends", (0.1, 0.5), ge=0, le=1)
    """How much one award renewed or lapsed moves the belief that awards are followed by others."""
    belief_response: float = quantity(1.0, "share", (0, 1), "[75]", neutral=0.0, ge=0, le=1)
    """How far choices follow the believed horizon of funding; 0: everybody plans as if funded
    for the reference horizon."""
    reference_horizon: float = quantity(8.0, "years", (4, 15), gt=0)
    """Horizon of money that no programme can end: sales, and the institutions' base income."""
    shortest_project: float = quantity(0.5, "years", (0.25, 1), gt=0)
    """Shortest project that anybody plans."""
    longest_project: float = quantity(6.0, "years", (4, 10), gt=0)
    """Longest project that anybody plans."""
    return_elasticity: float = quantity(
        0.6, "elasticity", (0.3, 0.9), "EVIDENCE §2c", gt=0, le=0.99
    )
    """Elasticity of innovation to effort as the firm sees it in its own problem (η)."""
    complementarity: float = quantity(
        0.35, "CES exponent", (0.1, 0.6), "[51–60]", neutral=0.6, gt=0, le=0.99
    )
    """CES exponent between own and public research (ρ). Below η public money attracts private
    money; at η it leaves it alone; above η it replaces it."""
    public_weight: float = quantity(0.35, "CES weight", (0.1, 0.8), gt=0, le=5)
    """Weight of public money in the firm's effort."""
    large_firm_weight: float = quantity(0.25, "multiple", (0, 1), "[59]", ge=0, le=1)
    """The same for firms of 250 jobs and more, as a multiple: generic subsidy moves them little."""
    grant_memory: float = quantity(1.23, "years, half-life", (0.25, 1.5), gt=0)
    """How long an organisation spends as if public money were still what it was."""
    habit_half_life: float = quantity(2.0, "years", (1.6, 2.5), "[61]", gt=0)
    """How fast a firm's research budget moves to what it would now choose."""
    cash_smoothing: float = quantity(0.75, "share", (0.5, 0.9), "[89]", neutral=0.0, ge=0, le=1)
    """Share of a fall in public money that a firm bridges out of cash while it has any."""
    reserve_months: float = quantity(1.08, "months", (0, 6), ge=0, le=60)
    """Months of a grant that a laboratory or catapult can bridge out of its reserve."""
