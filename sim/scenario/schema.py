"""The JSON Schema by which an editor completes, explains and checks a scenario file."""

from __future__ import annotations

import json
from typing import Any

from sim.scenario.models import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME = {"type": "string", "minLength": 1}
_EXTENDS = {
    "anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}],
    "description": "The scenario that this one starts from: its name, or a path relative to this "
    "file. State below only what differs. With several, each goes over those before it, and the "
    "programmes of all are kept.",
}


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file.

    Nothing is required, because a child need not repeat what its parent gives; a programme may be
    null, which drops the parent's.
    """
    made = Scenario.model_json_schema()
    definitions = {name: _group(one) for name, one in made.pop("$defs").items()}
    made = _group(made)
    programmes = made["properties"]["programmes"]
    programmes["additionalProperties"] = {
        "anyOf": [{"$ref": "#/$defs/Programme"}, {"type": "null"}],
        "description": "A programme by its name; null drops one that the parent gives.",
    }
    for value in programmes.pop("patternProperties", {}):
        programmes["propertyNames"] = {"pattern": value}
    head = {"$schema": DIALECT, "title": "A clustersim scenario", "type": "object"}
    head["description"] = "One future of the clusters: how much public money arrives, and how."
    properties = {"extends": _EXTENDS, **made["properties"]}
    return {
        **head,
        "additionalProperties": False,
        "properties": properties,
        "$defs": definitions,
    }


def schema_text() -> str:
    """The text of scenarios/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _group(model: dict[str, Any]) -> dict[str, Any]:
    kept = {key: one for key, one in model.items() if key not in ("required", "title")}
    if "properties" in kept:
        kept["properties"] = {name: _field(one) for name, one in kept["properties"].items()}
    return kept


def _field(field: dict[str, Any]) -> dict[str, Any]:
    """Editors show the description alone: unit, limits and default are said there too."""
    shown = {key: one for key, one in field.items() if key != "title"}
    facts = [str(field["unit"])] if "unit" in field else []
    for key, words in _LIMITS.items():
        if key in field:
            facts.append(f"{words} {field[key]:g}")
    if "default" in field and not isinstance(field["default"], dict | list):
        facts.append(f"default {json.dumps(field['default'], ensure_ascii=False)}")
    meaning = " ".join(str(field.get("description", "")).split())
    if meaning or facts:
        shown["description"] = f"{meaning} [{'; '.join(facts)}]" if facts else meaning
    return shown


_LIMITS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
