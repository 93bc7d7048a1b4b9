"""The payment service: `payments.authorize` and `payments.get`."""

from __future__ import annotations

from prism_core import hookspecs
from prism_core.clients.base import AsyncClient, Client, Method
from prism_core.schema.payments import AuthorizeRequest, GetPaymentRequest


class PaymentMethods:
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


class PaymentClient(PaymentMethods, Client):
    """Payments, blocking."""


class AsyncPaymentClient(PaymentMethods, AsyncClient):
    """Payments, for asyncio and trio."""
