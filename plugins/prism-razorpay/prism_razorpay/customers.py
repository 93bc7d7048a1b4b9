"""Customers, and what is stored for them: Razorpay stores a payment method as a token."""

from msgspec.structs import asdict

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
    PaymentMethodInfo,
    PaymentMethodList,
    StoredPaymentMethod,
    UpdateCustomerRequest,
    hookimpl,
    nullable,
)

from .account import RazorpayAccount as Account
from .answers import info_of, mark
from .fields import kept
from .shapes import CustomerBody, Deleted, TokenBody, TokenList

CUSTOMERS = "/v1/customers"
CUSTOMER = "/v1/customers/{}"
TOKENS = "/v1/customers/{}/tokens"
TOKEN = "/v1/customers/{}/tokens/{}"  # noqa: S105


def customer_of(body: CustomerBody) -> Customer:
    """https://razorpay.com/docs/api/customers/entity"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=nullable(mark(body.notes, "merchant_customer_id")),
        name=body.name,
        email=body.email,
        phone=None if body.contact is None else str(body.contact),
    )


def stored(body: TokenBody, customer: str) -> StoredPaymentMethod:
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens"""
    known = asdict(info_of(body.method, body.card, body.bank) or PaymentMethodInfo())
    return StoredPaymentMethod(
        **known,
        connector_payment_method_id=body.id,
        connector_customer_id=body.customer_id or customer,
    )


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
            "notes": kept(request.metadata, merchant_customer_id=request.merchant_customer_id),
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
        own_id = nullable(mark(body.notes, "merchant_customer_id"))
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
        body = yield from account.fetch(account.get(TOKENS, customer), TokenList)
        found = tuple(stored(one, customer) for one in body.items)
        return PaymentMethodList(payment_methods=found, is_complete=True)

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens#24-delete-tokens"""
        token = request.connector_payment_method_id
        asked = account.delete(TOKEN, request.connector_customer_id, token, keyed=False)
        if not (yield from account.fetch(asked, Deleted)).deleted:
            raise MalformedResponse("Razorpay says that the token was not deleted")
        return PaymentMethodDeleted(connector_payment_method_id=token)
