"""What the data leave open about the first population: the assumptions of its draw."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class Population(Parameters):
    """How many rows stand for the firms, and what the data do not say about them."""

    firms: int = quantity(2500, "rows", (500, 100_000), ge=50, le=2_000_000)
    """Rows of firms, the comparators' included; each stands for a weight of real firms. Where
    there are fewer real firms than this, there are fewer rows."""
    identical_regions: bool = quantity(False, "yes or no", neutral=False)
    """Whether the eleven areas of the North start alike: the same people, jobs, firms, research
    and institutions, equally far from one another. The North's totals stay as in the data."""
    comparator_share: float = quantity(0.12, "share of rows", (0.08, 0.3), ge=0.05, le=0.6)
    """Rows of firms that stand for the two comparators."""
    tail_index: float = quantity(1.06, "Pareto exponent", (1.0, 1.2), "[98]", gt=0.5, le=3)
    """Tail of the sizes of firms, inside every band."""
    productivity_spread: float = quantity(
        0.3, "standard deviation of the log", (0.15, 0.6), ge=0, le=2
    )
    """Inequality of productivity inside a region and sector, for a firm of one job; it falls with
    the tenth root of size, as a large firm is an average of many units."""
    research_share_micro: float = quantity(0.08, "probability", (0.03, 0.15), ge=0, le=0.95)
    """Firms of 1–9 jobs that do research of their own, in a sector of mean research intensity."""
    research_share_small: float = quantity(0.20, "probability", (0.10, 0.30), ge=0, le=0.95)
    """The same for 10–49 jobs."""
    research_share_medium: float = quantity(0.40, "probability", (0.25, 0.55), ge=0, le=0.95)
    """The same for 50–249 jobs."""
    research_share_large: float = quantity(0.70, "probability", (0.50, 0.90), ge=0.05, le=0.95)
    """The same for 250 jobs and more."""
    research_spread: float = quantity(0.6, "standard deviation of the log", (0.3, 1.0), ge=0, le=2)
    """Inequality of research intensity among the firms of a sector that do research."""
    most_research: float = quantity(0.45, "share of GVA", (0.3, 0.6), ge=0.1, le=1)
    """Research that one firm does at most. It gives way where a region's total needs more."""
    background_research_share: float = quantity(0.35, "share of BERD", (0.2, 0.5), ge=0, le=0.9)
    """Business research of a region that is done outside the eleven sectors."""
    unknown_income: float = quantity(5.0, "£m a year", (2, 12), gt=0)
    """Research income of a university whose income is not in the data, before all are scaled to
    the region's total."""
    unknown_catapult_budget: float = quantity(15.0, "£m a year", (8, 30), gt=0)
    """Turnover of a catapult's site that is not in the data."""
    unknown_centre_budget: float = quantity(6.0, "£m a year", (3, 12), gt=0)
    """Turnover of a national centre that is not in the data."""
    laboratory_size: float = quantity(60.0, "£m a year", (20, 120), gt=0)
    """Research income of one real laboratory in a comparator region."""
    tie_degree: float = quantity(3.0, "ties", (2, 5), "EVIDENCE §3", ge=0, le=20)
    """Mean collaboration ties of an organisation that does research, at the start."""
    place_capital_per_head: float = quantity(1500.0, "£ a head", (500, 4000), gt=0)
    """Infrastructure, premises and business support that serve innovation, at the start."""
    pool_share: float = quantity(0.10, "share of researchers", (0.05, 0.2), gt=0, le=1)
    """Trained people in a region who are open to a research post."""
    graduates_per_million: float = quantity(
        1.1, "persons a year per £m of university research", (0.5, 3), ge=0, le=50
    )
    """Graduates able to do research. At the default those who stay replace, nationally, the
    researchers who retire."""

    def research_shares(self) -> tuple[float, float, float, float]:
        """Probability of research by size band."""
        return (
            self.research_share_micro,
            self.research_share_small,
            self.research_share_medium,
            self.research_share_large,
        )
