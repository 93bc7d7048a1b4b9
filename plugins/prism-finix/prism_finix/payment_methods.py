"""Payment instruments: whatever is paid with is one of them first."""

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_core import (
    Ach,
    ApplePay,
    AuthorizeRequest,
    Card,
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    GooglePay,
    HttpRequest,
    InvalidRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethod,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    Secret,
    SetupRecurringRequest,
    TokenizeRequest,
    expect_same,
    hookimpl,
    needs,
    needs_setting,
    nullable,
)
from prism_core.connector.values import json_in, kept_id, metadata_with_id

from .account import FinixAccount as Account
from .answers import stored
from .fields import address
from .shapes import ApplePayBody, InstrumentBody, InstrumentPage

INSTRUMENTS = "/payment_instruments"
INSTRUMENT = "/payment_instruments/{}"
BUT_TOKENS = "with anything but a Token"
Storing = AuthorizeRequest | SetupRecurringRequest | TokenizeRequest


def apple_token(method: ApplePay) -> Secret:
    """https://docs.finix.com/guides/online-payments/digital-wallets/apple-pay/apple-pay-on-web: the
    whole token as Apple gave it, in an object, as text."""
    token = {
        "paymentData": json_in(method.payment_data, "payment_method", dict[str, Any]),
        "paymentMethod": {"displayName": method.display_name, "network": method.network},
        "transactionIdentifier": method.transaction_identifier,
    }
    return Secret(msgspec.json.encode({"token": token}).decode())


def registered(account: Account) -> str:
    """The identity that the wallets know the seller by."""
    known = account.merchant_identity
    return needs_setting("merchant_identity", known, "for Apple Pay and Google Pay")


def way(method: PaymentMethod | None, account: Account) -> dict[str, Any]:
    """https://docs.finix.com/api/payment-instruments/createpaymentinstrument"""
    if isinstance(method, SdkToken):
        return {"type": "TOKEN", "token": method.token}
    if isinstance(method, (ApplePay, GooglePay)):
        token = apple_token(method) if isinstance(method, ApplePay) else method.token
        return {
            "type": "APPLE_PAY" if isinstance(method, ApplePay) else "GOOGLE_PAY",
            "third_party_token": token,
            "merchant_identity": registered(account),
        }
    if isinstance(method, Ach):
        return {
            "type": "BANK_ACCOUNT",
            "account_number": method.account_number,
            "bank_code": method.routing_number,
            "account_type": method.account_type,
            "name": method.holder_name,
            "country": "USA",
        }
    assert isinstance(method, Card)  # the core refuses what is not in info.payment_methods
    return {
        "type": "PAYMENT_CARD",
        "number": method.number,
        "expiration_month": method.exp_month,
        "expiration_year": method.exp_year,
        "security_code": method.cvc,
        "name": method.holder_name,
    }


def new_instrument(
    request: Storing, tags: Mapping[str, str], account: Account, *, changes: bool
) -> HttpRequest:
    """https://docs.finix.com/api/payment-instruments/createpaymentinstrument: it moves no
    money, and belongs to a customer for ever."""
    instrument = {
        **way(request.payment_method, account),
        "identity": needs("connector_customer_id", request.connector_customer_id, BUT_TOKENS),
        "address": address(request.billing_address),
        "tags": tags or None,
    }
    return account.post(INSTRUMENTS, json=instrument, changes=changes, keyed=False)


def known_instrument(
    token: str | Secret | None, customer: str | None, account: Account
) -> Flow[InstrumentBody]:
    """https://docs.finix.com/api/payment-instruments/getpaymentinstrument: Finix does not compare
    whose it is."""
    body = yield from account.fetch(account.get(INSTRUMENT, token), InstrumentBody)
    wanted = token.reveal() if isinstance(token, Secret) else token
    expect_same("payment instrument", wanted, body.id)
    expect_same("connector_customer_id", customer, body.identity or None)
    return body


def usable_instrument(
    field: str, token: str | Secret, customer: str | None, account: Account
) -> Flow[InstrumentBody]:
    """One that may be charged. No page says that Finix refuses a disabled one:
    https://docs.finix.com/guides/online-payments/fraud-and-risk/disabling-instruments"""
    body = yield from known_instrument(token, customer, account)
    if not body.enabled:
        raise InvalidRequest("the payment instrument is disabled", field=field)
    return body


def disabled(instrument: str, account: Account) -> Flow[InstrumentBody]:
    """https://docs.finix.com/api/payment-instruments/updatepaymentinstrument: none is deleted."""
    asked = account.put(INSTRUMENT, instrument, json={"enabled": False}, keyed=False)
    body = yield from account.fetch(asked, InstrumentBody)
    expect_same("connector_payment_method_id", instrument, body.id)
    return body


class PaymentMethods:
    """The operations on stored payment methods, and what the page needs."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://docs.finix.com/api/payment-instruments/createpaymentinstrument"""
        asked = new_instrument(request, metadata_with_id(request), account, changes=True)
        body = yield from account.fetch(asked, InstrumentBody)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.identity),
            merchant_payment_method_id=kept_id(body.tags, "merchant_payment_method_id"),
            payment_method=stored(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://docs.finix.com/api/payment-instruments/listpaymentinstruments: those that are
        not disabled."""
        whose = request.connector_customer_id
        asked = account.get(INSTRUMENTS, query={"owner_identity_id": whose, "limit": "100"})
        body = yield from account.fetch(asked, InstrumentPage)
        found = body.embedded.payment_instruments
        for one in found:
            expect_same("connector_customer_id", whose, one.identity or None)
        return PaymentMethodList(
            payment_methods=tuple(stored(one) for one in found if one.enabled),
            is_complete=body.page.next_cursor is None,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.finix.com/api/payment-instruments/updatepaymentinstrument"""
        body = yield from disabled(request.connector_payment_method_id, account)
        if body.enabled:
            raise MalformedResponse("the payment instrument is still enabled")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://docs.finix.com/api/apple-pay with a `validation_url`; else
        https://docs.finix.com/js/payment-form"""
        if request.validation_url is None:
            yield from ()
            public = needs_setting("application", account.application, "for Finix's library")
            where = "prod" if account.environment == "PRODUCTION" else "sandbox"
            ids = {"applicationId": public, "merchantId": account.merchant}
            return ClientToken(sdk={**ids, "environment": where})
        session = {
            "validation_url": request.validation_url,
            "domain": needs("domain_name", request.domain_name, "with a validation_url"),
            "display_name": request.domain_name,
            "merchant_identity": registered(account),
        }
        asked = account.post("/apple_pay_sessions", json=session, changes=False)
        body = yield from account.fetch(asked, ApplePayBody)
        return ClientToken(sdk={"merchantSession": body.session_details})
