"""Points to know a map by: real programmes, and the two scenarios as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiments.grid import Grid
from sim.scenario import ScenarioError, available, load
from sim.scenario.axes import BLEND, own_value

#: The folder inside scenarios/ that holds real programmes.
PROGRAMMES = "programmes"


@dataclass(frozen=True)
class Landmark:
    """What lies at a point; ``is_real`` for a programme that there was, or is."""

    name: str
    x: float
    y: float
    is_real: bool = True


def landmarks(grid: Grid) -> list[Landmark]:
    """The two scenarios where one point says what they are, then the real programmes."""
    return [*_ends(grid), *_programmes(grid)]


def _ends(grid: Grid) -> Iterator[Landmark]:
    """A scenario that the axes turn lies where each of them has one value in it."""
    if BLEND in (grid.x.key, grid.y.key):
        return
    for side, one in enumerate(grid.pair):
        at = [own_value(one.scenario, axis.targets[side]) for axis in (grid.x, grid.y)]
        if at[0] is not None and at[1] is not None:
            yield Landmark(one.name, at[0], at[1], is_real=False)


def _programmes(grid: Grid) -> list[Landmark]:
    """Programmes that state both levers, where both axes are levers and of the same scenarios."""
    levers = grid.x.lever, grid.y.lever
    if not all(levers) or grid.x.side != grid.y.side:
        return []
    found: dict[tuple[str, float, float], Landmark] = {}
    for file in available():
        if file.path.parent.name != PROGRAMMES:
            continue
        try:
            programmes = load(file.path).scenario.programmes
        except ScenarioError:
            continue  # a broken file of the reader's own is no reason to have no map
        for name, one in programmes.items():
            x, y = (getattr(one, lever) for lever in levers)
            if set(levers) <= one.model_fields_set and x is not None and y is not None:
                shown = file.name if len(programmes) == 1 else f"{file.name}: {name}"
                # A mix repeats the programmes of the files that it extends.
                found.setdefault((name, float(x), float(y)), Landmark(shown, float(x), float(y)))
    return list(found.values())
