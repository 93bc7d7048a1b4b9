"""The sandbox's connector against the sandbox's server: every documented card, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from prism_core import (
    Address,
    AsyncPrism,
    AuthenticationError,
    AuthorizeRequest,
    Card,
    Conflict,
    ConnectorError,
    CreateCustomerRequest,
    MalformedResponse,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    RateLimited,
    Token,
    TransportError,
    Unavailable,
    UnifiedCode,
)
from prism_sandbox.challenges import answer
from prism_sandbox.server import running


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(hang_seconds=10) as started:
        yield started


@pytest.fixture
def prism(url: str) -> Iterator[Prism]:
    with Prism("sandbox", api_key="sandbox_tests", base_url=url) as client:
        yield client


def asked(number: str = "4242424242424242", **changes: Any) -> AuthorizeRequest:
    base: dict[str, Any] = {
        "merchant_transaction_id": "order_1",
        "amount": Money(1000, "USD"),
        "payment_method": Card(number, 12, 2090, "123"),
    }
    return AuthorizeRequest(**{**base, **changes})


def test_a_customer_is_stored_whole(prism: Prism, url: str) -> None:
    """Every field of a customer reaches the processor, and the ids come back."""
    created = prism.customers.create(
        merchant_customer_id="user_42",
        name="Ada Lovelace",
        email="ada@example.com",
        phone="+14155552671",
        description="a mathematician",
        address=Address(first_name="Ada", line1="12 St James's Square", country_alpha2_code="GB"),
        metadata={"plan": "gold"},
    )
    path = f"{url}/v1/customers/{created.connector_customer_id}"
    stored = httpx.get(path, headers={"authorization": "Bearer sandbox_tests"}).json()
    assert stored["reference"] == created.merchant_customer_id == "user_42"
    assert stored["name"] == "Ada Lovelace"
    assert stored["email"] == "ada@example.com"
    assert stored["phone"] == "+14155552671"
    assert stored["description"] == "a mathematician"
    assert stored["address"]["country"] == "GB"
    assert stored["metadata"] == {"plan": "gold"}
    assert created.request_id


@pytest.mark.parametrize(
    ("capture", "status"), [("MANUAL", PaymentStatus.AUTHORIZED), ("AUTOMATIC", "CHARGED")]
)
def test_an_approved_card(prism: Prism, capture: str, status: str) -> None:
    """A good card is authorized, or charged with automatic capture, and links its customer."""
    done = prism.checkout(
        customer=CreateCustomerRequest(merchant_customer_id="user_1"),
        payment=asked(capture_method=capture),
    )
    assert done.payment.status == status
    assert done.payment.connector_customer_id == done.connector_customer_id
    assert done.payment.authorized_amount == Money(1000, "USD")
    assert done.payment.network_transaction_id
    assert done.payment.discrepancies == ()


@pytest.mark.parametrize(
    ("number", "code", "network"),
    [
        ("4000000000000002", UnifiedCode.DECLINED, "05"),
        ("4000000000009995", UnifiedCode.INSUFFICIENT_FUNDS, "51"),
    ],
)
def test_a_declined_card(prism: Prism, number: str, code: UnifiedCode, network: str) -> None:
    """A decline is a result with the unified, the issuer's and the processor's code."""
    payment = prism.payments.authorize(asked(number))
    assert payment.status is PaymentStatus.AUTHORIZATION_FAILED
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.issuer is not None
    assert payment.error.issuer.network is not None
    assert payment.error.unified.code is code
    assert payment.error.issuer.network.decline_code == network
    assert payment.connector_transaction_id
    assert payment.status_code == 402


@pytest.mark.parametrize("approve", [True, False])
def test_a_challenge(prism: Prism, approve: bool) -> None:
    """3-D Secure gives a page to open; what is answered there is what a lookup then finds."""
    payment = prism.payments.authorize(asked("4000002500003155"))
    assert payment.status is PaymentStatus.AUTHENTICATION_PENDING
    assert payment.redirection_data is not None
    page = str(payment.redirection_data.uri)
    answer(page, "approve" if approve else "fail")
    after = prism.payments.get(connector_transaction_id=payment.connector_transaction_id)
    wanted = PaymentStatus.CHARGED if approve else PaymentStatus.AUTHENTICATION_FAILED
    assert after.status is wanted


def test_3ds_can_be_asked_for(prism: Prism) -> None:
    """`auth_type` demands a challenge of any card; off-session there is nobody to answer it."""
    asked_for = prism.payments.authorize(asked(auth_type="THREE_DS"))
    assert asked_for.status is PaymentStatus.AUTHENTICATION_PENDING
    assert prism.payments.authorize(asked(auth_type="NO_THREE_DS")).status == "CHARGED"
    alone = prism.payments.authorize(asked("4000002500003155", off_session=True))
    assert alone.error is not None
    assert alone.error.unified is not None
    assert alone.error.unified.code is UnifiedCode.AUTHENTICATION_REQUIRED


def test_a_500_is_retried_to_the_truth(prism: Prism) -> None:
    """The card that answers 500 was charged: the retry with the same key finds that out."""
    payment = prism.payments.authorize(asked("4000000000000119"))
    assert [attempt.status_code for attempt in payment.attempts] == [500, 201]
    assert payment.status is PaymentStatus.CHARGED
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(asked("4000000000000119", max_retries=0))
    assert caught.value.outcome == "unknown"


def test_silence_is_recovered(prism: Prism) -> None:
    """The card that hangs leaves the outcome unknown; a lookup and a repeat find one payment."""
    request = asked(
        "4000000000000127",
        merchant_transaction_id="order_hang",
        idempotency_key="order_hang",
        timeout=0.5,
    )
    with pytest.raises(TransportError) as caught:
        prism.payments.authorize(request)
    assert (caught.value.outcome, caught.value.idempotency_key) == ("unknown", "order_hang")
    found = prism.payments.get(merchant_transaction_id="order_hang")
    again = prism.payments.authorize(request)
    assert found.connector_transaction_id == again.connector_transaction_id
    assert again.status is PaymentStatus.CHARGED


def test_pending_and_tokens(prism: Prism) -> None:
    """A payment that is processing is PENDING, not final; a token works like its card."""
    pending = prism.payments.authorize(asked("4000000000000101"))
    assert pending.status is PaymentStatus.PENDING
    assert pending.status.can_still_change
    token = prism.payments.authorize(asked(payment_method=Token("tok_approve")))
    assert token.status is PaymentStatus.CHARGED


def test_every_field_is_accepted(prism: Prism) -> None:
    """All that the connector declares to send is sent, and the server refuses unknown fields."""
    owner = prism.customers.create(merchant_customer_id="user_42")
    payment = prism.payments.authorize(
        asked(
            return_url="https://shop.example/back",
            connector_customer_id=owner.connector_customer_id,
            setup_future_usage="OFF_SESSION",
            off_session=False,
            statement_descriptor_suffix="SHOP",
            description="two books",
            billing_address=Address(line3="left", zip_code="1", phone_number="+14155552671"),
            shipping_address=Address(state="CA", city="SF", email="a@b.co", last_name="L"),
            metadata={"a": "b"},
        )
    )
    assert payment.status is PaymentStatus.CHARGED
    assert payment.response.json()["metadata"] == {"a": "b"}


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"connector_customer_id": "cus_none"}, NotFound, "not_found"),
        ({"payment_method": Token("tok_nothing")}, NotFound, "not_found"),
        ({"payment_method": Card("4000000000000069", 12, 2090, "123")}, RateLimited, "too_many"),
    ],
)
def test_refusals_are_typed(
    prism: Prism, changes: dict[str, Any], error: type[ConnectorError], code: str
) -> None:
    """What the processor refuses is an error of its kind, with the processor's code."""
    with pytest.raises(error) as caught:
        prism.payments.authorize(asked(max_retries=0, **changes))
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == code
    assert caught.value.outcome == "rejected"
    assert caught.value.request_id


