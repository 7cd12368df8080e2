"""Ctrl-C as a wish: what is under way is brought to an end, and what is finished is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from sim.experiments.future import IsStopped


@contextmanager
def on_interrupt() -> Iterator[IsStopped]:
    """Turn the first Ctrl-C into a wish to stop; the second one stops at once.

    An exception in the midst of writing would leave half a run in the results.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set  # only the main thread hears signals
        return

    def hear(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
