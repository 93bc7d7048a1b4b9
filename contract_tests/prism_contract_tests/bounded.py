"""Time limits of calls and flows: one that does not end in time is a failure."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prism_contract_tests.check import Failed
from prism_contract_tests.tape import Overrun

LONGEST_CALL = 5.0
"""Seconds, without retries. Answers come from memory: a call takes a few thousandths, and on a
machine that has much else to do perhaps a second."""


class Watch:
    """Interrupts the calls that do not end in time, each in its own thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[int, float] = {}
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float) -> None:
        """A call begins in this thread."""
        with self._lock:
            self._until[threading.get_ident()] = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def end(self) -> None:
        """The call in this thread has ended."""
        with self._lock:
            self._until.pop(threading.get_ident(), None)

    def _run(self) -> None:
        while True:
            time.sleep(0.2)
            with self._lock:
                for thread, until in self._until.items():
                    if time.monotonic() > until:
                        _interrupt(thread)


WATCH = Watch()
"""The one for all calls."""


def _interrupt(thread: int) -> None:
    """Raises `Overrun` in a thread, where Python can (CPython does)."""
    raiser = getattr(ctypes, "pythonapi", None)
    if raiser is not None:
        raiser.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overrun))


def endless(operation: str, reason: Overrun) -> Failed:
    """The failure of a call that was stopped."""
    return Failed(f"{operation} does not end: {str(reason) or 'its time is over'}")


@contextmanager
def bounded(operation: str) -> Iterator[None]:
    """A block in which a flow is driven by hand: one that does not end in time is a failure."""
    timer = threading.Timer(LONGEST_CALL, _interrupt, [threading.get_ident()])
    timer.daemon = True
    timer.start()
    try:
        yield
    except Overrun as error:
        raise endless(operation, error) from None
    finally:
        timer.cancel()
