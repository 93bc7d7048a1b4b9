"""Every hook that a connector can implement; the docstrings are the contract.

An operation is a generator: it yields each `HttpRequest`, is sent its `HttpResponse`, and returns
its result. The core runs a flow once and may send one of its requests several times; it places the
idempotency keys and access tokens. A flow reads no clock, draws no random numbers and does no I/O:
what it needs is in `request` and `account`.

What a flow reads of `request` is what it sends: a field that was given and not read is refused, or
left out and reported (`ConnectorInfo`). Read what you send before the first `yield`, and nothing
else. An error answer is raised where the flow yields; see `parse_error`.
"""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import pluggy

from prism_core.connector.account import Account
from prism_core.connector.http import Flow, HttpResponse
from prism_core.errors.details import ErrorAnswer
from prism_core.schema import customers, events, payments, recurring, refunds
from prism_core.schema import payment_methods as methods
from prism_core.schema.base import Request, Result

PROJECT = "prism"
F = TypeVar("F", bound=Callable[..., Any])
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a connector's method as the implementation of the hook with its name."""

OPERATIONS: dict[str, Callable[..., Flow[Any]]] = {}
"""The operation hooks by name; the other hooks of this module help them."""


@cache
def request_type(name: str) -> type[Request]:
    """The request type of an operation, as its specification is annotated."""
    return get_type_hints(OPERATIONS[name])["request"]  # type: ignore[no-any-return]


@cache
def result_type(name: str) -> type[Result]:
    """The result type of an operation, as its specification is annotated."""
    return get_args(get_type_hints(OPERATIONS[name])["return"])[-1]  # type: ignore[no-any-return]


def operation(spec: F) -> F:
    """Declares the specification of an operation."""
    OPERATIONS[spec.__name__] = spec
    return hookspec(firstresult=True)(spec)


@operation
def create_customer(
    request: customers.CreateCustomerRequest, account: Account
) -> Flow[customers.CustomerCreated]:
    """Create a customer at the processor.

    Called by `customers.create`. Send the caller's `merchant_customer_id`, as the processor's
    reference or as metadata. Return a `CustomerCreated` with the processor's id, and with
    `merchant_customer_id` as the processor echoes it. Where it refuses a customer that exists
    already, let `parse_error` say CONFLICT with its `connector_customer_id`. A processor that
    keeps no customers has no such operation: `ConnectorInfo.keeps_customers`.
    """


