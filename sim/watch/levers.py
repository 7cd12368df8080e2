"""Sliders and choices from the schema of scenario files: nothing about a lever is written twice."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario, schema

#: Where a lever is written: at the top, in each programme, or under collaboration.
GROUPS = ("money", "programme", "collaboration")


def levers() -> list[dict[str, Any]]:
    """Every lever: group, key, label, kind, unit, slider's range, hard limits, choices, meaning."""
    whole = schema()
    definitions = whole["$defs"]
    found = [
        _lever("money", key, field, definitions)
        for key, field in whole["properties"].items()
        if field.get("lever")
    ]
    for group, name in (("programme", "Programme"), ("collaboration", "Collaboration")):
        fields = definitions[name]["properties"].items()
        # What a scenario is meant to vary comes first; words for who and how come after it.
        for key, field in sorted(fields, key=lambda item: not item[1].get("lever")):
            if "anyOf" not in field:  # what may be left out has no place on a slider
                found.append(_lever(group, key, field, definitions))
    return found


def settings(scenario: Scenario) -> dict[str, Any]:
    """Present values of all levers, laid out as in a scenario file."""
    return scenario.model_dump(
        mode="json", include={"budget", "tie_subsidy", "programmes", "collaboration"}
    )


def _lever(
    group: str, key: str, field: dict[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    kind, choices = _kind(field, definitions)
    made = {
        "group": group,
        "key": key,
        "label": key.replace("_", " ").capitalize(),
        "kind": kind,
        "unit": field.get("unit", ""),
        "meaning": field.get("description", ""),
    }
    if choices:
        made["choices"] = choices
    if kind in ("number", "integer"):
        low, high = field.get("plausible", (field.get("minimum", 0), field.get("maximum", 1)))
        made |= {"low": low, "high": high}
        least = field.get("minimum", field.get("exclusiveMinimum"))
        made |= {"least": least, "most": field.get("maximum")}
    return made


def _kind(field: dict[str, Any], definitions: dict[str, Any]) -> tuple[str, list[str]]:
    """number, integer, boolean, choice (one of the words) or list (some of the words)."""
    if "$ref" in field:
        return "choice", _words(field, definitions)
    if field.get("type") == "array":
        return "list", _words(field["items"], definitions)
    return field["type"], []


def _words(reference: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    name = reference["$ref"].rpartition("/")[2]
    words: list[str] = definitions[name]["enum"]
    return words
