"""What the sandbox's answers mean in Prism's words; `shapes` has the fields of them, `errors` what
went wrong."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    Customer,
    Discrepancy,
    Dispute,
    DisputeStatus,
    ErrorDetails,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    StoredPaymentMethod,
    expect_same,
    nullable,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.errors import details
from prism_sandbox.shapes import (
    CustomerBody,
    DisputeBody,
    MandateBody,
    MethodBody,
    OrderBody,
    PaymentBody,
    RefundBody,
    SetupOrderBody,
    StoredBody,
)
from prism_sandbox.words import type_of, wallet_of

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
    "requires_payment_method": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "bounced": PaymentStatus.FAILURE,
    "canceled": PaymentStatus.VOIDED,
    "expired": PaymentStatus.EXPIRED,
}
_REFUND_STATUS = {
    "succeeded": RefundStatus.REFUND_SUCCESS,
    "pending": RefundStatus.REFUND_PENDING,
    "failed": RefundStatus.REFUND_FAILURE,
}
_DISPUTE_STATUS = {
    "opened": DisputeStatus.DISPUTE_OPENED,
    "won": DisputeStatus.DISPUTE_WON,
    "lost": DisputeStatus.DISPUTE_LOST,
}
_MANDATE_STATUS = {
    "active": MandateStatus.ACTIVE,
    "pending": MandateStatus.MANDATE_PENDING,
    "requires_action": MandateStatus.MANDATE_PENDING,
    "requires_payment_method": MandateStatus.MANDATE_PENDING,
    "expired": MandateStatus.MANDATE_INACTIVE,
    "declined": MandateStatus.MANDATE_INACTIVE,
    "revoked": MandateStatus.REVOKED,
}


def payment(body: PaymentBody) -> Payment:
    """The payment that a body describes."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, body.currency)

    return Payment(
        status=_STATUS.get(body.status, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.reference),
        connector_order_id=nullable(body.order),
        connector_customer_id=nullable(body.customer),
        connector_payment_method_id=nullable(body.payment_method),
        connector_mandate_id=nullable(body.mandate),
        payment_method=method_info(body.method),
        amount=money(body.amount),
        authorized_amount=money(body.amount_authorized or None),
        capturable_amount=money(body.amount_capturable),
        captured_amount=money(body.amount_captured),
        refunded_amount=money(body.amount_refunded),
        charged_back_amount=money(body.amount_charged_back or None),
        redirection_data=_page(body),
        network_transaction_id=body.network_transaction_id,
        error=details(body.decline) if body.decline else None,
    )


def order(body: OrderBody, account: SandboxAccount) -> Payment:
    """The payment of an order, with the order's page for as long as it can be paid."""
    made = payment(body.payment)
    if made.redirection_data is None and made.status is PaymentStatus.PAYMENT_METHOD_AWAITED:
        made = msgspec.structs.replace(made, redirection_data=page_of(body, account))
    return msgspec.structs.replace(made, connector_order_id=body.id)


def page_of(body: OrderBody, account: SandboxAccount) -> RedirectionData:
    """The page of an order: the sandbox's, or the values for its library in the shop's."""
    sdk = None
    if body.client_secret is not None:
        sdk = {
            "publishable_key": account.publishable_key,
            "url": account.base_url or "",
            "order": body.id,
            "client_secret": body.client_secret,
        }
    return RedirectionData(uri=body.url, sdk=sdk, expires_at=body.expires_at)


def order_differences(body: PaymentBody, own: str | None) -> tuple[Discrepancy, ...]:
    """Whether the answer names the caller's own order; another one is about another call."""
    if own is None or body.order_reference is UNSET:
        return ()
    if body.order_reference is None:
        return (Discrepancy("merchant_order_id", own, "null"),)
    expect_same("merchant_order_id", own, body.order_reference)
    return ()


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


def method_info(body: MethodBody | None) -> PaymentMethodInfo | None:
    """What is known of a payment method."""
    return None if body is None else PaymentMethodInfo(**_of_method(body))


def stored_method(body: StoredBody) -> StoredPaymentMethod:
    """The stored payment method that a body describes."""
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.customer),
        **_of_method(body.method),
    )


def _of_method(body: MethodBody) -> dict[str, Any]:
    return {
        "payment_method_type": type_of(body.type),
        "brand": body.brand,
        "last_four": body.last4,
        "exp_month": body.exp_month,
        "exp_year": body.exp_year,
        "country": body.country,
        "bank_name": body.bank,
        "wallet": wallet_of(body.wallet),
    }


_WAITS = ("requires_action", "requires_payment_method")


def _page(body: PaymentBody | MandateBody) -> RedirectionData | None:
    """Where the customer answers, while that is waited for. Without an address they do it
    elsewhere: in an app."""
    action = body.next_action if body.status in _WAITS else None
    return None if action is None else RedirectionData(uri=action.url)


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
        connector_order_id=nullable(body.order),
        connector_payment_method_id=body.payment_method,
        payment_method=method_info(body.method),
        amount=amount,
        network_transaction_id=body.network_transaction_id,
        redirection_data=_page(body),
        error=details(body.decline) if body.decline else None,
    )


def ordered_mandate(
    body: SetupOrderBody, account: SandboxAccount, *, paid: bool = False
) -> Mandate:
    """The mandate that an order asks for, with the order's page for as long as it is open."""
    given = mandate(body.mandate, paid=paid)
    if body.mandate.status == "requires_payment_method":
        given = msgspec.structs.replace(given, redirection_data=page_of(body, account))
    return msgspec.structs.replace(given, connector_order_id=body.id)


def dispute(body: DisputeBody) -> Dispute:
    """The dispute that a body describes."""
    return Dispute(
        status=_DISPUTE_STATUS.get(body.status, DisputeStatus.DISPUTE_UNRESOLVED),
        connector_dispute_id=body.id,
        connector_transaction_id=body.payment,
        amount=Money(body.amount, body.currency),
        reason_code=body.reason,
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
