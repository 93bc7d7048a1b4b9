"""What is sent in more than one operation: amounts, the payer, addresses, lines of an order."""

from collections.abc import Sequence
from typing import Any

from msgspec import Raw, Struct

from prism_core import (
    Address,
    AuthorizeRequest,
    CreateOrderRequest,
    HttpResponse,
    InvalidRequest,
    Money,
    OrderLine,
    SdkToken,
    Secret,
    json_number,
)

from .account import MercadoPagoAccount as Account


class FormPayer(Struct):
    """The payer, as the form in the page gives them."""

    email: str | None = None
    identification: dict[str, Secret] | None = None


class FormData(Struct):
    """https://github.com/mercadopago/sdk-js/blob/main/docs/bricks/card-payment.md: what `onSubmit`
    of the form in the page is given."""

    payment_method_id: str
    token: Secret | None = None
    issuer_id: str | int | None = None
    installments: int = 1
    payer: FormPayer | None = None


def form_of(method: SdkToken) -> FormData:
    """What the form gave: a card's token alone is not enough to pay with."""
    assert isinstance(method.token, Secret)
    found = HttpResponse(200, body=method.token.reveal().encode()).decode(FormData)
    if found is None:
        raise InvalidRequest(
            "an SdkToken for Mercado Pago is the JSON text of the form's data, with token, "
            "payment_method_id and installments",
            field="payment_method",
        )
    return found


def number(amount: Money) -> Raw:
    """https://github.com/mercadopago/openapi#amounts: a decimal, without decimals for CLP."""
    return json_number(amount.to_decimal())


def phone(number: str | None) -> dict[str, str] | None:
    """The whole number in one of two fields: which part is the area code, it does not say."""
    return None if number is None else {"number": number.removeprefix("+")}


def street(known: Address) -> str | None:
    """The lines of an address: street and number are not told apart."""
    lines = (known.line1, known.line2, known.line3)
    return ", ".join(one for one in lines if one) or None


def place(known: Address | None, **more: str | None) -> dict[str, str | None] | None:
    """An address: what every one has, and what this one has more; none of nothing."""
    if known is None:
        return None
    parts = {"zip_code": known.zip_code, "street_name": street(known), **more}
    return parts if any(parts.values()) else None


def home(known: Address | None, account: Account) -> dict[str, str | None] | None:
    """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/integration-configuration/integrate-with-pix:
    an address is in the account's country."""
    if known is None:
        return None
    if known.country_alpha2_code not in (None, account.country):
        raise InvalidRequest(
            "Mercado Pago has no field for the country of a billing address: it is the account's",
            field="billing_address",
        )
    return place(known, city=known.city, federal_unit=known.state)


def payer(request: AuthorizeRequest, form: FormData, account: Account) -> dict[str, Any]:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments/post, `payer`"""
    known, given = request.billing_address, form.payer or FormPayer()
    lived = known or Address()
    email, stored = lived.email or given.email, request.connector_customer_id
    if email is None and stored is None:
        raise InvalidRequest(
            "Mercado Pago needs the payer: a connector_customer_id, or the email in "
            "billing_address or in the form's data",
            field="billing_address",
        )
    return {
        "type": "customer" if stored else None,
        "id": stored,
        "email": email,
        "first_name": lived.first_name,
        "last_name": lived.last_name,
        "identification": given.identification,
        "address": home(known, account),
    }


def additional(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments/post,
    `additional_info`"""
    known = request.billing_address
    called = phone(known.phone_number) if known else None
    found = {
        "items": [line(one) for one in request.order_details or ()] or None,
        "payer": None if called is None else {"phone": called},
        "shipments": receiver(request.shipping_address),
    }
    return found if any(found.values()) else None


def receiver(known: Address | None) -> dict[str, Any] | None:
    """Where the goods go."""
    if known is None:
        return None
    address = place(known, state_name=known.state, city_name=known.city)
    return address and {"receiver_address": address}


def line(one: OrderLine) -> dict[str, Any]:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments/post, `items`; a price
    has its tax in it."""
    total = cost([one])
    if total % one.quantity:
        raise InvalidRequest(
            "Mercado Pago has the price of one piece with its tax, which is no whole number of the "
            "smallest unit here: give each piece a line, or the prices without total_tax_amount",
            field="order_details",
        )
    return {
        "id": one.product_id,
        "title": one.product_name,
        "description": one.description,
        "category_id": one.category,
        "picture_url": one.product_img_link,
        "quantity": one.quantity,
        "unit_price": number(Money(total // one.quantity, one.amount.currency)),
    }


def cost(lines: Sequence[OrderLine]) -> int:
    """What lines cost, in minor units."""
    taxes = (one.total_tax_amount.minor_amount for one in lines if one.total_tax_amount)
    return sum(taxes, sum(one.amount.minor_amount * one.quantity for one in lines))


def items(request: CreateOrderRequest) -> list[dict[str, Any]]:
    """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences/post:
    what they cost together is what the customer pays."""
    currency = {"currency_id": request.amount.currency}
    if request.order_details is None:
        title = request.description or request.merchant_transaction_id
        return [{"title": title, "quantity": 1, "unit_price": number(request.amount), **currency}]
    if cost(request.order_details) != request.amount.minor_amount:
        raise InvalidRequest(
            "the lines do not add up to the amount, and Mercado Pago asks the customer for what "
            "they add up to",
            field="order_details",
        )
    return [{**line(one), **currency} for one in request.order_details]
