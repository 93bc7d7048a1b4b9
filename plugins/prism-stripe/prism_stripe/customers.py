"""Customers: what is sent to https://docs.stripe.com/api/customers, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import (
    Address,
    Conflict,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    MalformedResponse,
    OnConflict,
    PrismError,
    UpdateCustomerRequest,
    at_most,
    hookimpl,
    single_value,
)
from prism_core.connector.values import metadata_with_id
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import street
from prism_stripe.shapes import CustomerObject, Page


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://docs.stripe.com/api/customers/create"""
        wants_existing, own = request.on_conflict is OnConflict.RETURN, request.merchant_customer_id
        try:
            response = yield account.post("/v1/customers", form=_form(request))
        except Conflict as conflict:
            found = (yield from _found(own, account, conflict)) if wants_existing else None
            if found is None:
                raise
            return CustomerCreated(**_ids(found), existed=True)
        # https://docs.stripe.com/error-low-level#idempotency
        replayed = response.headers.get("idempotent-replayed") == "true"
        body = account.decode(response, CustomerObject)
        return CustomerCreated(**_ids(body), existed=wants_existing and replayed)

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/retrieve: a deleted one is told of as such"""
        asking = account.get("/v1/customers/{}", request.connector_customer_id)
        return _customer((yield from account.fetch(asking, CustomerObject)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/update: what is not given stays, of the metadata,
        too."""
        known = request.connector_customer_id
        change = account.post("/v1/customers/{}", known, form=_form(request))
        return _customer((yield from account.fetch(change, CustomerObject)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.stripe.com/api/customers/delete"""
        deleting = account.delete("/v1/customers/{}", request.connector_customer_id)
        body = yield from account.fetch(deleting, CustomerObject)
        if not body.deleted:
            raise MalformedResponse("the answer does not say that the customer is deleted")
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)


def _form(request: CreateCustomerRequest | UpdateCustomerRequest) -> Mapping[str, Any]:
    """An address has no person and no contact of its own: they are the customer's."""
    to = request.address or Address()
    part = "last_name" if to.last_name else "first_name"
    name = single_value("name", part, request.name, to.full_name)
    return {
        "name": at_most(256, "name", name),
        "email": single_value("email", "email", request.email, to.email),
        "phone": single_value("phone", "phone_number", request.phone, to.phone_number),
        "description": request.description,
        "address": street(to),
        "metadata": metadata_with_id(request),
    }


def _found(own: str, account: Account, conflict: Conflict) -> Flow[CustomerObject | None]:
    """The one customer with the caller's id, after the key was used before with other details:
    https://docs.stripe.com/search#search-query-language. None where there is none yet (a new
    customer is found after about a minute), where there are several, and where a key is still in
    use, so that one more may come."""
    said = conflict.details.connector
    if said is None or said.code != "idempotency_error" or "\\" in own:
        return None
    quoted = own.replace('"', '\\"')
    query = {"query": f'metadata["merchant_customer_id"]:"{quoted}"', "limit": "100"}
    searching = account.get("/v1/customers/search", query=query)
    try:
        found = yield from account.fetch(searching, Page[CustomerObject])
    except PrismError:  # there is no search for accounts in India, or for a restricted key
        return None
    # The search ignores case.
    same = [one for one in found.data if one.own_id("merchant_customer_id") == own]
    return same[0] if len(same) == 1 else None


def _ids(body: CustomerObject) -> dict[str, Any]:
    return {
        "connector_customer_id": body.id,
        "merchant_customer_id": body.own_id("merchant_customer_id"),
        "status": CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
    }


def _customer(body: CustomerObject) -> Customer:
    told = {name: getattr(body, name) for name in ("name", "email", "phone", "description")}
    return Customer(**_ids(body), **told)
