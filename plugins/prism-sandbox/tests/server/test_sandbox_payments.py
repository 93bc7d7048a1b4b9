"""Customers and payments: what a client sends and gets back when nothing goes wrong on the way."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import httpx
import pytest

from prism_sandbox.server.rules import TEST_CARDS, passes_luhn

Pay = Callable[..., httpx.Response]


def test_a_customer_comes_back_as_it_was_sent(client: httpx.Client) -> None:
    """Every property of a customer is echoed, and the same customer can be read again."""
    sent = {
        "reference": "user_42",
        "name": "Ada Löwe",
        "email": "ada@example.com",
        "phone": "+14155552671",
        "description": "first customer",
        "address": {"line1": "1 Main St", "city": "London", "zip_code": "N1", "country": "GB"},
        "metadata": {"tier": "gold"},
    }
    answer = client.post("/v1/customers", json=sent)
    customer = answer.json()
    assert answer.status_code == 201
    assert customer["object"] == "customer"
    assert customer["id"].startswith("cus_")
    assert {name: customer[name] for name in sent if name != "address"} | {
        "address": {k: v for k, v in customer["address"].items() if v is not None}
    } == sent
    assert client.get(f"/v1/customers/{customer['id']}").json() == customer


def test_a_payment_is_linked_to_its_customer(client: httpx.Client, pay: Pay) -> None:
    """A payment names the customer it was made for, and an unknown customer is a 404."""
    customer = client.post("/v1/customers", json={}).json()["id"]
    assert pay(customer=customer).json()["customer"] == customer
    answer = pay(customer="cus_nobody")
    assert (answer.status_code, answer.json()["error"]["param"]) == (404, "customer")


@pytest.mark.parametrize(
    ("capture", "status", "captured"),
    [("automatic", "captured", 1000), ("manual", "authorized", 0)],
)
def test_an_approved_payment_shows_its_amounts(
    pay: Pay, capture: str, status: str, captured: int
) -> None:
    """Manual capture only authorizes, automatic capture takes the money, and amounts say so."""
    answer = pay("5555555555554444", capture=capture, description="socks", metadata={"a": "b"})
    payment = answer.json()
    assert (answer.status_code, payment["status"]) == (201, status)
    assert payment["amount"] == payment["amount_authorized"] == 1000
    assert payment["amount_captured"] == captured
    assert payment["amount_capturable"] == 1000 - captured
    assert payment["amount_refunded"] == 0
    assert payment["network_transaction_id"].isdigit()
    assert payment["decline"] is payment["next_action"] is None
    assert (payment["description"], payment["metadata"]) == ("socks", {"a": "b"})
    expected = {"brand": "mastercard", "last4": "4444", "exp_month": 12, "exp_year": 2090}
    expected |= {"type": "card"}
    assert payment["method"] == expected


@pytest.mark.parametrize(
    ("number", "code", "network_code", "advice"),
    [
        ("4000000000000002", "do_not_honor", "05", None),
        ("4000000000009995", "insufficient_funds", "51", "02"),
        ("4111111111111111", "not_a_test_card", None, None),
    ],
)
def test_a_decline_is_a_402_with_the_payment(
    client: httpx.Client, pay: Pay, number: str, code: str, network_code: str, advice: str
) -> None:
    """A declined payment is recorded and says why in our words and in the network's codes."""
    answer = pay(number)
    payment = answer.json()
    assert (answer.status_code, payment["status"]) == (402, "declined")
    assert payment["amount_authorized"] == 0
    assert payment["network_transaction_id"] is None
    decline = payment["decline"]
    assert decline["code"] == code
    assert decline["message"]
    assert (decline["network_code"], decline["network_advice_code"]) == (network_code, advice)
    assert client.get(f"/v1/payments/{payment['id']}").json() == payment


def test_an_expired_card_declines(pay: Pay) -> None:
    """A card whose expiry month has passed declines with expired_card."""
    card = {"type": "card", "number": "4242424242424242", "exp_month": 1, "exp_year": 2020}
    answer = pay(payment_method=card)
    assert (answer.status_code, answer.json()["decline"]["code"]) == (402, "expired_card")


def test_a_processing_payment_stays_so(client: httpx.Client, pay: Pay) -> None:
    """The processing card gives a payment that is neither made nor failed, however often asked."""
    payment = pay("4000000000000101").json()
    assert payment["status"] == "processing"
    assert payment["amount_authorized"] == 0
    assert client.get(f"/v1/payments/{payment['id']}").json()["status"] == "processing"


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("tok_approve", "captured"),
        ("tok_decline", "declined"),
        ("tok_challenge", "requires_action"),
    ],
)
def test_tokens_behave_like_their_cards(pay: Pay, token: str, status: str) -> None:
    assert pay(payment_method={"type": "token", "token": token}).json()["status"] == status


def test_an_absent_customer_cannot_be_challenged(pay: Pay) -> None:
    """Off session, a card that wants a challenge declines with authentication_required."""
    answer = pay("4000002500003155", off_session=True)
    assert answer.status_code == 402
    assert answer.json()["decline"]["code"] == "authentication_required"


def test_a_merchant_can_demand_a_challenge(pay: Pay) -> None:
    """three_d_secure=required turns an approving card into one that is challenged."""
    assert pay(three_d_secure="required").json()["status"] == "requires_action"
    assert pay(three_d_secure="none").json()["status"] == "captured"


def test_payments_are_found_by_reference(client: httpx.Client, pay: Pay) -> None:
    """A client that lost an answer finds its payments by its own reference, newest first."""
    reference = f"order {uuid.uuid4()}"
    made = [pay(reference=reference).json() for _ in range(3)]
    found = client.get("/v1/payments", params={"reference": reference}).json()
    assert found == {"object": "list", "data": made[::-1]}
    none = client.get("/v1/payments", params={"reference": f"{reference}?"}).json()
    assert none == {"object": "list", "data": []}


def test_the_index_page_lists_every_test_card(client: httpx.Client) -> None:
    """A person who opens the sandbox in a browser finds every test card and what it does."""
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for card in TEST_CARDS:
        assert passes_luhn(card.number)
        assert card.number in page.text
        assert card.effect in page.text


def test_health_needs_no_key(sandbox_url: str) -> None:
    """A script can wait for the sandbox without an API key."""
    assert httpx.get(f"{sandbox_url}/health").json() == {"ok": True}
