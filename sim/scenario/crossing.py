"""Arms of an experiment by crossing: every combination of one level of each factor is an arm."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from sim.scenario.loading import over
from sim.scenario.reader import Located

#: Between the names of a factor and of its level, where all arms that have it are meant.
OF = "."
#: A few factors with a few levels each can stand for millions of arms.
MOST_ARMS = 500
#: Columns of ``cells.csv`` beside those of the factors.
OF_CELLS = ("outcome", "estimate", "low", "high", "q", "level", "n")


def arm_name(levels: Sequence[str]) -> str:
    """The arm that has these levels, one of each factor in order."""
    return "-".join(levels)


def combinations(factors: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, ...]]:
    """Names of the levels of each arm, the last factor varying fastest.

    None where they would be more than ``MOST_ARMS``: a file that says so is refused.
    """
    yield from product(*factors.values()) if 0 < n_arms(factors) <= MOST_ARMS else ()


def n_arms(factors: Mapping[str, Mapping[str, object]]) -> int:
    """Arms that the factors make."""
    return math.prod(map(len, factors.values())) if factors else 0


def pooled(factors: Mapping[str, Mapping[str, object]]) -> dict[str, list[str]]:
    """By ``factor.level``, the arms that have the level."""
    return {
        f"{factor}{OF}{level}": [
            arm_name(one) for one in combinations(factors) if one[place] == level
        ]
        for place, (factor, levels) in enumerate(factors.items())
        for level in levels
    }


@dataclass(frozen=True)
class Crossed:
    """An arm as its levels make it, with the keys of these in the file."""

    tree: Located
    parts: tuple[tuple[str, Located], ...]


def crossed(tree: Located | None) -> dict[str, Crossed]:
    """The arms of the group ``crossed`` of a file; what is no group in it is left to the check."""
    if tree is None or not isinstance(tree.value, dict):
        return {}
    factors = {
        factor: {name: one for name, one in levels.value.items() if isinstance(one.value, dict)}
        for factor, levels in tree.value.items()
        if isinstance(levels.value, dict)
    }
    found = {}
    for names in combinations(factors):
        parts = [
            (f"crossed.{factor}.{name}", factors[factor][name])
            for factor, name in zip(factors, names, strict=True)
        ]
        whole = parts[0][1]
        for _, one in parts[1:]:
            whole = over(whole, one)
        titles = [level_title(name, one) for name, (_, one) in zip(names, parts, strict=True)]
        title = Located(", ".join(titles), tree.place, tree.place)
        whole = replace(whole, value={**whole.value, "title": title})
        found[arm_name(names)] = Crossed(whole, tuple(parts))
    return found


def level_title(name: str, level: Located) -> str:
    """What figures call a level."""
    title = level.value.get("title")
    return str(title.value) if title is not None and title.value else name
