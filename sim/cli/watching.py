"""The commands to look on: replay, from a folder of results to a file; watch, live."""

from __future__ import annotations

from pathlib import Path

from sim.cli.terminal import Mistake, Progress, print_text


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
