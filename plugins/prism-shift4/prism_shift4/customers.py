"""Customers and their stored cards."""

from typing import Any

from msgspec import to_builtins

from prism_core import (
    Card,
    ClientToken,
    CreateClientTokenRequest,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    DeletePaymentMethodRequest,
    Flow,
    GetCustomerRequest,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    StoredPaymentMethod,
    TokenizeRequest,
    UpdateCustomerRequest,
    expect_same,
    hookimpl,
    needs_setting,
)
from prism_core.connector.values import (
    kept_id,
    metadata_with_id,
    stored_payment_method,
    stored_result,
    without_nones,
)

from .account import Shift4Account as Account
from .fields import place
from .methods import card_fields, card_info
from .shapes import CardList, CustomerBody, Only, StoredCard

CUSTOMER = "/customers/{}"
CARDS = "/customers/{}/cards"
CARD = "/customers/{}/cards/{}"


def own_id(body: CustomerBody) -> str | None:
    """The caller's id, if the metadata has it."""
    return kept_id(body.metadata, "merchant_customer_id")


def customer_of(body: CustomerBody) -> Customer:
    """https://dev.shift4.com/docs/api#customer-object"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=own_id(body),
        name=body.billing.name if body.billing else None,
        email=body.email,
        phone=body.phone_number,
        description=body.description,
        status=CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
    )


def customer_billing(
    request: CreateCustomerRequest | UpdateCustomerRequest,
) -> dict[str, Any] | None:
    """The name and the address: there is no other place for a name."""
    name, where = request.name, request.address
    if where is None:
        return {"name": name} if name else None
    contact = {"email": where.email, "phone": where.phone_number}
    return {"name": name, "address": place(where), **contact}


def changed(request: UpdateCustomerRequest, known: CustomerBody) -> dict[str, Any]:
    """https://dev.shift4.com/docs/api#customer-update: `billing` is sent whole, so that nothing of
    it is lost. The metadata is not changed, because the caller's id is in it."""
    said = customer_billing(request) or {}
    told = to_builtins(known.billing) if known.billing else {}
    new = without_nones(said)
    return {
        "email": request.email,
        "description": request.description,
        "billing": {**told, **new} if new else None,
    }


def stored(body: StoredCard) -> StoredPaymentMethod:
    """https://dev.shift4.com/docs/api#card-object"""
    return stored_payment_method(card_info(body), body.id, body.customer_id)


def store(method: Card | SdkToken, request: TokenizeRequest, account: Account) -> Flow[StoredCard]:
    """https://dev.shift4.com/docs/api#card-create: of a token, or of a card's number."""
    if isinstance(method, SdkToken):
        card: dict[str, Any] = {"id": method.token}
    else:
        card = card_fields(method, request.billing_address)
    asked = account.post(CARDS, request.connector_customer_id, json=card)
    return (yield from account.fetch(asked, StoredCard))


def delete_card(customer: str | None, card: str, account: Account) -> Flow[str]:
    """https://dev.shift4.com/docs/api#card-delete"""
    asked = account.delete(CARD, customer, card, keyed=False)
    return (yield from account.fetch(asked, Only)).id


class Customers:
    """The operations on customers and their stored cards."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://dev.shift4.com/docs/api#customer-create"""
        customer = {
            "email": request.email,
            "phoneNumber": request.phone,
            "description": request.description,
            "billing": customer_billing(request),
            "metadata": metadata_with_id(request),
        }
        body = yield from account.fetch(account.post("/customers", json=customer), CustomerBody)
        return CustomerCreated(connector_customer_id=body.id, merchant_customer_id=own_id(body))

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://dev.shift4.com/docs/api#customer-retrieve"""
        asked = account.get(CUSTOMER, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://dev.shift4.com/docs/api#customer-update"""
        changed(request, CustomerBody(id=""))  # reads the fields before anything is sent
        asked = account.get(CUSTOMER, request.connector_customer_id)
        known = yield from account.fetch(asked, CustomerBody)
        expect_same("connector_customer_id", request.connector_customer_id, known.id)
        asked = account.post(CUSTOMER, known.id, json=changed(request, known))
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://dev.shift4.com/docs/api#customer-delete"""
        asked = account.delete(CUSTOMER, request.connector_customer_id, keyed=False)
        body = yield from account.fetch(asked, Only)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://dev.shift4.com/docs/api#card-create"""
        method = request.payment_method
        assert isinstance(method, Card | SdkToken)
        body = yield from store(method, request, account)
        return stored_result(stored(body))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://dev.shift4.com/docs/api#card-list"""
        asked = account.get(CARDS, request.connector_customer_id, query={"limit": "100"})
        body = yield from account.fetch(asked, CardList)
        cards = tuple(stored(one) for one in body.list if not one.deleted)
        return PaymentMethodList(payment_methods=cards, is_complete=not body.has_more)

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://dev.shift4.com/docs/api#card-delete"""
        card, customer = request.connector_payment_method_id, request.connector_customer_id
        gone = yield from delete_card(customer, card, account)
        return PaymentMethodDeleted(connector_payment_method_id=gone)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://dev.shift4.com/docs/js: the library is opened with the public key alone."""
        yield from ()
        public = needs_setting("public_key", account.public_key, "for Shift4's library")
        return ClientToken(sdk={"publicKey": public})
