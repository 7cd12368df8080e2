"""The schema by which editors complete and check: current, valid, and as strict as the loader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.scenario import schema, schema_text
from sim.scenario.reader import read

ROOT = Path(__file__).parents[2] / "scenarios"
APART = ("experiments", "clusters", "sweeps")
SHIPPED = sorted(p for p in ROOT.rglob("*.yaml") if p.parent.name not in APART)
VALIDATOR = jsonschema.Draft202012Validator(schema())


def accepts(text: str) -> bool:
    return bool(VALIDATOR.is_valid(read(text, "f.yaml")[0].plain()))


def fields(group: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from group.get("properties", {}).items()
    for definition in group.get("$defs", {}).values():
        yield from fields(definition)


def test_the_shipped_schema_is_current() -> None:
    shipped = (ROOT / "schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text(), (
        "write it again: python -m sim.scenario > scenarios/schema.json"
    )


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert "required" not in json.dumps(schema()).replace("required partner", "")


def test_every_key_explains_itself() -> None:
    whole = schema()
    for name, field in fields(whole):
        group = whole["$defs"].get(field.get("$ref", "").rsplit("/", 1)[-1], {})
        assert field.get("description") or group.get("description"), name
    length = whole["$defs"]["Programme"]["properties"]["award_length"]["description"]
    assert length == "How long one award pays. [years; at least 0.25; at most 50; default 3.0]"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_accepts_what_is_shipped(path: Path) -> None:
    VALIDATOR.validate(read(path.read_text(encoding="utf-8"), path.name)[0].plain())


@pytest.mark.parametrize(
    "text",
    [
        "extends: long_term",
        "programmes: {places: null}",
        "programmes: {places: {eligible: [firms], allocation: lottery}}",
        "shocks: [{kind: demand, year: 3, sector: null}]",
    ],
)
def test_accepts(text: str) -> None:
    assert accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "horizn: 4",
        "horizon: 99",
        "horizon: 2.5",
        "budget: 12:30",
        "programmes: null",
        "programmes: {places: {award_lenght: 4}}",
        "programmes: {places: {award_size: 0}}",
        "programmes: {places: {allocation: lotery}}",
        "programmes: {a b: {}}",
        "shocks: [{kind: storm}]",
        "assumptions: {learn: {nothing: 1}}",
        "extends: []",
        "extends: [4]",
        "extends: {a: b}",
    ],
)
def test_refuses(text: str) -> None:
    assert not accepts(text)
