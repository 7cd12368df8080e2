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


@pytest.fixture
def complaints(desk: Path) -> Complaints:
    """Write scenarios/mine.yaml and return what loading it says, one line a problem."""

    def say(text: str | bytes, overrides: Mapping[str, str] | None = None) -> list[str]:
        data = text.encode() if isinstance(text, str) else text
        (desk / "mine.yaml").write_bytes(data)
        with pytest.raises(ScenarioError) as caught:
            load("mine", overrides)
        return str(caught.value).splitlines()

    return say


@pytest.fixture
def told() -> Callable[[Scenario], str]:
    """What ``check`` says of a scenario, on one line."""
    from sim.report.scenario import told as sentences

    return lambda scenario: " ".join(sentences(scenario))
