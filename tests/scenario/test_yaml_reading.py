"""YAML 1.2: plain words mean what they say, and a broken text says where."""

from __future__ import annotations

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.reader import MOST_VALUES, read


def value(text: str) -> object:
    tree, problems = read(f"key: {text}\n", "f.yaml")
    assert problems == []
    return tree.plain()["key"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("~", None),
        ("", None),
        ("Null", None),
        ("12", 12),
        ("-3", -3),
        ("012", 12),
        ("0o17", 15),
        ("0xFF", 255),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.inf", float("-inf")),
        ('"12"', "12"),
        ("'true'", "true"),
        ("!!str 12", "12"),
        ("[1, no, {a: 2}]", [1, "no", {"a": 2}]),
    ],
)
def test_core_schema(text: str, meant: object) -> None:
    found = value(text)
    assert found == meant
    assert type(found) is type(meant)


def test_every_value_and_key_has_its_place() -> None:
    tree, _ = read("a: 1\nb:\n  - x\n  - c:  2\n", "f.yaml")
    inner = tree.at(("b", 1, "c"))
    assert inner is not None
    assert (inner.key_place.line, inner.key_place.column) == (4, 5)
    assert (inner.place.line, inner.place.column) == (4, 9)
    assert tree.at(("b", 7)) is None
    assert tree.nearest(("b", 1, "nothing")).value == {"c": inner}


def test_an_alias_repeats_a_group() -> None:
    tree, _ = read("a: &x {n: 1}\nb: *x\n", "f.yaml")
    assert tree.plain() == {"a": {"n": 1}, "b": {"n": 1}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\nb: 2", "f.yaml:2:2: broken YAML: expected ',' or ']', but got ':'"),
        ("a: 1\n\tb: 2\n", "f.yaml:2:1: broken YAML: a tab where YAML wants spaces"),
        ("a: b: c\n", "f.yaml:1:5: broken YAML: mapping values are not allowed here"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: broken YAML: a second document begins here"),
        ("a: *nobody\n", "f.yaml:1:4: broken YAML: found undefined alias"),
        ("a: b\x01\n", "f.yaml:1:5: broken YAML: the character U+0001 is not allowed"),
        ("a: &x [*x]\n", "f.yaml:1:4: a.0: this alias holds itself"),
        ("[" * 5000, "f.yaml:1:1: too deep to read"),
        ('a: "\\UFFFFFFFF"\n', "f.yaml:1:1: broken YAML: an escape that is not a character"),
    ],
)
def test_broken_texts_say_where(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(text, "f.yaml")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a: written twice; expected each key once; see also"),
        ("a:\n  <<: {b: 1}\n", "f.yaml:2:3: a.<<: '<<' (merge) is not part of YAML 1.2"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key made of several values"),
        ("a: !!python/name:os.system x\n", "f.yaml:1:4: a: the tag !!python/name:os.system"),
        ('a: "\\ud800"\n', "f.yaml:1:4: a: a character that is not text"),
        (f"a: {'9' * 5000}\n", "f.yaml:1:4: a: a number with too many digits"),
    ],
)
def test_what_can_be_passed_over_is_reported_with_the_rest(text: str, said: str) -> None:
    _, problems = read(text, "f.yaml")
    assert [str(problem)[: len(said)] for problem in problems] == [said]


def test_aliases_cannot_blow_a_file_up() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for level in range(1, 12):
        inside = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{inside}]")
    assert MOST_VALUES < 10**12
    with pytest.raises(ScenarioError, match="too much to read"):
        read("\n".join(lines), "f.yaml")
