"""Contradictions: where an answer says two things of which one cannot be true."""

from __future__ import annotations

from prism_core.schema.base import Discrepancy
from prism_core.schema.money import Money
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.refunds import Refund
from prism_core.schema.status import MandateStatus, PaymentStatus, RefundStatus

_S = PaymentStatus
HELD = frozenset({_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED})
CAPTURED = frozenset({_S.CHARGED, _S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE})
PAID = HELD | CAPTURED | {_S.CAPTURE_INITIATED}
"""The statuses of a payment whose money is held or was taken."""
_FAILED = frozenset(
    {_S.AUTHORIZATION_FAILED, _S.AUTHENTICATION_FAILED, _S.ROUTER_DECLINED, _S.FAILURE}
)
_NOT_MADE = _FAILED | {
    *(_S.VOIDED, _S.EXPIRED, _S.STARTED, _S.PAYMENT_METHOD_AWAITED, _S.CONFIRMATION_AWAITED),
    *(_S.AUTHENTICATION_PENDING, _S.AUTHENTICATION_SUCCESSFUL),
}
_NOTHING_TAKEN = _NOT_MADE | HELD
"""The statuses of a payment of which no money was taken."""
_NOTHING_HELD = _NOT_MADE | {_S.CHARGED, _S.PARTIAL_CHARGED}
"""The statuses of a payment of which nothing can be captured."""
_GRANTED = (MandateStatus.ACTIVE, RefundStatus.REFUND_SUCCESS, RefundStatus.REFUND_PENDING)
"""The statuses of a mandate that was given, and of a refund that was made."""


def in_result(operation: str, result: object) -> list[Discrepancy]:
    """Where a result contradicts itself."""
    if isinstance(result, Payment):
        return [] if _is_failed_increment(operation, result) else contradictions(result)
    if isinstance(result, (Mandate, Refund)) and result.status in _GRANTED:
        return error_beside_success(result)
    return []


def contradictions(payment: Payment) -> list[Discrepancy]:
    """Where the status of a payment says one thing and an amount another, or two amounts do."""
    found = _two_currencies(payment)
    if is_zero(payment.amount):
        if _has_some(payment):
            found.append(Discrepancy("amount", "more than nothing", str(payment.amount)))
        return found  # a card that was verified
    status = payment.status
    for name, money, needing_some, needing_none in (
        ("authorized_amount", payment.authorized_amount, PAID, ()),
        ("capturable_amount", payment.capturable_amount, HELD, _NOTHING_HELD),
        ("captured_amount", payment.captured_amount, CAPTURED, _NOTHING_TAKEN),
        ("refunded_amount", payment.refunded_amount, (), _NOTHING_TAKEN),
    ):
        if money is not None and status in (needing_none if money.minor_amount else needing_some):
            found.append(Discrepancy(name, f"what {status} means", str(money)))
    captured, refunded = payment.captured_amount, payment.refunded_amount
    too_much = refunded and captured and refunded.minor_amount > captured.minor_amount
    if too_much and status not in _NOTHING_TAKEN:
        found.append(Discrepancy("refunded_amount", f"{captured} at most", str(refunded)))
    return found


def denies_what_it_took(operation: str, payment: Payment) -> bool:
    """Whether an answer calls a payment failed and says that money was taken, and not given back:
    whoever believes the first charges again."""
    if payment.status not in _FAILED or _is_failed_increment(operation, payment):
        return False
    captured, refunded = payment.captured_amount, payment.refunded_amount
    back = refunded.minor_amount if refunded else 0
    return captured is not None and captured.minor_amount > back


def error_beside_success(result: Payment | Mandate | Refund) -> list[Discrepancy]:
    """The error that an answer names beside money that was taken or a mandate that was given."""
    if result.error is None:
        return []
    said = result.error.connector
    return [Discrepancy("error", "null", (said and (said.code or said.message)) or "an error")]


def is_zero(money: Money | None) -> bool:
    """Whether an amount is given and is 0."""
    return money is not None and money.minor_amount == 0


def is_positive(money: Money | None) -> bool:
    """Whether an amount is given and is more than 0."""
    return money is not None and money.minor_amount > 0


def _monies(payment: Payment) -> tuple[Money | None, ...]:
    return (
        *(payment.amount, payment.authorized_amount, payment.capturable_amount),
        *(payment.captured_amount, payment.refunded_amount),
    )


def _has_some(payment: Payment) -> bool:
    return any(map(is_positive, _monies(payment)))


def _two_currencies(payment: Payment) -> list[Discrepancy]:
    currencies = dict.fromkeys(money.currency for money in _monies(payment) if money)
    if len(currencies) < 2:
        return []
    first, *others = currencies
    return [Discrepancy("currency", first, ", ".join(others))]


def _is_failed_increment(operation: str, payment: Payment) -> bool:
    """Whether the issuer declined an increment: the status says that, and the amounts are those
    of the payment, which stays as it was."""
    failed = payment.status is PaymentStatus.AUTHORIZATION_FAILED
    return operation == "increment_authorization" and failed
