"""The place of a fault: a store, the process that uses it, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from sim.experiments.store import Store
from tests.experiments.dask_cluster import DaskCluster

ROOT = Path(__file__).parents[2]
LIMIT = 300.0  # seconds that a subject may take


@dataclass
class Count:
    """What came of the faults so far."""

    faults: int = 0
    lost: int = 0
    wrong: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.faults + other.faults, self.lost + other.lost, self.wrong + other.wrong)


@dataclass
class Scene:
    """A fresh store in ``folder``; ``wanted`` is the digest of an undisturbed run.

    Runs are lived by processes beside the subject, or on a ``cluster``.
    """

    folder: Path
    wanted: str
    runs: int
    rng: random.Random
    cluster: DaskCluster | None = None
    count: Count = field(default_factory=Count)
    store: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = self.folder / "store"

    def start(self, name: str = "a", budget: str = "300") -> subprocess.Popen[str]:
        """The subject, in a process group of its own."""
        for path in (self.log(name), self.out(name)):
            path.unlink(missing_ok=True)
        words = [str(self.store), str(self.log(name)), str(self.out(name))]
        options = ["--runs", str(self.runs), "--budget", budget]
        if self.cluster is not None:
            options += ["--cluster", self.cluster.address]
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.faults.subject", *words, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def log(self, name: str = "a") -> Path:
        """Lines with the number of finished runs."""
        return self.folder / f"{name}.log"

    def out(self, name: str = "a") -> Path:
        """What came of it: whole or part, the digest, and how many runs were there already."""
        return self.folder / f"{name}.out"

    def finished(self, name: str = "a") -> int:
        """Runs that the subject has finished."""
        log = self.log(name)
        # The last word may be half written, and a cluster is told of more often than runs end.
        return max(map(int, log.read_text().split()), default=0) if log.exists() else 0

    def wait_for(self, process: subprocess.Popen[str], runs: int, name: str = "a") -> None:
        """Wait until so many runs are finished, and then for a random moment more."""
        end = time.monotonic() + LIMIT
        while process.poll() is None and self.finished(name) < runs and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(self.rng.random() * 0.15)

    def kept(self) -> set[tuple[str, int]]:
        """Every sound future in the store."""
        store = Store(self.store, say=lambda text: None)
        return {(p.key, p.years) for p in store.places() if store.checked(p) is not None}

    def check_kept(self, name: str = "a") -> None:
        """Nothing that the subject has finished may be gone."""
        self.count.lost += max(0, 2 * self.finished(name) - len(self.kept()))

    def check_result(self, process: subprocess.Popen[str], name: str = "a") -> str:
        """The result must be whole and that of an undisturbed run; returns the error stream."""
        _, said = process.communicate(timeout=LIMIT)
        found = self.out(name).read_text().split() if self.out(name).exists() else ["none", "", ""]
        if process.returncode or found[:2] != ["whole", self.wanted]:
            self.count.wrong += 1
            print(f"wrong result ({process.returncode}, {found[0]}):\n{said}", file=sys.stderr)
        return said


def end(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    """Send a signal to the main process alone, and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
    if number == signal.SIGKILL:
        process.communicate(timeout=LIMIT)


def children(pid: int) -> list[int]:
    """Processes that a process has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold spaces: the parent is the second word after it.
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == pid and words[0] != "Z":
                found.append(int(stat.parent.name))
    return found
