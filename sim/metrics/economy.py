"""Jobs, value added, firms, research, knowledge and places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.metrics.metric import Metric, Totals, divided, flow, ratio, stock


def location_quotient(totals: Totals) -> NDArray[np.float64]:
    """(E_as / E_a) / (E_s / E): jobs of a sector in an area's jobs against its part in all jobs.

    E_a are all jobs of the area, the rest of its economy included; the nation is the last area.
    """
    jobs = totals["jobs"]
    everybody = (
        jobs[:, -1:] + totals["institution_jobs"][:, -1:] + totals["background_jobs"][:, -1:]
    )
    share = divided(jobs, np.broadcast_to(everybody, jobs.shape))
    return divided(share, np.broadcast_to(share[-1:], share.shape))


_RESEARCH = ("rd_firms", "rd_laboratories", "rd_catapults")

# One line a metric reads as the table that it is.
# ruff: noqa: E501
# fmt: off
METRICS: tuple[Metric, ...] = (
    stock("jobs", "jobs", "jobs of the firms of the eleven sectors"),
    stock("gva", "£m a year", "value added of the firms of the eleven sectors"),
    ratio("gva_per_job", "£m a year per job", "value added per job", "gva", "jobs"),
    stock("exports", "£m a year", "part of value added that is sold in world markets"),
    stock("firms", "firms", "real firms"),
    flow("births", "firms", "firms born"),
    flow("deaths", "firms", "firms that closed"),
    flow("jobs_closed", "jobs", "jobs of the firms that closed"),
    ratio("birth_rate", "per year", "births per firm", "births", "firms"),
    ratio("death_rate", "per year", "deaths per firm", "deaths", "firms"),
    ratio("survival_1", "share", "firms alive of those born in the year that ended 1 year ago", "firms_aged_1", "births", lag=1),
    ratio("survival_3", "share", "firms alive of those born in the year that ended 3 years ago", "firms_aged_3", "births", lag=3),
    ratio("survival_5", "share", "firms alive of those born in the year that ended 5 years ago", "firms_aged_5", "births", lag=5),
    stock("research_active_firms", "firms", "firms that do research of their own"),
    stock("research_organisations", "organisations", "firms, laboratories and catapults that do research"),
    flow("rd_performed", "£m", "research performed: by firms, laboratories (by field) and catapults", *_RESEARCH),
    flow("rd_firms", "£m", "research performed by firms"),
    flow("rd_laboratories", "£m", "research performed by laboratories of universities"),
    flow("rd_catapults", "£m", "research performed by catapults and national centres"),
    flow("rd_business", "£m", "research that firms pay for themselves"),
    flow("rd_background", "£m", "income alike in every future: background research funding, commercial work"),
    flow("effort", "£m", "effective research: staff and their experience, less bids and ties"),
    stock("researchers", "FTE", "research staff"),
    stock("researchers_firms", "FTE", "research staff of firms"),
    stock("researchers_laboratories", "FTE", "research staff of laboratories"),
    stock("researchers_catapults", "FTE", "research staff of catapults and national centres"),
    ratio("experience", "0–1", "effect of a team against a fully trained one, mean of researchers", "experience_sum", "researchers"),
    flow("hired", "FTE", "researchers hired"),
    flow("staff_lost", "FTE", "researchers let go or gone"),
    flow("knowledge_lost", "£m", "knowledge that went with them"),
    stock("knowledge", "£m", "knowledge stock of organisations"),
    stock("knowledge_pool", "£m", "codified knowledge in use"),
    flow("knowledge_inflow", "£m", "knowledge from partners and place", "inflow"),
    stock("work_in_progress", "£m", "research begun and not finished"),
    flow("innovations", "innovations", "innovations that arrived"),
    flow("innovation_value", "£m", "value of the innovations that arrived"),
    Metric("location_quotient", "ratio", "part of a sector in an area's jobs, against the nation", "ratio", "cell", of_totals=location_quotient),
    stock("background_jobs", "jobs", "jobs in the rest of the economy", scope="region"),
    stock("background_gva", "£m a year", "value added of the rest of the economy at its value per job of the start", scope="region"),
    ratio("gva_per_head", "£m a year per person", "value added of the clusters a head", "gva", "population", scope="region"),
    stock("skilled_pool", "FTE", "trained people open to a research post", scope="region"),
    flow("staff_left", "FTE", "people let go who left the region or research", scope="region"),
    flow("migrated", "FTE", "net movement of skilled people into the region", scope="region"),
    ratio("wage", "index, start 1", "cost of a researcher, mean by the usual pool", "wage_sum", "skilled_pool_usual", scope="region"),
    stock("place_capital", "£m", "infrastructure, premises, business support", scope="region"),
    ratio("congestion", "log", "land and wage cost above the start, mean by population", "congestion_sum", "population", scope="region"),
    ratio("density", "jobs", "jobs within reach, mean by population", "density_sum", "population", scope="region"),
    ratio("bid_capacity", "index", "practice in bidding, mean by population", "bid_capacity_sum", "population", scope="region"),
)
