"""Sweeps: a design over any keys of some scenarios, lived with the same seeds at every point."""

from sim.experiments.sweeps.study import load, sweep
from sim.experiments.sweeps.tables import SweepStudy

__all__ = ["SweepStudy", "load", "sweep"]
