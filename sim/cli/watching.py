"""The commands to look on: replay, from a folder of results to a file; watch, live."""

from __future__ import annotations

import sys
import webbrowser
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import stores
from sim.cli.options import Firms, NoStore, Quiet, Seed, Settings, StoreFolder, Years
from sim.cli.running import parsed
from sim.cli.terminal import Mistake, Progress, print_text

if TYPE_CHECKING:
    from sim.watch.worker import Worker


def replay(
    folder: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Folder that compare or run wrote.")
    ],
    against: Annotated[
        str | None,
        typer.Option("--against", help="The second future, where there are more than two."),
    ] = None,
    film: Annotated[
        list[Path] | None,
        typer.Option("--film", help="Also write this .gif, .mp4 or .png (a strip); repeatable."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: replay.html in the folder.")
    ] = None,
    is_quiet: Quiet = False,
) -> None:
    """Make one HTML file of the first run of a result, to watch in any browser without a network.

    The run is lived again from the manifest. Films are for slides.
    """
    films = film or []
    from sim.experiments.folder import write_whole
    from sim.report.folder import REPLAY
    from sim.watch.film import KINDS, write_film
    from sim.watch.replay import recordings
    from sim.watch.replay import replay as page_of
    from sim.watch.result import read_result

    for one in films:
        if one.suffix.lower() not in KINDS:
            raise Mistake(f"--film {one}: expected a name that ends in {', '.join(KINDS)}")
    result = read_result(folder, against)
    path = output if output is not None else folder / REPLAY
    with Progress("Living the futures again", is_quiet, unit="futures") as progress:
        futures = recordings(result, progress)
    write_whole(path, page_of(result, futures))
    for one in films:
        with Progress(f"Drawing {one.name}", is_quiet, unit="frames") as progress:
            write_film(one, futures, progress)
    if not is_quiet:
        for made in (path, *films):
            print_text(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")


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
    store: Path | None
    is_storeless: bool
    is_quiet: bool


def watch(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[A] [B]",
            help="One or two names or paths, or a blend such as long_term~piecemeal@0.3; "
            "default: long_term piecemeal.",
        ),
    ] = None,
    seed: Seed = 1,
    years: Years = None,
    firms: Firms = None,
    settings: Settings = None,
    first: Annotated[
        list[str] | None,
        typer.Option("--first", metavar="KEY=VALUE", help="Set a key of the first future only."),
    ] = None,
    second: Annotated[
        list[str] | None,
        typer.Option("--second", metavar="KEY=VALUE", help="Set a key of the second future only."),
    ] = None,
    year: Annotated[int, typer.Option("--year", min=0, help="Year to begin to look at.")] = 0,
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the page may save scenarios, and nothing else.")
    ] = Path("scenarios"),
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Default: 8642, or a free one.")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    store: StoreFolder = None,
    is_storeless: NoStore = False,
    is_quiet: Quiet = False,
) -> None:
    """Watch two futures side by side in the browser, and turn the levers while you look.

    A page on this machine only; stop it with Ctrl-C. Needs the extra "watch" of clustersim.
    """
    common = parsed(settings)
    if firms is not None:
        common["population.firms"] = str(firms)
    names = scenarios or ["long_term", "piecemeal"]
    own = parsed(first), parsed(second)
    asked = Watch(
        names, seed, years, year, common, own, folder, port, is_opened, store, is_storeless,
        is_quiet,
    )  # fmt: skip
    if len(asked.scenarios) > 2:
        raise Mistake(f"watch shows one future or two, not {len(asked.scenarios)}")
    from sim.watch.worker import Worker

    with ExitStack() as stack:
        # They are there before the server is imported, and live the first futures meanwhile.
        team = [Worker() for _ in asked.scenarios]
        for worker in team:
            stack.callback(worker.close)
        _serve(asked, team, stack)
    if not asked.is_quiet:
        print_text("Stopped.")


def _serve(asked: Watch, team: list[Worker], stack: ExitStack) -> None:
    from sim.watch.asked import Shelf, asked_of
    from sim.watch.studio import Studio

    opening = []
    for text, own in zip(asked.scenarios, asked.own_settings, strict=False):
        one = asked_of(text)
        changes = {key: plain(value) for key, value in own.items()}
        opening.append(one.model_copy(update={"changes": changes}))
    named = [name for one in opening for name in (one.base, one.toward) if name]
    shelf = Shelf(named, asked.settings)
    runs = stores.opened(asked.store, asked.is_storeless)
    studio = Studio(shelf, opening, asked.seed, asked.years, asked.folder, team, runs)
    stack.callback(studio.close)
    studio.warm_up()
    try:
        from sim.watch.server import HOST, listening, serve
    except ModuleNotFoundError as error:
        raise Mistake(
            f"watch needs {error.name}, which is not installed: pip install 'clustersim[watch]'"
        ) from None
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
