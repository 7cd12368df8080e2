"""Where a name leads, and what is said when it leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, available, find


def refusal(name: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        find(name)
    return str(caught.value)


def test_a_bare_name_is_found_in_ones_own_folder_first(desk: Path) -> None:
    assert find("piecemeal").parent.name == "regimes"
    (desk / "deep").mkdir()
    own = desk / "deep" / "piecemeal.yml"
    own.write_text("extends: piecemeal\n")
    assert find("piecemeal") == own


def test_a_path_is_taken_as_given(desk: Path) -> None:
    path = desk / "mine.yaml"
    path.write_text("title: x\n")
    assert find("scenarios/mine.yaml") == Path("scenarios/mine.yaml")
    assert find(path) == path


def test_a_folder_of_the_same_name_does_not_hide_a_scenario(desk: Path) -> None:
    (desk.parent / "mixed").mkdir()
    assert find("mixed").name == "mixed.yaml"


def test_nothing_found(desk: Path) -> None:
    (desk / "mine.yaml").write_text("title: x\n")
    text = refusal("long-term")
    assert text.startswith("long-term: there is no scenario 'long-term'; looked in scenarios and ")
    assert text.endswith("did you mean 'long_term'?")
    assert "there are base, catapult_core, " in refusal("zzzz")
    assert refusal("scenarios/min.yaml") == (
        "scenarios/min.yaml: there is no file min.yaml; looked in scenarios; "
        "did you mean 'mine.yaml'?"
    )
    assert "looked in nowhere (there is no such folder)" in refusal("nowhere/x.yaml")
    assert refusal("scenarios") == (
        "scenarios: this is a folder; expected the file of a scenario; it holds mine.yaml"
    )


@pytest.mark.parametrize("name", ["", "  ", "a" * 300, "a\0b", "~nobody-at-all/x.yaml", "\\", "/"])
def test_odd_names_are_refused_in_words(desk: Path, name: str) -> None:
    assert refusal(name)


def test_two_of_one_name(desk: Path) -> None:
    for folder in ("a", "b"):
        (desk / folder).mkdir()
        (desk / folder / "twin.yaml").write_text("title: x\n")
    assert refusal("twin") == (
        "twin: 'twin' could mean scenarios/a/twin.yaml, scenarios/b/twin.yaml; "
        "expected one of these paths"
    )


def test_the_list_survives_a_broken_file(desk: Path) -> None:
    (desk / "broken.yaml").write_text("title: [\n")
    (desk / "mine.yaml").write_text("title: Mine\ndescription: |\n  What it is.\n")
    listed = {one.name: one for one in available()}
    assert listed["mine"].title == "Mine"
    assert listed["mine"].description == "What it is."
    assert listed["broken"].description.startswith("cannot be read: scenarios/broken.yaml:2:1")
    assert listed["piecemeal"].title == "Piecemeal"
    assert list(listed) == sorted(listed)
