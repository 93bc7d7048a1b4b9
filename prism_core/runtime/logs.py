"""The log records of calls: one line each, with the same facts as fields of the record."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from prism_core.connector.extensions import INTERRUPTED, EndInfo
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.runtime.call import Call

PREFIX = "prism_"
"""Of the names of the fields: no attribute of a log record begins so."""
_ENDED = "%(word)s in %(seconds).3f s, %(attempts)d attempts"
logger = logging.getLogger("prism_core")


def is_wanted(outcome: str) -> bool:
    """Whether anybody wants the record of a call with this outcome."""
    return logger.isEnabledFor(_level(outcome))


def ended(call: Call, end: EndInfo) -> None:
    """One record when a call ends: a WARNING with the idempotency key if the outcome is unknown."""
    facts = {name: _on_one_line(value) for name, value in _facts(call, end).items()}
    text = "%(connector)s %(operation)s %(id)s: "
    text += "interrupted" if end.error == INTERRUPTED else _ENDED
    if end.outcome == "unknown":
        text += ", outcome unknown; idempotency key %(idempotency_key)s"
    names = ("reference", "connector_event_id", *end.ids)
    known = next((facts[name] for name in names if facts.get(name)), None)
    shown = {**facts, "id": known, "word": end.status or end.error or "done"}
    extra = {PREFIX + name: value for name, value in facts.items()}
    _write(_level(end.outcome), text, shown, extra=extra)


def warn(message: str, *shown: object) -> None:
    """A warning that is about no call."""
    _write(logging.WARNING, message, *shown)


def _facts(call: Call, end: EndInfo) -> dict[str, Any]:
    facts = asdict(end)
    ids: Mapping[str, str] = facts.pop("ids")
    reference = call.request.reference
    where = {"connector": call.connector.name, "operation": call.method, "reference": reference}
    return {**where, **facts, "seconds": round(end.seconds, 6), **ids}


def _on_one_line(value: Any) -> Any:
    """The value; a text with what would break or hide a line escaped, as Python writes it."""
    is_plain = not isinstance(value, str) or value.isprintable()
    return value if is_plain else repr(value)[1:-1]


def _level(outcome: str) -> int:
    return logging.WARNING if outcome == "unknown" else logging.INFO


def _write(level: int, message: str, *shown: object, extra: dict[str, Any] | None = None) -> None:
    """Logs. If a filter or handler of the caller fails, the call still returns its result."""
    try:
        logger.log(level, message, *shown, extra=extra)
    except Exception as error:
        raise_if_interruption(error)
