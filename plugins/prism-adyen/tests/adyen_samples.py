"""Data that the tests share: requests to make, and answers as Adyen writes them.

The answers have the shape of https://docs.adyen.com/api-explorer/Checkout/71/post/payments.
"""

from __future__ import annotations

import json
from typing import Any

from prism_adyen import AdyenAccount
from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    HttpRequest,
    HttpResponse,
    Money,
    Prism,
    Secret,
)
from prism_core.runtime.steps import Send
from prism_core.schema.base import Request

KEY = "AQE_test_key_of_adyen"
MERCHANT = "ExampleShopECOM"
NUMBER = "4111111111111111"
PSP = "PRSM1001EXAMPL82"
BACK = "https://shop.example/return"
ACCOUNT = AdyenAccount(api_key=Secret(KEY), merchant_account=MERCHANT)
CARD_ON_THE_WIRE = {
    "type": "scheme",
    "number": NUMBER,
    "expiryMonth": "03",
    "expiryYear": "2090",
    "cvc": "737",
}


def card(**changes: Any) -> Card:
    """A card with a number that Adyen publishes for testing."""
    whole: dict[str, Any] = {"number": NUMBER, "exp_month": 3, "exp_year": 2090, "cvc": "737"}
    return Card(**{**whole, **changes})


def address(**changes: Any) -> Address:
    """An address with the parts that Adyen needs, and those it may have."""
    whole: dict[str, Any] = {
        "line1": "1 Private Street",
        "line2": "Flat 2",
        "city": "London",
        "zip_code": "N1 1AA",
        "country_alpha2_code": "GB",
    }
    return Address(**{**whole, **changes})


def payment_request(**changes: Any) -> AuthorizeRequest:
    """Ten dollars by card."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": Money(1000, "USD"),
        "payment_method": card(),
        "return_url": BACK,
    }
    return AuthorizeRequest(**{**whole, **changes})


def built(request: Request, operation: str = "authorize", **given: Any) -> HttpRequest:
    """The request that an operation sends, with no network; the list of a shopper's stored methods,
    which tells the type of one, is empty."""
    with Prism("adyen", **{"api_key": KEY, "merchant_account": MERCHANT, **given}) as prism:
        steps = prism._engine.prepare(operation, f"payments.{operation}", request)
        step = next(steps)
        if isinstance(step, Send) and "/storedPaymentMethods" in step.request.url:
            shopper = getattr(request, "connector_customer_id", None)
            step = steps.send(HttpResponse(200, {}, json.dumps(stored_list(shopper)).encode()))
    assert isinstance(step, Send)
    return step.request


def stored_list(shopper: str | None = "user_42", *stored: dict[str, Any]) -> dict[str, Any]:
    """The stored methods of a shopper."""
    return {"shopperReference": shopper, "storedPaymentMethods": [*stored]}


def body(**changes: Any) -> dict[str, Any]:
    """The JSON of a payment with these fields."""
    made: dict[str, Any] = json.loads(built(payment_request(**changes)).body)
    return made


def answer(code: str = "Authorised", **more: Any) -> dict[str, Any]:
    """An answer to a payment."""
    whole = {"pspReference": PSP, "resultCode": code, "merchantReference": "order_1001"}
    return {**whole, **more}


def authorised(value: int = 1000, currency: str = "USD", **told: str | None) -> dict[str, Any]:
    """An authorised payment, with additional data."""
    return answer(amount={"currency": currency, "value": value}, additionalData=told)


def refused(code: str, **told: str) -> dict[str, Any]:
    """A refused payment, with additional data."""
    return answer("Refused", refusalReason="Not today", refusalReasonCode=code, additionalData=told)


def error(status: int, code: str, **more: Any) -> dict[str, Any]:
    """The body of an error answer."""
    said = {"status": status, "errorCode": code, "message": "Something is wrong"}
    return {**said, "errorType": "validation", **more}
