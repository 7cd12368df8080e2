"""A coverage-guided fuzzer on the loader: ``python -m tests.fuzz --minutes N``; Linux only.

Only ``sim.scenario`` is instrumented. What it finds is written to ``--corpus``, so that the next
time it begins there; a defect ends it, with the input in a file named ``crash-...``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

import sim.quarter  # noqa: F401  compiled kernels cannot be instrumented, and are not the loader

with atheris.instrument_imports(include=["sim.scenario"]):
    from tests.fuzz.soundness import LOADERS, judge

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Fuzz for so many minutes, beginning from the shipped files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--corpus", type=Path)
    asked = parser.parse_args()
    desk = Path(tempfile.mkdtemp(prefix="clustersim-fuzz-"))
    corpus = asked.corpus or desk / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "scenarios").rglob("*.yaml"):
        (corpus / f"{path.parent.name}-{path.name}").write_bytes(b"\0" + path.read_bytes())
    names = sorted(LOADERS)
    counts = {True: 0, False: 0}

    def one(content: bytes) -> None:
        # The first byte says as what the rest is loaded.
        path = desk / names[content[0] % len(names) if content else 0]
        path.write_bytes(content[1:])
        counts[judge(path)] += 1
        total = sum(counts.values())
        if total % 1000 == 0:
            print(f"{total} inputs, {counts[True]} of them sound", file=sys.stderr, flush=True)

    words = desk / "words.txt"
    words.write_text("".join(f'"{word}"\n' for word in _words()), encoding="ascii")
    limits = [f"-max_total_time={round(60 * asked.minutes)}", "-max_len=4096", "-timeout=30"]
    options = [*limits, "-rss_limit_mb=2048", f"-dict={words}", f"-artifact_prefix={desk}/"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def _words() -> list[str]:
    """What the fuzzer puts into files: keys, and what YAML has at its edges."""
    from sim.scenario import schema

    found = set(schema()["properties"])
    for group in schema()["$defs"].values():
        found |= set(group.get("properties", {}))
    edges = "&a *a << !!python/object 1e400 .inf .nan ~ [ { ../ null 0x %YAML ---".split()  # noqa: SIM905
    return [*sorted(f"{one}: " for one in found), *edges, ": ", "- "]


if __name__ == "__main__":
    main()
