"""Comparison: finds the differences between the request and what the processor reports.

An answer about another object than the request's is no result (`about_another`). Every other
difference is in the result's `discrepancies`.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any

from prism_core.errors.details import ErrorAnswer
from prism_core.runtime.contradictions import (
    CAPTURED,
    PAID,
    error_beside_success,
    in_result,
    is_positive,
)
from prism_core.schema.base import Discrepancy, Request, Result
from prism_core.schema.later_status import MandateStatus, RefundStatus
from prism_core.schema.money import Money
from prism_core.schema.nulls import NULL, Null
from prism_core.schema.payment_methods import Token
from prism_core.schema.payments import Payment
from prism_core.schema.secrets import Secret
from prism_core.schema.status import (
    CaptureMethod,
    CustomerStatus,
    PaymentStatus,
)
from prism_core.schema.stored import PaymentMethodList

_CALLERS_IDS = (
    *("merchant_customer_id", "merchant_transaction_id", "merchant_refund_id"),
    *("merchant_mandate_id", "merchant_payment_method_id"),
)
"""The caller's own ids, which a result returns unchanged."""
_CONNECTORS_IDS = (
    *("connector_customer_id", "connector_transaction_id", "connector_refund_id"),
    *("connector_payment_method_id", "connector_mandate_id", "connector_order_id"),
)
_PAID_WITH = {"charge_recurring": "connector_mandate_id"}
"""The id that an operation pays with: if it was paid with another one, it is still the payment that
was asked for."""

_S = PaymentStatus
_OPEN = frozenset({_S.PENDING, _S.UNRESOLVED})
_AFTER_AUTHORIZING = frozenset(_S) - {
    *(_S.VOIDED_POST_CAPTURE, _S.VOID_INITIATED, _S.VOID_FAILED, _S.AUTO_REFUNDED),
    *(_S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE),
}

LEGAL: dict[str, frozenset[Enum]] = {
    "create_customer": frozenset({CustomerStatus.ACTIVE}),
    "update_customer": frozenset({CustomerStatus.ACTIVE}),
    "delete_customer": frozenset({CustomerStatus.DELETED}),
    "authorize": _AFTER_AUTHORIZING,
    "create_order": frozenset(
        {
            *(_S.PAYMENT_METHOD_AWAITED, _S.AUTHENTICATION_PENDING, _S.PENDING, _S.UNRESOLVED),
            *(_S.AUTHORIZATION_FAILED, _S.FAILURE),
        }
    ),
    "get_payment": frozenset(_S),
    "complete": _AFTER_AUTHORIZING,
    "charge_recurring": _AFTER_AUTHORIZING - {_S.AUTHORIZED},
    "setup_recurring": frozenset(MandateStatus) - {MandateStatus.REVOKED},
    "get_mandate": frozenset(MandateStatus),
    "complete_mandate": frozenset(MandateStatus) - {MandateStatus.REVOKED},
    "revoke_mandate": frozenset(
        {MandateStatus.REVOKED, MandateStatus.MANDATE_REVOKE_FAILED, MandateStatus.MANDATE_PENDING}
    ),
    "capture": CAPTURED | _OPEN | {_S.CAPTURE_INITIATED, _S.CAPTURE_FAILED, _S.EXPIRED},
    "void": _OPEN
    | {_S.VOIDED, _S.VOID_INITIATED, _S.VOID_FAILED, _S.VOIDED_POST_CAPTURE, _S.PARTIAL_CHARGED},
    "increment_authorization": _OPEN
    | {_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED, _S.AUTHORIZATION_FAILED},
    "refund": frozenset(RefundStatus),
    "get_refund": frozenset(RefundStatus),
}
"""The statuses that the result of an operation may have. Another one is a discrepancy, not an
exception: the processor decides about its own state."""


def about_another(operation: str, request: Request, result: Result) -> str | None:
    """The first id field in which the answer names another object than the request; None if none.

    Such an answer belongs to another call: HTTP/1.1 matches answers to requests only by their order
    on a connection.
    """
    for name, _, reported in _differing_ids(request, result):
        if type(reported) is not Null and name != _PAID_WITH.get(operation):
            return name
    if isinstance(result, PaymentMethodList):
        owner = request.connector_customer_id  # type: ignore[attr-defined]
        owners = {card.connector_customer_id for card in result.payment_methods}
        if owners - {None, NULL, owner}:
            return "connector_customer_id"
    return None


def answers_another(request: Request, sent: str | None, answer: ErrorAnswer) -> bool:
    """Whether an error answer names an id that the operation's request does not have, or another
    correlation id than was `sent`."""
    if answer.correlation_id not in (None, sent):
        return True
    own = {getattr(request, name) for name in request.__struct_fields__ if name.endswith("_id")}
    return not own.issuperset(answer.echoed)


@cache
def callers_ids(request: type[Request], result: type[Result]) -> tuple[str, ...]:
    """The caller's own ids that are fields of both the request and its result."""
    return tuple(name for name in _ids_in_both(request, result) if name in _CALLERS_IDS)


