"""Webhooks: https://developer.gocardless.com/api-reference/#webhooks-overview

One webhook has up to 250 events, and an event names its object by id and says what happened. The
objects are not looked up: an answer within seconds is wanted for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Raw
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
    MalformedResponse,
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
from prism_core.connector.values import kept_id, unix_seconds

from .account import GoCardlessAccount as Account
from .answers import MANDATES, PAYMENTS, REFUNDS, info_of
from .errors import why
from .shapes import EventBody, Links, Named, WebhookBody

HEADER = "Webhook-Signature"
About = dict[str, Any]

# https://developer.gocardless.com/api-reference/#event-types. An action has the name of the status
# that it leads to, or one of these. One that says nothing of the status is not here: a mandate that
# is only created may wait for a second signature, and `refund_settled` is about the merchant's side
# alone.
STATUSES: dict[str, dict[str, Any]] = {
    "payments": {
        **PAYMENTS,
        **codes_by_word(
            {
                PaymentStatus.PENDING: "created customer_approval_granted resubmission_requested",
                PaymentStatus.CHARGED: "chargeback_cancelled chargeback_settled",
                PaymentStatus.FAILURE: "late_failure_settled",
            }
        ),
    },
    "mandates": {
        **MANDATES,
        **codes_by_word({MandateStatus.ACTIVE: "customer_approval_granted reinstated transferred"}),
    },
    "refunds": {**REFUNDS, "failed": RefundStatus.REFUND_FAILURE},
    # After a try that failed, the page can be opened again.
    "billing_requests": codes_by_word(
        {
            PaymentStatus.PAYMENT_METHOD_AWAITED: (
                "bank_authorisation_denied bank_authorisation_failed bank_authorisation_expired"
            ),
            PaymentStatus.PENDING: "fulfilled",
            PaymentStatus.VOIDED: "cancelled",
        }
    ),
}
# A late failure was paid out, and is taken back from a later payout.
DISPUTES = codes_by_word(
    {
        DisputeStatus.DISPUTE_LOST: "charged_back chargeback_settled late_failure_settled",
        DisputeStatus.DISPUTE_CANCELLED: "chargeback_cancelled",
    }
)
FAILED = {PaymentStatus.FAILURE, PaymentStatus.PAYMENT_METHOD_AWAITED, RefundStatus.REFUND_FAILURE}


def payment(one: EventBody, status: PaymentStatus, error: ErrorDetails | None) -> About:
    """A payment that failed and is tried again by GoCardless itself has not ended."""
    again = one.details.will_attempt_retry is True
    known, taken = nullable(one.links.payment), DISPUTES.get(one.action)
    paid = Payment(
        status=PaymentStatus.PENDING if error and again else status,
        connector_transaction_id=known,
        merchant_transaction_id=kept_id(one.resource_metadata, "merchant_transaction_id"),
        payment_method=info_of(one.details.scheme),
        error=error,
    )
    if taken is None:
        return {"kind": EventKind.PAYMENT, "payment": paid}
    code = one.details.reason_code or one.details.cause
    dispute = Dispute(status=taken, connector_transaction_id=known, reason_code=code)
    return {"kind": EventKind.DISPUTE, "payment": paid, "dispute": dispute}


def mandate(one: EventBody, status: MandateStatus, error: ErrorDetails | None) -> About:
    """A mandate."""
    known = nullable(one.links.mandate)
    changed = Mandate(
        status=status,
        connector_mandate_id=known,
        connector_payment_method_id=known,
        merchant_mandate_id=kept_id(one.resource_metadata, "merchant_mandate_id"),
        error=error,
    )
    return {"kind": EventKind.MANDATE, "mandate": changed}


def refund(one: EventBody, status: RefundStatus, error: ErrorDetails | None) -> About:
    """A refund."""
    back = Refund(
        status=status,
        connector_refund_id=one.links.refund,
        merchant_refund_id=kept_id(one.resource_metadata, "merchant_refund_id"),
        error=error,
    )
    return {"kind": EventKind.REFUND, "refund": back}


def request(one: EventBody, status: PaymentStatus, error: ErrorDetails | None) -> About:
    """A payment or a mandate: the caller's id in its metadata says which was asked for."""
    links, mine = one.links, one.resource_metadata
    payment_id = kept_id(mine, "merchant_transaction_id")
    mandate_id = kept_id(mine, "merchant_mandate_id")
    page: About = {
        "connector_order_id": links.billing_request,
        "connector_customer_id": nullable(links.customer),
        "error": error,
    }
    if payment_id is not None:
        paid = Payment(
            status=status,
            connector_transaction_id=links.payment_request_payment,
            merchant_transaction_id=payment_id,
            **page,
        )
        return {"kind": EventKind.PAYMENT, "payment": paid}
    if mandate_id is None:
        return ids(links)
    ended = status is PaymentStatus.VOIDED
    agreed = Mandate(
        status=MandateStatus.MANDATE_INACTIVE if ended else MandateStatus.MANDATE_PENDING,
        connector_mandate_id=links.mandate_request_mandate,
        merchant_mandate_id=mandate_id,
        **page,
    )
    return {"kind": EventKind.MANDATE, "mandate": agreed}


def ids(links: Links) -> About:
    """What an event is about, where no more is known."""
    return {
        "connector_transaction_id": nullable(links.payment),
        "connector_mandate_id": nullable(links.mandate),
        "connector_refund_id": links.refund,
        "connector_order_id": links.billing_request,
    }


ABOUT: dict[str, Callable[[EventBody, Any, ErrorDetails | None], About]] = {
    "payments": payment,
    "mandates": mandate,
    "refunds": refund,
    "billing_requests": request,
}


def event_of(one: EventBody) -> Event:
    """One of the events of a webhook."""
    status = STATUSES.get(one.resource_type, {}).get(one.action)
    error = why(one.details, one.action) if status in FAILED or one.action == "failed" else None
    read = ABOUT[one.resource_type] if status else None
    return Event(
        **{"kind": EventKind.UNKNOWN, **(read(one, status, error) if read else ids(one.links))},
        event_type=f"{one.resource_type}.{one.action}",
        connector_event_id=one.id,
        created_at=unix_seconds(one.created_at),
    )


def events_of(raw: Sequence[Raw], account: Account) -> list[Event]:
    """The events of a webhook: one that cannot be read is UNKNOWN, and does not hide the others."""
    answers = [HttpResponse(200, body=bytes(one)) for one in raw]
    read = [one.decode(EventBody) for one in answers]
    if not any(read):
        raise MalformedResponse("no event of the webhook can be read")
    return [
        event_of(body) if body else unread(account.decode(answer, Named))
        for body, answer in zip(read, answers, strict=True)
    ]


def unread(one: Named) -> Event:
    """An event of which no more is known."""
    kind = f"{one.resource_type}.{one.action}"
    return Event(kind=EventKind.UNKNOWN, event_type=kind, connector_event_id=one.id)


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks"""
        yield from ()
        signatures.verify_header(request, HEADER, account.webhook_secret)
        raw = account.decode_body(request.body, WebhookBody).events
        if not raw:
            raise EventRejected("the webhook has no event")
        first, *others = events_of(raw, account)
        return replace(first, others=tuple(others))

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks"""
        return signatures.signed_header(request, HEADER, account.webhook_secret)
