"""What the connector sends about customers."""

from __future__ import annotations

from typing import Any

from prism_core import (
    Conflict,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    NotFound,
    OnConflict,
    UpdateCustomerRequest,
    hookimpl,
    nullable,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import customer
from prism_sandbox.parts import address_of, given
from prism_sandbox.shapes import CustomerBody, CustomerList, Deleted


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: SandboxAccount
    ) -> Flow[CustomerCreated]:
        """POST /v1/customers"""
        response = yield account.post("/v1/customers", json=_about(request))
        body = account.decode(response, CustomerBody)
        replayed = response.headers.get("idempotent-replayed") == "true"
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=nullable(body.reference),
            existed=replayed and request.on_conflict is OnConflict.RETURN,
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: SandboxAccount) -> Flow[Customer]:
        """GET /v1/customers/{id}, or GET /v1/customers?reference=..., which finds what was made a
        moment ago; of several with one reference, none."""
        if request.connector_customer_id is not None:
            asked = account.get("/v1/customers/{}", request.connector_customer_id)
            return customer((yield from account.fetch(asked, CustomerBody)))
        reference = request.merchant_customer_id or ""
        asked = account.get("/v1/customers", query={"reference": reference})
        found = (yield from account.fetch(asked, CustomerList)).data
        if not found:
            raise NotFound(f"the sandbox has no customer with the reference {reference}")
        if len(found) > 1:  # no reason to make one more
            raise Conflict(f"the sandbox has several customers with the reference {reference}")
        return customer(found[0])

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: SandboxAccount
    ) -> Flow[Customer]:
        """POST /v1/customers/{id}, which changes what it is sent."""
        asked = account.post(
            "/v1/customers/{}", request.connector_customer_id, json=_about(request)
        )
        return customer((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: SandboxAccount
    ) -> Flow[Customer]:
        """DELETE /v1/customers/{id}, with ?reference=... only if that is theirs."""
        query = given(reference=request.merchant_customer_id)
        asked = account.delete("/v1/customers/{}", request.connector_customer_id, query=query)
        body = yield from account.fetch(asked, Deleted)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)


def _about(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    return {
        "reference": request.merchant_customer_id,
        "name": request.name,
        "email": request.email,
        "phone": request.phone,
        "description": request.description,
        "address": address_of(request.address),
        "metadata": request.metadata,
    }
