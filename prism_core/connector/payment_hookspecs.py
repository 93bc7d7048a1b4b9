"""The hooks of payments and refunds; `hookspecs` has the others, and says what a flow is."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from prism_core.connector.account import Account
from prism_core.connector.http import Flow
from prism_core.connector.operations import operation
from prism_core.schema import orders, payments, refunds


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
def create_order(request: orders.CreateOrderRequest, account: Account) -> Flow[payments.Payment]:
    """Open a payment that the customer makes on a page, with no payment method yet.

    Called by `payments.create_order`. With `request.hosted`, return the processor's page as
    `redirection_data.uri` (or `uri` and `form`); without it, the values that its library needs in
    the shop's page as `redirection_data.sdk`. Read `request.hosted` if the processor has both;
    refuse the one that it does not have. Return PAYMENT_METHOD_AWAITED with `connector_order_id`,
    by which `get_payment` and `complete` find the payment, and `expires_at` if it is known. A
    failed try leaves the order open: every operation and event tells it as PAYMENT_METHOD_AWAITED
    with `error`, never as a failed payment (as does the core's plain declined result, for a request
    with `connector_order_id`). An order that ran out is EXPIRED.
    """


@operation
def get_payment(request: payments.GetPaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Look up the current state of a payment.

    Called by `payments.get` with `connector_transaction_id`, `connector_order_id` or
    `merchant_transaction_id`; read those by which the processor finds a payment. It can be repeated
    at any time. Return the same `Payment` that `authorize` would. A lookup by the caller's id must
    not use an index that is updated later: a payment that exists and is not found would be paid
    twice.
    """


@operation
def complete(request: payments.CompletePaymentRequest, account: Account) -> Flow[payments.Payment]:
    """Complete a payment that was AUTHENTICATION_PENDING, or whose order the customer approved.

    Called by `payments.complete` with `returned`, the values that the return URL received. Take the
    status from the processor alone: pass the values of `returned` on, and never read a status from
    them. If the processor makes the payment only after authentication or approval, make it here,
    from `connector_order_id` where it has orders. Return a
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