@operation
def get_customer(
    request: customers.GetCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Look a customer up.

    Called by `customers.get` with `connector_customer_id` or `merchant_customer_id`. Read the
    second only for a lookup that finds what was created a moment ago. Return what the processor
    keeps; a deleted customer that it still tells of is DELETED. An unknown one is NOT_FOUND.
    """


@operation
def update_customer(
    request: customers.UpdateCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Change what the processor keeps of a customer: the fields given, and no other.

    Called by `customers.update`. A processor that replaces the whole customer is asked for it
    first, so that what was not given stays. Return the customer as it is then.
    """


@operation
def delete_customer(
    request: customers.DeleteCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Delete a customer at the processor, with the payment methods kept for them.

    Called by `customers.delete`. Return a `Customer` with the id and DELETED. One that may not be
    deleted yet is the processor's error.
    """


@operation
def authorize(request: payments.AuthorizeRequest, account: Account) -> Flow[payments.Payment]:
    """Authorize a payment, and with AUTOMATIC capture charge it.

    Called by `payments.authorize`. Amounts are minor units by ISO 4217; `request.amount` has
    `to_wire` and `to_decimal` for processors that want them otherwise. Link the payment to
    `connector_customer_id` if it is given. A decline is a result: where `Declined` is raised at
    the `yield` and the flow does not catch it, the core makes the failed payment of it. Status
    words that the connector does not know become `UNRESOLVED`. Give `amount` and
    `connector_customer_id` as the processor reports them; the core compares them with what
    was asked. A customer who must authenticate is AUTHENTICATION_PENDING with
    `redirection_data`. In a flow of several requests the error of a later one is given
    `connector_transaction_id` before it goes on.
    """


@operation
def get_payment(request: payments.GetPaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Look a payment up, as it stands now.

    Called by `payments.get` with `connector_transaction_id` or `merchant_transaction_id`; read
    the one that the processor finds a payment by. It is retried freely. Return the same `Payment`
    that `authorize` would. A lookup by the caller's id must not rely on an index that lags
    behind: a payment that exists and is not found would be paid twice.
    """


@operation
def complete(request: payments.CompletePaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Complete a payment that was AUTHENTICATION_PENDING.

    Called by `payments.complete` with `returned`, what the return URL received. Ask the processor
    what became of it and believe nothing else: a value in `returned` is passed on, never read as a
    status. A processor that wants the payment made once the customer has authenticated is asked for
    that here. Return a `Payment` as `authorize` would; it may be AUTHENTICATION_PENDING again.
    """


@operation
def capture(request: payments.CaptureRequest, account: Account) -> Flow[payments.Payment]:
    """Take money that was authorized: `request.amount` of it, or without one all.

    Called by `payments.capture`. Return the payment as it stands then: CHARGED when all of it is
    captured, PARTIAL_CHARGED when a part is and the rest is given up,
    PARTIAL_CHARGED_AND_CHARGEABLE when the rest can still be captured, CAPTURE_INITIATED where
    the processor confirms later. Give `captured_amount` as it reports it, in all.
    """


@operation
def void(request: payments.VoidRequest, account: Account) -> Flow[payments.Payment]:
    """Give an authorization up before it is captured.

    Called by `payments.void`. Return the payment as it stands then: VOIDED, or VOID_INITIATED where
    the processor confirms later. One that cannot be voided any more is the processor's error.
    """


@operation
def refund(request: refunds.RefundRequest, account: Account) -> Flow[refunds.Refund]:
    """Give captured money back: `request.amount` of it, or without one all that is left.

    Called by `payments.refund`, several times for a payment if it is refunded in parts. Return a
    `Refund` with the processor's id; REFUND_PENDING where it confirms later, REFUND_MANUAL_REVIEW
    for a status word that the connector does not know.
    """


@operation
def get_refund(request: refunds.GetRefundRequest, account: Account) -> Flow[refunds.Refund]:
    """Look a refund up, as it stands now.

    Called by `refunds.get`, and retried freely. Return the same `Refund` that `refund` would for
    that `connector_refund_id`, so that a pending one is seen to end.
    """


@operation
def increment_authorization(
    request: payments.IncrementAuthorizationRequest, account: Account
) -> Flow[payments.Payment]:
    """Raise an authorization, so that `request.amount` is authorized in all.

    Called by `payments.increment_authorization`. Return the payment as it stands then, with its
    `authorized_amount`. A refused increment is AUTHORIZATION_FAILED with `error`, and leaves the
    first authorization as it was.
    """


@operation
def tokenize(
    request: methods.TokenizeRequest, account: Account
) -> Flow[methods.PaymentMethodStored]:
    """Let the processor keep a card, on its own or under `connector_customer_id`.

    Called by `payment_methods.tokenize`. Nothing is charged. Return a `PaymentMethodStored` whose
    `connector_payment_method_id` pays as a `Token`. A card that is declined is an INVALID_REQUEST.
    """


@operation
def list_payment_methods(
    request: methods.ListPaymentMethodsRequest, account: Account
) -> Flow[methods.PaymentMethodList]:
    """The payment methods that the processor keeps for a customer.

    Called by `payment_methods.list`, and retried freely. Return those that pay as a `Token`; with
    `is_complete=False` where there are more of them than one answer of the processor holds.
    """


@operation
def delete_payment_method(
    request: methods.DeletePaymentMethodRequest, account: Account
) -> Flow[methods.PaymentMethodDeleted]:
    """Let the processor keep a payment method no longer.

    Called by `payment_methods.delete`. Return a `PaymentMethodDeleted` with the id. One that does
    not exist (any more) is the processor's error, NOT_FOUND, where it says so.
    """


@operation
def setup_recurring(
    request: recurring.SetupRecurringRequest, account: Account
) -> Flow[recurring.Mandate]:
    """Get the permission to charge a customer again, while they are there.

    Called by `recurring.setup`. Without `request.amount` nothing is charged; with it, that is
    charged as the first payment. Send what card networks want of the first payment of a series:
    that the card will be kept, and that the customer started it. Return a `Mandate`: ACTIVE with
    `connector_mandate_id`, MANDATE_INACTIVE with `error` where it was declined, MANDATE_PENDING
    with `redirection_data` where the customer must authenticate, and for an unknown status.
    """


@operation
def charge_recurring(
    request: recurring.ChargeRecurringRequest, account: Account
) -> Flow[payments.Payment]:
    """Charge a customer who is not there, by a permission given before.

    Called by `recurring.charge`, once for each renewal, with the renewal's own
    `merchant_transaction_id`. Send what card networks want: that the merchant started it, with a
    card kept before, and `network_transaction_id` where it is given. Return the same `Payment`
    that `authorize` with AUTOMATIC capture would; a decline is a result.
    """


@operation
def revoke_mandate(
    request: recurring.RevokeMandateRequest, account: Account
) -> Flow[recurring.Mandate]:
    """Give a permission to charge back, so that nothing can be charged by it any more.

    Called by `recurring.revoke`. Return a `Mandate` that is REVOKED, or MANDATE_REVOKE_FAILED with
    `error`. One that does not exist is the processor's error, NOT_FOUND, where it says so.
    """


@operation
def handle_event(request: events.HandleEventRequest, account: Account) -> Flow[events.Event]:
    """Verify a webhook, and only then read it.

    Called by `events.handle`. Verify `request.body`, the raw bytes, by the account's secret with
    `prism_core.connector.signatures` (constant time, several secrets, tolerance in both
    directions; raise `EventRejected` otherwise) before anything of it is decoded; or ask the
    processor, where it verifies by a call or where the body only names what to look up. A flow
    that sends nothing begins with `yield from ()`. Return an `Event` with the processor's own
    word, and what it is about as the other operations would return it; an unknown word is UNKNOWN,
    never an error. Give `connector_event_id` where the event has an id of its own; the core makes
    one otherwise. The ids that no `payment`, `refund` or `mandate` carries are the event's own.

    A lookup's answer that declines raises `Declined`: catch it, and return the failed payment.
    NOT_FOUND to the first request is a forged id: `EventRejected`; after a good signature, catch
    it.
    """


@hookspec(firstresult=True)
def sign_event(request: events.HandleEventRequest, account: Account) -> Mapping[str, str]:
    """The headers with which the processor would sign `request.body` at `request.received_at`.

    Called by the contract and by `prism events send`, to make genuine test events; not there where
    the processor verifies by a call. A body with its signature in it is `prism-signed-body`.
    """


@hookspec(firstresult=True)
def parse_error(response: HttpResponse, account: Account) -> ErrorAnswer | None:
    """Say what an answer means, if it is an error; the one place for a processor's codes.

    Called for every answer but a redirect. Return None for an answer that is no error, and for a
    4xx or 5xx that is not in the processor's own format (a proxy's HTML page): its status gives
    the kind, and after a request that changes something the outcome is unknown. Otherwise return an
    `ErrorAnswer`: DECLINED, with no 5xx, raises `Declined` where the flow yielded, any other kind
    the `ConnectorError` of that kind; the flow may catch both. OTHER leaves the kind to the status.
    """
