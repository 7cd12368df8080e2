"""What is assumed of productivity, markets and the accounts of firms."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class TradeAssumptions(Parameters):
    """Productivity, competition, employment and the accounts of firms."""

    knowledge_elasticity: float = quantity(
        0.08, "elasticity", (0.03, 0.12), "[45–47]", neutral=0.0, ge=0, le=1
    )
    """Elasticity of productivity to the knowledge stock (β)."""
    density_elasticity: float = quantity(
        0.03, "elasticity", (0.01, 0.10), "[34–36]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity of productivity to density in manufacturing and process sectors (ε)."""
    density_elasticity_services: float = quantity(
        0.06, "elasticity", (0.01, 0.10), "[34]", neutral=0.0, ge=-1, le=1
    )
    """The same in digital and life-science sectors."""
    density_decay: float = quantity(
        1.0, "elasticity to travel time", (0.5, 2.0), "[34]", ge=0, le=5
    )
    """Fall of another place's weight in density with travel time (α)."""
    specialisation_elasticity: float = quantity(
        0.02, "elasticity", (-0.01, 0.05), "[40]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity to the sector's location quotient (Marshall)."""
    variety_elasticity: float = quantity(
        0.02, "elasticity", (-0.01, 0.05), "[40]", neutral=0.0, ge=-1, le=1
    )
    """Elasticity to the density of related sectors (Jacobs)."""
    supplier_elasticity: float = quantity(0.05, "elasticity", (0, 0.15), neutral=0.0, ge=0, le=1)
    """Elasticity to the productivity of a firm's suppliers."""
    place_capital_elasticity: float = quantity(
        0.04, "elasticity", (0, 0.10), "[39]", neutral=0.0, ge=0, le=1
    )
    """Elasticity to place capital."""
    catapult_link: float = quantity(
        0.005, "log productivity a year", (0, 0.008), "[62]", neutral=0.0, ge=0, le=0.1
    )
    """Gain of a firm with an active link to a catapult, while the link lives."""
    catapult_years: float = quantity(15.0, "years", (5, 30), "[62]", gt=0)
    """Years of such gain after which there is no more to be had: as long as it was followed."""
    link_forgetting: float = quantity(0.15, "per year", (0.05, 0.35), ge=0, le=0.9)
    """Loss of that gain once the link is over."""
    adoption_speed: float = quantity(0.4, "share of the way a year", (0.2, 0.8), gt=0, le=1)
    """How fast productivity follows what knowledge and place allow."""
    market_response: float = quantity(
        3.57, "log sales per log productivity", (1.0, 4.0), neutral=0.0, ge=0, le=10
    )
    """Elasticity of a firm's sales to its productivity, against the sector's at home and against
    the world's abroad."""
    export_share: float = quantity(0.3, "share of sales", (0.1, 0.5), ge=0, le=1)
    """Sales in world markets, where a gain displaces nobody at home."""
    demand_growth: float = quantity(0.0151, "per year", (0.003, 0.02), "[105]", ge=-0.2, le=0.2)
    """Growth of national and world demand in each sector."""
    frontier_growth: float = quantity(0.0136, "per year", (0.003, 0.02), "[105]", ge=-0.2, le=0.2)
    """Growth of productivity that everybody shares."""
    shock_spread: float = quantity(
        0.379,
        "scale of a year's shocks to log sales",
        (0.1, 0.4),
        "firm-growth literature (m)",
        ge=0,
        le=1,
    )
    """Fat-tailed shocks to the sales of a firm of ten jobs."""
    shock_rate: float = quantity(0.954, "per year", (0.5, 4), gt=0, le=4)
    """How often a firm meets an opportunity or a loss; few and large ones make fatter tails."""
    shock_lasting: float = quantity(
        0.375, "share of a shock", (0.3, 0.9), "Davis, Haltiwanger & Schuh 1996 (m)", ge=0, le=1
    )
    """Part of a shock to sales that lasts; the rest passes."""
    shock_half_life: float = quantity(1.08, "years, half-life", (0.5, 2), gt=0)
    """How fast the rest passes."""
    shock_size_exponent: float = quantity(
        -0.184, "elasticity", (-0.25, -0.1), "Stanley et al. 1996 (m)", ge=-1, le=0
    )
    """Fall of the spread of growth with the size of a firm (ψ); the spread is that of ten jobs."""
    employment_speed: float = quantity(
        0.9, "share of the way a year", (0.7, 0.95), "Hamermesh 1993 (m)", gt=0, le=1
    )
    """How fast jobs follow sales: half of the way in one to two quarters."""
    margin: float = quantity(0.25, "share of value added before research", (0.15, 0.35), gt=0, le=1)
    """Value added left after pay, before the firm's own research."""
    payout: float = quantity(0.8, "share of profit", (0.5, 0.95), ge=0, le=1)
    """Profit that is paid out rather than kept, once the cash buffer is full."""
    local_multiplier: float = quantity(
        0.4, "background jobs per cluster job", (0.1, 0.9), "assumption", neutral=0.0, ge=0, le=3
    )
    """Jobs in the rest of the region's economy that follow a cluster job."""
    multiplier_speed: float = quantity(0.3, "share of the way a year", (0.1, 0.6), gt=0, le=1)
    """How fast they follow."""
    cash_buffer: float = quantity(0.15, "share of a year's value added", (0.05, 0.4), gt=0, le=5)
    """Cash that firms want to hold before they pay out their profit."""
    finance_access: float = quantity(
        0.5, "share of a shortfall of cash", (0, 1), lever=True, ge=0, le=1
    )
    """Private finance: part of a firm's shortfall of cash that investors cover in a year."""
