"""The hooks that a connector can implement; the docstrings are the contract. Those of payments and
refunds are in `payment_hookspecs`.

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

from collections.abc import Mapping

from prism_core.connector.account import Account
from prism_core.connector.http import Flow, HttpResponse
from prism_core.connector.operations import hookspec, operation
from prism_core.errors.details import ErrorAnswer
from prism_core.schema import customers, events, orders, payments, recurring, stored


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
def tokenize(request: stored.TokenizeRequest, account: Account) -> Flow[stored.PaymentMethodStored]:
    """Store a payment method at the processor, on its own or for `connector_customer_id`.

    Called by `payment_methods.tokenize`. Nothing is charged. Return a `PaymentMethodStored` whose
    `connector_payment_method_id` pays as a `Token`. A declined one is an INVALID_REQUEST.
    """


@operation
def list_payment_methods(
    request: stored.ListPaymentMethodsRequest, account: Account
) -> Flow[stored.PaymentMethodList]:
    """The stored payment methods of a customer.

    Called by `payment_methods.list`; it can be repeated at any time. Return those that pay as a
    `Token`, with `is_complete=False` if the processor has more than one of its answers holds.
    """


@operation
def delete_payment_method(
    request: stored.DeletePaymentMethodRequest, account: Account
) -> Flow[stored.PaymentMethodDeleted]:
    """Delete a stored payment method at the processor.

    Called by `payment_methods.delete`. Return a `PaymentMethodDeleted` with the id. If it does not
    exist (any more), the processor's error is NOT_FOUND. No payment can be made with it afterwards.
    """


@operation
def create_client_token(
    request: orders.CreateClientTokenRequest, account: Account
) -> Flow[orders.ClientToken]:
    """What the processor's library in the shop's page needs before there is a payment.

    Called by `payment_methods.create_client_token`; it can be repeated at any time, and changes
    nothing. Return a `ClientToken` whose `sdk` has the values by the library's own names. If the
    library needs only keys that are public, return them without sending anything.
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
    with `redirection_data` if the customer must authenticate, and for an unknown status. Without
    `request.payment_method`, open a page as `create_order` does, and return MANDATE_PENDING; if
    the processor has no such page, put `payment_method` into `ConnectorInfo.needs`.
    """


@operation
def get_mandate(request: recurring.GetMandateRequest, account: Account) -> Flow[recurring.Mandate]:
    """Look up the current state of a permission to charge.

    Called by `recurring.get` with `connector_mandate_id`, or with the `connector_order_id` or
    `connector_transaction_id` of its setup; read those by which the processor finds it. It can be
    repeated at any time. Return the same `Mandate` that `setup_recurring` would; one that cannot
    be charged any more is REVOKED or MANDATE_INACTIVE.
    """


@operation
def complete_mandate(
    request: recurring.CompleteMandateRequest, account: Account
) -> Flow[recurring.Mandate]:
    """Complete a permission that was MANDATE_PENDING with `redirection_data`.

    Called by `recurring.complete` with `returned`, the values that the return URL received. As in
    `complete`, take the status from the processor alone. Return a `Mandate` as `setup_recurring`
    would; it may be MANDATE_PENDING again.
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
    would return it; an unknown type is UNKNOWN, never an error, and the unknown status of a dispute
    is DISPUTE_UNRESOLVED. Set `connector_event_id` if the event has an id; otherwise the core makes
    one. Ids that none of these carries go on the event.

    A lookup of a declined payment raises `Declined`: catch it, and return the failed payment.
    NOT_FOUND for the first request means a forged id, and the core raises `EventRejected`; after a
    verified signature, catch it. `reply` is what the endpoint must answer with, where any 2xx will
    not do: for a handshake, an event of kind UNKNOWN that tells nothing else.
    """


@hookspec(firstresult=True)
def sign_event(request: events.HandleEventRequest, account: Account) -> Mapping[str, str]:
    """The headers with which the processor would sign `request.body` at `request.received_at`.

    Called by the contract and by `prism events send`, to make valid test events. Leave it out if
    the processor verifies by a call, or signs nothing. A body that holds its signature is
    `prism-signed-body`.
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
