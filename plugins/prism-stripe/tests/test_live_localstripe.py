"""The installed plugin against localstripe, a Stripe that runs here; Stripe's SDK reads back.

localstripe knows no `payment_method_data`, so the cards here are PaymentMethods that the official
SDK made from Stripe's test card numbers, and Prism pays with them as tokens of a page. It also
knows no description, shipping, return_url, setup_future_usage or statement descriptor of a
PaymentIntent: `test_requests.py` checks how these are sent.
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from prism_core import (
    AsyncPrism,
    AuthenticationError,
    AuthorizeRequest,
    CaptureMethod,
    ConnectorError,
    CustomerCreated,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    SdkToken,
    UnifiedCode,
)

from .conftest import MakeToken
from .samples import EMAIL, KEY, NAME, PHONE, STREET, customer_request

UNKNOWN = SdkToken("pm_unknown", payment_method_type="CARD")
CHARGEABLE, DECLINED, CHALLENGED = "4242424242424242", "4000000000000341", "4000002500003155"


def pay(token: SdkToken, created: CustomerCreated | None, **changes: Any) -> AuthorizeRequest:
    """A payment of 12.34 euros with a token."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": Money(1234, "EUR"),
        "payment_method": token,
        "connector_customer_id": created and created.connector_customer_id,
        "metadata": {"basket": "7"},
    }
    return AuthorizeRequest(**{**whole, **changes})


def check_stored(official: stripe.StripeClient, payment: Payment, asked: AuthorizeRequest) -> None:
    """Compares what localstripe stored with what was asked."""
    assert payment.connector_transaction_id is not None
    assert isinstance(asked.payment_method, SdkToken)
    stored = official.v1.payment_intents.retrieve(payment.connector_transaction_id)
    assert (stored.amount, stored.currency) == (1234, "eur")
    assert stored.customer == asked.connector_customer_id
    assert stored.capture_method == str(CaptureMethod(asked.capture_method).value).lower()
    assert stored.metadata.to_dict() == {
        "basket": "7",
        "merchant_transaction_id": "order_1001",
    }
    assert SdkToken(str(stored.payment_method)).token == asked.payment_method.token


def test_every_field_of_a_customer_is_stored(live: Prism, official: stripe.StripeClient) -> None:
    created = live.customers.create(customer_request())
    stored = official.v1.customers.retrieve(created.connector_customer_id)
    assert (stored.name, stored.email, stored.phone) == (NAME, EMAIL, PHONE)
    assert stored.description == "first customer"
    assert stored.address is not None
    assert stored.address.to_dict() == {
        "line1": STREET,
        "line2": "Flat 2",
        "city": "London",
        "state": "LDN",
        "postal_code": "N1 1AA",
        "country": "GB",
    }
    assert stored.metadata is not None
    assert stored.metadata.to_dict() == {"plan": "gold", "merchant_customer_id": "user_42"}


def test_a_created_customer_is_returned_with_both_ids(live: Prism) -> None:
    """The caller's id comes back unchanged, beside Stripe's."""
    created = live.customers.create(merchant_customer_id="user_42")
    assert created.connector_customer_id.startswith("cus_")
    assert (created.merchant_customer_id, created.status_code) == ("user_42", 200)
    assert created.discrepancies == ()


def test_words_beyond_ascii_arrive_as_they_are(live: Prism, official: stripe.StripeClient) -> None:
    """Names, descriptions and metadata keep every character, those of the form syntax too."""
    plain = "Zoë & Søn = 100% [北京] +1 🦀"
    odd = f"{plain} \u2028 {plain}"  # an id stands on one line
    created = live.customers.create(
        merchant_customer_id=plain, name=odd, description=odd, metadata={"odd & key=+": odd}
    )
    stored = official.v1.customers.retrieve(created.connector_customer_id)
    assert (stored.name, stored.description) == (odd, odd)
    assert stored.metadata is not None
    assert stored.metadata.to_dict() == {"odd & key=+": odd, "merchant_customer_id": plain}


