"""The tutorial runs from its first cell to its last, and shows what the model does today."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.docs.notebook import FILE, METADATA, code_cells, executed, stored

LARGEST = 400_000  # bytes


def shown(cell: dict[str, Any]) -> list[Any]:
    """What a cell shows; of a figure only that there is one, for its dots depend on fonts."""
    return [
        "figure" if "image/png" in one.get("data", {}) else one.get("data", one.get("text"))
        for one in cell["outputs"]
    ]


@pytest.fixture(scope="module")
def fresh() -> dict[str, Any]:
    return executed(stored())


def test_every_cell_shows_what_it_gives_now(fresh: dict[str, Any]) -> None:
    for then, now in zip(code_cells(stored()), code_cells(fresh), strict=True):
        source = "".join(then["source"])
        assert shown(then) == shown(now), f"stale, run `make docs`:\n{source}"
        assert then["execution_count"] == now["execution_count"]


def test_it_says_nothing_of_the_machine_that_ran_it() -> None:
    text, notebook = FILE.read_text(encoding="utf-8"), stored()
    assert notebook["metadata"] == METADATA
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    prose = re.sub(r'"image/png": "[^"]*"', "", text)
    assert not re.search(r'File \\"|/(home|root|Users|tmp|usr|var|opt|mnt)/|[A-Z]:\\', prose)
    assert len(text.encode()) < LARGEST
