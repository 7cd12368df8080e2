"""Figures and words of a small real comparison: they are made, and they say what they must."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiments.comparison import Comparison, Study
from sim.report import figures
from sim.report.figures import OF_PAIRS, OF_RUNS, all_figures
from sim.report.places import worlds
from sim.report.style import save
from sim.report.summary import DISCLAIMER, markdown


@pytest.fixture(scope="module")
def found() -> Comparison:
    return sim.compare(["long_term", "piecemeal"], runs=3, years=2, firms=150, workers=1)


@pytest.fixture(scope="module")
def alone() -> Study:
    return sim.simulate("long_term", runs=1, years=1, firms=150, workers=1)


def test_every_figure_has_a_sentence_for_a_title_and_units(found: Comparison) -> None:
    names = []
    for name, figure in all_figures(found):
        names.append(name)
        title = figure.get_suptitle().replace("\n", " ")
        assert len(title.split()) > 6, name
        assert figure.axes
        if name in ("differences", "levels", "concentration", "continuity"):
            assert all("\n" in axes.get_title(loc="left") for axes in figure.axes), name
    assert names == [*OF_PAIRS, *OF_RUNS]


def test_figures_of_an_unsure_result_claim_nothing(found: Comparison) -> None:
    row = found.headline()
    title = OF_PAIRS["differences"](found).get_suptitle()
    assert ("cannot be told apart" in title.replace("\n", " ")) == (row.low <= 0 <= row.high)


@pytest.mark.parametrize(
    ("low", "q", "words", "is_luck"),
    [(0.1, 0.5, "more unequal", True), (0.1, 0.05, "more unequal", False),
     (-0.1, 0.5, "ends up alike", False)],
)  # fmt: skip
def test_a_title_says_where_a_difference_may_be_luck(
    found: Comparison, monkeypatch: pytest.MonkeyPatch,
    low: float, q: float, words: str, is_luck: bool,
) -> None:  # fmt: skip
    row = pd.Series({"estimate": 0.2, "low": low, "high": 0.3, "q": q})
    monkeypatch.setattr(figures, "_row", lambda *_: row)
    title = figures.concentration(found).get_suptitle().replace("\n", " ")
    assert words in title and ("may be luck" in title) == is_luck


def test_files_are_the_same_each_time(found: Comparison, tmp_path: Path) -> None:
    for kind in ("svg", "png"):
        for name in ("a", "b"):
            save(OF_PAIRS["gains"](found), tmp_path / f"{name}.{kind}")
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("a", "b"))
        assert first == second and len(first) > 5000


def test_the_drawn_network_is_that_of_the_runs(found: Comparison) -> None:
    before, after = worlds(found)
    ensemble = found.ensemble
    ties = ensemble.series("ties", "uk")
    assert len(before.ties) == ties[0, 0, 0]
    assert [len(world.ties) for world in after] == ties[:, 0, -1].tolist()


def test_the_summary_leads_with_the_answer_and_warns(found: Comparison) -> None:
    text = markdown(found, ["differences"])
    assert text.index("## The answer") < text.index("## The money")
    assert DISCLAIMER in text
    assert "Long-term minus Piecemeal" in text
    for word in ("Budget", "present value", "Delivered", "90 % interval", "secondary"):
        assert word in text, word
    assert "figures/differences.png" in text


def test_warnings_come_first() -> None:
    found = sim.compare(["long_term", "no_policy"], runs=2, years=1, firms=150, workers=1)
    text = markdown(found)
    assert "NOT THE SAME MONEY" in text.split("## The answer")[0]
    for name in ("differences", "gains"):
        assert OF_PAIRS[name](found).get_supxlabel().startswith("NOT THE SAME MONEY")


def test_a_study_of_one_scenario_has_words_and_figures_too(alone: Study, tmp_path: Path) -> None:
    folder = sim.save(alone, tmp_path / "out")
    assert (folder / "figures" / "levels.svg").is_file()
    assert not (folder / "paired.csv").exists()
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert "year 1" in text and DISCLAIMER in text


def test_a_saved_comparison_is_whole(found: Comparison, tmp_path: Path) -> None:
    folder = sim.save(found, tmp_path / "out")
    drawn = sorted(path.name for path in (folder / "figures").iterdir())
    assert drawn == sorted(
        f"{name}.{kind}" for name in [*OF_PAIRS, *OF_RUNS] for kind in ("png", "svg")
    )
    assert (folder / "paired.csv").is_file() and (folder / "outcomes.parquet").is_file()


def test_many_futures_are_told_apart_in_every_figure() -> None:
    """Ten futures: no bands, one legend beside the panels, and a title that names the extremes."""
    dial = [f"long_term~piecemeal@{k / 10:g}" for k in range(1, 9)]
    study = sim.compare(["long_term", "piecemeal", *dial], runs=1, years=1, firms=120, workers=1)
    drawn = dict(all_figures(study))
    legend = drawn["levels"].legends[0]
    looks = {(line.get_color(), line.get_linestyle()) for line in legend.get_lines()}
    assert len(looks) == 10
    assert " to " in drawn["money"].get_suptitle()
    for figure in drawn.values():
        figure.canvas.draw()  # a layout that does not fit warns, and a warning is an error
    assert len(drawn["network"].axes) == 4
