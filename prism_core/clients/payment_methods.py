"""The payment method service: `payment_methods.tokenize`, `list` and `delete`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.payment_methods import (
    DeletePaymentMethodRequest,
    ListPaymentMethodsRequest,
    TokenizeRequest,
)


class PaymentMethodService:
    """The methods for stored payment methods."""

    service = "payment_methods"

    tokenize = Method(
        hookspecs.tokenize,
        TokenizeRequest,
        "Store a card at the processor; pay with a `Token` of the returned id.",
    )
    list = Method(
        hookspecs.list_payment_methods,
        ListPaymentMethodsRequest,
        "List the stored payment methods of a customer.",
    )
    delete = Method(
        hookspecs.delete_payment_method,
        DeletePaymentMethodRequest,
        "Delete a stored payment method.",
    )


class PaymentMethodClient(PaymentMethodService, Client):
    """The methods for stored payment methods, blocking."""


class AsyncPaymentMethodClient(PaymentMethodService, AsyncClient):
    """The methods for stored payment methods, for asyncio and trio."""
