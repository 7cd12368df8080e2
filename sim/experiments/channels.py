"""Which channel: the difference of two scenarios with some mechanisms on, and the others off.

A mechanism is off at the ``neutral`` value of its parameters, in both scenarios and, where it is an
assumption, in their common past. What is no channel here stays on throughout: how knowledge becomes
productivity, sales and jobs is the same stage for every channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.experiments.players import Player, grouped
from sim.parameters import Parameters, parameter_rows
from sim.quarter import Assumptions
from sim.quarter.fund.programmes import Programme
from sim.scenario import Scenario

PROGRAMME = "programme."
#: At what value each parameter that can be off is off; levers of programmes have a prefix.
NEUTRAL = {
    row.path: row.neutral
    for rows in (parameter_rows(Assumptions), parameter_rows(Programme, PROGRAMME))
    for row in rows
    if row.neutral is not None
}

CHANNELS = (
    Player("cost of bids", ("fund.bid_effort",)),
    Player("overhead", ("programme.overhead_share", "programme.pot_overhead")),
    Player(
        "choice of projects",
        (
            "innovate.quality_value", "place.quality_value", "fund.shock_quality",
            "fund.theme_misfit", "fund.capacity_weight", "place.bid_learning",
            "place.bid_forgetting",
        ),
    ),
    Player(
        "gaps and lost staff",
        (
            "staff.quit_rate", "staff.layoff_speed", "staff.leave_share", "staff.tacit_share",
            "staff.hiring_speed", "staff.post_length_half", "staff.newcomer_experience",
            "work.salvage",
        ),
    ),
    Player(
        "length of projects",
        (
            "work.length_exponent_laboratory", "work.length_exponent_catapult",
            "work.length_exponent_firm",
        ),
    ),
    Player("belief in promises", ("plan.belief_response", "plan.partner_experience")),
    Player(
        "private match", ("plan.complementarity", "plan.cash_smoothing", "fund.match_payback")
    ),
    Player(
        "ties",
        (
            "collaborate.award_bond", "collaborate.money", "collaborate.broker",
            "collaborate.tie_cost", "learn.tie_spillover", "trade.catapult_link",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Channels:
    """Two scenarios under every combination of channels."""

    first: Scenario
    other: Scenario
    players: tuple[Player, ...]

    def futures(self, mask: int) -> tuple[tuple[float, Scenario], ...]:
        """What is lived for a combination: both scenarios, one less the other."""
        off = [
            key
            for number, player in enumerate(self.players)
            if not mask >> number & 1
            for key in player.keys
        ]
        return (1.0, without(self.first, off)), (-1.0, without(self.other, off))

    def between(self, first: Scenario, other: Scenario) -> Channels:
        """The same players between two other scenarios."""
        return replace(self, first=first, other=other)


def channels(first: Scenario, other: Scenario, own: Mapping[str, Sequence[str]]) -> Channels:
    """The usual channels; ``own`` groups take parameters out of them, or any other with a neutral
    value. Raises ScenarioError where a group asks for what cannot be off.
    """
    usual = {key for one in CHANNELS for key in one.keys}
    spare = [key for key in NEUTRAL if key not in usual]
    useless = {
        row.path: "has no neutral value, so that it cannot be off"
        for rows in (parameter_rows(Assumptions), parameter_rows(Programme, PROGRAMME))
        for row in rows
        if row.neutral is None
    }
    return Channels(first, other, grouped(CHANNELS, own, spare, useless))


def without(scenario: Scenario, off: Sequence[str]) -> Scenario:
    """The scenario with the parameters ``off`` at their neutral values."""
    by_group: dict[str, dict[str, Any]] = {}
    for key in off:
        group, _, name = key.partition(".")
        by_group.setdefault(group, {})[name] = NEUTRAL[key]
    levers = by_group.pop(PROGRAMME.rstrip("."), {})
    assumptions = scenario.assumptions
    groups: dict[str, Parameters] = {
        group: getattr(assumptions, group).model_copy(update=values)
        for group, values in by_group.items()
    }
    reforms = tuple(
        one.model_copy(update={"set": _reset(one.set, levers)}) for one in scenario.reforms
    )
    return scenario.model_copy(
        update={
            "reforms": reforms,
            "assumptions": assumptions.model_copy(update=groups),
            "programmes": {
                name: one.model_copy(update=levers) for name, one in scenario.programmes.items()
            },
        }
    )


def _reset(keys: Mapping[str, Any], levers: Mapping[str, Any]) -> dict[str, Any]:
    """What a reform sets, with the levers that are off left off."""
    return {
        key: _reset(value, levers)
        if isinstance(value, dict)
        else levers.get(key.rpartition(".")[2], value)
        for key, value in keys.items()
    }
