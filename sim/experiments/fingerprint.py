"""What decides the bytes of a result beside the task: sources, packages, and how this processor
calculates."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

_PACKAGE = Path(__file__).parents[1]
#: Sources and data that say what a run is; whatever only reads results is not among them.
_MODEL = (
    "kernel.py",
    "luck.py",
    "parameters.py",
    "run.py",
    "experiments/future.py",
    "quarter",
    "world",
    "metrics",
    "scenario",
)
#: Those that also say how runs are sent to a worker, and what it reads of them.
_PROGRAM = (*_MODEL, "experiments")
_SUFFIXES = (".py", ".csv", ".geojson", ".json", ".yaml")
#: Packages whose version may change the last bit of a number.
_PACKAGES = ("numpy", "numba", "llvmlite", "scipy")


@cache
def fingerprint() -> tuple[tuple[str, str], ...]:
    """Names and versions of all that must be the same for a run to be the same to the bit.

    Of packages the first two parts of the version, so that machines need not be made in one hour:
    where a patch changes an elementary function, the arithmetic tells.
    """
    versions = ((name, ".".join(one.split(".")[:2])) for name, one in _versions())
    return (("clustersim", sources_digest(_PROGRAM)), *versions, *_machine())


@cache
def model_version() -> str:
    """Hash by which the store knows the model: its sources, all of each version, the machine.

    A changed comment makes a new version too: better to live a run twice than to read a wrong one.
    """
    parts = (sources_digest(_MODEL), *_versions(), *_machine())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _versions() -> Iterator[tuple[str, str]]:
    yield "python", platform.python_version()
    for name in _PACKAGES:
        yield name, metadata.version(name)


def _machine() -> Iterator[tuple[str, str]]:
    yield "machine", f"{platform.system()} {platform.machine()}"
    yield "arithmetic", arithmetic_digest()


def sources_digest(names: tuple[str, ...]) -> str:
    """Hash of these files and folders of the package."""
    roots = [_PACKAGE / name for name in names]
    found = {path for root in roots for path in (root.rglob("*") if root.is_dir() else [root])}
    digest = hashlib.sha256()
    for path in sorted(path for path in found if path.suffix in _SUFFIXES):
        content = path.read_bytes()
        place = path.relative_to(_PACKAGE).as_posix()
        digest.update(f"{place} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


@cache
def arithmetic_digest() -> str:
    """Hash of some functions' values.

    Libraries choose their code by what the processor knows, such as AVX-512, and the last digit
    of an exponential may hang on it.
    """
    x = np.linspace(1e-3, 40.0, 2048)
    found = [np.exp(-x), np.log(x), np.power(x, 0.37), np.tanh(x / 10.0), np.sqrt(x), np.cos(x)]
    found += [np.array([f(one) for one in x.tolist()]) for f in (math.exp, math.log, math.cos)]
    digest = hashlib.sha256()
    for values in found:
        digest.update(values.astype("<f8").tobytes() + values.sum().astype("<f8").tobytes())
    return digest.hexdigest()[:12]


def differences(there: tuple[tuple[str, str], ...], here: tuple[tuple[str, str], ...]) -> list[str]:
    """What is not the same in two versions, in words."""
    other, own = dict(there), dict(here)
    return [
        f"{name} {other.get(name, 'unknown')} there and {own.get(name, 'unknown')} here"
        for name in dict.fromkeys((*own, *other))
        if other.get(name) != own.get(name)
    ]
