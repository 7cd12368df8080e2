"""Every scenario that is shipped loads, and the headline pair differs in stability alone."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sim.parameters import Parameters
from sim.scenario import Scenario, available, load

ROOT = Path(__file__).parents[2] / "scenarios"
APART = ("experiments", "clusters", "sweeps")
SHIPPED = sorted(p for p in ROOT.rglob("*.yaml") if p.parent.name not in APART)
STABILITY = {
    "award_length",
    "calls_per_year",
    "renewal_probability",
    "notice",
    "volatility",
    "pots",
    "carry_over",
    "cancellation_rate",
}


def differences(a: Any, b: Any, path: str = "") -> set[str]:
    """Dotted keys at which two scenarios differ."""
    if isinstance(a, Parameters) and isinstance(b, Parameters):
        a, b = a.__dict__, b.__dict__
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return set().union(*(differences(a[key], b[key], f"{path}.{key}") for key in a))
    return set() if a == b else {path.removeprefix(".")}


def differs(a: Scenario, b: Scenario) -> set[str]:
    return differences(a, b) - {"title", "description"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_loads(path: Path) -> None:
    loaded = load(path)
    assert loaded.scenario.title
    assert loaded.scenario.description
    own = path.read_text(encoding="utf-8")
    schema = os.path.relpath(ROOT / "schema.json", path.parent)
    assert own.startswith(f"# yaml-language-server: $schema={schema}\n")
    assert "\ntitle:" in own, "a title of its own, so that figures do not show the parent's"


def test_bare_names_are_unique() -> None:
    assert [name for name, n in Counter(path.stem for path in SHIPPED).items() if n > 1] == []
    assert {path.stem for path in SHIPPED} <= {one.name for one in available()}


def test_the_headline_pair_differs_in_stability_alone() -> None:
    long_term, piecemeal = load("long_term"), load("piecemeal")
    names = list(long_term.scenario.programmes)
    assert names == ["institutions", "projects", "places"]
    assert differs(long_term.scenario, piecemeal.scenario) == {
        f"programmes.{name}.{lever}" for name in names for lever in STABILITY
    }
    assert long_term.burn_in == piecemeal.burn_in


def test_the_common_past_lies_between_the_pair() -> None:
    long_term, mixed, piecemeal = (
        load(name).scenario for name in ("long_term", "mixed", "piecemeal")
    )
    for name, between in mixed.programmes.items():
        for lever in STABILITY:
            ends = [getattr(one.programmes[name], lever) for one in (long_term, piecemeal)]
            assert min(ends) <= getattr(between, lever) <= max(ends), lever
    keys = {key.rsplit(".", 1)[-1] for key in differs(long_term, mixed)}
    assert keys <= STABILITY


def test_no_policy_has_no_money_and_is_otherwise_the_same() -> None:
    no_policy, long_term = load("no_policy").scenario, load("long_term").scenario
    assert no_policy.budget == 0
    assert no_policy.programmes == {}
    assert differs(no_policy, long_term) == {"budget", "tie_subsidy", "programmes"}


def test_the_discriminating_pair() -> None:
    gated = load("long_competitive_gated").scenario
    assert {key.rsplit(".", 1)[-1] for key in differs(gated, load("long_term").scenario)} == {
        "allocation",
        "stage_gate",
    }
    no_gap = load("short_competitive_no_gap").scenario
    changed = {key.rsplit(".", 1)[-1] for key in differs(no_gap, load("piecemeal").scenario)}
    assert changed == {"allocation", "award_length", "notice", "volatility", "pots", "carry_over"}
    for programme in no_gap.programmes.values():
        wait = 12 / programme.calls_per_year + programme.decision_lead
        assert programme.notice >= wait, "a holder that must bid again would wait without money"
