"""A replay and a server, each made once."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.comparison import Comparison
from sim.experiments.ensemble import run_ensemble
from sim.experiments.results import Results
from sim.experiments.scenarios import load_all
from sim.watch.replay import replay_page

ROOT = Path(__file__).parents[2]
FIRMS = 400
YEARS = 10


@dataclass
class Seen:
    """A page, and what it complained of or asked the network for."""

    page: Any
    complaints: list[str]
    requests: list[str]

    def asks(self, script: str) -> Any:
        """The value of a JavaScript expression; ``clustersim`` is the page's own object."""
        return self.page.evaluate(script)

    def until(self, script: str, seconds: float = 90.0) -> None:
        """Wait until an expression is true; the page's own policy forbids it to wait for us."""
        end = time.monotonic() + seconds
        while not self.asks(script):
            assert time.monotonic() < end, script
            time.sleep(0.02)

    def frame(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )


def look(browser: Any, url: str, **context: Any) -> tuple[Any, Seen]:
    """Open ``url`` and wait until it is ready."""
    made = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    page = made.new_page()
    seen = Seen(page, [], [])
    page.on(
        "console",
        lambda m: seen.complaints.append(m.text) if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(url)
    page.wait_for_selector(
        "body[data-ready]", timeout=180_000
    )  # the first time, the model is compiled
    return made, seen


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of results with its replay; without figures, which take longest."""
    folder = tmp_path_factory.mktemp("watched") / "result"
    loaded = load_all(["long_term", "piecemeal"], firms=FIRMS)
    with Results(folder, loaded) as results:
        ensemble = run_ensemble(loaded, runs=3, years=YEARS, workers=1, sink=results)
        results.write_tables(Comparison(ensemble), "a test")
        results.finish()
    (folder / "replay.html").write_text(replay_page(folder), encoding="utf-8")
    return folder


@dataclass
class Served:
    """A running server."""

    url: str
    port: int
    folder: Path
    process: subprocess.Popen[str]


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """``clustersim watch`` as a person starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    size = ("--firms", str(FIRMS), "--years", str(YEARS))
    words = ("--no-open", "--port", str(port), "--folder", str(folder))
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "watch", *size, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()  # it speaks once it listens
        assert f"http://127.0.0.1:{port}/" in said
        yield Served(f"http://127.0.0.1:{port}/", port, folder, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests that leave it running."""
    with serving(tmp_path_factory.mktemp("desk") / "scenarios") as made:
        yield made
