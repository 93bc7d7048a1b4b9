"""Contradictions: finds statements in an answer that cannot both be true."""

from __future__ import annotations

from operator import attrgetter

from prism_core.schema.base import Discrepancy
from prism_core.schema.later_status import MandateStatus, RefundStatus
from prism_core.schema.money import Money
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.refunds import Refund
from prism_core.schema.status import PaymentStatus

_S = PaymentStatus
HELD = frozenset({_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED})
CAPTURED = frozenset({_S.CHARGED, _S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE})
PAID = HELD | CAPTURED | {_S.CAPTURE_INITIATED}
"""The statuses of a payment whose money is authorized or captured."""
_FAILED = frozenset(
    {_S.AUTHORIZATION_FAILED, _S.AUTHENTICATION_FAILED, _S.ROUTER_DECLINED, _S.FAILURE}
)
_NOT_MADE = _FAILED | {
    *(_S.VOIDED, _S.EXPIRED, _S.STARTED, _S.PAYMENT_METHOD_AWAITED, _S.CONFIRMATION_AWAITED),
    *(_S.AUTHENTICATION_PENDING, _S.AUTHENTICATION_SUCCESSFUL),
}
_NOTHING_TAKEN = _NOT_MADE | HELD
"""The statuses of a payment for which no money was captured."""
_NOTHING_HELD = _NOT_MADE | {_S.CHARGED, _S.PARTIAL_CHARGED}
"""The statuses of a payment for which nothing can be captured any more."""
_NEEDED: tuple[tuple[str, frozenset[PaymentStatus], frozenset[PaymentStatus]], ...] = (
    ("authorized_amount", PAID, frozenset()),
    ("capturable_amount", HELD, _NOTHING_HELD),
    ("captured_amount", CAPTURED, _NOTHING_TAKEN),
    ("refunded_amount", frozenset(), _NOTHING_TAKEN),
    ("charged_back_amount", frozenset(), _NOTHING_TAKEN - {_S.FAILURE}),
)
"""Each amount field, with the statuses for which it must be more than 0, and those for which it
must be 0."""
_monies_of = attrgetter("amount", *(name for name, *_ in _NEEDED))
_GRANTED = (MandateStatus.ACTIVE, RefundStatus.REFUND_SUCCESS, RefundStatus.REFUND_PENDING)
"""The statuses of a successful mandate or refund."""


def in_result(operation: str, result: object) -> list[Discrepancy]:
    """The contradictions in a result."""
    if isinstance(result, Payment):
        return [] if _is_failed_increment(operation, result) else contradictions(result)
    if isinstance(result, (Mandate, Refund)) and result.status in _GRANTED:
        return error_beside_success(result)
    return []


def contradictions(payment: Payment) -> list[Discrepancy]:
    """The contradictions between a payment's status and its amounts, and between two amounts."""
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
    """Whether an answer says that a payment failed, but also that money was captured and neither
    refunded nor taken back by the bank: a caller who trusts the status would charge again."""
    if payment.status not in _FAILED or _is_failed_increment(operation, payment):
        return False
    captured, gone = payment.captured_amount, (payment.refunded_amount, payment.charged_back_amount)
    back = sum(money.minor_amount for money in gone if money)
    return captured is not None and captured.minor_amount > back


def sends_to_a_page(result: object) -> bool:
    """Whether a result sends the customer on to pay, and says that they have paid or cannot."""
    if isinstance(result, Payment):
        decided = result.status in PAID or result.status in _FAILED
    else:
        decided = isinstance(result, Mandate) and result.status is MandateStatus.ACTIVE
    return decided and result.redirection_data is not None  # type: ignore[attr-defined]


def error_beside_success(result: Payment | Mandate | Refund) -> list[Discrepancy]:
    """The error of an answer that reports a success: captured money, or a mandate or refund."""
    if result.error is None:
        return []
    said = result.error.connector
    return [Discrepancy("error", "null", (said and (said.code or said.message)) or "an error")]


def is_positive(money: Money | None) -> bool:
    """Whether an amount is given and is more than 0."""
    return money is not None and money.minor_amount > 0


def _is_failed_increment(operation: str, payment: Payment) -> bool:
    """Whether the issuer declined an increment. Then the status is a failure, and the amounts are
    those of the unchanged payment."""
    failed = payment.status is PaymentStatus.AUTHORIZATION_FAILED
    return operation == "increment_authorization" and failed
