"""The report: what it says and in what order; nothing in it can run; it is open to everybody."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli import COMMANDS
from sim.experiments.comparison import Comparison
from sim.experiments.ensemble import run_ensemble
from sim.experiments.results import Results
from sim.experiments.saved import ResultError, read_comparison
from sim.experiments.scenarios import load_all
from sim.experiments.scorecard import FACTS
from sim.report.page import REPORT, report_page
from sim.report.page.regions import regions
from sim.report.page.tables import WHOLE, levers
from sim.report.page.weak import PLAIN, missed, shipped
from sim.report.wording import number
from tests.cli.command import call
from tests.experiments.fakes import fake

ROOT = Path(__file__).parents[2]
TITLE = '<script>alert(1)</script> & "x"'
ODD = f"extends: piecemeal\ntitle: '{TITLE}'\ndescription: '<img src=x onerror=alert(2)>'\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of three futures as it is written, one of them with words that could harm."""
    place = tmp_path_factory.mktemp("reported")
    (place / "odd.yaml").write_text(ODD, encoding="utf-8")
    names = ["long_term", place / "odd.yaml", "no_policy"]
    study = sim.compare(names, runs=3, years=2, firms=150, workers=1)
    return sim.save(study, place / "result")


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / REPORT).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pairs of known numbers: the first future has (1 + run) more a year. No figures."""
    place = tmp_path_factory.mktemp("known") / "result"
    loaded = load_all(["long_term", "piecemeal"])
    with Results(place, loaded) as results:
        ensemble = run_ensemble(
            loaded, runs=4, years=10, workers=1, sink=results, is_kept=True, simulate=fake
        )
        results.write_tables(Comparison(ensemble), "clustersim compare long_term piecemeal")
        results.finish()
    return place


class Tags(HTMLParser):
    """Every tag with its attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]


