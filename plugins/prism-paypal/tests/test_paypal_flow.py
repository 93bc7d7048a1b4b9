"""A payment is two calls: whatever becomes of the second, the caller learns the order's id."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from prism_core import (
    AuthenticationError,
    Conflict,
    ConnectorError,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    PrismError,
    RateLimited,
    Unavailable,
)

from .paypal_samples import customer_request, error, order, part, payment_request
from .paypal_server import PayPalServer

HTML = b"<html>Something went wrong</html>"
ODD_MONEY = order(authorizations=[part("CREATED", "ten")])
FAILING: list[tuple[int, Any, type[PrismError], str]] = [
    (500, {"name": "INTERNAL_SERVER_ERROR"}, Unavailable, "unknown"),
    (503, HTML, Unavailable, "unknown"),
    (201, HTML, MalformedResponse, "unknown"),
    (201, {"id": "5ORDER"}, MalformedResponse, "unknown"),
    (201, ODD_MONEY, MalformedResponse, "unknown"),
    (302, b"", MalformedResponse, "unknown"),
    (400, error("INVALID_PARAMETER_SYNTAX"), ConnectorError, "rejected"),
    (403, error("PERMISSION_DENIED"), ConnectorError, "rejected"),
    (404, error("INVALID_RESOURCE_ID"), NotFound, "rejected"),
    (422, error("AUTH_CAPTURE_NOT_ENABLED"), ConnectorError, "rejected"),
    (422, error("TOKEN_ID_NOT_FOUND"), NotFound, "rejected"),
    (422, error("ORDER_ALREADY_AUTHORIZED"), Conflict, "unknown"),
    (422, error("ORDER_COMPLETION_IN_PROGRESS"), Conflict, "unknown"),
    (409, error("PREVIOUS_REQUEST_IN_PROGRESS", name="RESOURCE_CONFLICT"), Conflict, "unknown"),
    (429, {"name": "RATE_LIMIT_REACHED", "message": "Too many"}, RateLimited, "rejected"),
    (429, HTML, RateLimited, "unknown"),
    (403, {"error": "forbidden"}, AuthenticationError, "unknown"),
    (409, {"name": "Conflict", "message": "A proxy's"}, Conflict, "unknown"),
]


@pytest.mark.parametrize(
    ("status", "said", "kind", "outcome"), FAILING, ids=map(str, range(len(FAILING)))
)
def test_an_error_of_the_second_call_tells_the_order(
    prism: Prism, server: PayPalServer, status: int, said: Any, kind: type[PrismError], outcome: str
) -> None:
    """The order made no money move, so that a plain refusal afterwards is one; and the error has
    the order's id, pickled too."""
    server.script("/authorize", (status, said))
    with pytest.raises(kind) as caught:
        prism.payments.authorize(payment_request())
    assert (caught.value.connector_transaction_id, caught.value.outcome) == ("5ORDER", outcome)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert copied.to_dict()["connector_transaction_id"] == "5ORDER"


@pytest.mark.parametrize("said", [HTML, {"status": "CREATED"}, {"id": "../5ORDER"}, {"id": ""}])
def test_an_order_without_an_id_ends_the_payment(
    prism: Prism, server: PayPalServer, said: Any
) -> None:
    """Nothing more is sent where the first answer names no order that could be in a path."""
    server.script("/orders", (201, said))
    with pytest.raises(MalformedResponse) as caught:
        prism.payments.authorize(payment_request())
    assert caught.value.connector_transaction_id is None
    assert len(server.seen) == 1


def test_a_refused_order_ends_the_payment(prism: Prism, server: PayPalServer) -> None:
    server.script("/orders", (422, error("INVALID_CURRENCY_CODE")), (422, error("CARD_EXPIRED")))
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request())
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("rejected", None)
    declined = prism.payments.authorize(payment_request())
    assert declined.status is PaymentStatus.AUTHORIZATION_FAILED
    assert len(server.seen) == 2


def test_a_decline_tells_the_order(prism: Prism, server: PayPalServer) -> None:
    """A decline is a result with the order's id, whether it is a 422 or a denied authorization."""
    denied = order(authorizations=[part("DENIED", processor_response={"response_code": "5120"})])
    server.script("/authorize", (422, error("TRANSACTION_REFUSED")), (201, denied))
    for code in ("TRANSACTION_REFUSED", "5120"):
        payment = prism.payments.authorize(payment_request())
        assert payment.status is PaymentStatus.AUTHORIZATION_FAILED
        assert payment.connector_transaction_id == "5ORDER"
        assert payment.error is not None
        assert payment.error.connector is not None
        assert payment.error.connector.code == code


def test_a_customer_who_must_act_is_led_to_paypal(prism: Prism, server: PayPalServer) -> None:
    """PAYER_ACTION_REQUIRED is AUTHENTICATION_PENDING with the page to open and the order's id,
    as a 422 and as an order's status."""
    page = "https://www.sandbox.paypal.com/webapps/helios?action=verify"
    links = [{"href": "https://x.example", "rel": "self"}, {"href": page, "rel": "payer-action"}]
    waiting = order("PAYER_ACTION_REQUIRED", links=links)
    asked = error("PAYER_ACTION_REQUIRED", links=links)
    server.script("/authorize", (422, asked), (201, waiting), (422, error("PAYER_ACTION_REQUIRED")))
    for uri in (page, page, None):
        payment = prism.payments.authorize(payment_request())
        assert payment.status is PaymentStatus.AUTHENTICATION_PENDING
        assert payment.connector_transaction_id == "5ORDER"
        assert payment.error is None
        assert (payment.redirection_data and payment.redirection_data.uri) == uri


