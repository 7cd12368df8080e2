"""The live page in a browser: ``python -m benchmarks.page``.

Starts ``clustersim watch`` as a person does and opens it in headless Chromium; prints how long
after the command the page is ready, with a pair that was watched before and with one lived anew,
how long a turn of a lever takes, and how many frames a second are drawn while it plays. With the
extra ``dev``.
"""

from __future__ import annotations

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

AWARD = '.lever:has(> label[for="lever-programme-award_length"]) input[type=number]'
STARTS, TURNS = 5, 6
IS_READY = "document.body && document.body.hasAttribute('data-ready')"


def main() -> None:
    """Measure."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        with tempfile.TemporaryDirectory() as store:
            for label, words in (
                ("that was watched before", ("--store", store)),
                ("lived anew", ("--no-store",)),
            ):
                with watching(page, *words):
                    page.wait_for_timeout(1000)  # the first time, the model may be compiled
                times = []
                for _ in range(STARTS):
                    with watching(page, *words) as ready:
                        times.append(ready)
                middle = statistics.median(times)
                print(f"a pair {label}: page ready {middle:.2f} s after the command", flush=True)
        with watching(page, "--no-store"):
            turns = [turn(page, length) for length in range(2, 2 + TURNS)]
            print(f"a turn of a lever {statistics.median(turns):.2f} s, to the picture", flush=True)
            page.evaluate("clustersim.player.play()")
            page.wait_for_timeout(4000)
            rate = page.evaluate("clustersim.framesPerSecond")
            print(f"{rate:.0f} frames a second, the default pair", flush=True)


def chromium() -> str | None:
    """The browser of this machine; None for the one that Playwright brings."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, int]]:
    """The address of a new server that listens, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        words = ("watch", "--no-open", "--port", str(port), "--folder", folder, *options)
        server = subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *words], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            server.stdout.readline()  # it speaks once it listens
            yield f"http://127.0.0.1:{port}/", server.pid
        finally:
            server.send_signal(signal.SIGINT)  # as a person would end it
            server.wait()


@contextmanager
def watching(page: Any, *options: str) -> Iterator[float]:
    """The page of a new server, ready: after how many seconds."""
    begin = time.perf_counter()
    with serving(*options) as (address, _):
        page.goto(address, wait_until="commit")
        wait(page, IS_READY)
        yield time.perf_counter() - begin
        page.goto("about:blank")


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


if __name__ == "__main__":
    main()
