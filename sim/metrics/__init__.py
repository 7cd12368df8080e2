"""Measuring: pure functions from the world to numbers, and the history of a run."""
