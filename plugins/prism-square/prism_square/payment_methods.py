"""Cards on file, and what the Web Payments SDK needs in the page."""

from prism_core import (
    ClientToken,
    ConfigurationError,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    SetupRecurringRequest,
    TokenizeRequest,
    expect_same,
    hookimpl,
    nullable,
)

from .account import SquareAccount as Account
from .answers import stored
from .fields import address
from .shapes import CardAnswer, CardBody, CardPage, LocationAnswer

CARDS = "/v2/cards"
CARD = "/v2/cards/{}"


def on_file(
    request: TokenizeRequest | SetupRecurringRequest, reference: str | None, account: Account
) -> Flow[CardBody]:
    """https://developer.squareup.com/reference/square/cards-api/create-card"""
    method = request.payment_method
    assert isinstance(method, SdkToken)  # the core refuses what is not in info.payment_methods_of
    order = {
        "source_id": method.token,
        "verification_token": method.verification_token,
        "card": {
            "customer_id": request.connector_customer_id,
            "reference_id": reference,
            "billing_address": address(request.billing_address),
        },
    }
    return (yield from account.fetch(account.post(CARDS, json=order), CardAnswer)).card


def disabled(card: str, account: Account) -> Flow[CardBody]:
    """https://developer.squareup.com/reference/square/cards-api/disable-card: a card on file is
    not deleted, but nobody can charge it any more."""
    body = (yield from account.fetch(account.post(CARD + "/disable", card), CardAnswer)).card
    expect_same("connector_payment_method_id", card, body.id)
    return body


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://developer.squareup.com/docs/cards-api/walkthrough-seller-card"""
        body = yield from on_file(request, request.merchant_payment_method_id, account)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.customer_id),
            merchant_payment_method_id=nullable(body.reference_id),
            payment_method=stored(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://developer.squareup.com/reference/square/cards-api/list-cards: those that are not
        disabled."""
        customer = request.connector_customer_id
        page = yield from account.fetch(
            account.get(CARDS, query={"customer_id": customer}), CardPage
        )
        for one in page.cards:
            expect_same("connector_customer_id", customer, one.customer_id or None)
        return PaymentMethodList(
            payment_methods=tuple(stored(one) for one in page.cards),
            connector_customer_id=customer,
            is_complete=not page.cursor,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.squareup.com/reference/square/cards-api/disable-card"""
        body = yield from disabled(request.connector_payment_method_id, account)
        if body.enabled:
            raise MalformedResponse("the answer does not say that the card is disabled")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://developer.squareup.com/reference/sdks/web/payments: public ids; and what a wallet
        in the page needs of the location, which is looked up:
        https://developer.squareup.com/docs/build-basics/international-development"""
        if account.application_id is None:
            raise ConfigurationError("Square's library needs the account's application_id")
        asked = account.get("/v2/locations/{}", account.location_id)
        body = (yield from account.fetch(asked, LocationAnswer)).location
        return ClientToken(
            sdk={
                "applicationId": account.application_id,
                "locationId": body.id,
                "countryCode": body.country,
                "currencyCode": body.currency,
            }
        )
