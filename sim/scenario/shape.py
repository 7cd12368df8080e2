"""What may be written where: the group, the parameter and the limits at each place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.models import Location, Scenario

#: The group that a whole file says.
Root = type[BaseModel]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _inner(annotation: Any) -> Any:
    arguments = get_args(annotation)
    return arguments[1] if get_origin(annotation) is dict else arguments[0] if arguments else None


def annotation_at(location: Location, root: Root = Scenario) -> tuple[Any, FieldInfo | None]:
    """The type that is written at ``location`` of a file that says a ``root``."""
    annotation: Any = root
    field: FieldInfo | None = None
    for part in location:
        model = _model_in(annotation)
        if model is None:
            annotation = _inner(annotation)
            continue
        field = model.model_fields.get(str(part))
        if field is None:
            return None, None
        annotation = field.annotation
    return annotation, field


def field_at(location: Location, root: Root = Scenario) -> FieldInfo | None:
    """The parameter that is written at ``location``."""
    return annotation_at(location, root)[1]


def model_at(location: Location, root: Root = Scenario) -> type[BaseModel] | None:
    """The group that is written at ``location``."""
    return _model_in(annotation_at(location, root)[0])


def choices(annotation: Any) -> tuple[str, ...]:
    """The words that a parameter allows, if it allows only some."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(one.value) for one in annotation)
    inner = [one for argument in get_args(annotation) if (one := choices(argument))]
    return inner[0] if inner else ()


def expected_at(location: Location, root: Root = Scenario) -> str:
    """What may be written at ``location``: unit and limits, or choices."""
    annotation, field = annotation_at(location, root)
    if words := choices(annotation):
        listed = ", ".join(words)
        return f"a list of {listed}" if get_origin(annotation) is tuple else f"one of {listed}"
    if annotation is bool:
        return "true or false"
    if annotation in (int, float) and field is not None:
        kind = "a whole number" if annotation is int else "a number"
        unit = unit_of(field)
        said = f"{kind} ({unit})" if unit else kind
        return ", ".join(part for part in (said, limits(field)) if part)
    if annotation == tuple[str, ...]:
        return "a list of names"
    if get_origin(annotation) is dict:
        return "a group of keys" if _inner(annotation) is object else f"{location[-1]} by name"
    if annotation is str or str in get_args(annotation):
        return "text"
    if get_origin(annotation) is tuple:
        return "a list"
    if model := _model_in(annotation):
        return f"keys such as {', '.join(list(model.model_fields)[:3])}"
    return ""


def unit_of(field: FieldInfo) -> str:
    """The unit of a parameter."""
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, Mapping) else ""


def number(value: float) -> str:
    """A number as one would write it."""
    text = f"{value:.12g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:20]}…"


def limits(field: FieldInfo) -> str:
    """The hard limits of a number in words."""
    found = {
        name: getattr(one, name)
        for one in field.metadata
        for name in ("ge", "gt", "le")
        if getattr(one, name, None) is not None
    }
    words = {"ge": "at least", "gt": "more than", "le": "at most"}
    return " and ".join(f"{words[name]} {number(value)}" for name, value in found.items())


def within(location: Location, root: Root = Scenario) -> str:
    """Unit and limits of the number at ``location``."""
    field = field_at(location, root)
    return ", ".join(part for part in (unit_of(field), limits(field)) if part) if field else ""


def groups(root: Root = Scenario) -> list[tuple[str, type[BaseModel]]]:
    """Every group of keys with the place where it belongs; the top is ""."""
    found: list[tuple[str, type[BaseModel]]] = [("", root)]

    def walk(prefix: str, model: type[BaseModel]) -> None:
        for name, field in model.model_fields.items():
            group = _model_in(field.annotation)
            path = f"{prefix}{name}"
            if get_origin(field.annotation) in (dict, tuple):
                group = _model_in(_inner(field.annotation))
                path += ".<name>" if get_origin(field.annotation) is dict else ""
            if group is not None:
                found.append((path, group))
                walk(f"{path}.", group)

    walk("", root)
    return found
