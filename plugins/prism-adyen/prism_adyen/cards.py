"""What is paid with, and what may be paid with it later, as Adyen's payment request has it."""

from __future__ import annotations

from typing import Any

from prism_core import AuthorizeRequest, Card, FutureUsage, InvalidRequest, Token


def payment_method(method: Card | Token) -> dict[str, Any]:
    """https://docs.adyen.com/payment-methods/cards/raw-card-data"""
    if isinstance(method, Token):
        if len(method.token) > 64:
            raise InvalidRequest("a Token at Adyen has up to 64 characters", field="payment_method")
        return {"type": "scheme", "storedPaymentMethodId": method.token}
    return {
        "type": "scheme",
        "number": method.number,
        "expiryMonth": f"{method.exp_month:02}",
        "expiryYear": str(method.exp_year),
        "cvc": method.cvc,
        "holderName": method.holder_name,
    }


def recurring(request: AuthorizeRequest) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/tokenization: a card is stored while the shopper is
    there (Ecommerce), and paid with afterwards (ContAuth)."""
    wanted, without_shopper = request.setup_future_usage, request.off_session is True
    repeats = without_shopper or isinstance(request.payment_method, Token)
    _check(request, repeats)
    if repeats:
        return {"shopperInteraction": "ContAuth", **_model(without_shopper)}
    if wanted is not None:
        stored = {"shopperInteraction": "Ecommerce", "storePaymentMethod": True}
        return {**stored, **_model(wanted is FutureUsage.OFF_SESSION)}
    return {} if request.off_session is None else {"shopperInteraction": "Ecommerce"}


def _check(request: AuthorizeRequest, repeats: bool) -> None:
    wanted = request.setup_future_usage is not None
    if (repeats or wanted) and request.connector_customer_id is None:
        raise InvalidRequest(
            "Adyen needs connector_customer_id to store a card, and to pay with a stored one or "
            "without the customer there",
            field="connector_customer_id",
        )
    if repeats and wanted:
        raise InvalidRequest(
            "Adyen stores a card while the customer is there, and a Token is stored already; "
            "leave setup_future_usage out",
            field="setup_future_usage",
        )


def _model(without_shopper: bool) -> dict[str, str]:
    """Whether payments with the stored card are made without the shopper."""
    model = "UnscheduledCardOnFile" if without_shopper else "CardOnFile"
    return {"recurringProcessingModel": model}
