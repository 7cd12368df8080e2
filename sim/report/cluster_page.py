"""The folder of a case study: its page, its table and its figure; or a page of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sim.experiments.clusters import OUTCOMES, ClusterStudy
from sim.experiments.results import Results, files_entry
from sim.report.cluster import (
    FIGURE,
    LEGEND,
    PAGE,
    TABLE,
    Rows,
    chain_rows,
    chain_sentences,
    expense_rows,
    expense_sentence,
    headlines,
    outcome_rows,
    table_rows,
    table_sentence,
)
from sim.report.cluster_figure import all_clusters, one_cluster
from sim.report.markdown import LEFT, markdown_table
from sim.report.page import REPORT, report_page
from sim.report.profile import markdown as profile_markdown
from sim.report.style import save
from sim.report.summary import disclaimer, method
from sim.report.wording import labels
from sim.scenario import LoadedCluster

_EXPENSE = (
    "What the others have under the two regimes at the same time. It is no account of who pays "
    "whom: each difference is that of the regimes as a whole. Public money is shared out among "
    "all, national demand in a sector is given, and people move; exports are nobody's loss."
)


def markdown(study: ClusterStudy) -> str:
    """The page of one case study, or of them all."""
    lines = _one(study, study.clusters[0]) if len(study.clusters) == 1 else _all(study)
    return "\n".join(lines) + "\n"


def _one(study: ClusterStudy, loaded: LoadedCluster) -> Iterator[str]:
    first, other = labels(study.ensemble)
    yield f"# {loaded.cluster.title}: {first} against {other}\n"
    yield from (f"> **{warning}**\n" for warning in study.warnings)
    yield from (f"**{one}**\n" for one in headlines(study, loaded))
    if len(study.clusters) == 1:
        yield f"![{loaded.cluster.title}](figures/{FIGURE}.png)\n"
    yield f"Differences are {first} minus {other}. {LEGEND}.\n"
    yield "## What it gains or loses\n"
    yield from _table(*outcome_rows(study, loaded))
    yield "## Through which channel\n"
    yield "\n".join(f"- {one}" for one in chain_sentences(study, loaded)) + "\n"
    yield from _table(*chain_rows(study, loaded))
    yield "## At whose expense\n"
    yield f"{expense_sentence(study, loaded)}\n\n{_EXPENSE}\n"
    yield from _table(*expense_rows(study, loaded))
    yield profile_markdown(loaded)
    yield f"## How it was done\n\n{method(study.comparison)}\n\n{disclaimer(study.comparison)}"


def _all(study: ClusterStudy) -> Iterator[str]:
    first, other = labels(study.ensemble)
    yield f"# The clusters: {first} against {other}\n"
    yield from (f"> **{warning}**\n" for warning in study.warnings)
    yield f"**{table_sentence(study)}.**\n\n![The clusters](figures/{FIGURE}.png)\n"
    yield f"Year {study.ensemble.years}, {first} minus {other}. {LEGEND}.\n"
    yield from _table(*table_rows(study))
    yield f"{_chance(study)}\n\n## One by one\n"
    for one in study.clusters:
        yield f"- [{one.cluster.title}](cases/{one.name}.md): {one.cluster.in_short}"
    yield f"\n## How it was done\n\n{method(study.comparison)}\n\n{disclaimer(study.comparison)}"


def _chance(study: ClusterStudy) -> str:
    n = len(study.clusters) * (len(OUTCOMES) + 1)
    return f"Of {n} such intervals about {round(0.1 * n)} leave out the truth by chance alone."


def _table(head: tuple[str, ...], rows: Rows) -> Iterator[str]:
    yield from markdown_table(head, rows, others=LEFT)
    yield ""


def write(
    results: Results, study: ClusterStudy, command: str, mention: Callable[[str], None]
) -> Path:
    """Fill a folder of results with the comparison's tables, pages and the figure."""
    study.comparison.outcomes_path = results.close_outcomes()
    table = study.table
    files = {path: text for one in study.clusters for path, text in one.text.items()}
    clusters = {"clusters": [one.name for one in study.clusters], "files": files_entry(files)}
    results.write_tables(study.comparison, command, clusters)
    results.write_csv(TABLE, table)
    is_one = len(study.clusters) == 1
    mention(FIGURE)
    drawn = one_cluster(study, study.clusters[0]) if is_one else all_clusters(study)
    for kind in ("png", "svg"):
        results.write(f"figures/{FIGURE}.{kind}", partial(save, drawn))
    results.write_text(PAGE, markdown(study))
    if is_one:
        mention(REPORT)
        results.write_text(REPORT, report_page(results.path))
    else:
        for one in study.clusters:
            results.write_text(f"cases/{one.name}.md", "\n".join(_one(study, one)) + "\n")
    return results.finish()
