"""What the sandbox answers: the fields used, and what they mean in Prism's words."""

from __future__ import annotations

import msgspec

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    Money,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    UnifiedCode,
    unified,
)


class Customer(msgspec.Struct):
    """A customer as the sandbox answers it."""

    id: str
    reference: str | None = None


class Decline(msgspec.Struct):
    """Why a payment was declined."""

    code: str
    message: str | None = None
    network_code: str | None = None
    network_advice_code: str | None = None


class NextAction(msgspec.Struct):
    """What the customer must do next: open this page."""

    url: str


class PaymentBody(msgspec.Struct):
    """A payment as the sandbox answers it."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str | None = None
    customer: str | None = None
    amount_authorized: int | None = None
    amount_capturable: int | None = None
    amount_captured: int | None = None
    amount_refunded: int | None = None
    network_transaction_id: str | None = None
    decline: Decline | None = None
    next_action: NextAction | None = None


class DeclinedBody(PaymentBody, kw_only=True):
    """A payment that the issuer declined, or declined to raise; the body of a 402."""

    decline: Decline


class Failure(msgspec.Struct):
    """Why a refund failed."""

    code: str
    message: str | None = None


class RefundBody(msgspec.Struct):
    """A refund as the sandbox answers it."""

    id: str
    status: str
    amount: int
    currency: str
    payment: str | None = None
    reference: str | None = None
    failure: Failure | None = None


class PaymentList(msgspec.Struct):
    """Payments found by reference, newest first."""

    data: list[PaymentBody]


class Problem(msgspec.Struct):
    """What was wrong with a request."""

    type: str
    code: str
    message: str
    param: str | None = None


class ProblemBody(msgspec.Struct):
    """The body of every error answer but a decline."""

    error: Problem


_STATUS = {
    "authorized": PaymentStatus.AUTHORIZED,
    "captured": PaymentStatus.CHARGED,
    "declined": PaymentStatus.AUTHORIZATION_FAILED,
    "failed": PaymentStatus.AUTHENTICATION_FAILED,
    "requires_action": PaymentStatus.AUTHENTICATION_PENDING,
    "processing": PaymentStatus.PENDING,
    "partially_captured": PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    "voided": PaymentStatus.VOIDED,
    "partially_voided": PaymentStatus.PARTIAL_CHARGED,
}
_REFUND_STATUS = {
    "succeeded": RefundStatus.REFUND_SUCCESS,
    "pending": RefundStatus.REFUND_PENDING,
    "failed": RefundStatus.REFUND_FAILURE,
}
_UNIFIED = {
    "do_not_honor": UnifiedCode.DECLINED,
    "insufficient_funds": UnifiedCode.INSUFFICIENT_FUNDS,
    "expired_card": UnifiedCode.EXPIRED_CARD,
    "authentication_required": UnifiedCode.AUTHENTICATION_REQUIRED,
    "authentication_failed": UnifiedCode.AUTHENTICATION_FAILED,
}


def payment(body: PaymentBody) -> Payment:
    """The payment that a body describes."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, body.currency)

    return Payment(
        status=_STATUS.get(body.status, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=body.reference,
        connector_customer_id=body.customer,
        amount=money(body.amount),
        authorized_amount=money(body.amount_authorized or None),
        capturable_amount=money(body.amount_capturable),
        captured_amount=money(body.amount_captured),
        refunded_amount=money(body.amount_refunded),
        redirection_data=RedirectionData(uri=body.next_action.url) if body.next_action else None,
        network_transaction_id=body.network_transaction_id,
        error=_details(body.decline) if body.decline else None,
    )


def raised(body: PaymentBody) -> Payment:
    """The payment after an increment. If the issuer declined that, the payment stands as it was,
    and `decline` tells why; it is the increment that failed."""
    made = payment(body)
    if body.decline is None:
        return made
    return msgspec.structs.replace(made, status=PaymentStatus.AUTHORIZATION_FAILED)


def refund(body: RefundBody) -> Refund:
    """The refund that a body describes."""
    why = body.failure
    return Refund(
        status=_REFUND_STATUS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=body.reference,
        connector_transaction_id=body.payment,
        amount=Money(body.amount, body.currency),
        error=ErrorDetails(connector=ConnectorDetails(code=why.code, message=why.message))
        if why
        else None,
    )


def _details(decline: Decline) -> ErrorDetails:
    return ErrorDetails(
        unified=unified(_UNIFIED.get(decline.code, UnifiedCode.DECLINED)),
        issuer=IssuerError(
            code=decline.code,
            message=decline.message,
            network=NetworkError(
                decline_code=decline.network_code, advice_code=decline.network_advice_code
            ),
        ),
        connector=ConnectorDetails(code=decline.code, message=decline.message),
    )


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means. A decline is a 402 with the payment as its body."""
    if response.status_code < 400:
        return None
    if response.status_code == 402 and response.decode(DeclinedBody) is not None:
        return ErrorAnswer(kind=ErrorKind.DECLINED)
    body = response.decode(ProblemBody)
    if body is None:
        return None
    problem = body.error
    message = f"{problem.message} ({problem.param})" if problem.param else problem.message
    return ErrorAnswer(
        details=ErrorDetails(
            connector=ConnectorDetails(code=problem.code, message=message, reason=problem.type)
        ),
        retryable=True if problem.code == "idempotency_in_progress" else None,
        unknown=problem.code == "idempotency_in_progress",
    )
