"""The payment method service: `payment_methods.tokenize`, `list`, `delete` and others."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.orders import CreateClientTokenRequest
from prism_core.schema.stored import (
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
        "Store a payment method at the processor; pay with a `Token` of the returned id.",
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
    create_client_token = Method(
        hookspecs.create_client_token,
        CreateClientTokenRequest,
        "Get what the processor's library in your page needs before there is a payment.",
    )


class PaymentMethodClient(PaymentMethodService, Client):
    """The methods for stored payment methods, blocking."""


class AsyncPaymentMethodClient(PaymentMethodService, AsyncClient):
    """The methods for stored payment methods, for asyncio and trio."""
