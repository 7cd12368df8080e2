"""Scenario files: found, read with the place of every word, merged, checked, blended."""

from sim.scenario.blending import blend, blend_parts, load_blend
from sim.scenario.cluster_loading import LoadedCluster, load_cluster, load_clusters
from sim.scenario.clusters import Cluster
from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.experiment_loading import LoadedExperiment, load_experiment
from sim.scenario.experiments import Experiment
from sim.scenario.finding import ScenarioFile, available, find, folders
from sim.scenario.loading import Loaded, load
from sim.scenario.models import BurnIn, Scenario
from sim.scenario.schema import schema, schema_text
from sim.scenario.sweep_loading import LoadedSweep, load_sweep
from sim.scenario.sweeps import Sweep

__all__ = [
    "BurnIn",
    "Cluster",
    "Experiment",
    "Loaded",
    "LoadedCluster",
    "LoadedExperiment",
    "LoadedSweep",
    "Place",
    "Problem",
    "Scenario",
    "ScenarioError",
    "ScenarioFile",
    "Sweep",
    "available",
    "blend",
    "blend_parts",
    "find",
    "folders",
    "load",
    "load_blend",
    "load_cluster",
    "load_clusters",
    "load_experiment",
    "load_sweep",
    "schema",
    "schema_text",
]
