"""What decides the bytes of a result beside the task: sources, packages, and how this processor
calculates."""

from __future__ import annotations

import hashlib
import math
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

_PACKAGE = Path(__file__).parents[1]
#: Parts of the package that only show what was calculated.
_FACES = ("cli", "watch", "report", "documents.py")
_SOURCES = (".py", ".csv", ".geojson", ".json", ".yaml")


@cache
def fingerprint() -> tuple[tuple[str, str], ...]:
    """Names and versions of all that must be the same for a run to be the same to the bit."""
    return (
        ("clustersim", sources_digest()),
        ("python", ".".join(platform.python_version_tuple()[:2])),
        *((name, ".".join(metadata.version(name).split(".")[:2])) for name in ("numpy", "numba")),
        ("arithmetic", arithmetic_digest()),
    )


def sources_digest() -> str:
    """Hash of the files from which results follow."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        place = path.relative_to(_PACKAGE)
        # The shipped scenarios lie in an installed package only; what is lived is in the task.
        if place.parts[0] in (*_FACES, "scenarios") or path.suffix not in _SOURCES:
            continue
        digest.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


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
