"""Any two scenarios as the ends of one dial."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from sim.parameters import Parameters
from sim.quarter.fund.programmes import Programme
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading import Loaded, load
from sim.scenario.models import Scenario


def blend_parts(text: str) -> tuple[str, str, float] | None:
    """The two names and the share of ``a~b@0.3``; None where ``text`` is no blend.

    Raises ScenarioError where its share is none.
    """
    first, _, rest = text.partition("~")
    second, at, share = rest.rpartition("@")
    if not (first and at):
        return None
    try:
        part = float(share)
    except ValueError:
        part = math.nan
    if not (second and 0.0 <= part <= 1.0):
        expected = "two names and a share from 0 to 1, such as long_term~piecemeal@0.3"
        raise ScenarioError([Problem(text, 0, 0, "", f"'{text}' is not a blend", expected)])
    return first, second, part


def load_blend(a: str | Path, b: str | Path, share: float) -> Loaded:
    """The blend of two scenarios by name or path; ``share`` is the part of ``b``, 0 to 1.

    The burn-in is that of the nearer one. Raises ScenarioError.
    """
    if not (isinstance(share, int | float) and 0.0 <= share <= 1.0):
        found = f"a blend with a share of {share}"
        raise ScenarioError([Problem(f"{a}~{b}", 0, 0, "", found, "a share between 0 and 1")])
    first, second = load(a), load(b)
    nearer = first if share < 0.5 else second
    return Loaded(
        f"{first.name}~{second.name}@{share:g}",
        nearer.path,
        blend(first.scenario, second.scenario, share),
        nearer.burn_in,
        first.text | second.text,
    )


def blend(a: Scenario, b: Scenario, share: float) -> Scenario:
    """Every number of two scenarios interpolated: (1 − share)·a + share·b.

    Whole numbers are rounded; words, switches and lists are those of the nearer scenario. A
    programme of one alone has its share of the budget, or its amount, scaled down to nothing at the
    other end. 0 is ``a`` itself and 1 is ``b`` itself.
    """
    # A share below rounding is nothing of the whole, and may be too small to scale anything by.
    if 1.0 - share >= 1.0 or a == b:
        return a
    if share >= 1.0:
        return b
    exact = _between(a.horizon, b.horizon, share)
    mixed = _mixed(a, b, share)
    # Rounded up, so that awards of a length in between still fit.
    mixed["horizon"] = math.ceil(round(exact, 9))
    mixed["title"] = f"{a.title} ~ {b.title}, {share:g} of the way"
    programmes = {
        name: _blended(a.programmes.get(name), b.programmes.get(name), share, mixed["horizon"])
        for name in {**a.programmes, **b.programmes}
    }
    mixed["programmes"], mixed["tie_subsidy"] = _whole(programmes, mixed["tie_subsidy"])
    return Scenario(**mixed)


def _between(a: float, b: float, share: float) -> float:
    """A number between the two, never outside them by a rounding."""
    if a == b:
        return a
    return min(max((1.0 - share) * a + share * b, min(a, b)), max(a, b))


def _mixed(a: Parameters, b: Parameters, share: float) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in type(a).model_fields:
        one, other = getattr(a, name), getattr(b, name)
        if isinstance(one, Parameters) and type(one) is type(other):
            values[name] = type(one)(**_mixed(one, other, share))
        elif isinstance(one, bool) or not isinstance(one, int | float):
            values[name] = one if share < 0.5 else other
        elif isinstance(one, int) and isinstance(other, int):
            values[name] = math.floor(_between(one, other, share) + 0.5)
        else:
            values[name] = _between(one, other, share)
    return values


def _blended(a: Programme | None, b: Programme | None, share: float, horizon: int) -> Programme:
    if a is not None and b is not None:
        values = _mixed(a, b, share)
    else:
        only, part = (a, 1.0 - share) if a is not None else (b, share)
        assert only is not None
        amount = None if only.amount is None else only.amount * part
        values = {**only.__dict__, "share": only.share * part, "amount": amount}
    # What lies between two sound programmes is sound but for the last digit; one that only the
    # scenario with the longer horizon has may be too long for a horizon in between.
    values["award_length"] = min(values["award_length"], float(horizon))
    values["notice"] = min(values["notice"], 12 * values["award_length"])
    return Programme(**values)


def _whole(programmes: dict[str, Programme], ties: float) -> tuple[dict[str, Programme], float]:
    """Shares that add up to 1 again where one side has no programme to share with."""
    total = math.fsum([one.share for one in programmes.values() if one.amount is None]) + ties
    if total <= 0.0 or abs(total - 1.0) < 1e-12:
        return programmes, ties
    scaled = {
        name: one.model_copy(update={"share": one.share / total})
        for name, one in programmes.items()
    }
    return scaled, ties / total
