"""What a file from a stranger may do: be loaded, or be refused with places; nothing else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.scenario import ScenarioError, load, load_experiment

#: Seconds of the processor in which any file that the loader admits is read or refused.
PATIENCE = 10.0
LOADERS = {"scenario.yaml": load, "experiment.yaml": load_experiment}
_WRITING = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod")
_RUNNING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect")
_watched: list[str] | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is None:
        return
    is_open = event == "open" and isinstance(arguments[1], str)
    if is_open and set(arguments[1]) & set("wax+"):
        _watched.append(f"{event} {arguments[0]!r} for writing")
    elif event in _WRITING or event in _RUNNING:
        _watched.append(f"{event} {arguments!r}")


sys.addaudithook(_hear)


@contextmanager
def nothing_touched() -> Iterator[None]:
    """Fail where anything is written, started or called while inside."""
    global _watched
    _watched = []
    try:
        yield
        assert not _watched, _watched
    finally:
        _watched = None


def judge(path: Path) -> bool:
    """Load a file as what its name says; whether it is sound. Any other end is a defect."""
    begin = time.process_time()
    try:
        with nothing_touched():
            LOADERS[path.name](path)
        return True
    except ScenarioError as error:
        assert error.problems and all(one.found for one in error.problems)
        said = str(error)
        assert not any(ord(one) < 32 and one not in "\n\t" for one in said), said
        return False
    finally:
        taken = time.process_time() - begin
        assert taken < PATIENCE, f"{taken:.1f} s"
