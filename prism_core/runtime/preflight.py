"""Checks before anything is sent: the request against the connector's declarations, and against the
fields that its flow has read."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import msgspec

from prism_core.connector.info import ConnectorInfo
from prism_core.connector.limits import Limit
from prism_core.connector.operations import request_type
from prism_core.errors import InvalidRequest
from prism_core.runtime.card_numbers import field_with_card_number
from prism_core.runtime.reads import Noted, unread, value_of
from prism_core.schema.base import Request, Schema
from prism_core.schema.payment_methods import (
    CARD_DATA,
    Card,
    NetworkToken,
    Redirect,
)
from prism_core.schema.secrets import reveal


def check(
    info: ConnectorInfo, operation: str, request: Request, *, card_numbers: bool = True
) -> None:
    """Raises `InvalidRequest` for a request that the processor would certainly refuse, and for card
    data where the caller has said that there is none (`card_numbers`)."""
    if getattr(request, "idempotency_key", None) is not None and not info.account.honours_keys():
        raise unkeyed(info, operation)
    for name in info.needs.get(operation, ()):
        if getattr(request, name) is None:
            raise InvalidRequest(
                f"{info.display_name} needs {name} with {operation}; give it", field=name
            )
    method = getattr(request, "payment_method", None)
    if method is not None:
        _check_method(info, operation, method, card_numbers)
    found = None if card_numbers else field_with_card_number(request)
    if found is not None:
        raise InvalidRequest(
            f"{found} holds a card number: this client was opened with card_numbers=False",
            field=found,
        )
    capture = getattr(request, "capture_method", None)
    if capture is not None and capture not in info.capture_methods:
        known = ", ".join(method.value for method in info.capture_methods)
        raise InvalidRequest(
            f"{info.display_name} captures {known}, not {capture.value}", field="capture_method"
        )
    amount = getattr(request, "amount", None)
    if amount is not None and info.currencies and amount.currency not in info.currencies:
        raise InvalidRequest(f"{info.display_name} does not take {amount.currency}", field="amount")
    if getattr(request, "connector_feature_data", None) and not info.account.takes_feature_data:
        raise InvalidRequest(
            f"{info.display_name} cannot take connector_feature_data; leave it out",
            field="connector_feature_data",
        )


def _check_method(info: ConnectorInfo, operation: str, method: Schema, card_numbers: bool) -> None:
    problem = None
    if not card_numbers and isinstance(method, CARD_DATA):
        kind = type(method).__name__
        problem = f"a {kind} is refused: this client was opened with card_numbers=False"
    elif not isinstance(method, taken := info.takes(operation)):
        kinds = ", ".join(kind.__name__ for kind in taken)
        problem = f"{info.display_name} takes {kinds} here, not {type(method).__name__}"
    elif isinstance(method, Redirect) and (
        method.payment_method_type not in info.payment_method_types
    ):
        types = ", ".join(info.payment_method_types)
        problem = f"{info.display_name} redirects to {types}, not to {method.payment_method_type}"
    if problem is not None:
        raise InvalidRequest(problem, field="payment_method")
    if isinstance(method, CARD_DATA):
        _check_card(info, method)


def _check_card(info: ConnectorInfo, card: Card | NetworkToken) -> None:
    # The last place on earth where the month ends is twelve hours behind UTC.
    today = time.gmtime(time.time() - 12 * 3600)
    if (card.exp_year, card.exp_month) < (today.tm_year, today.tm_mon):
        raise InvalidRequest("the card is expired; ask for another", field="payment_method")
    if isinstance(card, Card) and not (info.accepts_non_luhn or card.passes_luhn()):
        raise InvalidRequest(
            "the card number is mistyped: its check digit is wrong", field="payment_method"
        )


def check_reads(info: ConnectorInfo, operation: str, noted: Noted) -> tuple[str, ...]:
    """The given fields that the flow has not read and that may be left out, without those that only
    identify. Raises `InvalidRequest` for any other given field that it has not read."""
    request, left_out = value_of(noted), []
    for path in unread(noted):
        if not _may_leave_out(info, operation, noted, path):
            raise _unsendable(info, operation, request, path)
        if path not in request.identifying:
            left_out.append(path)
    return tuple(left_out)


def unkeyed(info: ConnectorInfo, operation: str) -> InvalidRequest:
    """The refusal of an idempotency key that the processor does not honour with an operation."""
    problem = f"cannot send idempotency_key with {operation}; leave it out"
    return InvalidRequest(f"{info.display_name} {problem}", field="idempotency_key")


def missing_id(info: ConnectorInfo, operation: str, noted: Noted) -> InvalidRequest:
    """The error for a request without the id that the processor needs."""
    request = value_of(noted)
    read = noted.__dict__.items()
    missing = [name for name, found in read if found is None and name.endswith("_id")]
    others = [n for n in unread(noted) if not {*_OTHER_IDS.get(n, ())}.isdisjoint(missing)]
    if others and operation.startswith("get_"):
        return _unsendable(info, operation, request, others[0])
    field = missing[-1] if missing else None
    problem = f"{info.display_name} needs {field or 'an id'} with {operation}; give it"
    return InvalidRequest(problem, field=field)


def _may_leave_out(info: ConnectorInfo, operation: str, noted: Noted, path: str) -> bool:
    """Whether the field does not change what happens to money: it describes or identifies."""
    field, _, part = path.partition(".")
    if field in info.refuses.get(operation, ()):
        return False
    if field == "return_url":  # nobody is ever sent away to come back to it
        return "authentication_required" not in info.outcomes
    request = value_of(noted)
    whole = getattr(request, field) if part else request
    return field in request.descriptive | request.identifying or part in whole.descriptive


def _unsendable(info: ConnectorInfo, operation: str, request: Request, path: str) -> InvalidRequest:
    name = path.partition(".")[0]
    if operation.startswith("get_") and name in _OTHER_IDS:
        kind = operation.removeprefix("get_")
        problem = f"does not find a {kind} by {name}: give {_other_id(request, name)}"
        if name == "merchant_transaction_id" and _takes_keys(info):
            problem += "; if no answer gave you one, repeat the payment with its idempotency_key"
    else:
        method = getattr(request, "payment_method", None)
        beside = "" if method is None or name == "payment_method" else _beside(method)
        problem = f"cannot send {path} with {operation}{beside}; leave it out"
    return InvalidRequest(f"{info.display_name} {problem}", field=name)


_OTHER_IDS = {
    "merchant_transaction_id": ("connector_transaction_id",),
    "merchant_refund_id": ("connector_refund_id",),
    "merchant_customer_id": ("connector_customer_id",),
    "connector_order_id": ("connector_mandate_id", "connector_transaction_id"),
    "connector_transaction_id": ("connector_mandate_id", "connector_order_id"),
    "connector_mandate_id": ("connector_transaction_id",),
}
"""By id of a lookup: the ids by which the processor may find the object instead."""


def _other_id(request: Request, name: str) -> str:
    return next(one for one in _OTHER_IDS[name] if one in request.__struct_fields__)


def _takes_keys(info: ConnectorInfo) -> bool:
    return bool(info.account.idempotency_header or info.account.idempotency_field)


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
    """A part that was read of a field ("token"), or of a field of one class ("Token.token")."""
    kind, _, name = part.rpartition(".")
    if kind and whole.__class__.__name__ != kind:
        return None
    parts = whole.__dict__ if isinstance(whole, Noted) else msgspec.structs.asdict(whole)
    return parts.get(name)


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
