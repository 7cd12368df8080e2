"""A computing cluster: the same bytes, whatever comes, goes or dies meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from dask_cluster import DaskCluster, kill
from fakes import broken, broken_late, ensemble, fake, pair, refusing, slow
from test_attribution import GVA
from test_attribution import pair as levers

import sim
from sim.experiments import points
from sim.experiments.attribution import attribute
from sim.experiments.attribution_plan import plan
from sim.experiments.calibration import FIRST_SEED, default_point, live_points
from sim.experiments.dask_workers import DaskError, _knock
from sim.experiments.ends import end_points
from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.factors import factors_of, pair_of
from sim.experiments.points import setting_of
from sim.experiments.scorecard import run_scorecard
from sim.experiments.workers import WorkerError

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers, at first."""
    made = DaskCluster(tmp_path_factory.mktemp("dask"))
    made.add()
    made.add()
    yield made
    made.close()


def after(runs: int, act: Callable[[], object]) -> Callable[[int, int, str], None]:
    """Progress that does something once so many runs are finished."""
    acts = [act]

    def tell(done: int, total: int, note: str) -> None:
        if done >= runs and acts:
            acts.pop()()

    return tell


def same(one: Ensemble, other: Ensemble) -> bool:
    """Whether two ensembles are so to the bit."""
    return one.totals.tobytes() == other.totals.tobytes() and all(
        a.tobytes() == b.tobytes() for a, b in zip(one.detail, other.detail, strict=True)
    )


