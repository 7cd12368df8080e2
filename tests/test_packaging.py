"""The package as others get it: a wheel that runs elsewhere, and pinned versions without a host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, unpacked far from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("clustersim-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def run(elsewhere: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command of the unpacked wheel in a folder that knows nothing of the repository.

    Kernels are not compiled: they are those of the repository, and would be compiled anew here.
    """
    folder = elsewhere.parent / "desk"
    folder.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(elsewhere), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wheel_finds_its_scenarios_by_bare_name(elsewhere: Path) -> None:
    listed = run(elsewhere, "list")
    assert listed.returncode == 0, listed.stderr
    assert "long_term" in listed.stdout
    assert str(ROOT / "scenarios") not in listed.stdout


def test_a_wheel_compares_and_writes_results(elsewhere: Path) -> None:
    words = ("compare", "long_term", "piecemeal", "-n", "1", "--firms", "50", "--years", "1")
    done = run(elsewhere, *words, "--set", "burn_in.years=0", "-o", "out")
    assert done.returncode == 0, done.stderr
    out = elsewhere.parent / "desk" / "out"
    assert (out / "paired.csv").exists()
    assert "(replay.html)" in (out / "summary.md").read_text(encoding="utf-8")
    assert "</html>" in (out / "report.html").read_text(encoding="utf-8")
    assert "watch/main.js" in (out / "replay.html").read_text(encoding="utf-8")


def test_a_wheel_carries_data_sources_and_types(elsewhere: Path) -> None:
    for name in ("world/data/SOURCES.md", "world/data/regions.csv", "py.typed"):
        assert (elsewhere / "sim" / name).exists()


def test_pins_name_no_host() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert len(text.splitlines()) > 30
    assert all(re.match(r"^[a-z0-9._-]+==\S+( ; .+)?$", line) for line in text.splitlines())
