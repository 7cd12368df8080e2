"""The live page in a browser: ``python -m benchmarks.page``, and its memory over ``--minutes``.

Starts ``clustersim watch`` as a person does and opens it in headless Chromium; prints how long
after the command the page is ready, with a pair that was watched before and with one lived anew,
how long a turn of a lever takes, and how many frames a second are drawn while it plays. With
``--minutes`` it goes on playing, tells the memory of the page and of the server every minute, and
at last how much they have grown. Linux, with the extra ``dev``.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.soak import MOST_GROWTH, memory

AWARD = '.lever:has(> label[for="lever-programme-award_length"]) input[type=number]'
STARTS, TURNS = 5, 6
IS_READY = "document.body && document.body.hasAttribute('data-ready')"


def main() -> int:
    """Measure; 1 where memory has grown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.0)
    minutes = parser.parse_args().minutes
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        with tempfile.TemporaryDirectory() as store:
            for label, words in (
                ("that was watched before", ("--store", store)),
                ("lived anew", ("--no-store",)),
            ):
                with watching(page, *words) as (_, _):
                    page.wait_for_timeout(1000)  # the first time, the model may be compiled
                times = []
                for _ in range(STARTS):
                    with watching(page, *words) as (ready, _):
                        times.append(ready)
                middle = statistics.median(times)
                print(f"a pair {label}: page ready {middle:.2f} s after the command", flush=True)
        with watching(page, "--no-store") as (_, server):
            turns = [turn(page, length) for length in range(2, 2 + TURNS)]
            print(f"a turn of a lever {statistics.median(turns):.2f} s, to the picture", flush=True)
            page.evaluate("clustersim.player.play()")
            page.wait_for_timeout(4000)
            rate = page.evaluate("clustersim.framesPerSecond")
            print(f"{rate:.0f} frames a second, the default pair", flush=True)
            return play(page, server, minutes) if minutes > 0.0 else 0


@contextmanager
def watching(page: Any, *options: str) -> Iterator[tuple[float, int]]:
    """The page of a new server, ready: after how many seconds, and the server's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        words = ("watch", "--no-open", "--port", str(port), "--folder", folder, *options)
        begin = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *words], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            server.stdout.readline()  # it speaks once it listens
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            wait(page, IS_READY)
            yield time.perf_counter() - begin, server.pid
        finally:
            page.goto("about:blank")
            server.send_signal(signal.SIGINT)  # as a person would end it
            server.wait()


def wait(page: Any, script: str) -> None:
    """Until a JavaScript expression is true; the page's own policy forbids it to wait for us."""
    while not page.evaluate(script):
        time.sleep(0.005)


def turn(page: Any, length: int) -> float:
    """Seconds from a new length of awards to both futures lived anew and drawn."""
    page.fill(AWARD, str(length))
    begin = time.perf_counter()
    page.keyboard.press("Enter")
    wait(
        page,
        "!document.body.dataset.busy && "
        f"clustersim.futures[0].settings.programmes.places.award_length === {length}",
    )
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    return time.perf_counter() - begin


def play(page: Any, server: int, minutes: float) -> int:
    """Play again and again, with a turn of a lever a minute; 1 where memory has grown."""
    tools = page.context.new_cdp_session(page)
    rows = []
    end = time.monotonic() + 60.0 * minutes
    while time.monotonic() < end:
        rate = 0.0
        for _ in range(10):
            page.evaluate("clustersim.player.isPlaying || clustersim.player.play()")
            page.wait_for_timeout(6000)
            rate = max(rate, page.evaluate("clustersim.framesPerSecond"))  # 0 at the end of time
        turn(page, 2 + len(rows) % 8)
        tools.send("HeapProfiler.collectGarbage")
        heap = tools.send("Runtime.getHeapUsage")
        used = (heap["usedSize"] + heap["backingStorageSize"]) / 1e6
        rows.append((used, memory(server)))
        print(
            f"{len(rows):4d} min   page {used:6.1f} MB   server {rows[-1][1]:6.1f} MB   "
            f"{rate:.0f} frames a second",
            flush=True,
        )
    part = max(1, len(rows) // 5)
    has_grown = False
    for name, column in (("page", 0), ("server", 1)):
        early, late = (
            statistics.median(row[column] for row in some) for some in (rows[:part], rows[-part:])
        )
        has_grown |= late - early > MOST_GROWTH * max(minutes / 60.0, 1.0)
        print(f"{name}: {early:.1f} MB early, {late:.1f} MB late ({late - early:+.1f} MB)")
    return int(has_grown)


if __name__ == "__main__":
    sys.exit(main())
