"""Experiment files: arms are scenarios, and every mistake is told with its place and remedy."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, available, load, load_experiment
from sim.scenario.crossing import pooled
from sim.scenario.finding import EXPERIMENT
from tests.scenario.conftest import said_of_mine, written

ROOT = Path(__file__).parents[2] / "scenarios" / "experiments"
HERE = "scenarios/experiments/mine.yaml"
FILE = """\
title: Mine
question: Does it matter?
common:
  population: {firms: 300}
arms:
  one:
    extends: long_term
    title: One
  two:
    extends: one
    title: Two
    assumptions: {learn: {tie_spillover: 0}}
cases:
  lab: {title: Laboratory}
outcomes:
  known: {metric: knowledge, last_years: 5}
findings:
  first:
    claim: One knows more
    compare: [one, two]
    outcome: known
    expect: above
"""


@pytest.fixture
def complaints(desk: Path) -> Callable[[str], list[str]]:
    """Write an experiment and return what loading it says, one line a problem."""

    def say(text: str) -> list[str]:
        written(desk, "experiments", text)
        return said_of_mine(load_experiment)

    return say


def test_an_arm_extends_a_scenario_or_another_arm_under_what_is_common(desk: Path) -> None:
    written(desk, "experiments", FILE)
    loaded = load_experiment("mine", {"budget": "200"})
    one, two = loaded.arms
    assert (one.name, two.name) == ("one", "two")
    assert (
        one.scenario.programmes == two.scenario.programmes == load("long_term").scenario.programmes
    )
    assert one.scenario.population.firms == two.scenario.population.firms == 300
    assert one.scenario.budget == two.scenario.budget == 200
    assert one.scenario.assumptions.learn.tie_spillover > 0
    assert two.scenario.assumptions.learn.tie_spillover == 0
    assert [one.stem for one in map(Path, loaded.text)][:1] == ["mine"]


def test_an_arm_named_as_a_scenario_can_extend_it(desk: Path) -> None:
    text = FILE.replace("  one:\n", "  long_term:\n").replace("one", "long_term")
    written(desk, "experiments", text)
    arm = load_experiment("mine").arms[0]
    assert arm.scenario.programmes == load("long_term").scenario.programmes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("question:", "qestion:", "2:1: qestion: unknown key; did you mean 'question'?"),
        (
            "tie_spillover: 0",
            "tie_spilover: 0",
            "12:27: arms.two.assumptions.learn.tie_spilover: unknown key; did you mean "
            "'tie_spillover'?",
        ),
        (
            "firms: 300",
            "firms: 3",
            "4:23: common.population.firms: 3 is too small; expected rows, at least 50 and at "
            "most 2000000",
        ),
        (
            "extends: one",
            "extends: long_tem",
            "10:14: arms.two.extends: there is no scenario 'long_tem'",
        ),
        (
            "extends: long_term",
            "extends: two",
            "arms.two.extends: arms extend one another in a circle: two → one → two; take one",
        ),
        (
            "[one, two]",
            "[one, tow]",
            "20:20: findings.first.compare.1: there is no arm or case 'tow'; expected one of one, "
            "two, lab; did you mean 'two'?",
        ),
        ("[one, two]", "[one, lab]", "20:14: findings.first.compare: arms are compared with cases"),
        ("[one, two]", "one", "20:14: findings.first.compare: 'one'; expected a list of names"),
        (
            "metric: knowledge",
            "metric: knowlege",
            "16:19: outcomes.known.metric: there is no metric 'knowlege'; expected a name of "
            "docs/metrics.md; did you mean 'knowledge'?",
        ),
        (
            "last_years: 5",
            "last_years: 50",
            "16:42: outcomes.known.last_years: 50 years are more than the 25 that are lived",
        ),
        (
            "outcome: known",
            "outcome: unknown",
            "21:14: findings.first.outcome: there is no outcome 'unknown'; expected one of known; "
            "did you mean 'known'?",
        ),
        (
            "expect: above",
            "expect: abov",
            "22:13: findings.first.expect: 'abov' is not a choice; expected one of above, below, "
            "within, hump; did you mean 'above'?",
        ),
        (
            "expect: above",
            "expect: hump",
            "20:14: findings.first.compare: 2 are compared; expected three or more for a hump",
        ),
        (
            "expect: above",
            "expect: above\n    control: [one]",
            "findings.first.control: 1 in the control and 2 compared; expected as many in both",
        ),
        (
            "expect: above",
            "expect: within\n    low: 2",
            "findings.first.low: 2 is above high, 0; expected low at or below high",
        ),
        ("    claim: One knows more\n", "", "findings.first.claim: missing; expected text"),
        (
            "lab: {title: Laboratory}",
            "lab: {title: L, cash: much}",
            "cases.lab.cash: 'much' is not a number; expected a number (£m), at least 0",
        ),
    ],
)
def test_a_mistake(complaints: Callable[[str], list[str]], old: str, new: str, said: str) -> None:
    assert old in FILE
    lines = complaints(FILE.replace(old, new, 1))
    assert any(said in line for line in lines), lines
    assert all(line.startswith(HERE) for line in lines)


def test_all_mistakes_are_told_at_once_and_each_once(
    complaints: Callable[[str], list[str]],
) -> None:
    text = (
        FILE.replace("firms: 300", "firms: 3")
        .replace("tie_spillover", "tie")
        .replace("knowledge", "nothing")
    )
    lines = complaints(text)
    assert len(lines) == 3


def test_an_experiment_is_no_scenario_and_the_other_way_round(desk: Path) -> None:
    shipped = {one.name for one in available(EXPERIMENT)}
    assert "concentration" in shipped
    assert not shipped & {one.name for one in available()}
    with pytest.raises(ScenarioError, match="there is no scenario 'concentration'"):
        load("concentration")
    with pytest.raises(ScenarioError, match="there is no experiment 'long_term'"):
        load_experiment("long_term")


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_experiment_is_sound(path: Path) -> None:
    loaded = load_experiment(path)
    experiment = loaded.experiment
    assert experiment.expected
    assert all(one.source for one in experiment.findings.values())
    used = {name for one in experiment.findings.values() for name in one.compare + one.control}
    levels = {name: name.partition(".")[0] for name in pooled(experiment.crossed)}
    assert {levels[name] for name in used & set(levels)} == set(experiment.crossed)
    used -= set(levels)
    assert used == set(experiment.arms) | set(experiment.cases), "an arm that no claim uses"
    titles = [one.scenario.title for one in loaded.arms]
    assert len(set(titles)) == len(titles), "arms must be told apart by their titles"
    assert textwrap.dedent(path.read_text(encoding="utf-8")).startswith("# ")


CROSSED = """\
title: Crossed
question: Which of the two?
common: {extends: long_term, population: {firms: 300}}
crossed:
  length:
    long: {title: long, programmes: {projects: {award_length: 10}}}
    short: {title: short, programmes: {projects: {award_length: 2}}}
  money:
    more: {budget: 400}
    less: {budget: 200}
