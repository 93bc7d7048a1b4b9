"""Customers, of https://developer.paypal.com/docs/api/payment-tokens/v3/, and their addresses."""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    CreateCustomerRequest,
    CustomerCreated,
    Flow,
    InvalidRequest,
    at_most,
    hookimpl,
    needs,
    nullable,
    single_value,
)
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.shapes import Json, NewCustomer


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#setup-tokens_create: a setup
        token makes the customer; its card may be empty until one is saved, as in
        https://developer.paypal.com/sdk/android/save-without-purchase/cards/"""
        holder = {
            "name": request.name,
            "billing_address": street(request.address or Address(), "address"),
        }
        body = {
            "payment_source": {"card": holder},
            "customer": {"merchant_customer_id": request.merchant_customer_id},
        }
        asked = account.post("/v3/vault/setup-tokens", json=body)
        customer = (yield from account.fetch(asked, NewCustomer)).customer
        return CustomerCreated(
            connector_customer_id=customer.id,
            merchant_customer_id=nullable(customer.merchant_customer_id),
        )


def street(address: Address, field: str) -> Json | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-address_portable; None of an
    address that has no such part."""
    parts = {
        "address_line_1": address.line1,
        "address_line_2": address.line2,
        "admin_area_2": address.city,
        "admin_area_1": address.state,
        "postal_code": address.zip_code,
        "country_code": address.country_alpha2_code,
    }
    if any(parts.values()) and address.country_alpha2_code is None:
        raise InvalidRequest(f"PayPal needs the country of {field}; give it", field=field)
    return parts if address.country_alpha2_code is not None else None


def shipping(address: Address | None) -> Json | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-shipping_detail"""
    if address is None:
        return None
    to = needs("shipping_address", street(address, "shipping_address"), "with a country")
    name = at_most(300, "shipping_address", address.full_name)
    return {"name": {"full_name": name} if name else None, "address": to}


def payer(request: Any) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payer: what the payment source of
    a bank has no place for."""
    at = request.billing_address or Address()
    return {"email_address": email_of(request, at), "address": street(at, "billing_address")}


def email_of(request: Any, at: Address) -> str | None:
    """The payer's email, which may be given in two places."""
    known = request.customer
    return single_value("email", "customer", known and known.email, at.email)
