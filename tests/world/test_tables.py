"""The packaged tables, the errors that name a broken cell, and the table type."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world import sources, targets
from sim.world.columns import Ties
from sim.world.institutions import fields, research_incomes
from sim.world.sources import DataError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the tables that a test may break; caches are emptied before and after."""
    copy = tmp_path / "tables"
    shutil.copytree(sources.DATA, copy)
    for file in copy.iterdir():
        file.chmod(0o644)
    cached = [f for m in (sources, targets) for f in vars(m).values() if hasattr(f, "cache_clear")]
    for function in cached:
        function.cache_clear()
    monkeypatch.setattr(sources, "DATA", copy)
    yield copy
    for function in cached:
        function.cache_clear()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_order_and_size_of_the_tables() -> None:
    regions = sources.regions()
    assert [r.is_north for r in regions] == [True] * 11 + [False] * 2
    assert [r.id for r in regions[11:]] == ["golden_triangle", "rest_of_uk"]
    assert len(sources.sectors()) == 11
    assert len(sources.institutions()) == 80
    assert len({i.id for i in sources.institutions()}) == 80


def test_travel_is_the_faster_way_and_symmetric() -> None:
    minutes = sources.travel_minutes()
    names = [r.id for r in sources.regions()]
    assert minutes[names.index("greater_manchester"), names.index("west_yorkshire")] == 52
    assert np.array_equal(minutes, minutes.T)
    assert np.all(np.diag(minutes) == 20)


def test_national_facts_are_found_by_key_place_and_period() -> None:
    assert sources.national("berd", "United Kingdom", "2022") == 50841.0
    with pytest.raises(DataError, match="no row 'berd' for 'Atlantis'"):
        sources.national("berd", "Atlantis", "2022")


def test_relatedness_is_one_on_the_diagonal() -> None:
    assert np.all(np.diag(sources.relatedness()) == 1.0)


def test_shared_codes_are_counted_once() -> None:
    share = dict(zip([s.id for s in sources.sectors()], sources.own_share(), strict=True))
    # 30300 of two sectors, the other four codes of space of none.
    assert share["space"] == pytest.approx((0.5 + 4) / 5)
    # 62 and 63 (around 63110) of two sectors; 58210 and 58290 of one.
    assert share["ai_digital"] == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert all(0 < s <= 1 for s in share.values())


def test_clusters_are_a_plausible_part_of_all_jobs() -> None:
    total = np.array([r.jobs for r in sources.regions()])
    part = targets.jobs().sum(axis=1) / total
    assert np.all((part > 0.05) & (part < 0.25))
    np.testing.assert_allclose(targets.jobs().sum(axis=0), targets.sector_jobs())


