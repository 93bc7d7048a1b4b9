"""Contradictions: where an answer says two things of which one cannot be true."""

from __future__ import annotations

from operator import attrgetter

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
_NEEDED: tuple[tuple[str, frozenset[PaymentStatus], frozenset[PaymentStatus]], ...] = (
    ("authorized_amount", PAID, frozenset()),
    ("capturable_amount", HELD, _NOTHING_HELD),
    ("captured_amount", CAPTURED, _NOTHING_TAKEN),
    ("refunded_amount", frozenset(), _NOTHING_TAKEN),
)
"""Each amount with the statuses beside which it must be more than 0, and those beside which it
must be 0."""
_monies_of = attrgetter("amount", *(name for name, *_ in _NEEDED))
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
    # Plain loops: this runs in every payment, and nearly always finds nothing.
    first, status, found = payment.amount, payment.status, []
    is_zero, mixed = first is not None and not first.minor_amount, False
    for name, needing_some, needing_none in _NEEDED:
        money = getattr(payment, name)
        if money is None:
            continue
        if first is None:
            first = money
        elif money.currency != first.currency:
            mixed = True
        if status in (needing_none if money.minor_amount else needing_some):
            found.append(Discrepancy(name, f"what {status} means", str(money)))
    if is_zero:  # a card that was verified
        found = _more_than_zero(payment)
    elif payment.refunded_amount is not None and status not in _NOTHING_TAKEN:
        found += _refunded_too_much(payment.captured_amount, payment.refunded_amount)
    return [_two_currencies(payment), *found] if mixed else found


def _more_than_zero(payment: Payment) -> list[Discrepancy]:
    if not any(map(is_positive, _monies_of(payment))):
        return []
    return [Discrepancy("amount", "more than nothing", str(payment.amount))]


def _refunded_too_much(captured: Money | None, refunded: Money) -> list[Discrepancy]:
    if captured is None or refunded.minor_amount <= captured.minor_amount:
        return []
    return [Discrepancy("refunded_amount", f"{captured} at most", str(refunded))]


def _two_currencies(payment: Payment) -> Discrepancy:
    currencies = dict.fromkeys(money.currency for money in _monies_of(payment) if money)
    first, *others = currencies
    return Discrepancy("currency", first, ", ".join(others))


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


def is_positive(money: Money | None) -> bool:
    """Whether an amount is given and is more than 0."""
    return money is not None and money.minor_amount > 0


def _is_failed_increment(operation: str, payment: Payment) -> bool:
    """Whether the issuer declined an increment: the status says that, and the amounts are those
    of the payment, which stays as it was."""
    failed = payment.status is PaymentStatus.AUTHORIZATION_FAILED
    return operation == "increment_authorization" and failed
