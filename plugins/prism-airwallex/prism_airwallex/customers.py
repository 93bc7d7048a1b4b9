"""Customers: https://www.airwallex.com/docs/api/payments/customers"""

from typing import Any

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    hookimpl,
    nullable,
)

from .account import AirwallexAccount as Account
from .answers import customer_of
from .fields import names, place
from .shapes import ClientSecret, CustomerBody

CUSTOMERS = "/api/v1/pa/customers"


def profile(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    """https://www.airwallex.com/docs/api/payments/customers"""
    return {
        "merchant_customer_id": request.merchant_customer_id,
        **names(request.name),
        "email": request.email,
        "phone_number": request.phone,
        "address": place(request.address, "address"),
        "metadata": request.metadata,
    }


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://www.airwallex.com/docs/api/payments/customers"""
        asked = account.post(CUSTOMERS + "/create", json=profile(request))
        body = yield from account.fetch(asked, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=nullable(body.merchant_customer_id)
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://www.airwallex.com/docs/api/payments/customers"""
        asked = account.get(CUSTOMERS + "/{}", request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://www.airwallex.com/docs/api/payments/customers"""
        changes = profile(request)
        asked = account.post(CUSTOMERS + "/{}/update", request.connector_customer_id, json=changes)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://www.airwallex.com/docs/api/payments/customers, `generate_client_secret`: with it,
        Airwallex.js makes a payment consent of the customer."""
        known = request.connector_customer_id
        asked = account.get(CUSTOMERS + "/{}/generate_client_secret", known)
        secret = (yield from account.fetch(asked, ClientSecret)).client_secret
        page = {"customer_id": known or "", "client_secret": secret}
        return ClientToken(sdk=page)
