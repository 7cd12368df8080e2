"""The levers of collaboration, and what is assumed of how ties live and end."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class Collaboration(Parameters):
    """The levers of collaboration: this phase's own, and read by no other."""

    openness: float = quantity(
        0.5, "searches a year for each free place", (0.1, 1.5), lever=True, ge=0, le=8
    )
    """Propensity to seek partners."""
    reach: float = quantity(60.0, "minutes of travel", (20, 180), "[42, 43]", lever=True, gt=0)
    """Travel time over which partners are looked for."""
    brokerage: float = quantity(
        0.5,
        "introductions a quarter for each ten staff of a catapult",
        (0, 2),
        "[62, 63]",
        lever=True,
        ge=0,
        le=10,
    )
    """Capacity of catapults to introduce partners that would not have met."""
    pan_northern: float = quantity(0.0, "share", (0, 1), lever=True, ge=0, le=1)
    """Whether joint work across regions may be paid from regional money: 0 no, 1 as any other."""


class CollaborateAssumptions(Parameters):
    """How partners are found, and how ties live and end."""

    base: float = quantity(-0.551, "log odds", (-2.5, 0), ge=-20, le=20)
    """Log odds that two candidates agree, before anything speaks for or against it."""
    geographic: float = quantity(1.0, "log odds", (0.3, 2), "[65]", ge=-10, le=10)
    """Weight of being near: e^(−travel time / reach)."""
    cognitive: float = quantity(
        4.0, "log odds per squared distance", (1, 10), "[44, 64]", ge=0, le=100
    )
    """Cost of being further from, or nearer than, the best cognitive distance."""
    best_distance: float = quantity(0.40, "cognitive distance", (0.25, 0.60), "[44]", ge=0, le=2)
    """Cognitive distance at which partners have most to teach each other."""
    social: float = quantity(0.8, "log odds", (0.2, 1.6), "[64, 66]", ge=-10, le=10)
    """Weight of a common partner: triadic closure."""
    institutional: float = quantity(0.4, "log odds", (0, 1), "[65]", ge=-10, le=10)
    """Weight of being organisations of one kind."""
    past_trust: float = quantity(1.0, "log odds per unit of trust", (0, 2), ge=-10, le=10)
    """Weight of the trust in the common partner that earlier work with it has left."""
    broker: float = quantity(1.0, "log odds", (0, 2), "[62, 63]", neutral=0.0, ge=-10, le=10)
    """Weight of an introduction by a catapult."""
    money: float = quantity(1.5, "log odds at full cost", (0, 3), neutral=0.0, ge=-10, le=10)
    """Weight of money for joint work that covers the cost of the tie."""
    capacity: float = quantity(7.26, "ties", (2, 8), "EVIDENCE §3", gt=0)
    """Ties that an organisation of one researcher can keep."""
    capacity_exponent: float = quantity(0.601, "elasticity", (0.3, 0.9), ge=0, le=1)
    """How the ties that an organisation can keep grow with its researchers."""
    tie_cost: float = quantity(0.05, "researchers a tie", (0.01, 0.15), neutral=0.0, ge=0, le=5)
    """Staff time that one live tie takes at both ends."""
    trust_gain: float = quantity(
        0.213, "a year of joint work", (0.1, 0.4), "EVIDENCE §2g", ge=0, le=4
    )
    """Rise of trust while the tie is worked on."""
    trust_loss: float = quantity(0.1, "per year", (0.05, 0.3), "EVIDENCE §2g", ge=0, le=1)
    """Fall of trust while it is not."""
    tie_life: float = quantity(1.17, "years", (1, 4), "[25b]", gt=0)
    """Time for which a new tie is worked on without money for it."""
    lapse_hazard: float = quantity(0.764, "per year", (0.2, 0.9), "EVIDENCE §2g", ge=0, le=0.99)
    """Hazard that a tie ends once nobody works on it, at no trust."""
    renewal: float = quantity(0.264, "probability", (0.15, 0.5), "[67]", ge=0, le=1)
    """Chance that partners begin another piece of work when one ends, at average trust."""
    award_bond: float = quantity(1.0, "multiple", (0, 1), neutral=0.0, ge=0, le=1)
    """Whether a common award keeps its holders working together."""
