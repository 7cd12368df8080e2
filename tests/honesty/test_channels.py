"""Each channel alone: all others off, this one on, and two futures that isolate it.

The gap must have the sign that the channel's equation says, beyond what it is with all channels
off; that is exactly zero wherever both futures have the same money in every quarter, and however
it is cut.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from sim.world.state import World
from tests.honesty.channels import (
    CHANNELS,
    DOUBT,
    FIRMS_LONG,
    FIRMS_UNPAID,
    LONG,
    SAME_FLOW,
    SHORT,
)
from tests.honesty.cuts import FIRMS, INSTITUTIONS, Cut, Future, add, differences, live, northern
from tests.honesty.switches import MEMORY, SWITCHES, switched

#: More innovations of less value each, so that their number is a rate and not luck.
MANY = 50.0


@cache
def lived(cut: Cut, on: tuple[str, ...], is_scarce: bool = False) -> Future:
    return live(cut, switched(*on, innovate__arrival_rate=MANY), is_scarce=is_scarce)


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_alone_makes_the_gap_that_its_equation_says(name: str) -> None:
    channel = CHANNELS[name]
    gaps = []
    for on in (channel.on, ()):
        one, other = (lived(cut, on, channel.is_scarce) for cut in (channel.one, channel.other))
        gaps.append(channel.outcome(one) - channel.outcome(other))
    if name in SAME_FLOW:
        assert gaps[1] == 0.0
    size = abs(channel.outcome(lived(channel.one, channel.on, channel.is_scarce)))
    assert channel.sign * (gaps[0] - gaps[1]) > 2e-5 * size


@pytest.mark.parametrize("name", [name for name, one in CHANNELS.items() if one.idle])
def test_a_channel_without_anything_to_work_on_makes_no_gap_at_all(name: str) -> None:
    channel = CHANNELS[name]
    assert channel.idle is not None
    on, one, other = channel.idle
    assert channel.outcome(lived(one, on)) == channel.outcome(lived(other, on))
    if name in SAME_FLOW:
        changed = differences(lived(one, on).world, lived(other, on).world)
        assert changed <= MEMORY | {"organisations.horizon"}


ALL = (*FIRMS, *INSTITUTIONS)
WHOLE = Cut(kinds=ALL, place=1.0)
CHOPPED = Cut(
    term=1, parts=2, kinds=ALL, place=1.0, is_broken=True, is_shared=True, quality=1.0
)  # fmt: skip
#: Parameters that read awards themselves, and not only the money that they bring.
READS_THE_CUT = {
    "plan.belief_response": "organisations.horizon",
    "staff.quit_rate": "organisations.lost",
    "collaborate.award_bond": "ties.works_until",
    "innovate.quality_value": "organisations.portfolio_quality",
    "place.quality_value": "regions.place_capital",
}


@pytest.mark.parametrize("path", SWITCHES)
def test_every_parameter_alone_is_blind_to_the_cut_or_is_known_to_read_it(path: str) -> None:
    """One ten-year award against one-quarter awards in two parts, of other leads and qualities."""
    worlds = [live(cut, switched(path)).world for cut in (WHOLE, CHOPPED)]
    changed = differences(*worlds) - MEMORY
    if path in READS_THE_CUT:
        assert READS_THE_CUT[path] in changed
    else:
        assert changed == set()


def test_belief_alone_moves_nothing_but_the_horizon() -> None:
    worlds = [live(cut, switched("plan.belief_response")).world for cut in (WHOLE, CHOPPED)]
    assert differences(*worlds) - MEMORY == {"organisations.horizon"}


@pytest.mark.parametrize("kinds", [FIRMS, INSTITUTIONS])
def test_leavers_who_are_replaced_at_once_by_their_equals_cost_nothing(
    kinds: tuple[int, ...],
) -> None:
    """Quits alone: the same people in number and effect, but for rounding."""
    one, other = (lived(replace(cut, kinds=kinds), ("staff.quit_rate",)) for cut in (LONG, SHORT))
    assert other.total("lost") > one.total("lost") + 1.0
    for name in ("effort", "spending", "knowledge", "work_in_progress", "researchers"):
        assert other.total(name) == pytest.approx(one.total(name), rel=1e-12)


def test_partners_experience_of_broken_promises_is_a_channel_of_its_own() -> None:
    """Firms are paid alike and kept their word; the institutions they work with are not.

    c'' = c' + λ · weight · (partners' kept − c'), and own research follows the horizon.
    """
    break_promises = partial(_promise_and_cancel, kinds=INSTITUTIONS)
    for on, is_felt in (((*DOUBT, "plan.partner_experience"), True), (DOUBT, False)):
        kept = live(FIRMS_LONG, switched(*on))
        broken = live(FIRMS_LONG, switched(*on), prepare=break_promises)
        gap = kept.total("own_rd") - broken.total("own_rd")
        assert gap > 0.0 if is_felt else gap == 0.0


def _promise_and_cancel(world: World, kinds: tuple[int, ...]) -> None:
    rows = northern(world, kinds)
    o = world.organisations
    add(
        world, holder=o.uid[rows], holder_row=rows, lead=o.uid[rows], weight=o.weight[rows],
        purpose=0, payment=1.0, outcome=2, start=0, end=40, length=40, announced=-1,
    )  # fmt: skip


def test_with_all_channels_off_money_moves_no_value_added_no_jobs_no_firms() -> None:
    """Not even its amount does: all that reaches the market passes through a channel."""
    paid, unpaid = lived(FIRMS_LONG, ()), lived(FIRMS_UNPAID, ())
    assert paid.total("effort") > 1.1 * unpaid.total("effort")
    for name in ("uid", "gva", "jobs", "productivity", "exports"):
        values = (getattr(future.world.organisations, name) for future in (paid, unpaid))
        np.testing.assert_array_equal(*values, err_msg=name)
