"""Customers, and what is stored for them: Mollie stores a payment method as a mandate."""

from prism_core import (
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
    StoredPaymentMethod,
    UpdateCustomerRequest,
    hookimpl,
    needs,
    needs_setting,
)
from prism_core.connector.values import kept_id, metadata_with_id, stored_payment_method

from .account import MollieAccount as Account
from .methods import info_of
from .shapes import CustomerBody, MandateBody, MandatePage, SessionBody

CUSTOMER = "/v2/customers/{}"
MANDATES = "/v2/customers/{}/mandates"
MANDATE = "/v2/customers/{}/mandates/{}"


def customer_of(body: CustomerBody) -> Customer:
    """https://docs.mollie.com/reference/get-customer"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=kept_id(body.metadata, "merchant_customer_id"),
        name=body.name,
        email=body.email,
    )


def stored(body: MandateBody) -> StoredPaymentMethod:
    """https://docs.mollie.com/reference/get-mandate"""
    return stored_payment_method(info_of(body.method, body.details), body.id, body.customer_id)


class Customers:
    """The operations on customers and their stored payment methods."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://docs.mollie.com/reference/create-customer"""
        person = {"name": request.name, "email": request.email}
        customer = {**person, "metadata": metadata_with_id(request)}
        body = yield from account.fetch(account.post("/v2/customers", json=customer), CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=kept_id(body.metadata, "merchant_customer_id"),
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.mollie.com/reference/get-customer"""
        asked = account.get(CUSTOMER, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.mollie.com/reference/update-customer: the metadata is not changed, because
        it is one field there, and the caller's id is in it."""
        changes = {"name": request.name, "email": request.email}
        asked = account.patch(CUSTOMER, request.connector_customer_id, json=changes, keyed=False)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://docs.mollie.com/reference/delete-customer"""
        asked = account.delete(CUSTOMER, request.connector_customer_id, keyed=False)
        account.expect_empty((yield asked))
        return Customer(
            connector_customer_id=request.connector_customer_id, status=CustomerStatus.DELETED
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://docs.mollie.com/reference/list-mandates: those for customers who are there."""
        which = {"scopes": "customer-present"}
        asked = account.get(MANDATES, request.connector_customer_id, query=which)
        body = yield from account.fetch(asked, MandatePage)
        valid = tuple(stored(one) for one in body.embedded.mandates if one.status == "valid")
        return PaymentMethodList(payment_methods=valid, is_complete=body.links.next is None)

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.mollie.com/reference/revoke-mandate"""
        mandate_id = request.connector_payment_method_id
        asked = account.delete(MANDATE, request.connector_customer_id, mandate_id, keyed=False)
        account.expect_empty((yield asked))
        return PaymentMethodDeleted(connector_payment_method_id=mandate_id)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://docs.mollie.com/reference/request-apple-pay-payment-session with a
        `validation_url`; else https://docs.mollie.com/reference/mollie-object"""
        if request.validation_url is None:
            yield from ()
            profile = needs_setting("profile_id", account.profile_id, "for Mollie's library")
            return ClientToken(sdk={"profileId": profile})
        session = {
            "validationUrl": request.validation_url,
            "domain": needs("domain_name", request.domain_name, "with a validation_url"),
        }
        asked = account.post("/v2/wallets/applepay/sessions", json=session, changes=False)
        response = yield asked
        until = account.decode(response, SessionBody).expires_at
        return ClientToken(
            sdk={"merchantSession": response.body.decode()},  # for Apple as it is, unchanged
            expires_at=None if until is None else until // 1000,
        )
