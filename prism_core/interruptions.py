"""Interruptions: telling what the handler of a signal raised from what the code in its way did.

A handler runs in the middle of anything, and may raise any exception there: Celery's time limit
raises an `Exception`, others a `TimeoutError`. Its class says nothing; that the handler's own
frame is in the traceback does.
"""

from __future__ import annotations

import signal
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
    return not codes.isdisjoint(map(_code, _handlers()))


def check_own(error: BaseException) -> None:
    """Raises an error anew that is an interruption, and lets every other pass."""
    if is_interruption(error):
        raise error


def _handlers() -> list[Any]:
    return [signal.getsignal(number) for number in signal.valid_signals()]


def _code(handler: Any) -> CodeType | None:
    """What a handler runs: a function, a method, a partial, or an object that can be called."""
    handler = getattr(handler, "func", handler)
    if not hasattr(handler, "__code__"):
        handler = getattr(handler, "__func__", vars(type(handler)).get("__call__"))
    return getattr(handler, "__code__", None)
