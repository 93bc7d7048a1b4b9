"""What is sent in more than one operation: amounts, metadata, addresses, order lines."""

from collections.abc import Sequence
from typing import Any

from prism_core import (
    Address,
    AuthorizeRequest,
    ChargeRecurringRequest,
    CreateOrderRequest,
    InvalidRequest,
    Money,
    OrderLine,
    SetupRecurringRequest,
    at_most,
)
from prism_core.connector.values import metadata_with_id


def amount(money: Money | None) -> dict[str, Any] | None:
    """https://docs.mollie.com/reference/common-data-types"""
    if money is None:
        return None
    return {"currency": money.currency, "value": money.to_decimal()}


def language(locale: str | None) -> str | None:
    """https://docs.mollie.com/reference/create-payment, `locale`: xx_XX."""
    return None if locale is None else locale.replace("-", "_")


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


def common(
    request: AuthorizeRequest | CreateOrderRequest | SetupRecurringRequest | ChargeRecurringRequest,
    money: Money | None,
) -> dict[str, Any]:
    """https://docs.mollie.com/reference/create-payment: what every payment has."""
    return {
        "amount": amount(money),
        "description": request.description or request.reference,
        "customerId": request.connector_customer_id,
        "webhookUrl": request.webhook_url,
        "metadata": metadata_with_id(request),
    }


def shop(request: AuthorizeRequest | CreateOrderRequest) -> dict[str, Any]:
    """https://docs.mollie.com/reference/create-payment: what a payment and an order have both."""
    return {
        **common(request, request.amount),
        "cancelUrl": request.cancel_url,
        "locale": language(request.locale),
        "captureMode": "manual" if request.capture_method == "MANUAL" else None,
        "lines": lines(request.order_details),
        "billingAddress": address(request.billing_address),
        "shippingAddress": address(request.shipping_address),
    }
