"""Tables of the pages in Markdown, whatever words stand in their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

LEFT, RIGHT, MIDDLE = "---", "---:", ":---:"
_BAR = re.compile(r"(\\*)\|")


def markdown_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    first: str = LEFT,
    others: str = RIGHT,
) -> Iterator[str]:
    """The lines of a table; ``first`` and ``others`` say to which side their columns lean."""
    yield _row(head)
    yield _row((first, *[others] * (len(head) - 1)))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """A cell in which a bar, such as that of a scenario's title, begins no other one."""
    return _BAR.sub(r"\1\1\\|", text)
