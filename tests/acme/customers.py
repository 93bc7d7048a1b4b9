"""Customers: created, looked up, changed, deleted."""

from __future__ import annotations

from prism_core import (
    CreateCustomerRequest,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    hookimpl,
    segment,
)
from prism_core import Customer as CustomerDetailed

from .account import AcmeAccount
from .answers import Customer, customer_of


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerCreated]:
        """POST /customers"""
        response = yield account.post(
            "/customers",
            json={"ref": request.merchant_customer_id, "email": request.email},
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=body.ref,
            status=CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
        )

    @hookimpl
    def get_customer(
        self, request: GetCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """GET /customers/{id}, or GET /customers?ref=..."""
        if request.merchant_customer_id is not None:
            query = {"ref": request.merchant_customer_id}
            response = yield account.get("/customers", query=query)
        else:
            response = yield account.get(
                f"/customers/{segment(request.connector_customer_id or '')}"
            )
        return customer_of(account.decode(response, Customer))

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """POST /customers/{id}"""
        response = yield account.post(
            f"/customers/{segment(request.connector_customer_id)}",
            json={"name": request.name},
            idempotency_key=request.idempotency_key,
        )
        return customer_of(account.decode(response, Customer))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """POST /customers/{id}/delete"""
        response = yield account.post(
            f"/customers/{segment(request.connector_customer_id)}/delete",
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerDetailed(connector_customer_id=body.id, status=CustomerStatus.DELETED)
