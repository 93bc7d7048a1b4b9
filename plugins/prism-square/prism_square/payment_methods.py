"""What is on file, and what the Web Payments SDK needs in the page."""

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    HttpRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    Mandate,
    MandateStatus,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    Secret,
    SetupRecurringRequest,
    TokenizeRequest,
    expect_same,
    hookimpl,
    needs_setting,
    nullable,
)
from prism_core.connector.values import stored_result

from .account import SquareAccount as Account
from .answers import Stored, mandate_of, stored
from .fields import address
from .shapes import BankBody, CardBody, Location, StoredPage

CARDS = "/v2/cards"
CARD = "/v2/cards/{}"
BANK = "/v2/bank-accounts/{}"


def on_file(
    request: TokenizeRequest | SetupRecurringRequest, reference: str | None, account: Account
) -> Flow[Stored]:
    """https://developer.squareup.com/reference/square/cards-api/create-card; of a bank account:
    https://developer.squareup.com/docs/web-payments/bank-on-file, whose tokens begin with bnon."""
    method = request.payment_method
    assert isinstance(method, SdkToken)  # the core refuses what is not in info.payment_methods_of
    assert isinstance(method.token, Secret)
    order: dict[str, object] = {"source_id": method.token}
    if method.token.reveal().startswith("bnon:"):
        order["customer_id"] = request.connector_customer_id
        asked = account.post("/v2/bank-accounts", json=order)
        return (yield from account.fetch(asked, BankBody, member="bank_account"))
    order["verification_token"] = method.verification_token
    order["card"] = {
        "customer_id": request.connector_customer_id,
        "reference_id": reference,
        "billing_address": address(request.billing_address),
    }
    asked = account.post(CARDS, json=order)
    return (yield from account.fetch(asked, CardBody, member="card"))


def path_of(stored_id: str | None) -> str:
    """https://developer.squareup.com/docs/web-payments/bank-on-file"""
    return BANK if stored_id is not None and stored_id.startswith("bact:") else CARD


def answered(asked: HttpRequest, stored_id: str | None, account: Account) -> Flow[Stored]:
    """What is on file, in the answer to a request about it."""
    if path_of(stored_id) == BANK:
        return (yield from account.fetch(asked, BankBody, member="bank_account"))
    return (yield from account.fetch(asked, CardBody, member="card"))


def disabled(stored_id: str, account: Account) -> Flow[Mandate]:
    """https://developer.squareup.com/reference/square/cards-api/disable-card, or
    https://developer.squareup.com/reference/square/bank-accounts-api/disable-bank-account: what is
    on file is not deleted, but nobody can charge it any more."""
    asked = account.post(path_of(stored_id) + "/disable", stored_id)
    body = yield from answered(asked, stored_id, account)
    expect_same("connector_payment_method_id", stored_id, body.id)
    return mandate_of(body)


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://developer.squareup.com/docs/web-payments/sca-add-card"""
        body = yield from on_file(request, request.merchant_payment_method_id, account)
        return stored_result(stored(body), nullable(body.reference_id))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://developer.squareup.com/reference/square/cards-api/list-cards, those that are not
        disabled, and
        https://developer.squareup.com/reference/square/bank-accounts-api/list-bank-accounts, those
        that can be charged."""
        customer = request.connector_customer_id
        whose = {"customer_id": customer}
        cards = yield from account.fetch(account.get(CARDS, query=whose), StoredPage)
        banks = yield from account.fetch(account.get("/v2/bank-accounts", query=whose), StoredPage)
        found: list[Stored] = [*cards.cards, *banks.bank_accounts]
        for one in found:
            expect_same("connector_customer_id", customer, one.customer_id or None)
        usable = (one for one in found if one.status == "VERIFIED")
        return PaymentMethodList(
            payment_methods=tuple(map(stored, usable)),
            connector_customer_id=customer,
            is_complete=not (cards.cursor or banks.cursor),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.squareup.com/reference/square/cards-api/disable-card"""
        known = request.connector_payment_method_id
        if (yield from disabled(known, account)).status is not MandateStatus.MANDATE_INACTIVE:
            raise MalformedResponse("the answer does not say that it is disabled")
        return PaymentMethodDeleted(connector_payment_method_id=known)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://developer.squareup.com/reference/sdks/web/payments: public ids; and what a wallet
        in the page needs of the location, which is looked up:
        https://developer.squareup.com/docs/build-basics/international-development"""
        application = needs_setting(
            "application_id", account.application_id, "for Square's library"
        )
        asked = account.get("/v2/locations/{}", account.location_id)
        body = yield from account.fetch(asked, Location, member="location")
        return ClientToken(
            sdk={
                "applicationId": application,
                "locationId": body.id,
                "countryCode": body.country,
                "currencyCode": body.currency,
            }
        )
