"""The table of the benchmarks has a place for whatever is measured."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.table import TITLES

ROOT = Path(__file__).parents[2]


def test_every_part_that_is_measured_has_a_title() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks").glob("*.py")]
    parts = {part for text in sources for part in re.findall(r'Result\(\s*"([^"]+)"', text)}
    assert parts == set(TITLES)
