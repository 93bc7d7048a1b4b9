"""Customers: created, looked up, changed, removed."""

from prism_core import (
    Address,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    InvalidRequest,
    OnConflict,
    UpdateCustomerRequest,
    hookimpl,
    single_value,
)
from prism_core.connector.values import full_name, kept_id, metadata_with_id, split_name

from .account import GoCardlessAccount as Account
from .calls import fetched, found_or_made, known
from .shapes import CustomerBody, Object

CUSTOMER = "/customers/{}"


def customer_of(body: CustomerBody) -> Customer:
    """https://developer.gocardless.com/api-reference/#core-endpoints-customers"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=kept_id(body.metadata, "merchant_customer_id"),
        name=full_name(body.given_name, body.family_name) or body.company_name,
        email=body.email,
        phone=body.phone_number,
    )


def place(to: Address) -> Object:
    """An address, which is among the customer's own fields."""
    return {
        "address_line1": to.line1,
        "address_line2": to.line2,
        "address_line3": to.line3,
        "city": to.city,
        "region": to.state,
        "postal_code": to.zip_code,
        "country_code": to.country_alpha2_code,
    }


def names(name: str | None, to: Address) -> Object:
    """A person has a given and a family name there; one word alone is a company's name."""
    first, last = to.first_name, to.last_name
    if first is None and last is None and name is not None:
        first, last = split_name(name)
        if last is None:
            return {"company_name": first}
    elif name is not None:
        part = "last_name" if last else "first_name"
        single_value("name", part, name, to.full_name)
    return {"given_name": first, "family_name": last}


def fields(request: CreateCustomerRequest | UpdateCustomerRequest) -> Object:
    """https://developer.gocardless.com/api-reference/#customers-create-a-customer"""
    to = request.address or Address()
    return {
        **names(request.name, to),
        "email": single_value("email", "email", request.email, to.email),
        "phone_number": single_value("phone", "phone_number", request.phone, to.phone_number),
        **place(to),
    }


def expect_whole_name(changes: Object, of: str, account: Account) -> Flow[None]:
    """Raises `InvalidRequest` where an update would leave another person's name, or half of it,
    because what is not sent stays."""
    if "company_name" in changes:
        body = yield from known(CustomerBody, of, account)
        if body.given_name or body.family_name:
            raise InvalidRequest(
                "a name of one word is a company's, and the person's old name would stay: give "
                "first and last name",
                field="name",
            )
    elif (changes["given_name"] is None) is not (changes["family_name"] is None):
        raise InvalidRequest("the other name would stay: give first and last name", field="address")


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://developer.gocardless.com/api-reference/#customers-create-a-customer"""
        customer = {**fields(request), "metadata": metadata_with_id(request)}
        wants_existing = request.on_conflict is OnConflict.RETURN
        body, existed = yield from found_or_made(CustomerBody, customer, account)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=kept_id(body.metadata, "merchant_customer_id"),
            existed=wants_existing and existed,
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.gocardless.com/api-reference/#customers-get-a-single-customer"""
        of = request.connector_customer_id
        return customer_of((yield from known(CustomerBody, of, account)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.gocardless.com/api-reference/#customers-update-a-customer: the metadata
        is not changed, because it is one field there, and the caller's id is in it."""
        of, changes = request.connector_customer_id, fields(request)
        yield from expect_whole_name(changes, of, account)
        asked = account.put(CUSTOMER, of, json={"customers": changes}, keyed=False)
        return customer_of((yield from fetched(asked, CustomerBody, account)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.gocardless.com/api-reference/#customers-remove-a-customer"""
        of = request.connector_customer_id
        account.expect_empty((yield account.delete(CUSTOMER, of, keyed=False)), 204)
        return Customer(connector_customer_id=of, status=CustomerStatus.DELETED)
