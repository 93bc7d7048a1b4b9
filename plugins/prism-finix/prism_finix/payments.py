"""Payments: authorizations (held, captured later) and transfers (charged at once)."""

from typing import Any

from msgspec.structs import replace

from prism_core import (
    Ach,
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    Flow,
    HttpRequest,
    InvalidRequest,
    Payment,
    PaymentStatus,
    SdkToken,
    Token,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import kept_id, metadata_with_id

from .account import FinixAccount as Account
from .answers import BANK, debit_of, held_of, info_of
from .payment_methods import new_instrument, usable_instrument
from .shapes import AuthorizationBody, InstrumentBody, TransferBody

AUTHORIZATION = "/authorizations/{}"
TRANSFER = "/transfers/{}"


def is_held(payment: str | None) -> bool:
    """https://docs.finix.com/api: AU is an authorization, TR a transfer."""
    return (payment or "").startswith("AU")


def shop(request: AuthorizeRequest | ChargeRecurringRequest, account: Account) -> dict[str, Any]:
    """https://docs.finix.com/api/transfers/createtransfer: what both kinds of payment have."""
    return {
        "amount": request.amount.minor_amount,
        "currency": request.amount.currency,
        "merchant": account.merchant,
        "tags": metadata_with_id(
            request,
            merchant_order_id=request.merchant_order_id,
            description=request.description,
        ),
    }


def paid_with(request: AuthorizeRequest, account: Account) -> Flow[InstrumentBody]:
    """The payment instrument: a stored one is looked up, any other is made first."""
    method, customer = request.payment_method, request.connector_customer_id
    if isinstance(method, Token):
        return (yield from usable_instrument("payment_method", method.token, customer, account))
    storable = isinstance(method, (Card, SdkToken, Ach))  # it is stored in any case
    usage = request.setup_future_usage if storable else None
    tags: dict[str, str] = {"setup_future_usage": usage} if usage else {}
    asked = new_instrument(request, tags, account, changes=False)
    body = yield from account.fetch(asked, InstrumentBody)
    expect_same("connector_customer_id", customer, body.identity or None)
    return body


def with_instrument(payment: Payment, body: InstrumentBody) -> Payment:
    """A payment that was just made. A debit is on its way then, whatever Finix calls it: SUCCEEDED
    says that the banks have it, and they answer after days.
    https://docs.finix.com/guides/online-payments/bank-payments/ach-direct-debits"""
    expect_same("source", payment.connector_payment_method_id, body.id)
    early = body.instrument_type == BANK and payment.status is PaymentStatus.CHARGED
    under_way: dict[str, Any] = {"status": PaymentStatus.PENDING, "captured_amount": None}
    return replace(
        payment,
        connector_customer_id=nullable(body.identity),
        payment_method=info_of(body),
        **(under_way if early else {}),
    )


def expect_order(asked: str | None, tags: object) -> None:
    """The order is in the tags, and in no result."""
    found = kept_id(tags, "merchant_order_id")
    if found is not None:
        expect_same("merchant_order_id", asked, found)


def charged(
    payment: dict[str, Any], order: str | None, instrument: InstrumentBody, account: Account
) -> Flow[Payment]:
    """https://docs.finix.com/api/transfers/createtransfer"""
    asked = account.post("/transfers", json={**payment, "source": instrument.id})
    body = yield from account.fetch(asked, TransferBody)
    expect_order(order, body.tags)
    return with_instrument(debit_of(body), instrument)


def captured(body: AuthorizationBody, account: Account) -> Flow[Payment]:
    """An authorization; the transfer that it was captured with says how that went."""
    if body.transfer is None:
        yield from ()
        return held_of(body)
    asked = account.get(TRANSFER, body.transfer)
    capture = yield from account.fetch(asked, TransferBody, payment=body.id)
    expect_same("transfer", body.transfer, capture.id)
    return held_of(body, capture)


def change(payment: str, what: dict[str, Any], account: Account) -> HttpRequest:
    """https://docs.finix.com/api/authorizations/captureauthorization"""
    return account.put(AUTHORIZATION, payment, json=what, keyed=False)


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/authorizations/createauthorization, or
        https://docs.finix.com/api/transfers/createtransfer for AUTOMATIC capture"""
        payment = shop(request, account)
        manual, order = request.capture_method is CaptureMethod.MANUAL, request.merchant_order_id
        instrument = yield from paid_with(request, account)
        if not manual:
            return (yield from charged(payment, order, instrument, account))
        if instrument.instrument_type == BANK:
            raise InvalidRequest("a bank account is debited at once", field="capture_method")
        asked = account.post("/authorizations", json={**payment, "source": instrument.id})
        body = yield from account.fetch(asked, AuthorizationBody)
        expect_order(order, body.tags)
        return with_instrument(held_of(body), instrument)

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/authorizations/captureauthorization: the amount is needed, and
        its currency is not sent, so the authorization is looked up before."""
        payment, amount = request.connector_transaction_id, request.amount
        known = account.get(AUTHORIZATION, payment)
        held = held_of((yield from account.fetch(known, AuthorizationBody)))
        expect_same("connector_transaction_id", payment, held.connector_transaction_id)
        assert held.amount is not None
        expect_currency(amount, held.amount)
        wanted = amount or held.capturable_amount or held.amount
        asked = change(payment, {"capture_amount": wanted.minor_amount}, account)
        body = yield from account.fetch(asked, AuthorizationBody)
        if body.transfer is None:
            return replace(held_of(body), status=PaymentStatus.UNRESOLVED)
        return (yield from captured(body, account))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/authorizations/captureauthorization, `void_me`: it is done
        later, and `void_state` says when."""
        asked = change(request.connector_transaction_id, {"void_me": True}, account)
        body = yield from account.fetch(asked, AuthorizationBody)
        return (yield from captured(body, account))  # if it was captured meanwhile, that is told
