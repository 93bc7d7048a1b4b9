"""Customers: https://www.airwallex.com/docs/api/payments/customers"""

from typing import Any

from prism_core import (
    Conflict,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    Flow,
    GetCustomerRequest,
    NotFound,
    UpdateCustomerRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import two_names

from .account import AirwallexAccount as Account
from .answers import customer_of
from .fields import place
from .shapes import CustomerBody

CUSTOMERS = "/api/v1/pa/customers"


def profile(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    """https://www.airwallex.com/docs/api/payments/customers"""
    first, last = two_names(request)
    return {
        "merchant_customer_id": request.merchant_customer_id,
        "first_name": first,
        "last_name": last,
        "email": request.email,
        "phone_number": request.phone,
        "address": place(request.address, "address"),
        "metadata": request.metadata,
    }


def by_own_id(own_id: str, account: Account) -> Flow[CustomerBody]:
    """https://www.airwallex.com/docs/api/payments/customers, the list. A second customer with an
    id is refused: https://www.airwallex.com/docs/payments__error-codes."""
    asked = account.get(CUSTOMERS, query={"merchant_customer_id": own_id})
    found = yield from account.fetch(asked, list[CustomerBody], member="items")
    if not found:
        raise NotFound("Airwallex has no customer with that merchant_customer_id")
    if len(found) > 1:  # no reason to make one more
        raise Conflict("Airwallex has several customers with that merchant_customer_id")
    expect_same("merchant_customer_id", own_id, nullable(found[0].merchant_customer_id))
    return found[0]


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
        own_id = request.merchant_customer_id
        if own_id is not None:
            return customer_of((yield from by_own_id(own_id, account)))
        asked = account.get(CUSTOMERS + "/{}", request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://www.airwallex.com/docs/api/payments/customers"""
        changes = profile(request)
        asked = account.post(CUSTOMERS + "/{}/update", request.connector_customer_id, json=changes)
        return customer_of((yield from account.fetch(asked, CustomerBody)))
