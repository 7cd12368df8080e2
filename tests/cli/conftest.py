"""For commands of which something else is tested than their figures."""

from __future__ import annotations

import pytest


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No figure is drawn into a folder of results: they take longer than small runs."""
    monkeypatch.setattr("sim.report.folder.all_figures", lambda study: [])
