"""Customers: what is sent to https://docs.stripe.com/api/customers, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_core import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    at_most,
    hookimpl,
    segment,
)
from prism_stripe.account import StripeAccount
from prism_stripe.parts import metadata, street


class CustomerObject(msgspec.Struct):
    """https://docs.stripe.com/api/customers/object"""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}
    deleted: bool = False


class DeletedCustomer(msgspec.Struct):
    """https://docs.stripe.com/api/customers/delete"""

    id: str
    deleted: bool

    def __post_init__(self) -> None:
        if not self.deleted:
            raise ValueError("the customer is not deleted")


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: StripeAccount
    ) -> Flow[CustomerCreated]:
        """https://docs.stripe.com/api/customers/create"""
        response = yield account.post(
            "/v1/customers", form=_form(request), idempotency_key=request.idempotency_key
        )
        body = account.decode(response, CustomerObject)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=body.metadata.get("merchant_customer_id"),
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: StripeAccount) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/retrieve: a deleted one is told of as such"""
        response = yield account.get(_path(request.connector_customer_id or ""))
        return _customer(account.decode(response, CustomerObject))

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: StripeAccount
    ) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/update: what is not given stays, of the metadata,
        too."""
        response = yield account.post(
            _path(request.connector_customer_id),
            form=_form(request),
            idempotency_key=request.idempotency_key,
        )
        return _customer(account.decode(response, CustomerObject))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: StripeAccount
    ) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/delete"""
        response = yield account.delete(
            _path(request.connector_customer_id), idempotency_key=request.idempotency_key
        )
        body = account.decode(response, DeletedCustomer)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)


def _path(customer: str) -> str:
    return f"/v1/customers/{segment(customer)}"


def _form(request: CreateCustomerRequest | UpdateCustomerRequest) -> Mapping[str, Any]:
    own = {"merchant_customer_id": request.merchant_customer_id}
    return {
        "name": at_most(256, "name", request.name),
        "email": request.email,
        "phone": request.phone,
        "description": at_most(5000, "description", request.description),
        "address": street(request.address),
        "metadata": metadata(request.metadata, **own),
    }


def _customer(body: CustomerObject) -> Customer:
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=body.metadata.get("merchant_customer_id"),
        name=body.name,
        email=body.email,
        phone=body.phone,
        description=body.description,
        status=CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
    )
