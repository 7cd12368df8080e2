"""Mistakes in a scenario: where each one is, what was found, what was expected, and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

COMMAND_LINE = "--set"


@dataclass(frozen=True)
class Place:
    """A spot in a file; ``line`` and ``column`` count from 1, and are 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One mistake. ``key`` is dotted; an empty part is left out of the text."""

    file: str
    line: int
    column: int
    key: str
    found: str
    expected: str = ""
    suggestion: str = ""

    @classmethod
    def at(
        cls, place: Place, key: str, found: str, expected: str = "", suggestion: str = ""
    ) -> Problem:
        """A problem at ``place``."""
        return cls(place.file, place.line, place.column, key, found, expected, suggestion)

    def __str__(self) -> str:
        place = str(Place(self.file, self.line, self.column))
        # An override has no line: what was written there names the key already.
        key = f"{self.key}: " if self.key and not self.file.startswith(COMMAND_LINE) else ""
        parts = [self.found]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.suggestion:
            parts.append(self.suggestion)
        return f"{place}: {key}{'; '.join(parts)}"


class ScenarioError(Exception):
    """Every mistake found in a scenario, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it crosses from a worker's process


def shown(path: Path) -> str:
    """``path`` as a reader would type it: from the current folder where it lies below that."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like ``word``, or None where none is near."""
    by_lower = {choice.lower(): choice for choice in choices}
    plain = word.lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(plain, by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A suggestion, or nothing where no choice is near."""
    close = nearest(word, choices)
    return f"did you mean '{close}'?" if close else ""


def did_you_mean_named(word: str, names: Mapping[str, str]) -> str:
    """As ``did_you_mean``, where a choice may also be written by its long name."""
    close = nearest(word, names) or {v: k for k, v in names.items()}.get(
        nearest(word.replace("_", " "), names.values()) or ""
    )
    return f"did you mean '{close}'?" if close else ""
