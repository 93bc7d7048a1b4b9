"""Checks before anything is sent: the request against the connector's declarations, and against the
fields that its flow has read."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import msgspec

from prism_core.connector.hookspecs import request_type
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.limits import Limit
from prism_core.errors import InvalidRequest
from prism_core.runtime.reads import Noted, unread, value_of
from prism_core.schema.base import Request
from prism_core.schema.payment_methods import Card
from prism_core.schema.secrets import reveal


def check(info: ConnectorInfo, operation: str, request: Request) -> None:
    """Raises `InvalidRequest` for a request that the processor would certainly refuse."""
    if getattr(request, "idempotency_key", None) is not None and not info.account.honours_keys():
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
    `InvalidRequest` for any other given field that it has not read."""
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
    """The error for a request without the id that the processor needs."""
    request = value_of(noted)
    read = noted.__dict__.items()
    missing = [name for name, found in read if found is None and name.endswith("_id")]
    others = [n for n in unread(noted) if n.replace("merchant_", "connector_", 1) in missing]
    if others and operation.startswith("get_"):
        return _unsendable(info, operation, request, others[0])
    field = missing[-1] if missing else None
    problem = f"{info.display_name} needs {field or 'an id'} with {operation}; give it"
    return InvalidRequest(problem, field=field)


def _may_leave_out(info: ConnectorInfo, operation: str, noted: Noted, path: str) -> bool:
    """Whether the field is descriptive: it does not change what happens to money."""
    field, _, part = path.partition(".")
    if field in info.refuses.get(operation, ()):
        return False
    if field == "return_url":  # nobody is ever sent away to come back to it
        return "authentication_required" not in info.outcomes
    request = value_of(noted)
    whole = getattr(request, field) if part else request
    return field in request.descriptive or part in whole.descriptive


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
    """Raises `InvalidRequest` for a field that was read and exceeds a limit of the processor."""
    read = noted.__dict__
    for field, limits in _limits(info, operation).items():
        found = read.get(field)
        if found is None:
            continue
        for part, limit in limits:
            text = _part_read(found, part) if part else found
            problem = None if text is None else limit.problem(reveal(text))
            if problem is not None:
                path = f"{field}.{part}" if part else field
                raise InvalidRequest(f"{path} {problem} at {info.display_name}", field=field)
    metadata = read.get("metadata")
    if info.metadata is not None and metadata:
        problem = info.metadata.problem(metadata)
        if problem is not None:
            raise InvalidRequest(f"metadata {problem} at {info.display_name}", field="metadata")


def _part_read(whole: Any, part: str) -> Any:
    """A part that was read of a field; a token is sent as a whole."""
    parts = whole.__dict__ if isinstance(whole, Noted) else msgspec.structs.asdict(whole)
    return parts.get(part)


@cache
def _limits(info: ConnectorInfo, operation: str) -> dict[str, list[tuple[str, Limit]]]:
    """The limits of one operation by field, each with the part of the field that it limits, or "";
    the operation's own win."""
    found: dict[str, Limit] = {}
    own = f"{operation}."
    for path, limit in sorted(info.limits.items(), key=lambda entry: entry[0].startswith(own)):
        found[path.removeprefix(own)] = Limit(limit) if isinstance(limit, int) else limit
    by_field: dict[str, list[tuple[str, Limit]]] = {}
    for path, limit in found.items():
        field, _, part = path.partition(".")
        if field in request_type(operation).__struct_fields__:
            by_field.setdefault(field, []).append((part, limit))
    return by_field
