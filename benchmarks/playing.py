"""Memory of the live page and of its server while it plays: ``python -m benchmarks.playing``.

The page plays again and again and turns a lever once a minute, by itself: nothing is attached to
the browser meanwhile, since the developer's tools of Chromium keep every answer of the server, and
that would be measured. The page collects its garbage every few seconds, so that what is kept is
measured and not what waits to be thrown away. Prints the memory of the page's process and of the
server every minute, and at last how much it has grown between the first fifth of the time and the
last, and how many frames a second are drawn then. Linux, with the extra ``dev``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.page import AWARD, IS_READY, chromium, serving, wait
from benchmarks.soak import has_grown, memory

TURN_A_MINUTE = f"""() => {{
  let turns = 0;
  setInterval(() => {{ if (!clustersim.player.isPlaying) clustersim.player.play(); }}, 1000);
  setInterval(gc, 5000);
  setInterval(() => {{
    const award = document.querySelector({AWARD!r});
    award.value = 2 + (turns += 1) % 8;
    award.dispatchEvent(new Event("change", {{ bubbles: true }}));
    document.body.dataset.turns = turns;
  }}, 60000);
}}"""

IS_TURNED = (
    "!document.body.dataset.busy && clustersim.futures[0].settings.programmes.places.award_length"
    " === 2 + document.body.dataset.turns % 8"
)


def main() -> int:
    """Play; 1 where memory has grown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    minutes = parser.parse_args().minutes
    from playwright.sync_api import sync_playwright

    rows = []
    with (
        serving("--no-store") as (address, server),
        sync_playwright() as player,
        browsing(chromium() or player.chromium.executable_path) as tools,
    ):
        browser = player.chromium.connect_over_cdp(tools)
        page = browser.contexts[0].new_page()
        page.set_viewport_size({"width": 1600, "height": 1000})
        page.goto(address)
        wait(page, IS_READY)
        page.evaluate(TURN_A_MINUTE)
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        drawing = [one["id"] for one in processes["processInfo"] if one["type"] == "renderer"]
        browser.close()  # the page goes on
        for minute in range(1, minutes + 1):
            time.sleep(60.0)
            rows.append((max(memory(one) for one in drawing), memory(server)))
            print(
                f"{minute:4d} min   page {rows[-1][0]:6.1f} MB   server {rows[-1][1]:6.1f} MB",
                flush=True,
            )
        browser = player.chromium.connect_over_cdp(tools)
        (page,) = (one for one in browser.contexts[0].pages if one.url == address)
        wait(page, IS_TURNED)
        rate, turns = page.evaluate("[clustersim.framesPerSecond, document.body.dataset.turns]")
        print(f"{turns} turns of a lever; {rate:.0f} frames a second at last")
    fifth = max(1, minutes // 5)
    leaks = [
        has_grown(name, memories[:fifth], memories[-fifth:], minutes / 60.0)
        for name, memories in zip(("page", "server"), zip(*rows, strict=True), strict=True)
    ]
    return int(any(leaks))


@contextmanager
def browsing(executable: str) -> Iterator[str]:
    """A browser of its own, and the address where one may attach to it."""
    with tempfile.TemporaryDirectory() as profile:
        words = (
            "--headless=new",
            "--no-sandbox",
            "--remote-debugging-port=0",
            "--js-flags=--expose-gc",
        )
        browser = subprocess.Popen(
            [executable, *words, f"--user-data-dir={profile}"], stderr=subprocess.DEVNULL
        )
        port = Path(profile) / "DevToolsActivePort"
        try:
            while not (port.exists() and port.read_text().strip()):
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port.read_text().split()[0]}"
        finally:
            browser.terminate()
            browser.wait()


if __name__ == "__main__":
    sys.exit(main())
