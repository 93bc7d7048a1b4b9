"""What an answer of Airwallex means: payments, refunds, customers."""

from typing import Any

import msgspec
from msgspec import UNSET

from prism_core import (
    Customer,
    ErrorDetails,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    TokenSource,
    codes_by_word,
    nullable,
    whole_number,
)
from prism_core.connector.values import full_name, kept_id, mandate_of_payment

from .errors import why
from .shapes import (
    Attempt,
    CardBody,
    Consent,
    CustomerBody,
    Intent,
    MethodBody,
    NextAction,
    RefundBody,
)

# https://www.airwallex.com/docs/payments/reference/payment-statuses; PENDING_REVIEW is that of
# https://www.airwallex.com/docs/payments/reference/payments-webhooks
STATUSES = {
    "REQUIRES_PAYMENT_METHOD": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "REQUIRES_CUSTOMER_ACTION": PaymentStatus.AUTHENTICATION_PENDING,
    "REQUIRES_CAPTURE": PaymentStatus.AUTHORIZED,
    "PENDING": PaymentStatus.PENDING,
    "PENDING_REVIEW": PaymentStatus.PENDING,
    "SUCCEEDED": PaymentStatus.CHARGED,
    "CANCELLED": PaymentStatus.VOIDED,
}
# Of an attempt, after which the intent waits for another one.
ENDED = ("FAILED", "EXPIRED", "CANCELLED")
# https://www.airwallex.com/docs/payments__refunds and the events of
# https://www.airwallex.com/docs/payments/reference/payments-webhooks
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "RECEIVED ACCEPTED PROCESSING",
        RefundStatus.REFUND_SUCCESS: "SETTLED SUCCEEDED",
        RefundStatus.REFUND_FAILURE: "FAILED",
    }
)
TYPES = {
    "card": PaymentMethodType.CARD,
    "googlepay": PaymentMethodType.CARD,
    "ideal": PaymentMethodType.IDEAL,
    "bancontact": PaymentMethodType.BANCONTACT_CARD,
}


def customer_of(body: CustomerBody) -> Customer:
    """https://www.airwallex.com/docs/api/payments/customers"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=nullable(body.merchant_customer_id),
        name=full_name(body.first_name, body.last_name),
        email=body.email,
        phone=body.phone_number,
    )


def described(method: MethodBody) -> dict[str, Any]:
    """The fields of a `PaymentMethodInfo`; none of a method that Prism has no name for."""
    if method.type not in TYPES:
        return {}
    card = method.card or method.googlepay or CardBody()
    return {
        "payment_method_type": TYPES[method.type],
        "brand": card.brand,
        "last_four": card.last4,
        "exp_month": whole_number(card.expiry_month or ""),
        "exp_year": whole_number(card.expiry_year or ""),
        "funding": card.card_type,
        "country": card.issuer_country_code,
        "bank_name": card.issuer_name,
        "wallet": TokenSource.GOOGLEPAY if method.type == "googlepay" else None,
    }


def info_of(method: MethodBody | None) -> PaymentMethodInfo | None:
    """What a payment was paid with."""
    known = described(method) if method else {}
    return PaymentMethodInfo(**known) if known else None


def text(value: Any) -> str:
    """A value of a form."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def page_of(action: NextAction | None) -> RedirectionData | None:
    """https://www.airwallex.com/docs/payments/payment-methods/emea/ideal/desktopmobile-website-browser:
    a page to open; with POST, the data go there as a form, whose values are texts:
    https://github.com/airwallex/airwallex-payment-android/blob/master/security-3ds/src/main/java/com/airwallex/android/threedsecurity/ThreeDSecurityManager.kt"""
    if action is None or not action.url:
        return None
    form = {name: text(one) for name, one in (action.data or {}).items() if one is not None}
    return RedirectionData(uri=action.url, form=form if action.method == "POST" else None)


def failure_of(body: Intent) -> ErrorDetails | None:
    """Why the last try failed: an intent that waits for the next one has it."""
    attempt = body.latest_payment_attempt
    if body.status != "REQUIRES_PAYMENT_METHOD" or attempt is None or attempt.status not in ENDED:
        return None
    return why(attempt.failure_code, attempt.provider_original_response_code)


def status_of(body: Intent) -> PaymentStatus:
    """https://www.airwallex.com/docs/payments/reference/payment-statuses"""
    status, captured = STATUSES.get(body.status, PaymentStatus.UNRESOLVED), body.captured_amount
    is_part = 0 < captured < body.amount
    if status is PaymentStatus.PAYMENT_METHOD_AWAITED and not is_order(body):
        return after_a_try(body.latest_payment_attempt)
    if status is PaymentStatus.CHARGED and is_part:
        return PaymentStatus.PARTIAL_CHARGED
    if status is PaymentStatus.AUTHORIZED and is_part:
        return PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE
    return status


