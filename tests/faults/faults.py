"""The faults, one function each: inject it, and count what was lost and what was wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.scene import Scene, children, end


def main_killed(scene: Scene) -> None:
    """kill -9 of the main process at a random moment, and then in peace."""
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(0, 5))
    end(process)
    scene.count.faults += 1
    scene.check_kept()
    scene.check_result(scene.start())


def worker_killed(scene: Scene) -> None:
    """kill -9 of workers at random moments: they are replaced, and their runs begun anew."""
    process = scene.start()
    for runs in (0, 1):
        while process.poll() is None and not children(process.pid):
            time.sleep(0.005)  # the first is sure to be met: a worker takes longer to start
        scene.wait_for(process, runs)
        workers = children(process.pid)
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(scene.rng.choice(workers), signal.SIGKILL)
                scene.count.faults += 1
    scene.check_result(process)


def interrupted_once(scene: Scene) -> None:
    """Ctrl-C: what is finished is kept, and the next command goes on from there."""
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(1, 4))
    end(process, signal.SIGINT)
    scene.count.faults += 1
    process.communicate(timeout=300)
    scene.check_kept()
    scene.check_result(scene.start())


def interrupted_twice(scene: Scene) -> None:
    """Ctrl-C, and again before the command has ended: it ends at once."""
    process = scene.start()
    scene.wait_for(process, scene.rng.randrange(1, 4))
    end(process, signal.SIGINT)
    end(process, signal.SIGINT)
    scene.count.faults += 1
    process.communicate(timeout=300)
    scene.check_kept()
    scene.check_result(scene.start())


def two_at_once(scene: Scene) -> None:
    """Two processes on one store, one of which is killed; then both in peace."""
    first, second = scene.start("a"), scene.start("b")
    scene.wait_for(first, scene.rng.randrange(0, 3), "a")
    end(first)
    scene.count.faults += 1
    third = scene.start("c")
    scene.check_result(second, "b")
    scene.check_result(third, "c")
    if not scene.kept():
        scene.count.lost += 1


def damaged(scene: Scene) -> None:
    """Files cut off and with flipped bits, packs and their tables among them."""
    scene.check_result(scene.start())
    files = [path for path in scene.store.rglob("*") if path.is_file() and path.stat().st_size]
    files = [path for path in files if path.name != "lock"]
    chosen = scene.rng.sample(files, min(3, len(files)))
    for path in chosen:
        content = bytearray(path.read_bytes())
        if scene.rng.random() < 0.5:
            content = content[: scene.rng.randrange(len(content))]
        else:
            content[scene.rng.randrange(len(content))] ^= 1 << scene.rng.randrange(8)
        path.write_bytes(content)
        scene.count.faults += 1
    said = scene.check_result(scene.start())
    of_runs = [path for path in chosen if "outcomes" not in path.parts]
    if of_runs and "Damaged" not in said:
        scene.count.wrong += 1


def edited(scene: Scene) -> None:
    """The scenario is edited while half of it is lived: neither is taken for the other."""
    process = scene.start(budget="450")
    scene.wait_for(process, scene.rng.randrange(1, 4))
    end(process)
    scene.count.faults += 1
    scene.check_result(scene.start())


def full(scene: Scene) -> None:
    """A disk that is full after a few runs: it says so, and goes on."""
    with mounted(scene.store, "size=400k"):
        said = scene.check_result(scene.start())
        scene.count.faults += 1
        if "takes no more runs" not in said:
            scene.count.wrong += 1
        scene.check_result(scene.start())


def read_only(scene: Scene) -> None:
    """A store that may be read and not written."""
    scene.check_result(scene.start())
    filled = scene.folder / "filled"
    scene.store.rename(filled)
    for version in filled.iterdir():
        for shard in sorted((version / "loose").glob("*"))[:1]:
            shutil.rmtree(shard)
    with mounted(scene.store, "size=20m"):
        shutil.copytree(filled, scene.store, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(scene.store)], check=True)
        scene.check_result(scene.start())
        scene.count.faults += 1


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A disk of its own in memory. Raises CannotMount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotMount from error
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


class CannotMount(Exception):
    """Only root may mount a disk in memory."""


FAULTS: tuple[Callable[[Scene], None], ...] = (
    main_killed,
    worker_killed,
    interrupted_once,
    interrupted_twice,
    two_at_once,
    damaged,
    edited,
    full,
    read_only,
)
