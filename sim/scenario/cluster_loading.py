"""Loading a case study, and the regimes that it is studied under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.checking import check_as
from sim.scenario.clusters import Cluster
from sim.scenario.errors import Problem, ScenarioError, shown
from sim.scenario.finding import CLUSTER, available, find
from sim.scenario.loading import Files, Loaded, in_order, settled
from sim.scenario.reader import Located

#: The scenario that the keys of ``set`` are checked in before any other is named.
CHECKED_IN = "long_term"


@dataclass(frozen=True)
class LoadedCluster:
    """A case study as read; ``text`` holds its file by path."""

    name: str
    path: Path
    cluster: Cluster
    text: dict[str, str]
    own: Located | None

    def under(self, regime: str | Path, overrides: Mapping[str, str] | None = None) -> Loaded:
        """A scenario with what the case study sets; ``overrides`` as in ``load``.

        Raises ScenarioError, with mistakes in ``set`` where they are written.
        """
        path = find(regime)
        text = dict(self.text) if self.own else {}
        files = Files(text)
        tree = files.resolved(path, ())
        if self.own:
            tree = replace(files.merged(tree, self.own), place=tree.place)
        loaded, problems = settled(path.stem, path, tree, files, overrides or {})
        if loaded is None:
            raise ScenarioError(in_order([self._placed(one) for one in problems], list(text)))
        return loaded

    def _placed(self, one: Problem) -> Problem:
        return replace(one, key=f"set.{one.key}") if one.file == shown(self.path) else one


def load_cluster(name_or_path: str | Path) -> LoadedCluster:
    """The case study of a name or a path.

    >>> load_cluster("tees_valley")  # doctest: +SKIP

    Raises ScenarioError with every mistake found, those in ``set`` among them.
    """
    path = find(name_or_path, what=CLUSTER)
    text: dict[str, str] = {}
    files = Files(text)
    tree = files.tree(path, shown(path), "keys such as title, area, sectors and special")
    own = tree.value.get("set")
    if own is not None and isinstance(own.value, dict):
        tree = replace(tree, value={**tree.value, "set": replace(own, value={})})
    else:
        own = None
    cluster, problems = check_as(Cluster, tree)
    problems = files.problems + problems
    if own is not None and own.value:
        try:
            LoadedCluster(path.stem, path, Cluster.model_construct(), text, own).under(CHECKED_IN)
        except ScenarioError as error:
            problems += error.problems
    if cluster is None or problems:
        raise ScenarioError(in_order(problems, list(text)))
    if own is not None and own.value:
        cluster = cluster.model_copy(update={"set": own.plain()})
    return LoadedCluster(path.stem, path, cluster, text, own if cluster.set else None)


def load_clusters() -> list[LoadedCluster]:
    """Every case study that a bare name can mean, by name. Raises ScenarioError."""
    return [load_cluster(one.path) for one in available(CLUSTER)]