@cache
def _ids_in_both(request: type[Request], result: type[Result]) -> tuple[str, ...]:
    both = {*request.__struct_fields__} & {*result.__struct_fields__}
    return tuple(name for name in (*_CALLERS_IDS, *_CONNECTORS_IDS) if name in both)


def _differing_ids(request: Request, result: Result) -> list[tuple[str, str, str]]:
    """Each id field in which the request and its result differ, with the id asked for and the id
    reported."""
    found = []
    for name in _ids_in_both(type(request), type(result)):
        asked, reported = getattr(request, name), getattr(result, name)
        if asked != reported and asked is not None and reported is not None:
            found.append((name, asked, reported))
    return found


def discrepancies(
    operation: str, request: Any, result: Any, *, capture_reports_total: bool = True
) -> tuple[Discrepancy, ...]:
    """All discrepancies: those that the connector found, the differences between request and
    result, and contradictions in fields that have no discrepancy yet."""
    found = [*result.discrepancies]
    for name, asked, reported in _differing_ids(request, result):
        found.append(Discrepancy(name, str(asked), str(reported)))
    found += _other_status(operation, request, result)
    found += _other_amounts(operation, request, result, capture_reports_total=capture_reports_total)
    contradicting = in_result(operation, result)
    if contradicting:
        fields = {one.field for one in found}
        found += [one for one in contradicting if one.field not in fields]
    return tuple(dict.fromkeys(found))  # the connector may tell what the core finds, too


def _other_status(operation: str, request: Any, result: Any) -> list[Discrepancy]:
    """A status that the operation cannot lead to, and values that contradict the status."""
    status = getattr(result, "status", None)
    found = []
    if status is not None and operation in LEGAL and status not in LEGAL[operation]:
        found.append(Discrepancy("status", f"what {operation} can lead to", status.value))
    if status in PAID:
        found += error_beside_success(result)
    if status in PAID or status is _S.PENDING:  # a debit is under way for days
        found += _other_payment_method(request, result)
    return found


def _other_payment_method(request: Any, payment: Payment) -> list[Discrepancy]:
    method = getattr(request, "payment_method", None)
    paid_with = payment.connector_payment_method_id
    if not isinstance(method, Token) or paid_with is None or Secret(paid_with) == method.token:
        return []
    reported = paid_with if type(paid_with) is Null else "another one"
    return [Discrepancy("payment_method", "the token given", reported)]


def _other_amounts(
    operation: str, request: Any, result: Any, *, capture_reports_total: bool
) -> list[Discrepancy]:
    asked = getattr(request, "amount", None)
    if asked is None:
        unasked = operation == "setup_recurring" and is_positive(result.amount)
        return [Discrepancy("amount", "null", str(result.amount))] if unasked else []
    if operation == "capture":
        return _other_capture(asked, result, adds_up=capture_reports_total)
    if operation == "increment_authorization":
        failed = result.status is PaymentStatus.AUTHORIZATION_FAILED
        return [] if failed else _other("authorized_amount", asked, result.authorized_amount)
    found = _other("amount", asked, getattr(result, "amount", None))  # a client token has none
    if operation in ("authorize", "charge_recurring", "complete"):
        found += _otherwise_paid(request, result)
    early = result.status if operation in ("authorize", "charge_recurring") else None
    if early is _S.CHARGED and getattr(request, "capture_method", None) is CaptureMethod.MANUAL:
        found.append(Discrepancy("capture_method", "MANUAL", "CHARGED"))
    return found


def _other(name: str, asked: Money, reported: Money | None) -> list[Discrepancy]:
    if reported is None or reported == asked:
        return []
    return [Discrepancy(name, str(asked), str(reported))]


def _other_capture(asked: Money, payment: Payment, *, adds_up: bool) -> list[Discrepancy]:
    """A captured amount that differs from the request. A total (`adds_up`) includes earlier
    captures, so it may be more, but not less."""
    status, reported = payment.status, payment.captured_amount
    under_way = status is PaymentStatus.CAPTURE_INITIATED and is_positive(reported)
    if reported is None or not (status in CAPTURED or under_way):
        return []
    enough = reported.minor_amount >= asked.minor_amount
    if adds_up and enough and reported.currency == asked.currency:
        return []
    return _other("captured_amount", asked, reported)


def _otherwise_paid(request: Any, payment: Payment) -> list[Discrepancy]:
    """Money authorized or captured differently from the request: too much or too little."""
    asked: Money = request.amount
    charged = payment.status is PaymentStatus.CHARGED
    in_part = payment.status is PaymentStatus.PARTIALLY_AUTHORIZED
    found = []
    for name, reported, must_be_whole in (
        ("authorized_amount", payment.authorized_amount, not in_part),
        ("capturable_amount", payment.capturable_amount, False),
        ("captured_amount", payment.captured_amount, charged),
    ):
        if reported is None or reported == asked:
            continue
        other_currency = reported.currency != asked.currency
        if must_be_whole or other_currency or reported.minor_amount > asked.minor_amount:
            found.append(Discrepancy(name, str(asked), str(reported)))
    return found