@pytest.mark.parametrize(
    ("capture_method", "status"),
    [("MANUAL", PaymentStatus.AUTHORIZED), ("AUTOMATIC", PaymentStatus.CHARGED)],
)
def test_a_payment_is_authorized_or_charged_and_stored_whole(
    live: Prism,
    official: stripe.StripeClient,
    token: MakeToken,
    capture_method: str,
    status: PaymentStatus,
) -> None:
    """MANUAL holds the money, AUTOMATIC takes it; Stripe has amount, customer and ids as asked."""
    created = live.customers.create(customer_request())
    asked = pay(token(CHARGEABLE), created, capture_method=capture_method)
    payment = live.payments.authorize(asked)
    assert payment.status is status
    assert payment.merchant_transaction_id == "order_1001"
    assert payment.amount == Money(1234, "EUR")
    assert payment.authorized_amount is None  # localstripe reports none, and none is invented
    assert payment.connector_customer_id == created.connector_customer_id
    assert (payment.discrepancies, payment.error) == ((), None)
    check_stored(official, payment, asked)


@pytest.mark.parametrize("capture_method", ["MANUAL", "AUTOMATIC"])
def test_a_payment_can_be_looked_up_again(
    live: Prism, token: MakeToken, capture_method: str
) -> None:
    """`payments.get` tells the same as `payments.authorize` did."""
    made = live.payments.authorize(pay(token(CHARGEABLE), None, capture_method=capture_method))
    found = live.payments.get(connector_transaction_id=made.connector_transaction_id)
    same = ("status", "connector_transaction_id", "amount", "merchant_transaction_id", "error")
    assert [getattr(found, name) for name in same] == [getattr(made, name) for name in same]


def test_a_capture_by_another_program_is_seen(
    live: Prism, official: stripe.StripeClient, token: MakeToken
) -> None:
    """A payment captured elsewhere is CHARGED when it is looked up."""
    made = live.payments.authorize(pay(token(CHARGEABLE), None, capture_method="MANUAL"))
    assert made.connector_transaction_id is not None
    official.v1.payment_intents.capture(made.connector_transaction_id)
    found = live.payments.get(connector_transaction_id=made.connector_transaction_id)
    assert found.status is PaymentStatus.CHARGED


def test_a_decline_is_a_result(live: Prism, token: MakeToken) -> None:
    """A declined card ends in AUTHORIZATION_FAILED with Stripe's code and Prism's own."""
    payment = live.payments.authorize(pay(token(DECLINED), None))
    assert (payment.status, payment.status_code) == (PaymentStatus.AUTHORIZATION_FAILED, 402)
    assert payment.error is not None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "card_declined"
    assert payment.error.connector.message == "Your card was declined."
    assert payment.error.unified is not None
    assert payment.error.unified.code is UnifiedCode.DECLINED


def test_a_declined_payment_can_be_looked_up(
    live: Prism, official: stripe.StripeClient, token: MakeToken
) -> None:
    """A payment that was declined is AUTHORIZATION_FAILED when it is looked up, with the code."""
    method: Any = token(DECLINED).token
    with pytest.raises(stripe.CardError) as refused:
        official.v1.payment_intents.create(
            {"amount": 1, "currency": "eur", "payment_method": method.reveal(), "confirm": True}
        )
    body: Any = refused.value.json_body
    charge = official.v1.charges.retrieve(body["error"]["charge"])
    found = live.payments.get(connector_transaction_id=str(charge.payment_intent))
    assert found.status is PaymentStatus.AUTHORIZATION_FAILED
    assert found.error is not None
    assert found.error.connector is not None
    assert found.error.connector.code == "card_declined"


def test_a_challenge_is_pending_with_data_to_continue(live: Prism, token: MakeToken) -> None:
    """A card that must be authenticated is AUTHENTICATION_PENDING, with what Stripe.js needs."""
    payment = live.payments.authorize(pay(token(CHALLENGED), None))
    assert payment.status is PaymentStatus.AUTHENTICATION_PENDING
    assert payment.redirection_data is not None
    assert payment.redirection_data.sdk is not None
    secret = payment.redirection_data.sdk["client_secret"]
    assert secret.startswith(f"{payment.connector_transaction_id}_secret_")
    found = live.payments.get(connector_transaction_id=payment.connector_transaction_id)
    assert found.status is PaymentStatus.AUTHENTICATION_PENDING
    assert found.redirection_data == payment.redirection_data


