"""The scorecard: what is known of firms, clusters, networks and money, against the model's own.

A fact is accepted if the median over runs lies in a range that was set from its source before the
facts were measured; a range is never widened to pass. Facts of *calibration* are those to which
the free parameters were fitted, or that the start or an assumption is set to; the others are *held
out*: no number of the model was taken from them. No fact is an effect of a funding regime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiments import facts as f
from sim.experiments import facts_of_firms as firms
from sim.experiments import gap
from sim.experiments.diary import Diary, Firms
from sim.experiments.dispatch import Progress
from sim.experiments.facts import Lived
from sim.experiments.future import IsStopped, Stopped, Task, live, never, seed_of, start
from sim.experiments.interrupt import on_interrupt
from sim.experiments.read_off import Numbers, nothing_finished, read_off
from sim.experiments.scenarios import load_all
from sim.experiments.statistics import spread
from sim.experiments.store import Store
from sim.experiments.store.answers import Answers
from sim.experiments.store.keys import plain
from sim.experiments.tasks import task_of
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter.shock import Shock, ShockKind

#: Years that are lived: the facts speak of at most twenty.
YEARS = 20
REGIME, WITHOUT = "mixed", "no_policy"
_FASTER = Shock(year=0.0, kind=ShockKind.TRANSPORT, size=-0.2)

Standing = Literal["calibration", "held out"]


@dataclass(frozen=True)
class Fact:
    """A stylised fact: accepted from ``low`` to ``high``, both included.

    ``measure`` takes what one seed lived. ``is_share`` says that it is told in per cent.
    """

    key: str
    group: str
    name: str
    low: float
    high: float
    source: str
    standing: Standing
    measure: Callable[[Lived], float]
    is_share: bool = False


@dataclass(frozen=True)
class Score:
    """A fact as simulated: median over runs, and the band of the middle 90 % of runs."""

    fact: Fact
    median: float
    low: float
    high: float
    runs: int

    @property
    def is_passed(self) -> bool:
        """Whether the median lies in the accepted range; not if there is no value."""
        return self.fact.low <= self.median <= self.fact.high


@dataclass(frozen=True)
class Scorecard:
    """All scores, with what was asked and what was lived.

    ``ending`` says what ended the runs early, if a computing cluster did.
    """

    scores: tuple[Score, ...]
    seed: int
    planned: int
    runs: int
    years: int
    ending: str = ""

    @property
    def failures(self) -> list[Score]:
        """Facts that the model misses."""
        return [score for score in self.scores if not score.is_passed]

    def passed(self, standing: Standing | None = None) -> tuple[int, int]:
        """Facts passed, and all facts, of one standing or of both."""
        of = [s for s in self.scores if standing is None or s.fact.standing == standing]
        return sum(s.is_passed for s in of), len(of)


def measure_seed(task: Task, index: int, seed: int, is_stopped: IsStopped = never) -> Numbers:
    """Live the futures of one seed and measure every fact (facts,). Raises Stopped.

    NaN where one has no value.
    """
    past = start(task, seed, index)
    scenarios = task.of(index)
    mixed, no_policy, faster = (past.fork(scenario) for scenario in scenarios)
    diary = Diary()
    diary.start(mixed.world)
    for _ in range(task.years * QUARTERS_PER_YEAR):
        if is_stopped():
            raise Stopped
        mixed.step()
        diary.observe(mixed.world)
    live(no_policy, task.years, is_stopped)
    live(faster, f.ELASTICITY_YEAR, is_stopped)
    lived = Lived(
        mixed.world,
        diary,
        mixed.history,
        no_policy.history,
        faster.history,
        Firms.of(faster.world),
        scenarios[0].assumptions,
    )
    return Numbers(index, seed, np.array([fact.measure(lived) for fact in FACTS]))


def scorecard_task(firms: int | None = None, years: int = YEARS) -> Task:
    """The shipped regime, its control without policy, and its twin with shorter travel."""
    task = task_of(load_all([REGIME, WITHOUT], firms=firms), years)
    mixed, no_policy = task.scenarios
    faster = mixed.model_copy(update={"shocks": (*mixed.shocks, _FASTER)})
    return Task((mixed, no_policy, faster), task.burn_in, years)


def run_scorecard(
    *,
    runs: int = 150,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    firms: int | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Scorecard:
    """Simulate and score, by processes here or by the workers of a Dask ``scheduler``.

    After Ctrl-C, or where the scheduler is lost, the runs that are finished are scored. Runs whose
    facts are in the ``store`` are not lived again. Raises ValueError for senseless numbers,
    DaskError, or KeyboardInterrupt if nothing was finished.
    """
    for name, value in (("runs", runs), ("workers", workers)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if seed < 0:
        raise ValueError(f"seed must not be below 0, not {seed}")
    task = scorecard_task(firms)
    tell = progress or (lambda done, total, note: None)
    lived = [plain(one) for one in (*task.scenarios, task.burn_in)]
    with on_interrupt() as is_stopped:
        found, ending = read_off(
            task,
            [(index, seed_of(seed, index)) for index in range(runs)],
            measure_seed,
            workers=workers,
            scheduler=scheduler,
            tell=lambda done, note: tell(done, runs, note),
            is_stopped=is_stopped,
            answers=Answers(store, "validate", lived, task.years),
        )
    if not found:
        raise nothing_finished(ending)
    values = np.stack([found[index] for index in sorted(found)])
    return Scorecard(scores(values), seed, runs, len(values), task.years, ending)


def scores(values: NDArray[np.float64], facts: Sequence[Fact] | None = None) -> tuple[Score, ...]:
    """Scores of the values of all runs (runs, facts); a run without a value is not counted."""
    known = np.where(np.isfinite(values), values, np.nan)
    low, high = spread(known)
    middle, _ = spread(known, 0.0)
    n = np.isfinite(values).sum(axis=0)
    return tuple(
        Score(fact, float(middle[k]), float(low[k]), float(high[k]), int(n[k]))
        for k, fact in enumerate(FACTS if facts is None else facts)
    )


_ANY = float("inf")
_ONS_SURVIVAL = "ONS 2012 cohort ±5 points [69]"

# One line a fact reads as the table that it is. Numbers in brackets: docs/evidence.md §6;
# (m): from memory of the literature, not checked against the source; (a): set by judgement.
# ruff: noqa: E501
# fmt: off
FACTS: tuple[Fact, ...] = (
    Fact("size_tail", "firms", "tail exponent of firm sizes, Hill over the top 5 %", 0.9, 1.3, "Axtell 2001: 1.06 (m)", "calibration", lambda x: x.last("size_tail", "uk")),
    Fact("birth_rate", "firms", "births a year per active firm", 0.09, 0.14, "ONS 2023–24, all UK industries [68]", "calibration", lambda x: f.turnover(x, "births"), True),
    Fact("death_rate", "firms", "deaths a year per active firm", 0.09, 0.125, "ONS 2023–24, all UK industries [68]", "calibration", lambda x: f.turnover(x, "deaths"), True),
    Fact("births_own", "firms", "births over what the eleven sectors' own rates give", 0.85, 1.15, "ONS 2024 by industry; moves by ±15 % between years (a)", "calibration", lambda x: f.against_own(x, "births")),
    Fact("deaths_own", "firms", "deaths over what the eleven sectors' own rates give", 0.85, 1.15, "ONS 2024 by industry; moves by ±15 % between years (a)", "calibration", lambda x: f.against_own(x, "deaths")),
    Fact("survival_1", "firms", "births active in the next year", 0.86, 0.96, _ONS_SURVIVAL, "calibration", lambda x: f.survival(x, 1), True),
    Fact("survival_2", "firms", "births active two years on", 0.69, 0.79, _ONS_SURVIVAL, "calibration", lambda x: f.survival(x, 2), True),
    Fact("survival_3", "firms", "births active three years on", 0.54, 0.64, _ONS_SURVIVAL, "calibration", lambda x: f.survival(x, 3), True),
    Fact("survival_4", "firms", "births active four years on", 0.45, 0.55, _ONS_SURVIVAL, "calibration", lambda x: f.survival(x, 4), True),
    Fact("survival_5", "firms", "births active five years on", 0.38, 0.48, _ONS_SURVIVAL, "calibration", lambda x: f.survival(x, 5), True),
    Fact("survival_hump", "firms", "year of the highest exit hazard", 2.0, 3.0, "ONS 2012 cohort [69]", "calibration", f.peak_hazard),
    Fact("high_growth", "firms", "firms of 10+ jobs that grow over 20 % a year for 3 years", 0.056, 0.084, "ONS 2024: 7.0 % in these sectors (all UK 4.9 %), ±20 % (a)", "calibration", firms.high_growth, True),
    Fact("growth_shape", "firms", "shape of yearly growth: 1 is a tent, 2 a bell", 0.6, 1.3, "Bottazzi & Secchi 2006; Coad 2009 (m)", "calibration", firms.growth_shape),
    Fact("size_variance", "firms", "fall of the spread of growth with size, exponent", 0.10, 0.25, "Stanley et al. 1996: 0.16 for jobs; later 0.1–0.25 (m)", "held out", firms.size_variance),
    Fact("gibrat", "firms", "slope of yearly growth on log size, survivors", -0.06, -0.002, "small firms grow faster: Evans 1987, Hall 1987 (m)", "held out", firms.gibrat),
    Fact("growth_memory", "firms", "slope of growth on that of the year before, 20+ jobs", -0.30, 0.20, "small and of either sign: review in Coad 2009 (m)", "held out", firms.growth_autocorrelation),
    Fact("productivity_memory", "firms", "slope of log value added per job on that of a year before", 0.60, 0.90, "0.6–0.8 a year: Foster, Haltiwanger & Syverson 2008; Syverson 2011 (m)", "held out", firms.productivity_persistence),
    Fact("reallocation", "firms", "jobs created and destroyed a year, of all", 0.20, 0.33, "UK 1997–2005: 29 %, Hijzen, Upward & Wright 2010 (m)", "calibration", lambda x: x.diary.reallocation(), True),
    Fact("lasting", "firms", "jobs created that are there a year later", 0.55, 0.80, "0.68–0.70: Davis, Haltiwanger & Schuh 1996 (m)", "calibration", firms.lasting, True),
    Fact("fast_growers", "firms", "new jobs of growing firms that are due to those fast growers", 0.35, 0.65, "UK: 6 % of firms, half of the new jobs, Anyadike-Danes et al. 2009 (m)", "held out", firms.fast_growers_part, True),
    Fact("growth_of_young", "firms", "growth of firms below 5 years against older ones of their size, a year", 0.005, 0.10, "young firms grow faster: Haltiwanger, Jarmin & Miranda 2013; Criscuolo et al. 2014 (m)", "calibration", firms.growth_of_young, True),
    Fact("entrant_size", "firms", "jobs of firms in their first year over those of all", 0.15, 0.50, "Bartelsman, Scarpetta & Schivardi 2005 (m)", "held out", firms.entrant_size, True),
    Fact("exits_productivity", "firms", "log value added per job of firms that end against those that stay", -0.30, -0.02, "exits are less productive: Disney, Haskel & Heden 2003 (m)", "held out", firms.productivity_of_exits),
    Fact("productivity_ratio", "firms", "90/10 ratio of value added per job inside a sector", 1.9, 5.0, "Syverson 2011: 1.9 for TFP, about 4 for labour (m)", "calibration", firms.productivity_ratio),
    Fact("density_elasticity", "place", "elasticity of value added per job to density, by experiment", 0.02, 0.08, "[34, 35]", "calibration", f.density_elasticity),
    Fact("elasticity_error", "place", "that estimate less the elasticity put in", -0.01, 0.01, "recovers the input within 0.01", "calibration", f.elasticity_error),
    Fact("localised_area", "place", "sectors localised inside areas", 0.40, 0.65, "Duranton & Overman 2005: 52 % [41]", "calibration", lambda x: f.localised_share(x, 0.0), True),
    Fact("localised_near", "place", "sectors localised within about 50 km", 0.40, 0.65, "Duranton & Overman 2005: 52 % [41]", "calibration", lambda x: f.localised_share(x, f.NEAR), True),
    Fact("eg_area", "place", "Ellison–Glaeser index over the eleven areas, mean of sectors", 0.01, 0.06, "(m); not robust to scale [99]", "calibration", lambda x: x.last("ellison_glaeser")),
    Fact("eg_wide", "place", "the same over the three statistical regions", 0.01, 0.06, "(m); not robust to scale [99]", "calibration", f.ellison_glaeser_wide),
    Fact("specialisms", "place", "areas whose named sector has a location quotient of 1.2–4", 1.0, 1.0, "the claim of the cluster policy (a)", "calibration", f.specialisms, True),
    Fact("theil_drift", "place", "drift of inequality between areas (Theil) in 20 years", -0.20, 0.20, "slow change of places (a)", "held out", lambda x: f.drift(x, "theil_gva_per_head"), True),
    Fact("gini_drift", "place", "drift of the Gini of cluster jobs in 20 years", -0.20, 0.20, "slow change of places (a)", "held out", lambda x: f.drift(x, "gini_jobs"), True),
    Fact("quotients_last", "place", "correlation of areas' location quotients over 20 years", 0.60, 0.97, "specialisms last for decades: Dumais, Ellison & Glaeser 2002 (m)", "held out", f.persistence_of_quotients),
    Fact("eg_drift", "place", "drift of the Ellison–Glaeser index in 20 years", -0.30, 0.30, "−10 % in 1972–92 in the USA, Dumais, Ellison & Glaeser 2002 (m)", "held out", lambda x: f.drift(x, "ellison_glaeser"), True),
    Fact("mean_degree", "network", "ties of a research organisation", 3.0, 10.0, "UK-size consortia (a)", "calibration", lambda x: x.last("mean_degree")),
    Fact("degree_skew", "network", "skewness of degrees", 1.0, _ANY, "right-skewed in every R&D network (m)", "held out", f.degree_skewness),
    Fact("degree_exponent", "network", "power-law exponent of the top fifth of degrees", 1.8, 3.0, "2.1 in EU programmes [100]; 2–3 in most (m)", "held out", f.degree_exponent),
    Fact("clustering", "network", "clustering, multiple of chance", 5.0, _ANY, "small worlds: far above chance [100]; 5 (a)", "held out", lambda x: x.network.shape["clustering_against_chance"]),
    Fact("path_length", "network", "steps between two organisations", 2.5, 4.0, "(m)", "held out", lambda x: x.network.shape["path_length"]),
    Fact("giant_share", "network", "organisations in the largest connected part", 0.5, 1.0, "over half, in EU programmes over nine tenths [101] (m)", "held out", lambda x: x.network.shape["giant_share"], True),
    Fact("assortativity", "network", "correlation of partners' degrees", -0.15, 0.05, "[101]", "held out", lambda x: x.network.shape["assortativity"]),
    Fact("local_partners", "network", "ties inside an area, multiple of chance", 1.5, _ANY, "collaboration is local in every study, e.g. [42, 65] (a)", "held out", f.local_partners),
    Fact("never_repeated", "network", "organisations that never meet a partner again in 7 years", 0.60, 0.80, "about 70 % in FP7 and H2020 [67]", "calibration", lambda x: x.diary.never_repeated(), True),
    Fact("tie_life", "network", "mean life of a tie, years", 1.5, 3.5, "alliances 2 years [25b]; EU projects 3 (m)", "calibration", lambda x: x.diary.tie_life()),
    Fact("hubs", "network", "degree of universities over that of others", 1.0, _ANY, "universities are the hubs [102]", "held out", f.hub_ratio),
    Fact("innovation_value", "research", "value held by the top tenth of innovations", 0.48, 0.93, "Scherer & Harhoff 2000 [50]", "calibration", f.value_share, True),
    Fact("research_top", "research", "research done by the top tenth of performers", 0.60, 1.0, "(a), after BERD 2022 [103]", "calibration", lambda x: x.last("research_top_share", "uk"), True),
    Fact("research_elasticity", "research", "elasticity of a firm's research to its jobs, performers", 0.75, 1.15, "research goes with size: Cohen & Klepper 1996 (m)", "held out", firms.research_elasticity),
    Fact("productivity_growth", "research", "growth of value added per job, a year", 0.003, 0.020, "UK before and after 2008 [105]", "calibration", lambda x: f.growth_a_year(x, "gva_per_job"), True),
    Fact("gva_growth", "research", "growth of value added, a year", 0.01, 0.03, "UK [105]", "calibration", lambda x: f.growth_a_year(x, "gva"), True),
    Fact("staff_turnover", "research", "researchers new to their organisation in a year", 0.08, 0.20, "turnover of UK research staff (m)", "calibration", f.turnover_of_staff, True),
    Fact("crowding_in", "money", "private research pounds added per public pound", 0.5, 2.3, "[51–54]", "held out", f.crowding_in),
    Fact("success_rate", "money", "bids that win", 0.15, 0.40, "21 % [90] – 34 % (EVIDENCE §5) ±6 points (a)", "calibration", lambda x: x.mean("success_rate"), True),
    Fact("bid_cost", "money", "cost of bidding per public pound received", 0.008, 0.15, "levelling-up 0.8 % [94]; NHMRC 15 % [90]", "calibration", lambda x: x.mean("bid_cost_share"), True),
    Fact("gap_one", "money", "spending lost over 15 months by a laboratory in a 3-month gap, one grant", 0.40, 0.60, "Tham 2023: 50 % [76], ±10 points (a)", "calibration", lambda x: f.gap_cut(x, gap.LAB_ONE), True),
    Fact("gap_trough", "money", "its deepest quarter", 0.60, 0.95, "Tham 2023: 90 % in the worst month [76] (a)", "calibration", f.gap_trough, True),
    Fact("gap_two", "money", "the same loss with two grants, part of that with one", 0.0, 0.67, "Tham 2023: cushioned [76] (a)", "calibration", lambda x: f.gap_cut(x, gap.LAB_TWO) / f.gap_cut(x, gap.LAB_ONE)),
    Fact("gap_firm", "money", "the same loss of a firm with cash", 0.0, 0.15, "young firms' cash absorbs 75 % of the volatility [89] (a)", "calibration", lambda x: f.gap_cut(x, gap.FIRM_RICH), True),
)
