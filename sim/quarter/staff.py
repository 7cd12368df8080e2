"""Staff: money becomes people, slowly; the end of money lets them go, quickly."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class StaffAssumptions(Parameters):
    """Hiring, experience, layoff, leaving, graduates and movers."""

    researcher_cost_firm: float = quantity(
        0.12, "£m a year per researcher", (0.09, 0.16), "BERD per FTE (d)", gt=0
    )
    """Pay and the cost of the work of one researcher in a firm."""
    researcher_cost_laboratory: float = quantity(
        0.10, "£m a year per researcher", (0.07, 0.13), gt=0
    )
    """The same in a university."""
    researcher_cost_catapult: float = quantity(0.12, "£m a year per researcher", (0.09, 0.16), gt=0)
    """The same in a catapult or national centre."""
    hiring_speed: float = quantity(0.30, "share of the vacancy a quarter", (0.15, 0.6), gt=0, le=1)
    """How fast vacancies are filled where people are there."""
    layoff_speed: float = quantity(
        0.75, "share of the excess a quarter", (0.5, 1), "[76]", gt=0, le=1
    )
    """How fast staff that no money pays for are let go."""
    quit_rate: float = quantity(
        0.15, "share a quarter", (0.03, 0.3), "[77]", neutral=0.0, ge=0, le=1
    )
    """Staff who leave before the end when their post has less than two quarters of funding."""
    post_length_half: float = quantity(0.5, "years", (0, 1.5), neutral=0.0, ge=0, le=10)
    """Length of post at which half of the candidates accept it."""
    pool_elasticity: float = quantity(0.5, "elasticity", (0.2, 1.0), ge=0, le=3)
    """Fall of the filling of vacancies as they grow against the people in the regional pool."""
    wage_elasticity: float = quantity(0.15, "elasticity", (0.05, 0.4), neutral=0.0, ge=0, le=2)
    """Rise of researchers' cost in a region with demand against its trained people."""
    wage_speed: float = quantity(0.25, "share of the way a year", (0.1, 0.6), ge=0, le=1)
    """How fast researchers' cost moves to its new level."""
    newcomer_experience: float = quantity(
        0.5, "share of full effect", (0.3, 0.8), neutral=1.0, ge=0, le=1
    )
    """Effect of a newly hired researcher against one of a trained team."""
    experience_half_life: float = quantity(1.5, "years", (0.75, 3), gt=0)
    """How fast newcomers reach full effect."""
    leave_share: float = quantity(
        0.5, "share of those let go", (0.2, 0.7), "[77]", neutral=0.0, ge=0, le=1
    )
    """Those let go who leave the region or research for good."""
    tacit_share: float = quantity(
        0.4, "share of knowledge held by people", (0.1, 0.7), neutral=0.0, ge=0, le=1
    )
    """Part of an organisation's knowledge that goes with the people who carry it."""
    attrition: float = quantity(0.05, "per year", (0.03, 0.09), ge=0, le=0.5)
    """People in the pool who retire or change profession."""
    graduate_retention: float = quantity(0.45, "share", (0.25, 0.60), "[71]", ge=0, le=1)
    """Graduates who stay in the region where they studied."""
    migration_semi_elasticity: float = quantity(
        0.1, "per year per unit of log real wage", (0.03, 0.3), "[72, 73]", neutral=0.0, ge=0, le=5
    )
    """Movement of skilled people to regions that pay more, net of congestion, by distance."""
    migration_reach: float = quantity(90.0, "minutes", (45, 180), "[73]", gt=0)
    """Travel time over which movement of people falls to 37 %."""
