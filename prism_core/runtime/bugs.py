"""The error for a connector's own bug. It names the line of code, and never repeats the exception's
text, which may hold private data."""

from __future__ import annotations

from contextvars import ContextVar

from prism_core.errors import ConnectorBug
from prism_core.runtime.call import Call

OVERHEARD: ContextVar[list[Exception] | None] = ContextVar("OVERHEARD", default=None)
"""A list that gets the exceptions themselves. The contract kit sets it, whose data are invented; an
application has no use for it."""


def connector_bug(call: Call, error: Exception) -> ConnectorBug:
    """The error for an exception that a flow or `parse_error` raised."""
    listener = OVERHEARD.get()
    if listener is not None:
        listener.append(error)
    kind, place = type(error).__name__, place_of(error)
    return ConnectorBug(f"connector '{call.connector.name}' failed with {kind}{place}")


def place_of(error: Exception) -> str:
    """Where an exception was raised, as the end of a sentence."""
    place = ""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" in {code.co_name}, line {traceback.tb_lineno} of {code.co_filename}"
        traceback = traceback.tb_next
    return place
