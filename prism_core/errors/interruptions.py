"""Interruptions: recognizes exceptions that were raised by a signal handler.

A signal handler can run between any two instructions and can raise any exception: Celery's time
limit raises an `Exception`, others a `TimeoutError`. The class of an exception proves nothing, but
its traceback does: it holds the handler's frame.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from types import CodeType
from typing import Any

_NO_HANDLER = frozenset({"prism_core", "socket", "ssl"})
"""Modules that raise most errors and have no signal handlers: a fast check before the slow one."""


def is_interruption(error: BaseException) -> bool:
    """Whether a signal handler raised this."""
    traceback, module, codes = error.__traceback__, "", set()
    while traceback is not None:
        codes.add(traceback.tb_frame.f_code)
        module = str(traceback.tb_frame.f_globals.get("__name__"))
        traceback = traceback.tb_next
    if module.partition(".")[0] in _NO_HANDLER:
        return False
    return any(code in codes for handler in _handlers() for code in _codes(handler))


def raise_if_interruption(error: BaseException) -> None:
    """Raises the error again if it is an interruption."""
    if is_interruption(error):
        raise error


def returned_by(stop: StopIteration) -> Any:
    """What a generator returned. Raises `RuntimeError` if a signal handler raised `stop`."""
    traceback = stop.__traceback__  # after a return, it holds only the frame that caught it
    if traceback is not None and traceback.tb_next is not None and is_interruption(stop):
        raise RuntimeError("a signal handler of the caller's raised StopIteration")
    return stop.value


def _handlers() -> list[Any]:
    return [signal.getsignal(number) for number in signal.valid_signals()]


def _codes(handler: Any) -> Iterator[CodeType | None]:
    """The code that a handler runs: of a function, a method, a partial, a class, a callable object,
    or of what any of them wraps."""
    while isinstance(handler, partial):
        handler = handler.func
    handler = getattr(handler, "__wrapped__", handler)
    names = ("__new__", "__init__") if isinstance(handler, type) else ()
    made = (getattr(handler, name) for name in names)
    for one in (handler, type(handler).__call__, *made):
        yield getattr(one, "__code__", None)
