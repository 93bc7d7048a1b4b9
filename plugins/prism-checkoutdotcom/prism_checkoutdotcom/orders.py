"""Orders: Checkout.com's page, and Flow in yours."""

from typing import Any

from prism_core import (
    CreateOrderRequest,
    Environment,
    Flow,
    Payment,
    PaymentStatus,
    RedirectionData,
    hookimpl,
    needs,
)
from prism_core.connector.values import metadata_with, translated, without_nones

from .account import CheckoutDotComAccount as Account
from .answers import hosted_of
from .fields import contact, three_ds
from .methods import OFFERED
from .payments import asked_for
from .shapes import HostedBody, SessionBody


def offered(request: CreateOrderRequest) -> list[str] | None:
    """https://github.com/checkout/checkout-sdk-python, sessions.py, `enabled_payment_methods`"""
    types = request.payment_method_types
    if types is None:
        return None
    return [translated("payment_method_types", one, OFFERED) for one in types]


def order(request: CreateOrderRequest, account: Account) -> dict[str, Any]:
    """https://api-reference.checkout.com/tag/Flow/#operation/CreatePaymentSession and
    https://api-reference.checkout.com/#operation/createAHostedPaymentsSession: what both have. The
    metadata say of each payment that the customer may try again."""
    address = request.billing_address
    country = address and address.country_alpha2_code
    needs("billing_address", country, "with a country, which Checkout.com wants for its pages")
    common = asked_for(request, request.amount, account)
    return {
        **common,
        "capture": request.capture_method != "MANUAL",
        "3ds": three_ds(request.auth_type, None),
        "billing": contact(address),
        "shipping": contact(request.shipping_address),
        "locale": request.locale,
        "success_url": request.return_url,
        "failure_url": request.return_url,
        "metadata": metadata_with(request.metadata, prism_order="open"),
    }


class Orders:
    """The operation that opens an order. Neither kind honours an idempotency key."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/createAHostedPaymentsSession, or with
        `hosted=False` https://api-reference.checkout.com/tag/Flow/#operation/CreatePaymentSession"""
        wanted, kinds = order(request, account), offered(request)
        if request.hosted:
            wanted["cancel_url"] = request.cancel_url or request.return_url
            wanted["allow_payment_methods"] = kinds
            asked = account.post("/hosted-payments", json=wanted, keyed=False)
            return hosted_of((yield from account.fetch(asked, HostedBody)))
        key, live = account.public(), account.environment is Environment.PRODUCTION
        wanted["enabled_payment_methods"] = kinds
        asked = account.post("/payment-sessions", json=wanted, keyed=False)
        body = yield from account.fetch(asked, SessionBody)
        values = {
            "id": body.id,
            "payment_session_token": body.payment_session_token,
            "payment_session_secret": body.payment_session_secret,
            "publicKey": key,
            "environment": "production" if live else "sandbox",
        }
        return Payment(
            status=PaymentStatus.PAYMENT_METHOD_AWAITED,
            connector_order_id=body.id,
            redirection_data=RedirectionData(sdk=without_nones(values)),
        )
