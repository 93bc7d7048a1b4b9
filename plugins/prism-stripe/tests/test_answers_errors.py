"""Stripe's errors and senseless answers: the typed error, what became of it, and what is repeated.

https://docs.stripe.com/api/errors and https://docs.stripe.com/error-low-level
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    AsyncPrism,
    AuthenticationError,
    Conflict,
    ConnectorError,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    RateLimited,
    TransportError,
    Unavailable,
)

from .loopback import Answering
from .samples import KEY, customer, error, intent, payment_request

AT_ONCE = {"retry-after": "0"}
OVERLOADED = error(type="api_error", message="Something went wrong on Stripe's end.")
IN_USE = error(type="idempotency_error", code="idempotency_key_in_use")


def keys(answering: Answering) -> list[str]:
    """The idempotency keys of the requests seen."""
    return [seen.headers["idempotency-key"] for seen in answering.seen]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(code="parameter_missing", param="amount"), ConnectorError),
        (400, error(code="resource_missing", param="customer"), NotFound),
        (401, error(), AuthenticationError),
        (403, error(code="account_invalid"), AuthenticationError),
        (404, error(code="resource_missing", param="id"), NotFound),
        (429, error(code="rate_limit"), RateLimited),
        (418, error(), ConnectorError),
    ],
)
def test_an_error_answer_is_a_typed_error(
    prism: Prism, answering: Answering, status: int, body: Any, kind: type[ConnectorError]
) -> None:
    """Each error of Stripe's is the error to catch for it, and says that nothing was done."""
    answering.answer(status, body)
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request(max_retries=0))
    assert type(caught.value) is kind
    assert (caught.value.status_code, caught.value.outcome) == (status, "rejected")
    assert (caught.value.request_id, caught.value.reference) == ("req_1", "order_1001")
    assert (caught.value.connector, caught.value.operation) == ("stripe", "payments.authorize")
    assert [caught.value.idempotency_key] == keys(answering)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(type="idempotency_error"), Conflict),
        (409, error(code="lock_contention"), Conflict),
        (409, error(), Conflict),
        (409, b"<html>Conflict</html>", Conflict),
        (402, b"<html>Payment required</html>", ConnectorError),
        (403, b"<html>Forbidden</html>", AuthenticationError),
        (403, {"error": {"type": "about:blank", "title": "Forbidden"}}, AuthenticationError),
        (402, {"error": {"type": "quota_error"}}, ConnectorError),
        (403, {"error": {"message": "blocked"}}, AuthenticationError),
        (403, {"error": None}, AuthenticationError),
        (404, b"", NotFound),
        (407, {}, ConnectorError),
        (460, b"", ConnectorError),
        (499, b"null", ConnectorError),
    ],
)
def test_a_key_used_before_and_a_foreign_answer_are_unknown(
    prism: Prism, answering: Answering, status: int, body: Any, kind: type[ConnectorError]
) -> None:
    """With a key that was used before, the first request may have charged. What is not in Stripe's
    format was written by somebody in between, and Stripe may have acted all the same."""
    answering.answer(status, body)
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request(max_retries=0))
    assert type(caught.value) is kind
    assert (caught.value.status_code, caught.value.outcome) == (status, "unknown")
    assert [caught.value.idempotency_key] == keys(answering)


def test_an_error_quotes_stripes_code_and_words(prism: Prism, answering: Answering) -> None:
    """The processor's own code and message are in the error, as it wrote them."""
    said = error(code="parameter_missing", param="currency", message="Missing required param.")
    answering.answer(400, said)
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request())
    details = caught.value.details.connector
    assert details is not None
    assert (details.code, details.message) == ("parameter_missing", "Missing required param.")
    assert "HTTP 400: parameter_missing: Missing required param." in str(caught.value)


