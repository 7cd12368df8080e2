"""The live page in a real browser: levers turn, the view stays, what is found can be kept."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from sim.scenario import load
from tests.cli.command import call
from tests.watch.conftest import ROOT, Seen, Served, look

AWARD = '.lever:has(> label[for="lever-programme-award_length"]) input[type=number]'


@pytest.fixture(scope="module")
def live(browser: Any, served: Served) -> Iterator[Seen]:
    context, page = look(
        browser, served.url, viewport={"width": 1600, "height": 1000},
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    yield page
    context.close()


def turned(live: Seen, script: str) -> None:
    """Wait until a turn of a lever has been lived and drawn."""
    live.until(f"!document.body.dataset.busy && ({script})")
    live.frame()


def test_a_lever_lives_its_future_anew_and_the_view_stays(live: Seen) -> None:
    live.asks("clustersim.player.go(28)")
    before = live.asks(
        "[0, 1].map((k) => Array.from(clustersim.futures[k].line('knowledge', 'north')))"
    )
    live.page.fill(AWARD, "2")
    live.page.keyboard.press("Enter")
    turned(live, "clustersim.futures[0].settings.programmes.places.award_length === 2")
    after = live.asks(
        "[0, 1].map((k) => Array.from(clustersim.futures[k].line('knowledge', 'north')))"
    )
    assert after[0][0] == before[0][0]
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert live.asks("clustersim.player.time") == 28
    assert "changed" in live.page.inner_text("figcaption >> nth=0")
    assert live.asks("clustersim.live.turnTime") > 0


def test_a_slider_and_the_blend_dial(live: Seen) -> None:
    live.page.locator("#lever-collaboration-openness").press("ArrowRight")
    turned(
        live,
        "Object.keys(clustersim.live.asked[0].changes).includes('collaboration.openness')"
        " && clustersim.futures[0].settings.collaboration.openness !== 0.5",
    )
    live.page.get_by_role("button", name="Undo changes").click()
    turned(live, "clustersim.futures[0].settings.programmes.places.award_length === 10")
    dial = live.page.locator(".dial input")
    for _ in range(6):
        dial.press("ArrowLeft")
    turned(
        live,
        "clustersim.live.asked[0].share === 0.3"
        " && clustersim.futures[0].settings.programmes.places.award_length === 7.6",
    )
    dial.press("End")
    turned(live, "clustersim.futures[0].settings.programmes.places.award_length === 10")


def test_shares_still_add_up(live: Seen) -> None:
    slider = live.page.locator("#lever-money-tie_subsidy")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    turned(live, "clustersim.futures[0].settings.tie_subsidy > 0.1")
    total = live.asks(
        "(() => { const s = clustersim.futures[0].settings; return s.tie_subsidy + "
        "Object.values(s.programmes).reduce((sum, p) => sum + p.share, 0); })()"
    )
    assert total == pytest.approx(1.0, abs=1e-6)
    live.page.get_by_role("button", name="Undo changes").click()
    turned(live, "clustersim.futures[0].settings.tie_subsidy === 0.1")


def test_a_mistake_is_explained_and_undone(live: Seen) -> None:
    live.page.fill(AWARD, "49")
    live.page.keyboard.press("Enter")
    live.until("!document.getElementById('notice').hidden")
    assert "longer than the horizon" in live.page.inner_text("#notice")
    live.complaints.clear()  # the browser notes the refusal by itself
    live.page.get_by_role("button", name="Undo changes").click()
    turned(live, "document.getElementById('notice').hidden")


def test_save_load_and_copy(live: Seen, served: Served) -> None:
    live.page.fill(AWARD, "3")
    live.page.keyboard.press("Enter")
    turned(live, "clustersim.futures[0].settings.programmes.projects.award_length === 3")
    live.page.click("#copy")
    live.until("document.getElementById('notice').textContent.startsWith('Copied')")
    command = live.page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("clustersim watch long_term piecemeal --seed 1")
    assert "--first programmes.places.award_length=3" in command
    assert "--set population.firms=400" in command
    live.page.fill("#save-name", "three_years")
    live.page.click("#save")
    live.until("document.getElementById('notice').textContent.startsWith('Saved')")
    path = served.folder / "three_years.yaml"
    saved = load(path).scenario
    assert {one.award_length for one in saved.programmes.values()} == {3.0}
    assert call("check", str(path), "-q", cwd=ROOT).returncode == 0
    assert shlex.split(command)


def test_nothing_was_complained_of(live: Seen, served: Served) -> None:
    assert live.complaints == []
    assert all(url.startswith((served.url, "data:")) for url in live.requests)