def test_real_runs_are_the_same_to_the_bit(cluster: DaskCluster) -> None:
    here = run_ensemble(pair(), runs=3, years=1, workers=1)
    there = run_ensemble(pair(), runs=3, years=1, scheduler=cluster.address)
    assert same(here, there)
    for one, other in zip(here.money, there.money, strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_sweep_is_the_same_to_the_bit(cluster: DaskCluster, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(
        "title: Small\nscenarios: [long_term, piecemeal]\ndesign: grid\nruns: 2\nyears: 1\n"
        "common: {population: {firms: 150}}\nkeys: {budget: {values: [100, 300]}}\n",
        encoding="utf-8",
    )
    here = sim.sweep(file, workers=1, output=tmp_path / "here")
    there = sim.sweep(file, scheduler=cluster.address, output=tmp_path / "there")
    assert there.is_complete and here.is_complete
    table = "outcomes.parquet"
    assert (tmp_path / "here" / table).read_bytes() == (tmp_path / "there" / table).read_bytes()


def test_an_explanation_is_the_same_to_the_bit(cluster: DaskCluster) -> None:
    planned = plan(levers(programmes__projects__pots="4"), GVA, year=1, runs=2, is_over_fits=True)
    here = attribute(planned, workers=1)
    there = attribute(planned, scheduler=cluster.address)
    assert here.worths == there.worths and here.indices == there.indices


def test_facts_are_the_same_to_the_bit_on_a_scorecard_and_in_a_fit(cluster: DaskCluster) -> None:
    here = run_scorecard(runs=1, seed=FIRST_SEED, workers=1, firms=60)
    there = run_scorecard(runs=1, seed=FIRST_SEED, scheduler=cluster.address, firms=60)
    assert str(here.scores) == str(there.scores)
    # The parameters that are fitted, as the code has them: the same runs once more.
    fit, ending = live_points([default_point()], 1, FIRST_SEED, scheduler=cluster.address, firms=60)
    assert [score.median for score in here.scores] == fit[0].facts[0].tolist() and not ending


def test_points_of_a_sensitivity_analysis_are_the_same_to_the_bit(cluster: DaskCluster) -> None:
    pair = pair_of("long_term", "piecemeal", firms=150, overrides={"burn_in.years": "0"})
    setting = setting_of(pair, factors_of(pair, ["trade.margin"]), year=1)
    places = end_points(1)
    here, _, _ = points.live_points(setting, places, workers=1)
    there, is_complete, ending = points.live_points(setting, places, scheduler=cluster.address)
    assert here.tobytes() == there.tobytes() and is_complete and not ending


def test_a_worker_that_dies_changes_nothing(cluster: DaskCluster) -> None:
    def act() -> None:
        kill(cluster.workers[0])
        cluster.add()

    found = run_ensemble(
        pair(), runs=20, years=2, simulate=slow, scheduler=cluster.address, progress=after(2, act)
    )
    assert found.is_complete and same(found, ensemble(runs=20, years=2))


def test_ctrl_c_keeps_what_is_finished(cluster: DaskCluster) -> None:
    begin = time.monotonic()
    found = run_ensemble(
        pair(),
        runs=5000,
        years=2,
        simulate=slow,
        scheduler=cluster.address,
        progress=after(3, lambda: os.kill(os.getpid(), signal.SIGINT)),
    )
    assert 3 <= found.runs < 500 and not found.ending
    assert time.monotonic() - begin < 60.0
    # Which of the runs are finished hangs on chance; what they are does not.
    here = ensemble(runs=int(found.indices[-1]) + 1, years=2)
    np.testing.assert_array_equal(found.totals, here.totals[:, found.indices])


def test_a_run_that_fails_says_which_and_why(cluster: DaskCluster) -> None:
    with pytest.raises(WorkerError, match=r"run 1 \(seed \d+\) of .* failed on .*: a fault of the"):
        run_ensemble(pair(), runs=1, years=1, simulate=broken, scheduler=cluster.address)


def test_a_worker_of_another_version_is_refused(
    cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (("clustersim", "other"), ("python", "3.99"))
    monkeypatch.setattr("sim.experiments.dask_workers.fingerprint", lambda: other)
    with pytest.raises(DaskError, match=r"would get other results: clustersim \w+ there and other"):
        run_ensemble(pair(), runs=2, years=1, simulate=fake, scheduler=cluster.address)


def test_a_worker_of_another_version_that_joins_late_leaves_what_is_finished(
    cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act() -> None:
        monkeypatch.setattr("sim.experiments.dask_workers.live_chunk", refusing)

    found = run_ensemble(
        pair(), runs=500, years=2, simulate=slow, scheduler=cluster.address, progress=after(3, act)
    )
    assert 3 <= found.runs < 500
    assert "the Dask worker on another machine would get other results" in found.ending
    here = ensemble(runs=int(found.indices[-1]) + 1, years=2)
    np.testing.assert_array_equal(found.totals, here.totals[:, found.indices])


def test_a_run_that_fails_stops_no_other(cluster: DaskCluster) -> None:
    found = run_ensemble(pair(), runs=12, years=2, simulate=broken_late, scheduler=cluster.address)
    assert found.indices.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert "run 6 (seed" in found.ending and "a fault of the model" in found.ending


def test_a_scheduler_that_dies_leaves_what_is_finished(
    cluster: DaskCluster, capfd: pytest.CaptureFixture[str]
) -> None:
    found = run_ensemble(
        pair(),
        runs=500,
        years=2,
        simulate=slow,
        scheduler=cluster.address,
        progress=after(3, lambda: kill(cluster.scheduler)),
    )
    assert 3 <= found.runs < 500
    assert "is gone" in found.ending and cluster.address in found.ending
    assert capfd.readouterr().err == ""
    with pytest.raises(DaskError, match="no Dask scheduler answers"):
        run_ensemble(pair(), runs=2, years=1, simulate=fake, scheduler=cluster.address)


@pytest.mark.parametrize("address", ["", "nonsense", "http://127.0.0.1:80", "tcp://127.0.0.1:x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(DaskError, match="no Dask scheduler answers"):
        run_ensemble(pair(), runs=1, years=1, simulate=fake, scheduler=address)


def test_something_else_that_listens_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiments.dask_workers._CONNECT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DaskError, match="no Dask scheduler answers"):
            run_ensemble(pair(), runs=1, years=1, simulate=fake, scheduler=address)


def test_a_greeting_that_comes_in_parts_is_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            line, _ = server.accept()
            with line:
                for part in (b"\0", (256).to_bytes(8, "little")[1:]):
                    line.sendall(part)
                    time.sleep(0.1)

        greeting = threading.Thread(target=greet)
        greeting.start()
        _knock(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        greeting.join()


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DaskError, match=r"pip install 'clustersim\[cluster\]'"):
        run_ensemble(pair(), runs=1, years=1, simulate=fake, scheduler="tcp://127.0.0.1:1")
