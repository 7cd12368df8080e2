"""What is read off runs by commands that keep none of them: an array of each, stored or lived.

Facts, levels or worths, it is all one: runs are lived by processes here or under a Dask scheduler,
and what came of them is put under their number, so that the order in which they finish is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.dask_workers import DaskError, DaskLost
from sim.experiments.dispatch import finished
from sim.experiments.failures import Failures
from sim.experiments.future import Finished, IsStopped, Task, Work
from sim.experiments.store.answers import Answers
from sim.experiments.workers import Job, RunFailed

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Numbers(Finished):
    """What was read off the futures of one seed, an array of any shape, in place of the futures."""

    numbers: Vector


def read_off(
    task: Task,
    jobs: Sequence[Job],
    simulate: Work,
    *,
    workers: int | None,
    scheduler: str | None,
    tell: Callable[[int, str], None],
    is_stopped: IsStopped,
    is_later: bool = False,
    failures: Failures | None = None,
    answers: Answers | None = None,
    key: Callable[[int, int], tuple[Any, ...]] = lambda index, seed: (seed,),
    pick: Callable[[Vector], Vector] = lambda numbers: numbers,
) -> tuple[dict[int, Vector], str]:
    """The ``Numbers`` of all jobs by their index, and why some are missing, if not by Ctrl-C.

    A job whose numbers are among the ``answers``, under the ``key`` of its index and seed, is not
    lived, and what is lived is added to them; ``pick`` says what of the numbers is handed back.
    ``tell`` hears how many jobs are finished. Fewer are after Ctrl-C, where the Dask ``scheduler``
    is lost, and where a run fails, or ends its worker time and again, which stops no other. Raises
    DaskError where the scheduler cannot be used, RunFailed where nothing but failures came of the
    jobs; not if this ``is_later`` than other jobs of the same command, which are not to be lost
    with it. Who goes on without what failed gives ``failures``, and tells of them in the end.
    """
    known = answers or Answers(None)
    found: dict[int, Vector] = {}
    wanted: list[Job] = []
    for job in jobs:
        numbers = known.find(*key(*job))
        if numbers is None:
            wanted.append(job)
        else:
            found[job[0]] = pick(numbers)
    tell(len(found), "")

    def pass_on(_: int, __: int, note: str) -> None:
        tell(len(found), note)

    failed = Failures() if failures is None else failures

    def on_failure(failure: RunFailed) -> None:
        failed.take(failure, is_any_finished=is_later or bool(found))

    asked = (task, wanted, workers, simulate, pass_on, is_stopped, scheduler, on_failure)
    # A run that has ended its command is the one that is left when the command is given again.
    is_apart = workers != 1 and bool(found)
    try:
        for answer in finished(*asked, is_apart=is_apart) if wanted else ():
            assert isinstance(answer, Numbers)
            found[answer.index] = pick(answer.numbers)
            known.add(answer.numbers, *key(answer.index, answer.seed))
            tell(len(found), "")
    except DaskError as error:
        if not (is_later or isinstance(error, DaskLost)):
            raise
        return found, failed.told(str(error)) if failures is None else str(error)
    if not (is_later or found):
        failed.check()
    return found, failed.told() if failures is None else ""


def nothing_finished(ending: str) -> BaseException:
    """What is raised where nothing is finished: what ended it, or the Ctrl-C of the person."""
    return DaskLost(ending) if ending else KeyboardInterrupt()
