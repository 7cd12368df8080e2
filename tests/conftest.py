"""For all tests: a real browser; where a change is decided, Hypothesis draws the same examples."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# An example may compile a kernel, and no test asserts a time: there is no deadline.
settings.register_profile("untimed", deadline=None)
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same" if os.environ.get("CI") else "untimed")


# No test is served from a store of runs, and none touches that of the person, unless it says so.
os.environ["CLUSTERSIM_STORE"] = "off"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium without a window. CI must have it; elsewhere its tests are skipped."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        message = "no browser: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()
