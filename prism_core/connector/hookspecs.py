"""Every hook that a connector can implement; the docstrings are the contract.

An operation is a generator, called a flow: it yields each `HttpRequest`, is sent its
`HttpResponse`, and returns its result. The core runs a flow once, may send one of its requests
several times, and adds the idempotency keys and access tokens. A flow does no I/O and uses no clock
and no random numbers: everything it needs is in `request` and `account`.

The fields that a flow reads are the fields that it sends. A field that was given and not read is
refused, or left out and reported (`ConnectorInfo`). Read the fields that you send before the first
`yield`, and read no others. An error answer is raised at the `yield`; see `parse_error`.
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
"""The operation hooks by name. The other hooks of this module are no operations."""


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
    `merchant_customer_id` as the processor echoes it. If the processor refuses a customer that
    already exists, `parse_error` returns CONFLICT with its `connector_customer_id`. Leave this
    hook out if the processor has no customers (`ConnectorInfo.keeps_customers`).
    """


@operation
def get_customer(
    request: customers.GetCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Look a customer up.

    Called by `customers.get` with `connector_customer_id` or `merchant_customer_id`. Read the
    second only if that lookup finds a customer immediately after it was created. Return what the
    processor has stored; a deleted customer that it still returns is DELETED.
    """


@operation
def update_customer(
    request: customers.UpdateCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Change the given fields of a customer at the processor, and no others.

    Called by `customers.update`. If the processor replaces the whole customer, fetch it first, so
    that the fields not given stay as they are. Return the customer after the change.
    """


@operation
def delete_customer(
    request: customers.DeleteCustomerRequest, account: Account
) -> Flow[customers.Customer]:
    """Delete a customer at the processor, with their stored payment methods.

    Called by `customers.delete`. Return a `Customer` with the id and the status DELETED. Later
    lookups of that customer return DELETED or raise NOT_FOUND.
    """


@operation
def authorize(request: payments.AuthorizeRequest, account: Account) -> Flow[payments.Payment]:
    """Authorize a payment, and with AUTOMATIC capture charge it.

    Called by `payments.authorize`. Amounts are minor units by ISO 4217; `request.amount` has
    `to_wire` and `to_decimal` for processors that want them otherwise. Link the payment to
    `connector_customer_id` if it is given. A decline is a result: it raises `Declined` at the
    `yield`, and if the flow does not catch that, the core returns the failed payment. A status
    that the connector does not know becomes `UNRESOLVED`. Return `amount` and
    `connector_customer_id` as the processor reports them; the core compares them with the
    request. If the customer must authenticate, return AUTHENTICATION_PENDING with
    `redirection_data`. If a later request of the flow fails, set the error's
    `connector_transaction_id` and raise it again.
    """


@operation
def get_payment(request: payments.GetPaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Look up the current state of a payment.

    Called by `payments.get` with `connector_transaction_id` or `merchant_transaction_id`; read
    the one by which the processor finds a payment. It can be repeated at any time. Return the same
    `Payment` that `authorize` would. A lookup by the caller's id must not use an index that is
    updated later: a payment that exists and is not found would be paid twice.
    """


@operation
def complete(request: payments.CompletePaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Complete a payment that was AUTHENTICATION_PENDING.

    Called by `payments.complete` with `returned`, the values that the return URL received. Take the
    status from the processor alone: pass the values of `returned` on, and never read a status from
    them. If the processor makes the payment only after authentication, make it here. Return a
    `Payment` as `authorize` would; it may be AUTHENTICATION_PENDING again.
    """


@operation
def capture(request: payments.CaptureRequest, account: Account) -> Flow[payments.Payment]:
    """Capture authorized money: `request.amount`, or all of it if no amount is given.

    Called by `payments.capture`. Return the payment after the capture: CHARGED when all of it is
    captured, PARTIAL_CHARGED when a part is and the rest is released,
    PARTIAL_CHARGED_AND_CHARGEABLE when the rest can still be captured, CAPTURE_INITIATED if the
    processor confirms later. `captured_amount` is the total captured so far, as it reports it.
    """


@operation
def void(request: payments.VoidRequest, account: Account) -> Flow[payments.Payment]:
    """Cancel an authorization before it is captured.

    Called by `payments.void`. Return the payment after that: VOIDED, or VOID_INITIATED if the
    processor confirms later. If it cannot be voided any more, the processor's error is raised.
    """


@operation
def refund(request: refunds.RefundRequest, account: Account) -> Flow[refunds.Refund]:
    """Refund captured money: `request.amount`, or all that is left if no amount is given.

    Called by `payments.refund`, several times for a payment if it is refunded in parts. Return a
    `Refund` with the processor's id; REFUND_PENDING if it confirms later, REFUND_MANUAL_REVIEW
    for a status that the connector does not know.
    """


@operation
def get_refund(request: refunds.GetRefundRequest, account: Account) -> Flow[refunds.Refund]:
    """Look up the current state of a refund.

    Called by `refunds.get`; it can be repeated at any time. Return the same `Refund` that `refund`
    would for that `connector_refund_id`, with its status now.
    """


@operation
def increment_authorization(
    request: payments.IncrementAuthorizationRequest, account: Account
) -> Flow[payments.Payment]:
    """Raise an authorization, so that its new total is `request.amount`.

    Called by `payments.increment_authorization`. Return the payment with its `authorized_amount`. A
    refused increment is AUTHORIZATION_FAILED with `error`; the first authorization stays valid.
    """


@operation
def tokenize(
    request: methods.TokenizeRequest, account: Account
) -> Flow[methods.PaymentMethodStored]:
    """Store a card at the processor, on its own or for `connector_customer_id`.

    Called by `payment_methods.tokenize`. Nothing is charged. Return a `PaymentMethodStored` whose
    `connector_payment_method_id` pays as a `Token`. A declined card is an INVALID_REQUEST.
    """


@operation
def list_payment_methods(
    request: methods.ListPaymentMethodsRequest, account: Account
) -> Flow[methods.PaymentMethodList]:
    """The stored payment methods of a customer.

    Called by `payment_methods.list`; it can be repeated at any time. Return those that pay as a
    `Token`, with `is_complete=False` if the processor has more than one of its answers holds.
    """


@operation
def delete_payment_method(
    request: methods.DeletePaymentMethodRequest, account: Account
) -> Flow[methods.PaymentMethodDeleted]:
    """Delete a stored payment method at the processor.

    Called by `payment_methods.delete`. Return a `PaymentMethodDeleted` with the id. If it does not
    exist (any more), the processor's error is NOT_FOUND. No payment can be made with it afterwards.
    """


@operation
def setup_recurring(
    request: recurring.SetupRecurringRequest, account: Account
) -> Flow[recurring.Mandate]:
    """Get the permission to charge a customer again, while they are there.

    Called by `recurring.setup`. Without `request.amount` nothing is charged; with it, that is
    charged as the first payment. Send what card networks require of the first payment of a series:
    that the card will be stored, and that the customer started it. Return a `Mandate`: ACTIVE with
    `connector_mandate_id`, MANDATE_INACTIVE with `error` if it was declined, MANDATE_PENDING
    with `redirection_data` if the customer must authenticate, and for an unknown status.
    """


@operation
def charge_recurring(
    request: recurring.ChargeRecurringRequest, account: Account
) -> Flow[payments.Payment]:
    """Charge a customer who is not present, with a permission given before.

    Called by `recurring.charge`, once for each renewal, with the renewal's own
    `merchant_transaction_id`. Send what card networks require: that the merchant started it, with a
    stored card, and `network_transaction_id` if it is given. Return the same `Payment` that
    `authorize` with AUTOMATIC capture would; a decline is a result.
    """


@operation
def revoke_mandate(
    request: recurring.RevokeMandateRequest, account: Account
) -> Flow[recurring.Mandate]:
    """Revoke a permission to charge, so that nothing can be charged with it any more.

    Called by `recurring.revoke`. Return a `Mandate` that is REVOKED, or MANDATE_REVOKE_FAILED with
    `error`. If it does not exist, the processor's error is NOT_FOUND.
    """


@operation
def handle_event(request: events.HandleEventRequest, account: Account) -> Flow[events.Event]:
    """Verify a webhook, and only then read it.

    Called by `events.handle`. Verify `request.body`, the raw bytes, with the account's secret and
    `prism_core.connector.signatures` before you decode any of it; raise `EventRejected` if it does
    not match. Or ask the processor, if it verifies by a call or if the body only names an object to
    look up. A flow that sends nothing begins with `yield from ()`. Return an `Event` with the
    processor's own `event_type`, and with the payment, refund or mandate as the other operations
    would return it; an unknown type is UNKNOWN, never an error. Set `connector_event_id` if the
    event has an id; otherwise the core makes one. Ids that none of these carries go on the event.

    A lookup of a declined payment raises `Declined`: catch it, and return the failed payment.
    NOT_FOUND for the first request means a forged id, and the core raises `EventRejected`; after a
    verified signature, catch it.
    """


@hookspec(firstresult=True)
def sign_event(request: events.HandleEventRequest, account: Account) -> Mapping[str, str]:
    """The headers with which the processor would sign `request.body` at `request.received_at`.

    Called by the contract and by `prism events send`, to make valid test events. Leave it out if
    the processor verifies by a call. A body that holds its signature is `prism-signed-body`.
    """


@hookspec(firstresult=True)
def parse_error(response: HttpResponse, account: Account) -> ErrorAnswer | None:
    """Say what an error answer means; the one place for a processor's error codes.

    Called for every answer except a redirect. Return None for an answer that is no error, and for a
    4xx or 5xx that is not in the processor's own format (a proxy's HTML page): then the status
    decides the kind, and after a request that changes something the outcome is unknown. Otherwise
    return an `ErrorAnswer`. DECLINED (unless it is a 5xx) raises `Declined` at the flow's `yield`,
    any other kind the `ConnectorError` of that kind; the flow may catch both.
    """
