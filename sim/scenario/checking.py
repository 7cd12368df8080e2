"""From pydantic's complaints to problems that say where, what, and what to write instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import COMMAND_LINE, Problem, did_you_mean, did_you_mean_named, nearest
from sim.scenario.models import Conflict, Location, Scenario, idle_money
from sim.scenario.reader import Located
from sim.scenario.shape import (
    Root,
    annotation_at,
    choices,
    expected_at,
    field_at,
    groups,
    model_at,
    number,
    within,
)

MOST_ROUNDS = 50
Model = TypeVar("Model", bound=BaseModel)


def check(tree: Located, *, is_whole: bool = True) -> tuple[Scenario | None, list[Problem]]:
    """The scenario that ``tree`` describes, or every problem in it.

    What is wrong is taken out and the rest checked again, so that one mistake does not hide
    another; a judgement that rests on a value that was taken out is not made. Where ``is_whole``
    is false (a parent could not be read), nothing is said of what is missing or does not add up.
    """
    return check_as(Scenario, tree, is_whole=is_whole, judge=idle_money)


def check_as(
    root: type[Model],
    tree: Located,
    *,
    is_whole: bool = True,
    judge: Callable[[Model], Iterable[Conflict]] = lambda _: (),
) -> tuple[Model | None, list[Problem]]:
    """As ``check``, for a file that says a ``root``.

    ``judge`` finds what does not go together in a sound one, beside what its own validator finds.
    """
    plain = tree.plain()
    problems: list[Problem] = []
    doubtful: list[Location] = []
    for _ in range(MOST_ROUNDS):
        found: list[Conflict] = []
        try:
            model = root.model_validate_json(json.dumps(plain), context={"conflicts": found})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                location, others = _blamed(tree, detail, root)
                doubtful += [location, *others]
                if is_whole or detail["type"] != "missing":
                    problems.append(_problem(tree, location, detail, root))
                _take_out(plain, location, root)
            continue
        found += judge(model)
        problems += [
            _conflict(tree, one)
            for one in found
            if is_whole
            and not any(_overlap(read, doubt) for read in one.reads for doubt in doubtful)
        ]
        return (None if problems else model), problems
    return None, problems


def _overlap(a: Location, b: Location) -> bool:
    shorter = min(len(a), len(b))
    # The group of programmes as a whole is not in doubt because of one of them.
    return a == b or (shorter > 1 and a[:shorter] == b[:shorter])


#: Keys that cannot be left out.
_PLACEHOLDERS: dict[str | int, Any] = {
    "title": "untitled",
    "kind": "technology",
    "question": "",
    "claim": "",
    "compare": [],
    "expect": "above",
    "area": "",
    "sectors": [],
    "in_short": "",
    "text": "",
    "sources": [],
    "design": "grid",
    "set": {},
}


def _take_out(plain: Any, location: Location, root: Root) -> None:
    here: Any = plain
    for part in location[:-1]:
        if isinstance(here, dict) and part not in here:
            return  # gone with the group that it was in, whose name is a mistake too
        here = here[part]
    if not location:
        plain.clear()
    elif isinstance(here, list):
        here[int(location[-1])] = _first_valid(location, root)
    elif location[-1] in _PLACEHOLDERS and field_at(location, root):
        here[location[-1]] = _PLACEHOLDERS[location[-1]]
    else:
        here.pop(location[-1], None)


def _first_valid(location: Location, root: Root) -> Any:
    """A harmless item: a list keeps its length, so that the other locations stay true."""
    if (group := model_at(location, root)) is not None:
        required = (name for name, one in group.model_fields.items() if one.is_required())
        return {name: _PLACEHOLDERS[name] for name in required}
    field = field_at(location[:-1], root)
    if field is not None and field.annotation == tuple[str, ...]:
        return ""
    return choices(field.annotation)[0] if field and choices(field.annotation) else None


def _blamed(tree: Located, detail: ErrorDetails, root: Root) -> tuple[Location, list[Location]]:
    """The location of the mistake, and others that it throws doubt on."""
    location: Location = tuple(detail["loc"])
    if location and location[-1] == "[key]":
        return location[:-1], []
    if detail["type"] == "value_error":
        here = tree.at(location)
        words = str(detail["msg"]).replace("'", " ").split()
        keys = here.value if here and isinstance(here.value, dict) else {}
        for word in words:
            if word in keys:
                return (*location, word), [location]
    if detail["type"] == "extra_forbidden":
        model = model_at(location[:-1], root)
        close = nearest(str(location[-1]), model.model_fields) if model else None
        return location, [(*location[:-1], close)] if close else []
    return location, []


# One complaint at a time


def _problem(tree: Located, location: Location, detail: ErrorDetails, root: Root) -> Problem:
    key = ".".join(map(str, location))
    here = tree.nearest(location)
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return Problem.at(here.key_place, key, "unknown key", "", _known_key(location, root))
    if kind == "missing":
        return Problem.at(here.key_place, key, "missing", expected_at(location, root))
    if kind == "string_pattern_mismatch":
        expected = "a name of letters, digits, - and _ that begins with a letter"
        return Problem.at(here.key_place, key, f"the name '{location[-1]}'", expected)
    if kind == "value_error":
        message = str(detail["msg"]).removeprefix("Value error, ")
        return Problem.at(here.place, key, message)
    for name, words in _OUTSIDE.items():
        if kind == name:
            return Problem.at(here.place, key, f"{_said(value)} {words}", within(location, root))
    wanted = choices(annotation_at(location, root)[0])
    if wanted and detail["type"] not in ("tuple_type", "list_type"):
        hint = did_you_mean(str(value), wanted)
    else:
        hint = _remedy(location, value, root)
    said = _wrong(value, location, root)
    return Problem.at(here.place, key, said, expected_at(location, root), hint)


_OUTSIDE = {
    "less_than_equal": "is too large",
    "less_than": "is too large",
    "greater_than_equal": "is too small",
    "greater_than": "is too small",
}


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value[:40]}'"
    if isinstance(value, int | float):
        return number(value) if value == value else "not a number"
    return "a group of keys" if isinstance(value, dict) else "a list"


def _wrong(value: Any, location: Location, root: Root) -> str:
    annotation = annotation_at(location, root)[0]
    said = _said(value)
    if isinstance(value, str) and annotation in (int, float):
        return f"{said} is not a number"
    if isinstance(value, float) and annotation is int:
        return f"{said} is not a whole number"
    if isinstance(value, str) and choices(annotation) and get_origin(annotation) is None:
        return f"{said} is not a choice"
    return said


def _remedy(location: Location, value: Any, root: Root) -> str:
    annotation = annotation_at(location, root)[0]
    if annotation is bool and isinstance(value, str):
        word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower())
        return f"write {word}" if word else ""
    if annotation in (int, float) and isinstance(value, str):
        try:
            number = value.strip().replace(",", "").replace("£", "")
            if number.endswith("%"):
                return f"write {float(number[:-1]) / 100:g}"
            return f"write {float(number):g}"
        except ValueError:
            return ""
    if annotation is str and isinstance(value, int | float | bool):
        return f'write "{_said(value)}" in quotes'
    if get_origin(annotation) is tuple and value in choices(annotation):
        return f"write [{value}]"
    if location == ("programmes",) and value is None:
        return "write null beside the name of a programme to drop that one"
    return ""


def _known_key(location: Location, root: Root) -> str:
    word = str(location[-1])
    for where, group in groups(root):
        if word in group.model_fields and where != _group_of(location[:-1], root):
            return f"'{word}' belongs under {where}" if where else f"'{word}' belongs at the top"
    model = model_at(location[:-1], root)
    top = ["extends"] if root is Scenario and len(location) == 1 else []
    return did_you_mean(word, [*model.model_fields, *top]) if model else ""


def _group_of(location: Location, root: Root) -> str:
    """The place of a group as ``groups`` names it."""
    if location and get_origin(annotation_at(location[:1], root)[0]) is dict:
        return f"{location[0]}.<name>"
    return "shocks" if location[:1] == ("shocks",) else ".".join(map(str, location))


def _conflict(tree: Located, one: Conflict) -> Problem:
    """Blame what the caller set, then what the file itself says, then what it takes over."""

    def distance(read: Location) -> int:
        here = tree.at(read)
        if here is None:
            return 3
        if here.place.file.startswith(COMMAND_LINE):
            return 0
        return 1 if here.place.file == tree.place.file else 2

    location = min(one.reads, key=distance)
    here = tree.nearest(location)
    hint = did_you_mean_named(one.value, one.choices) if one.value else ""
    if one.reads[0] == ("programmes",):
        hint = _without_share(tree)
    place = here.key_place if isinstance(here.value, dict) else here.place
    return Problem.at(place, ".".join(map(str, location)), one.found, one.expected, hint)


def _without_share(tree: Located) -> str:
    """A programme that states no share is often another's name misspelt."""
    programmes = tree.nearest(("programmes",)).value
    silent = [name for name, one in programmes.items() if "share" not in one.value]
    others = [name for name in programmes if name not in silent]
    hints = []
    for name in silent:
        close = did_you_mean(name, others)
        hints.append(f"'{name}' states no share{f', {close}' if close else ''}")
    return "; ".join(hints)
