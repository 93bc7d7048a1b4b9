"""Webhooks: https://developer.gocardless.com/api-reference/#webhooks-overview

One webhook has up to 250 events, and an event names its object by id and says what happened. The
objects are not looked up: an answer within seconds is wanted for all of them.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from prism_core import (
    Dispute,
    DisputeStatus,
    ErrorDetails,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    codes_by_word,
    hookimpl,
    nullable,
)
from prism_core.connector import signatures

from .account import GoCardlessAccount
from .answers import info_of
from .errors import why
from .shapes import EventBody, WebhookBody

HEADER = "Webhook-Signature"
About = dict[str, Any]

# https://developer.gocardless.com/api-reference/#event-types, of payments
PAYMENTS = codes_by_word(
    {
        PaymentStatus.PENDING: (
            "created customer_approval_granted submitted resubmission_requested"
        ),
        PaymentStatus.CHARGED: "confirmed paid_out charged_back chargeback_cancelled "
        "chargeback_settled",
        PaymentStatus.VOIDED: "cancelled",
        PaymentStatus.FAILURE: "failed customer_approval_denied late_failure_settled",
    }
)
# A late failure was paid out, and is taken back from a later payout.
DISPUTES = codes_by_word(
    {
        DisputeStatus.DISPUTE_LOST: "charged_back chargeback_settled late_failure_settled",
        DisputeStatus.DISPUTE_CANCELLED: "chargeback_cancelled",
    }
)
# The same page, of mandates; one that is only created may still wait for a second signature.
MANDATES = codes_by_word(
    {
        MandateStatus.ACTIVE: "customer_approval_granted submitted active reinstated transferred",
        MandateStatus.MANDATE_INACTIVE: "failed expired consumed blocked suspended_by_payer",
        MandateStatus.REVOKED: "cancelled",
    }
)
# The same page, of refunds; `refund_settled` is about the merchant's side alone.
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "created",
        RefundStatus.REFUND_SUCCESS: "paid",
        RefundStatus.REFUND_FAILURE: "failed funds_returned",
    }
)
# The same page, of billing requests: after a try that failed, the page can be opened again.
REQUESTS = codes_by_word(
    {
        PaymentStatus.PAYMENT_METHOD_AWAITED: (
            "bank_authorisation_denied bank_authorisation_failed bank_authorisation_expired"
        ),
        PaymentStatus.PENDING: "fulfilled",
        PaymentStatus.VOIDED: "cancelled",
    }
)


def reason(one: EventBody, failed: bool) -> ErrorDetails | None:
    """Why it failed."""
    return why(one.details, one.action) if failed else None


def on_payment(one: EventBody) -> About:
    """A payment that failed and is tried again by GoCardless itself has not ended."""
    status = PAYMENTS.get(one.action)
    known = nullable(one.links.payment)
    if status is None:
        return {"connector_transaction_id": known}
    failed = status is PaymentStatus.FAILURE
    again = failed and one.details.will_attempt_retry is True
    about: About = {
        "kind": EventKind.PAYMENT,
        "payment": Payment(
            status=PaymentStatus.PENDING if again else status,
            connector_transaction_id=known,
            merchant_transaction_id=nullable(one.resource_metadata.merchant_transaction_id),
            payment_method=info_of(one.details.scheme),
            error=reason(one, failed),
        ),
    }
    taken = DISPUTES.get(one.action)
    if taken is not None:
        about["kind"] = EventKind.DISPUTE
        about["dispute"] = Dispute(
            status=taken,
            connector_transaction_id=known,
            reason_code=one.details.reason_code or one.details.cause,
        )
    return about


def on_mandate(one: EventBody) -> About:
    """An action that does not say whether the mandate can be charged names it alone."""
    status, known = MANDATES.get(one.action), nullable(one.links.mandate)
    if status is None:
        return {"connector_mandate_id": known}
    mandate = Mandate(
        status=status,
        connector_mandate_id=known,
        connector_payment_method_id=known,
        merchant_mandate_id=nullable(one.resource_metadata.merchant_mandate_id),
        error=reason(one, one.action == "failed"),
    )
    return {"kind": EventKind.MANDATE, "mandate": mandate}


def on_refund(one: EventBody) -> About:
    """A refund."""
    status, known = REFUNDS.get(one.action), one.links.refund
    if status is None:
        return {"connector_refund_id": known}
    refund = Refund(
        status=status,
        connector_refund_id=known,
        merchant_refund_id=nullable(one.resource_metadata.merchant_refund_id),
        error=reason(one, status is RefundStatus.REFUND_FAILURE),
    )
    return {"kind": EventKind.REFUND, "refund": refund}


def on_request(one: EventBody) -> About:
    """A payment or a mandate: the caller's id in its metadata says which was asked for."""
    status, links, mine = REQUESTS.get(one.action), one.links, one.resource_metadata
    order, paid = links.billing_request, nullable(mine.merchant_transaction_id)
    error = reason(one, status is PaymentStatus.PAYMENT_METHOD_AWAITED)
    if status is not None and paid is not None:
        payment = Payment(
            status=status,
            connector_order_id=order,
            connector_transaction_id=links.payment_request_payment,
            connector_customer_id=nullable(links.customer),
            merchant_transaction_id=paid,
            error=error,
        )
        return {"kind": EventKind.PAYMENT, "payment": payment}
    agreed = nullable(mine.merchant_mandate_id)
    if status is None or agreed is None:
        return {"connector_order_id": order}
    ended = status is PaymentStatus.VOIDED
    mandate = Mandate(
        status=MandateStatus.MANDATE_INACTIVE if ended else MandateStatus.MANDATE_PENDING,
        connector_order_id=order,
        connector_mandate_id=links.mandate_request_mandate,
        connector_customer_id=nullable(links.customer),
        merchant_mandate_id=agreed,
        error=error,
    )
    return {"kind": EventKind.MANDATE, "mandate": mandate}


ABOUT = {
    "payments": on_payment,
    "mandates": on_mandate,
    "refunds": on_refund,
    "billing_requests": on_request,
}


def event_of(one: EventBody) -> Event:
    """One of the events of a webhook."""
    read = ABOUT.get(one.resource_type)
    about = read(one) if read else {}
    return Event(
        kind=about.pop("kind", EventKind.UNKNOWN),
        event_type=f"{one.resource_type}.{one.action}",
        connector_event_id=one.id,
        created_at=int(one.created_at.timestamp()),
        **about,
    )


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: GoCardlessAccount) -> Flow[Event]:
        """https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks"""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        given = signatures.from_hex(request.header(HEADER) or "")
        signatures.verify(secrets, request.body, [given])
        body = account.decode(HttpResponse(200, body=request.body), WebhookBody)
        if not body.events:
            raise EventRejected("the webhook has no event")
        first, *others = map(event_of, body.events)
        return replace(first, others=tuple(others))

    @hookimpl
    def sign_event(
        self, request: HandleEventRequest, account: GoCardlessAccount
    ) -> Mapping[str, str]:
        """https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks"""
        secret, *_ = signatures.secrets_of(account.webhook_secret)
        return {HEADER: signatures.signed(secret, request.body).hex()}