outcomes:
  known: {metric: knowledge}
findings:
  first:
    claim: Long awards leave more knowledge
    compare: [length.long, length.short]
    outcome: known
    expect: above
"""


def test_every_combination_of_levels_is_an_arm(desk: Path) -> None:
    written(desk, "experiments", CROSSED)
    loaded = load_experiment("mine")
    names = ["long-more", "long-less", "short-more", "short-less"]
    assert [one.name for one in loaded.arms] == names
    last = loaded.arms[-1].scenario
    assert (last.title, last.budget) == ("short, less", 200)
    assert last.programmes["projects"].award_length == 2
    assert last.programmes["places"].award_length == 10
    assert pooled(loaded.experiment.crossed)["money.less"] == ["long-less", "short-less"]


def test_a_mistake_in_a_level_is_told_with_its_place(
    complaints: Callable[[str], list[str]],
) -> None:
    (line,) = set(complaints(CROSSED.replace("budget: 200", "budgt: 200")))
    assert f"{HERE}:10" in line and "crossed.money.less.budgt" in line
    assert "did you mean 'budget'" in line
    lines = complaints(CROSSED.replace("length.long", "length.lng"))
    assert any("there is no arm or case 'length.lng'" in one for one in lines)
    lines = complaints(CROSSED.replace("    less: {budget: 200}\n", ""))
    assert any("1 levels" in one and "two or more" in one for one in lines)


def test_arms_by_crossing_are_told_apart_and_not_too_many(
    complaints: Callable[[str], list[str]],
) -> None:
    names = CROSSED.replace("    long:", "    x:").replace("    short:", "    x-y:")
    names = names.replace("    more:", "    y-z:").replace("    less:", "    z:")
    lines = complaints(names.replace("[length.long, length.short]", "[length.x, length.x-y]"))
    assert any("2 combinations are called 'x-y-z'" in one for one in lines)
    lines = complaints(CROSSED.replace("  length:", "  level:").replace("length.", "level."))
    assert any("'level' is a column of cells.csv already" in one for one in lines)
    many = "".join(f"  f{n}: {{a: {{budget: {n + 1}}}, b: {{}}}}\n" for n in range(60))
    lines = complaints(CROSSED.replace("outcomes:\n", f"{many}outcomes:\n"))
    assert any(f"{2**62:,} combinations; expected at most 500" in one for one in lines)
