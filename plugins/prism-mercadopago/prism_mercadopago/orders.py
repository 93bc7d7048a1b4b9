"""Orders that the customer pays on Mercado Pago's page."""

from typing import Any

from prism_core import Address, CreateOrderRequest, Flow, Payment, hookimpl
from prism_core.connector.values import metadata_with

from .account import MercadoPagoAccount as Account
from .answers import order_of
from .fields import items, phone, place
from .shapes import PreferenceBody


def buyer(known: Address | None) -> dict[str, Any] | None:
    """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences/post,
    `payer`"""
    if known is None:
        return None
    return {
        "name": known.first_name,
        "surname": known.last_name,
        "email": known.email,
        "phone": phone(known.phone_number),
        "address": place(known),
    }


class Orders:
    """The operation on preferences, as Mercado Pago calls them."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences/post"""
        account.takes(request.amount)
        back = request.return_url
        preference = {
            "items": items(request),
            "payer": buyer(request.billing_address),
            "back_urls": {"success": back, "pending": back, "failure": request.cancel_url or back},
            "auto_return": "approved",
            "external_reference": request.merchant_transaction_id,
            "notification_url": request.webhook_url,
            "metadata": metadata_with(request.metadata, prism_order="1"),
        }
        asked = account.post("/checkout/preferences", json=preference, keyed=False)
        return order_of((yield from account.fetch(asked, PreferenceBody)))
