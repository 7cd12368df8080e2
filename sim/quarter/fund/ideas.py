"""Ideas: what projects are about, each for as long as it lasts, whoever is asked to pay for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.fund.programmes import FundAssumptions, Programme, quarters
from sim.world.state import World

#: Most ideas that one organisation has at a time.
MOST_IDEAS = 4


@kernel
def idea_key(quarter, uid, ordinal, life):
    """Which idea this is: for ``life`` quarters it is the same one, whoever is asked to pay for it.

    Lives are staggered over holders and their ideas.
    """
    return (quarter + (uid + 7 * ordinal) % life) // life | (ordinal << 32)


@kernel
def ideas_taken(now, start, holder_row, outcome, end, decision, idea, taken):
    """Mark in ``taken`` (organisations, ideas) the keys of ideas that awards pay for at ``start``.

    As in ``standing``, an award that ends by then, and is known not to be renewed, does not count.
    """
    taken[:] = -1
    for k in range(holder_row.shape[0]):
        if holder_row[k] < 0 or idea[k] < 0 or outcome[k] != 0:
            continue
        if end[k] > start or decision[k] >= now:
            taken[holder_row[k], idea[k] >> 32] = idea[k]


def taken_of(world: World, programme: Programme) -> NDArray[np.int64]:
    """Ideas that an award pays for when those of a call would begin (organisations, ideas)."""
    taken = np.empty((len(world.organisations), MOST_IDEAS), np.int64)
    awards = world.awards
    ideas_taken(
        world.quarter,
        world.quarter + quarters(programme.decision_lead),
        awards.holder_row,
        awards.outcome,
        awards.end,
        awards.decision,
        awards.idea,
        taken,
    )
    return taken


def idea_life(assumptions: FundAssumptions) -> int:
    """Quarters for which an idea lasts."""
    return max(1, round(assumptions.idea_life * QUARTERS_PER_YEAR))
