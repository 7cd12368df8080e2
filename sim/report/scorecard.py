"""The scorecard as rows, as a page and as a figure."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.folder import Folder
from sim.experiments.scorecard import REGIME, WITHOUT, Score, Scorecard
from sim.report.markdown import LEFT, markdown_table
from sim.report.style import FAINT, GAIN, INK, LOSS, new_figure, save, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEAD = ("", "fact", "source", "use", "accepted", "simulated", "90 % of runs", "verdict")
_PASS, _FAIL = "pass", "FAIL"
#: How far the figure reaches beyond the accepted band, in widths of the band.
_REACH = 2.0


def shown(value: float, is_share: bool) -> str:
    """A value with three digits, or in per cent; a dash if there is none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    text = f"{100 * value:.3g} %" if is_share else f"{value:.3g}"
    return text.replace("-", "−").replace("e−0", "e−")


def accepted(score: Score) -> str:
    """The range in words."""
    fact = score.fact
    if math.isinf(fact.high):
        return f"≥ {shown(fact.low, fact.is_share)}"
    if fact.low == fact.high:
        return shown(fact.low, fact.is_share)
    low = shown(fact.low, fact.is_share).removesuffix(" %")
    return f"{low} to {shown(fact.high, fact.is_share)}"


def _band(score: Score) -> str:
    share = score.fact.is_share
    low = shown(score.low, share).removesuffix(" %")
    return f"{low} to {shown(score.high, share)}"


def _verdict(score: Score) -> str:
    return _PASS if score.is_passed else _FAIL


def rows(card: Scorecard) -> list[tuple[str, ...]]:
    """One row a fact, in the order of ``HEAD``."""
    return [
        (
            score.fact.group,
            score.fact.name,
            score.fact.source,
            score.fact.standing,
            accepted(score),
            shown(score.median, score.fact.is_share),
            _band(score),
            _verdict(score),
        )
        for score in card.scores
    ]


def sentences(card: Scorecard) -> list[str]:
    """What the scorecard comes to."""
    passed, n = card.passed()
    used, n_used = card.passed("calibration")
    held, n_held = card.passed("held out")
    found = [
        f"{passed} of {n} facts pass: {used} of {n_used} of calibration, {held} of {n_held} "
        "held out.",
        f"Simulated: {card.runs} runs of {REGIME} over {card.years} years from seed {card.seed}, "
        f"each beside its paired future with {WITHOUT}. A fact passes if the median of runs lies "
        "in the range accepted.",
        "Calibration: the free parameters were fitted to these facts, or the start or an "
        "assumption is set to them, so that passing says only that they can be met together. Held "
        "out: no number of the model was taken from them. No fact is an effect of a funding "
        "regime.",
        "The sources: [n] is the list of docs/evidence.md; (m) is from memory of the literature "
        "and not checked; (a) is set by judgement. A range is never widened to pass.",
    ]
    if card.runs < card.planned:
        found.insert(0, f"INTERRUPTED: {card.runs} of {card.planned} runs are finished.")
    return found


def frame(card: Scorecard) -> pd.DataFrame:
    """The scorecard as a table of plain numbers."""
    import pandas as pd

    return pd.DataFrame(
        {
            "fact": score.fact.key,
            "group": score.fact.group,
            "meaning": score.fact.name,
            "accepted_low": score.fact.low,
            "accepted_high": score.fact.high,
            "source": score.fact.source,
            "standing": score.fact.standing,
            "median": score.median,
            "low": score.low,
            "high": score.high,
            "runs": score.runs,
            "verdict": _verdict(score).lower(),
        }
        for score in card.scores
    )


def markdown(card: Scorecard) -> str:
    """The page that goes with the table and the figure."""
    lines = ["# Scorecard", "", *(line + "\n" for line in sentences(card))]
    for standing, heading in (("held out", "Held out"), ("calibration", "Used for calibration")):
        chosen = [
            row
            for row, score in zip(rows(card), card.scores, strict=True)
            if score.fact.standing == standing
        ]
        lines += [f"## {heading}", "", *markdown_table(HEAD, chosen, others=LEFT), ""]
    return "\n".join([*lines, "![Scorecard](scorecard.png)", ""])


