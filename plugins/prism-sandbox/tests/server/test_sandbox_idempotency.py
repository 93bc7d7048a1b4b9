"""Idempotency keys and the cards that go wrong after the payment: asking again is always safe."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest

Pay = Callable[..., httpx.Response]


@pytest.fixture
def key() -> str:
    """A key that no other test uses; it serves as a reference too."""
    return f"key-{uuid.uuid4()}"


def payments_with(client: httpx.Client, reference: str) -> list[dict[str, object]]:
    """The payments recorded under a reference."""
    found: list[dict[str, object]] = client.get(
        "/v1/payments", params={"reference": reference}
    ).json()["data"]
    return found


def create_customer(client: httpx.Client, key: str, **customer: str) -> httpx.Response:
    """Create a customer with an idempotency key."""
    headers = httpx.Headers({"Idempotency-Key": key}, encoding="latin-1")
    return client.post("/v1/customers", json=customer, headers=headers)


@pytest.mark.parametrize("number", ["4242424242424242", "4000000000000002"])
def test_asking_again_gives_the_same_answer(
    client: httpx.Client, pay: Pay, key: str, number: str
) -> None:
    """A repeated request, approved or declined, gets the first answer and pays only once."""
    first, second = (pay(number, key=key, reference=key) for _ in range(2))
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert len(payments_with(client, key)) == 1


def test_a_customer_is_created_once(client: httpx.Client, key: str) -> None:
    """Idempotency keys hold for customers too, whatever order the properties come in."""
    first = create_customer(client, key, name="A", email="a@b")
    again = create_customer(client, key, email="a@b", name="A")
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_a_key_cannot_be_used_for_something_else(client: httpx.Client, pay: Pay, key: str) -> None:
    """The same key with another amount or another path is a conflict, never a wrong replay."""
    pay(key=key)
    for answer in (pay(key=key, amount=1001), create_customer(client, key)):
        error = answer.json()["error"]
        assert answer.status_code == 409
        assert (error["type"], error["code"]) == ("idempotency_error", "idempotency_key_reused")


def test_each_api_key_has_its_own_idempotency_keys(
    client: httpx.Client, pay: Pay, key: str
) -> None:
    """Two merchants who happen to choose the same key do not get each other's payment."""
    other = {"Authorization": "Bearer sandbox_other"}
    with httpx.Client(base_url=client.base_url, headers=other) as theirs:
        assert pay(key=key).json()["id"] != pay(key=key, using=theirs).json()["id"]


@pytest.mark.parametrize("bad", ["", "a b", "x" * 256, "caf\u00e9"])
def test_an_odd_key_is_refused(client: httpx.Client, bad: str) -> None:
    """A key that is empty, too long or not visible ASCII is a 400 that names the header."""
    answer = create_customer(client, bad)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "Idempotency-Key")


def test_the_longest_key_is_taken(client: httpx.Client) -> None:
    """A key has up to 255 characters, here as in Prism's own requests."""
    made = create_customer(client, "x" * 255)
    assert made.status_code == 201
    assert create_customer(client, "x" * 255).json()["id"] == made.json()["id"]


def test_a_refused_request_leaves_its_key_free(pay: Pay, key: str) -> None:
    """After a 400 or 404 the corrected request may use the same key."""
    assert pay(key=key, currency="usd").status_code == 400
    assert pay(key=key, customer="cus_nobody").status_code == 404
    assert pay(key=key).status_code == 201


def test_twenty_at_once_make_one_payment(client: httpx.Client, pay: Pay, key: str) -> None:
    """However many threads send one key at the same time, exactly one payment is made."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: pay(key=key, reference=key), range(20)))
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    others = {a.json()["error"]["code"] for a in answers if a.status_code != 201}
    assert len(made) == 1
    assert others <= {"idempotency_in_progress"}
    assert {a.status_code for a in answers} <= {201, 409}
    assert len(payments_with(client, key)) == 1


def test_a_request_that_is_still_arriving_holds_its_key(client: httpx.Client, key: str) -> None:
    """While the first request is being handled, another with its key is told to wait."""
    url = urlsplit(str(client.base_url))
    head = (
        "POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sandbox_tests\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((str(url.hostname), url.port or 0)) as slow:
        slow.sendall(head.encode() + b"{")
        deadline = time.monotonic() + 5
        while (answer := create_customer(client, key)).status_code != 409:
            assert time.monotonic() < deadline
        assert answer.json()["error"]["code"] == "idempotency_in_progress"
        slow.sendall(b"}")
        assert slow.recv(100).startswith(b"HTTP/1.1 201")
    assert create_customer(client, key).headers["idempotent-replayed"] == "true"


def test_after_a_500_the_payment_can_be_found(client: httpx.Client, pay: Pay, key: str) -> None:
    """The card that answers 500 has paid all the same: its key and its reference both show it."""
    lost = pay("4000000000000119", key=key, reference=key, capture="manual")
    assert (lost.status_code, lost.json()["error"]["type"]) == (500, "api_error")
    again = pay("4000000000000119", key=key, reference=key, capture="manual")
    assert (again.status_code, again.json()["status"]) == (201, "authorized")
    assert again.headers["idempotent-replayed"] == "true"
    assert payments_with(client, key) == [again.json()]


def test_while_one_request_hangs_its_key_gives_the_payment(
    client: httpx.Client, pay: Pay, key: str
) -> None:
    """A client that lost patience asks again and gets the recorded payment at once."""
    with pytest.raises(httpx.ReadTimeout):
        pay("4000000000000127", key=key, reference=key, timeout=0.5)
    started = time.monotonic()
    again = pay("4000000000000127", key=key, reference=key)
    assert time.monotonic() - started < 2
    assert (again.status_code, again.json()["status"]) == (201, "captured")
    assert payments_with(client, key) == [again.json()]


def test_a_rate_limited_request_records_nothing(client: httpx.Client, pay: Pay, key: str) -> None:
    """The 429 card says when to come back, and no payment exists."""
    answer = pay("4000000000000069", key=key, reference=key)
    assert (answer.status_code, answer.json()["error"]["type"]) == (429, "rate_limited")
    assert answer.headers["retry-after"] == "1"
    assert payments_with(client, key) == []
