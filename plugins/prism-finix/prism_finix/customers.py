"""Customers: Finix calls them identities."""

from prism_core import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    hookimpl,
)
from prism_core.connector.values import full_name, kept_id, metadata_with_id

from .account import FinixAccount as Account
from .fields import entity
from .shapes import IdentityBody

IDENTITY = "/identities/{}"


def customer_of(body: IdentityBody) -> Customer:
    """https://docs.finix.com/api/identities"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=kept_id(body.tags, "merchant_customer_id"),
        name=full_name(body.entity.first_name, body.entity.last_name),
        email=body.entity.email,
        phone=body.entity.phone,
        description=kept_id(body.tags, "description") or None,
    )


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://docs.finix.com/api/identities/createidentity"""
        tags = metadata_with_id(request, description=request.description)
        customer = {"entity": entity(request), "tags": tags}
        asked = account.post("/identities", json=customer, keyed=False)
        body = yield from account.fetch(asked, IdentityBody)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=kept_id(body.tags, "merchant_customer_id"),
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.finix.com/api/identities/getidentity"""
        asked = account.get(IDENTITY, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, IdentityBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.finix.com/api/identities/updateidentity: the tags are not changed, because
        they are one field there, and the caller's id is in it."""
        changes = {"entity": entity(request)}
        asked = account.put(IDENTITY, request.connector_customer_id, json=changes, keyed=False)
        return customer_of((yield from account.fetch(asked, IdentityBody)))
