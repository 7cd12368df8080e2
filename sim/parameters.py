"""The one pattern for every number that a reader may question or a scenario may change.

A parameter is a field of a frozen model: ``quantity(default, unit, plausible, source)``, with its
meaning as the docstring below it. Validation, the JSON Schema, the generated tables, sensitivity
ranges and the null test all read the same definition. ``neutral`` is the value at which the
field's channel is off: off is a value, and never an ``if``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

QUARTERS_PER_YEAR = 4
ASSUMPTION = "assumption"


class Parameters(BaseModel):
    """A frozen group of parameters that refuses keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


def quantity(
    default: Any,
    unit: str,
    plausible: tuple[float, float] | None = None,
    source: str = ASSUMPTION,
    *,
    neutral: Any = None,
    lever: bool = False,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
) -> Any:
    """Declare a parameter.

    ``plausible`` is the range that the sensitivity analysis explores; ``ge``/``le``/``gt`` are the
    hard limits outside which the model has no meaning (by default, not below zero). ``source`` is
    a numbered reference of docs/evidence.md or the word ``assumption``. ``lever=True`` marks what
    a scenario is meant to vary.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source, "lever": lever}
    if plausible is not None:
        extra["plausible"] = list(plausible)
    if neutral is not None:
        extra["neutral"] = neutral
    return Field(default, ge=ge, le=le, gt=gt, json_schema_extra=extra)


@dataclass(frozen=True)
class ParameterRow:
    """One parameter as its documentation shows it."""

    path: str
    default: Any
    unit: str
    plausible: tuple[float, float] | None
    neutral: Any
    source: str
    lever: bool
    meaning: str
    limits: tuple[float | None, float | None]


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    low = high = None
    for constraint in field.metadata:
        low = getattr(constraint, "ge", getattr(constraint, "gt", low))
        high = getattr(constraint, "le", high)
    return low, high


def parameter_rows(model: type[BaseModel], prefix: str = "") -> Iterator[ParameterRow]:
    """Every parameter of ``model`` and of the groups inside it, in the order of definition."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from parameter_rows(annotation, f"{path}.")
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if "unit" not in extra:
            continue
        plausible = extra.get("plausible")
        yield ParameterRow(
            path=path,
            default=field.get_default(call_default_factory=True),
            unit=str(extra["unit"]),
            plausible=tuple(plausible) if isinstance(plausible, list) else None,  # type: ignore[arg-type]
            neutral=extra.get("neutral"),
            source=str(extra.get("source", "")),
            lever=bool(extra.get("lever", False)),
            meaning=field.description or "",
            limits=_limits(field),
        )


def neutral(model: Parameters) -> Parameters:
    """The same group with every channel off: each field that has a neutral value takes it."""
    changes: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, Parameters):
            changes[name] = neutral(value)
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if "neutral" in extra:
            changes[name] = extra["neutral"]
    return model.model_copy(update=changes)


def per_quarter(rate_per_year: float) -> float:
    """Turn a yearly rate of decay or hazard into the share lost in one quarter: 1 − (1 − x)^¼."""
    return float(1.0 - (1.0 - rate_per_year) ** (1.0 / QUARTERS_PER_YEAR))


def per_quarter_of_half_life(years: float) -> float:
    """Share of the way to a new level covered in one quarter when half is covered in ``years``."""
    return 1.0 - math.pow(0.5, 1.0 / (years * QUARTERS_PER_YEAR))
