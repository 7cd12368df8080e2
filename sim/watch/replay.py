"""A replay: the first run of a folder of results in one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.watch.assembly import offline_page
from sim.watch.differences import difference_message
from sim.watch.futures import area_ids, record
from sim.watch.levers import levers
from sim.watch.packing import unpack
from sim.watch.result import Result, read_result
from sim.watch.scenery import scenery_message

Tell = Callable[[int, int, str], None]


def quiet(done: int, total: int, note: str) -> None:
    """Say nothing."""


def recordings(result: Result, tell: Tell = quiet) -> list[bytes]:
    """The futures of the first run, lived again."""
    found = []
    for number, scenario in enumerate(result.scenarios):
        tell(number, len(result.scenarios), scenario.title)
        found.append(record(scenario, result.burn_in, result.first_seed, result.years))
    tell(len(found), len(found), "")
    return found


def is_same_run(result: Result, futures: list[bytes]) -> bool:
    """Whether what was lived again is what was stored; another version may live differently."""
    for stored, message in zip(result.first_run(area_ids()), futures, strict=True):
        head, arrays = unpack(message)
        shape = (len(head["series"]), len(head["areas"]), -1, head["years"] + 1)
        lived = arrays["series"].reshape(shape)[:, :, -1]
        if not np.array_equal(lived, stored.astype(np.float32), equal_nan=True):
            return False
    return True


def replay(result: Result, futures: list[bytes]) -> str:
    """The text of the file."""
    messages = {"scenery": scenery_message(note=_note(result, futures), levers=levers())}
    messages |= {f"future-{k}": message for k, message in enumerate(futures)}
    differences = result.differences(area_ids())
    if differences is not None:
        messages["gap"] = difference_message(differences, area_ids(), len(differences))
    return offline_page(messages)


def replay_page(folder: Path) -> str:
    """The text of the file for a folder of results. Raises ResultError."""
    result = read_result(folder)
    return replay(result, recordings(result))


def _note(result: Result, futures: list[bytes]) -> str:
    names = " and ".join(result.names)
    note = f"Run 1 of {result.runs} of {names}, seed {result.seed}, {result.years} years."
    if is_same_run(result, futures):
        return note
    return (
        f"{note} NOT THE SAME RUN: this version of the model lives it differently from the one "
        "that made the results."
    )
