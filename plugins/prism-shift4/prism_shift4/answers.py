"""What an answer of Shift4 means: charges, refunds, mandates, and why one failed."""

from prism_core import (
    ErrorDetails,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    nullable,
)
from prism_core.connector.values import kept_id, mandate_of_payment

from .errors import refused
from .methods import card_info, info_of
from .shapes import ChargeBody, FlowBody, RefundBody, StoredCard

# https://dev.shift4.com/docs/api#charge-object, `flow.nextAction` of a pending charge: with these,
# the customer has something to do.
ASKED = {"redirect", "app_redirect", "qr_code", "mobile_app_confirmation"}
# https://dev.shift4.com/docs/api#charge-object, `type`: charges of a card that may be charged again
# without the customer.
SERIES = {"first_recurring", "subsequent_recurring", "merchant_initiated"}
# https://dev.shift4.com/docs/api#refund-object
REFUNDS = {
    "successful": RefundStatus.REFUND_SUCCESS,
    "pending": RefundStatus.REFUND_PENDING,
    "failed": RefundStatus.REFUND_FAILURE,
}


def returned(body: ChargeBody) -> int:
    """How much was refunded so far."""
    if body.amount_refunded is not None:
        return body.amount_refunded
    return sum(one.amount for one in body.refunds if one.status in (None, "successful"))


def releasing(body: ChargeBody) -> bool:
    """Whether the refund that releases what is held is under way."""
    marks = [one.marks.prism_void for one in body.refunds if one.status == "pending"]
    return bool(marks) and (not body.captured or all(marks))


def released(body: ChargeBody) -> bool:
    """Whether a refund gave back what was only held. Afterwards `captured` may be true, so that the
    mark of `void` in the refunds tells more."""
    marks = [one.marks.prism_void for one in body.refunds]
    return body.refunded and (not body.captured or (bool(marks) and all(marks)))


def status_of(body: ChargeBody) -> PaymentStatus:
    """https://dev.shift4.com/docs/api#charge-object, `status`"""
    if body.status == "successful":
        if releasing(body):
            return PaymentStatus.VOID_INITIATED
        if released(body):
            return PaymentStatus.VOIDED
        return PaymentStatus.CHARGED if body.captured else PaymentStatus.AUTHORIZED
    if body.status == "failed":
        return PaymentStatus.FAILURE
    if body.status == "pending":
        asked = body.flow is not None and body.flow.next_action in ASKED
        return PaymentStatus.AUTHENTICATION_PENDING if asked else PaymentStatus.PENDING
    return PaymentStatus.UNRESOLVED


def page_of(flow: FlowBody) -> RedirectionData:
    """Where to send the customer, or what to show them; nothing if an app asks them."""
    if flow.redirect is not None and flow.redirect.redirect_url is not None:
        return RedirectionData(uri=flow.redirect.redirect_url)
    if flow.qr_code is not None and flow.qr_code.img_src is not None:
        return RedirectionData(display={"qr_code": flow.qr_code.img_src})
    return RedirectionData()


def why_failed(body: ChargeBody) -> ErrorDetails | None:
    """https://dev.shift4.com/docs/api#charge-object, `failureCode`"""
    if body.status != "failed":
        return None
    return refused(body.failure_code, body.failure_message, body.failure_issuer_decline_code)


def payment_of(body: ChargeBody) -> Payment:
    """https://dev.shift4.com/docs/api#charge-object. A refund makes `amount` smaller, so that the
    amount is told only while nothing is refunded:
    https://github.com/activemerchant/active_merchant/blob/master/test/remote/gateways/remote_securion_pay_test.rb
    """
    status, back = status_of(body), returned(body)
    whole = None if back or body.refunded else Money(body.amount, body.currency)
    held, paid = status is PaymentStatus.AUTHORIZED, status is PaymentStatus.CHARGED
    told = paid or (back > 0 and status is not PaymentStatus.VOIDED)
    asked = status is PaymentStatus.AUTHENTICATION_PENDING
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        merchant_transaction_id=kept_id(body.metadata, "merchant_transaction_id"),
        connector_customer_id=nullable(body.customer_id),
        connector_payment_method_id=stored_card(body),
        connector_mandate_id=stored_card(body) if body.type in SERIES else None,
        payment_method=info_of(body.card, body.payment_method),
        amount=whole,
        capturable_amount=whole if held else None,
        captured_amount=whole if paid else None,
        refunded_amount=Money(back, body.currency) if told else None,
        redirection_data=page_of(body.flow) if asked and body.flow else None,
        error=why_failed(body),
    )


def stored_card(body: ChargeBody) -> str | None:
    """A card that is charged with a customer is stored for them:
    https://github.com/activemerchant/active_merchant/blob/master/test/remote/gateways/remote_securion_pay_test.rb
    """
    if body.card is None or not isinstance(body.card.customer_id, str):
        return None
    return body.card.id


def refund_of(body: RefundBody) -> Refund:
    """https://dev.shift4.com/docs/api#refund-object"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=kept_id(body.metadata, "merchant_refund_id"),
        connector_transaction_id=nullable(body.charge),
        amount=Money(body.amount, body.currency),
    )


def mandate_of_card(body: StoredCard) -> Mandate:
    """A stored card can be charged again, until it is deleted."""
    return Mandate(
        status=MandateStatus.REVOKED if body.deleted else MandateStatus.ACTIVE,
        connector_mandate_id=body.id,
        connector_payment_method_id=body.id,
        connector_customer_id=body.customer_id,
        payment_method=card_info(body),
    )


def mandate_of_charge(body: ChargeBody) -> Mandate:
    """The first charge of a series: its card is the permission."""
    card, failed = stored_card(body), body.status == "failed"
    active = body.status == "successful" and card is not None
    waiting = MandateStatus.MANDATE_INACTIVE if failed else MandateStatus.MANDATE_PENDING
    return mandate_of_payment(
        payment_of(body),
        MandateStatus.ACTIVE if active else waiting,
        connector_mandate_id=card,
        connector_payment_method_id=card,
        merchant_mandate_id=kept_id(body.metadata, "merchant_mandate_id"),
    )
