"""Print a hash of a short run's whole state, to compare versions of Python and Mesa to the byte."""

from __future__ import annotations

from sim.model import ClusterModel
from sim.scenario import load

if __name__ == "__main__":
    loaded = load("piecemeal", {"population.firms": "400", "burn_in.years": "1", "horizon": "8"})
    model = ClusterModel(loaded, seed=20)
    for _ in range(16):
        model.step()
    print(model.world.digest())
