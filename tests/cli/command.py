"""The command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def call(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``clustersim`` with these words in the folder ``cwd``; a warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sim.cli", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        timeout=300,
    )
