"""What is sent in more than one operation: amounts, metadata, addresses, order lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from prism_core import (
    Address,
    AuthorizeRequest,
    CreateOrderRequest,
    InvalidRequest,
    Money,
    OrderLine,
    at_most,
)


def amount(money: Money | None) -> dict[str, Any] | None:
    """https://docs.mollie.com/reference/common-data-types"""
    if money is None:
        return None
    return {"currency": money.currency, "value": money.to_decimal()}


def language(locale: str | None) -> str | None:
    """https://docs.mollie.com/reference/create-payment, `locale`: xx_XX."""
    return None if locale is None else locale.replace("-", "_")


def kept(metadata: Mapping[str, str] | None, **ids: str | None) -> dict[str, str]:
    """The caller's metadata and ids: Mollie has no field for an id of the caller."""
    return {**(metadata or {}), **{name: one for name, one in ids.items() if one is not None}}


def address(known: Address | None) -> dict[str, str | None] | None:
    """https://docs.mollie.com/reference/create-payment, `billingAddress`"""
    if known is None:
        return None
    return {
        "givenName": known.first_name,
        "familyName": known.last_name,
        "streetAndNumber": known.line1,
        "streetAdditional": known.line2,
        "postalCode": known.zip_code,
        "city": known.city,
        "region": known.state,
        "country": known.country_alpha2_code,
        "email": known.email,
        "phone": known.phone_number,
    }


def line(one: OrderLine) -> dict[str, Any]:
    """https://docs.mollie.com/reference/create-payment, `lines`: prices there include the tax."""
    tax = one.total_tax_amount
    total = one.amount.minor_amount * one.quantity + (tax.minor_amount if tax else 0)
    if total % one.quantity:
        raise InvalidRequest(
            "Mollie has the price of one piece with its tax, which is no whole number of the "
            "smallest unit here: give each piece a line, or the prices without total_tax_amount",
            field="order_details",
        )
    currency = one.amount.currency
    return {
        "description": one.product_name,
        "quantity": one.quantity,
        "quantityUnit": one.unit_of_measure,
        "unitPrice": amount(Money(total // one.quantity, currency)),
        "totalAmount": amount(Money(total, currency)),
        "vatRate": None if one.tax_rate is None else f"{one.tax_rate:.2f}",
        "vatAmount": amount(tax),
        "sku": at_most(64, "order_details.product_id", one.product_id),
        "imageUrl": one.product_img_link,
    }


def lines(details: Sequence[OrderLine] | None) -> list[dict[str, Any]] | None:
    """The lines of an order, if there are any."""
    return None if details is None else [line(one) for one in details]


def shop(request: AuthorizeRequest | CreateOrderRequest) -> dict[str, Any]:
    """https://docs.mollie.com/reference/create-payment: what a payment and an order have both."""
    mine = {"merchant_transaction_id": request.merchant_transaction_id}
    return {
        "amount": amount(request.amount),
        "description": request.description or request.merchant_transaction_id,
        "cancelUrl": request.cancel_url,
        "webhookUrl": request.webhook_url,
        "locale": language(request.locale),
        "captureMode": "manual" if request.capture_method == "MANUAL" else None,
        "customerId": request.connector_customer_id,
        "lines": lines(request.order_details),
        "billingAddress": address(request.billing_address),
        "shippingAddress": address(request.shipping_address),
        "metadata": kept(request.metadata, **mine),
    }
