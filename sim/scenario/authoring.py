"""A new scenario file to begin from: valid as it stands, with every lever at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import fill
from typing import Any

from sim.parameters import ParameterRow, parameter_rows
from sim.quarter.collaborate import Collaboration
from sim.quarter.fund.programmes import Programme
from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario

_WIDTH = 98


def template(name: str, base: Loaded) -> str:
    """Text of a scenario that extends ``base`` and changes nothing yet.

    Every lever stands below as a comment with its present value, unit and meaning, so that taking
    away the ``#`` of a line, and of the lines that it belongs to, is all that a change needs.
    """
    title = name.replace("_", " ").replace("-", " ").capitalize()
    head = [
        f"# A scenario of its own that begins as {base.name}. Look at it with",
        "#     clustersim check THIS_FILE",
        f"#     clustersim compare THIS_FILE {base.name}",
        f"extends: {base.name}",
        "",
        f"title: {title}",
        "description: >-",
        "  What this scenario stands for, in a sentence or two.",
        "",
    ]
    note = (
        f"Everything below is as it is in {base.name}. To change a value, take away the # and the "
        "space before it, and before the lines that it is inside of; leave the spaces that set it "
        "in. What stays a comment follows the file that this one extends."
    )
    head += [f"# {line}" for line in fill(note, _WIDTH - 2).splitlines()]
    return "\n".join([*head, "#", *(f"# {line}".rstrip() for line in _levers(base.scenario)), ""])


def _levers(scenario: Scenario) -> Iterator[str]:
    own = {
        row.path: row for row in parameter_rows(Scenario) if row.path in ("budget", "tie_subsidy")
    }
    yield from _line("horizon", scenario.horizon, "years", "Years that are simulated.", 0)
    for path, row in own.items():
        yield from _told(row, getattr(scenario, path), 0)
    yield ""
    yield "programmes:"
    rows = {row.path: row for row in parameter_rows(Programme)}
    for programme_name, programme in scenario.programmes.items():
        yield f"  {programme_name}:"
        for key, field in Programme.model_fields.items():
            value = getattr(programme, key)
            if key in rows:
                yield from _told(rows[key], value, 4)
            else:
                yield from _line(key, value, "", field.description or "", 4)
    yield ""
    yield "collaboration:"
    for row in parameter_rows(Collaboration):
        yield from _told(row, getattr(scenario.collaboration, row.path), 2)


def _told(row: ParameterRow, value: Any, indent: int) -> Iterator[str]:
    yield from _line(row.path, value, row.unit, row.meaning, indent)


def _line(key: str, value: Any, unit: str, meaning: str, indent: int) -> Iterator[str]:
    """The key with its value and unit, under its meaning."""
    space = " " * indent
    plain = " ".join(meaning.split())
    for line in fill(plain, _WIDTH - indent - 4).splitlines():
        yield f"{space}# {line}"
    yield f"{space}{key}: {_yaml(value)}" + (f"  # {unit}" if unit else "")


def _yaml(value: Any) -> str:
    """A value as YAML has it; JSON's notation is a part of YAML's."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_yaml(one) for one in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
