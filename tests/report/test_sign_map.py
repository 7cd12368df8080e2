"""Maps in words: ranges, signs, and programmes that lie on them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.future import IsStopped, Task
from sim.experiments.grid import grid_of
from sim.experiments.landmarks import Landmark, landmarks
from sim.experiments.mapping import Place, SignMap, run_map
from sim.experiments.scenarios import load_all
from sim.report import sign_map as report
from sim.report import sign_map_words as words
from sim.report.sign_map_figure import figure
from sim.scenario.axes import read_axes


def worth(task: Task, seed: int, is_stopped: IsStopped, place: Place) -> tuple[float, ...]:
    """Long notice helps, long awards harm; no luck but the same for all."""
    found = []
    for one in task.scenarios:
        projects = one.programmes["projects"]
        found.append(seed % 10 + projects.notice - 4.0 * projects.award_length)
    return tuple(found)


@pytest.fixture(scope="module")
def found() -> SignMap:
    pair = load_all(["long_term", "piecemeal"])
    grid = grid_of(pair, *read_axes("award_length=3..9:3", "second:notice=0..24:3", pair), 3)
    return run_map(grid, Place("gva", "north", 3), runs=2, workers=1, levels=worth)


def test_the_answer_says_where_each_is_ahead(found: SignMap) -> None:
    # Both have the same length, so that the difference is 24 − notice of the second: +24, +12, 0.
    assert found.estimates[0][:, 0].tolist() == [24.0, 12.0, 0.0]
    ahead, behind, unsure = words.answers(found)
    assert ahead == (
        "Long-term is ahead of Piecemeal at 6 of 9 points: award_length 3 to 9 and second:notice "
        "0 to 12."
    )
    assert behind == "Nowhere on the map is it sure that Long-term is behind Piecemeal."
    assert unsure.endswith("award_length 3 to 9 and second:notice 24.")


def test_the_page_has_the_signs_and_the_number_of_runs(found: SignMap) -> None:
    page = report.markdown(found, landmarks(found.grid))
    assert "| 24 | · | · | · |" in page and "| 0 | + | + | + |" in page
    assert "In no row." in page
    assert "18 paired runs of 3 years from seed 1" in page
    assert report.frame(found).verdict.tolist() == ["ahead"] * 6 + ["cannot be told"] * 3


def test_a_landmark_has_the_sign_of_the_nearest_point(found: SignMap) -> None:
    assert report.nearest_sign(found, Landmark("near", 4.0, 10.0)) == 1
    assert report.nearest_sign(found, Landmark("far", 1.0, 10.0)) is None


def test_the_figure_hatches_what_cannot_be_told_and_names_programmes(found: SignMap) -> None:
    marks = [Landmark("a: b", 3.0, 12.0), Landmark("a: c", 3.0, 12.0), Landmark("off", 99.0, 0.0)]
    drawn = figure(found, marks, title="T", x_label="x", y_label="y", scale="£m")
    axes = drawn.axes[0]
    assert sum(patch.get_hatch() is not None for patch in axes.patches) == 3
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("2") == 9
    assert "a" in texts and "off" not in texts
    assert np.isfinite(axes.get_xlim()).all()
