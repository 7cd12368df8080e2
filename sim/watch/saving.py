"""A future that was turned by hand, saved as a scenario file that states only what was changed."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.scenario import Loaded, Problem, Scenario, ScenarioError, available, find, load

NAME = re.compile(r"^[a-z][a-z0-9_-]{0,59}$")
_NOT_SAVED = ("title", "description")


def save_scenario(folder: Path, name: str, title: str, wanted: Loaded, base: str) -> Path:
    """Write ``name``.yaml into ``folder``, extending ``base``, and check that it says ``wanted``.

    Nothing that exists is touched. Raises ScenarioError, OSError.
    """
    path = folder / f"{name}.yaml"
    if not NAME.match(name):
        found, expected = f"the name '{name[:70]}'", "small letters, digits, - and _ (at most 60)"
        raise ScenarioError([Problem(name[:70], 0, 0, "", found, expected)])
    if path.exists() or name in {one.name for one in available()}:
        found = f"there is a scenario '{name}' already"
        raise ScenarioError([Problem(name, 0, 0, "", found, "another name")])
    folder.mkdir(parents=True, exist_ok=True)
    text = scenario_text(_reference(base, folder), title or name, wanted.scenario, load(base))
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    try:
        _check(path, wanted.scenario)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return path


def scenario_text(extends: str, title: str, wanted: Scenario, base: Loaded) -> str:
    """The text of the file: ``wanted`` said as what differs from ``base``."""
    was = base.scenario.model_dump(mode="json", exclude=set(_NOT_SAVED))
    now = wanted.model_dump(mode="json", exclude=set(_NOT_SAVED))
    head = [f"extends: {_word(extends)}", f"title: {json.dumps(title, ensure_ascii=False)}"]
    return "\n".join([*head, *_lines(_changed(was, now), 0), ""])


def _reference(base: str, folder: Path) -> str:
    """How a file in ``folder`` names ``base``: by its bare name if that finds it there too."""
    path = find(base)
    with contextlib.suppress(ScenarioError):
        if find(path.stem, near=folder / "unwritten.yaml").resolve() == path.resolve():
            return path.stem
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What ``now`` says otherwise, group by group; a programme that is gone is null."""
    found: dict[str, Any] = {}
    for key, value in now.items():
        before = was.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            if inside := _changed(before, value):
                found[key] = inside
        elif value != before:
            found[key] = value
    found |= {key: None for key in was if key not in now}
    return found


def _lines(values: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{' ' * indent}{key}:"
            yield from _lines(value, indent + 2)
        else:  # JSON's notation is a part of YAML's
            yield f"{' ' * indent}{key}: {json.dumps(value, ensure_ascii=False)}"


def _word(text: str) -> str:
    return text if re.match(r"^[A-Za-z][\w-]*$", text) else json.dumps(text)


def _check(path: Path, wanted: Scenario) -> None:
    """The file must say what was seen. Raises ScenarioError."""
    said = load(path).scenario.model_copy(update=wanted.model_dump(include=set(_NOT_SAVED)))
    if said != wanted:
        found = "the file that was written does not say what is seen; it was taken away again"
        raise ScenarioError([Problem(path.name, 0, 0, "", found)])
