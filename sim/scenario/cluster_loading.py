"""Loading a case study, and the regimes that it is studied under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.checking import check_as
from sim.scenario.clusters import Cluster
from sim.scenario.errors import ScenarioError, shown
from sim.scenario.finding import CLUSTER, available, find
from sim.scenario.loading import Files, Loaded, in_order, load, settled
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
        if self.own is None:
            return load(regime, overrides)
        return _with(self.own, self.text, regime, overrides or {})


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
            _with(own, text, CHECKED_IN, {})
        except ScenarioError as error:
            problems += error.problems
    if cluster is None or problems:
        raise ScenarioError(in_order(problems, list(text)))
    if own is not None and own.value:
        cluster = cluster.model_copy(update={"set": own.plain()})
    return LoadedCluster(path.stem, path, cluster, text, own if cluster.set else None)


def _with(
    own: Located, written: Mapping[str, str], regime: str | Path, overrides: Mapping[str, str]
) -> Loaded:
    """The scenario ``regime`` under ``own``, the ``set`` of the case study ``written``."""
    path, text = find(regime), dict(written)
    files = Files(text)
    tree = files.resolved(path, ())
    tree = replace(files.merged(tree, own), place=tree.place)
    loaded, problems = settled(path.stem, path, tree, files, overrides)
    if loaded is None:
        placed = [
            replace(one, key=f"set.{one.key}") if one.file in written else one for one in problems
        ]
        raise ScenarioError(in_order(placed, list(text)))
    return loaded


def load_clusters() -> list[LoadedCluster]:
    """Every case study that a bare name can mean, by name. Raises ScenarioError."""
    return [load_cluster(one.path) for one in available(CLUSTER)]
