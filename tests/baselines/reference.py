"""A few dozen numbers of each reference run; rewritten only on purpose.

``python -m tests.baselines.reference`` writes them anew. Do so only for a change that is meant to
move results, and say so under **Results change** in CHANGELOG.md.
"""

from __future__ import annotations

import json
from pathlib import Path

from sim.run import Run
from sim.scenario import load

FILE = Path(__file__).parent / "reference.json"
SCENARIOS = ("long_term", "piecemeal", "no_policy", "long_competitive_gated")
METRICS = (
    "gva", "jobs", "firms", "researchers", "knowledge", "innovation_value", "rd_performed",
    "credibility", "horizon", "mean_degree", "place_capital", "skilled_pool", "theil_gva_per_head",
)  # fmt: skip
YEARS = (1, 5, 10)
SETTINGS = {"population.firms": "400", "horizon": "10"}


def reference() -> dict[str, dict[str, list[float]]]:
    """Metric by scenario, for the North in ``YEARS``, at seed 1."""
    loaded = [load(name, SETTINGS) for name in SCENARIOS]
    past = Run.start(loaded[0].scenario, loaded[0].burn_in, 1)
    out: dict[str, dict[str, list[float]]] = {}
    for one in loaded:
        history = past.fork(one.scenario).finish().history
        out[one.name] = {
            name: [float(history.series(name)[year]) for year in YEARS] for name in METRICS
        }
        accounts = history.pots[-1].sum(axis=0)
        out[one.name]["accounts"] = [float(value) for value in accounts]
    return out


if __name__ == "__main__":
    FILE.write_text(json.dumps(reference(), indent=1) + "\n", encoding="utf-8")
