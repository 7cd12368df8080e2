"""What was found in Python, saved as the folder that the command would write."""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path

from sim.experiments.attribution import Attribution
from sim.experiments.comparison import Study
from sim.experiments.folder import Folder
from sim.experiments.sensitivity import Sensitivity
from sim.report import attribution, sensitivity
from sim.report.folder import save_study

_COMMAND = "from Python"


@singledispatch
def save(
    found: Study | Attribution | Sensitivity, folder: str | Path, *, is_replaced: bool = False
) -> Path:
    """Write a study, an explanation or a sensitivity analysis to ``folder``.

    Raises FolderError where it cannot be written, TypeError for anything else.
    """
    raise TypeError(f"save takes a Study, an Attribution or a Sensitivity, not {found!r:.80}")


@save.register
def _(found: Study, folder: str | Path, *, is_replaced: bool = False) -> Path:
    return save_study(found, folder, is_replaced=is_replaced)


@save.register
def _(found: Attribution, folder: str | Path, *, is_replaced: bool = False) -> Path:
    with Folder(Path(folder), is_replaced=is_replaced) as place:
        return attribution.write(place, found, _COMMAND)


@save.register
def _(found: Sensitivity, folder: str | Path, *, is_replaced: bool = False) -> Path:
    with Folder(Path(folder), is_replaced=is_replaced) as place:
        return sensitivity.write(place, found, _COMMAND)
