"""No equation knows a regime: after ``fund``, which pot money came from cannot matter."""

from __future__ import annotations

import numpy as np

from sim.quarter import PHASES
from sim.run import Run
from sim.scenario import load


def test_permuting_pots_changes_nothing_after_fund() -> None:
    loaded = load("piecemeal", {"population.firms": "400", "horizon": "8", "burn_in.years": "1"})
    run = Run.start(loaded.scenario, loaded.burn_in, 7).fork(loaded.scenario)
    for _ in range(6):
        run.step()
    for phase in PHASES[:2]:
        phase.run(run.world, run.policy, run.scenario.assumptions)
    plain, permuted = run.world.copy(), run.world.copy()
    n = len(permuted.pots)
    order = np.random.default_rng(0).permutation(n)
    assert not np.array_equal(order, np.arange(n))
    permuted.awards.pot[:] = order[permuted.awards.pot]
    for name, values in permuted.pots.items():
        setattr(permuted.pots, name, values[np.argsort(order)])
    for phase in PHASES[2:]:
        for world in (plain, permuted):
            phase.run(world, run.policy, run.scenario.assumptions)
    for table in ("organisations", "ties", "supplies", "moves", "regions", "cells", "sectors"):
        for column, values in getattr(plain, table).items():
            other = getattr(getattr(permuted, table), column)
            np.testing.assert_array_equal(values, other, err_msg=f"{table}.{column}")


def test_the_order_of_programmes_in_a_file_changes_nothing() -> None:
    loaded = load("long_term", {"population.firms": "300", "horizon": "10", "burn_in.years": "1"})
    past = Run.start(loaded.scenario, loaded.burn_in, 3)
    names = list(loaded.scenario.programmes)
    turned = {name: loaded.scenario.programmes[name] for name in reversed(names)}
    a = past.fork(loaded.scenario)
    b = past.fork(loaded.scenario.model_copy(update={"programmes": turned}))
    for run in (a, b):
        for _ in range(16):
            run.step()
    for column, values in a.world.organisations.items():
        np.testing.assert_array_equal(values, getattr(b.world.organisations, column), column)
