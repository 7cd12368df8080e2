"""The case study of a cluster, where the folder holds one: what it says first, and its figure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from sim.report.cluster import FIGURE, PAGE


@dataclass(frozen=True)
class Case:
    """A cluster's own answers; ``source`` is its figure as a data address, or empty."""

    title: str
    answers: list[str]
    source: str


def case_study(folder: Path) -> Case | None:
    """The case study of a folder that ``cluster`` wrote."""
    page = folder / PAGE
    if not page.is_file():
        return None
    lines = page.read_text(encoding="utf-8").splitlines()
    figure = folder / "figures" / f"{FIGURE}.svg"
    held = base64.b64encode(figure.read_bytes()).decode() if figure.is_file() else ""
    return Case(
        lines[0].removeprefix("# "),
        [one.strip("*") for one in lines if one.startswith("**") and one.endswith("**")],
        f"data:image/svg+xml;base64,{held}" if held else "",
    )
