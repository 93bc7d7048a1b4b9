"""Customers: what is sent to https://docs.stripe.com/api/customers"""

from __future__ import annotations

import msgspec

from prism_core import CreateCustomerRequest, CustomerCreated, Flow, at_most, hookimpl
from prism_stripe.account import StripeAccount
from prism_stripe.parts import metadata, street


class Customer(msgspec.Struct):
    """https://docs.stripe.com/api/customers/object"""

    id: str
    metadata: dict[str, str] = {}


class Customers:
    """The operation on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: StripeAccount
    ) -> Flow[CustomerCreated]:
        """https://docs.stripe.com/api/customers/create"""
        own = {"merchant_customer_id": request.merchant_customer_id}
        response = yield account.post(
            "/v1/customers",
            form={
                "name": at_most(256, "name", request.name),
                "email": request.email,
                "phone": request.phone,
                "description": at_most(5000, "description", request.description),
                "address": street(request.address),
                "metadata": metadata(request.metadata, **own),
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=body.metadata.get("merchant_customer_id"),
        )
