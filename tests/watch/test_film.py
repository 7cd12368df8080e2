"""Films of a short run: a strip and a GIF are written, and MP4 asks for what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from sim.experiments.saved import ResultError
from sim.scenario import load
from sim.watch.film import write_film
from sim.watch.futures import record


@pytest.fixture(scope="module")
def messages() -> list[bytes]:
    loaded = load("long_term", {"population.firms": "300", "burn_in.years": "1"})
    return [record(loaded.scenario, loaded.burn_in, 1, 2)]


def test_a_strip_and_a_film(messages: list[bytes], tmp_path: Path) -> None:
    told: list[int] = []
    write_film(tmp_path / "a.png", messages, lambda done, total, note: told.append(done))
    with Image.open(tmp_path / "a.png") as strip:
        assert strip.format == "PNG"
        assert strip.width > strip.height
    write_film(tmp_path / "a.gif", messages, lambda done, total, note: None)
    with Image.open(tmp_path / "a.gif") as film:
        assert getattr(film, "n_frames", 1) >= 3  # a frame that stands still is stored once
    assert told[0] == 0
    assert told[-1] > 0


def test_mp4_says_what_is_missing(
    messages: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # a machine without ffmpeg
    with pytest.raises(ResultError, match="ffmpeg"):
        write_film(tmp_path / "a.mp4", messages, lambda done, total, note: None)
