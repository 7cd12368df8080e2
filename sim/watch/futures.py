"""One future of one seed as a message for the page: what was recorded and the yearly series."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from sim.experiments.future import IsStopped, Stopped, never
from sim.metrics.history import METRIC_NAMES, METRICS
from sim.metrics.metric import NORTH
from sim.parameters import QUARTERS_PER_YEAR
from sim.run import Run
from sim.scenario import Scenario
from sim.watch.levers import settings
from sim.watch.packing import pack
from sim.watch.recording import POSITION, Recorder
from sim.world import sources

#: What the charts can show, in their order; each with the words of its title and axis.
SERIES: dict[str, str] = {
    "gva": "Value added",
    "jobs": "Jobs",
    "firms": "Firms",
    "ellison_glaeser": "Concentration",
    "knowledge": "Knowledge",
    "credibility": "Credibility",
    "gap_share_institutions": "Institutions in a gap",
    "researchers": "Research staff",
    "public_total": "Public money",
    "innovation_value": "Value of innovations",
    "cross_region_share": "Ties across regions",
    "births": "Firms born",
    "deaths": "Firms closed",
    "staff_lost": "Research staff lost",
}


def series_of(run: Run, years: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The series (series, areas, sectors + 1, years + 1) of the eleven areas and the North."""
    history = run.history
    areas = [history.areas.index(name) for name in area_ids()]
    columns = [METRIC_NAMES.index(name) for name in SERIES]
    values = history.values[: years + 1][:, areas][:, :, :, columns]
    return np.moveaxis(values, (3, 1, 2, 0), (0, 1, 2, 3)).astype(np.float32)


def area_ids() -> list[str]:
    """The eleven areas, then the North."""
    return [*(region.id for region in sources.regions() if region.is_north), NORTH]


@lru_cache(maxsize=4)
def _past(text: str, burn_in_text: str, seed: int) -> Run:
    """The common start, kept for the next change of a lever."""
    scenario = Scenario.model_validate_json(text)
    return Run.start(scenario, Scenario.model_validate_json(burn_in_text), seed)


def past_of(scenario: Scenario, burn_in: Scenario, seed: int) -> Run:
    """The moment at which the policies part; lived once for all scenarios that share it."""
    common = scenario.model_dump(include={"population", "burn_in", "assumptions"})
    plain = Scenario(title="past", **common)
    return _past(plain.model_dump_json(), burn_in.model_dump_json(), seed)


def record(
    scenario: Scenario,
    burn_in: Scenario,
    seed: int,
    years: int,
    is_stopped: IsStopped = never,
    level: int = 6,
) -> bytes:
    """The message of one future. Raises Stopped."""
    run = past_of(scenario, burn_in, seed).fork(scenario)
    recorder = Recorder(run)
    for _ in range(years * QUARTERS_PER_YEAR):
        if is_stopped():
            raise Stopped
        run.step()
        recorder.observe(run.world)
    pots = list(dict.fromkeys(pot.name for pot in run.policy.pots))
    arrays = recorder.arrays(run)
    code = np.array([pots.index(pot.name) for pot in run.policy.pots], np.uint8)
    arrays["award.pot"] = code[arrays["award.pot"]]
    arrays["series"] = series_of(run, years).ravel()
    head = {
        "title": scenario.title,
        "description": scenario.description,
        "budget": scenario.budget,
        "years": years,
        "seed": seed,
        "areas": area_ids(),
        "series": list(SERIES),
        "programmes": pots,
        "settings": settings(scenario),
        "bounds": {name: list(recorder.bounds(name)) for name in POSITION},
    }
    return pack(head, arrays, level)


def series_words() -> list[dict[str, str]]:
    """Name, label, unit, meaning and level of every series."""
    metrics = {metric.name: metric for metric in METRICS}
    return [
        {
            "name": name,
            "label": label,
            "unit": metrics[name].unit,
            "meaning": metrics[name].meaning,
            "scope": metrics[name].scope,
        }
        for name, label in SERIES.items()
    ]
