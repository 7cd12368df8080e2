"""The compiled loops of a call: which projects are proposed, and what is true and seen of each."""

from __future__ import annotations

import math

from sim import luck
from sim.kernel import kernel


@kernel
def who_asks(
    seed,
    quarter,
    pot_uid,
    uid,
    may_ask,
    spending,
    researchers,
    bid_effort,
    n_partners,
    held,
    is_formula,
    award_size,
    absorption,
    partners_needed,
    readiness,
    own_signal,
    bid_years,
    value_of_bid,
    cost_of_bid,
    most,
    row_out,
    ordinal_out,
):
    """Fill ``row_out`` and ``ordinal_out`` with the projects that are proposed; return how many.

    ``value_of_bid`` is the surplus expected per £m a year of award, ``cost_of_bid`` in £m.
    """
    n = 0
    for i in range(uid.shape[0]):
        if not may_ask[i] or spending[i] <= 0.0 or n_partners[i] < partners_needed:
            continue
        if is_formula:
            row_out[n] = i
            ordinal_out[n] = 0
            n += 1
            continue
        room = absorption * spending[i] * 4.0
        slots = max(1, int(room / award_size)) - held[i]
        award = min(award_size, room)
        spare = 0.5 * researchers[i] - bid_effort[i]
        for ordinal in range(min(slots, most)):
            if spare < 4.0 * bid_years:
                break
            key = quarter | (ordinal << 32)
            if luck.uniform(seed, luck.BID_READINESS, uid[i] ^ pot_uid, key) >= readiness:
                continue
            quality = luck.normal(seed, luck.PROJECT_QUALITY, uid[i], key)
            noise = luck.normal(seed, luck.OWN_VIEW, uid[i], key)
            view = own_signal * quality + math.sqrt(1.0 - own_signal * own_signal) * noise
            if award * value_of_bid * math.exp(view) > cost_of_bid:
                row_out[n] = i
                ordinal_out[n] = ordinal
                n += 1
                spare -= 4.0 * bid_years
    return n


@kernel
def judge(seed, quarter, pot_uid, uid, ordinal, quality, panel_noise, local_noise, lot, stagger):
    """True quality of each project, and the noise in what the panel and the region see of it."""
    for k in range(uid.shape[0]):
        key = quarter | (ordinal[k] << 32)
        quality[k] = luck.normal(seed, luck.PROJECT_QUALITY, uid[k], key)
        panel_noise[k] = luck.normal(seed, luck.PANEL_NOISE, uid[k] ^ pot_uid, key)
        local_noise[k] = luck.normal(seed, luck.PANEL_NOISE, uid[k], key)
        lot[k], stagger[k] = luck.uniform_pair(seed, luck.LOTTERY, uid[k] ^ pot_uid, key)
