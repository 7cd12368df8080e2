"""The commands to look on: replay, from a folder of results to a file; watch, live."""

from __future__ import annotations

import sys
import webbrowser
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.terminal import Mistake, Progress, print_text

if TYPE_CHECKING:
    from sim.watch.worker import Worker


def replay(
    folder: Path, against: str | None, films: list[Path], output: Path | None, is_quiet: bool
) -> None:
    """Live the first run of a result again; write it as a page, and as films where asked."""
    from sim.report.folder import REPLAY
    from sim.watch.film import KINDS, write_film
    from sim.watch.replay import recordings
    from sim.watch.replay import replay as page_of
    from sim.watch.result import read_result

    for film in films:
        if film.suffix.lower() not in KINDS:
            raise Mistake(f"--film {film}: expected a name that ends in {', '.join(KINDS)}")
    result = read_result(folder, against)
    path = output if output is not None else folder / REPLAY
    with Progress("Living the futures again", is_quiet, unit="futures") as progress:
        futures = recordings(result, progress)
    _write(path, page_of(result, futures))
    for film in films:
        with Progress(f"Drawing {film.name}", is_quiet, unit="frames") as progress:
            write_film(film, futures, progress)
    if not is_quiet:
        for made in (path, *films):
            print_text(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")


def _write(path: Path, text: str) -> None:
    """Write a file that is whole or not there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


#: Where the page is found unless that is taken; told to nobody but this machine.
USUAL_PORT = 8642


@dataclass(frozen=True)
class Watch:
    """What was asked of ``watch``."""

    scenarios: list[str]
    seed: int
    years: int | None
    year: int
    settings: dict[str, str]
    own_settings: tuple[dict[str, str], dict[str, str]]
    folder: Path
    port: int | None
    is_opened: bool
    is_quiet: bool


def watch(asked: Watch) -> None:
    """Serve the page on this machine and open it in the browser."""
    if len(asked.scenarios) > 2:
        raise Mistake(f"watch shows one future or two, not {len(asked.scenarios)}")
    from sim.watch.worker import Worker

    with ExitStack() as stack:
        # They start while this process imports what it needs, and live the first futures at once.
        team = [Worker() for _ in asked.scenarios]
        for worker in team:
            stack.callback(worker.close)
        _serve(asked, team, stack)
    if not asked.is_quiet:
        print_text("Stopped.")


def _serve(asked: Watch, team: list[Worker], stack: ExitStack) -> None:
    try:
        from sim.watch.server import HOST, listening, serve
    except ModuleNotFoundError as error:
        raise Mistake(
            f"watch needs {error.name}, which is not installed: pip install 'clustersim[watch]'"
        ) from None
    from sim.watch.asked import Shelf, asked_of
    from sim.watch.studio import Studio

    opening = []
    for text, own in zip(asked.scenarios, asked.own_settings, strict=False):
        one = asked_of(text)
        changes = {key: plain(value) for key, value in own.items()}
        opening.append(one.model_copy(update={"changes": changes}))
    named = [name for one in opening for name in (one.base, one.toward) if name]
    shelf = Shelf(named, asked.settings)
    studio = Studio(shelf, opening, asked.seed, asked.years, asked.folder, team)
    stack.callback(studio.stop_pairs)
    studio.warm_up()
    at = listening(asked.port, USUAL_PORT)
    url = f"http://{HOST}:{at.getsockname()[1]}/"

    def opened() -> None:
        if not asked.is_quiet:
            print_text(f"Watch at {url} (stop with Ctrl-C)")
            sys.stdout.flush()
        if asked.is_opened:
            webbrowser.open(url)

    # Ctrl-C is the usual way to stop it.
    with suppress(KeyboardInterrupt):
        serve(studio, at, asked.year, opened)


def plain(text: str) -> Any:
    """The value of a YAML text on the command line. Raises ScenarioError."""
    from sim.scenario.reader import read

    value, problems = read(text, text)
    if problems:
        from sim.scenario import ScenarioError

        raise ScenarioError(problems)
    return value.plain()
