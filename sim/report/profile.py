"""A case study before any run: what the cluster is made of, what is special, funding and doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report.wording import listed, number, quantity
from sim.scenario import LoadedCluster
from sim.scenario.clusters import Statement
from sim.world import sources
from sim.world.profile import Profile, profile
from sim.world.sources import Institution

#: Keys of a case study with what they are headed by.
HEADINGS = {
    "special": "What is special",
    "funding": "Funding it has had",
    "uncertain": "What is uncertain",
}
LIST_HEAD = ("name", "cluster", "what is special", "jobs", "location quotient")


def profile_of(loaded: LoadedCluster) -> Profile:
    """What the packaged data say of a cluster."""
    return profile(loaded.cluster.area, loaded.cluster.sectors)


def list_rows(clusters: Sequence[LoadedCluster]) -> list[tuple[str, ...]]:
    """A row for each case study, under ``LIST_HEAD``."""
    rows: list[tuple[str, ...]] = []
    for one in clusters:
        found = profile_of(one)
        numbers = number(found.jobs), f"{found.location_quotient:.2f}"
        rows.append((one.name, one.cluster.title, one.cluster.in_short, *numbers))
    return rows


def made_of(loaded: LoadedCluster) -> Iterator[str]:
    """What it is made of, a sentence or two for each part."""
    found, area = profile_of(loaded), loaded.cluster.area
    names = listed([one.name for one in found.sectors])
    yield (
        f"{names} in {found.region.name}: {number(found.jobs)} jobs in about {number(found.firms)} "
        f"firms, with {quantity(found.gva, '£m a year')} of value added. Its location quotient is "
        f"{found.location_quotient:.2f}, number {found.rank} of the eleven areas; practice in "
        f"bidding at the start is {found.bid_capacity:.2f} of the mean region's."
    )
    known = {one.id: one for one in sources.institutions()}
    named = [_institution(known[name], area) for name in loaded.cluster.institutions]
    if named:
        yield f"Institutions that carry it: {'; '.join(named)}."
    more = [one.name for one in found.institutions if one.id not in loaded.cluster.institutions]
    if more:
        yield f"Others of its field in the area: {'; '.join(more)}."
    near = [
        f"{one.region.name} ({one.minutes:.0f} minutes, location quotient "
        f"{one.location_quotient:.2f})"
        for one in found.neighbours
    ]
    yield f"Nearest areas, and how much of the same sector they have: {listed(near)}."
    related = [
        f"{one.sector.name} (relatedness {one.relatedness:.2f}; {number(one.jobs)} jobs here, "
        f"location quotient {one.location_quotient:.2f})"
        for one in found.related
    ]
    yield (
        "Most related sectors, where partners and suppliers beyond its own are most likely: "
        f"{listed(related)}."
    )


def _institution(one: Institution, area: str) -> str:
    facts = []
    if one.region != area:
        names = {region.id: region.name for region in sources.regions()}
        facts.append(f"in {names[one.region]}")
    if one.research_income is not None:
        facts.append(f"research income {quantity(one.research_income, '£m a year')}")
    if one.budget is not None:
        facts.append(f"budget {quantity(one.budget, '£m a year')}")
    return f"{one.name} ({', '.join(facts)})" if facts else one.name


def told(statement: Statement) -> str:
    """A statement with its sources."""
    return f"{' '.join(statement.text.split())} ({'; '.join(statement.sources)})"


def markdown(loaded: LoadedCluster, level: int = 2) -> str:
    """The case study without results, under headings of ``level``."""
    mark = "#" * level
    lines = [f"{mark} What it is made of", "", *(f"{one}\n" for one in made_of(loaded))]
    for key, heading in HEADINGS.items():
        statements = loaded.cluster.statements[key]
        if statements:
            lines += [f"{mark} {heading}", "", *(f"- {told(one)}" for one in statements), ""]
    if loaded.cluster.set:
        keys = ", ".join(f"`{key}`" for key in loaded.cluster.set)
        lines += [f"Both futures have its own {keys} when it is studied by itself.", ""]
    return "\n".join(lines)
