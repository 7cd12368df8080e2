"""A folder of one's own with a scenarios/ in it, and a way to see what is said about a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, load

Complaints = Callable[..., list[str]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's scenarios/ folder, inside the current folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    return folder


def written(desk: Path, kind: str, text: str) -> Path:
    """A mine.yaml of one's own in the folder of its kind, such as sweeps."""
    path = desk / kind / "mine.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def said_of_mine(loader: Callable[..., object], *arguments: object) -> list[str]:
    """What loading mine.yaml says, one line a problem."""
    with pytest.raises(ScenarioError) as caught:
        loader("mine", *arguments)
    return str(caught.value).splitlines()


@pytest.fixture
def complaints(desk: Path) -> Complaints:
    """Write scenarios/mine.yaml and return what loading it says, one line a problem."""

    def say(text: str | bytes, overrides: Mapping[str, str] | None = None) -> list[str]:
        data = text.encode() if isinstance(text, str) else text
        (desk / "mine.yaml").write_bytes(data)
        return said_of_mine(load, overrides)

    return say


@pytest.fixture
def told() -> Callable[[Scenario], str]:
    """What ``check`` says of a scenario, on one line."""
    from sim.report.scenario import told as sentences

    return lambda scenario: " ".join(sentences(scenario))
