"""What is checked before anything is sent: the request against what its connector declares, and
against what its flow has read of it."""

from __future__ import annotations

import time
from functools import cache

from prism_core.connector.hookspecs import request_type
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.limits import Limit
from prism_core.errors import InvalidRequest
from prism_core.runtime.reads import Noted, has_read, unread, value_of
from prism_core.schema.base import Request
from prism_core.schema.payment_methods import Card
from prism_core.schema.secrets import reveal


def check(info: ConnectorInfo, operation: str, request: Request) -> None:
    """Raises `InvalidRequest` for what this connector would surely be refused."""
    if not info.account.honours_keys() and getattr(request, "idempotency_key", None) is not None:
        raise unkeyed(info, operation)
    for name in info.needs.get(operation, ()):
        if getattr(request, name) is None:
            raise InvalidRequest(
                f"{info.display_name} needs {name} with {operation}; give it", field=name
            )
    method = getattr(request, "payment_method", None)
    if method is not None and not isinstance(method, info.payment_methods):
        kinds = ", ".join(kind.__name__ for kind in info.payment_methods)
        raise InvalidRequest(
            f"{info.display_name} takes {kinds} here, not {type(method).__name__}",
            field="payment_method",
        )
    capture = getattr(request, "capture_method", None)
    if capture is not None and capture not in info.capture_methods:
        known = ", ".join(method.value for method in info.capture_methods)
        raise InvalidRequest(
            f"{info.display_name} captures {known}, not {capture.value}", field="capture_method"
        )
    if isinstance(method, Card):
        _check_card(info, method)


def _check_card(info: ConnectorInfo, card: Card) -> None:
    # The last place on earth where the month ends is twelve hours behind UTC.
    today = time.gmtime(time.time() - 12 * 3600)
    if (card.exp_year, card.exp_month) < (today.tm_year, today.tm_mon):
        raise InvalidRequest("the card is expired; ask for another", field="payment_method")
    if not info.accepts_non_luhn and not card.passes_luhn():
        raise InvalidRequest(
            "the card number is mistyped: its check digit is wrong", field="payment_method"
        )


def check_reads(info: ConnectorInfo, operation: str, noted: Noted) -> tuple[str, ...]:
    """The given fields that the flow has not read and that may be left out. Raises
    `InvalidRequest` for any other that it has not read."""
    left_out = tuple(unread(noted))
    for path in left_out:
        if not _may_leave_out(info, operation, noted, path):
            raise _unsendable(info, operation, value_of(noted), path)
    return left_out


def unkeyed(info: ConnectorInfo, operation: str) -> InvalidRequest:
    """The refusal of an idempotency key that the processor does not honour with an operation."""
    problem = f"cannot send idempotency_key with {operation}; leave it out"
    return InvalidRequest(f"{info.display_name} {problem}", field="idempotency_key")


def missing_id(info: ConnectorInfo, operation: str, noted: Noted) -> InvalidRequest:
    """The refusal of a request without the id that the processor must be asked by."""
    request = value_of(noted)
    ids = (name for name in noted.__dict__ if name.endswith("_id"))
    missing = [name for name in ids if getattr(request, name) is None]
    for name in unread(noted) if operation.startswith("get_") else ():
        if name.replace("merchant_", "connector_", 1) in missing:
            return _unsendable(info, operation, request, name)
    field = missing[-1] if missing else None
    problem = f"{info.display_name} needs {field or 'an id'} with {operation}; give it"
    return InvalidRequest(problem, field=field)


def _may_leave_out(info: ConnectorInfo, operation: str, noted: Noted, path: str) -> bool:
    """Whether it only describes: it changes nothing about what happens to money."""
    field, _, part = path.partition(".")
    if field in info.refuses.get(operation, ()):
        return False
    if field == "return_url":  # nobody is ever sent away to come back to it
        return "authentication_required" not in info.outcomes
    return field in noted.descriptive or (bool(part) and part in getattr(noted, field).descriptive)


def _unsendable(info: ConnectorInfo, operation: str, request: Request, path: str) -> InvalidRequest:
    name = path.partition(".")[0]
    other = name.replace("merchant_", "connector_", 1)
    if operation.startswith("get_") and getattr(request, other, "") is None:
        kind = operation.removeprefix("get_")
        problem = f"does not find a {kind} by {name}: give {other}"
    else:
        method = getattr(request, "payment_method", None)
        beside = "" if method is None or name == "payment_method" else _beside(method)
        problem = f"cannot send {path} with {operation}{beside}; leave it out"
    return InvalidRequest(f"{info.display_name} {problem}", field=name)


def _beside(method: object) -> str:
    return f" and a {type(method).__name__}"


def check_limits(info: ConnectorInfo, operation: str, noted: Noted) -> None:
    """Raises `InvalidRequest` for a field that was read and that the processor has no room for."""
    for path, limit in _limits(info, operation):
        text = _text(noted, path)
        problem = None if text is None else limit.problem(text)
        if problem is not None:
            raise InvalidRequest(
                f"{path} {problem} at {info.display_name}", field=path.partition(".")[0]
            )
    if info.metadata is not None and has_read(noted, "metadata") and noted.metadata:
        problem = info.metadata.problem(noted.metadata)
        if problem is not None:
            raise InvalidRequest(f"metadata {problem} at {info.display_name}", field="metadata")


@cache
def _limits(info: ConnectorInfo, operation: str) -> tuple[tuple[str, Limit], ...]:
    """The limits of one operation, by field or part of a field; its own win."""
    found: dict[str, Limit] = {}
    own = f"{operation}."
    for path, limit in sorted(info.limits.items(), key=lambda entry: entry[0].startswith(own)):
        found[path.removeprefix(own)] = Limit(limit) if isinstance(limit, int) else limit
    fields = request_type(operation).__struct_fields__
    return tuple((path, one) for path, one in found.items() if path.partition(".")[0] in fields)


def _text(noted: Noted, path: str) -> str | None:
    """The text of a field that was read; the key is the core's own to send."""
    if path == "idempotency_key":
        return getattr(value_of(noted), path, None)
    if not has_read(noted, path):
        return None
    field, _, part = path.partition(".")
    found = getattr(noted, field)
    found = getattr(found, part, None) if part else found
    return None if found is None else reveal(found)
