"""Files from a stranger: loaded or refused with places, whatever is in them; nothing touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, load, schema
from sim.scenario.loading import MOST_FILES
from sim.scenario.reader import MOST_BYTES
from tests.fuzz.soundness import LOADERS, judge
from tests.scenario.conftest import Complaints

SCHEMA = schema()
ODD = [0, -1, 1e308, float("inf"), float("nan"), 10**400, True, None, "", "\0", "=1+1", "${HOME}"]
ODD += ["1e400", "9" * 5000, "\u202e", "‮", "𝔘", [], {}, [[]], "2026-01-01", "../../etc/passwd"]


def said_by(part: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """What the schema lets be written, and now and then what it does not."""
    part = SCHEMA["$defs"].get(part.get("$ref", "").rpartition("/")[2], part)
    sound: st.SearchStrategy[Any]
    if "properties" in part and depth < 3:
        keys = {key: said_by(one, depth + 1) for key, one in part["properties"].items()}
        sound = st.fixed_dictionaries({}, optional=keys)
    elif "enum" in part:
        sound = st.sampled_from(part["enum"])
    elif part.get("type") in ("number", "integer"):
        low, high = part.get("minimum", 0), part.get("maximum", 1000)
        sound = st.integers(int(low), int(high))
    elif part.get("type") == "boolean":
        sound = st.booleans()
    elif part.get("type") == "array":
        sound = st.lists(said_by(part.get("items", {}), depth + 1), max_size=3)
    elif part.get("type") == "object" and isinstance(part.get("additionalProperties"), dict):
        inner = said_by(part["additionalProperties"], depth + 1)
        sound = st.dictionaries(st.sampled_from(["places", "projects", "x y"]), inner, max_size=2)
    else:
        sound = st.sampled_from(["long_term", "some text"])
    return st.one_of(sound, sound, sound, st.sampled_from(ODD))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=said_by(SCHEMA))
def test_what_the_schema_lets_be_written(said: Any, desk: Path) -> None:
    path = desk / "scenario.yaml"
    path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    judge(path)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda one: one.encode()))
def test_any_bytes(content: bytes, desk: Path) -> None:
    for name in LOADERS:
        (desk / name).write_bytes(content)
        judge(desk / name)


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "title: " + "[" * 600,
        "title: " + "{a: " * 5000,
        "- " * 5000,
        "? " * 5000,
        "&a [*a]",
        f"extends: long_term\nbudget: {'9' * 5000}\n",
        "extends: long_term\nbudget: 1e400\n",
        "extends: long_term\nhorizon: 0x" + "f" * 4000 + "\n",
        'extends: long_term\ntitle: "\\0"\n',
        'extends: long_term\ntitle: "\\x1b[2J"\n',
        'extends: long_term\n"\\x1b[2J": 1\n',
        "extends: long_term\ntitle: \u202eevil\n",
        "!!python/object/apply:os.system ['touch owned']",
        "extends: !!python/name:os.system long_term",
        "question: q\nfindings:\n  a.:\n    claim: x\n",
    ],
)
def test_bombs_and_tricks_are_refused(text: str, desk: Path) -> None:
    for name in LOADERS:
        (desk / name).write_text(text, encoding="utf-8")
        assert not judge(desk / name)
    assert not (desk / "owned").exists() and not (desk.parent / "owned").exists()


def test_a_huge_file_is_not_read(complaints: Complaints) -> None:
    (line,) = complaints("# " + "x" * MOST_BYTES)
    assert (
        line == "scenarios/mine.yaml: the file has more than 1,000,000 bytes; expected a scenario"
    )


def test_few_files_do_not_stand_for_millions(desk: Path) -> None:
    for number in range(20):
        (desk / f"f{number}.yaml").write_text(f"extends: [f{number + 1}, f{number + 1}]\n")
    (desk / "f20.yaml").write_text("extends: long_term\n")
    with pytest.raises(ScenarioError, match=f"extends more than {MOST_FILES} files"):
        load("f0")


@pytest.mark.parametrize("key", ["extends: {}", "extends: long_term\nburn_in: {{regime: {}}}"])
def test_what_is_no_scenario_is_never_quoted(key: str, desk: Path) -> None:
    secret = desk.parent / "secret.txt"
    secret.write_text("password: hunter2\n")
    (desk / "link.yaml").symlink_to(secret)
    for named in ("../secret.txt", str(secret), "./link.yaml", "link"):
        (desk / "mine.yaml").write_text(key.format(named) + "\n")
        with pytest.raises(ScenarioError, match="expected a file that ends in") as caught:
            load("mine")
        assert "hunter2" not in str(caught.value) and "password" not in str(caught.value)


def test_a_pipe_or_a_device_is_no_file(desk: Path) -> None:
    os.mkfifo(desk / "pipe.yaml")
    (desk / "zero.yaml").symlink_to("/dev/zero")
    (desk / "self.yaml").symlink_to(desk / "self.yaml")
    for name in ("pipe", "zero", "self"):
        with pytest.raises(ScenarioError):
            load(name)
        with pytest.raises(ScenarioError):
            load(desk / f"{name}.yaml")


@pytest.mark.parametrize("reforms", ["[0]", "[[]]", "[{}]", "[{set: 1}]", "{set: 1}"])
def test_reforms_that_are_none(reforms: str, desk: Path) -> None:
    (desk / "scenario.yaml").write_text(f"extends: long_term\nreforms: {reforms}\n")
    assert not judge(desk / "scenario.yaml")
