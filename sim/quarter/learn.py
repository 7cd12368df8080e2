"""Learn: knowledge grows by own research, by partners, and by the place."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class LearnAssumptions(Parameters):
    """The knowledge equation and the movement of positions."""

    depreciation: float = quantity(0.15, "per year", (0.05, 0.35), "[45]", ge=0, le=0.9)
    """Share of knowledge that becomes obsolete."""
    own_share: float = quantity(0.5, "share of effective research", (0.2, 0.8), ge=0, le=1)
    """Part of research that is learnt while doing it; the rest arrives as finished innovations."""
    tie_spillover: float = quantity(
        0.015,
        "share of the partner's knowledge a year",
        (0.0, 0.04),
        "[48, 62]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """Knowledge that passes over a fully trusted tie at the best cognitive distance."""
    place_spillover: float = quantity(
        0.004, "share of the related pool a year", (0.0, 0.012), "[42]", neutral=0.0, ge=0, le=1
    )
    """Knowledge that an organisation draws from the codified pool around it."""
    spillover_reach: float = quantity(60.0, "minutes of travel", (30, 120), "[42, 43]", gt=0)
    """Travel time over which spillover from places falls to 37 %."""
    cross_region: float = quantity(0.03, "weight", (0.01, 0.10), "[42]", ge=0, le=1)
    """Weight of another region's pool next door, against one's own."""
    best_distance: float = quantity(0.40, "cognitive distance", (0.25, 0.60), "[44]", ge=0, le=2)
    """Cognitive distance at which a partner teaches most."""
    distance_width: float = quantity(0.25, "cognitive distance", (0.15, 0.4), "[44]", gt=0)
    """Width of the inverted U in cognitive distance."""
    convergence: float = quantity(
        0.05, "share of the distance a year", (0, 0.15), neutral=0.0, ge=0, le=1
    )
    """How fast partners' positions approach each other at full trust."""
    drift: float = quantity(0.03, "cognitive distance a year", (0, 0.1), ge=0, le=1)
    """Random movement of positions, so that the space does not collapse."""
