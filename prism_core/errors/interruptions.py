"""Interruptions: exceptions that the handler of a signal raised, told from those of other code.

A signal handler can run between any two instructions, and can raise any exception there: Celery's
time limit raises an `Exception`, others a `TimeoutError`. So the class of an exception proves
nothing. The traceback does: the handler's frame is in it.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from types import CodeType
from typing import Any

_NO_HANDLER = frozenset({"prism_core", "socket", "ssl"})
"""Modules that raise most errors, and hold no handler; looking at all handlers takes longer."""


def is_interruption(error: BaseException) -> bool:
    """Whether the handler of a signal raised this."""
    traceback, module, codes = error.__traceback__, "", set()
    while traceback is not None:
        codes.add(traceback.tb_frame.f_code)
        module = str(traceback.tb_frame.f_globals.get("__name__"))
        traceback = traceback.tb_next
    if module.partition(".")[0] in _NO_HANDLER:
        return False
    return any(code in codes for handler in _handlers() for code in _codes(handler))


def raise_if_interruption(error: BaseException) -> None:
    """Raises the error again where it is an interruption."""
    if is_interruption(error):
        raise error


def returned_by(stop: StopIteration) -> Any:
    """What a generator returned. Raises `RuntimeError` where a signal handler raised `stop`."""
    traceback = stop.__traceback__  # where a generator returned, it holds the catching frame alone
    if traceback is not None and traceback.tb_next is not None and is_interruption(stop):
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