def scaled(value: float, score: Score) -> float:
    """A value in widths of its accepted band, 0 at the low end and 1 at the high end.

    A range with one end open is as wide as its end is high; one of a single value counts by tenths
    of it.
    """
    low, high = score.fact.low, score.fact.high
    width = high - low if math.isfinite(high) else abs(low)
    return (value - low) / (width if width > 0.0 else max(0.1 * abs(low), 1e-12))


def figure(card: Scorecard) -> Figure:
    """One row a fact: a dot and the band of runs against what is accepted, all on one scale."""
    passed, n = card.passed()
    held, n_held = card.passed("held out")
    title = (
        f"The model meets {passed} of {n} stylised facts, {held} of the {n_held} that were held out"
    )
    note = (
        f"Grey: accepted. Dot: median of {card.runs} runs, with the middle 90 % of runs; an arrow "
        "where it lies beyond the edge. Each row has its own scale, on which the accepted range "
        "is as wide as all others."
    )
    with style():
        drawn = new_figure(title, 10.0, 1.6 + 0.21 * len(card.scores), note)
        groups = [
            [s for s in card.scores if s.fact.standing == standing]
            for standing in ("held out", "calibration")
        ]
        panels = drawn.subplots(2, 1, squeeze=False, height_ratios=[max(len(g), 1) for g in groups])
        for axes, heading, scores in zip(
            panels[:, 0], ("Held out", "Used for calibration"), groups, strict=True
        ):
            _panel(axes, heading, scores)
    return drawn


def _panel(axes: Axes, heading: str, scores: list[Score]) -> None:
    low_edge, high_edge = -_REACH, 1.0 + _REACH
    for y, score in enumerate(scores):
        is_open = math.isinf(score.fact.high)
        right = high_edge if is_open else max(scaled(score.fact.high, score), 0.03)
        axes.barh(y, right, 0.7, left=0.0, color=FAINT, alpha=0.6, linewidth=0)
        _dot(axes, y, score, low_edge, high_edge)
        axes.text(
            high_edge * 1.01, y,
            f"{shown(score.median, score.fact.is_share)}  ({accepted(score)})",
            va="center", fontsize=7, color=INK if score.is_passed else LOSS,
        )  # fmt: skip
    axes.set_yticks(range(len(scores)), [s.fact.name for s in scores], fontsize=7)
    axes.set_xlim(low_edge, high_edge)
    axes.set_ylim(len(scores) - 0.4, -0.6)
    axes.set_xticks([0.0, 1.0], ["low end", "high end"], fontsize=7)
    axes.grid(visible=False, axis="y")
    axes.set_title(f"{heading}: {sum(s.is_passed for s in scores)} of {len(scores)} pass")


def _dot(axes: Axes, y: int, score: Score, low_edge: float, high_edge: float) -> None:
    if math.isnan(score.median):
        axes.text(low_edge, y, " no value", va="center", fontsize=7, color=LOSS)
        return
    tint = GAIN if score.is_passed else LOSS
    at, low, high = (
        min(max(scaled(v, score), low_edge), high_edge)
        for v in (score.median, score.low, score.high)
    )
    is_beyond = at in (low_edge, high_edge)
    mark = "o" if not is_beyond else ("<" if at == low_edge else ">")
    axes.plot([low, high], [y, y], color=tint, linewidth=1.6)
    axes.plot([at], [y], mark, color=tint, markersize=5, clip_on=False)


def write(place: Folder, card: Scorecard) -> Path:
    """Fill a folder with the table, the page and the figure, and put it in its place."""
    place.write_csv("scorecard.csv", frame(card))
    place.write_text("scorecard.md", markdown(card))
    for kind in ("png", "svg"):
        place.write(f"scorecard.{kind}", partial(save, figure(card)))
    return place.finish()
