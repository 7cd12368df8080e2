"""An explanation in words claims no more than its intervals allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.experiments.attribution import Attribution
from sim.experiments.attribution_plan import plan
from sim.experiments.fitted import variants_of
from sim.experiments.scenarios import load_all
from sim.metrics.history import METRICS
from sim.report.attribution import markdown, parts_frame, rows, runs_frame
from sim.report.attribution_words import cost, method, sentences

GVA = next(one for one in METRICS if one.name == "gva")
GROUPS = {
    "money": ["volatility", "pots", "carry_over"],
    "dates": ["award_length", "calls_per_year"],
    "word": ["notice", "renewal_probability", "cancellation_rate"],
}


def explained(worth_of: np.ndarray, is_channels: bool = False, n_sets: int = 0) -> Attribution:
    """Runs whose combinations have the worth (runs, 8) that is given, with so many sets in turn."""
    loaded = load_all(["long_term", "piecemeal"], firms=150)
    groups = (
        {"x": ["cost of bids", "overhead", "choice of projects", "gaps and lost staff"],
         "y": ["length of projects", "belief in promises", "private match"]}
        if is_channels
        else GROUPS
    )  # fmt: skip
    n = len(worth_of)
    planned = plan(
        (loaded[0], loaded[1]), GVA, is_channels=is_channels, groups=groups, year=1, runs=n
    )
    if n_sets:
        variants = variants_of(loaded[0].scenario.assumptions)[:n_sets]
        planned = replace(planned, task=replace(planned.task, variants=variants))
    worths = [tuple(row) for row in worth_of.tolist()]
    return Attribution(planned, list(range(n)), worths)


def game(money: float, dates: float, both: float) -> np.ndarray:
    """What each adds, what two add together, and a word that is nothing but luck; (runs, 8)."""
    masks = np.arange(8)
    has = [masks >> player & 1 for player in range(3)]
    sure = money * has[0] + dates * has[1] + both * has[0] * has[1]
    luck = np.array([1.0, -1.0, 2.0, -2.0, 0.5, -0.5])[:, None]
    return 100.0 + sure + luck * has[2] + 0.01 * luck * (has[0] + has[1])


def test_what_is_sure_is_named_with_its_side_and_what_is_not_is_said() -> None:
    told = " ".join(sentences(explained(game(10.0, -4.0, 0.0))))
    assert "After 1 years, Long-term gives the North's clusters £6.00m a year more" in told
    assert "Long-term has more through money (+£10.0m a year)." in told
    assert "Long-term has less through dates (−£4.00m a year)." in told
    assert "The part of word cannot be told from zero." in told
    assert "No two levers can be told to work together." in told


def test_a_whole_that_hangs_on_rare_runs_is_said_to_beside_the_median() -> None:
    worth = np.zeros((20, 8))
    worth[:, 7] = [*range(19), 900.0]
    told = " ".join(sentences(explained(worth)))
    assert "1 of the 20 runs hold 9" in told and "of the whole difference" in told
    # The 6th and the 15th of twenty hold the median with nine in ten: see ``statistics.median``.
    assert "In the median run it is +£9.50m a year (90 % interval +£5.00m a year to +£14.0m" in told
    worth[:, 7] = range(20)
    assert "rare" not in " ".join(sentences(explained(worth)))


def test_two_that_work_together_are_named() -> None:
    found = explained(game(0.0, 0.0, 8.0))
    assert "Money and dates work together: +£8.00m a year" in " ".join(sentences(found))
    money = rows(found)[0]
    assert (money[1].split()[0], money[2].split()[0], money[3].split()[0]) == (
        "+4.00", "0", "+8.00"
    )  # fmt: skip


def test_where_nothing_can_be_told_that_is_what_is_said() -> None:
    told = sentences(explained(game(0.0, 0.0, 0.0)))
    assert "cannot be told apart" in told[0]
    assert told[1] == "No lever's part can be told from zero."


def test_what_goes_through_no_channel_is_shown() -> None:
    found = explained(game(10.0, -4.0, 0.0), is_channels=True)
    assert "With every channel off, +£100m a year is left" in " ".join(sentences(found))
    table = parts_frame(found).set_index("part").estimate
    assert table["through no channel"] == 100.0
    assert table[:-1].sum() == pytest.approx(table["the whole difference"])
    assert "add up to the whole" in markdown(found)


def test_over_fits_every_interval_is_over_the_sets_and_that_is_said() -> None:
    """What the runs of a set add by luck cancels in its mean: two sets, three runs of each."""
    luck = np.array([1.0, 1.0, -1.0, -1.0, 0.0, 0.0])[:, None]
    game_of = 100.0 + (10.0 + luck) * (np.arange(8) & 1)
    found, usual = (explained(game_of, n_sets=n) for n in (2, 0))
    assert usual.estimates.high[0] > usual.estimates.mean[0]
    assert found.estimates.mean[0] == found.estimates.high[0] == 10.0
    assert rows(found)[0][1:4] == ("+10.0", "+10.0", "+10.0")
    assert parts_frame(found).n.tolist() == [6] * 4  # runs, as in a comparison
    assert runs_frame(found).parameter_set.tolist() == [1, 2] * 3
    assert "parameter_set" not in runs_frame(usual)
    assert "took turns with 2 sets of parameters" in method(found)
    assert "of luck alone" in method(usual)
    assert "take turns with 2 fitted parameter sets." in cost(found.plan, 1.0)
    few = replace(found.plan, runs=1)
    assert "with 1 runs only the first 1 are met" in cost(few, 1.0)
