"""Every scenario that is shipped is lived for some years, and no pound is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest

from sim.run import Run
from sim.scenario import available, load
from sim.scenario.outlay import yearly_outlay

YEARS = 7  # the first two reforms of every programme, and an end, fall within


@pytest.fixture(scope="module")
def past() -> Run:
    base = load("long_term", {"population.firms": "300", "burn_in.years": "1"})
    return Run.start(base.scenario, base.burn_in, seed=1)


@pytest.mark.parametrize("name", [one.name for one in available()])
def test_it_runs_and_every_pound_is_accounted_for(past: Run, name: str) -> None:
    scenario = load(name).scenario
    run = past.fork(scenario)
    for _ in range(4 * YEARS):
        run.step()
    assert run.unaccounted() < 1e-6
    own = run.world.pots.budget[1:].sum()  # the first honours awards of the past
    assert own == pytest.approx(yearly_outlay(scenario, YEARS).sum())
    o = run.world.organisations
    assert np.isfinite(o.gva).all() and (o.gva >= 0.0).all()
