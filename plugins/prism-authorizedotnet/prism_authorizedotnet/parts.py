"""Parts of requests that several operations have: amounts, people, lines, marks, metadata.

Lengths are those of https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd; what is longer is
refused, never cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_authorizedotnet.methods import Paying
from prism_core import (
    Ach,
    Address,
    AuthenticationData,
    AuthorizeRequest,
    CreateOrderRequest,
    CustomerDetails,
    InvalidRequest,
    MitCategory,
    Money,
    OrderLine,
    Token,
    TokenizeRequest,
    at_most,
    needs,
    single_value,
)

Parts = dict[str, str | None]


def amount_fields(amount: Money | None) -> dict[str, Any]:
    """An amount and its currency, which belong together."""
    if amount is None:
        return {}
    return {"amount": amount.to_decimal(), "currencyCode": amount.currency}


def line_items(lines: tuple[OrderLine, ...] | None, amount: Money) -> dict[str, Any] | None:
    """The lines of the order, numbered where they have no id. What else a line has, tax for
    example, is for corporate cards (level 3), each processor with rules of its own."""
    if not lines:
        return None
    if len(lines) > 30:
        raise InvalidRequest("order_details has up to 30 lines here", field="order_details")
    return {"lineItem": [_line(number, one, amount) for number, one in enumerate(lines, 1)]}


def _line(number: int, line: OrderLine, amount: Money) -> dict[str, Any]:
    if line.amount.currency != amount.currency:
        problem = f"each line of order_details must be in {amount.currency}, as the payment is"
        raise InvalidRequest(problem, field="order_details")
    return {
        "itemId": at_most(31, "order_details.product_id", line.product_id or str(number)),
        "name": at_most(31, "order_details.product_name", line.product_name),
        "description": at_most(255, "order_details.description", line.description),
        "quantity": line.quantity,
        "unitPrice": line.amount.to_decimal(),
    }


def authenticated(data: AuthenticationData | None) -> dict[str, Any] | None:
    """The result of 3-D Secure that was done elsewhere."""
    if data is None:
        return None
    what, eci, cavv = "with authentication_data", data.eci, data.cavv
    return {
        "authenticationIndicator": needs("authentication_data.eci", eci, what),
        "cardholderAuthenticationValue": needs("authentication_data.cavv", cavv, what),
    }


def merchant_initiated(category: MitCategory | str | None, original: str | None) -> dict[str, Any]:
    """https://developer.authorize.net/api/reference/features/card-on-file.html: the marks of a
    payment that the merchant starts: a subscription's, one that was declined before, or another.
    """
    if category is MitCategory.INSTALLMENT_MIT:
        problem = "Authorize.Net has no mark for instalments: send RECURRING_MIT or UNSCHEDULED_MIT"
        raise InvalidRequest(problem, field="mit_category")
    is_recurring = category is MitCategory.RECURRING_MIT
    setting = {"settingName": "recurringBilling", "settingValue": "true"}
    reason = "resubmission" if category is MitCategory.RESUBMISSION_MIT else None
    return {
        "transactionSettings": {"setting": [setting]} if is_recurring else None,
        "processingOptions": {"isSubsequentAuth": True},
        "subsequentAuthInformation": _filled(
            {"originalNetworkTransId": original, "reason": reason}
        ),
    }


def user_fields(metadata: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Metadata as Authorize.Net gives it back with the answer."""
    if metadata and len(metadata) > 20:
        raise InvalidRequest("metadata has up to 20 keys at Authorize.Net", field="metadata")
    fields = [{"name": key, "value": value} for key, value in (metadata or {}).items()]
    return {"userField": fields} if fields else None


def payer(request: AuthorizeRequest | CreateOrderRequest) -> dict[str, Any] | None:
    """The payer's email. A profile has its own: E00108 refuses another beside it."""
    if request.customer is None or request.connector_customer_id is not None:
        return None
    return {"email": request.customer.email} if request.customer.email else None


def bill_to(request: Paying | TokenizeRequest | CreateOrderRequest) -> dict[str, Any] | None:
    """Whose payment method it is. A payment profile has its own: E00093 refuses another beside it.
    The holder of a bank account has a place of its own."""
    method = getattr(request, "payment_method", None)
    if isinstance(method, Token):
        return None
    holder = None if isinstance(method, Ach) else getattr(method, "holder_name", None)
    address = request.billing_address or Address()
    payer = getattr(request, "customer", None) or CustomerDetails()
    blamed = "billing_address" if address.full_name else "customer"
    name = single_value("name", blamed, address.full_name, holder, payer.name)
    first, last = address.first_name, address.last_name
    if name is not None and not address.full_name:  # in one line: split at its last space
        first, _, last = name.strip().rpartition(" ")
        first, last = at_most(50, "first_name", first.rstrip()), at_most(50, "last_name", last)
    phone = single_value("phone number", "billing_address", address.phone_number, payer.phone)
    place = _place(first, last, address, "billing_address")
    return _filled({**place, "phoneNumber": phone, "email": address.email})


def ship_to(address: Address | None) -> dict[str, Any] | None:
    """Where the goods go: a ship-to has no contact."""
    if address is None:
        return None
    return _filled(_place(address.first_name, address.last_name, address, "shipping_address"))


def _place(first: str | None, last: str | None, address: Address, field: str) -> Parts:
    """What bill-to and ship-to have in common, in the schema's order. All lines of an address
    are in the one that Authorize.Net has, as far as they fit."""
    street = ", ".join(filter(None, (address.line1, address.line2, address.line3)))
    return {
        "firstName": first,
        "lastName": last,
        "address": at_most(60, f"{field}.line1, line2 and line3 together", street),
        "city": address.city,
        "state": address.state,
        "zip": address.zip_code,
        "country": address.country_alpha2_code,
    }


def _filled(parts: Parts) -> dict[str, str] | None:
    """The parts that are given, if any is."""
    return {name: part for name, part in parts.items() if part} or None
