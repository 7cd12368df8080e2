"""Innovate: projects complete or are lost, and some become innovations of very unequal value."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class InnovateAssumptions(Parameters):
    """Work in progress, arrival and value of innovations, and codified results."""

    arrival_rate: float = quantity(0.5, "innovations per £m of completed work", (0.2, 2), gt=0)
    """Innovations from completed work at the usual scale; only their number, not their sum."""
    scale_elasticity: float = quantity(
        0.6, "elasticity", (0.3, 0.9), "EVIDENCE §2c (m)", neutral=1.0, gt=0, le=1
    )
    """Elasticity of innovation to effort around the organisation's own usual scale."""
    scale_half_life: float = quantity(5.0, "years", (2, 10), gt=0)
    """How fast the usual scale follows: facilities, methods, management."""
    value_spread: float = quantity(
        1.8, "standard deviation of the log", (1.23, 2.76), "[50]", ge=0, le=4
    )
    """Inequality of the values of innovations."""
    quality_value: float = quantity(
        0.13,
        "log value per standard deviation of quality",
        (0.07, 0.19),
        "[83]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """What a project's true quality multiplies its value by."""
    salvage: float = quantity(0.4, "share", (0.1, 0.8), neutral=1.0, ge=0, le=1)
    """Part of the work in progress of lost staff that the others can finish."""
    codified_share: float = quantity(0.3, "share of value", (0.1, 0.6), ge=0, le=1)
    """Part of an innovation's value that ends in the public pool."""
    lag_private: float = quantity(1.5, "years", (1, 2), "MODEL §4", gt=0)
    """Mean lag until codified private results are public."""
    lag_public: float = quantity(6.0, "years", (4, 8), "[49]", gt=0)
    """Mean lag until public research is in use."""
    pool_depreciation: float = quantity(0.10, "per year", (0.05, 0.2), ge=0, le=0.9)
    """Obsolescence of the public pool."""
