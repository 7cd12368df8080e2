"""Public money where it arrives, the promises and gaps that go with it, and the cost of bidding.

By place, money is counted with its holder. What an organisation that closes in a quarter was paid
in it is missing there; the accounts of the pots (``History.pots``) have every pound.
"""

from __future__ import annotations

from sim.metrics.metric import Metric, flow, ratio, stock

_RECEIVED = ("public_core", "public_research", "public_ties")

# One line a metric reads as the table that it is.
# ruff: noqa: E501
# fmt: off
METRICS: tuple[Metric, ...] = (
    flow("public_received", "£m", "public money received by organisations", *_RECEIVED),
    flow("public_core", "£m", "public money for institutions"),
    flow("public_research", "£m", "public money for research projects"),
    flow("public_ties", "£m", "public money for joint work"),
    flow("public_to_firms", "£m", "public money received by firms"),
    flow("public_to_laboratories", "£m", "public money received by laboratories"),
    flow("public_to_catapults", "£m", "public money received by catapults and national centres"),
    flow("place_grant", "£m", "public money for infrastructure", scope="region"),
    flow("public_total", "£m", "public money for organisations and infrastructure", *_RECEIVED, "place_grant", scope="region"),
    ratio("public_per_head", "£m per person", "public money for organisations and infrastructure a head", (*_RECEIVED, "place_grant"), "population", scope="region"),
    flow("returned", "£m", "unspent public money that holders gave back"),
    flow("broken_promises", "£m", "promised for the quarter and not paid"),
    flow("place_broken", "£m", "the same for infrastructure", scope="region"),
    ratio("broken_share", "share", "part of what was promised that was not paid", "broken_promises", "promised"),
    stock("holders", "organisations", "organisations that receive public money"),
    stock("gap_organisations", "organisations", "organisations that miss half or more of the public income they lately had"),
    stock("gap_institutions", "organisations", "laboratories and catapults among them"),
    ratio("gap_share", "share", "part of research organisations in a gap", "gap_organisations", "research_organisations"),
    ratio("gap_share_institutions", "share", "part of laboratories and catapults in a gap", "gap_institutions", "institutions"),
    flow("gap_months", "months", "months in a gap, summed over organisations"),
    ratio("gap_months_each", "months a year", "months in a gap per research organisation", "gap_months", "research_organisations"),
    stock("reserves", "£m", "reserves of laboratories and catapults"),
    ratio("credibility", "0–1", "belief that promises are kept, mean of researchers", "credibility_sum", "researchers"),
    ratio("continuation", "0–1", "belief that an award is followed by another, mean of researchers", "continuation_sum", "researchers"),
    ratio("horizon", "years", "believed horizon of the money for research, mean of researchers", "horizon_sum", "researchers"),
    ratio("project_length", "years", "planned length of new work, mean of researchers", "length_sum", "researchers"),
    flow("bids_written", "bids", "bids written by organisations"),
    flow("bid_effort", "FTE years", "staff time spent on bids"),
    flow("bid_cost", "£m", "cost of that time"),
    ratio("bid_cost_share", "£ per £", "cost of bids per pound of public money received", "bid_cost", _RECEIVED),
    flow("place_bid_cost", "£m", "cost of the regions' own bids", scope="region"),
    flow("bids", "bids", "bids from the region, its own included", scope="region"),
    flow("awards_won", "awards", "bids from the region that won", scope="region"),
    ratio("success_rate", "share", "awards won per bid", "awards_won", "bids", scope="region"),
    ratio("private_leverage", "£ per £", "research that holders among firms pay for themselves, per public pound they receive", "rd_business_of_holders", "public_to_firms"),
    ratio("spending_per_public_pound", "£ per £", "research performed per public pound received", ("rd_firms", "rd_laboratories", "rd_catapults"), _RECEIVED),
)
