"""Customers, and the payment methods that are stored for them: Checkout.com's instruments."""

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
    PaymentMethodStored,
    SdkToken,
    StoredPaymentMethod,
    TokenizeRequest,
    UpdateCustomerRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import kept_id, metadata_with, stored_payment_method, stored_result

from .account import CheckoutDotComAccount as Account
from .fields import holder, phone, place
from .methods import info_of
from .shapes import CustomerBody, InstrumentBody

CUSTOMER = "/customers/{}"
INSTRUMENT = "/instruments/{}"


def customer_of(body: CustomerBody) -> Customer:
    """https://api-reference.checkout.com/#operation/getCustomerDetails"""
    known = body.phone
    number = None if known is None or known.number is None else known.number.replace(" ", "")
    code = "" if known is None or known.country_code is None else known.country_code.lstrip("+")
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=kept_id(body.metadata, "merchant_customer_id"),
        name=body.name,
        email=body.email,
        phone=f"+{code}{number}" if code and number else number,
    )


def stored(body: InstrumentBody, customer: str | None) -> StoredPaymentMethod:
    """https://api-reference.checkout.com/#operation/getInstrumentDetails"""
    return stored_payment_method(info_of(body), body.id, customer)


class Customers:
    """The operations on customers and their stored payment methods. None of them honours an
    idempotency key: https://www.checkout.com/docs/developer-resources/api/idempotency"""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://api-reference.checkout.com/#operation/createCustomer"""
        own_id = request.merchant_customer_id
        customer = {
            "email": request.email,
            "name": request.name,
            "phone": phone(request.phone),
            "metadata": metadata_with(request.metadata, merchant_customer_id=own_id),
        }
        asked = account.post("/customers", json=customer, keyed=False)
        body = yield from account.fetch(asked, CustomerBody)
        return CustomerCreated(connector_customer_id=body.id)

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://api-reference.checkout.com/#operation/getCustomerDetails"""
        asked = account.get(CUSTOMER, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://api-reference.checkout.com/#tag/Customers: the answer is empty.
        New metadata would replace the caller's id, so they are left as they are."""
        known = request.connector_customer_id
        changes = {"email": request.email, "name": request.name, "phone": phone(request.phone)}
        asked = account.patch(CUSTOMER, known, json=changes, keyed=False)
        account.expect_empty((yield asked), 204)
        body = yield from account.fetch(account.get(CUSTOMER, known), CustomerBody)
        return customer_of(body)

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://api-reference.checkout.com/#tag/Customers"""
        known = request.connector_customer_id
        account.expect_empty((yield account.delete(CUSTOMER, known, keyed=False)), 204)
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://www.checkout.com/docs/payments/store-payment-details/payment-instruments"""
        token, address = request.payment_method, request.billing_address
        assert isinstance(token, SdkToken)  # the core refuses what payment_methods_of does not name
        customer = request.connector_customer_id
        owner = {
            **(holder(address) or {}),
            "billing_address": place(address),
            "phone": phone(address.phone_number) if address else None,
        }
        instrument = {
            "type": "token",
            "token": token.token,
            "account_holder": owner if address else None,
            "customer": {"id": customer} if customer else None,
        }
        asked = account.post("/instruments", json=instrument, keyed=False)
        body = yield from account.fetch(asked, InstrumentBody)
        owned = nullable(body.customer.id) if body.customer else None
        return stored_result(stored(body, owned))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://api-reference.checkout.com/#operation/getCustomerDetails, `instruments`"""
        customer = request.connector_customer_id
        asked = account.get(CUSTOMER, customer)
        body = yield from account.fetch(asked, CustomerBody)
        expect_same("connector_customer_id", customer, body.id)
        return PaymentMethodList(
            payment_methods=tuple(stored(one, body.id) for one in body.instruments)
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://api-reference.checkout.com/#tag/Instruments"""
        known = request.connector_payment_method_id
        account.expect_empty((yield account.delete(INSTRUMENT, known, keyed=False)), 204)
        return PaymentMethodDeleted(connector_payment_method_id=known)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://www.checkout.com/docs/previous/integrate/frames/get-started: Frames is opened
        with the public key alone. Flow needs a session: `create_order`."""
        yield from ()
        return ClientToken(sdk={"publicKey": account.public()})
