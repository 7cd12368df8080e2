"""Which lever: the scenarios between two, each lever as in the one or as in the other.

A combination whose levers do not go together (notice that is longer than its award, shares that do
not add up) is no scenario. Levers that make such a combination when one is parted from the other
are made one player, before anything is run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from sim.experiments.future import PAST
from sim.experiments.players import Player, grouped, merged
from sim.experiments.shapley import Design
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.models import put

#: What says nothing of how a future is lived, or is the same in scenarios that are compared.
NO_LEVERS = ("title", "description", *PAST)

DesignOf = Callable[[int], Design]


@dataclass(frozen=True)
class Levers:
    """Scenarios between ``first`` and ``other``: of the levers in a combination as in the first."""

    first: Scenario
    other: Scenario
    players: tuple[Player, ...]

    def futures(self, mask: int) -> tuple[tuple[float, Scenario], ...]:
        """What is lived for a combination: one scenario, with its sign in the worth."""
        return ((1.0, self.mixed(mask)),)

    def between(self, first: Scenario, other: Scenario) -> Levers:
        """The same players between two other scenarios."""
        return replace(self, first=first, other=other)

    def mixed(self, mask: int) -> Scenario:
        """The scenario of a combination. Raises ValidationError where its levers do not fit."""
        if mask == (1 << len(self.players)) - 1:
            return self.first
        if mask == 0:
            return self.other
        one, plain = self._plain[0], deepcopy(self._plain[1])
        for number, player in enumerate(self.players):
            if mask >> number & 1:
                for key in player.keys:
                    put(plain, key.split("."), value_at(one, key))
        found = Scenario.model_validate_json(json.dumps(plain))
        found.stages()  # a reform may break what is sound at the start
        return found

    @cached_property
    def _plain(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.first.model_dump(mode="json"), self.other.model_dump(mode="json")


def levers(
    first: Scenario, other: Scenario, own: Mapping[str, Sequence[str]], names: tuple[str, str]
) -> Levers:
    """The levers in which two scenarios differ; a lever of several programmes is one player.

    ``own`` groups take keys out of the usual players. Raises ScenarioError where nothing differs
    or a group asks for what does not.
    """
    one, another = (scenario.model_dump(mode="json") for scenario in (first, other))
    by_lever: dict[str, list[str]] = {}
    for key in differing(one, another):
        parts = key.split(".")
        is_programme = parts[0] == "programmes" and len(parts) == 2
        by_lever.setdefault("programmes" if is_programme else parts[-1], []).append(key)
    if not by_lever:
        found = f"{names[0]} and {names[1]} differ in no lever"
        raise ScenarioError([Problem(" ".join(names), 0, 0, "", found, "two different scenarios")])
    usual = [Player(name, tuple(keys)) for name, keys in by_lever.items()]
    alike = f"is alike in {names[0]} and {names[1]}"
    useless = dict.fromkeys([*_leaves(one), *_leaves(another)], alike)
    return Levers(first, other, grouped(usual, own, useless=useless))


def differing(one: Mapping[str, Any], other: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted keys at which two plain scenarios differ; a programme of one alone is a key."""
    for name in {**one, **other}:
        key, a, b = f"{prefix}{name}", one.get(name), other.get(name)
        if a == b or key in NO_LEVERS:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            yield from differing(a, b, f"{key}.")
        else:
            yield key


def _leaves(plain: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in plain.items():
        key = f"{prefix}{name}"
        if key in NO_LEVERS:
            continue
        if isinstance(value, dict):
            yield from _leaves(value, f"{key}.")
        else:
            yield key


def value_at(plain: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key; None where there is none."""
    value: Any = plain
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def inseparable(
    game: Levers, design_of: DesignOf, seeds: Iterable[int]
) -> tuple[Levers, list[str]]:
    """The game with those levers made one that cannot be parted, and what was made one and why.

    ``design_of`` a number of players says what each seed would live: all of that must be sound.
    The two levers that the most unsound combinations part are made one, and all is looked at again.
    """
    seeds = tuple(seeds)
    notes: list[str] = []
    while True:
        design = design_of(len(game.players))
        masks = {mask for seed in seeds for mask in design.masks(seed)}
        unsound = {mask: why for mask in sorted(masks) if (why := _unsound(game, mask))}
        if not unsound:
            return game, notes

        def parted(pair: tuple[int, int], masks: Iterable[int] = tuple(unsound)) -> int:
            return sum(mask >> pair[0] & 1 != mask >> pair[1] & 1 for mask in masks)

        i, j = max(combinations(range(len(game.players)), 2), key=parted)
        why = next(why for mask, why in unsound.items() if parted((i, j), (mask,)))
        notes.append(
            f"{game.players[i].label} and {game.players[j].label} cannot be parted and count as "
            f"one: {why}."
        )
        game = replace(game, players=merged(game.players, i, j))


def _unsound(game: Levers, mask: int) -> str:
    """Why a combination is no scenario; empty if it is one."""
    try:
        mixed = game.mixed(mask)
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    known = {**game.first.programmes, **game.other.programmes}
    for reform in mixed.reforms:
        for key, value in reform.set.items():
            group, _, rest = key.partition(".")
            names = [rest.partition(".")[0]] if rest else list(value or ())
            for name in names:
                # It would begin a programme of this name, with the usual levers.
                if group == "programmes" and name in known and name not in mixed.programmes:
                    return f"a reform changes the programme {name}, which would not be there"
    return ""
