"""Payment methods without card numbers, from the connector to the sandbox over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from prism_core import (
    Ach,
    Bacs,
    Becs,
    Card,
    ConnectorError,
    InvalidRequest,
    Money,
    NetworkToken,
    Payment,
    PaymentMethod,
    PaymentMethodType,
    PaymentStatus,
    Prism,
    Redirect,
    RefundStatus,
    SdkToken,
    Sepa,
    Token,
    TokenSource,
    UnifiedCode,
)
from prism_sandbox.challenges import answer
from prism_sandbox.server import running
from prism_sandbox.wallets import apple_pay, google_pay

TEN = Money(1000, "EUR")
SEPA = Sepa("DE89370400440532013000", "Ada Lovelace")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox whose debits take a fifth of a second."""
    with running(settle_seconds=0.2) as started:
        yield started


def pay(prism: Prism, method: PaymentMethod, **more: Any) -> Payment:
    whole: dict[str, Any] = {"merchant_transaction_id": "order_1", "amount": TEN, **more}
    return prism.payments.authorize(payment_method=method, **whole)


def later(prism: Prism, payment: Payment, wanted: PaymentStatus) -> Payment:
    """The payment once it has this status."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        now = prism.payments.get(connector_transaction_id=payment.connector_transaction_id)
        if now.status is wanted:
            return now
        time.sleep(0.03)
    raise AssertionError(now.status)


def token_of(url: str, method: dict[str, Any]) -> SdkToken:
    """What a page gets for a method, with the public key."""
    header = {"Authorization": "Bearer pk_sandbox_tests"}
    made = httpx.post(f"{url}/v1/tokens", json={"payment_method": method}, headers=header)
    return SdkToken(made.json()["id"])


def ach(end: str = "6789") -> Ach:
    return Ach(f"00012345{end}", "110000000", "Ada Lovelace")


def test_a_page_s_token_pays_and_is_kept(prism: Prism, url: str) -> None:
    """The answer tells brand, last four and expiry; the method that was kept pays again."""
    number = {"number": "5555555555554444", "exp_month": 12, "exp_year": 2090, "cvc": "123"}
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    more = {"connector_customer_id": owner, "setup_future_usage": "OFF_SESSION"}
    paid = pay(prism, token_of(url, {"type": "card", **number}), **more)
    assert paid.status is PaymentStatus.CHARGED
    told = paid.payment_method
    assert told is not None
    assert (told.payment_method_type, told.brand, told.last_four) == ("CARD", "mastercard", "4444")
    assert (told.exp_month, told.exp_year) == (12, 2090)
    again = pay(prism, Token(str(paid.connector_payment_method_id)), connector_customer_id=owner)
    assert (again.status, again.discrepancies) == (PaymentStatus.CHARGED, ())


@pytest.mark.parametrize(
    ("method", "kind", "wallet"),
    [
        (apple_pay(), PaymentMethodType.APPLE_PAY, TokenSource.APPLEPAY),
        (google_pay(), PaymentMethodType.GOOGLE_PAY, TokenSource.GOOGLEPAY),
        (
            NetworkToken("4242424242424242", 12, 2090, source="APPLEPAY"),
            PaymentMethodType.NETWORK_TOKEN,
            TokenSource.APPLEPAY,
        ),
    ],
)
def test_wallets(
    prism: Prism, method: PaymentMethod, kind: PaymentMethodType, wallet: TokenSource
) -> None:
    paid = pay(prism, method)
    assert paid.status is PaymentStatus.CHARGED
    assert paid.payment_method is not None
    assert (paid.payment_method.payment_method_type, paid.payment_method.wallet) == (kind, wallet)


def test_a_wallet_names_any_test_token(prism: Prism) -> None:
    declined = pay(prism, google_pay("tok_insufficient_funds"))
    assert declined.status is PaymentStatus.AUTHORIZATION_FAILED
    with pytest.raises(ConnectorError, match="test token's name"):
        pay(prism, apple_pay("tok_unknown"))


@pytest.mark.parametrize("name", ["IDEAL", "EPS", "BANCONTACT_CARD", "BLIK", "PAY_PAL"])
@pytest.mark.parametrize(
    ("result", "status"),
    [("approve", PaymentStatus.CHARGED), ("decline", PaymentStatus.AUTHORIZATION_FAILED)],
)
def test_redirects(prism: Prism, name: str, result: Any, status: PaymentStatus) -> None:
    away = pay(prism, Redirect(name), return_url="http://127.0.0.1:9/back")
    assert away.status is PaymentStatus.AUTHENTICATION_PENDING
    assert away.redirection_data is not None
    page = str(away.redirection_data.uri)
    answer(page, "later")
    assert prism.payments.get(connector_transaction_id=away.connector_transaction_id).status is (
        PaymentStatus.AUTHENTICATION_PENDING
    )
    answer(page, result)
    done = prism.payments.complete(connector_transaction_id=away.connector_transaction_id)
    assert done.status is status
    assert done.payment_method is not None
    assert done.payment_method.payment_method_type == name


def test_blik_is_confirmed_in_the_app(prism: Prism) -> None:
    """There is no page to open; a wrong code is a decline."""
    asked = pay(prism, Redirect("BLIK", code="777123"), amount=Money(1000, "PLN"))
    assert asked.status is PaymentStatus.AUTHENTICATION_PENDING
    assert asked.redirection_data is not None
    assert asked.redirection_data.uri is None
    later(prism, asked, PaymentStatus.CHARGED)
    wrong = pay(prism, Redirect("BLIK", code="123456"), amount=Money(1000, "PLN"))
    assert wrong.error is not None
    assert wrong.error.unified is not None
    assert wrong.error.unified.code is UnifiedCode.INCORRECT_CARD_DATA


@pytest.mark.parametrize(
    "method",
    [
        SEPA,
        ach(),
        Bacs("00012345", "108800", "Ada Lovelace"),
        Becs("000123456", "000000", "Ada Lovelace"),
    ],
)
def test_a_debit_is_pending_and_then_settles(prism: Prism, method: PaymentMethod) -> None:
    """It is never paid in the first answer. Its refund is pending at first."""
    begun = pay(prism, method)
    assert (begun.status, begun.captured_amount) == (PaymentStatus.PENDING, Money(0, "EUR"))
    settled = later(prism, begun, PaymentStatus.CHARGED)
    assert settled.payment_method is not None
    assert settled.payment_method.payment_method_type == type(method).__name__.upper()
    known = str(begun.connector_transaction_id)
    back = prism.payments.refund(
        connector_transaction_id=known, merchant_refund_id="back_1", amount=Money(400, "EUR")
    )
    assert back.status is RefundStatus.REFUND_PENDING
    found = prism.refunds.get(connector_refund_id=str(back.connector_refund_id))
    assert found.status is RefundStatus.REFUND_SUCCESS


def test_a_debit_bounces(prism: Prism) -> None:
    bounced = later(prism, pay(prism, ach("0002")), PaymentStatus.FAILURE)
    assert bounced.error is not None
    assert bounced.error.unified is not None
    assert bounced.error.unified.code is UnifiedCode.INSUFFICIENT_FUNDS
    assert bounced.captured_amount == Money(0, "EUR")


def test_a_debit_is_returned_after_it_settled(prism: Prism) -> None:
    """The payment stays charged, and tells what the bank took back."""
    settled = later(prism, pay(prism, ach("0003")), PaymentStatus.CHARGED)
    limit = time.monotonic() + 5
    while settled.charged_back_amount is None and time.monotonic() < limit:
        time.sleep(0.03)
        known = settled.connector_transaction_id
        settled = prism.payments.get(connector_transaction_id=known)
    assert (settled.status, settled.charged_back_amount) == (PaymentStatus.CHARGED, TEN)


def test_a_card_payment_is_disputed(prism: Prism) -> None:
    paid = pay(prism, Card("4000000000000259", 12, 2090, "123"))
    assert (paid.status, paid.charged_back_amount) == (PaymentStatus.CHARGED, None)
    time.sleep(0.6)
    now = prism.payments.get(connector_transaction_id=paid.connector_transaction_id)
    assert (now.status, now.charged_back_amount) == (PaymentStatus.CHARGED, TEN)


def test_a_closed_account_declines_and_another_waits_for_a_person(prism: Prism) -> None:
    assert pay(prism, ach("0005")).status is PaymentStatus.AUTHORIZATION_FAILED
    waiting = pay(prism, ach("0004"))
    time.sleep(0.6)
    now = prism.payments.get(connector_transaction_id=waiting.connector_transaction_id)
    assert now.status is PaymentStatus.PENDING


def test_how_long_a_debit_takes_can_be_asked_for(prism: Prism) -> None:
    """`connector_feature_data` adds the sandbox's own fields to the body."""
    own = {"sandbox": {"settle_seconds": 3600}}
    slow = pay(prism, SEPA, connector_feature_data=own)
    time.sleep(0.6)
    now = prism.payments.get(connector_transaction_id=slow.connector_transaction_id)
    assert now.status is PaymentStatus.PENDING


