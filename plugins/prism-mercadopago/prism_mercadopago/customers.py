"""Customers, one for each email address, and the cards that are stored for them."""

from typing import Any

from prism_core import (
    ClientToken,
    Conflict,
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
    PaymentMethodType,
    SdkToken,
    Secret,
    StoredPaymentMethod,
    TokenizeRequest,
    UpdateCustomerRequest,
    expect_same,
    hookimpl,
    needs,
    needs_setting,
    nullable,
)
from prism_core.connector.values import (
    full_name,
    kept_id,
    metadata_with_id,
    stored_result,
    two_names,
)

from .account import MercadoPagoAccount as Account
from .fields import form_of, phone, place
from .shapes import Brand, CustomerBody, StoredCard

CUSTOMER = "/v1/customers/{}"
CARDS = "/v1/customers/{}/cards"
CARD = "/v1/customers/{}/cards/{}"


def described(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    """https://www.mercadopago.com/developers/en/reference/customers/_customers/post: what can be
    changed later, too."""
    first, last = two_names(request)
    return {
        "first_name": first,
        "last_name": last,
        "phone": phone(request.phone),
        "address": place(request.address),
        "description": request.description,
    }


def own_id(body: CustomerBody) -> str | None:
    """The caller's id, which is kept in the metadata."""
    return kept_id(body.metadata, "merchant_customer_id")


def called(body: CustomerBody) -> str | None:
    """The phone number, where it is known to be a whole one: it was stored as such here."""
    known = body.phone
    if known is None or known.area_code or not known.number or own_id(body) is None:
        return None
    return f"+{known.number}"


def customer_of(body: CustomerBody) -> Customer:
    """https://www.mercadopago.com/developers/en/reference/customers/_customers_id/get"""
    return Customer(
        connector_customer_id=body.id,
        merchant_customer_id=own_id(body),
        name=full_name(body.first_name, body.last_name),
        email=body.email,
        phone=called(body),
        description=body.description,
    )


def stored(body: StoredCard) -> StoredPaymentMethod:
    """https://www.mercadopago.com/developers/en/reference/cards/_customers_customer_id_cards_id/get"""
    kind = body.payment_method or Brand()
    return StoredPaymentMethod(
        connector_payment_method_id=str(body.id),
        connector_customer_id=nullable(body.customer_id),
        payment_method_type=PaymentMethodType.CARD,
        brand=kind.id,
        last_four=body.last_four_digits,
        exp_month=body.expiration_month,
        exp_year=body.expiration_year,
        funding=kind.payment_type_id,
    )


def card_token(method: SdkToken) -> Secret:
    """The card's token: of the form's data, or alone."""
    assert isinstance(method.token, Secret)
    if not method.token.reveal().lstrip().startswith("{"):
        return method.token
    return needs("payment_method", form_of(method).token, "with a card's token")


def with_email(email: str | None, account: Account) -> Flow[str | None]:
    """https://www.mercadopago.com/developers/en/reference/customers/_customers_search/get"""
    asked = account.get("/v1/customers/search", query={"email": email or ""})
    found = yield from account.fetch(asked, list[CustomerBody], member="results")
    alike = [one.id for one in found if (one.email or "").lower() == (email or "").lower()]
    return alike[0] if len(alike) == 1 else None


class Customers:
    """The operations on customers and their cards. A key is documented for none of them. There is
    no second customer: the email is unique."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://www.mercadopago.com/developers/en/reference/customers/_customers/post"""
        customer = {
            "email": request.email,
            **described(request),
            "metadata": metadata_with_id(request),
        }
        asked = account.post("/v1/customers", json=customer, keyed=False)
        try:
            body = yield from account.fetch(asked, CustomerBody)
        except Conflict as conflict:
            conflict.connector_customer_id = yield from with_email(request.email, account)
            raise
        return CustomerCreated(connector_customer_id=body.id, merchant_customer_id=own_id(body))

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """https://www.mercadopago.com/developers/en/reference/customers/_customers_id/get"""
        asked = account.get(CUSTOMER, request.connector_customer_id)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://www.mercadopago.com/developers/en/reference/customers/_customers_id/put: the
        email cannot be changed, and the metadata has the caller's id in it."""
        known = request.connector_customer_id
        asked = account.put(CUSTOMER, known, json=described(request), keyed=False)
        return customer_of((yield from account.fetch(asked, CustomerBody)))

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://github.com/mercadopago/openapi/blob/main/spec3.yaml, `deleteCustomer`"""
        known = request.connector_customer_id
        asked = account.delete("/v1/customers/{}/delete", known, keyed=False)
        body = yield from account.fetch(asked, CustomerBody)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://www.mercadopago.com/developers/en/reference/cards/_customers_customer_id_cards/post"""
        method, customer = request.payment_method, request.connector_customer_id
        assert isinstance(method, SdkToken)
        asked = account.post(CARDS, customer, json={"token": card_token(method)}, keyed=False)
        return stored_result(stored((yield from account.fetch(asked, StoredCard))))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://www.mercadopago.com/developers/en/reference/cards/_customers_customer_id_cards/get"""
        customer = request.connector_customer_id
        asked = account.get(CARDS, customer)
        cards = yield from account.fetch(asked, list[StoredCard])
        for one in cards:
            expect_same("connector_customer_id", customer, nullable(one.customer_id))
        return PaymentMethodList(payment_methods=tuple(stored(one) for one in cards))

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://www.mercadopago.com/developers/en/reference/cards/_customers_customer_id_cards_id/delete"""
        known, customer = request.connector_payment_method_id, request.connector_customer_id
        asked = account.delete(CARD, customer, known, keyed=False)
        body = yield from account.fetch(asked, StoredCard)
        expect_same("connector_customer_id", customer, nullable(body.customer_id))
        expect_same("connector_payment_method_id", known, str(body.id))
        return PaymentMethodDeleted(connector_payment_method_id=str(body.id))

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://www.mercadopago.com/developers/en/docs/checkout-bricks/common-initialization:
        the library is opened with the public key alone."""
        yield from ()
        public = needs_setting("public_key", account.public_key, "for Mercado Pago's library")
        return ClientToken(sdk={"publicKey": public})
