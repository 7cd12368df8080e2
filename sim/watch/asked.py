"""What the page asks for: a scenario, a blend of two, and what is changed in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.experiments.scenarios import blended
from sim.scenario import Loaded, Problem, ScenarioError, available, blend_parts, load

Key = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,119}$")]
Value = bool | int | float | Annotated[str, Field(max_length=40)] | list[str]
MOST_CHANGES = 200


class Asked(BaseModel):
    """One future: ``share`` of the way from ``base`` to ``toward``, with ``changes`` by key."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    base: Annotated[str, Field(min_length=1, max_length=400)]
    toward: Annotated[str, Field(max_length=400)] = ""
    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    changes: Annotated[dict[Key, Value], Field(max_length=MOST_CHANGES)] = {}

    @property
    def name(self) -> str:
        """How the command line calls it, without its changes."""
        return f"{self.base}~{self.toward}@{self.share:g}" if self.toward else self.base

    @property
    def is_changed(self) -> bool:
        """Whether it is anything else than a file says."""
        return bool(self.changes) or bool(self.toward and self.share > 0)


def asked_of(text: str) -> Asked:
    """A name, a path, or ``a~b@0.3``: three tenths of the way from a to b. Raises ScenarioError."""
    blend = blend_parts(text)
    if blend is None:
        return Asked(base=text)
    base, toward, share = blend
    return Asked(base=base, toward=toward, share=share)


class Shelf:
    """The scenarios that may be asked for: those with a name, and those that were given."""

    def __init__(self, given: list[str], settings: Mapping[str, str]) -> None:
        self.settings = dict(settings)
        self._given = list(dict.fromkeys(given))

    def presets(self) -> list[dict[str, str]]:
        """Name, title and description of each, the given ones first."""
        known = {one.name: one for one in available()}
        names = [*self._given, *(name for name in known if name not in self._given)]
        found = []
        for name in names:
            one = known.get(name)
            title = one.title if one else load(name).scenario.title
            if name != "base":  # not a future to run by itself
                about = one.description if one else ""
                found.append({"name": name, "title": title or name, "description": about})
        return found

    def loaded(self, asked: Asked) -> Loaded:
        """The scenario that is asked for. Raises ScenarioError."""
        changes = {key: json.dumps(value) for key, value in asked.changes.items()}
        found = self._named(asked.base, changes)
        if asked.toward:
            found = blended(found, self._named(asked.toward, changes), asked.share)
        if not asked.changes:
            return found
        title = f"{found.scenario.title} (changed)"
        return replace(found, scenario=found.scenario.model_copy(update={"title": title}))

    def _named(self, name: str, changes: Mapping[str, str]) -> Loaded:
        if name not in self._given and name not in {one.name for one in available()}:
            found = f"there is no scenario '{name}' on offer"
            raise ScenarioError([Problem(name, 0, 0, "", found)])
        return load(name, self.settings | dict(changes))


def dumped(asked: Asked) -> dict[str, Any]:
    """The same as plain values, for the page."""
    return asked.model_dump(mode="json")
