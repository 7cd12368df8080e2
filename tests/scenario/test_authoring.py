"""The author's path: a file to begin from, and a scenario told back in words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.report.scenario import bars, money_rows, programme_told, released, told
from sim.scenario import load
from sim.scenario.authoring import template
from tests.cli.command import call

NAMES = ("long_term", "piecemeal", "no_policy", "long_competitive_gated")


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_new_file_is_valid_and_changes_nothing(name: str, tmp_path: Path) -> None:
    base = load(name)
    mine = load(written(tmp_path, template("mine", base))).scenario
    same = {"title": base.scenario.title, "description": base.scenario.description}
    assert mine.title == "Mine"
    assert mine.model_copy(update=same) == base.scenario


@pytest.mark.parametrize("name", NAMES)
def test_with_every_comment_taken_away_it_still_says_the_same(name: str, tmp_path: Path) -> None:
    """A lever's line is a key and a value behind ``# ``; its meaning has a second ``#``."""
    base = load(name)
    lines = template("mine", base).splitlines()
    is_lever = [re.match(r"# ( *)[a-z_]+:", line) is not None for line in lines]
    bare = [line[2:] if lever else line for line, lever in zip(lines, is_lever, strict=True)]
    if not base.scenario.programmes:
        bare = [line for line in bare if line != "programmes:"]
    mine = load(written(tmp_path, "\n".join(bare))).scenario
    same = {"title": base.scenario.title, "description": base.scenario.description}
    assert mine.model_copy(update=same) == base.scenario


def test_one_lever_is_changed_by_taking_away_its_comment(tmp_path: Path) -> None:
    text = template("mine", load("long_term")).replace("# budget: 300.0", "budget: 240")
    assert load(written(tmp_path, text)).scenario.budget == 240.0


def test_a_scenario_is_told_in_words() -> None:
    text = " ".join(told(load("long_term").scenario))
    assert "£300m a year for 25 years from 2026, £7,500m in all" in text
    assert "institutions: 35 % (£105m a year) for core grants, universities and catapults" in text
    assert "An award lasts 10 years; one can ask once a year" in text
    assert "A promise is broken at 3 % a year." in text
    assert "under mixed" in text
    assert "No public money for 25 years." in " ".join(told(load("no_policy").scenario))


def test_every_lever_that_is_not_as_usual_is_told() -> None:
    programme = load("piecemeal").scenario.programmes["projects"]
    unusual = programme.model_copy(
        update={
            "pots": 4,
            "carry_over": False,
            "stage_gate": 2.0,
            "themes": 0.25,
            "consortium_size": 3,
            "match": 0.5,
            "renewal_probability": 0.0,
            "notice": 0.0,
            "decision_lead": 0.0,
        }
    )
    text = programme_told(unusual, 300.0)
    for part in (
        "4 funders", "goes back", "every 2 years", "25 % of calls", "3 organisations",
        "£0.5 of their", "never renewed", "on the day it ends", "money comes at once",
    ):  # fmt: skip
        assert part in text, part


def test_the_money_of_every_year_adds_up_to_the_budget() -> None:
    scenario = load("piecemeal").scenario
    found = released(scenario, seed=3)
    assert sum(float(yearly.sum()) for yearly in found.values()) == pytest.approx(7_500.0)
    assert [row[0] for row in money_rows(scenario)] == list(found)
    assert all(len(row[1]) == scenario.horizon for row in money_rows(scenario))
    assert money_rows(load("no_policy").scenario) == []


def test_bars_go_from_nothing_to_the_top() -> None:
    assert bars(np.array([0.0, 1.0, 4.0, 8.0]), 8.0) == " ▁▄█"
    assert bars(np.zeros(3), 0.0) == ""


def test_the_path_of_an_author(tmp_path: Path) -> None:
    made = call("new", "my_policy", "--from", "piecemeal", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "clustersim check my_policy.yaml" in made.stdout
    seen = call("check", "my_policy.yaml", cwd=tmp_path)
    assert seen.returncode == 0 and "my_policy: sound. My policy" in seen.stdout
    assert "£300m a year for 25 years" in seen.stdout and "█" in seen.stdout
    again = call("new", "my_policy", cwd=tmp_path)
    assert again.returncode == 2 and "--force" in again.stderr
    assert call("new", "../x", cwd=tmp_path).returncode == 2
    assert call("new", "mine", "--from", "nothing", cwd=tmp_path).returncode == 2
