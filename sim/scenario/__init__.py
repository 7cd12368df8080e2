"""Scenario files: found, read with the place of every word, merged, checked, blended."""

from sim.scenario.blending import blend, load_blend
from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.finding import ScenarioFile, available, find, folders
from sim.scenario.loading import Loaded, load
from sim.scenario.models import BurnIn, Scenario
from sim.scenario.schema import schema, schema_text

__all__ = [
    "BurnIn",
    "Loaded",
    "Place",
    "Problem",
    "Scenario",
    "ScenarioError",
    "ScenarioFile",
    "available",
    "blend",
    "find",
    "folders",
    "load",
    "load_blend",
    "schema",
    "schema_text",
]