def test_the_command_makes_the_same_bytes_as_compare_did(folder: Path, text: str) -> None:
    (folder / REPORT).unlink()
    done = call("report", "result", cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert "result/report.html" in done.stdout
    assert (folder / REPORT).read_text(encoding="utf-8") == text
    assert len(text) < 3e6
    assert "(report.html)" in (folder / "summary.md").read_text(encoding="utf-8")


def test_a_moved_folder_gives_the_same_page(folder: Path, text: str, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert report_page(tmp_path / "elsewhere") == text


def test_words_of_a_scenario_are_words_and_nothing_else(text: str) -> None:
    assert html.escape(TITLE).replace("&quot;", "&#34;") in text
    tags = Tags(text)
    assert not tags.of("script", "iframe", "object", "form")
    assert not [key for _, one in tags.found for key in one if key.startswith("on")]
    assert all(str(one["src"]).startswith("data:image/svg+xml;base64,") for one in tags.of("img"))


def test_the_sections_are_in_order_and_headings_do_not_skip(text: str) -> None:
    heads = [html.unescape(head) for head in re.findall(r"<h2[^>]*>(.*?)</h2>", text)]
    assert [head.partition(". ")[0] for head in heads] == [str(n) for n in range(1, 9)]
    words = ("question", "gains", "years", "Why", "flips", "worth", "assumed", "again")
    for head, word in zip(heads, words, strict=True):
        assert word in head
    levels = [int(tag[1]) for tag, _ in Tags(text).found if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_figure_and_table_can_be_read_without_eyes(text: str) -> None:
    tags = Tags(text)
    assert tags.of("html")[0]["lang"] == "en-GB"
    pictures = [str(one["alt"]) for one in tags.of("img")]
    drawn = [one for one in tags.of("svg") if one.get("aria-hidden") != "true"]
    assert len(pictures) == 4 and len(drawn) == 2
    for words in (*pictures, *(str(one["aria-label"]) for one in drawn)):
        assert len(words.split()) > 25 and re.search(r"\d", words)
        assert "nan" not in words and "None" not in words
    assert all(one.get("role") == "img" for one in drawn)
    assert all(one.get("scope") in ("col", "row") for one in tags.of("th"))
    assert len(tags.of("table")) == len(tags.of("caption"))
    targets = {one.get("id") for _, one in tags.found}
    links = [str(one["href"]) for one in tags.of("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= targets


def test_links_lead_to_files_of_the_folder(folder: Path, text: str) -> None:
    links = {str(one["href"]) for one in Tags(text).of("a")}
    files = {link for link in links if not link.startswith("#")}
    assert {"paired.csv", "summary.md", "manifest.json"} <= files
    assert all((folder / one).is_file() for one in files)
    assert "replay.html" not in files


def test_the_replay_is_linked_where_it_is(known: Path, tmp_path: Path) -> None:
    shutil.copytree(known, tmp_path / "result")
    (tmp_path / "result" / "replay.html").write_text("x", encoding="utf-8")
    assert 'href="replay.html"' in report_page(tmp_path / "result")


def test_it_claims_no_more_than_the_intervals(folder: Path, text: str) -> None:
    comparison = read_comparison(folder)
    answers = re.findall(r'<p class="answer">(.*?)</p>', text)
    assert len(answers) == 2
    for name, answer in zip(("odd", "no_policy"), answers, strict=True):
        row = comparison.headline(name)
        assert ("cannot be told apart" in answer) == bool(row.low <= 0 <= row.high)
        assert f"ahead in {round(3 * row.share_scenario_ahead)} of 3 runs" in answer
    assert text.index("NOT THE SAME MONEY") < text.index('class="answer"')


def test_the_numbers_are_those_of_the_runs(known: Path) -> None:
    page = html.unescape(report_page(known))
    # Means of 1, 2, 3 and 4 times ten years: 25, with s = 12.91 and t(3; 0.95) = 2.353.
    assert "£25.0m a year more value added than Piecemeal" in page
    assert "90 % interval +£9.81m a year to +£40.2m a year" in page
    assert "ahead in 4 of 4 runs" in page
    assert "Long-term is surely ahead in year 5 and year 10." in page
    # Of £300m a year 95 % are spent: 285 × (1 + 1/1.035 + … + 1/1.035⁹) = £2,453m.
    assert "£2,453m in all" in page
    assert f"+£{number(1e6 * 25 / 2453.2)} a year per £1m" in page
    assert "is not in this folder" in page


def test_regions_on_the_map_are_those_of_the_table(folder: Path) -> None:
    comparison = read_comparison(folder)
    for baseline in (1, 2):
        found = regions(comparison, baseline)
        assert len(found.places) == len(found.areas) == 11
        assert [one.name for one in found.areas] == [one.name for one in found.places]
        assert [one.kind for one in found.areas] == [one.kind for one in found.places]
        assert found.sums[0].name == "The North"
        for row in found.areas:
            assert 0 <= row.low <= row.middle <= row.high <= 100
            # What is sure by itself may be luck among all that were looked at.
            assert row.kind == "unsure" or not row.low <= found.zero <= row.high


def test_only_levers_that_differ_are_told(folder: Path, known: Path) -> None:
    differ = levers(read_comparison(known)).rows
    assert differ and all(row[-1] != row[-2] for row in differ)
    assert ("award length (years)", "How long one award pays.") in [row[:2] for row in differ]
    whole = [row for row in levers(read_comparison(folder)).rows if row[0] == WHOLE]
    assert [row[-3:] for row in whole] == [("yes", "yes", "–")]


def test_what_the_model_gets_wrong_is_said(text: str) -> None:
    card = shipped()
    passed, n = card.passed()
    told = (ROOT / "docs" / "scorecard" / "scorecard.md").read_text(encoding="utf-8")
    assert f"{passed} of {n} facts pass" in told
    assert 0 < len(card.failures) == n - passed
    assert set(PLAIN) <= {fact.key for fact in FACTS}
    for score in card.failures:
        assert missed(score) in html.unescape(text)


def test_commands_that_it_names_exist(text: str) -> None:
    named = set(re.findall(r"<code>clustersim (\w+)", text))
    assert {"explain", "map", "appraise", "validate", "report"} <= named <= set(COMMANDS)


def test_one_pair_says_nothing_of_chance(tmp_path: Path) -> None:
    place = tmp_path / "result"
    loaded = load_all(["long_term", "piecemeal"])
    with Results(place, loaded) as results:
        ensemble = run_ensemble(
            loaded, runs=1, years=2, workers=1, sink=results, is_kept=True, simulate=fake
        )
        results.write_tables(Comparison(ensemble), "a test")
        results.finish()
    page = report_page(place)
    assert "a single pair of runs cannot tell policy from luck" in page
    assert "neither is surely ahead" in page and ">nan" not in page


def _alone(place: Path) -> None:
    sheet = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    del sheet["scenarios"]["piecemeal"]
    (place / "manifest.json").write_text(json.dumps(sheet), encoding="utf-8")


def _experiment(place: Path) -> None:
    sheet = {"command": "clustersim experiment concentration", "experiment": "concentration"}
    (place / "manifest.json").write_text(json.dumps(sheet), encoding="utf-8")


def _half(place: Path) -> None:
    (place / "manifest.json").write_text('{"command": ', encoding="utf-8")


def _old(place: Path) -> None:
    sheet = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    sheet["scenarios"]["piecemeal"]["settled"]["gone"] = 1
    (place / "manifest.json").write_text(json.dumps(sheet), encoding="utf-8")


def _no_table(place: Path) -> None:
    (place / "paired.csv").unlink()


def _other_table(place: Path) -> None:
    pd.DataFrame({"a": [1]}).to_csv(place / "paired.csv", index=False)


def _without_medians(place: Path) -> None:
    table = pd.read_csv(place / "paired.csv", encoding="utf-8-sig")
    table.drop(columns="median").to_csv(place / "paired.csv", index=False)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_alone, "holds one future, long_term"),
        (_experiment, "made by: clustersim experiment concentration"),
        (_half, "manifest.json cannot be read"),
        (_old, "manifest.json cannot be read by this version"),
        (_no_table, "has no paired.csv"),
        (_other_table, "cannot be read by this version"),
        (_without_medians, "cannot be read by this version"),
    ],
)
def test_a_wrong_folder_is_told_apart(
    known: Path, tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    shutil.copytree(known, tmp_path / "result")
    spoil(tmp_path / "result")
    with pytest.raises(ResultError, match=message):
        report_page(tmp_path / "result")


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = call("report", "empty", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "empty is not a folder of results" in done.stderr
    assert list(tmp_path.rglob("*")) == [tmp_path / "empty"]
    with pytest.raises(ResultError, match="absent is not a folder of results"):
        report_page(tmp_path / "absent")


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
def test_it_opens_offline_without_a_request_or_a_complaint(
    browser: Any, folder: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (folder / REPORT).as_uri()
    page.goto(address)
    assert seen == []
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert TITLE in page.inner_text("h1")
    assert page.evaluate("[...document.images].every((one) => one.naturalWidth > 500)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#answer")
    assert _contrast(page) >= 4.5
    context.close()


def _contrast(page: Any) -> float:
    """The least contrast of text with the ground behind it, by WCAG's formula."""
    found = page.evaluate(
        """() => {
          const parts = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = (one) => {
            for (; one; one = one.parentElement) {
              const rgb = parts(getComputedStyle(one).backgroundColor);
              if (rgb.length < 4 || rgb[3] > 0) return rgb;
            }
          };
          const texts = [...document.querySelectorAll("p, li, td, th, a, dt, dd, caption, h1, h2")];
          return Math.min(...texts.map((one) => {
            const [a, b] = [parts(getComputedStyle(one).color), ground(one)].map(light);
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          }));
        }"""
    )
    return float(found)


def test_no_line_of_the_answer_ends_between_a_sign_and_its_pounds(text: str) -> None:
    answers = re.findall(r'<p class="answer">(.*?)</p>', text, re.S)
    assert answers
    for answer in answers:
        bare = re.sub(r'<span class="amount">[+−]£[\d.,]+\w*</span>', "", answer)
        assert "<span" not in bare and not re.search("[+−]£", bare)
        assert "amount" in answer
