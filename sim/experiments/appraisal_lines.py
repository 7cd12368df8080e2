"""Numbers of an appraisal with their intervals, as lines that the page and the files share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiments.appraisal import Vector
from sim.experiments.appraised import Appraisal
from sim.experiments.verdict import Interval

if TYPE_CHECKING:
    import pandas as pd

MONEY = "£m"


@dataclass(frozen=True)
class Line:
    """One number: of an option less the counterfactual, or of the first option less another."""

    section: str
    option: str
    item: str
    place: str
    unit: str
    found: Interval
    interval_by: str = "t"


@dataclass(frozen=True)
class Table:
    """All lines of an appraisal."""

    lines: tuple[Line, ...]

    def of(self, section: str, option: str) -> dict[tuple[str, str], Interval]:
        """The numbers of a section by item and place."""
        return {
            (one.item, one.place): one.found
            for one in self.lines
            if (one.section, one.option) == (section, option)
        }

    def frame(self) -> pd.DataFrame:
        """The lines as a data frame."""
        import pandas as pd

        return pd.DataFrame(
            {
                "section": one.section,
                "option": one.option,
                "item": one.item,
                "place": one.place,
                "unit": one.unit,
                "estimate": one.found.mean,
                "low": one.found.low,
                "high": one.found.high,
                "interval_by": one.interval_by,
            }
            for one in self.lines
        )


def pair_name(appraisal: Appraisal, other: int) -> str:
    """What the difference of the first option and another is called in tables."""
    names = appraisal.ensemble.names
    return f"{names[0]} minus {names[other]}"


def each_of(
    appraisal: Appraisal, section: str, item: str, place: str, unit: str, values: list[Vector]
) -> Iterator[Line]:
    """A line for each option, and one for the first less each other; ``values`` by option."""
    for s in appraisal.options:
        name = appraisal.ensemble.names[s]
        yield Line(section, name, item, place, unit, Interval.of(values[s]))
    for s in appraisal.options[1:]:
        found = Interval.of(values[0] - values[s])
        yield Line(section, pair_name(appraisal, s), item, place, unit, found)
