"""Comparison: what the processor reports, beside what it was asked for.

An answer that names something else than was asked for is no result (`about_another`). Any other
difference is told in the result's `discrepancies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from prism_core.errors.details import ErrorAnswer
from prism_core.runtime.transitions import PAID, is_legal
from prism_core.schema.base import Discrepancy, Request, Result
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import PaymentMethodList, Token
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.refunds import Refund
from prism_core.schema.secrets import Secret
from prism_core.schema.status import CaptureMethod, MandateStatus, PaymentStatus, RefundStatus
from prism_core.schema.told import NULL, Null

ECHOED = (
    *("merchant_customer_id", "merchant_transaction_id", "merchant_refund_id"),
    *("merchant_mandate_id", "merchant_payment_method_id"),
)
"""The caller's own ids, which a result carries as they were given."""
_REPORTED = (
    *("connector_customer_id", "connector_transaction_id", "connector_refund_id"),
    *("connector_payment_method_id", "connector_mandate_id"),
)
_PAID_WITH = {"charge_recurring": "connector_mandate_id"}
"""What an operation pays with, and is not about: paid with another one, it is still the payment
that was asked for."""

_S = PaymentStatus
_CAPTURED = frozenset({_S.CHARGED, _S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE})
_HELD = frozenset({_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED})
_FAILED = frozenset(
    {_S.AUTHORIZATION_FAILED, _S.AUTHENTICATION_FAILED, _S.ROUTER_DECLINED, _S.FAILURE}
)
_UNMADE = _FAILED | {
    *(_S.VOIDED, _S.EXPIRED, _S.STARTED, _S.PAYMENT_METHOD_AWAITED, _S.CONFIRMATION_AWAITED),
    *(_S.AUTHENTICATION_PENDING, _S.AUTHENTICATION_SUCCESSFUL),
}
_WELL = (MandateStatus.ACTIVE, RefundStatus.REFUND_SUCCESS, RefundStatus.REFUND_PENDING)
"""The statuses of a permission that was given, and of a refund that was made."""
_NOTHING_TAKEN = _UNMADE | _HELD
"""The statuses of a payment of which no money was taken."""
_NOTHING_HELD = _UNMADE | {_S.CHARGED, _S.PARTIAL_CHARGED}
"""The statuses of a payment of which nothing can be captured."""


def about_another(operation: str, request: Request, result: Result) -> str | None:
    """The name of the first id by which the answer is about something else than was asked for.

    Such an answer belongs to another call: HTTP/1.1 has nothing that ties an answer to a request
    but their order on a connection.
    """
    for name in in_both(request.__class__, result.__class__):
        asked, reported = getattr(request, name), getattr(result, name)
        if asked is None or reported is None or asked == reported or type(reported) is Null:
            continue
        if name != _PAID_WITH.get(operation):
            return name
    if isinstance(result, PaymentMethodList):
        owner = request.connector_customer_id  # type: ignore[attr-defined]
        owners = {card.connector_customer_id for card in result.payment_methods}
        if owners - {None, NULL, owner}:
            return "connector_customer_id"
    return None


def discrepancies(
    operation: str, request: Any, result: Any, *, captures_add_up: bool = True
) -> Iterator[Discrepancy]:
    """What the processor reports otherwise than it was asked for."""
    fields = set()
    yield from result.discrepancies  # what only the connector can compare
    for one in _against_request(operation, request, result, captures_add_up=captures_add_up):
        fields.add(one.field)
        yield one
    told: Iterator[Discrepancy] = iter(())
    if isinstance(result, Payment) and not _stands_as_before(operation, result):
        told = contradictions(result)
    elif isinstance(result, (Mandate, Refund)) and result.status in _WELL:
        told = _error_beside(result)
    fields.update(one.field for one in result.discrepancies)
    yield from (one for one in told if one.field not in fields)


def _against_request(
    operation: str, request: Any, result: Any, *, captures_add_up: bool
) -> Iterator[Discrepancy]:
    for name in in_both(request.__class__, result.__class__):
        asked, reported = getattr(request, name), getattr(result, name)
        if asked is not None and reported is not None and asked != reported:
            yield Discrepancy(name, str(asked), str(reported))
    status = getattr(result, "status", None)
    if status is not None and not is_legal(operation, status):
        yield Discrepancy("status", f"what {operation} can lead to", status.value)
    if status in PAID:
        yield from _beside_success(request, result)
    asked = getattr(request, "amount", None)
    if asked is None:
        if operation == "setup_recurring" and _is_some(result.amount):
            yield Discrepancy("amount", "null", str(result.amount))
        return
    if operation in ("authorize", "charge_recurring"):
        yield from _differing("amount", asked, result.amount)
        yield from _wrong_amounts(request, result)
    elif operation == "capture":
        if status in _CAPTURED or (
            status is PaymentStatus.CAPTURE_INITIATED and _says_some(result)
        ):
            compare = _too_little if captures_add_up else _differing
            yield from compare("captured_amount", asked, result.captured_amount)
    elif operation == "increment_authorization":
        if status is not PaymentStatus.AUTHORIZATION_FAILED:
            yield from _differing("authorized_amount", asked, result.authorized_amount)
    else:
        yield from _differing("amount", asked, result.amount)


