"""What is assumed of the births and deaths of firms."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class TurnOverAssumptions(Parameters):
    """Exit by age, size, productivity and cash; entry by spin-off, spin-out and attraction."""

    hazard_year_1: float = quantity(0.119, "per year", (0.05, 0.12), "[69] (d)", ge=0, le=0.9)
    """Exit hazard in the first year of life."""
    hazard_year_2: float = quantity(0.212, "per year", (0.15, 0.23), "[69] (d)", ge=0, le=0.9)
    """In the second year."""
    hazard_year_3: float = quantity(0.197, "per year", (0.15, 0.23), "[69] (d)", ge=0, le=0.9)
    """In the third year."""
    hazard_year_4: float = quantity(0.151, "per year", (0.12, 0.19), "[69] (d)", ge=0, le=0.9)
    """In the fourth year."""
    hazard_year_5: float = quantity(0.144, "per year", (0.11, 0.18), "[69] (d)", ge=0, le=0.9)
    """In the fifth year."""
    hazard_older: float = quantity(0.085, "per year", (0.05, 0.11), "[68, 69] (d)", ge=0, le=0.9)
    """In later years, for a firm of ten jobs, before the sector's own level is set."""
    size_exponent: float = quantity(-0.2, "elasticity", (-0.4, 0), "EVIDENCE §2h", ge=-2, le=0)
    """Elasticity of the hazard of an established firm to its jobs."""
    productivity_response: float = quantity(
        1.42, "log hazard per log productivity", (0.3, 2), neutral=0.0, ge=0, le=10
    )
    """Fall of the hazard with productivity above the usual of the firm's place and sector."""
    cash_response: float = quantity(
        0.7, "log hazard when cash is gone", (0, 1.5), neutral=0.0, ge=0, le=10
    )
    """Rise of the hazard of a firm without cash."""
    innovator_hazard: float = quantity(
        0.5, "multiple", (0.3, 1), "EVIDENCE §2h", neutral=1.0, gt=0, le=1
    )
    """Hazard of a firm that does research, as a multiple of the others'."""
    leave_after_exit: float = quantity(0.3, "share", (0.1, 0.6), "[77]", ge=0, le=1)
    """Research staff of a firm that ends who leave the region or research."""
    spin_off_share: float = quantity(
        0.3, "share of births", (0.1, 0.5), "Klepper (m)", neutral=0.0, ge=0, le=1
    )
    """Births that come out of a firm near by and resemble it."""
    parent_quality: float = quantity(1.0, "elasticity", (0, 2), neutral=0.0, ge=0, le=5)
    """How strongly better firms beget more spin-offs."""
    spin_out_rate: float = quantity(
        0.01,
        "spin-outs per £m of university research",
        (0.005, 0.02),
        "[70] (d)",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """University spin-outs."""
    attraction: float = quantity(0.5, "elasticity", (0, 1.5), neutral=0.0, ge=0, le=5)
    """How strongly new firms choose regions with knowledge, people and partners of their kind."""
    inward_share: float = quantity(0.02, "share of the jobs of births", (0, 0.05), ge=0, le=0.5)
    """Births that are inward investments: ten times the usual size, and free to choose."""
    entrant_size: float = quantity(
        0.35, "share of the sector's median firm", (0.2, 0.8), gt=0, le=2
    )
    """Jobs of a new firm against the median of its sector."""
    inheritance: float = quantity(0.5, "share", (0.2, 0.8), neutral=0.0, ge=0, le=1)
    """How far a spin-off resembles its parent in productivity and position."""
    seed_knowledge: float = quantity(
        0.1, "share of the parent's knowledge per job", (0, 0.4), ge=0, le=1
    )
    """Knowledge that a founder takes along."""
    spin_out_weight: float = quantity(
        0.1, "share of an ordinary entrant's weight", (0.02, 0.5), gt=0, le=1
    )
    """Real spin-outs that one row stands for, against other new firms: a matter of sampling."""
    entrant_research: float = quantity(0.08, "probability", (0.03, 0.2), ge=0, le=1)
    """Chance that a new firm does research."""
    entrant_gap: float = quantity(-0.1, "log productivity", (-0.3, 0), ge=-2, le=1)
    """Productivity of new firms against the firms of their place and sector at the start."""
    entrant_demand: float = quantity(
        -0.284,
        "log sales",
        (-0.6, 0),
        "Foster, Haltiwanger & Syverson 2016 (m)",
        neutral=0.0,
        ge=-2,
        le=0,
    )
    """Sales of a new firm below what they come to once customers know it."""
    entrant_spread: float = quantity(0.25, "log productivity", (0.1, 0.5), ge=0, le=2)
    """Standard deviation of the productivity of new firms."""
