"""Case studies from runs: the comparison's own differences, for one sector in one place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.clusters import AREA, CHAIN, CLUSTER, OTHERS, OUTCOMES, ClusterStudy
from sim.experiments.comparison import Comparison
from sim.experiments.results import Results
from sim.experiments.scenarios import load_all
from sim.experiments.statistics import estimate
from sim.run import Run
from sim.scenario import ScenarioError, load_cluster, load_clusters
from tests.honesty.soundness import assert_sound

SHOCK = """\
title: Two sectors and a shock
area: tees_valley
sectors: [chemicals, metallurgy]
in_short: for a test
set: {shocks: [{year: 1, kind: demand, sector: chemicals, size: -0.3}]}
"""


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return sim.compare(["long_term", "piecemeal"], runs=3, years=3, firms=400, workers=1)


@pytest.fixture(scope="module")
def study(comparison: Comparison) -> ClusterStudy:
    return ClusterStudy(comparison, tuple(load_clusters()))


def test_differences_of_an_area_are_those_of_the_comparison(study: ClusterStudy) -> None:
    paired = study.comparison.paired.set_index(["metric", "region", "year"])
    columns = ["estimate", "low", "high", "share_scenario_ahead", "relative", "n"]
    for loaded in study.clusters:
        rows = study.of(loaded, part="outcomes", place=AREA)
        assert len(rows) == len(OUTCOMES) * len(study.ensemble.milestones())
        for _, row in rows.iterrows():
            same = paired.loc[(row.metric, loaded.cluster.area, row.year)]
            np.testing.assert_array_equal(
                row[columns].to_numpy(float), same[columns].to_numpy(float)
            )


def test_differences_of_a_cluster_are_those_of_its_sector_in_the_outcomes(
    study: ClusterStudy,
) -> None:
    outcomes = study.comparison.outcomes
    for loaded in study.clusters:
        own = outcomes[
            (outcomes.region == loaded.cluster.area)
            & (outcomes.sector == loaded.cluster.sectors[0])
        ]
        last = own[own.year == study.ensemble.years].sort_values("run")
        for name in ("gva", "knowledge"):
            pair = [last[last.scenario == one][name] for one in study.comparison.scenarios]
            expected = estimate(pair[0].to_numpy(float) - pair[1].to_numpy(float))
            row = study.of(loaded, part="outcomes", place=CLUSTER, metric=name).iloc[-1]
            assert row.estimate == pytest.approx(float(expected.mean), abs=1e-9)
            assert row.low == pytest.approx(float(expected.low), abs=1e-9, nan_ok=True)


def test_the_chain_has_its_links_in_order_and_flows_are_means_of_years(
    study: ClusterStudy,
) -> None:
    loaded = study.clusters[0]
    rows = study.of(loaded, part="chain", place=AREA).set_index("metric")
    assert list(rows.index) == [one.metric for one in CHAIN]
    series = study.ensemble.series("public_received", loaded.cluster.area)
    expected = (series[0] - series[1])[:, 1:].mean()
    assert rows.loc["public_received", "estimate"] == pytest.approx(expected)
    per_job = study.ensemble.series("gva_per_job", loaded.cluster.area)[:, :, -1]
    assert rows.loc["gva_per_job", "estimate"] == pytest.approx(
        (per_job[0] - per_job[1]).mean(), rel=1e-6
    )
    in_gap = study.ensemble.series("gap_institutions", loaded.cluster.area)[:, :, 1:].mean(axis=2)
    assert rows.loc["gap_institutions", "estimate"] == pytest.approx((in_gap[0] - in_gap[1]).mean())


def test_an_area_and_the_others_are_the_north(study: ClusterStudy) -> None:
    for loaded in study.clusters:
        own = study.of(loaded, part="chain", place=AREA, metric="gva").iloc[0]
        others = study.of(loaded, part="elsewhere", place=OTHERS, metric="gva").iloc[0]
        north = study.comparison.headline()
        assert own.estimate + others.estimate == pytest.approx(north.estimate, abs=1e-6)


def test_what_is_read_from_the_file_is_what_was_in_memory(
    comparison: Comparison, study: ClusterStudy, tmp_path: Path
) -> None:
    ensemble = comparison.ensemble
    with Results(tmp_path / "out", ensemble.loaded) as results:
        for index, values in zip(ensemble.indices, ensemble.detail, strict=True):
            results.add_values(int(index), values)
        read = Comparison(ensemble, outcomes_path=results.close_outcomes())
        names = ["gva", "gap_institutions"]
        np.testing.assert_array_equal(read.by_sector(names), comparison.by_sector(names))
        again = ClusterStudy(read, study.clusters)
        assert again.table.equals(study.table)


def test_money_is_conserved_under_what_a_case_study_sets(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SHOCK, encoding="utf-8")
    mine = load_cluster(path)
    pair = load_all(["long_term", "piecemeal"], firms=200, loader=mine.under)
    past = Run.start(pair[0].scenario, pair[0].burn_in, 1)
    for one in pair:
        assert one.scenario.shocks[0].kind == "demand"
        run = past.fork(one.scenario)
        for _ in range(8):
            run.step()
        assert run.unaccounted() < 1e-9
        assert_sound(run.world)


def test_two_sectors_are_added_and_own_keys_are_said_to_be_missing_from_all(
    comparison: Comparison, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SHOCK, encoding="utf-8")
    mine, plain = load_cluster(path), load_cluster("tees_valley")
    study = ClusterStudy(comparison, (mine, plain))
    assert "Two sectors and a shock has keys of its own" in study.warnings[-1]
    assert ClusterStudy(comparison, (mine,)).warnings == comparison.warnings
    row = study.of(mine, part="outcomes", place=CLUSTER, metric="jobs").iloc[-1]
    cube = comparison.by_sector(["jobs"])[:, :, -1, comparison.ensemble.areas.index("tees_valley")]
    sectors = [comparison.ensemble.sectors.index(name) for name in mine.cluster.sectors]
    jobs = cube[:, :, sectors, 0].sum(axis=2)
    assert row.estimate == pytest.approx((jobs[0] - jobs[1]).mean())


def test_a_blend_can_be_named_where_a_scenario_is() -> None:
    blend = load_all(["long_term~piecemeal@0.3"])[0]
    assert blend.name == "long_term~piecemeal@0.3"
    assert blend.scenario == load_all(["long_term", "piecemeal"], share=0.3)[2].scenario
    for text in ("long_term~piecemeal@x", "long_term~piecemeal@1.5", "long_term~@0.5"):
        with pytest.raises(ScenarioError, match="is not a blend; expected two names and a share"):
            load_all([text])
    with pytest.raises(ScenarioError, match="there is no scenario 'long_term~piecemeal'"):
        load_all(["long_term~piecemeal"])
