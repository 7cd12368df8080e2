"""The short form of the faults.

The long ones are ``python -m tests.faults --minutes 10`` and the same with ``--dask --runs 120``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.experiments.store import Store
from tests.experiments.dask_cluster import DaskCluster
from tests.faults import faults, on_dask
from tests.faults.scene import Scene
from tests.faults.subject import digest, lived

RUNS, CLUSTER_RUNS = 5, 40


@pytest.fixture(scope="module")
def undisturbed() -> str:
    return digest(lived(RUNS, "300", 1, None, None))


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [faults.main_killed, faults.worker_killed, faults.interrupted_once, faults.two_at_once],
)
def test_nothing_finished_is_lost_and_nothing_wrong_is_read(
    fault: Callable[[Scene], None], undisturbed: str, tmp_path: Path
) -> None:
    scene = Scene(tmp_path, undisturbed, RUNS, random.Random(fault.__name__))
    fault(scene)
    assert scene.count.faults and not scene.count.lost and not scene.count.wrong


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nor_on_a_computing_cluster(tmp_path: Path) -> None:
    cluster = DaskCluster(tmp_path)
    try:
        cluster.add()
        cluster.add()
        wanted = digest(lived(CLUSTER_RUNS, "300", 1, None, None))
        scene = Scene(tmp_path / "scene", wanted, CLUSTER_RUNS, random.Random(1), cluster)
        on_dask.one_after_another(scene)
    finally:
        cluster.close()
    assert (scene.count.faults, scene.count.lost, scene.count.wrong) == (3, 0, 0)


def test_a_full_disk_ends_the_storing_and_not_the_runs(undisturbed: str, tmp_path: Path) -> None:
    said: list[str] = []
    try:
        with faults.mounted(tmp_path / "store", "size=400k"):
            store = Store(tmp_path / "store", say=said.append, spare=0)
            assert digest(lived(RUNS, "300", 1, store, None)) == undisturbed
            assert len(said) == 1 and "takes no more runs" in said[0]
            again = Store(tmp_path / "store", say=said.append, spare=0)
            assert 0 < len(again) < 2 * RUNS
            assert digest(lived(RUNS, "300", 1, again, None)) == undisturbed
    except faults.CannotMount:
        pytest.skip("only root may mount a small disk")
