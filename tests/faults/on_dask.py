"""The faults of a computing cluster, whose processes are real and of this machine."""

from __future__ import annotations

from collections.abc import Callable

from tests.experiments.dask_cluster import kill
from tests.faults.faults import interrupted_once, main_killed, two_at_once
from tests.faults.scene import LIMIT, Scene, end


def scheduler_lost(scene: Scene) -> None:
    """kill -9 of the scheduler: what is finished is kept, and when it is back it goes on."""
    assert scene.cluster is not None
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(0, scene.runs // 2))
    scene.count.faults += process.poll() is None
    kill(scene.cluster.scheduler)
    process.communicate(timeout=LIMIT)
    scene.check_kept()
    scene.cluster.come_back()
    scene.check_result(scene.start())


def workers_come_and_go(scene: Scene) -> None:
    """kill -9 of workers at random moments, others join: fewer than end a chunk that loses them."""
    process = scene.start()
    for _ in range(3):
        scene.wait_for(process, scene.rng.randrange(0, scene.runs))
        if process.poll() is None:
            _replace_one(scene)
    scene.check_result(process)


def one_after_another(scene: Scene) -> None:
    """A worker, the client and the scheduler in turn: it goes on each time."""
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(1, scene.runs // 2))
    _replace_one(scene)
    end(process)
    scene.count.faults += 1
    scene.check_kept()
    scheduler_lost(scene)


def _replace_one(scene: Scene) -> None:
    """kill -9 of any worker, and another joins."""
    assert scene.cluster is not None
    workers = scene.cluster.workers
    kill(workers.pop(scene.rng.randrange(len(workers))))
    scene.cluster.add()
    scene.count.faults += 1


def all_workers_lost(scene: Scene) -> None:
    """None is left for a while: the command waits, and goes on with the first that joins."""
    assert scene.cluster is not None
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(0, scene.runs // 2))
    n = len(scene.cluster.workers)
    while scene.cluster.workers:
        scene.count.faults += process.poll() is None
        kill(scene.cluster.workers.pop())
    for _ in range(n):
        scene.cluster.add()
    scene.check_result(process)


CLUSTER_FAULTS: tuple[Callable[[Scene], None], ...] = (
    scheduler_lost,
    workers_come_and_go,
    all_workers_lost,
    one_after_another,
    main_killed,
    interrupted_once,
    two_at_once,
)
