"""What a future is known by: a hash of everything that determines its numbers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.experiments.fingerprint import model_version
from sim.experiments.future import Simulate, Task, simulate
from sim.quarter.fund.programmes import quarters
from sim.scenario import Scenario

#: Levers in months of which nothing but the nearest number of whole quarters is ever read.
IN_QUARTERS = ("notice", "decision_lead")
_LETTERS = 40  # 160 bits, as hexadecimal digits


class Keys:
    """Keys of the futures of a task.

    The number of years is no part of a key: a longer future of the same scenario begins with the
    shorter one. The horizon is, because money that varies from year to year is rescaled to what is
    budgeted over the whole of it. Nor are names, titles and descriptions, which nothing reads.
    """

    def __init__(self, task: Task, simulate: Simulate = simulate) -> None:
        self._task = task
        self._lived_by = _name(simulate)
        self._found: dict[tuple[int, int], str] = {}

    def of(self, index: int, seed: int, number: int) -> str:
        """The key of scenario ``number`` in run ``index``."""
        variants = len(self._task.variants)
        at = (index % variants if variants else 0, number)
        if at not in self._found:
            self._found[at] = self._content(index, number)
        text = f"{model_version()} {self._found[at]} {seed}"
        return hashlib.sha256(text.encode()).hexdigest()[:_LETTERS]

    def _content(self, index: int, number: int) -> str:
        task = self._task
        burn_in = task.burn_ins[number] if task.burn_ins else task.burn_in
        parts = [plain(task.of(index)[number]), plain(burn_in), self._lived_by]
        # The order of programmes is that of the accounts, so keys are not sorted.
        text = json.dumps(parts, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def plain(scenario: Scenario) -> dict[str, Any]:
    """What a settled scenario says to the model, without what it says to people."""
    found = scenario.model_dump(mode="json", exclude={"title": True, "description": True})
    for reform in found["reforms"]:
        del reform["title"]
    for programme in found["programmes"].values():
        programme.update({lever: quarters(programme[lever]) for lever in IN_QUARTERS})
    del found["burn_in"]["regime"]  # its content counts, not what it is called
    return found


def _name(function: Any) -> str:
    if function is simulate:
        return ""
    name = getattr(function, "__qualname__", "")
    if not name or "<" in name:
        raise ValueError("with a store, runs are lived by a named function of a module")
    return f"{function.__module__}.{name}"
