"""The replay in a real browser with the network cut: it plays, and shows the run's own data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.watch.assembly import offline_page
from sim.watch.packing import pack, unpack
from sim.watch.reading import Recording
from sim.watch.replay import recordings
from sim.watch.result import read_result
from sim.watch.scenery import scenery_message
from sim.watch.spells import STILL
from tests.watch.conftest import YEARS, Seen, look


@pytest.fixture(scope="module")
def seen(browser: Any, result: Path) -> Iterator[Seen]:
    context, page = look(browser, (result / "replay.html").as_uri(), offline=True)
    yield page
    context.close()


def test_it_is_small_complains_of_nothing_and_asks_for_nothing(seen: Seen, result: Path) -> None:
    assert (result / "replay.html").stat().st_size < 5e6
    assert seen.complaints == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in seen.requests)
    text = (result / "replay.html").read_text(encoding="utf-8")
    assert "NOT THE SAME RUN" not in seen.page.inner_text("#footer")
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_play_pause_step_and_drag(seen: Seen) -> None:
    page = seen.page
    page.select_option("#speed", "1")
    page.click("#play")
    seen.until("clustersim.player.time > 4")
    page.click("#play")
    stopped = seen.asks("clustersim.player.time")
    page.wait_for_timeout(150)
    assert seen.asks("clustersim.player.time") == stopped
    page.click("#forward")
    assert seen.asks("clustersim.player.time") == 4 * (stopped // 4 + 1)
    seen.frame()
    box = page.locator("#time").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert abs(seen.asks("clustersim.player.time") - 20) <= 1
    assert "Year" in page.inner_text("#year")


def test_keys(seen: Seen) -> None:
    seen.asks("document.activeElement.blur()")
    seen.page.keyboard.press("Home")
    assert seen.asks("clustersim.player.time") == 0
    seen.page.keyboard.press("ArrowRight")
    assert seen.asks("clustersim.player.time") == 4
    seen.page.keyboard.press("Space")
    assert seen.asks("clustersim.player.isPlaying")
    seen.page.keyboard.press("Space")
    assert not seen.asks("clustersim.player.isPlaying")
    seen.page.keyboard.press("End")
    assert seen.asks("clustersim.player.time") == 40


def test_the_picture_shows_the_numbers_of_the_run(seen: Seen, result: Path) -> None:
    futures = [Recording(message) for message in recordings(read_result(result))]
    for place, recording in enumerate(futures):
        for year in (0, 3, 10):
            alive = recording.alive(year)
            weight = recording.fixed("weight", alive)
            for name in ("jobs", "researchers", "knowledge"):
                wanted = float(np.sum(recording.amount(name, year, alive) * weight))
                script = f"""(() => {{ const f = clustersim.futures[{place}]; let sum = 0;
                    for (let i = 0; i < f.n; i++) if (f.isAlive(i, {4 * year}))
                        sum += f.weight[i] * f.amount(f.{name}, i, {4 * year});
                    return sum; }})()"""
                assert seen.asks(script) == pytest.approx(wanted, rel=1e-5)
            seen.asks(f"clustersim.player.go({4 * year})")
            seen.frame()
            drawn = seen.asks(
                f"clustersim.maps[{place}].marks.filter((m) => m.i >= 0 && m.code < 0).length"
            )
            assert drawn == np.sum(recording.fixed("institution", alive) < 0)
        gva = recording.series("gva", "north")
        script = f"Array.from(clustersim.futures[{place}].line('gva', 'north'))"
        np.testing.assert_array_equal(np.float32(seen.asks(script)), gva)


def test_the_interval_is_that_of_the_table(seen: Seen, result: Path) -> None:
    import pandas as pd

    paired = pd.read_csv(result / "paired.csv", encoding="utf-8-sig")
    row = paired[(paired.metric == "gva") & (paired.region == "north") & (paired.year == 10)].iloc[
        0
    ]
    band = seen.asks(
        "(() => { const b = clustersim.gap.of('gva', 'north');"
        " return [b.mean[10], b.low[10], b.high[10]]; })()"
    )
    # The outcomes on disk have 32 bits: of £70,000m they leave a hundredth.
    assert band == pytest.approx([row.estimate, row.low, row.high], abs=0.05)


def test_it_answers_three_questions_and_keeps_pictures(
    seen: Seen, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = os.environ.get("CLUSTERSIM_PICTURES")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    for year in (0, 5, 10):
        seen.asks(f"clustersim.player.go({4 * year})")
        seen.frame()
        seen.page.screenshot(path=str(folder / f"replay-year-{year}.png"))
    assert "most gained in" in seen.page.inner_text("#where")
    assert "paired runs" in seen.page.inner_text("#when")
    assert "→" in seen.page.inner_text("#who")
    assert seen.page.inner_text("#headline").startswith("In year 10 of this run")


def test_a_cluster_its_layers_and_layouts(seen: Seen) -> None:
    page = seen.page
    page.select_option("#cluster", label="North East: Space")
    seen.frame()
    assert seen.asks("clustersim.view.region") == 1
    assert "North East" in page.inner_text("#charts figure:nth-of-type(2) h3")
    for layer in ("supply", "people", "none", "ties"):
        page.select_option("#layer", layer)
        seen.frame()
    for layout in ("ring", "space", "map"):
        page.select_option("#layout", layout)
        seen.until("!clustersim.maps[0].isGliding")  # a glide comes to its end
    page.select_option("#cluster", "")
    assert seen.complaints == []


def test_a_tap_tells_a_story(seen: Seen) -> None:
    seen.asks("clustersim.player.go(40)")
    seen.frame()
    spot = seen.asks(
        """(() => { const map = clustersim.maps[0];
        const code = map.future.institutions.find((one) => one.name === 'Durham University').code;
        const mark = map.markOf({code}); return [mark.x, mark.y]; })()"""
    )
    seen.page.locator("#maps canvas").first.click(position={"x": spot[0], "y": spot[1]})
    seen.frame()
    story = seen.page.inner_text("#story")
    assert "Durham University" in story
    assert "Research staff" in story
    assert "award of £" in story
    for tab in ("places", "institutions", "levers", "charts"):
        seen.page.click(f"nav [data-tab={tab}]")
        seen.frame()
        assert seen.page.locator(f"#{tab}").is_visible()
    assert "differ in" in seen.page.text_content("#levers")


def test_text_of_a_scenario_is_never_code(browser: Any, result: Path, tmp_path: Path) -> None:
    head, arrays = unpack(recordings(read_result(result))[0])
    head["title"] = "<img src=x onerror=alert(1)></script><script>window.hacked=1</script>"
    messages = {
        "scenery": scenery_message(levers=[], note=head["title"]),
        "future-0": pack(head, arrays),
    }
    path = tmp_path / "odd.html"
    path.write_text(offline_page(messages), encoding="utf-8")
    context, page = look(browser, path.as_uri(), offline=True)
    assert page.asks("window.hacked") is None
    assert page.page.locator("figcaption img, footer img").count() == 0
    assert "<img" in page.page.inner_text("figcaption")
    assert page.complaints == []
    context.close()


def test_it_draws_three_thousand_organisations_and_ten_thousand_ties(
    browser: Any, result: Path, tmp_path: Path
) -> None:
    """Thirty frames a second are wanted; a shared machine without a graphics card is given room."""
    head, arrays = unpack(recordings(read_result(result))[0])
    path = tmp_path / "many.html"
    crowd = pack(head, crowded(arrays, 3_000, 10_000))
    messages = {"scenery": scenery_message(levers=[]), "future-0": crowd, "future-1": crowd}
    path.write_text(offline_page(messages), encoding="utf-8")
    context, page = look(browser, path.as_uri(), offline=True)
    page.page.select_option("#speed", "0.5")
    page.page.click("#play")
    page.until("clustersim.frames.length >= 60")
    rate = page.asks("clustersim.framesPerSecond")
    print(f"{rate:.0f} frames a second: two futures of 3,000 organisations and 10,000 ties each")
    assert rate > 8
    assert page.complaints == []
    context.close()


def crowded(arrays: dict[str, Any], n: int, ties: int) -> dict[str, Any]:
    """A recording of ``n`` organisations that live through it, with ``ties`` at any time."""
    rng = np.random.default_rng(1)
    old = len(arrays["organisation.uid"])
    made = dict(arrays)
    pick = rng.integers(0, old, n)
    for name in ("kind", "region", "sector", "institution", "weight", "parent"):
        made[f"organisation.{name}"] = arrays[f"organisation.{name}"][pick]
    made["organisation.uid"] = np.arange(n, dtype=np.int64) * 7919 + 11
    made["organisation.from"] = np.zeros(n, np.int16)
    made["organisation.to"] = np.full(n, STILL, np.int16)
    for name, values in arrays.items():
        if name.startswith("yearly."):
            made[name] = np.resize(values, n * (YEARS + 1))
    ends = rng.integers(0, n, (2, ties)).astype(np.int32)
    made["tie.source"], made["tie.target"] = ends[0], ends[1]
    made["tie.from"] = np.zeros(ties, np.int16)
    made["tie.to"] = np.full(ties, STILL, np.int16)
    return made


def test_less_motion_and_paper(browser: Any, result: Path) -> None:
    url = (result / "replay.html").as_uri()
    context, page = look(browser, url, offline=True, reduced_motion="reduce")
    page.page.select_option("#speed", "2")
    page.page.click("#play")
    page.until("clustersim.player.time > 0")
    assert page.asks("clustersim.player.time") % 4 == 0
    page.page.click("#play")
    page.page.click("nav [data-tab=story]")
    page.asks("clustersim.player.go(20)")
    page.page.emulate_media(media="print")
    page.frame()
    assert "in year 5" in page.page.inner_text("#charts figure:nth-of-type(2) h3")
    assert page.page.locator("#places-rows .row").count() == 11
    assert not page.page.locator("#play").is_visible()
    context.close()
