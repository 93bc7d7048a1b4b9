"""The card that pays for an order: https://developer.paypal.com/docs/api/orders/v2/#definition-card_request"""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    AuthenticationType,
    AuthorizeRequest,
    Card,
    FutureUsage,
    InvalidRequest,
    one_of,
)
from prism_core.schema.status import AuthenticationTypeInput
from prism_paypal.parts import NAMES, customer_id, one_line, street, vault_id


def card(request: AuthorizeRequest) -> dict[str, Any]:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_request"""
    return {
        **_payment_method(request),
        "stored_credential": _stored_credential(request),
        "attributes": _attributes(request),
        "experience_context": returning(request.return_url),
    }


def returning(url: str | None) -> dict[str, str] | None:
    """Where the payer comes back to, whatever they did."""
    return None if url is None else {"return_url": url, "cancel_url": url}


def _payment_method(request: AuthorizeRequest) -> dict[str, Any]:
    method, address = request.payment_method, request.billing_address
    if not isinstance(method, Card):
        for name in ("billing_address", "setup_future_usage"):
            if getattr(request, name) is not None:
                raise InvalidRequest(
                    f"{name} was settled when PayPal saved the card; leave it out with a Token",
                    field=name,
                )
        return {"vault_id": vault_id(method)}
    if request.off_session and method.cvc is not None:
        raise InvalidRequest(
            "PayPal takes no cvc while the customer is not there; leave it out",
            field="payment_method",
        )
    return whole_card(method, address)


def whole_card(method: Card, address: Address | None) -> dict[str, Any]:
    """A card and where its bills go, which orders and the vault take alike."""
    if len(method.number) < 13:
        raise InvalidRequest("PayPal takes 13 to 19 digits", field="payment_method")
    return {
        "number": method.number,
        "expiry": f"{method.exp_year:04}-{method.exp_month:02}",
        "security_code": method.cvc,
        "name": _name(method.holder_name, address.full_name if address is not None else None),
        "billing_address": street(address, NAMES),
    }


def _name(holder_name: str | None, full_name: str | None) -> str | None:
    name = one_of("name", "billing_address", holder_name, full_name)
    return one_line(300, "payment_method", name)


def _stored_credential(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_stored_credential"""
    usage = request.setup_future_usage
    if request.off_session:
        if usage is not None:
            raise InvalidRequest(
                "PayPal saves a card only while the customer is there; leave it out",
                field="setup_future_usage",
            )
        parts = ("MERCHANT", "UNSCHEDULED", "SUBSEQUENT")
    elif usage is not None:
        often = "ONE_TIME" if usage is FutureUsage.ON_SESSION else "UNSCHEDULED"
        parts = ("CUSTOMER", often, "FIRST")
    elif request.off_session is False:
        parts = ("CUSTOMER", "ONE_TIME", "DERIVED")
    else:
        return None
    return dict(zip(("payment_initiator", "payment_type", "usage"), parts, strict=True))


def _attributes(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_attributes, and
    https://developer.paypal.com/api/orders-v2/expanded/3d-secure for `verification`"""
    attributes: dict[str, Any] = {}
    if request.connector_customer_id is not None:
        attributes["customer"] = {"id": customer_id(request.connector_customer_id)}
    if request.setup_future_usage is not None:
        attributes["vault"] = {"store_in_vault": "ON_SUCCESS"}
    if request.auth_type is not None:
        attributes["verification"] = verification(request.auth_type)
    return attributes or None


def verification(asked: AuthenticationTypeInput) -> dict[str, str]:
    """https://developer.paypal.com/api/orders-v2/expanded/3d-secure"""
    always = asked is AuthenticationType.THREE_DS
    return {"method": "SCA_ALWAYS" if always else "SCA_WHEN_REQUIRED"}
