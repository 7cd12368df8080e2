"""Every edit of docs/howto.md is made in a copy of the repository, and every command run there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
#: Runs one command after another in a process.
COMMANDS = """\
import json, sys
from sim.cli import app
for words in json.loads(sys.argv[1]):
    app(words, standalone_mode=False)
"""
COPIED = ("sim", "scenarios", "tests", "docs", "benchmarks")
#: Name in the page, and where it must have come of itself.
FREE = {
    "learn.brought_share": "docs/parameters.md",
    "esteem.half_life": "docs/parameters.md",
    "reputation": "docs/state.md",
    "exports_per_job": "docs/metrics.md",
    "esteem": "docs/quarter.md",
    "frugal": "scenarios/schema.json",
}


class Block(NamedTuple):
    """A fenced block of the page."""

    language: str
    text: str


def blocks() -> list[Block]:
    page = (ROOT / "docs" / "howto.md").read_text(encoding="utf-8")
    return [Block(*found) for found in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.M | re.S)]


def apply(block: Block, root: Path) -> None:
    """Make the edit that a block shows."""
    title, _, body = block.text.partition("\n")
    path = root / title.removeprefix("# ")
    if block.language != "diff":
        with path.open("a", encoding="utf-8") as file:
            file.write(body)
        return
    lines = body.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] != "+")
    new = "".join(line[1:] for line in lines if line[0] != "-")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{title} has not this place, or has it twice:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(root: Path, *words: str) -> str:
    """What Python says in the copy; its kernels are not compiled, for they hardly run."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with all recipes followed."""
    root = tmp_path_factory.mktemp("howto")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for block in blocks():
        if block.language != "sh":
            apply(block, root)
    return root


def test_every_command_of_the_page_succeeds(edited: Path) -> None:
    lines = [line for one in blocks() if one.language == "sh" for line in one.text.splitlines()]
    commands = [shlex.split(line) for line in lines]
    tests = [words for words in commands if words[:3] == ["python", "-m", "pytest"]]
    # Together, for the sake of time: what a line chooses in its files is chosen in all of them.
    files = dict.fromkeys(word for words in tests for word in words if word.startswith("tests/"))
    chosen = " or ".join(words[words.index("-k") + 1] for words in tests)
    said = run(edited, "-m", "pytest", "-vv", "-p", "no:cacheprovider", *files, "-k", chosen)
    for name in re.findall(r"^def (test_\w+)", "".join(one.text for one in blocks()), re.M):
        assert name in said, f"{name} is on the page, and none of its commands runs it"
    others = [words for words in commands if words not in tests]
    for program, group in groupby(others, key=lambda words: words[0]):
        if program == "clustersim":
            run(edited, "-c", COMMANDS, json.dumps([words[1:] for words in group]))
        else:
            for words in group:
                run(edited, *words[1:])


def test_what_is_free_has_come(edited: Path) -> None:
    run(edited, "-m", "sim.documents")
    for name, page in FREE.items():
        assert name in (edited / page).read_text(encoding="utf-8"), page


def test_examples_keep_the_style_of_the_house(edited: Path) -> None:
    run(edited, "-m", "ruff", "check", "--no-cache", ".")
    run(edited, "-m", "ruff", "format", "--check", "--no-cache", ".")
