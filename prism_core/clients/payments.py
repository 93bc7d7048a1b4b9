"""The payment service: `payments.authorize`, `get`, `complete`, `capture`, `refund` and others."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import payment_hookspecs as hookspecs
from prism_core.schema.orders import CreateOrderRequest
from prism_core.schema.payments import (
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    GetPaymentRequest,
    IncrementAuthorizationRequest,
    VoidRequest,
)
from prism_core.schema.refunds import RefundRequest


class PaymentService:
    """The methods for payments."""

    service = "payments"

    authorize = Method(
        hookspecs.authorize,
        AuthorizeRequest,
        "Authorize a payment; with AUTOMATIC capture, charge it, too. A decline is a result.",
    )
    create_order = Method(
        hookspecs.create_order,
        CreateOrderRequest,
        "Open a payment that the customer makes on a page: the processor's, or yours with its "
        "library.",
    )
    get = Method(
        hookspecs.get_payment,
        GetPaymentRequest,
        "Look a payment up, by one of the processor's ids or by yours.",
    )
    complete = Method(
        hookspecs.complete,
        CompletePaymentRequest,
        "Complete a payment after its customer came back from authenticating or paying.",
    )
    capture = Method(
        hookspecs.capture, CaptureRequest, "Capture authorized money, or a part of it."
    )
    void = Method(hookspecs.void, VoidRequest, "Cancel an authorization before it is captured.")
    refund = Method(hookspecs.refund, RefundRequest, "Refund captured money, or a part of it.")
    increment_authorization = Method(
        hookspecs.increment_authorization,
        IncrementAuthorizationRequest,
        "Raise an authorization to a higher amount.",
    )


class PaymentClient(PaymentService, Client):
    """The methods for payments, blocking."""


class AsyncPaymentClient(PaymentService, AsyncClient):
    """The methods for payments, for asyncio and trio."""
