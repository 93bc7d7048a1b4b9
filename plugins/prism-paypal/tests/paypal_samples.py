"""Data the tests share: requests to make, and orders as PayPal writes them.

The answers have the shape of https://developer.paypal.com/docs/api/orders/v2/#definition-order.
"""

from __future__ import annotations

import json
from typing import Any

from prism_core import (
    Address,
    AuthorizeRequest,
    CaptureRequest,
    Card,
    CreateCustomerRequest,
    Flow,
    HttpRequest,
    HttpResponse,
    Money,
    RefundRequest,
    Secret,
    VoidRequest,
)
from prism_paypal import PayPalAccount

CREDENTIALS: dict[str, Any] = {"client_id": "client_1", "client_secret": "secret_1"}
ACCOUNT = PayPalAccount(client_id="client_1", client_secret=Secret("secret_1"))
NUMBER = "4005519200000004"
"""https://developer.paypal.com/tools/sandbox/card-testing"""

SIGNED = ("Auth-Algo", "Cert-Url", "Transmission-Id", "Transmission-Sig", "Transmission-Time")
HEADERS = {
    **{f"PayPal-{name}": "value1" for name in SIGNED},
    "PayPal-Cert-Url": "https://api.paypal.com/v1/notifications/certs/CERT-1",
    "PayPal-Transmission-Time": "2026-11-23T09:00:07Z",
}
"""The headers of https://developer.paypal.com/api/rest/webhooks/rest/, of an event sent then."""
SENT = 1795424407


def requests_of(flow: Flow[Any], *answers: Any) -> list[HttpRequest]:
    """The requests of a flow while it gets these answers."""
    given = [HttpResponse(201, {}, json.dumps(one).encode()) for one in answers]
    seen = [next(flow)]
    for answer in given:
        seen.append(flow.send(answer))
    flow.close()
    return seen


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON of a request."""
    found: dict[str, Any] = json.loads(request.body)
    return found


def card(**changes: Any) -> Card:
    """A card that PayPal's sandbox takes."""
    return Card(**{"number": NUMBER, "exp_month": 2, "exp_year": 2090, "cvc": "123", **changes})


def address(**changes: Any) -> Address:
    """An address with every part that PayPal's has."""
    whole = {
        "line1": "1 Example Street",
        "line2": "Flat 2",
        "city": "London",
        "state": "LDN",
        "zip_code": "N1 1AA",
        "country_alpha2_code": "GB",
    }
    return Address(**{**whole, **changes})


PAYPAL_ADDRESS = {
    "address_line_1": "1 Example Street",
    "address_line_2": "Flat 2",
    "admin_area_2": "London",
    "admin_area_1": "LDN",
    "postal_code": "N1 1AA",
    "country_code": "GB",
}


def customer_request(**changes: Any) -> CreateCustomerRequest:
    """A customer with what PayPal takes."""
    whole = {"merchant_customer_id": "user_42", "name": "Ada Lovelace", "idempotency_key": "key_1"}
    return CreateCustomerRequest(**{**whole, **changes})


def payment_request(**changes: Any) -> AuthorizeRequest:
    """Ten dollars by card, to hold."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": Money(1000, "USD"),
        "payment_method": card(),
        "capture_method": "MANUAL",
        "idempotency_key": "key_1",
    }
    return AuthorizeRequest(**{**whole, **changes})


def part(status: str, value: str = "10.00", currency: str = "USD", **more: Any) -> dict[str, Any]:
    """An authorization or a capture."""
    amount = {"currency_code": currency, "value": value}
    return {"id": "3PART", "status": status, "amount": amount, **more}


def refunded(
    value: str, of: str = "3PART", status: str = "COMPLETED", own: str = "refund_1", **more: Any
) -> dict[str, Any]:
    """A refund of a capture."""
    up = {"href": f"https://api-m.sandbox.paypal.com/v2/payments/captures/{of}", "rel": "up"}
    return part(status, value, **{"id": "1REFUND", "custom_id": own, "links": [up], **more})


def capture(of: str = "5ORDER", status: str = "COMPLETED", **more: Any) -> dict[str, Any]:
    """A capture on its own, which names its order."""
    related = {"related_ids": {"order_id": of, "authorization_id": "3AUTH"}}
    return part(status, custom_id="order_1001", supplementary_data=related, **more)


def order(
    status: str = "COMPLETED",
    *,
    authorizations: list[dict[str, Any]] | None = None,
    captures: list[dict[str, Any]] | None = None,
    refunds: list[dict[str, Any]] | None = None,
    value: str = "10.00",
    currency: str = "USD",
    **more: Any,
) -> dict[str, Any]:
    """An order, with its payments."""
    payments = {"authorizations": authorizations, "captures": captures, "refunds": refunds}
    unit = {
        "reference_id": "default",
        "custom_id": "order_1001",
        "amount": {"currency_code": currency, "value": value},
        "payments": {name: made for name, made in payments.items() if made is not None},
    }
    intent = "CAPTURE" if authorizations is None else "AUTHORIZE"
    return {"id": "5ORDER", "intent": intent, "status": status, "purchase_units": [unit], **more}


def error(issue: str, **more: Any) -> dict[str, Any]:
    """https://developer.paypal.com/api/rest/responses/"""
    return {
        "name": "UNPROCESSABLE_ENTITY",
        "message": "The requested action could not be performed.",
        "debug_id": "debug_1",
        "details": [{"issue": issue, "description": f"About {issue}."}],
        **more,
    }


TEN, FOUR = Money(1000, "USD"), Money(400, "USD")
HELD = order(authorizations=[part("CREATED", id="3AUTH")])
PARTLY = order(
    authorizations=[part("PARTIALLY_CAPTURED", id="3AUTH")],
    captures=[part("COMPLETED", "4.00", id="4FIRST")],
)
CHARGED = order(captures=[part("COMPLETED")])


def twice(first: dict[str, Any], second: dict[str, Any], *refunds: dict[str, Any]) -> Any:
    """An order that was captured in two parts."""
    captures = [{**first, "id": "4FIRST"}, {**second, "id": "4SECOND"}]
    held = [part("CAPTURED", id="3AUTH")]
    return order(authorizations=held, captures=captures, refunds=list(refunds))


IN_PARTS = twice(part("COMPLETED", "6.00"), part("COMPLETED", "4.00"))


def capturing(**given: Any) -> CaptureRequest:
    """A capture of the order's payment."""
    return CaptureRequest(connector_transaction_id="5ORDER", idempotency_key="key_1", **given)


def refunding(**given: Any) -> RefundRequest:
    """A refund of the order's payment."""
    whole = {"merchant_refund_id": "refund_1", "idempotency_key": "key_1", **given}
    return RefundRequest(connector_transaction_id="5ORDER", **whole)


VOIDING = VoidRequest(connector_transaction_id="5ORDER", idempotency_key="key_1")
