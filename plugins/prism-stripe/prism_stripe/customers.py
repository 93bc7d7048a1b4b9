"""Customers: what is sent to https://docs.stripe.com/api/customers, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

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
    InvalidRequest,
    OnConflict,
    PrismError,
    UpdateCustomerRequest,
    at_most,
    hookimpl,
    segment,
)
from prism_stripe.account import StripeAccount
from prism_stripe.answers import own_id
from prism_stripe.parts import PERSON, metadata, street


class CustomerObject(msgspec.Struct):
    """https://docs.stripe.com/api/customers/object"""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: dict[str, str] | UnsetType = UNSET
    deleted: bool = False
    object: Literal["customer"] = "customer"
    """Another one is the answer to another call."""


class CustomersFound(msgspec.Struct):
    """https://docs.stripe.com/api/customers/search"""

    data: list[CustomerObject]


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
        wants_existing = request.on_conflict is OnConflict.RETURN
        try:
            response = yield account.post(
                "/v1/customers", form=_form(request), idempotency_key=request.idempotency_key
            )
        except Conflict as conflict:
            found = (yield from _found(request, account, conflict)) if wants_existing else None
            if found is None:
                raise
            return _created(found, existed=True)
        # https://docs.stripe.com/error-low-level#idempotency
        replayed = response.headers.get("idempotent-replayed") == "true"
        body = account.decode(response, CustomerObject)
        return _created(body, existed=wants_existing and replayed)

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


def _found(
    request: CreateCustomerRequest, account: StripeAccount, conflict: Conflict
) -> Flow[CustomerObject | None]:
    """The one customer with the caller's id, after the key was used before with other details:
    https://docs.stripe.com/search#search-query-language. None where there is none yet (a new
    customer is found after about a minute), where there are several, and where a key is still in
    use, so that one more may come."""
    said, own = conflict.details.connector, request.merchant_customer_id
    if said is None or said.code != "idempotency_error" or "\\" in own:
        return None
    quoted = own.replace('"', '\\"')
    query = {"query": f'metadata["merchant_customer_id"]:"{quoted}"', "limit": "100"}
    try:
        response = yield account.get("/v1/customers/search", query=query)
        found = account.decode(response, CustomersFound).data
    except PrismError:  # there is no search for accounts in India, or for a restricted key
        return None
    # The search ignores case.
    same = [one for one in found if own_id(one.metadata, "merchant_customer_id") == own]
    return same[0] if len(same) == 1 else None


def _created(body: CustomerObject, existed: bool) -> CustomerCreated:
    return CustomerCreated(
        connector_customer_id=body.id,
        merchant_customer_id=own_id(body.metadata, "merchant_customer_id"),
        status=_status(body),
        existed=existed,
    )


def _status(body: CustomerObject) -> CustomerStatus:
    return CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE


def _path(customer: str) -> str:
    return f"/v1/customers/{segment(customer)}"


def _form(request: CreateCustomerRequest | UpdateCustomerRequest) -> Mapping[str, Any]:
    """An address has no person and no contact of its own: they are the customer's."""
    own = {"merchant_customer_id": request.merchant_customer_id}
    to = request.address or Address()
    name = _one("name", request.name, to.full_name, "last_name" if to.last_name else "first_name")
    return {
        "name": at_most(256, "name", name),
        "email": _one("email", request.email, to.email, "email"),
        "phone": _one("phone", request.phone, to.phone_number, "phone_number"),
        "description": at_most(5000, "description", request.description),
        "address": street(request.address, kept=PERSON),
        "metadata": metadata(request.metadata, **own),
    }


def _one(what: str, own: str | None, of_address: str | None, part: str) -> str | None:
    if own is not None and of_address not in (None, own):
        raise InvalidRequest(
            f"address has another {what} than the customer, who has one at Stripe: give the same, "
            f"or leave {part} out of the address",
            field=part,
        )
    return own or of_address


def _customer(body: CustomerObject) -> Customer:
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=own_id(body.metadata, "merchant_customer_id"),
        name=body.name,
        email=body.email,
        phone=body.phone,
        description=body.description,
        status=_status(body),
    )
