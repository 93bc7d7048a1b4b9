"""Customers, and what is stored for them: Razorpay stores a payment method as a token."""

from prism_core import (
    Conflict,
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    DeletePaymentMethodRequest,
    Flow,
    GetCustomerRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    OnConflict,
    PaymentMethodDeleted,
    PaymentMethodList,
    StoredPaymentMethod,
    UpdateCustomerRequest,
    hookimpl,
)
from prism_core.connector.values import kept_id, metadata_with_id, stored_payment_method

from .account import RazorpayAccount as Account
from .answers import info_of
from .shapes import CustomerBody, TokenBody

CUSTOMERS = "/v1/customers"
CUSTOMER = "/v1/customers/{}"
TOKENS = "/v1/customers/{}/tokens"
TOKEN = "/v1/customers/{}/tokens/{}"  # noqa: S105


def customer_of(body: CustomerBody) -> Customer:
    """https://razorpay.com/docs/api/customers/entity"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=kept_id(body.notes, "merchant_customer_id"),
        name=body.name,
        email=body.email,
        phone=None if body.contact is None else str(body.contact),
    )


def stored(body: TokenBody, customer: str) -> StoredPaymentMethod:
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens"""
    info = info_of(body.method, body.card, body.bank)
    return stored_payment_method(info, body.id, body.customer_id or customer)


class Customers:
    """The operations on customers and their stored payment methods."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://razorpay.com/docs/api/customers/create: a second customer with the same phone
        and email is an error, and with `fail_existing` 0 the first one is the answer."""
        customer = {
            "name": request.name,
            "email": request.email,
            "contact": request.phone,
            "notes": metadata_with_id(request),
        }
        again, existed = request.on_conflict is OnConflict.RETURN, False
        asked = account.post(CUSTOMERS, json={**customer, "fail_existing": "1"}, keyed=False)
        try:
            body = yield from account.fetch(asked, CustomerBody)
        except Conflict:
            if not again:
                raise
            asked = account.post(CUSTOMERS, json={**customer, "fail_existing": "0"}, changes=False)
            body, existed = (yield from account.fetch(asked, CustomerBody)), True
        own_id = kept_id(body.notes, "merchant_customer_id")
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=own_id, existed=existed
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://razorpay.com/docs/api/customers/fetch-with-id"""
        asked = account.get(CUSTOMER, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://razorpay.com/docs/api/customers/edit: the notes cannot be changed."""
        changes = {"name": request.name, "email": request.email, "contact": request.phone}
        asked = account.put(CUSTOMER, request.connector_customer_id, json=changes, keyed=False)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens#22-fetch-all-tokens-by-customer-id"""
        customer = request.connector_customer_id
        asked = account.get(TOKENS, customer)
        found = yield from account.fetch(asked, list[TokenBody], member="items")
        return PaymentMethodList(payment_methods=tuple(stored(one, customer) for one in found))

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens#24-delete-tokens"""
        token = request.connector_payment_method_id
        asked = account.delete(TOKEN, request.connector_customer_id, token, keyed=False)
        if not (yield from account.fetch(asked, bool, member="deleted")):
            raise MalformedResponse("Razorpay says that the token was not deleted")
        return PaymentMethodDeleted(connector_payment_method_id=token)
