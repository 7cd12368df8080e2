"""Case studies told: what a cluster gains or loses, through which channel, and the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.experiments.clusters import (
    AREA,
    CHAIN,
    CLUSTER,
    COMPARATOR,
    NATION,
    OTHER,
    OTHERS,
    OUTCOMES,
    SECTOR_COMPARATOR,
    SECTOR_OTHERS,
    ClusterStudy,
)
from sim.experiments.verdict import Interval
from sim.report.experiment_figure import shown
from sim.report.wording import answer, interval, is_sure, labels, listed, quantity, region_name
from sim.scenario import LoadedCluster

if TYPE_CHECKING:
    import pandas as pd

SURE, UNSURE = "●", "○"
PAGE, TABLE, FIGURE = "cluster.md", "cluster.csv", "cluster"
LEGEND = f"{SURE} the 90 % interval leaves out zero; {UNSURE} it does not, or there is none"
Rows = list[tuple[str, ...]]


def cell(row: Any) -> str:
    """A difference with its interval, marked by whether it can be told from zero."""
    found = Interval(float(row["estimate"]), float(row["low"]), float(row["high"]))
    mark = SURE if is_sure(row) else UNSURE
    return f"{mark} {shown(found, str(row['unit']), is_signed=True)}"


def headlines(study: ClusterStudy, loaded: LoadedCluster) -> list[str]:
    """Who is ahead in value added after the last year: in the cluster, and in its area."""
    first, other = labels(study.ensemble)
    area = region_name(loaded.cluster.area)
    found = []
    for role, name in ((CLUSTER, loaded.cluster.title), (AREA, f"all clusters of {area}")):
        row = _last(study, loaded, role, "gva")
        found.append(f"{answer(row, first, other, 'value added', name)}.")
    return found


def _last(study: ClusterStudy, loaded: LoadedCluster, role: str, metric: str) -> pd.Series[Any]:
    where = {"place": role, "metric": metric, "year": study.ensemble.years}
    return study.of(loaded, part="outcomes", **where).iloc[0]


def chain_sentence(rows: Sequence[Any]) -> str:
    """Where a chain of differences begins, how far it holds, and where it is lost in noise."""

    def named(row: Any) -> str:
        return f"{row['title']} ({quantity(row['estimate'], str(row['unit']), signed=True)})"

    sure = [is_sure(row) for row in rows]
    if all(row["n"] < 2 for row in rows):
        return "One run says nothing about chance: no link of the chain can be told."
    if not any(sure):
        return "No link of the chain can be told from zero: all of it is lost in noise."
    begin = sure.index(True)
    lost = next((k for k in range(begin, len(rows)) if not sure[k]), None)
    text = f"The chain begins with {named(rows[begin])}"
    if begin:
        before = listed([str(row["title"]) for row in rows[:begin]])
        text += f"; before it, {before} cannot be told from zero"
    if lost is None:
        return f"{text}. It holds to the end: {named(rows[-1])}."
    if lost - 1 > begin:
        text += f". It can be followed to {named(rows[lost - 1])}"
    tail = interval(rows[lost], str(rows[lost]["unit"]))
    text += f", and is lost in noise at {rows[lost]['title']} ({tail})"
    again = [named(row) for row, known in zip(rows[lost:], sure[lost:], strict=True) if known]
    if again:
        return f"{text}. Further on, {listed(again)} can be told again."
    return f"{text}; nothing after that can be told from zero."


def chain_sentences(study: ClusterStudy, loaded: LoadedCluster) -> list[str]:
    """The chain of the cluster, and that of its area, in words."""
    area = region_name(loaded.cluster.area)
    names = {CLUSTER: "The cluster", AREA: f"All clusters of {area}"}
    return [
        f"{text}: {chain_sentence(_chain(study, loaded, role))}" for role, text in names.items()
    ]


def _chain(study: ClusterStudy, loaded: LoadedCluster, role: str) -> list[Any]:
    rows = study.of(loaded, part="chain", place=role)
    return [row for _, row in rows.iterrows()]


def expense_sentence(study: ClusterStudy, loaded: LoadedCluster) -> str:
    """Who else has more or less value added, by the intervals."""
    rows = study.of(loaded, part="elsewhere", metric="gva")
    each = [row for _, row in rows[rows.place.isin([OTHER, COMPARATOR])].iterrows()]
    parts = []
    for sign, verb in ((1, "more"), (-1, "less")):
        names = [
            f"{region_name(row['areas'])} ({quantity(row['estimate'], row['unit'], signed=True)})"
            for row in each
            if is_sure(row) and sign * row["estimate"] > 0
        ]
        if names:
            parts.append(f"{listed(names)} {'has' if len(names) == 1 else 'have'} {verb}")
    told = f"{'; '.join(parts)}. " if parts else ""
    unsure = sum(not is_sure(row) for row in each)
    together = rows[rows.place == OTHERS].iloc[0]
    return (
        f"Elsewhere: {told}{unsure} of {len(each)} cannot be told from zero. The other areas "
        f"of the North together: {cell(together)}."
    )


def told_years(study: ClusterStudy) -> list[int]:
    """Years of the tables: 5, 10 and the last."""
    last = study.ensemble.years
    return sorted({year for year in (5, 10) if year < last} | {last})


def outcome_rows(study: ClusterStudy, loaded: LoadedCluster) -> tuple[tuple[str, ...], Rows]:
    """What the cluster and its area gain or lose, with the years side by side."""
    years = told_years(study)
    rows: Rows = []
    for role, words in ((CLUSTER, "the cluster"), (AREA, "all clusters of the area")):
        for one in OUTCOMES:
            found = study.of(loaded, part="outcomes", place=role, metric=one.metric)
            by_year = {int(row["year"]): cell(row) for _, row in found.iterrows()}
            rows.append((f"{one.title}, {words}", *(by_year[year] for year in years)))
    return ("difference", *(f"year {year}" for year in years)), rows


def chain_rows(study: ClusterStudy, loaded: LoadedCluster) -> tuple[tuple[str, ...], Rows]:
    """The chain of the cluster beside that of its area."""
    columns = [_chain(study, loaded, role) for role in (CLUSTER, AREA)]
    rows: Rows = [
        (f"{one.title}, {_when(one.is_over_years, study)}", cell(here), cell(area))
        for one, here, area in zip(CHAIN, *columns, strict=True)
    ]
    return ("link, in order", "the cluster", "all clusters of the area"), rows


def _when(is_over_years: bool, study: ClusterStudy) -> str:
    last = study.ensemble.years
    return f"mean of years 1–{last}" if is_over_years else f"year {last}"


def expense_rows(study: ClusterStudy, loaded: LoadedCluster) -> tuple[tuple[str, ...], Rows]:
    """What the others have at the same time."""
    found = study.of(loaded, part="elsewhere")
    metrics = list(dict.fromkeys(found.metric))
    rows: Rows = []
    for (role, areas), page in found.groupby(["place", "areas"], sort=False):
        cells = {row["metric"]: cell(row) for _, row in page.iterrows()}
        rows.append((_place(str(role), str(areas)), *(cells[metric] for metric in metrics)))
    return ("elsewhere", *dict.fromkeys(found.title)), rows


def _place(role: str, areas: str) -> str:
    names = {
        OTHERS: "the other areas together",
        NATION: "the whole country",
        SECTOR_OTHERS: "its sector in the other areas",
    }
    if role == SECTOR_COMPARATOR:
        return f"its sector in {region_name(areas)}"
    return names.get(role) or region_name(areas)


def table_rows(study: ClusterStudy) -> tuple[tuple[str, ...], Rows]:
    """Clusters by outcomes, at the last year."""
    rows: Rows = []
    for one in study.clusters:
        cells = [cell(_last(study, one, CLUSTER, measure.metric)) for measure in OUTCOMES]
        rows.append((one.cluster.title, *cells, cell(_last(study, one, AREA, "gva"))))
    head = ("cluster", *(one.title for one in OUTCOMES), "value added, its whole area")
    return head, rows


def table_sentence(study: ClusterStudy) -> str:
    """How many clusters gain and lose."""
    first, other = labels(study.ensemble)
    rows = [_last(study, one, CLUSTER, "gva") for one in study.clusters]
    up = sum(is_sure(row) and row["estimate"] > 0 for row in rows)
    down = sum(is_sure(row) and row["estimate"] < 0 for row in rows)
    return (
        f"After {study.ensemble.years} years {up} of {len(rows)} clusters "
        f"gain{'s' if up == 1 else ''} value added under {first} against {other}, {down} "
        f"lose{'s' if down == 1 else ''}, and {len(rows) - up - down} cannot be told apart"
    )
