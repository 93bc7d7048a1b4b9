"""The payment service: `payments.authorize`, and what is done with a payment after it."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
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
    """What can be done with payments."""

    service = "payments"

    authorize = Method(
        hookspecs.authorize,
        AuthorizeRequest,
        "Authorize a payment, and with AUTOMATIC capture charge it. A decline is a result.",
    )
    get = Method(
        hookspecs.get_payment,
        GetPaymentRequest,
        "Look a payment up, by the processor's id or by yours.",
    )
    complete = Method(
        hookspecs.complete,
        CompletePaymentRequest,
        "Complete a payment after its customer came back from authenticating.",
    )
    capture = Method(
        hookspecs.capture, CaptureRequest, "Take money that was authorized, or a part of it."
    )
    void = Method(hookspecs.void, VoidRequest, "Give an authorization up before it is captured.")
    refund = Method(hookspecs.refund, RefundRequest, "Give captured money back, or a part of it.")
    increment_authorization = Method(
        hookspecs.increment_authorization,
        IncrementAuthorizationRequest,
        "Raise an authorization to a higher amount.",
    )


class PaymentClient(PaymentService, Client):
    """Payments, blocking."""


class AsyncPaymentClient(PaymentService, AsyncClient):
    """Payments, for asyncio and trio."""
