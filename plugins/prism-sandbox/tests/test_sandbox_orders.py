"""Orders and mandates that a customer pays and gives on pages: from the connector, over real
HTTP."""

from __future__ import annotations

import time
import urllib.error
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from prism_core import (
    Card,
    ConnectorError,
    MandateStatus,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    Redirect,
    SdkToken,
    Sepa,
)
from prism_sandbox.challenges import answer, submit
from prism_sandbox.server import running

TEN = Money(1000, "EUR")
BACK = "http://127.0.0.1:9/back"
TYPED = {"type": "card", "exp_month": "12", "exp_year": "2090", "cvc": "123"}
GOOD = TYPED | {"number": "4242424242424242"}
BAD = TYPED | {"number": "4000000000009995"}
CHALLENGED = TYPED | {"number": "4000002500003155"}
AWAITED, CHARGED = PaymentStatus.PAYMENT_METHOD_AWAITED, PaymentStatus.CHARGED


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox whose debits take a fifth of a second."""
    with running(settle_seconds=0.2) as started:
        yield started


def order(prism: Prism, **more: Any) -> Payment:
    whole: dict[str, Any] = {"merchant_transaction_id": "order_1", "amount": TEN, **more}
    return prism.payments.create_order(**whole)


def page_of(payment: Payment) -> str:
    assert payment.redirection_data is not None
    return str(payment.redirection_data.uri)


def test_a_hosted_order(prism: Prism) -> None:
    """It waits for its method; a failed try leaves it so, with the reason; then it is paid. By
    whichever of its ids it is looked up, it is the same payment."""
    made = order(prism, return_url=BACK)
    assert (made.status, made.amount) == (AWAITED, TEN)
    assert made.redirection_data is not None
    assert 0 < (made.redirection_data.expires_at or 0) - time.time() <= 24 * 3600
    with pytest.raises(urllib.error.HTTPError, match="402"):
        submit(page_of(made), **BAD)
    ids = {
        "connector_order_id": made.connector_order_id,
        "connector_transaction_id": made.connector_transaction_id,
    }
    for name, known in ids.items():
        open_still = prism.payments.get(**{name: known})
        assert (open_still.status, open_still.status.is_failed) == (AWAITED, False)
        assert open_still.error is not None
        assert open_still.error.connector is not None
        assert open_still.error.connector.code == "insufficient_funds"
        assert open_still.discrepancies == ()
    back = submit(page_of(made), **GOOD)
    assert str(back).startswith(f"{BACK}?")
    returned = dict(httpx.URL(str(back)).params)
    done = prism.payments.complete(connector_order_id=returned["order"], returned=returned)
    assert (done.status, done.captured_amount, done.error) == (CHARGED, TEN, None)
    for name, known in ids.items():
        assert prism.payments.get(**{name: known}).status is CHARGED
    assert prism.payments.get(merchant_transaction_id="order_1").status is CHARGED


def test_an_order_in_the_shop_s_page(prism: Prism, url: str) -> None:
    """The values for the library are enough to pay, with no API key."""
    made = order(prism, hosted=False)
    assert made.redirection_data is not None
    sdk = made.redirection_data.sdk
    assert sdk is not None
    assert (sdk["url"], sdk["order"], made.redirection_data.uri) == (
        url,
        made.connector_order_id,
        None,
    )
    card = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}
    sent = {"client_secret": sdk["client_secret"], "payment_method": card}
    header = {"Authorization": f"Bearer {sdk['publishable_key']}"}
    httpx.post(f"{sdk['url']}/v1/checkout/pay", json=sent, headers=header).raise_for_status()
    done = prism.payments.complete(connector_order_id=made.connector_order_id)
    assert done.status is CHARGED


def test_an_order_captured_later_and_one_paid_by_debit(prism: Prism) -> None:
    held = order(prism, capture_method="MANUAL")
    submit(page_of(held), **GOOD)
    known = str(held.connector_transaction_id)
    assert prism.payments.get(connector_transaction_id=known).status is PaymentStatus.AUTHORIZED
    prism.payments.capture(connector_transaction_id=known)
    assert prism.payments.get(connector_order_id=held.connector_order_id).status is CHARGED
    debit = order(prism)
    submit(page_of(debit), type="sepa", iban="DE40370400440532010002", holder_name="Ada")
    now = prism.payments.get(connector_order_id=debit.connector_order_id)
    assert now.status is PaymentStatus.PENDING
    limit = time.monotonic() + 5
    while now.status.can_still_change and time.monotonic() < limit:
        time.sleep(0.03)
        now = prism.payments.get(connector_order_id=debit.connector_order_id)
    assert now.status is PaymentStatus.FAILURE


def test_orders_that_end_unpaid(prism: Prism) -> None:
    canceled = order(prism)
    submit(page_of(canceled), type="cancel")
    after = prism.payments.get(connector_order_id=canceled.connector_order_id)
    assert after.status is PaymentStatus.VOIDED
    given_up = order(prism)
    voided = prism.payments.void(
        connector_transaction_id=str(given_up.connector_transaction_id), merchant_void_id="void_1"
    )
    assert (voided.status, voided.discrepancies) == (PaymentStatus.VOIDED, ())
    with pytest.raises(urllib.error.HTTPError, match="403"):
        submit(page_of(given_up), **GOOD)
    short = order(prism, connector_feature_data={"sandbox": {"expires_seconds": 1}})
    time.sleep(1.4)
    after = prism.payments.get(connector_order_id=short.connector_order_id)
    assert (after.status, after.redirection_data) == (PaymentStatus.EXPIRED, None)


def test_an_order_is_made_once_for_each_key(prism: Prism) -> None:
    first, again = (order(prism, idempotency_key="order_key") for _ in range(2))
    assert first.connector_order_id == again.connector_order_id
    assert page_of(first) == page_of(again)


def test_what_an_order_keeps(prism: Prism) -> None:
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    made = order(prism, connector_customer_id=owner, setup_future_usage="OFF_SESSION")
    submit(page_of(made), **GOOD)
    paid = prism.payments.get(connector_order_id=made.connector_order_id)
    listed = prism.payment_methods.list(connector_customer_id=owner).payment_methods
    assert [one.connector_payment_method_id for one in listed] == [paid.connector_payment_method_id]


def test_a_client_token(prism: Prism, url: str) -> None:
    """With it a page collects a card, and the server pays with the token."""
    given = prism.payment_methods.create_client_token()
    header = {"Authorization": f"Bearer {given.sdk['publishable_key']}"}
    card = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}
    token = httpx.post(
        f"{given.sdk['url']}/v1/tokens", json={"payment_method": card}, headers=header
    ).json()["id"]
    paid = prism.payments.authorize(
        merchant_transaction_id="order_1", amount=TEN, payment_method=SdkToken(token)
    )
    assert paid.status is CHARGED
    with pytest.raises(NotFound):
        prism.payment_methods.create_client_token(connector_customer_id="cus_none")


@pytest.mark.parametrize("hosted", [True, False])
@pytest.mark.parametrize("amount", [TEN, None])
def test_a_mandate_is_given_on_a_page(prism: Prism, hosted: bool, amount: Money | None) -> None:
    """With 3-D Secure on the way; until then it is pending, and found by its order."""
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    asked = prism.recurring.setup(
        merchant_mandate_id=f"plan_{hosted}_{amount}",
        amount=amount,
        connector_customer_id=owner,
        hosted=hosted,
        return_url=BACK,
    )
    assert (asked.status, asked.amount) == (MandateStatus.MANDATE_PENDING, amount)
    data = asked.redirection_data
    assert data is not None
    if hosted:
        challenge = submit(str(data.uri), **CHALLENGED)
    else:
        sdk = data.sdk or {}
        card = {"type": "card", "number": "4000002500003155", "exp_month": 12, "exp_year": 2090}
        sent = {"client_secret": sdk["client_secret"], "payment_method": card}
        header = {"Authorization": f"Bearer {sdk['publishable_key']}"}
        seen = httpx.post(f"{sdk['url']}/v1/checkout/pay", json=sent, headers=header).json()
        challenge = seen["next_action"]["url"]
    waits = prism.recurring.get(connector_order_id=asked.connector_order_id)
    assert waits.status is MandateStatus.MANDATE_PENDING
    answer(str(challenge))
    given = prism.recurring.complete(connector_order_id=asked.connector_order_id)
    assert (given.status, given.discrepancies) == (MandateStatus.ACTIVE, ())
    assert given.payment_method is not None
    assert given.payment_method.last_four == "3155"
    charged = prism.recurring.charge(
        merchant_transaction_id="renewal_1",
        amount=TEN,
        connector_mandate_id=str(given.connector_mandate_id),
    )
    assert charged.status is CHARGED


def test_a_failed_try_leaves_a_mandate_s_page_open(prism: Prism) -> None:
    asked = prism.recurring.setup(merchant_mandate_id="plan_1")
    page = str(asked.redirection_data.uri if asked.redirection_data else "")
    with pytest.raises(urllib.error.HTTPError, match="402"):
        submit(page, **BAD)
    for found in (
        prism.recurring.get(connector_order_id=asked.connector_order_id),
        prism.recurring.get(connector_mandate_id=asked.connector_mandate_id),
        prism.recurring.complete(connector_transaction_id=asked.connector_transaction_id),
    ):
        assert found.status is MandateStatus.MANDATE_PENDING
        assert found.redirection_data is not None
        assert found.redirection_data.uri == page
    submit(page, type="cancel")
    ended = prism.recurring.get(connector_mandate_id=asked.connector_mandate_id)
    assert ended.status is MandateStatus.MANDATE_INACTIVE


@pytest.mark.parametrize(("pressed", "status"), [("approve", "ACTIVE"), ("fail", "INACTIVE")])
def test_a_mandate_after_3_d_secure(prism: Prism, pressed: Any, status: str) -> None:
    asked = prism.recurring.setup(
        merchant_mandate_id="plan_2", payment_method=Card("4000002500003155", 12, 2090, "123")
    )
    assert asked.status is MandateStatus.MANDATE_PENDING
    assert asked.redirection_data is not None
    answer(str(asked.redirection_data.uri), pressed)
    done = prism.recurring.complete(connector_transaction_id=asked.connector_transaction_id)
    assert done.status.endswith(status)


def test_a_payment_by_ideal_leads_to_a_sepa_mandate(prism: Prism) -> None:
    """On the way, and when it is what was asked for; the next charge is a debit."""
    owner = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
    first = prism.payments.authorize(
        merchant_transaction_id="order_2",
        amount=TEN,
        payment_method=Redirect("IDEAL"),
        connector_customer_id=owner,
        setup_future_usage="OFF_SESSION",
        return_url=BACK,
    )
    answer(page_of(first))
    paid = prism.payments.get(connector_transaction_id=first.connector_transaction_id)
    setup = prism.recurring.setup(
        merchant_mandate_id="plan_3", payment_method=Redirect("BANCONTACT_CARD"), return_url=BACK
    )
    assert setup.redirection_data is not None
    answer(str(setup.redirection_data.uri))
    kept = prism.payment_methods.list(connector_customer_id=owner).payment_methods
    assert [one.connector_payment_method_id for one in kept] == [paid.connector_payment_method_id]
    for mandate in (paid.connector_mandate_id, setup.connector_mandate_id):
        given = prism.recurring.get(connector_mandate_id=mandate)
        assert given.status is MandateStatus.ACTIVE
        assert given.payment_method is not None
        assert given.payment_method.payment_method_type == "SEPA"
        debit = prism.recurring.charge(
            merchant_transaction_id="renewal_2", amount=TEN, connector_mandate_id=str(mandate)
        )
        assert debit.status is PaymentStatus.PENDING


def test_a_debit_s_mandate_is_given_at_once(prism: Prism) -> None:
    """The customer has agreed, whatever becomes of the first debit."""
    given = prism.recurring.setup(
        merchant_mandate_id="plan_4",
        amount=TEN,
        payment_method=Sepa("DE40370400440532010002", "Ada Lovelace"),
    )
    assert given.status is MandateStatus.ACTIVE
    first = prism.payments.get(connector_transaction_id=given.connector_transaction_id)
    assert first.status is PaymentStatus.PENDING


def test_a_mandate_is_not_another_one(prism: Prism) -> None:
    """What is given must be true of it; what cannot be charged again gives none."""
    one, other = (
        prism.recurring.setup(
            merchant_mandate_id=name, payment_method=Card("4242424242424242", 12, 2090, "123")
        )
        for name in ("plan_5", "plan_6")
    )
    with pytest.raises(NotFound):
        prism.recurring.complete(
            connector_mandate_id=one.connector_mandate_id,
            connector_transaction_id=other.connector_transaction_id,
        )
    with pytest.raises(ConnectorError, match="cannot be used again"):
        prism.recurring.setup(merchant_mandate_id="plan_7", payment_method=Redirect("EPS"))
