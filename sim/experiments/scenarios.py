"""The scenarios of a study: named, set from outside, and blended where that is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sim.scenario import Loaded, Problem, ScenarioError, blend_parts, load
from sim.scenario import blend as blend_of


def load_all(
    scenarios: Sequence[str | Path | Loaded],
    *,
    firms: int | None = None,
    overrides: Mapping[str, str] | None = None,
    share: float | None = None,
    loader: Callable[[str | Path, Mapping[str, str]], Loaded] = load,
) -> list[Loaded]:
    """The scenarios, with what the caller sets, and their blend where ``share`` is given.

    A blend may also be named: ``long_term~piecemeal@0.3``. ``loader`` reads what is named.
    Raises ScenarioError with the mistakes of all of them.
    """
    settings = dict(overrides or {})
    if firms is not None:
        settings["population.firms"] = str(firms)
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for one in scenarios:
        try:
            loaded.append(one if isinstance(one, Loaded) else _named(one, settings, loader))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    if share is not None:
        if len(loaded) != 2:
            raise ValueError(f"a blend is of two scenarios, not of {len(loaded)}")
        loaded.append(blended(loaded[0], loaded[1], share))
    return loaded


def _named(
    one: str | Path,
    settings: Mapping[str, str],
    loader: Callable[[str | Path, Mapping[str, str]], Loaded],
) -> Loaded:
    blend = blend_parts(str(one))
    if blend is None:
        return loader(one, settings)
    first, second, share = blend
    return blended(loader(first, settings), loader(second, settings), share)


def blended(first: Loaded, second: Loaded, share: float) -> Loaded:
    """The scenario that lies ``share`` of the way from ``first`` to ``second``."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a blend needs a share between 0 and 1, not {share:g}")
    nearer = first if share < 0.5 else second
    return Loaded(
        f"{first.name}~{second.name}@{share:g}",
        nearer.path,
        blend_of(first.scenario, second.scenario, share),
        nearer.burn_in,
        first.text | second.text,
    )


def horizon_notes(loaded: Sequence[Loaded], years: int | None) -> list[str]:
    """What to say where the scenarios end at different times."""
    horizons = {one.scenario.horizon for one in loaded}
    if years is not None or len(horizons) == 1:
        return []
    return [f"The scenarios have different horizons; they are compared over {min(horizons)} years."]