def contradictions(payment: Payment) -> Iterator[Discrepancy]:
    """Where an answer says two things: its status one, an amount another."""
    status = payment.status
    amount, captured, refunded = payment.amount, payment.captured_amount, payment.refunded_amount
    authorized, capturable = payment.authorized_amount, payment.capturable_amount
    monies = [one for one in (amount, authorized, capturable, captured, refunded) if one]
    if len({one.currency for one in monies}) > 1:
        first, *others = dict.fromkeys(one.currency for one in monies)
        yield Discrepancy("currency", first, ", ".join(others))
    if _is_none(amount):
        if any(map(_is_some, monies)):
            yield Discrepancy("amount", "more than nothing", str(amount))
        return  # a card that was verified
    for name, money, needing_some, needing_none in (
        ("authorized_amount", authorized, PAID, ()),
        ("capturable_amount", capturable, _HELD, _NOTHING_HELD),
        ("captured_amount", captured, _CAPTURED, _NOTHING_TAKEN),
        ("refunded_amount", refunded, (), _NOTHING_TAKEN),
    ):
        if money is not None and status in (needing_none if money.minor_amount else needing_some):
            yield Discrepancy(name, f"what {status} means", str(money))
    too_much = refunded and captured and refunded.minor_amount > captured.minor_amount
    if status not in _NOTHING_TAKEN and too_much:
        yield Discrepancy("refunded_amount", f"{captured} at most", str(refunded))


def denies_what_it_took(operation: str, payment: Payment) -> bool:
    """Whether an answer calls a payment failed and says that money was taken, and not given back:
    whoever believes the first charges again."""
    if _stands_as_before(operation, payment) or payment.status not in _FAILED:
        return False
    captured, refunded = payment.captured_amount, payment.refunded_amount
    back = refunded.minor_amount if refunded else 0
    return captured is not None and captured.minor_amount > back


def _stands_as_before(operation: str, payment: Payment) -> bool:
    """Whether the issuer declined an increment: its status is that, and its amounts are those of
    the payment."""
    failed = payment.status is PaymentStatus.AUTHORIZATION_FAILED
    return operation == "increment_authorization" and failed


def _is_some(money: Money | None) -> bool:
    return money is not None and money.minor_amount > 0


def _is_none(money: Money | None) -> bool:
    return money is not None and money.minor_amount == 0


def answers_another(request: Request, sent: str | None, answer: ErrorAnswer) -> bool:
    """Whether an error answer names an id that the operation's request does not have, or another
    correlation id than was `sent`."""
    if answer.correlation_id not in (None, sent):
        return True
    own = {getattr(request, name) for name in request.__struct_fields__ if name.endswith("_id")}
    return not own.issuperset(answer.echoed)


@cache
def in_both(request: type[Request], result: type[Result]) -> tuple[str, ...]:
    """The ids that a request and its result both have."""
    both = {*request.__struct_fields__} & {*result.__struct_fields__}
    return tuple(name for name in (*ECHOED, *_REPORTED) if name in both)


def _beside_success(request: Any, payment: Payment) -> Iterator[Discrepancy]:
    """What an answer should not say beside money that was taken or is held."""
    yield from _error_beside(payment)
    method = getattr(request, "payment_method", None)
    paid_with = payment.connector_payment_method_id
    if not isinstance(method, Token) or paid_with is None:
        return
    if Secret(paid_with) != method.token:
        told = paid_with if type(paid_with) is Null else "another one"
        yield Discrepancy("payment_method", "the token given", told)


def _error_beside(result: Any) -> Iterator[Discrepancy]:
    if result.error is not None:
        said = result.error.connector
        yield Discrepancy("error", "null", (said and (said.code or said.message)) or "an error")


def _says_some(payment: Payment) -> bool:
    """Whether a payment whose capture is under way tells of an amount."""
    return _is_some(payment.captured_amount)


def _differing(name: str, asked: Money, reported: Money | None) -> Iterator[Discrepancy]:
    if reported is not None and reported != asked:
        yield Discrepancy(name, str(asked), str(reported))


def _too_little(name: str, asked: Money, reported: Money | None) -> Iterator[Discrepancy]:
    """A total that may have been something before, and now is less than was added."""
    if reported is None:
        return
    if reported.currency != asked.currency or reported.minor_amount < asked.minor_amount:
        yield Discrepancy(name, str(asked), str(reported))


def _wrong_amounts(request: Any, payment: Payment) -> Iterator[Discrepancy]:
    """Money held or taken otherwise than asked: too much, too little, or too early."""
    asked: Money = request.amount
    charged = payment.status is PaymentStatus.CHARGED
    in_part = payment.status is PaymentStatus.PARTIALLY_AUTHORIZED
    for name, reported, must_be_whole in (
        ("authorized_amount", payment.authorized_amount, not in_part),
        ("capturable_amount", payment.capturable_amount, False),
        ("captured_amount", payment.captured_amount, charged),
    ):
        if reported is None or reported == asked:
            continue
        same_currency = reported.currency == asked.currency
        if must_be_whole or not same_currency or reported.minor_amount > asked.minor_amount:
            yield Discrepancy(name, str(asked), str(reported))
    if charged and getattr(request, "capture_method", None) is CaptureMethod.MANUAL:
        yield Discrepancy("capture_method", "MANUAL", "CHARGED")
