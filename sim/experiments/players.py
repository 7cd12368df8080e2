"""Players of an attribution: named groups of keys that are switched together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import did_you_mean


@dataclass(frozen=True)
class Player:
    """Keys that are switched together, under one name."""

    name: str
    keys: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name for people."""
        return self.name.replace("_", " ")


def means(asked: str, key: str) -> bool:
    """Whether ``asked`` is the key, its last part, or a group that holds it."""
    return asked in (key, key.rpartition(".")[2]) or key.startswith(f"{asked}.")


def grouped(
    usual: Sequence[Player],
    own: Mapping[str, Sequence[str]],
    spare: Iterable[str] = (),
    useless: Mapping[str, str] | None = None,
) -> tuple[Player, ...]:
    """``usual`` players, less the keys that the groups of one's ``own`` take, then these.

    A group takes keys by their full name, their last part, or the name of a usual player, and may
    have ``spare`` keys that no usual player has. ``useless`` keys are known and cannot be in a
    group, for the reason beside them. Raises ScenarioError with every mistake.
    """
    problems: list[Problem] = []
    at_hand = {key: one.name for one in usual for key in one.keys} | dict.fromkeys(spare, "")
    taken: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for name, wanted in own.items():
        place = f"--group {name}={','.join(wanted)}"
        groups[name] = []
        for asked in wanted:
            found = [key for key, home in at_hand.items() if means(asked, key) or asked == home]
            if not found:
                problems.append(_unknown(place, asked, at_hand, useless or {}))
            for key in found:
                if key in taken:
                    said = f"{key} is in the group {taken[key]} already"
                    problems.append(Problem(place, 0, 0, "", said, "each key in one group"))
                    continue
                taken[key] = name
                groups[name].append(key)
    rest = [
        Player(one.name, kept)
        for one in usual
        if (kept := tuple(key for key in one.keys if key not in taken))
    ]
    beside = {one.name for one in rest}
    for name in beside & set(groups):
        place = f"--group {name}={','.join(own[name])}"
        problems.append(Problem(place, 0, 0, "", f"there is a {name} beside it", "another name"))
    if problems:
        raise ScenarioError(problems)
    return (*rest, *(Player(name, tuple(keys)) for name, keys in groups.items()))


def _unknown(
    place: str, asked: str, at_hand: Mapping[str, str], useless: Mapping[str, str]
) -> Problem:
    names = list(dict.fromkeys([*at_hand.values(), *(key.rpartition(".")[2] for key in at_hand)]))
    for key, reason in useless.items():
        if means(asked, key):
            expected = f"some of {', '.join(filter(None, names))}"
            return Problem(place, 0, 0, "", f"{asked} {reason}", expected)
    known = [*names, *at_hand, *useless, *(key.rpartition(".")[2] for key in useless)]
    return Problem(place, 0, 0, "", f"there is no key '{asked}'", "", did_you_mean(asked, known))


def merged(players: Sequence[Player], i: int, j: int) -> tuple[Player, ...]:
    """The same players with two of them made one, in the place of the first."""
    i, j = min(i, j), max(i, j)
    one, other = players[i], players[j]
    both = Player(f"{one.name} + {other.name}", (*one.keys, *other.keys))
    return (*players[:i], both, *players[i + 1 : j], *players[j + 1 :])
