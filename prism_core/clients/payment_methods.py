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
    """What can be done with payment methods that the processor keeps."""

    service = "payment_methods"

    tokenize = Method(
        hookspecs.tokenize,
        TokenizeRequest,
        "Let the processor keep a card; pay with a `Token` of the returned id.",
    )
    list = Method(
        hookspecs.list_payment_methods,
        ListPaymentMethodsRequest,
        "The payment methods that the processor keeps for a customer.",
    )
    delete = Method(
        hookspecs.delete_payment_method,
        DeletePaymentMethodRequest,
        "Let the processor keep a payment method no longer.",
    )


class PaymentMethodClient(PaymentMethodService, Client):
    """Payment methods, blocking."""


class AsyncPaymentMethodClient(PaymentMethodService, AsyncClient):
    """Payment methods, for asyncio and trio."""