def test_an_error_without_a_code_has_its_type(prism: Prism, answering: Answering) -> None:
    """Where Stripe gives no code, the kind of error stands in for it."""
    answering.answer(400, error())
    with pytest.raises(ConnectorError) as caught:
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == "invalid_request_error"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, error(code="rate_limit")),
        (429, error(code="lock_timeout")),
        (409, IN_USE),
        (500, OVERLOADED),
        (503, OVERLOADED),
        (502, b"<html>Bad gateway</html>"),
        (500, b""),
    ],
)
def test_a_passing_error_is_repeated_with_the_same_key(
    prism: Prism, answering: Answering, status: int, body: Any
) -> None:
    """One that can pass is sent again under the same Idempotency-Key, and then succeeds."""
    answering.answer(status, body, AT_ONCE).answer(200, intent())
    payment = prism.payments.authorize(payment_request())
    assert payment.status is PaymentStatus.CHARGED
    assert [attempt.status_code for attempt in payment.attempts] == [status, 200]
    assert keys(answering) == [payment.idempotency_key] * 2
    assert answering.seen[0].body == answering.seen[1].body


def test_a_callers_key_is_the_one_repeated(prism: Prism, answering: Answering) -> None:
    """A key of the caller's own is sent on every attempt and given back."""
    answering.answer(500, OVERLOADED, AT_ONCE).answer(200, customer())
    created = prism.customers.create(merchant_customer_id="user_42", idempotency_key="mine-1")
    assert keys(answering) == ["mine-1", "mine-1"]
    assert (created.idempotency_key, len(created.attempts)) == ("mine-1", 2)


def test_two_payments_never_share_a_key(prism: Prism, answering: Answering) -> None:
    """Every call without a key of its own gets a fresh one: two orders are two payments."""
    answering.answer(200, intent())
    prism.payments.authorize(payment_request())
    prism.payments.authorize(payment_request())
    assert len(set(keys(answering))) == 2


@pytest.mark.parametrize("body", [OVERLOADED, b"<html>down</html>"])
def test_stripe_can_forbid_a_retry(prism: Prism, answering: Answering, body: Any) -> None:
    """`Stripe-Should-Retry: false` ends the call at once, whatever the body; still unknown."""
    answering.answer(500, body, {**AT_ONCE, "stripe-should-retry": "false"})
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(payment_request())
    assert (len(answering.seen), caught.value.outcome) == (1, "unknown")


def test_stripe_can_ask_for_a_retry(prism: Prism, answering: Answering) -> None:
    """`Stripe-Should-Retry: true` repeats what would not be repeated otherwise."""
    told = {**AT_ONCE, "stripe-should-retry": "true"}
    answering.answer(409, error(code="lock_contention"), told).answer(200, intent())
    assert len(prism.payments.authorize(payment_request()).attempts) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_lasting_error_is_not_repeated(prism: Prism, answering: Answering, status: int) -> None:
    """What would fail again is sent once."""
    answering.answer(status, error(), AT_ONCE)
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request())
    assert (len(answering.seen), caught.value.retryable) == (1, False)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(500, OVERLOADED, Unavailable), (504, b"", Unavailable), (409, IN_USE, Conflict)],
)
def test_what_may_have_been_done_is_unknown(
    prism: Prism, answering: Answering, status: int, body: Any, kind: type[ConnectorError]
) -> None:
    """An error that never passes has outcome unknown, and the key to repeat the call with."""
    answering.answer(status, body, AT_ONCE)
    with pytest.raises(kind) as caught:
        prism.payments.authorize(payment_request(max_retries=2))
    assert (caught.value.outcome, caught.value.retryable) == ("unknown", True)
    assert keys(answering) == [caught.value.idempotency_key] * 3
    assert len(caught.value.attempts) == 3


def test_a_refusal_after_a_failure_is_still_unknown(prism: Prism, answering: Answering) -> None:
    """A 400 on the second attempt does not undo what the first, a 500, may have done."""
    answering.answer(500, OVERLOADED, AT_ONCE).answer(400, error())
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request())
    assert (caught.value.status_code, caught.value.outcome) == (400, "unknown")


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in intent().items() if key != name}


