"""clustersim: how innovation clusters grow under long-term and piecemeal public funding.

>>> import sim
>>> found = sim.compare(["long_term", "piecemeal"], runs=100)  # doctest: +SKIP
>>> found.headline()  # doctest: +SKIP
>>> found.paired, found.summary, found.accounts, found.outcomes  # data frames  # doctest: +SKIP
>>> sim.save(found, "results/mine")  # doctest: +SKIP

Names are imported when they are first used, so that ``import sim`` and the command line start at
once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments.attribution import Attribution, explain
    from sim.experiments.comparison import Comparison, Study, compare, simulate
    from sim.experiments.factors import difference, problem
    from sim.experiments.sensitivity import Sensitivity, sensitivity
    from sim.experiments.store import Store
    from sim.experiments.sweeps import SweepStudy, sweep
    from sim.report.saving import save
    from sim.run import Run
    from sim.scenario import Loaded, Scenario, ScenarioError, available, blend, load

#: Public names, with the module and the name under which each is found.
_PLACES = {
    "Attribution": ("sim.experiments.attribution", "Attribution"),
    "Comparison": ("sim.experiments.comparison", "Comparison"),
    "Loaded": ("sim.scenario", "Loaded"),
    "Run": ("sim.run", "Run"),
    "Scenario": ("sim.scenario", "Scenario"),
    "ScenarioError": ("sim.scenario", "ScenarioError"),
    "Sensitivity": ("sim.experiments.sensitivity", "Sensitivity"),
    "Store": ("sim.experiments.store", "Store"),
    "Study": ("sim.experiments.comparison", "Study"),
    "SweepStudy": ("sim.experiments.sweeps", "SweepStudy"),
    "available": ("sim.scenario", "available"),
    "blend": ("sim.scenario", "blend"),
    "compare": ("sim.experiments.comparison", "compare"),
    "difference": ("sim.experiments.factors", "difference"),
    "explain": ("sim.experiments.attribution", "explain"),
    "load": ("sim.scenario", "load"),
    "problem": ("sim.experiments.factors", "problem"),
    "save": ("sim.report.saving", "save"),
    "sensitivity": ("sim.experiments.sensitivity", "sensitivity"),
    "simulate": ("sim.experiments.comparison", "simulate"),
    "sweep": ("sim.experiments.sweeps", "sweep"),
}

__all__ = [
    "Attribution",
    "Comparison",
    "Loaded",
    "Run",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Store",
    "Study",
    "SweepStudy",
    "available",
    "blend",
    "compare",
    "difference",
    "explain",
    "load",
    "problem",
    "save",
    "sensitivity",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
