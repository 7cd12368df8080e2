"""Runs that failed, put down so that the others go on, and told in the end."""

from __future__ import annotations

import os

from sim.experiments.workers import RunFailed

#: So many failures with nothing finished are no accident of a run: all would fail.
_TOO_MANY = 3
_SHOWN = 5


class Failures:
    """The failures of one command."""

    def __init__(self) -> None:
        self.found: list[RunFailed] = []

    def take(self, failure: RunFailed, *, is_any_finished: bool) -> None:
        """Put one down.

        Raises it, with its trace, where it is the third and nothing is finished, or for who debugs.
        """
        self.found.append(failure)
        is_hopeless = len(self.found) >= _TOO_MANY and not is_any_finished
        if is_hopeless or os.environ.get("CLUSTERSIM_DEBUG"):
            raise failure

    def told(self, ending: str = "") -> str:
        """What became of the runs that are missing: why each failed, and what ended them all."""
        lines = [str(one).splitlines()[0] for one in self.found]
        more = len(lines) - _SHOWN
        shown = [*lines[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        return "; ".join([*shown, *([ending] if ending else [])])

    def check(self) -> None:
        """Raise the first one, if there is any: for where nothing is finished."""
        if self.found:
            raise self.found[0]
