"""A child states what differs; a mistake in a parent is the parent's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load


def test_groups_merge_and_the_rest_is_replaced(desk: Path) -> None:
    (desk / "mine.yaml").write_text(
        "extends: long_term\n"
        "title: Mine\n"
        "programmes:\n"
        "  places: null\n"
        "  projects: {share: 0.55, eligible: [firms]}\n"
        "collaboration: {reach: 90}\n"
    )
    mine, parent = load("mine").scenario, load("long_term").scenario
    assert list(mine.programmes) == ["institutions", "projects"]
    changed = parent.programmes["projects"].model_copy(
        update={"share": 0.55, "eligible": mine.programmes["projects"].eligible}
    )
    assert mine.programmes["projects"] == changed
    assert [one.value for one in changed.eligible] == ["firms"]
    assert mine.collaboration == parent.collaboration.model_copy(update={"reach": 90.0})


def test_the_text_of_every_file_that_matters_is_kept(desk: Path) -> None:
    text = "# why\nextends: piecemeal  # and why\ntitle: Mine\n"
    (desk / "mine.yaml").write_text(text)
    loaded = load("mine")
    assert loaded.text["scenarios/mine.yaml"] == text
    assert [Path(file).stem for file in loaded.text] == ["mine", "piecemeal", "base", "mixed"]
    assert loaded.burn_in == load("mixed").scenario
    assert loaded.burn_in_programmes == loaded.burn_in.programmes


def test_a_mistake_in_a_parent_is_reported_there(
    complaints: Callable[..., list[str]], desk: Path
) -> None:
    (desk / "old.yaml").write_text("extends: long_term\nhorizon: 99\nbudgt: 4\n")
    lines = complaints("extends: old\ntitle: Mine\nreech: 4\n")
    assert [line.split(": ")[0] for line in lines] == [
        "scenarios/mine.yaml:3:1",
        "scenarios/old.yaml:2:10",
        "scenarios/old.yaml:3:1",
    ]


def test_a_broken_parent_does_not_hide_the_child(
    complaints: Callable[..., list[str]], desk: Path
) -> None:
    (desk / "old.yaml").write_text("title: [\n")
    lines = complaints("extends: old\nreech: 4\nprogrammes: {places: {share: 0.3}}\n")
    assert len(lines) == 2
    assert lines[0].startswith("scenarios/mine.yaml:2:1: reech: unknown key")
    assert lines[1].startswith("scenarios/old.yaml:2:1: broken YAML")


def test_a_mistake_in_the_burn_in_is_reported_there(
    complaints: Callable[..., list[str]], desk: Path
) -> None:
    (desk / "past.yaml").write_text("extends: mixed\nbudgt: 4\n")
    assert complaints("extends: long_term\nburn_in: {regime: past}\n") == [
        "scenarios/past.yaml:2:1: budgt: unknown key; did you mean 'budget'?"
    ]


def test_several_parents_go_over_one_another_and_keep_their_programmes(desk: Path) -> None:
    (desk / "mine.yaml").write_text("extends: [erdf, catapult_core]\ntitle: Mine\n")
    mine, erdf, core = (load(name).scenario for name in ("mine", "erdf", "catapult_core"))
    assert mine.programmes == erdf.programmes | core.programmes
    assert (mine.title, mine.description) == ("Mine", core.description)


def test_a_mistake_in_one_of_several_parents_is_found(
    complaints: Callable[..., list[str]],
) -> None:
    (line,) = complaints("extends: [erdf, catapult_cor]\ntitle: Mine\n")
    assert line.startswith("scenarios/mine.yaml:1:17: extends: there is no scenario 'catapult_cor'")
    assert line.endswith("did you mean 'catapult_core'?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: []\n", "what it extends is not a name"),
        ("extends: long_trem\n", "there is no scenario 'long_trem'; looked in scenarios and "),
        ("extends: ../x/y.yaml\n", "there is no file y.yaml; looked in scenarios/../x (there is"),
        ("extends: {a: b}\n", "what it extends is not a name; expected the name or path of one"),
        ("extends: ''\n", "what it extends is not a name"),
        ("extends: mine\n", "there is no 'mine' but this file itself; looked in scenarios and"),
        ("extends: ../scenarios\n", "../scenarios is a folder; expected the file of a scenario"),
    ],
)
def test_no_such_parent(complaints: Callable[..., list[str]], text: str, said: str) -> None:
    (line,) = complaints(text)
    assert line.startswith(f"scenarios/mine.yaml:1:10: extends: {said}")


def test_the_nearest_name_is_offered(complaints: Callable[..., list[str]]) -> None:
    (line,) = complaints("extends: long_trem\n")
    assert line.endswith("did you mean 'long_term'?")


def test_a_circle_is_named(complaints: Callable[..., list[str]], desk: Path) -> None:
    (desk / "a.yaml").write_text("extends: b\n")
    (desk / "b.yaml").write_text("extends: mine\n")
    (line,) = complaints("extends: a\n")
    assert line == (
        "scenarios/b.yaml:1:10: extends: scenarios extend one another in a circle: "
        "mine → a → b → mine; take one of them out"
    )


def test_a_file_may_extend_the_shipped_one_of_its_own_name(desk: Path) -> None:
    (desk / "long_term.yaml").write_text("extends: long_term\nhorizon: 40\n")
    loaded = load("long_term")
    assert loaded.scenario.horizon == 40
    assert len(loaded.scenario.programmes) == 3


def test_by_relative_path(desk: Path) -> None:
    (desk / "deep").mkdir()
    (desk / "deep" / "child.yaml").write_text("extends: ../parent.yaml\nhorizon: 30\n")
    (desk / "parent.yaml").write_text("extends: piecemeal\ntitle: Parent\n")
    assert load("child").scenario.title == "Parent"


def test_null_must_drop_something(complaints: Callable[..., list[str]]) -> None:
    (line,) = complaints("extends: long_term\nprogrammes: {projets: null}\n")
    assert line == (
        "scenarios/mine.yaml:2:14: programmes.projets: null drops a programme of the parent, "
        "which has none of this name; did you mean 'projects'?"
    )


def test_nothing_is_ever_written(desk: Path) -> None:
    path = desk / "mine.yaml"
    path.write_text("# a comment\nextends: long_term # another\n")
    before = path.stat().st_mtime_ns, path.read_bytes()
    load("mine", {"horizon": "30"})
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_an_unreadable_file(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "mine.yaml").write_text("title: x\n")

    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ScenarioError, match=r"scenarios/mine\.yaml: cannot be read: Permission"):
        load("mine")
