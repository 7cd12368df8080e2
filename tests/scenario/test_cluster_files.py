"""Case-study files: what they name is in the data, and every mistake is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, available, load, load_cluster, load_clusters
from sim.scenario.clusters import NOT_SOURCED
from sim.scenario.finding import CLUSTER
from sim.world import sources
from tests.scenario.conftest import said_of_mine, written

ROOT = Path(__file__).parents[2] / "scenarios" / "clusters"
SHIPPED = sorted(ROOT.glob("*.yaml"))
FILE = """\
title: Mine
area: tees_valley
sectors: [chemicals]
in_short: special
institutions: [cat_cpi_wilton]
special:
  - text: It is special.
    sources: [institutions.csv:cat_cpi_wilton, "[97]", S4, not sourced]
set:
  shocks: [{year: 3, kind: demand, sector: chemicals, size: -0.1}]
"""


def test_there_is_one_for_every_area_of_the_north_and_every_sector() -> None:
    shipped = [load_cluster(path) for path in SHIPPED]
    north = {one.id for one in sources.regions() if one.is_north}
    assert {one.cluster.area for one in shipped} == {one.name for one in shipped} == north
    home = {one.home: one.id for one in sources.sectors()}
    assert all(one.cluster.sectors == (home[one.name],) for one in shipped)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_case_study_says_what_is_asked_with_its_sources(path: Path) -> None:
    cluster = load_cluster(path).cluster
    known = {one.id: one for one in sources.institutions()}
    assert any(known[name].region == cluster.area for name in cluster.institutions)
    for statements in cluster.statements.values():
        assert statements
        assert all(one.text.rstrip().endswith(".") for one in statements)
    for statement in cluster.special + cluster.funding:
        assert NOT_SOURCED not in statement.sources
    assert cluster.set == {}
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_case_studies_are_kept_apart_from_scenarios(desk: Path) -> None:
    assert {one.name for one in available(CLUSTER)} == {path.stem for path in SHIPPED}
    assert "tees_valley" not in {one.name for one in available()}
    with pytest.raises(ScenarioError, match="there is no scenario 'tees_valley'"):
        load("tees_valley")
    with pytest.raises(ScenarioError, match=r"there is no case study 'tees_vally'.*'tees_valley'"):
        load_cluster("tees_vally")


def test_ones_own_is_found_by_name_and_sets_keys_of_both_futures(desk: Path) -> None:
    written(desk, "clusters", FILE)
    assert "mine" in {one.name for one in load_clusters()}
    mine = load_cluster("mine")
    for regime in ("long_term", "piecemeal"):
        plain, under = load(regime, {"budget": "200"}), mine.under(regime, {"budget": "200"})
        assert under.scenario.shocks[0].size == -0.1
        assert under.scenario.model_copy(update={"shocks": ()}) == plain.scenario
        assert under.name == regime
    assert load_cluster("tees_valley").under("long_term").scenario == load("long_term").scenario


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("in_short:", "in_shrt:", "4:1: in_shrt: unknown key; did you mean 'in_short'?"),
        ("title: Mine\n", "", "1:1: title: missing; expected text"),
        (
            "area: tees_valley",
            "area: teesvalley",
            "2:7: area: there is no area of the North 'teesvalley'; expected one of liverpool",
        ),
        ("area: tees_valley", "area: rest_of_uk", "2:7: area: there is no area of the North"),
        (
            "[chemicals]",
            "[chemcals]",
            "3:11: sectors.0: there is no sector 'chemcals'; expected one of life_sciences_infec",
        ),
        ("[chemicals]", "chemicals", "3:10: sectors: 'chemicals'; expected a list of names"),
        ("[chemicals]", "[]", "3:10: sectors: no sector; expected some of life_sciences"),
        ("[chemicals]", "[chemicals, chemicals]", "3:22: sectors.1: 'chemicals' is named twice"),
        (
            "[cat_cpi_wilton]",
            "[cat_cpi_wiltn]",
            "5:16: institutions.0: there is no institution 'cat_cpi_wiltn'; expected an id of "
            "institutions.csv; did you mean 'cat_cpi_wilton'?",
        ),
        (
            "institutions.csv:cat_cpi_wilton",
            "institutions.csv:cat_cpi_wiltn",
            "8:15: special.0.sources.0: institutions.csv has no row 'cat_cpi_wiltn'; did you mean",
        ),
        ("S4", "hearsay", "8:56: special.0.sources.2: 'hearsay' is not a source; expected such as"),
        ("    sources: [institutions.csv:cat_cpi_wilton, \"[97]\", S4, not sourced]\n", "",
         "7:5: special.0.sources: missing; expected a list of names"),
        ("  - text: It is special.\n", "  - It is special.\n  - text: It is.\n",
         "7:5: special.0: 'It is special.'; expected keys such as text, sources"),
        ("shocks:", "shoks:", "10:3: set.shoks: unknown key; did you mean 'shocks'?"),
        (
            "sector: chemicals",
            "sector: chemcals",
            "10:44: set.shocks.0.sector: there is no sector 'chemcals'",
        ),
        ("set:\n  shocks", "set: 3\nx:\n  shocks", "9:6: set: 3; expected a group of keys"),
    ],
)  # fmt: skip
def test_mistakes(desk: Path, old: str, new: str, said: str) -> None:
    assert old in FILE
    written(desk, "clusters", FILE.replace(old, new, 1))
    assert f"scenarios/clusters/mine.yaml:{said}" in "\n".join(said_of_mine(load_cluster))


def test_several_mistakes_are_told_at_once(desk: Path) -> None:
    written(desk, "clusters", FILE.replace("tees_valley", "x").replace("-0.1", "-2"))
    keys = [line.split(": ")[1] for line in said_of_mine(load_cluster)]
    assert keys == ["area", "set.shocks.0.size"]