@pytest.mark.parametrize(
    ("method", "more", "field"),
    [
        (Redirect("EPS"), {"setup_future_usage": "OFF_SESSION"}, "eps cannot be used again"),
        (SEPA, {"capture_method": "MANUAL"}, "captured at once"),
        (Redirect("IDEAL"), {"capture_method": "MANUAL"}, "captured at once"),
    ],
)
def test_what_a_method_cannot_do_is_refused(
    prism: Prism, method: PaymentMethod, more: dict[str, str], field: str
) -> None:
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    with pytest.raises(ConnectorError, match=field) as refused:
        pay(prism, method, connector_customer_id=owner, **more)
    assert refused.value.outcome == "rejected"


def test_a_method_is_kept_only_for_somebody(prism: Prism) -> None:
    with pytest.raises(InvalidRequest, match="connector_customer_id"):
        pay(prism, SEPA, setup_future_usage="OFF_SESSION")


def test_accounts_are_tokenized_and_pay(prism: Prism, url: str) -> None:
    """A bank account and a page's token are kept, listed and paid with."""
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    kept = prism.payment_methods.tokenize(payment_method=SEPA, connector_customer_id=owner)
    page = token_of(url, {"type": "sepa", "iban": "DE89370400440532013000", "holder_name": "A"})
    prism.payment_methods.tokenize(payment_method=page, connector_customer_id=owner)
    listed = prism.payment_methods.list(connector_customer_id=owner).payment_methods
    assert [(one.payment_method_type, one.last_four) for one in listed] == [("SEPA", "3000")] * 2
    paid = pay(prism, Token(kept.connector_payment_method_id), connector_customer_id=owner)
    assert paid.status is PaymentStatus.PENDING
