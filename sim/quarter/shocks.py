"""Shocks from outside: technology, demand, the closure of an anchor firm, a new railway."""

from __future__ import annotations

from enum import StrEnum

from sim.parameters import Parameters, quantity


class ShockKind(StrEnum):
    """What happens."""

    TECHNOLOGY = "technology"
    DEMAND = "demand"
    CLOSURE = "closure"
    TRANSPORT = "transport"


class Shock(Parameters):
    """One shock at a given date, alike in every future that is compared."""

    year: float = quantity(5.0, "years after the start", (0, 30), lever=True, ge=0, le=100)
    """When it happens."""
    kind: ShockKind
    """technology, demand, closure or transport."""
    sector: str | None = None
    """Sector that it strikes; all sectors if left out."""
    region: str | None = None
    """Region that it strikes; all regions if left out."""
    size: float = quantity(-0.2, "share", (-0.5, 0.5), lever=True, ge=-0.95, le=2)
    """technology: change of the value of existing knowledge; demand: change of demand; closure:
    minus the share of the largest local firm's jobs that close; transport: change of travel
    times between the region and the others."""
