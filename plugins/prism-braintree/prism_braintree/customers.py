"""Customers: https://developer.paypal.com/braintree/graphql/reference/types/customer"""

from typing import Any

from prism_core import (
    NULL,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    InvalidRequest,
    Nullable,
    UpdateCustomerRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import full_name, split_name

from . import documents
from .account import BraintreeAccount as Account
from .fields import custom_fields
from .methods import METHOD_ID, deleted
from .shapes import CustomerBody, Owner


def names(name: str | None) -> dict[str, Any]:
    """Braintree has two names, which are one again when they are joined by a space."""
    if name is None:
        return {}
    first, last = split_name(name)
    return {"firstName": first, "lastName": NULL if last is None else last}


def fields(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/customer-input"""
    return {**names(request.name), "email": request.email, "phoneNumber": request.phone}


def own_fields(
    request: CreateCustomerRequest | UpdateCustomerRequest, account: Account
) -> dict[str, str]:
    """The caller's metadata: the field of the caller's own id is the account's to name."""
    given = request.metadata or {}
    if account.customer_field in given:
        raise InvalidRequest(
            "metadata must not use the custom field that customer_field names: it has your own id",
            field="metadata",
        )
    return dict(given)


def own_id(body: CustomerBody, account: Account) -> Nullable[str]:
    """The caller's id, from its custom field."""
    fields = body.custom_fields or ()
    return next((one.value for one in fields if one.name == account.customer_field), None)


def customer_of(body: CustomerBody, account: Account) -> Customer:
    """https://developer.paypal.com/braintree/graphql/reference/types/customer"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=nullable(own_id(body, account)),
        name=full_name(body.first_name, body.last_name),
        email=body.email,
        phone=body.phone_number,
    )


class Customers:
    """The operations on customers. Braintree honours no key with them."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/create-customer"""
        mine = {account.customer_field: request.merchant_customer_id}
        own = custom_fields({**own_fields(request, account), **mine})
        data = {"input": {"customer": {**fields(request), "customFields": own}}}
        asked = account.mutation(documents.CREATE_CUSTOMER, data, keyed=False)
        body = yield from account.fetch(asked, CustomerBody, member="customer")
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=nullable(own_id(body, account))
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        asked = account.query(documents.FIND_CUSTOMER, {"id": request.connector_customer_id})
        return customer_of((yield from account.fetch(asked, CustomerBody)), account)

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/update-customer: what
        is left out stays as it is."""
        customer = {**fields(request), "customFields": custom_fields(own_fields(request, account))}
        data = {"input": {"customerId": request.connector_customer_id, "customer": customer}}
        asked = account.mutation(documents.UPDATE_CUSTOMER, data, keyed=False)
        body = yield from account.fetch(asked, CustomerBody, member="customer")
        return customer_of(body, account)

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/delete-customer: a
        customer with payment methods is not deleted, so these are deleted before."""
        known, more = request.connector_customer_id, True
        while more:
            asked = account.query(documents.LIST_METHODS, {"id": known})
            body = yield from account.fetch(asked, Owner)
            expect_same("connector_customer_id", known, body.id)
            for one in body.payment_methods.edges:
                yield from deleted(documents.DELETE_METHOD, METHOD_ID, one.node.id, account)
            more = body.payment_methods.page_info.has_next_page
        yield from deleted(documents.DELETE_CUSTOMER, "customerId", known, account)
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)
