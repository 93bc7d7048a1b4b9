"""Interruptions: telling what the handler of a signal raised from what the code in its way did.

A handler runs in the middle of anything, and may raise any exception there: Celery's time limit
raises an `Exception`, others a `TimeoutError`. Its class says nothing; that the handler's own
frame is in the traceback does.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from types import CodeType
from typing import Any

_NO_HANDLER = frozenset({"prism_core", "socket", "ssl"})
"""Whose own code raises most errors; looking at all handlers takes longer."""


def is_interruption(error: BaseException) -> bool:
    """Whether the handler of a signal raised this."""
    place, module, codes = error.__traceback__, "", set()
    while place is not None:
        codes.add(place.tb_frame.f_code)
        module = str(place.tb_frame.f_globals.get("__name__"))
        place = place.tb_next
    if module.partition(".")[0] in _NO_HANDLER:
        return False
    return any(code in codes for handler in _handlers() for code in _codes(handler))


def check_own(error: BaseException) -> None:
    """Raises an error anew that is an interruption, and lets every other pass."""
    if is_interruption(error):
        raise error


def value_of(stop: StopIteration) -> Any:
    """What a generator returned; an error where the handler of a signal raised this instead."""
    place = stop.__traceback__  # of a generator's return, the frame that catches it is all
    if place is not None and place.tb_next is not None and is_interruption(stop):
        raise RuntimeError("a signal handler of the caller's raised StopIteration")
    return stop.value


def _handlers() -> list[Any]:
    return [signal.getsignal(number) for number in signal.valid_signals()]


def _codes(handler: Any) -> Iterator[CodeType | None]:
    """What a handler runs: a function, a method, a partial, a class, an object that can be called,
    or what any of them wraps."""
    while isinstance(handler, partial):
        handler = handler.func
    handler = getattr(handler, "__wrapped__", handler)
    names = ("__new__", "__init__") if isinstance(handler, type) else ()
    made = (getattr(handler, name) for name in names)
    for one in (handler, type(handler).__call__, *made):
        yield getattr(one, "__code__", None)
