"""Settings of all tests: where a change is decided, Hypothesis draws the same examples."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("same")
