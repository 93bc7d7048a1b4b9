"""What is checked before anything is sent: the request against what its connector declares."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.info import ConnectorInfo
from prism_core.errors import InvalidRequest
from prism_core.schema.base import Request
from prism_core.schema.payment_methods import Card


def check(info: ConnectorInfo, account: Account, operation: str, request: Request) -> None:
    """Raises `InvalidRequest` for what this connector cannot send or would surely be refused."""
    _check_fields(info, account, operation, request)
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


def _check_fields(info: ConnectorInfo, account: Account, operation: str, request: Request) -> None:
    taken = (*info.sends[operation], *info.leaves_out.get(operation, ()))
    for name, default in _fields_besides(taken, type(request)):
        value = getattr(request, name)
        if value is None or value == default:
            continue
        if name == "idempotency_key" and account.idempotency_header is not None:
            continue
        raise InvalidRequest(f"{info.display_name} {_unsent(operation, name, request)}", field=name)


def _unsent(operation: str, name: str, request: Request) -> str:
    other = name.replace("merchant_", "connector_", 1)
    if operation.startswith("get_") and getattr(request, other) is None:
        return f"does not find a {operation.removeprefix('get_')} by {name}: give {other}"
    return f"cannot send {name} with {operation}; leave it out"


@cache
def _fields_besides(taken: tuple[str, ...], cls: type[Request]) -> tuple[tuple[str, Any], ...]:
    """The fields for the processor that are not taken, and their defaults."""
    known = {*taken, *(cls.options - {"idempotency_key"})}
    fields = msgspec.structs.fields(cls)
    return tuple((field.name, field.default) for field in fields if field.name not in known)


def _check_card(info: ConnectorInfo, card: Card) -> None:
    # The last place on earth where the month ends is twelve hours behind UTC.
    today = time.gmtime(time.time() - 12 * 3600)
    if (card.exp_year, card.exp_month) < (today.tm_year, today.tm_mon):
        raise InvalidRequest("the card is expired; ask for another", field="payment_method")
    if not info.accepts_non_luhn and not card.passes_luhn():
        raise InvalidRequest(
            "the card number is mistyped: its check digit is wrong", field="payment_method"
        )
