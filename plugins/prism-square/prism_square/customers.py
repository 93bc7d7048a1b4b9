"""Customers: the profiles of Square's Customer Directory."""

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
    InvalidRequest,
    MalformedResponse,
    NotFound,
    UpdateCustomerRequest,
    hookimpl,
    nullable,
)
from prism_core.connector.values import full_name

from .account import SquareAccount as Account
from .fields import names, place
from .shapes import CustomerBody, CustomerPage

CUSTOMERS = "/v2/customers"
CUSTOMER = "/v2/customers/{}"
MEMBER = "customer"  # of an answer


def customer_of(body: CustomerBody) -> Customer:
    """https://developer.squareup.com/reference/square/objects/Customer"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=nullable(body.reference_id),
        name=full_name(body.given_name, body.family_name),
        email=body.email_address,
        phone=body.phone_number,
        description=body.note,
    )


def profile(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    """https://developer.squareup.com/reference/square/customers-api/create-customer"""
    return {
        **names(request.name, clear=isinstance(request, UpdateCustomerRequest)),
        "email_address": request.email,
        "phone_number": request.phone,
        "note": request.description,
        "address": place(request.address),
        "reference_id": request.merchant_customer_id,
    }


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://developer.squareup.com/docs/customers-api/use-the-api/keep-records: at least one
        of name, email and phone is required."""
        made = profile(request)
        if request.name is request.email is request.phone is None:
            raise InvalidRequest(
                "Square needs a customer's name, email or phone; give one of them", field="email"
            )
        asked = account.post(CUSTOMERS, json=made)
        body = yield from account.fetch(asked, CustomerBody, member=MEMBER)
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=nullable(body.reference_id)
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.squareup.com/reference/square/customers-api/retrieve-customer; by the
        caller's id: https://developer.squareup.com/reference/square/customers-api/search-customers,
        which knows a new customer after some seconds."""
        reference = request.merchant_customer_id
        if reference is None:
            asked = account.get(CUSTOMER, request.connector_customer_id)
            return customer_of((yield from account.fetch(asked, CustomerBody, member=MEMBER)))
        query = {"filter": {"reference_id": {"exact": reference}}}
        asked = account.post(CUSTOMERS + "/search", json={"query": query}, changes=False)
        page = yield from account.fetch(asked, CustomerPage)
        if not page.customers:
            raise NotFound("Square has no customer with that reference")
        if len(page.customers) > 1:  # no reason to make one more
            raise Conflict("Square has several customers with that reference")
        return customer_of(page.customers[0])

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.squareup.com/reference/square/customers-api/update-customer: what is
        not given stays, and null takes out. It has no idempotency key."""
        known = request.connector_customer_id
        asked = account.put(CUSTOMER, known, json=profile(request), keyed=False)
        return customer_of((yield from account.fetch(asked, CustomerBody, member=MEMBER)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.squareup.com/reference/square/customers-api/delete-customer: the answer
        is an empty object."""
        known = request.connector_customer_id
        response = yield account.delete(CUSTOMER, known)
        if account.decode(response, dict[str, Any]):
            raise MalformedResponse("the answer to a deletion is not empty")
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)
