"""What the sandbox's answers mean in Prism's words; `shapes` has the fields of them."""

from __future__ import annotations

import msgspec

from prism_core import (
    ConnectorDetails,
    Customer,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    Mandate,
    MandateStatus,
    Money,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    StoredPaymentMethod,
    UnifiedCode,
    nullable,
    unified_error,
)
from prism_sandbox.shapes import (
    CustomerBody,
    Decline,
    DeclinedBody,
    DeclinedMandate,
    MandateBody,
    PaymentBody,
    ProblemBody,
    RefundBody,
    StoredBody,
)

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
_MANDATE_STATUS = {
    "active": MandateStatus.ACTIVE,
    "pending": MandateStatus.MANDATE_PENDING,
    "requires_action": MandateStatus.MANDATE_PENDING,
    "declined": MandateStatus.MANDATE_INACTIVE,
    "revoked": MandateStatus.REVOKED,
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
        merchant_transaction_id=nullable(body.reference),
        connector_customer_id=nullable(body.customer),
        connector_payment_method_id=nullable(body.payment_method),
        connector_mandate_id=nullable(body.mandate),
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


def customer(body: CustomerBody) -> Customer:
    """The customer that a body describes."""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=nullable(body.reference),
        name=body.name,
        email=body.email,
        phone=body.phone,
        description=body.description,
    )


def stored_card(body: StoredBody) -> StoredPaymentMethod:
    """The stored card that a body describes."""
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.customer),
        brand=body.card.brand,
        last_four=body.card.last4,
        exp_month=body.card.exp_month,
        exp_year=body.card.exp_year,
    )


def mandate(body: MandateBody, *, paid: bool = False) -> Mandate:
    """The mandate that a body describes. Where nothing was to be `paid`, 0 is no amount."""
    amount = None
    if body.amount is not None and body.currency is not None and (paid or body.amount):
        amount = Money(body.amount, body.currency)
    return Mandate(
        status=_MANDATE_STATUS.get(body.status, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        merchant_mandate_id=nullable(body.reference),
        connector_customer_id=nullable(body.customer),
        connector_transaction_id=nullable(body.payment),
        amount=amount,
        network_transaction_id=body.network_transaction_id,
        redirection_data=RedirectionData(uri=body.next_action.url) if body.next_action else None,
        error=_details(body.decline) if body.decline else None,
    )


def refund(body: RefundBody) -> Refund:
    """The refund that a body describes."""
    why = body.failure
    return Refund(
        status=_REFUND_STATUS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=nullable(body.reference),
        connector_transaction_id=nullable(body.payment),
        amount=Money(body.amount, body.currency),
        error=ErrorDetails(connector=ConnectorDetails(code=why.code, message=why.message))
        if why
        else None,
    )


def _details(decline: Decline) -> ErrorDetails:
    return ErrorDetails(
        unified=unified_error(_UNIFIED.get(decline.code, UnifiedCode.DECLINED)),
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
    """What an error answer means. A decline is a 402 with the payment or mandate as its body."""
    if response.status_code < 400:
        return None
    declined = response.decode(DeclinedBody) or response.decode(DeclinedMandate)
    if response.status_code == 402 and declined is not None:
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
        # With a key that was used before, the first request may have been done. An invalid request
        # is refused as the payment stands, and did nothing.
        unknown=False if problem.type == "invalid_request" else None,
        connector_customer_id=problem.customer,
    )