def test_a_repeated_payment_repeats_both_calls_with_their_keys(
    prism: Prism, server: PayPalServer
) -> None:
    """Each call has a key of its own, the same on every retry, so that PayPal does each once."""
    server.script("/orders", (500, {}))
    server.script("/authorize", (503, {}))
    payment = prism.payments.authorize(payment_request(max_retries=1))
    assert payment.idempotency_key == "key_1"
    first, again, second, last = [one.headers["paypal-request-id"] for one in server.seen]
    assert first == again == "key_1"
    assert second == last != "key_1"


def test_a_call_still_under_way_is_asked_for_again(prism: Prism, server: PayPalServer) -> None:
    """The answer that an earlier call is still being worked on is no end: the core asks again."""
    busy = error("PREVIOUS_REQUEST_IN_PROGRESS", name="RESOURCE_CONFLICT")
    server.script("/authorize", (409, busy))
    payment = prism.payments.authorize(payment_request(max_retries=1))
    assert payment.status is PaymentStatus.AUTHORIZED


USED_BEFORE = (
    "PAYPAL_REQUEST_ID_PREVIOUSLY_USED",
    "DUPLICATE_REQUEST_ID",
    "DUPLICATE_INVOICE_ID",
    "DUPLICATE_REFUND",
    "DUPLICATE_TRANSACTION",
)


@pytest.mark.parametrize("word", USED_BEFORE)
@pytest.mark.parametrize("ending", ["/orders", "/authorize"])
def test_a_key_used_before_is_unknown(
    prism: Prism, server: PayPalServer, ending: str, word: str
) -> None:
    """PayPal's word that something was sent before does not say that nothing was done: the first
    payment with it may have been made. So it is in each of a payment's two calls, though the
    first one moves no money by itself."""
    for said in (error(word), {"name": word, "message": "Used before."}):
        server.script(ending, (422, said))
        with pytest.raises(Conflict) as caught:
            prism.payments.authorize(payment_request())
        assert (caught.value.outcome, caught.value.request_id) == ("unknown", "debug_1")


def test_a_word_of_an_earlier_call_counts_wherever_it_stands(
    prism: Prism, server: PayPalServer
) -> None:
    """The second thing that is wrong is read, too."""
    details = [{"issue": "CARD_EXPIRED"}, {"issue": "DUPLICATE_INVOICE_ID"}]
    server.script("/authorize", (422, error("", details=details)))
    with pytest.raises(Conflict) as caught:
        prism.payments.authorize(payment_request())
    assert caught.value.outcome == "unknown"


def test_a_customer_asked_for_with_other_details_is_a_conflict_that_says_what_to_do(
    prism: Prism, server: PayPalServer
) -> None:
    """PayPal finds no customer by the caller's id: who asks for the same one with another name
    learns what to do, and nothing claims that there is no customer."""
    assert prism.customers.get_or_create(customer_request(idempotency_key=None))
    server.script("/setup-tokens", (422, error("PAYPAL_REQUEST_ID_PREVIOUSLY_USED")))
    changed = customer_request(idempotency_key=None, name="Grace Hopper")
    with pytest.raises(Conflict, match="use the connector_customer_id returned then") as caught:
        prism.customers.get_or_create(changed)
    assert caught.value.outcome == "unknown"
    keys = {one.headers["paypal-request-id"] for one in server.seen}
    assert len(keys) == 1


def test_a_customer_whose_email_changed_is_the_same_one(prism: Prism, server: PayPalServer) -> None:
    """PayPal has no place for an email: asked for again with another one, it is the same request,
    which PayPal answers with the same customer."""
    for email in ("ada@example.com", "ada@example.org"):
        prism.customers.get_or_create(customer_request(idempotency_key=None, email=email))
    first, second = server.seen
    assert (first.body, first.headers["paypal-request-id"]) == (
        second.body,
        second.headers["paypal-request-id"],
    )


def test_what_paypal_has_no_place_for_is_reported(prism: Prism, server: PayPalServer) -> None:
    """A customer's email and phone go nowhere, and the result says so."""
    made = prism.customers.create(
        customer_request(email="ada@example.com", phone="+12025550123", metadata={"plan": "gold"})
    )
    assert (made.connector_customer_id, made.merchant_customer_id) == ("cust_1", "user_42")
    assert set(made.not_sent) == {"email", "phone", "metadata"}
    assert b"ada@example.com" not in server.seen[0].body


def test_checkout_links_the_payment_to_the_customer(prism: Prism, server: PayPalServer) -> None:
    """The documented flow in one call: the customer is created, and the payment names it."""
    done = prism.checkout(customer=customer_request(), payment=payment_request())
    assert done.connector_customer_id == "cust_1"
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert b'"customer":{"id":"cust_1"}' in server.seen[-1].body