SENSELESS = [
    b"",
    b"<html>Welcome to the hotel network</html>",
    b"null",
    b"[]",
    b'"pi_1"',
    b"\xff\xfe",
    b"[" * 100_000,
    json.dumps(intent()).encode()[:-1],
    json.dumps(intent()).encode()[:40],
    *[_without(name) for name in ("id", "status", "amount", "currency")],
    *[intent(**{name: None}) for name in ("id", "status", "amount", "currency", "metadata")],
    intent(id=""),
    intent(id=17),
    intent(status=True),
    intent(amount="1000"),
    intent(amount=10.5),
    intent(amount=-1),
    intent(amount=True),
    intent(amount_received=[]),
    intent(currency="doubloons"),
    intent(currency="XX\ud800"),
    intent(customer={"id": 1}),
    intent(metadata={"merchant_transaction_id": 5}),
    intent(next_action="redirect"),
    intent(last_payment_error="declined"),
    intent(latest_charge=7),
]


@pytest.mark.parametrize("body", SENSELESS)
def test_an_answer_without_sense_is_malformed_and_unknown(
    prism: Prism, answering: Answering, body: Any
) -> None:
    """A 200 that cannot be understood is MalformedResponse: the payment may exist."""
    answering.answer(200, body)
    with pytest.raises(MalformedResponse) as caught:
        prism.payments.authorize(payment_request())
    assert (caught.value.outcome, caught.value.status_code) == ("unknown", 200)
    assert caught.value.request_id == "req_1"
    assert [caught.value.idempotency_key] == keys(answering)


@pytest.mark.parametrize(
    "body", [b"", b"{}", customer(id=None), customer(id=""), customer(id=1), customer(metadata=[])]
)
def test_a_customer_without_sense_is_malformed_and_unknown(
    prism: Prism, answering: Answering, body: Any
) -> None:
    """A customer without an id is no customer; whether it exists is unknown."""
    answering.answer(200, body)
    with pytest.raises(MalformedResponse) as caught:
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.outcome == "unknown"


def test_a_redirect_is_not_followed(prism: Prism, answering: Answering) -> None:
    """A 302 is malformed; the card and the key go nowhere else."""
    answering.answer(302, b"", {"location": f"{answering.url}/elsewhere"})
    with pytest.raises(MalformedResponse):
        prism.payments.authorize(payment_request())
    assert len(answering.seen) == 1


def test_an_answer_cut_off_is_repeated_then_unknown(prism: Prism, answering: Answering) -> None:
    """A connection that breaks inside the body is no answer: sent again, and then unknown."""
    answering.answer(200, b'{"id": "pi_', promised=500)
    with pytest.raises(TransportError) as caught:
        prism.payments.authorize(payment_request(max_retries=1))
    assert caught.value.outcome == "unknown"
    assert keys(answering) == [caught.value.idempotency_key] * 2


def test_nobody_there_is_not_sent(answering: Answering) -> None:
    """Where no connection could be made, it is certain that nothing was sent."""
    answering.close()
    with (
        Prism("stripe", api_key=KEY, base_url=answering.url, max_retries=0) as prism,
        pytest.raises(TransportError) as caught,
    ):
        prism.payments.authorize(payment_request())
    assert caught.value.outcome == "not_sent"


@pytest.mark.anyio
async def test_the_async_client_repeats_and_fails_alike(answering: Answering) -> None:
    """On asyncio and trio a 500 is repeated with the same key, and nonsense is malformed."""
    answering.answer(500, OVERLOADED, AT_ONCE).answer(200, intent()).answer(200, b"")
    async with AsyncPrism("stripe", api_key=KEY, base_url=answering.url) as prism:
        payment = await prism.payments.authorize(payment_request())
        assert keys(answering) == [payment.idempotency_key] * 2
        with pytest.raises(MalformedResponse) as caught:
            await prism.payments.authorize(payment_request())
    assert caught.value.outcome == "unknown"
