"""Place: slow stocks of the region follow what was spent and who came and went."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class PlaceAssumptions(Parameters):
    """Place capital, congestion, bid capacity and the skilled pool."""

    place_capital_depreciation: float = quantity(
        0.045, "per year", (0.03, 0.06), "[39]", ge=0, le=0.9
    )
    """Decay of infrastructure, premises and business support."""
    place_capital_return: float = quantity(
        1.0, "£ of capital per £ of grant", (0.5, 1.2), ge=0, le=5
    )
    """Capital that a pound of infrastructure money becomes."""
    quality_value: float = quantity(
        0.13,
        "log value per standard deviation of quality",
        (0.07, 0.19),
        "[83]",
        neutral=0.0,
        ge=0,
        le=1,
    )
    """What the true quality of a scheme multiplies its value by."""
    delivery_capacity: float = quantity(
        0.25, "share of place capital a year", (0.05, 0.5), gt=0, le=5
    )
    """What a place can build in a year before more money buys less: short bursts are waste."""
    congestion_speed: float = quantity(0.2, "share of the way a year", (0.05, 0.5), ge=0, le=1)
    """How fast land and wage costs follow the number of jobs."""
    bid_learning: float = quantity(0.10, "per bid", (0.02, 0.2), neutral=0.0, ge=0, le=1)
    """Growth of a region's bid capacity with each bid per usual number of bids."""
    bid_forgetting: float = quantity(0.20, "per year", (0.05, 0.4), neutral=0.0, ge=0, le=0.95)
    """Loss of bid capacity that is not used."""
    pool_return: float = quantity(0.3, "share of the way a year", (0.1, 0.6), ge=0, le=1)
    """How fast other professions and regions refill or drain an unusual pool of skilled people."""
