"""Trade: productivity follows knowledge and place; markets turn it into sales, jobs and cash."""

from __future__ import annotations

from sim.quarter.trade.assumptions import TradeAssumptions
from sim.quarter.trade.markets import clear_markets, split_sales
from sim.quarter.trade.productivity import follow_knowledge, set_reference
from sim.world.state import World

__all__ = ["TradeAssumptions", "begin", "trade"]


def trade(world: World, assumptions: TradeAssumptions) -> None:
    """Productivity, markets, jobs and cash of one quarter."""
    gain = follow_knowledge(world, assumptions)
    clear_markets(world, gain, assumptions)


def begin(world: World, assumptions: TradeAssumptions) -> None:
    """Take the start as the reference of every effect of place, and split sales into markets."""
    set_reference(world, assumptions)
    split_sales(world, assumptions)
