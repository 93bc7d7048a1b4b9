"""Orders that the customer pays on Mercado Pago's page, and what its library needs."""

from prism_core import (
    Address,
    ClientToken,
    ConfigurationError,
    CreateClientTokenRequest,
    CreateOrderRequest,
    CustomerDetails,
    Flow,
    Payment,
    hookimpl,
)

from .account import MercadoPagoAccount
from .answers import ORDER_MARK, order_of
from .fields import items, kept, names, phone, street
from .shapes import PreferenceBody


def buyer(request: CreateOrderRequest) -> dict[str, object] | None:
    """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences/post,
    `payer`"""
    if request.customer is None and request.billing_address is None:
        return None
    customer, lived = request.customer or CustomerDetails(), request.billing_address or Address()
    first, last = names(customer.name)
    own_first, own_last, own_email = lived.first_name, lived.last_name, lived.email
    numbers = (customer.phone, lived.phone_number)
    where = {"zip_code": lived.zip_code, "street_name": street(lived)}
    return {
        "name": first or own_first,
        "surname": last or own_last,
        "email": customer.email or own_email,
        "phone": phone(next((one for one in numbers if one), None)),
        "address": where if any(where.values()) else None,
    }


class Orders:
    """The operations around Mercado Pago's own pages and library."""

    @hookimpl
    def create_order(
        self, request: CreateOrderRequest, account: MercadoPagoAccount
    ) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences/post"""
        account.takes(request.amount)
        back = request.return_url
        preference = {
            "items": items(request),
            "payer": buyer(request),
            "back_urls": {"success": back, "pending": back, "failure": request.cancel_url or back},
            "auto_return": "approved",
            "external_reference": request.merchant_transaction_id,
            "notification_url": request.webhook_url,
            "metadata": kept(request.metadata, **{ORDER_MARK: "1"}),
        }
        asked = account.post("/checkout/preferences", json=preference, keyed=False)
        return order_of((yield from account.fetch(asked, PreferenceBody)))

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: MercadoPagoAccount
    ) -> Flow[ClientToken]:
        """https://www.mercadopago.com/developers/en/docs/checkout-bricks/card-payment-brick/default-rendering"""
        yield from ()
        if account.public_key is None:
            raise ConfigurationError("Mercado Pago's library needs the account's public_key")
        return ClientToken(sdk={"publicKey": account.public_key})
