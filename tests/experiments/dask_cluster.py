"""A computing cluster of this machine: a Dask scheduler and workers as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


class DaskCluster:
    """A scheduler on 127.0.0.1, and workers of one thread that can be added and killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            self._port = line.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._folder = folder
        self.scheduler = self._scheduled()
        self.workers: list[subprocess.Popen[bytes]] = []

    def come_back(self) -> None:
        """Another scheduler at the same address, with as many workers."""
        self.close()
        self.scheduler, n = self._scheduled(), len(self.workers)
        self.workers.clear()
        for _ in range(n):
            self.add()

    def add(self, **environment: str) -> subprocess.Popen[bytes]:
        """One worker more; it joins in a moment."""
        place = ("--local-directory", str(self._folder), "--no-nanny", "--nthreads", "1")
        self.workers.append(self._start("worker", self.address, *place, **environment))
        return self.workers[-1]

    def close(self) -> None:
        """Kill what is left."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        path = os.pathsep.join((*filter(None, sys.path), str(Path(__file__).parent)))
        with (self._folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                env={**os.environ, "PYTHONPATH": path, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _scheduled(self) -> subprocess.Popen[bytes]:
        started = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self._port))
        until = time.monotonic() + 60.0
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1.0).close()
                return started
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the scheduler did not start")


def kill(process: subprocess.Popen[bytes]) -> None:
    """As kill -9."""
    process.send_signal(signal.SIGKILL)
    process.wait()