def test_a_tag_of_two_sectors_is_halved() -> None:
    liverpool = sources.institutions()[0]
    shares = {sources.sectors()[k].id: v for k, v in fields(liverpool)}
    assert shares["life_sciences"] == pytest.approx(1 / 6)
    assert shares["life_sciences_infection"] == pytest.approx(1 / 6)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_known_incomes_keep_their_proportion() -> None:
    incomes = research_incomes(5.0)
    assert incomes["uni_newcastle"] / incomes["uni_durham"] == pytest.approx(133.8 / 78.9)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("regions.csv", "1571045", "many", ("regions.csv, row 2", "population", "'many'")),
        ("regions.csv", "1571045", "-5", ("regions.csv, row 2", "population", "not negative")),
        ("sectors.csv", "12850", "", ("sectors.csv, row 2", "firms_gb")),
        ("sector_relatedness.csv", "0.161", "0.9", ("sector_relatedness.csv", "mirror")),
        ("travel.csv", "liverpool_city_region,north_east", "liverpool_city_region,atlantis",
         ("travel.csv, row 2", "to_id", "'atlantis'")),
        ("region_sector_lq.csv", "\ncumbria,", "\nrheged,", ("region_sector_lq.csv", "'cumbria'")),
    ],
)  # fmt: skip
def test_a_broken_cell_is_named(
    folder: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    replace(folder / file, old, new)
    with pytest.raises(DataError) as error:
        targets.jobs()
        sources.relatedness()
        sources.travel_minutes()
    for word in words:
        assert word in str(error.value)


def test_an_unknown_tag_is_named(folder: Path) -> None:
    replace(
        folder / "institutions.csv",
        "life_sciences;metallurgy_advanced",
        "alchemy;metallurgy_advanced",
    )
    with pytest.raises(DataError, match=r"uni_liverpool.*sector_tags.*'alchemy'"):
        fields(sources.institutions()[0])


def test_sectors_larger_than_a_region_are_an_error(folder: Path) -> None:
    replace(folder / "sectors.csv", ",967640,", ",96764000,")
    with pytest.raises(DataError, match="more than all jobs"):
        targets.jobs()


def test_raking_meets_both_sums_and_keeps_zeros() -> None:
    start = np.array([[1.0, 0.0], [1.0, 1.0]])
    fitted = targets.rake(start, np.array([2.0, 8.0]), np.array([5.0, 5.0]))
    np.testing.assert_allclose(fitted, [[2.0, 0.0], [3.0, 5.0]], atol=1e-6)
    with pytest.raises(ValueError, match="so few rows"):
        targets.rake(start, np.array([8.0, 2.0]), np.array([5.0, 5.0]))


def test_rows_are_inserted_kept_and_copied() -> None:
    ties = Ties.empty()
    ties.append({"source": np.array([1, 2]), "trust": np.array([0.1, 0.2])})
    ties.replace(np.array([0, 0, 1]), np.array([1]), {"source": np.array([9])})
    assert ties.source.tolist() == [1, 9, 2]
    assert ties.trust.tolist() == [0.1, 0.0, 0.2]
    copy = ties.copy()
    ties.keep(ties.source != 9)
    assert ties.source.tolist() == [1, 2]
    assert len(copy) == 3


def test_old_rows_go_as_new_ones_come() -> None:
    ties = Ties.empty()
    ties.append({"source": np.array([1, 2, 3]), "trust": np.array([0.1, 0.2, 0.3])})
    ties.append({"source": np.array([4]), "formed": 7}, first=2)
    assert ties.source.tolist() == [3, 4] and ties.trust.tolist() == [0.3, 0.0]
    assert ties.formed.tolist() == [0, 7]
    ties.append({}, first=1)
    assert ties.source.tolist() == [4] and len(ties) == 1


def _with(values: list[int]) -> dict[str, np.ndarray]:
    return {"source": np.array(values, np.int64), "trust": np.array(values) / 2.0}


@given(
    st.lists(
        st.tuples(st.sampled_from(["append", "keep", "replace"]), st.integers(0, 400)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_move_as_those_of_a_list_do(steps: list[tuple[str, int]], random: Random) -> None:
    """However rows come and go, inside the room that a table has or beyond it."""
    ties, expected, fresh = Ties.empty(), list[int](), 0
    for step, n in steps:
        new = list(range(fresh, fresh + n % 200))
        fresh += len(new)
        if step == "append":
            first = random.randint(0, len(expected))
            ties.append(_with(new), first=first)
            expected = expected[first:] + new
        elif step == "keep":
            mask = [random.random() < 0.8 for _ in expected]
            ties.keep(np.array(mask, np.bool_))
            expected = [one for one, stays in zip(expected, mask, strict=True) if stays]
        else:
            kept = [k for k in range(len(expected)) if random.random() < 0.8]
            places = random.sample(range(len(kept) + len(new)), len(new))
            at, old = dict(zip(places, new, strict=True)), iter(kept)
            index = [0 if k in at else next(old) for k in range(len(kept) + len(new))]
            ties.replace(np.array(index, np.int64), np.array(places, np.int64), _with(new))
            expected = [at[k] if k in at else expected[row] for k, row in enumerate(index)]
        assert ties.source.tolist() == expected
        assert ties.trust.tolist() == [one / 2.0 for one in expected]
        assert not ties.formed.any() and len(ties) == len(ties.is_brokered) == len(expected)
