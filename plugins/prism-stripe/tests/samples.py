"""Data the tests share: secrets to look for, requests to make, and answers as Stripe writes them.

The answers have the shape of the examples at https://docs.stripe.com/api/payment_intents/object,
https://docs.stripe.com/api/customers/object and https://docs.stripe.com/api/errors.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    CreateCustomerRequest,
    HttpRequest,
    HttpResponse,
    Money,
    Prism,
    TransportError,
)
from prism_core.connector.http import Failure
from prism_core.schema.base import Request

KEY = "sk_test_12345"
SECRET = "whsec_first"
NUMBER = "4242424242424242"
CVC = "9174"
EMAIL = "ada.private@example.com"
NAME = "Ada Lovelace-Private"
PHONE = "+14155552671"
STREET = "1 Private Street"
PERSONAL = (NUMBER, CVC, EMAIL, NAME, PHONE, STREET)
"""What no repr, log, exception, pickle or traceback may show."""
CUS, PM = "cus_NffrFeUfNV2Hib", "pm_1MtwBwLkdIwHu7ixGQUCvCEd"


class Wire:
    """In the place of the network: keeps what is `sent`, and answers in turn; then nobody does."""

    def __init__(self, *answers: Any) -> None:
        self.sent: list[HttpRequest] = []
        self._answers = [HttpResponse(200, body=msgspec.json.encode(body)) for body in answers]

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """As the core's own transport."""
        self.sent.append(request)
        return self._answers.pop(0) if self._answers else Failure("not_sent", "nobody is there")

    def close(self) -> None:
        """Has nothing to close."""


def called(method: str, request: Request, wire: Wire, **credentials: Any) -> Any:
    """What a client's method, "payments.authorize" say, comes to with no network."""
    service, name = method.split(".")
    with Prism("stripe", **{"api_key": KEY, "max_retries": 0, **credentials}) as prism:
        prism._engine._transport = wire
        return getattr(getattr(prism, service), name)(request)


def sending(method: str, request: Request, *answers: Any, **credentials: Any) -> HttpRequest:
    """The first request that is not answered."""
    wire = Wire(*answers)
    with pytest.raises(TransportError, match="nobody is there"):
        called(method, request, wire, **credentials)
    return wire.sent[-1]


def authorizing(request: AuthorizeRequest, **credentials: Any) -> HttpRequest:
    """The one request that authorizing sends, with no network."""
    return sending("payments.authorize", request, **credentials)


def creating(request: CreateCustomerRequest, **credentials: Any) -> HttpRequest:
    """The one request that creating a customer sends, with no network."""
    return sending("customers.create", request, **credentials)


def card(**changes: Any) -> Card:
    """A card with a number that Stripe's test mode charges."""
    whole: dict[str, Any] = {"number": NUMBER, "exp_month": 12, "exp_year": 2090, "cvc": CVC}
    return Card(**{**whole, **changes})


def address(**changes: Any) -> Address:
    """An address with every part that Stripe's customer address has."""
    whole: dict[str, Any] = {
        "line1": STREET,
        "line2": "Flat 2",
        "city": "London",
        "state": "LDN",
        "zip_code": "N1 1AA",
        "country_alpha2_code": "GB",
    }
    return Address(**{**whole, **changes})


def customer_request(**changes: Any) -> CreateCustomerRequest:
    """A customer with every field."""
    whole: dict[str, Any] = {
        "merchant_customer_id": "user_42",
        "name": NAME,
        "email": EMAIL,
        "phone": PHONE,
        "description": "first customer",
        "address": address(),
        "metadata": {"plan": "gold"},
    }
    return CreateCustomerRequest(**{**whole, **changes})


def payment_request(**changes: Any) -> AuthorizeRequest:
    """Ten dollars by card."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": Money(1000, "USD"),
        "payment_method": card(holder_name=NAME),
    }
    return AuthorizeRequest(**{**whole, **changes})


def customer(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/customers/object"""
    return {
        "id": CUS,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": 1680893993,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": EMAIL,
        "livemode": False,
        "metadata": {"merchant_customer_id": "user_42"},
        "name": NAME,
        "phone": None,
        "shipping": None,
        "tax_exempt": "none",
        **changes,
    }


def charge(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/charges/object, as `expand` puts it into a PaymentIntent."""
    return {
        "id": "ch_3MtwBwLkdIwHu7ix0snN0B15",
        "object": "charge",
        "amount": 1000,
        "amount_captured": 1000,
        "amount_refunded": 0,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": True,
        "created": 1680800505,
        "currency": "usd",
        "disputed": False,
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "exp_month": 12,
                "exp_year": 2090,
                "last4": "4242",
                "network_transaction_id": "104102978678771",
            },
        },
        "refunded": False,
        "status": "succeeded",
        **changes,
    }


def intent(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_intents/object: one that was charged."""
    return {
        "id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
        "object": "payment_intent",
        "amount": 1000,
        "amount_capturable": 0,
        "amount_received": 1000,
        "application": None,
        "canceled_at": None,
        "capture_method": "automatic",
        "client_secret": "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH",
        "confirmation_method": "automatic",
        "created": 1680800504,
        "currency": "usd",
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": charge(),
        "livemode": False,
        "metadata": {"merchant_transaction_id": "order_1001"},
        "next_action": None,
        "payment_method": PM,
        "payment_method_types": ["card"],
        "processing": None,
        "setup_future_usage": None,
        "shipping": None,
        "status": "succeeded",
        **changes,
    }


def uncaptured(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"""
    held = {"status": "requires_capture", "capture_method": "manual"}
    return intent(**held, **{"amount_received": 0, "amount_capturable": 1000, **changes})


def redirecting(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow, with a return_url."""
    url = "https://hooks.stripe.com/redirect/authenticate/src_1"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": "https://x"}}
    unpaid = {"amount_received": 0, "latest_charge": None, "next_action": action}
    return intent(**{"status": "requires_action", **unpaid, **changes})


def method(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/object"""
    shown = {"brand": "visa", "exp_month": 12, "exp_year": 2090, "last4": "4242"}
    whole = {"id": PM, "object": "payment_method", "type": "card", "card": shown}
    return {**whole, "customer": None, "metadata": {}, **changes}


def setup_intent(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/setup_intents/object"""
    return {
        "id": "seti_1Mm8s8LkdIwHu7ix0OXBfTRG",
        "object": "setup_intent",
        "client_secret": "seti_1Mm8s8LkdIwHu7ix0OXBfTRG_secret_x",
        "customer": CUS,
        "last_setup_error": None,
        "metadata": {"merchant_mandate_id": "m_1"},
        "next_action": None,
        "payment_method": PM,
        "status": "succeeded",
        **changes,
    }


def error(**said: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/errors"""
    return {"error": {"type": "invalid_request_error", "message": "Something is wrong.", **said}}


def decline(code: str = "card_declined", **said: Any) -> dict[str, Any]:
    """https://docs.stripe.com/declines: the error of a 402, with its PaymentIntent in it."""
    told = {"type": "card_error", "code": code, "message": "Your card was declined.", **said}
    unpaid = intent(
        status="requires_payment_method",
        amount_received=0,
        latest_charge="ch_3MtwBwLkdIwHu7ix0snN0B15",
        last_payment_error=dict(told),
        payment_method=None,
    )
    return {"error": {"payment_intent": unpaid, **told}}
