"""The scorecard: how facts are judged, measured and written."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.experiments import facts, facts_of_firms
from sim.experiments.diary import Diary, Firms
from sim.experiments.folder import Folder
from sim.experiments.scorecard import FACTS, Scorecard, run_scorecard, scorecard_task, scores
from sim.experiments.store import Store
from sim.report import scorecard as report
from tests.cli.command import call


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def card(shelf: Path) -> Scorecard:
    return run_scorecard(runs=2, seed=3, workers=1, firms=150, store=Store(shelf, spare=0))


def firms(age: list[int], weight: list[float], jobs: list[float] | None = None) -> Firms:
    n = len(age)
    code = np.zeros(n, np.int64)
    size = np.array(jobs if jobs is not None else [1.0] * n)
    return Firms(np.arange(n), code, code, np.array(age), np.array(weight), size, size)


def test_facts_are_named_sourced_and_ordered_and_a_third_is_held_out() -> None:
    assert len({fact.key for fact in FACTS}) == len(FACTS)
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    for fact in FACTS:
        assert fact.source and fact.low <= fact.high
    held_out = [fact for fact in FACTS if fact.standing == "held out"]
    assert 3 * len(held_out) >= len(FACTS)


def test_the_median_of_runs_is_judged_and_no_value_is_a_failure() -> None:
    fact = dataclasses.replace(FACTS[0], low=1.0, high=2.0)
    values = np.array([[2.0, 0.5, np.nan], [2.0, 0.9, np.nan], [9.0, 1.5, np.inf]])
    at_edge, below, none = scores(values, [fact, fact, fact])
    assert at_edge.is_passed and at_edge.median == 2.0
    assert not below.is_passed and below.runs == 3
    assert not none.is_passed and none.runs == 0 and math.isnan(none.median)


def test_survival_counts_who_lives_to_the_first_day_of_the_year_as_ons_does() -> None:
    """Of ten births in year 1, eight live at its end: 80 % have survived one year."""
    diary = Diary()
    diary.firms = [firms([], []), firms([2, 9], [8.0, 5.0]), firms([6, 13], [6.0, 5.0])]
    diary.firms += [firms([10], [4.0]), firms([14], [3.0]), firms([18], [2.0])]
    births = np.array([0.0, 10.0, 0.0, 0.0, 0.0, 0.0])
    history = SimpleNamespace(series=lambda *_: births, year=5)
    lived: Any = SimpleNamespace(mixed=history, diary=diary, years=5)
    found = [facts.survival(lived, year) for year in (1, 2, 3, 4, 5)]
    assert found == [0.8, 0.6, 0.4, 0.3, 0.2]
    assert facts.peak_hazard(lived) == 3.0  # 20, 25, 33, 25, 33 %: the first of two peaks


def ties(*rows: tuple[int, int, int, int]) -> Any:
    """A world with ties of (source, target, formed, spells) between firms 0–19 and a university.

    Rows 20 and 21 are two fields of one university.
    """
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    none = np.zeros(22)
    organisations = SimpleNamespace(
        innovations=none,
        innovation_value=none,
        weight=none,
        kind=np.zeros(22, np.int64),
        uid=np.arange(22),
        institution=np.array([-1] * 20 + [5, 5]),
    )
    named = dict(zip(("source_row", "target_row", "formed", "spells"), columns, strict=True))

    class Table(SimpleNamespace):
        def __len__(self) -> int:
            return len(rows)

    return SimpleNamespace(organisations=organisations, ties=Table(**named), quarter=1)


def test_partners_meet_again_by_new_work_or_by_a_new_tie() -> None:
    diary = Diary()
    diary.observe(ties((1, 2, 0, 1), (3, 4, 0, 1), (5, 6, 0, 1), (7, 8, 0, 1)))
    assert diary.never_repeated() == 1.0
    diary.observe(ties((1, 2, 0, 2), (3, 4, 1, 1), (5, 8, 1, 1)))
    # 1–2 worked again and 3–4 parted and met anew; of 5, 6, 7 and 8 nobody met a partner again.
    assert diary.never_repeated() == 0.5


def test_another_field_of_a_university_is_the_same_partner() -> None:
    diary = Diary()
    diary.observe(ties((1, 20, 0, 1), (2, 3, 0, 1)))
    diary.observe(ties((1, 21, 1, 1), (2, 4, 1, 1)))
    # 1 and the university met again; 2, 3 and 4 met nobody again.
    assert diary.never_repeated() == pytest.approx(3 / 5)


def test_the_life_of_a_tie_is_the_stock_over_the_inflow() -> None:
    diary = Diary()
    for _ in range(3):  # eight ties, one of them formed in the quarter before
        diary.observe(ties((1, 2, 0, 1), *[(1, k, -5, 1) for k in range(3, 10)]))
    assert diary.tie_life() == 2.0


def test_growth_is_of_those_who_live_at_both_ends_and_reallocation_of_all() -> None:
    diary = Diary()
    before = firms([9, 9, 9], [1.0, 1.0, 1.0], [10.0, 10.0, 5.0])
    after = firms([13, 13], [1.0, 1.0], [20.0, 10.0])
    diary.firms = [before, after]
    growth = diary.growth(least_jobs=10.0)
    assert growth.rate.tolist() == pytest.approx([math.log(2.0), 0.0])
    # 10 jobs created and 5 destroyed, over the mean of 25 and 30.
    assert diary.reallocation() == pytest.approx(15.0 / 27.5)


def test_the_twin_differs_in_travel_alone() -> None:
    mixed, no_policy, faster = scorecard_task(firms=150).scenarios
    assert no_policy.budget == 0.0
    assert faster.model_copy(update={"shocks": mixed.shocks}) == mixed
    assert [one.kind for one in faster.shocks] == ["transport"]


def test_the_number_of_workers_changes_nothing(card: Scorecard) -> None:
    beside = run_scorecard(runs=2, seed=3, workers=2, firms=150)
    for one, other in zip(card.scores, beside.scores, strict=True):
        assert (one.median, one.low, one.high) == pytest.approx(
            (other.median, other.low, other.high), nan_ok=True, rel=1e-12
        )


def test_runs_of_the_store_are_not_lived_again(card: Scorecard, shelf: Path) -> None:
    store = Store(shelf, spare=0)
    again = run_scorecard(runs=2, seed=3, workers=1, firms=150, store=store)
    assert store.n_found == store.n_asked == 2
    assert str(again.scores) == str(card.scores)


def test_every_fact_has_a_value(card: Scorecard) -> None:
    assert [s.fact.key for s in card.scores if math.isnan(s.median)] == []
    assert card.passed()[0] + len(card.failures) == len(FACTS)


@pytest.mark.parametrize(("name", "value"), [("runs", 0), ("workers", 0), ("seed", -1)])
def test_senseless_numbers_are_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        run_scorecard(**{"runs": 1, name: value})  # type: ignore[arg-type]


def test_the_folder_has_table_page_and_figure(card: Scorecard, tmp_path: Path) -> None:
    with Folder(tmp_path / "out") as place:
        report.write(place, card)
    table = pd.read_csv(tmp_path / "out" / "scorecard.csv")
    assert table.fact.tolist() == [fact.key for fact in FACTS]
    assert set(table.verdict) <= {"pass", "fail"}
    page = (tmp_path / "out" / "scorecard.md").read_text(encoding="utf-8")
    for score in card.scores:
        assert f"| {score.fact.name} |" in page
    assert "No fact is an effect of a funding" in page
    for kind in ("png", "svg"):
        assert (tmp_path / "out" / f"scorecard.{kind}").stat().st_size > 10_000


def test_a_figure_can_be_drawn_of_facts_without_value(card: Scorecard) -> None:
    empty = scores(np.full((1, len(FACTS)), np.nan))
    drawn = report.figure(dataclasses.replace(card, scores=empty))
    assert drawn.get_suptitle().startswith("The model meets 0 of")
    assert report.rows(dataclasses.replace(card, scores=empty))[0][5] == "–"


def test_an_interrupted_scorecard_says_so(card: Scorecard) -> None:
    assert report.sentences(dataclasses.replace(card, planned=9))[0].startswith("INTERRUPTED: 2")
    assert not report.sentences(card)[0].startswith("INTERRUPTED")


def test_the_command_prints_the_scorecard(tmp_path: Path) -> None:
    words = ["-n", "1", "--firms", "150", "-w", "1", "-o", "out"]
    done = call("validate", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "facts pass" in done.stdout and "No fact is an effect of a funding" in done.stdout
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_memory_of_growth_and_of_productivity() -> None:
    """Jobs double and halve in turn, so that growth turns its sign; value added stays."""
    diary = Diary()
    gva = np.array([30.0, 60.0])
    for jobs in ([20.0, 80.0], [40.0, 40.0], [20.0, 80.0]):
        diary.firms.append(dataclasses.replace(firms([9, 9], [1.0, 1.0], jobs), gva=gva))
    lived: Any = SimpleNamespace(diary=diary)
    assert facts_of_firms.growth_autocorrelation(lived) == pytest.approx(-1.0)
    # ln(1.5), ln(0.75) → ln(0.75), ln(1.5) and back: the ranks swap each year.
    assert facts_of_firms.productivity_persistence(lived) == pytest.approx(-1.0)


def history_of(firm_years: list[Firms]) -> Any:
    """A future of which nothing is known but its firms."""
    diary = Diary()
    diary.firms = firm_years
    return SimpleNamespace(diary=diary)


def test_what_is_left_of_new_jobs_a_year_later() -> None:
    """Three firms add ten jobs each: one keeps all, one keeps half, one ends: half is left."""
    three, two = [9, 9, 9], [9, 9]
    years = [firms(three, [1.0] * 3, [10.0] * 3), firms(three, [1.0] * 3, [20.0] * 3)]
    years.append(firms(two, [1.0] * 2, [25.0, 15.0]))
    assert facts_of_firms.lasting(history_of(years)) == pytest.approx(0.5)


def test_the_part_of_the_fast_growers() -> None:
    """From 10 jobs: one firm doubles in three years, ten gain one job each: half the new jobs."""
    n = 11
    start, end = [10.0] * n, [20.0] + [11.0] * 10
    years = [firms([9] * n, [1.0] * n, jobs) for jobs in (start, start, start, end)]
    assert facts_of_firms.fast_growers_part(history_of(years)) == pytest.approx(0.5)


def test_the_young_are_set_beside_the_old_of_their_size() -> None:
    years = [
        firms([4, 40, 4, 40], [1.0] * 4, [4.0, 4.0, 64.0, 64.0]),
        firms([8, 44, 8, 44], [1.0] * 4, [8.0, 4.0, 128.0, 64.0]),
    ]
    assert facts_of_firms.growth_of_young(history_of(years)) == pytest.approx(math.log(2.0))
    assert facts_of_firms.entrant_size(history_of([years[0], years[0]])) == pytest.approx(1.0)


def test_firms_that_end_are_set_beside_those_that_stay() -> None:
    before = dataclasses.replace(
        firms([9] * 3, [1.0] * 3, [10.0] * 3), gva=np.array([10.0, 10.0, 5.0])
    )
    after = firms([13, 13], [1.0, 1.0], [10.0, 10.0])
    found = facts_of_firms.productivity_of_exits(history_of([before, after]))
    assert found == pytest.approx(math.log(0.5))