def after_a_try(attempt: Attempt | None) -> PaymentStatus:
    """An order stays open after a failed try; any other payment has had its only one."""
    if attempt is None:
        return PaymentStatus.PAYMENT_METHOD_AWAITED
    if attempt.status not in ENDED:
        return PaymentStatus.UNRESOLVED
    return PaymentStatus.AUTHORIZATION_FAILED


def is_order(body: Intent) -> bool:
    """Whether the customer pays it on a page: `create_order` marks them."""
    return bool(body.metadata and body.metadata.prism_order)


def payment_of(body: Intent) -> Payment:
    """https://www.airwallex.com/docs/api/payments/payment_intents"""
    attempt, failure = body.latest_payment_attempt or Attempt(), failure_of(body)
    status, method, checks = status_of(body), attempt.payment_method, attempt.authentication_data
    amount = Money.from_decimal(body.amount, body.currency)
    held = amount if status is PaymentStatus.AUTHORIZED else None
    captured, refunded = body.captured_amount, attempt.refunded_amount
    waits = status is PaymentStatus.AUTHENTICATION_PENDING
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.merchant_order_id),
        connector_order_id=body.id if is_order(body) else None,
        connector_customer_id=nullable(body.customer_id),
        connector_payment_method_id=stored(method),
        connector_mandate_id=consent_of(body, attempt),
        payment_method=info_of(method),
        amount=amount,
        authorized_amount=held,
        capturable_amount=held,
        captured_amount=Money.from_decimal(captured, body.currency),
        refunded_amount=None if refunded is None else Money.from_decimal(refunded, body.currency),
        redirection_data=page_of(body.next_action) if waits else None,
        avs_code=checks.avs_result if checks else None,
        cvc_code=checks.cvc_result if checks else None,
        error=failure,
    )


# https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents; the last two by events in
# https://www.airwallex.com/docs/payments/payment-methods/apac/payto-beta/accept-payto-payments
MANDATES = codes_by_word(
    {
        MandateStatus.ACTIVE: "VERIFIED",
        MandateStatus.MANDATE_PENDING: "REQUIRES_PAYMENT_METHOD REQUIRES_CUSTOMER_ACTION",
        MandateStatus.MANDATE_INACTIVE: "PAUSED",
        MandateStatus.REVOKED: "DISABLED",
    }
)
# The first payment says it before the consent is looked up.
BY_PAYMENT = {
    PaymentStatus.CHARGED: MandateStatus.ACTIVE,
    PaymentStatus.AUTHORIZED: MandateStatus.ACTIVE,
    PaymentStatus.AUTHORIZATION_FAILED: MandateStatus.MANDATE_INACTIVE,
}


def stored(method: MethodBody | None) -> str | None:
    """Its id, if it can be used again: it belongs to a customer then."""
    return method.id if method and method.customer_id else None


def consent_of(body: Intent, attempt: Attempt) -> str | None:
    """The consent that it was paid with: the intent and the attempt name it."""
    told = (body.payment_consent_id, attempt.payment_consent_id)
    return nullable(None if None in told else next((one for one in told if one), UNSET))


def mandate_of(body: Consent) -> Mandate:
    """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents"""
    why_not = body.failure_reason
    return Mandate(
        status=MANDATES.get(body.status, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        connector_customer_id=nullable(body.customer_id),
        connector_transaction_id=body.initial_payment_intent_id,
        connector_payment_method_id=stored(body.payment_method),
        payment_method=info_of(body.payment_method),
        error=None if why_not is None else why(why_not.code, None, why_not.message),
    )


def first_payment_of(body: Intent) -> Mandate:
    """The consent that a first payment makes: if it names none, there is nothing to charge yet."""
    known = payment_of(body)
    status = BY_PAYMENT.get(known.status, MandateStatus.MANDATE_PENDING)
    is_named = known.connector_mandate_id is not None
    decided = is_named or known.error is not None
    return mandate_of_payment(known, status if decided else MandateStatus.MANDATE_PENDING)


def refund_of(body: RefundBody) -> Refund:
    """https://www.airwallex.com/docs/api/2024-08-07/payments/refunds"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=kept_id(body.metadata, "merchant_refund_id"),
        connector_transaction_id=nullable(body.payment_intent_id),
        amount=Money.from_decimal(body.amount, body.currency),
    )
