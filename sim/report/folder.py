"""A folder of results: tables, figures and words, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sim.experiments.comparison import Comparison, Study
from sim.experiments.results import Results
from sim.report.figures import all_figures
from sim.report.page import REPORT, report_page
from sim.report.style import save
from sim.report.summary import markdown

#: The page on which the first run can be watched.
REPLAY = "replay.html"


def fill(
    results: Results,
    study: Study,
    command: str,
    tell: Callable[[str], None] = lambda name: None,
    replay: Callable[[Path], str] | None = None,
) -> Path:
    """Write everything about ``study`` into ``results`` and put the folder in its place.

    The outcomes are there already: ``results`` was the sink of the runs. ``tell`` is called with
    the name of each figure before it is drawn. ``replay`` makes the text of a page to watch from
    the folder as it then is. Raises FolderError.
    """
    results.write_tables(study, command)
    names = []
    for name, figure in all_figures(study):
        tell(name)
        for kind in ("png", "svg"):
            results.write(f"figures/{name}.{kind}", partial(save, figure))
        names.append(name)
    summary = markdown(study, names)
    if replay is not None:
        tell(REPLAY)
        results.write_text(REPLAY, replay(results.path))
        summary += f"\nWatch the first run, offline, in a browser: [{REPLAY}]({REPLAY})\n"
    if isinstance(study, Comparison):
        tell(REPORT)
        summary += f"\nThe report, to read and to print: [{REPORT}]({REPORT})\n"
    results.write_text("summary.md", summary)
    if isinstance(study, Comparison):
        results.write_text(REPORT, report_page(results.path))
    return results.finish()


def save_study(study: Study, folder: str | Path, *, is_replaced: bool = False) -> Path:
    """Write a study that is in memory, with its detail, to ``folder``. Raises FolderError."""
    ensemble = study.ensemble
    with Results(Path(folder), ensemble.loaded, is_replaced=is_replaced) as results:
        for index, values in zip(ensemble.indices, ensemble.detail, strict=True):
            results.add_values(int(index), values)
        return fill(results, study, "from Python")
