"""The store: the same bits come back, only what is missing is lived, nothing damaged is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import interrupted, pair
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import LIVED, assert_same, counted, live, opened, two

from sim.experiments import fingerprint
from sim.experiments.ensemble import Ensemble, run_ensemble
from sim.experiments.fingerprint import model_version
from sim.experiments.future import each
from sim.experiments.scenarios import load_all
from sim.experiments.store import Store, tending
from sim.experiments.store.coding import Stored, decoded, encoded
from sim.experiments.store.keys import IN_QUARTERS, Keys
from sim.experiments.tasks import task_of
from sim.run import Run


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]


def test_what_is_stored_is_not_lived_again_and_is_the_same_to_the_bit(tmp_path: Path) -> None:
    plain, first = live(None), live(opened(tmp_path))
    store = opened(tmp_path)
    again = live(store)
    assert LIVED == [] and (store.n_found, store.n_asked) == (3, 3)
    assert_same(plain, first)
    assert_same(plain, again)


def test_only_the_missing_scenarios_of_a_seed_are_lived(tmp_path: Path) -> None:
    live(opened(tmp_path), two(300, 200), runs=2)
    found = live(opened(tmp_path), two(300, 250), runs=3)
    assert LIVED == [(0, 250), (1, 250), (2, 300), (2, 250)]
    assert_same(found, live(None, two(300, 250), runs=3))
    # The one that was first is now second, under another name.
    one, other = two(250, 300)
    assert_same(live(opened(tmp_path), [one, other]), live(None, [one, other]))


def test_a_longer_run_answers_for_its_first_years_and_a_shorter_one_does_not(
    tmp_path: Path,
) -> None:
    live(opened(tmp_path), years=3)
    assert_same(live(opened(tmp_path), years=2), live(None, years=2))
    live(opened(tmp_path), years=2)
    assert LIVED == []
    assert_same(live(opened(tmp_path), years=5), live(None, years=5))


def test_a_pack_has_what_its_files_had(tmp_path: Path) -> None:
    plain = live(opened(tmp_path))
    assert opened(tmp_path).pack(fewest=7) == 0
    assert opened(tmp_path).pack(fewest=1) == 6
    assert not list(tmp_path.rglob("loose/*/*"))
    assert_same(live(opened(tmp_path)), plain)
    assert LIVED == []


def test_a_pack_is_on_the_disk_with_its_name_before_single_files_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(opened(tmp_path))
    home = tmp_path / model_version()
    synced: list[tuple[os.stat_result, bool, int]] = []

    def sync(descriptor: int) -> None:
        n_packs = len(list((home / "packs").glob("*")))
        synced.append((os.fstat(descriptor), n_packs == 1, len(list(home.glob("loose/*/*")))))

    monkeypatch.setattr(os, "fsync", sync)
    opened(tmp_path).pack(fewest=1)
    (pack,) = (home / "packs").iterdir()
    for path in (*pack.rglob("*"), pack):
        assert any(os.path.samestat(path.stat(), state) for state, *_ in synced), path
    of_packs = [rest for state, *rest in synced if os.path.samestat(pack.parent.stat(), state)]
    assert of_packs == [[True, 6]]


def test_a_reader_that_opened_the_store_before_the_packing_finds_its_runs(tmp_path: Path) -> None:
    plain = live(opened(tmp_path))
    early = opened(tmp_path)
    opened(tmp_path).pack(fewest=1)
    assert_same(live(early), plain)
    assert LIVED == []


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("damage", [cut, flip])
def test_what_is_damaged_is_named_set_aside_and_lived_again(
    tmp_path: Path, damage: Callable[[bytes], bytes], is_packed: bool
) -> None:
    plain = live(opened(tmp_path))
    if is_packed:
        opened(tmp_path).pack(fewest=1)
    pattern = "runs.bin" if is_packed else "loose/*/*"
    path = next(iter(tmp_path.rglob(pattern)))
    path.write_bytes(damage(path.read_bytes()))
    said: list[str] = []
    assert_same(live(opened(tmp_path, said)), plain)
    assert LIVED and any(path.name in one for one in said)
    assert tending.damaged(tmp_path)
    silent: list[str] = []
    assert_same(live(opened(tmp_path, silent)), plain)
    assert LIVED == [] and silent == []


def test_a_store_that_cannot_be_written_says_so_once_and_the_runs_go_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said: list[str] = []
    store = opened(tmp_path / "file" / "store", said)
    assert_same(live(store), live(None))
    assert len(said) == 1 and "takes no more runs" in said[0] and "not affected" in said[0]


def test_a_store_leaves_room_on_the_disk(tmp_path: Path) -> None:
    said: list[str] = []
    live(Store(tmp_path, say=said.append, spare=1 << 60))
    assert "is free" in said[0] and not list(tmp_path.rglob("*.parquet"))


def test_a_key_is_of_what_determines_a_run_and_of_nothing_else() -> None:
    loaded = two()
    usual = Keys(task_of(loaded, 2)).of(0, 1, 0)

    def key(seed: int = 1, years: int = 2, **changes: object) -> str:
        scenario = loaded[0].scenario.model_copy(update=changes)
        return Keys(task_of([replace(loaded[0], scenario=scenario)], years)).of(0, seed, 0)

    assert usual == key() == key(title="Other", description="words") == key(years=9)
    others = [key(budget=300.0000001), key(seed=2), key(horizon=26), key(years=26)]
    others.append(key(programmes=dict(reversed(loaded[0].scenario.programmes.items()))))
    burn_in = loaded[0].burn_in.model_copy(update={"budget": 1.0})
    others.append(Keys(task_of([replace(loaded[0], burn_in=burn_in)], 2)).of(0, 1, 0))
    others.append(Keys(task_of(loaded, 2), counted).of(0, 1, 0))
    assert len({usual, *others}) == len(others)  # a horizon of 26 is asked for in two ways


@pytest.mark.parametrize("lever", IN_QUARTERS)
@pytest.mark.parametrize("regime", ["long_term", "piecemeal"])
def test_a_lever_that_is_known_in_whole_quarters_is_read_in_nothing_finer(
    lever: str, regime: str
) -> None:
    loaded = load_all([regime], firms=150)[0]

    def lived(months: float) -> tuple[str, Run]:
        programmes = {
            name: one.model_copy(update={lever: months, "stage_gate": 1.0})
            for name, one in loaded.scenario.programmes.items()
        }
        changed = loaded.scenario.model_copy(update={"programmes": programmes})
        task = task_of([replace(loaded, scenario=changed)], 3)
        (run,) = each(task, 0, 1)
        return Keys(task).of(0, 1, 0), run

    runs = [lived(months) for months in (4.6, 7.4, 7.6)]
    keys, digests = zip(*((key, run.world.digest()) for key, run in runs), strict=True)
    assert keys[0] == keys[1] != keys[2]
    assert digests[0] == digests[1] != digests[2]


def test_variants_have_keys_of_their_own() -> None:
    assumptions = load_all(["long_term"])[0].scenario.assumptions
    shock = assumptions.shock.model_copy(update={"technology_rate": 0.5})
    other = assumptions.model_copy(update={"shock": shock})
    turns = Keys(task_of(pair(), 2, [assumptions, other]))
    plain = Keys(task_of(pair(), 2))
    assert turns.of(0, 5, 0) == turns.of(2, 5, 0) == plain.of(0, 5, 0) != turns.of(1, 5, 0)


def test_ctrl_c_keeps_what_is_finished_for_another_time(tmp_path: Path) -> None:
    found = run_ensemble(
        two(), runs=9, years=1, workers=1, simulate=interrupted, store=opened(tmp_path)
    )
    assert len(opened(tmp_path)) == 2 * found.runs > 0


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**62),
    years=st.integers(0, 3),
    programmes=st.lists(st.text(max_size=8), max_size=3, unique=True),
    is_sum=st.booleans(),
)
def test_coding_is_exact(seed: int, years: int, programmes: list[str], is_sum: bool) -> None:
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2**32, (years + 1, 2, 3, 4), np.uint32)
    values, totals = bits.view(np.float32), rng.normal(size=(years + 1, 2, 4))
    if is_sum:
        values = values.copy()
        values[:, :, -1] = totals.astype(np.float32)
    money = rng.normal(size=(years + 1, len(programmes), 5))
    made = Stored("ab" * 20, seed, "name", "Título", values, totals, money, tuple(programmes))
    back = decoded(encoded(made))
    assert (back.key, back.seed, back.title, back.programmes) == (
        made.key,
        seed,
        "Título",
        tuple(programmes),
    )
    for name in ("values", "totals", "money"):
        assert getattr(back, name).tobytes() == getattr(made, name).tobytes(), name
        assert getattr(back, name).shape == getattr(made, name).shape


@pytest.mark.slow
def test_real_runs_come_back_to_the_bit_whole_in_part_and_for_fewer_years(tmp_path: Path) -> None:
    def real(store: Store | None, names: list[str], years: int) -> Ensemble:
        overrides = {"burn_in.years": "1"}
        loaded = load_all(names, firms=60, overrides=overrides)
        return run_ensemble(loaded, runs=2, years=years, workers=1, store=store)

    real(opened(tmp_path), ["long_term", "mixed"], 2)
    names = ["long_term", "piecemeal"]
    assert_same(real(opened(tmp_path), names, 1), real(None, names, 1))
    store = opened(tmp_path)
    assert_same(real(store, names, 1), real(None, names, 1))
    assert store.n_found == 2


def test_machines_that_do_not_calculate_alike_share_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = model_version()
    monkeypatch.setattr(fingerprint, "arithmetic_digest", lambda: "another processor")
    assert fingerprint.model_version.__wrapped__() != usual
