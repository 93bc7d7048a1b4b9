"""Customers: looked up, changed, deleted."""

from __future__ import annotations

from prism_core import (
    Customer,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    hookimpl,
    nullable,
)

from .account import AcmeAccount
from .answers import CustomerBody


class Customers:
    """The other operations on customers."""

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: AcmeAccount) -> Flow[Customer]:
        """GET /customers/{id}, or GET /customers?ref=..."""
        if request.merchant_customer_id is not None:
            query = {"ref": request.merchant_customer_id}
            asked = account.get("/customers", query=query)
        else:
            asked = account.get("/customers/{}", request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: AcmeAccount
    ) -> Flow[Customer]:
        """POST /customers/{id}"""
        asked = account.post(
            "/customers/{}", request.connector_customer_id, json={"name": request.name}
        )
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: AcmeAccount
    ) -> Flow[Customer]:
        """POST /customers/{id}/delete"""
        asked = account.post("/customers/{}/delete", request.connector_customer_id)
        body = yield from account.fetch(asked, CustomerBody)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)


def customer_of(body: CustomerBody) -> Customer:
    """The customer that a body describes."""
    return Customer(
        connector_customer_id=body.id, merchant_customer_id=nullable(body.ref), name=body.name
    )
