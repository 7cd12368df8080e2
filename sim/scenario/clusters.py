"""What a case study says: one of the North's clusters, what is special about it, with sources.

What the program can work out from its own data (firms, jobs, institutions' income, neighbours,
suppliers) is not written in the file: ``sim/world/profile.py`` says it when it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pydantic import Field, ValidationInfo, model_validator

from sim.parameters import Parameters
from sim.scenario.models import Conflict, Location, tell_conflicts
from sim.world import sources

#: A reference of docs/evidence.md, such as [97] or [39d]; or a key of SOURCES.md, such as S4.
_REFERENCE = re.compile(r"\[\d{1,3}[a-z]?\]|S\d{1,2}|SOURCES\.md")
#: What stands where nobody has found a source.
NOT_SOURCED = "not sourced"


class Statement(Parameters):
    """Something that is known, or not, of a cluster."""

    text: str
    """What is said, in a sentence or two."""
    sources: tuple[str, ...]
    """Where it comes from: a row of a packaged table (institutions.csv:cat_amrc), a number of
    docs/evidence.md ([97]), a key of SOURCES.md (S4), or the words not sourced."""


class Cluster(Parameters):
    """A case study: one cluster of the North."""

    title: str
    """A short title for figures and tables."""
    area: str
    """The region that it lies in."""
    sectors: tuple[str, ...]
    """Its sectors; their firms, laboratories and centres in the area are the cluster."""
    in_short: str
    """What is special about it, in a few words."""
    institutions: tuple[str, ...] = ()
    """Institutions that carry it, of its area or of a neighbour's, the first the anchor."""
    special: tuple[Statement, ...] = ()
    """What sets it apart from the others."""
    funding: tuple[Statement, ...] = ()
    """Which public money it has had."""
    uncertain: tuple[Statement, ...] = ()
    """What is not known, or not well."""
    set: dict[str, object] = Field(default_factory=dict)
    """Keys of a scenario that hold in both futures when the cluster is studied by itself."""

    @property
    def statements(self) -> dict[str, tuple[Statement, ...]]:
        """What is said of it, by key."""
        return {"special": self.special, "funding": self.funding, "uncertain": self.uncertain}

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Cluster:
        tell_conflicts(conflicts(self), info)
        return self


def conflicts(cluster: Cluster) -> Iterator[Conflict]:
    """Everything in ``cluster`` that is not in the data."""
    north = {one.id: one.name for one in sources.regions() if one.is_north}
    sectors = {one.id: one.name for one in sources.sectors()}
    institutions = {one.id: one.name for one in sources.institutions()}
    yield from _unknown(("area",), "area of the North", cluster.area, north)
    if not cluster.sectors:
        yield Conflict((("sectors",),), "no sector", f"some of {', '.join(sectors)}")
    for key, kind, known in (
        ("sectors", "sector", sectors),
        ("institutions", "institution", institutions),
    ):
        named = getattr(cluster, key)
        for number, name in enumerate(named):
            yield from _unknown((key, number), kind, name, known)
            if name in named[:number]:
                yield Conflict(((key, number),), f"'{name}' is named twice", "each once")
    for key, statements in cluster.statements.items():
        for number, one in enumerate(statements):
            yield from _sources(one, (key, number, "sources"))


def _unknown(at: Location, kind: str, name: str, known: dict[str, str]) -> Iterator[Conflict]:
    if name not in known:
        few = len(known) < 20
        expected = f"one of {', '.join(known)}" if few else "an id of institutions.csv"
        yield Conflict((at,), f"there is no {kind} '{name}'", expected, known, name)


def _sources(statement: Statement, at: Location) -> Iterator[Conflict]:
    if not statement.sources:
        yield Conflict((at,), "no source", f"at least one, or [{NOT_SOURCED}]")
    for number, key in enumerate(statement.sources):
        table, _, row = key.partition(":")
        if _REFERENCE.fullmatch(key) or key == NOT_SOURCED:
            continue
        tables = _tables()
        if table not in tables:
            expected = "such as institutions.csv:cat_amrc, [97] or S4"
            found = f"'{key}' is not a source"
            yield Conflict(((*at, number),), found, expected, dict.fromkeys(tables, ""), table)
        elif row and row not in (ids := sources.ids(table)):
            yield Conflict(
                ((*at, number),), f"{table} has no row '{row}'", "", dict.fromkeys(ids, ""), row
            )


def _tables() -> Collection[str]:
    return sorted(path.name for path in sources.DATA.glob("*.csv"))
