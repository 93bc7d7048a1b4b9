"""Stored payment methods, and what the page needs to make one."""

from prism_core import (
    Card,
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredPaymentMethod,
    TokenizeRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import kept_id, metadata_with_id, stored_result

from .account import AirwallexAccount as Account
from .answers import described
from .customers import CUSTOMERS
from .fields import card
from .shapes import MethodPage, StoredBody

METHODS = "/api/v1/pa/payment_methods"
# https://github.com/airwallex/airwallex-payment-android/blob/master/components-core/src/main/java/com/airwallex/android/core/model/PaymentMethod.kt
USABLE = ("CREATED", "VERIFIED")


def stored(body: StoredBody) -> StoredPaymentMethod:
    """One of a customer's payment methods."""
    customer = nullable(body.customer_id)
    return StoredPaymentMethod(
        connector_payment_method_id=body.id, connector_customer_id=customer, **described(body)
    )


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://www.airwallex.com/docs/api/2024-08-07/payments/payment_methods"""
        method = request.payment_method
        assert isinstance(method, Card)
        new = {
            "customer_id": request.connector_customer_id,
            **card(method, request.billing_address),
            "metadata": metadata_with_id(request),
        }
        body = yield from account.fetch(account.post(METHODS + "/create", json=new), StoredBody)
        own_id = kept_id(body.metadata, "merchant_payment_method_id")
        return stored_result(stored(body), own_id)

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://www.airwallex.com/docs/payments__native-api__manage-payment-credentials"""
        whose = request.connector_customer_id
        asked = account.get(METHODS, query={"customer_id": whose})
        page = yield from account.fetch(asked, MethodPage)
        for one in page.items:
            expect_same("connector_customer_id", whose, nullable(one.customer_id))
        found = tuple(stored(one) for one in page.items if one.status in USABLE)
        return PaymentMethodList(payment_methods=found, is_complete=not page.has_more)

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://www.airwallex.com/docs/payments__native-api__manage-payment-credentials: no
        payment can be made with it any more."""
        known = request.connector_payment_method_id
        asked = account.post(METHODS + "/{}/disable", known, json={})
        body = yield from account.fetch(asked, StoredBody)
        if body.status in USABLE:
            raise MalformedResponse("the payment method is still enabled")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://www.airwallex.com/docs/api/payments/customers, `generate_client_secret`: with it,
        Airwallex.js makes a payment consent of the customer."""
        known = request.connector_customer_id
        asked = account.get(CUSTOMERS + "/{}/generate_client_secret", known)
        secret = yield from account.fetch(asked, str, member="client_secret")
        page = {"customer_id": known or "", "client_secret": secret}
        return ClientToken(sdk=page)
