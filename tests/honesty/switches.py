"""Switches: every channel off, and some of them on again."""

from __future__ import annotations

from functools import cache
from typing import cast

from sim.parameters import Parameters, parameter_rows
from sim.quarter import Assumptions
from tests.honesty.futures import neutral_assumptions

#: Every parameter that has a value at which its channel is off.
SWITCHES = tuple(row.path for row in parameter_rows(Assumptions) if row.neutral is not None)

#: What may differ between two cuts of one flow when all channels are off: what was promised, what
#: is believed of it, and how good the funded work is.
MEMORY = frozenset({
    "organisations.promised", "organisations.n_renewed", "organisations.n_lapsed",
    "organisations.credibility", "organisations.continuation", "organisations.security",
    "organisations.award_quality", "organisations.award_misfit",
    "regions.place_promised", "regions.place_quality", "regions.place_misfit",
})  # fmt: skip


@cache
def switched(*paths: str, **values: float) -> Assumptions:
    """All channels off but for the parameters at ``paths``, which have their defaults again.

    ``values`` set others, written ``group__name``. No pot adds money to what was promised.
    """
    off, usual = neutral_assumptions(), Assumptions()
    wanted = {path: getattr(getattr(usual, group), name) for path in paths
              for group, _, name in [path.partition(".")]}  # fmt: skip
    wanted |= {"fund.supplement_cap": 0.0}
    wanted |= {path.replace("__", "."): value for path, value in values.items()}
    for path, value in wanted.items():
        group, _, name = path.partition(".")
        part = cast(Parameters, getattr(off, group))
        off = off.model_copy(update={group: part.model_copy(update={name: value})})
    return off