def test_a_key_for_another_request_is_a_conflict(prism: Prism) -> None:
    """Using a key twice for different payments is refused; what the first came to is unknown."""
    prism.payments.authorize(asked(idempotency_key="one"))
    with pytest.raises(Conflict) as caught:
        prism.payments.authorize(asked(idempotency_key="one", amount=Money(2000, "USD")))
    # Whoever lost the first answer must not be told that nothing was charged.
    assert caught.value.outcome == "unknown"


def test_a_wrong_key_and_an_unknown_payment(prism: Prism, url: str) -> None:
    """A key that is none is an AuthenticationError; a payment that is none is NotFound."""
    with (
        Prism("sandbox", api_key="sk_wrong", base_url=url) as wrong,
        pytest.raises(AuthenticationError),
    ):
        wrong.customers.create(merchant_customer_id="u")
    for lookup in ({"connector_transaction_id": "pay_x"}, {"merchant_transaction_id": "none"}):
        with pytest.raises(NotFound):
            prism.payments.get(**lookup)


@pytest.mark.anyio
async def test_the_async_client(url: str) -> None:
    """The same flow from an event loop."""
    async with AsyncPrism("sandbox", api_key="sandbox_tests", base_url=url) as prism:
        done = await prism.checkout(
            customer=CreateCustomerRequest(merchant_customer_id="user_1"), payment=asked()
        )
    assert done.payment.connector_customer_id == done.connector_customer_id


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    "body",
    [
        {"object": "customer", "id": "cus_1", "deleted": True},
        {"object": "payment_method", "id": "pm_1", "deleted": True},
        {"object": "refund", "id": "re_1"},
    ],
)
def test_another_calls_answer_creates_no_customer(status: int, body: dict[str, Any]) -> None:
    """The answer to a deletion, or about an object of another kind, is to another call."""
    answered = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    with (
        Prism("sandbox", api_key="sandbox_tests", transport=answered) as prism,
        pytest.raises(MalformedResponse) as caught,
    ):
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.outcome == "unknown"
