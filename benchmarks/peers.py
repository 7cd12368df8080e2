"""Against peers: a plain Mesa version of the same model, and C versions of the same kernels."""

from __future__ import annotations

import ctypes
import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import frozen
from benchmarks.measuring import Result, in_turn, median_ratio
from sim.run import Run
from sim.scenario import load

#: Phases of the quarter in C, with the module and the names of their kernels.
IN_C = {
    "learn": (("sim.quarter.learn", ("from_partners", "converge", "accumulate")),),
    "innovate": (("sim.quarter.innovate", ("progress", "arrive")),),
    "trade": (
        ("sim.quarter.trade.productivity", ("produce",)),
        ("sim.quarter.trade.markets", ("compete", "settle")),
    ),
}


def against_mesa(firms: int = 2600, rounds: int = 5) -> list[Result]:
    """The engine against objects in Mesa, on the phases that both have, one core."""
    from benchmarks import mesa_luck, mesa_model

    world, assumptions, policy = frozen.start(firms)
    luck = mesa_luck.PlainLuck(1)
    model = mesa_model.ClusterModel(world, assumptions, policy.collaboration, luck)
    frozen.step(world, policy, assumptions)
    model.step()

    def ours() -> None:
        for _ in range(8):
            frozen.step(world, policy, assumptions)

    fast, slow = in_turn([ours, model.step], rounds)
    ratio = 8.0 * median_ratio(slow, fast)
    rows = len(world.organisations)
    return [Result("peers", f"plain Mesa over ours, {rows:,} agents", ratio, "times", "≥ 80")]


def against_c(firms: int, rounds: int = 15) -> list[Result]:
    """Each kernel against its C version on the same arrays; above 1 where ours is faster."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return []
    results, c_time, our_time, worst = [], 0.0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "phases.so"
        source = Path(__file__).with_name("phases.c")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source, "-lm"],
            check=True,
        )
        in_c = ctypes.CDLL(str(library))
        calls, sizes = _calls(firms)
        many = max(1, 200_000 // sizes[0])
        for phase, modules in IN_C.items():
            ours_of_phase = c_of_phase = 0.0
            for name in [name for _, names in modules for name in names]:
                function, args = calls[name]
                ours, theirs = _copied(args), _copied(args)
                call = _bound(getattr(in_c, name), theirs, sizes)
                function(*ours)
                call()
                worst = max(worst, _difference(ours, theirs))
                works = (partial(function, *ours), call)
                one, other = in_turn([partial(_repeat, work, many) for work in works], rounds)
                ours_of_phase += float(np.median(one)) / many
                c_of_phase += float(np.median(other)) / many
            label = f"C over ours: {phase}, {sizes[0]:,} agents"
            results.append(Result("peers", label, c_of_phase / ours_of_phase, "times"))
            c_time, our_time = c_time + c_of_phase, our_time + ours_of_phase
    label = f"C over ours: all three, {sizes[0]:,} agents"
    results.append(Result("peers", label, c_time / our_time, "times", "≥ 1.0"))
    results.append(Result("peers", "largest relative difference of C", worst, "share", "≤ 1e-9"))
    return results


def _calls(firms: int) -> tuple[dict[str, tuple[Any, list[Any]]], tuple[int, int, int]]:
    """Each kernel with the arguments of its call in a quarter of a real run."""
    loaded = load("piecemeal", {"population.firms": str(firms), "burn_in.years": "1"})
    run = Run.start(loaded.scenario, loaded.burn_in, 1)
    calls: dict[str, tuple[Any, list[Any]]] = {}
    places = [
        (importlib.import_module(module), name)
        for modules in IN_C.values()
        for module, names in modules
        for name in names
    ]
    kernels = [getattr(module, name) for module, name in places]
    sizes = (len(run.world.organisations), 0, len(run.world.sectors))

    def recorded(name: str, function: Any) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls[name] = (function, _copied(args))
            return function(*args)

        return call

    for (module, name), function in zip(places, kernels, strict=True):
        setattr(module, name, recorded(name, function))
    try:
        run.step()
    finally:
        for (module, name), function in zip(places, kernels, strict=True):
            setattr(module, name, function)
    return calls, (sizes[0], len(calls["converge"][1][0]), sizes[2])


def _repeat(work: Callable[[], object], times: int) -> None:
    for _ in range(times):
        work()


def _copied(args: Any) -> list[Any]:
    return [one.copy() if isinstance(one, np.ndarray) else one for one in args]


def _bound(function: Any, args: list[Any], sizes: tuple[int, int, int]) -> Callable[[], None]:
    """A call of a C function with everything ready."""
    ready: list[Any] = [ctypes.c_int64(size) for size in sizes]
    for one in args:
        if isinstance(one, np.ndarray):
            ready.append(ctypes.c_void_p(one.ctypes.data))
        elif isinstance(one, int | np.integer):
            ready.append(ctypes.c_int64(int(one)))
        else:
            ready.append(ctypes.c_double(float(one)))
    function.restype = None
    return lambda: function(*ready)


def _difference(ours: list[Any], theirs: list[Any]) -> float:
    """Largest difference between two sets of arrays, relative to the size of each array."""
    worst = 0.0
    for one, other in zip(ours, theirs, strict=True):
        if isinstance(one, np.ndarray) and one.dtype == np.float64 and one.size:
            scale = max(float(np.abs(one).max()), 1e-300)
            worst = max(worst, float(np.abs(one - other).max()) / scale)
    return worst
