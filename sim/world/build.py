"""The population at quarter 0, drawn from the data."""

from __future__ import annotations

from sim.parameters import Parameters, quantity


class Population(Parameters):
    """How many rows stand for the firms."""

    firms: int = quantity(2500, "rows", (500, 100_000), ge=50, le=2_000_000)
    """Rows of firms, the comparators' included; each stands for a weight of real firms."""
