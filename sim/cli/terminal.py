"""What a person meets: errors without tracebacks, progress on the error stream, tables."""

from __future__ import annotations

import functools
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

Parameters = ParamSpec("Parameters")

FAILURE, MISTAKE, INTERRUPTED = 1, 2, 130
_PATIENCE = 2.0  # seconds before anything is said of progress
_SPARSE = 10.0  # seconds between lines where there is no terminal


class Mistake(Exception):
    """The person asked for something that cannot be; the message says what would."""


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """End a command by the exit code that its error deserves, with a sentence."""

    @functools.wraps(command)
    def inner(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader, such as head, has had enough; Python would complain again on leaving.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FAILURE)
        except KeyboardInterrupt:
            say("Interrupted before anything was finished; nothing was written.")
            sys.exit(INTERRUPTED)
        except Exception as error:
            if os.environ.get("CLUSTERSIM_DEBUG"):
                raise
            message, code = explained(error)
            say(message)
            sys.exit(code)

    return inner


def explained(error: Exception) -> tuple[str, int]:
    """What to tell a person of an error, and the exit code."""
    name = type(error).__name__
    if name == "ScenarioError":
        return str(error), MISTAKE
    if isinstance(error, Mistake):
        return f"Error: {error}", MISTAKE
    if name in ("FolderTaken", "ResultError"):
        return f"Error: {error}", MISTAKE
    if name == "RunFailed":
        said, *trace = str(error).splitlines()
        where = "\nSet CLUSTERSIM_DEBUG=1 to see where." if trace else ""
        return f"Error: {said}.{where}\n{_again()}", FAILURE
    if name in ("FolderError", "WorkerError", "DataError", "DaskError", "DaskLost"):
        return f"Error: {error}", FAILURE
    if isinstance(error, MemoryError):
        return "Error: not enough memory; take fewer firms, runs or workers.", FAILURE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"Error: {where}{error.strerror or error}", FAILURE
    return (
        f"Error: {name}: {error}\nThis should not happen. Set CLUSTERSIM_DEBUG=1 to see where, and "
        "please report it.",
        FAILURE,
    )


def command_line() -> str:
    """What was typed, so that it can be typed again."""
    return shlex.join(["clustersim", *sys.argv[1:]])


def _again() -> str:
    """How to live what is missing: what is finished comes out of the store."""
    words = sys.argv[1:]
    is_taken = any(word.startswith(("-o", "--output")) for word in words)
    force = " --force" if is_taken and "--force" not in words else ""
    return f"To live what is missing again: {command_line()}{force}"


def say(message: str) -> None:
    """Print to the error stream."""
    print(message, file=sys.stderr, flush=True)


def stop_short(done: int, planned: int, cause: str = "") -> NoReturn:
    """Leave with the runs that are finished; ``cause`` is what ended it, if not the person."""
    stop_with(f"{done} of {planned} runs are finished and kept", cause)


def stop_with(kept: str, cause: str) -> NoReturn:
    """Leave with what is ``kept``, as told in words; ``cause`` as above."""
    say(f"Error: {cause}. {kept[0].upper()}{kept[1:]}." if cause else f"Interrupted: {kept}.")
    say(_again())
    sys.exit(FAILURE if cause else INTERRUPTED)


class Progress:
    """What is done and the time left, on the error stream.

    A bar on a terminal; elsewhere a line now and then, and nothing for what is done within two
    seconds. Silent if ``is_quiet``.
    """

    def __init__(self, what: str, is_quiet: bool = False, unit: str = "runs") -> None:
        self._what = what
        self._unit = unit
        self._is_quiet = is_quiet
        self._bar: RichProgress | None = None
        self._task: Any = None
        self._start = self._said = time.monotonic()
        self._note = ""
        # The first run waits for what is compiled, and says nothing of the others.
        self._first: tuple[float, int] | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int, note: str) -> None:
        """Take note of ``done`` of ``total`` (runs or years)."""
        if self._is_quiet:
            return
        if sys.stderr.isatty():
            self._draw(done, total, note)
        else:
            self._print(done, total, note)

    def mention(self, what: str) -> None:
        """Say what is being done now that the runs are finished."""
        if self._bar is not None:
            self._bar.update(self._task, description=f"Drawing {what}")

    def _draw(self, done: int, total: int, note: str) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=total)
        text = f"{self._what}: {note}" if note else self._what
        self._bar.update(self._task, completed=done, total=total, description=text)

    def _print(self, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        if note and note != self._note:
            self._note = note
            say(f"{self._what}: {note}")
        if not done:
            return
        begun, had = self._first = self._first or (now, done)
        if now - self._start < _PATIENCE or now - self._said < _SPARSE:
            return
        self._said = now
        left = ""
        if done > had:
            left = f", about {(now - begun) / (done - had) * (total - done):.0f} s left"
        say(f"{self._what}: {done} of {total} {self._unit}{left}")


def print_table(
    title: str, head: Iterable[str], rows: Iterable[Iterable[str]], n_text: int = 1
) -> None:
    """A table on the terminal; the first ``n_text`` columns are text, the others numbers."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", title_style="bold", box=None)
    for number, name in enumerate(head):
        table.add_column(name, justify="left" if number < n_text else "right", overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    # Where nobody looks (a pipe, a file), lines are not broken to fit.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)


def print_text(text: str, style: str = "") -> None:
    """A paragraph, broken to fit the terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    Console(highlight=False, width=width).print(text, style=style or None, markup=False)
