"""What is assumed of hiring, layoffs, experience, wages and migration."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class StaffAssumptions(Parameters):
    """Hiring, experience, layoff, leaving, graduates and movers."""

    hiring_speed: float = quantity(
        0.29, "share of the vacancy a quarter", (0.15, 0.6), neutral=1.0, gt=0, le=1
    )
    """How fast vacancies are filled where people are there."""
    layoff_speed: float = quantity(
        0.933, "share of the excess a quarter", (0.5, 1), "[76]", neutral=1.0, gt=0, le=1
    )
    """How fast staff that no money pays for are let go."""
    quit_rate: float = quantity(
        0.169, "share a quarter", (0.03, 0.3), "[77]", neutral=0.0, ge=0, le=1
    )
    """Staff who leave before the end when their post has less than two quarters of funding."""
    post_length_half: float = quantity(0.5, "years", (0, 1.5), neutral=0.0, ge=0, le=10)
    """Length of post at which half of the candidates accept it."""
    pool_elasticity: float = quantity(0.5, "elasticity", (0.2, 1.0), neutral=0.0, ge=0, le=3)
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
    retirement: float = quantity(0.0629, "per year", (0.02, 0.07), ge=0, le=0.5)
    """Research staff who retire or change profession, and whose posts are filled anew."""
    migration_semi_elasticity: float = quantity(
        0.1, "per year per unit of log real wage", (0.03, 0.3), "[72, 73]", neutral=0.0, ge=0, le=5
    )
    """Movement of skilled people to regions that pay more, net of congestion, by distance."""
    migration_reach: float = quantity(90.0, "minutes", (45, 180), "[73]", gt=0)
    """Travel time over which movement of people falls to 37 %."""
