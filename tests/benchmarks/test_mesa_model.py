"""The plain Mesa model against the engine, written apart, from the same start."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import frozen, mesa_luck, mesa_model


def test_the_two_agree_to_rounding_under_the_same_luck() -> None:
    world, assumptions, policy = frozen.start(250)
    luck = mesa_luck.KeyedLuck(world.seed)
    model = mesa_model.ClusterModel(world, assumptions, policy.collaboration, luck)
    first = len(world.organisations)
    for _ in range(6):
        frozen.step(world, policy, assumptions)
        model.step()
    there = set(world.organisations.uid.tolist())
    assert {one.uid for one in model.agents} == there
    assert len(there & set(range(first))) < first  # some have ended, and others begun
    assert model.totals() == pytest.approx(frozen.totals(world), rel=1e-9)


def test_the_two_agree_in_distribution_under_plain_luck() -> None:
    """Means of 24 plain runs against 24 seeds of the engine, from one start.

    Six totals at |t| < 4.5 with 46 degrees of freedom: a false alarm in about 3,500.
    """
    origin, assumptions, policy = frozen.start(250)
    names = ("jobs", "gva", "knowledge", "innovation_value", "ties", "firms")
    engine, plain = [], []
    for seed in range(24):
        world = origin.copy()
        world.seed = 1000 + seed
        luck = mesa_luck.PlainLuck(seed)
        model = mesa_model.ClusterModel(world, assumptions, policy.collaboration, luck)
        for _ in range(4):
            frozen.step(world, policy, assumptions)
            model.step()
        for sums, found in ((engine, frozen.totals(world)), (plain, model.totals())):
            sums.append([found[name] for name in names])
    a, b = np.array(engine), np.array(plain)
    error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / len(a))
    assert np.all(np.abs(a.mean(axis=0) - b.mean(axis=0)) < 4.5 * error)