@pytest.mark.parametrize("intent", ["pi_unknown", "../customers", "pi_1/../../customers?limit=1"])
def test_an_unknown_payment_is_not_found(live: Prism, intent: str) -> None:
    """An id that Stripe does not know, even one that looks like a path, is NotFound."""
    with pytest.raises(NotFound) as caught:
        live.payments.get(connector_transaction_id=intent)
    assert (caught.value.status_code, caught.value.operation) == (404, "payments.get")


def test_an_unknown_customer_is_not_found(live: Prism, token: MakeToken) -> None:
    """Paying for a customer that Stripe does not know is NotFound, and nothing was charged."""
    with pytest.raises(NotFound) as caught:
        live.payments.authorize(pay(token(CHARGEABLE), None, connector_customer_id="cus_unknown"))
    assert (caught.value.outcome, caught.value.reference) == ("rejected", "order_1001")


def test_a_field_that_the_server_does_not_know_is_an_error(live: Prism, token: MakeToken) -> None:
    """What the processor refuses is a ConnectorError with its own words, never a decline."""
    with pytest.raises(ConnectorError) as caught:
        live.payments.authorize(pay(token(CHARGEABLE), None, description="a book"))
    assert (type(caught.value), caught.value.status_code) == (ConnectorError, 400)
    assert "Unexpected description" in str(caught.value)


def test_a_bad_key_is_an_authentication_error(localstripe: str) -> None:
    """A key that Stripe does not know is an AuthenticationError, and its text is not in it."""
    with (
        Prism("stripe", api_key="not-a-key-of-ours", base_url=localstripe) as stranger,
        pytest.raises(AuthenticationError) as caught,
    ):
        stranger.customers.create(merchant_customer_id="user_42")
    assert (caught.value.status_code, caught.value.outcome) == (401, "rejected")
    assert "not-a-key-of-ours" not in str(caught.value)


def test_checkout_creates_the_customer_and_pays(
    live: Prism, official: stripe.StripeClient, token: MakeToken
) -> None:
    """`checkout` runs the documented flow whole: the payment belongs to the customer created."""
    asked = pay(token(CHARGEABLE), None, capture_method="MANUAL")
    done = live.checkout(customer=customer_request(), payment=asked)
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert done.payment.connector_customer_id == done.customer.connector_customer_id
    stored = official.v1.payment_intents.retrieve(done.payment.connector_transaction_id or "")
    assert stored.customer == done.customer.connector_customer_id


def test_a_checkout_that_fails_later_keeps_its_customer(live: Prism) -> None:
    """When paying raises, the error holds the customer that was created, so nothing is lost."""
    with pytest.raises(NotFound) as caught:
        live.checkout(customer=customer_request(), payment=pay(UNKNOWN, None))
    assert caught.value.completed.connector_customer_id.startswith("cus_")


@pytest.mark.anyio
async def test_the_async_client_does_all_the_same(
    localstripe: str, official: stripe.StripeClient, token: MakeToken
) -> None:
    """On asyncio and trio: customer, payment, decline, challenge, lookup, error and checkout."""
    async with AsyncPrism("stripe", api_key=KEY, base_url=localstripe) as live:
        created = await live.customers.create(customer_request())
        asked = pay(token(CHARGEABLE), created, capture_method="MANUAL")
        held = await live.payments.authorize(asked)
        assert held.status is PaymentStatus.AUTHORIZED
        check_stored(official, held, asked)
        declined = await live.payments.authorize(pay(token(DECLINED), created))
        assert declined.status is PaymentStatus.AUTHORIZATION_FAILED
        challenged = await live.payments.authorize(pay(token(CHALLENGED), created))
        assert challenged.status is PaymentStatus.AUTHENTICATION_PENDING
        found = await live.payments.get(connector_transaction_id=held.connector_transaction_id)
        assert (found.status, found.amount) == (PaymentStatus.AUTHORIZED, Money(1234, "EUR"))
        with pytest.raises(NotFound):
            await live.payments.get(connector_transaction_id="pi_unknown")
        again = pay(token(CHARGEABLE), None)
        done = await live.checkout(customer=customer_request(), payment=again)
        assert done.payment.status is PaymentStatus.CHARGED
