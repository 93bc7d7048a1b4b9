"""What is done to a payment after it was made: captures, voids, increments and refunds, which never
move more than there is, however many ask at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_sandbox.server.rules import TEST_CARDS

Pay = Callable[..., httpx.Response]
Do = Callable[..., httpx.Response]

PENDING, FAILING = "4000000000007726", "4000000000005126"


@pytest.fixture
def do(client: httpx.Client) -> Do:
    """Change a payment: `do(payment_id, "capture", amount=...)`."""

    def change(payment: str, what: str, *, key: str | None = None, **body: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key is not None else {}
        return client.post(f"/v1/payments/{payment}/{what}", json=body, headers=headers)

    return change


@pytest.fixture
def held(pay: Pay) -> str:
    """The id of a payment of 10.00 that is authorized."""
    return str(pay(capture="manual").json()["id"])


@pytest.fixture
def paid(pay: Pay) -> str:
    """The id of a payment of 10.00 that is captured."""
    return str(pay().json()["id"])


def amounts(payment: dict[str, Any]) -> tuple[int, ...]:
    """What is authorized, captured, capturable and refunded."""
    names = ("authorized", "captured", "capturable", "refunded")
    return tuple(payment[f"amount_{name}"] for name in names)


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and param of a refusal."""
    error = answer.json()["error"]
    assert error["type"] == "invalid_request"
    return answer.status_code, error["code"], error.get("param")


def test_a_payment_is_captured_in_parts(client: httpx.Client, do: Do, held: str) -> None:
    """Parts are captured until nothing is left, and the payment remembers each with its words."""
    first = do(held, "capture", amount=600, currency="USD", reference="c1", metadata={"a": "b"})
    assert first.status_code == 200
    assert first.json()["status"] == "partially_captured"
    assert amounts(first.json()) == (1000, 600, 400, 0)
    rest = do(held, "capture").json()
    assert (rest["status"], amounts(rest)) == ("captured", (1000, 1000, 0, 0))
    one, two = rest["changes"]
    assert (one["type"], one["amount"], one["reference"]) == ("capture", 600, "c1")
    assert (two["amount"], two["reference"], two["metadata"]) == (400, None, {})
    assert client.get(f"/v1/payments/{held}").json() == rest


def test_voiding_gives_up_what_is_left(do: Do, pay: Pay, held: str) -> None:
    """An authorization is voided; after a part was captured, only the rest is."""
    done = do(held, "void", reason="out of stock", reference="v1").json()
    assert (done["status"], amounts(done)) == ("voided", (1000, 0, 0, 0))
    assert (done["changes"][0]["reason"], done["changes"][0]["amount"]) == ("out of stock", 1000)
    other = pay(capture="manual").json()["id"]
    do(other, "capture", amount=600)
    rest = do(other, "void").json()
    assert (rest["status"], amounts(rest)) == ("partially_voided", (1000, 600, 0, 0))
    assert do(other, "refunds").json()["amount"] == 600


def test_an_authorization_is_raised(client: httpx.Client, do: Do, held: str) -> None:
    """The new total can be captured; more than twice as much is declined, with the payment as it
    was."""
    more = do(held, "increment", amount=2000, description="a second book").json()
    assert (more["status"], more["amount"]) == ("authorized", 2000)
    assert amounts(more) == (2000, 0, 2000, 0)
    declined = do(held, "increment", amount=4001)
    assert declined.status_code == 402
    assert declined.json()["decline"]["code"] == "insufficient_funds"
    assert client.get(f"/v1/payments/{held}").json() == more
    assert do(held, "capture", amount=2000).json()["status"] == "captured"


def test_a_payment_is_refunded_in_parts(client: httpx.Client, do: Do, paid: str) -> None:
    """Each refund is a thing of its own, which is found again; the payment counts them together."""
    first = do(paid, "refunds", amount=400, reference="r1", reason="torn", metadata={"a": "b"})
    refund = first.json()
    assert first.status_code == 201
    assert refund["id"].startswith("ref_")
    assert (refund["status"], refund["payment"]) == ("succeeded", paid)
    assert (refund["reference"], refund["reason"], refund["metadata"]) == ("r1", "torn", {"a": "b"})
    assert do(paid, "refunds").json()["amount"] == 600
    payment = client.get(f"/v1/payments/{paid}").json()
    assert (payment["status"], amounts(payment)) == ("captured", (1000, 1000, 0, 1000))
    assert problem(do(paid, "refunds")) == (409, "already_refunded", None)
    path = f"/v1/refunds/{refund['id']}"
    for query in ({}, {"payment": paid}, {"reference": "r1", "payment": paid}):
        assert client.get(path, params=query).json() == refund
    assert client.get(path, params={"payment": "pay_x"}).status_code == 404
    assert problem(client.get(path, params={"ref": "r1"}))[1] == "unknown_parameter"


def test_refunds_that_wait_or_fail(client: httpx.Client, do: Do, pay: Pay) -> None:
    """One card's refunds are pending and then made; another's fail, and give nothing back."""
    ends = {PENDING: ("pending", "succeeded", 400), FAILING: ("failed", "failed", 0)}
    for number, (at_first, later, given_back) in ends.items():
        payment = pay(number).json()["id"]
        refund = do(payment, "refunds", amount=400).json()
        assert refund["status"] == at_first
        assert bool(refund["failure"]) == (at_first == "failed")
        assert client.get(f"/v1/refunds/{refund['id']}").json()["status"] == later
        found = client.get(f"/v1/payments/{payment}").json()
        assert found["amount_refunded"] == given_back


def test_each_test_card_is_told_by_its_last_digits() -> None:
    """What refunds come to is decided by the four digits that are kept of a card."""
    assert len({card.number[-4:] for card in TEST_CARDS}) == len(TEST_CARDS)


@pytest.mark.parametrize(
    ("how", "what", "code"),
    [
        ({}, "capture", "not_capturable"),
        ({}, "void", "not_voidable"),
        ({}, "increment", "not_incrementable"),
        ({"capture": "manual"}, "refunds", "not_refundable"),
        *(({"number": "4111111111111111"}, *rest) for rest in (
            ("capture", "not_capturable"), ("void", "not_voidable"),
            ("increment", "not_incrementable"), ("refunds", "not_refundable"),
        )),
        ({"number": "4000000000000101"}, "capture", "not_capturable"),
        ({"three_d_secure": "required"}, "void", "not_voidable"),
    ],
)  # fmt: skip
def test_what_a_status_does_not_allow_is_a_conflict(
    client: httpx.Client, do: Do, pay: Pay, how: dict[str, Any], what: str, code: str
) -> None:
    """A change that the payment's status does not allow says so, and leaves it as it is."""
    before = pay(**how).json()
    more = {"amount": 1500} if what == "increment" else {}
    assert problem(do(before["id"], what, **more)) == (409, code, None)
    assert client.get(f"/v1/payments/{before['id']}").json() == before


def test_a_voided_payment_stays_voided(do: Do, held: str) -> None:
    """Nothing can be done to it any more."""
    do(held, "void")
    for what in ("capture", "void", "increment", "refunds"):
        answer = do(held, what, **({"amount": 1500} if what == "increment" else {}))
        assert answer.status_code == 409


@pytest.mark.parametrize(
    ("what", "body", "code", "param"),
    [
        ("capture", {"amount": 1001}, "amount_too_large", "amount"),
        ("capture", {"amount": 0}, "invalid", "amount"),
        ("capture", {"amount": 500, "currency": "EUR"}, "currency_mismatch", "currency"),
        ("increment", {"amount": 1000}, "amount_too_small", "amount"),
        ("increment", {}, "missing", "amount"),
        ("increment", {"amount": 1500, "currency": "EUR"}, "currency_mismatch", "currency"),
        ("void", {"amount": 500}, "unknown_parameter", "amount"),
        ("refunds", {"amount": 1001}, "amount_too_large", "amount"),
        ("refunds", {"currency": "EUR"}, "currency_mismatch", "currency"),
    ],
)
def test_wrong_amounts_are_named(
    do: Do, held: str, paid: str, what: str, body: dict[str, Any], code: str, param: str
) -> None:
    """Too much, too little or the wrong currency is a 400 that names the property."""
    assert problem(do(paid if what == "refunds" else held, what, **body)) == (400, code, param)


def test_unknown_payments_and_refunds(client: httpx.Client, do: Do, sandbox_url: str) -> None:
    """What does not exist is a 404; without a key nothing is told."""
    for what in ("capture", "void", "refunds"):
        assert problem(do("pay_x", what)) == (404, "not_found", None)
    assert problem(client.get("/v1/refunds/ref_x")) == (404, "not_found", None)
    for method, path in (("POST", "/v1/payments/pay_x/capture"), ("GET", "/v1/refunds/ref_x")):
        assert httpx.request(method, sandbox_url + path).status_code == 401


def test_asking_again_changes_nothing(do: Do, pay: Pay, held: str, paid: str) -> None:
    """A repeated capture or refund with its key is done once, and the key is for one payment."""
    for payment, what in ((held, "capture"), (paid, "refunds")):
        first, again = (do(payment, what, key=f"key-{payment}", amount=300) for _ in range(2))
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert again.headers["idempotent-replayed"] == "true"
        other = pay(capture="manual").json()["id"]
        assert do(other, what, key=f"key-{payment}", amount=300).status_code == 409
    assert do(held, "capture").json()["changes"][-1]["amount"] == 700
    assert do(paid, "refunds").json()["amount"] == 700


@pytest.mark.parametrize(("amount", "wins"), [(1000, 1), (None, 1), (300, 3)])
@pytest.mark.parametrize("what", ["capture", "refunds"])
def test_twenty_at_once_never_take_too_much(
    client: httpx.Client, do: Do, held: str, paid: str, what: str, amount: int | None, wins: int
) -> None:
    """However many threads capture or refund at once, only what there is is moved."""
    payment, body = (held if what == "capture" else paid), {"amount": amount}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: do(payment, what, **body), range(20)))
    won = [answer for answer in answers if answer.is_success]
    codes = {problem(answer)[1] for answer in answers if not answer.is_success}
    assert len(won) == wins
    assert codes <= {"not_capturable", "already_refunded", "amount_too_large"}
    found = client.get(f"/v1/payments/{payment}").json()
    moved = found["amount_captured" if what == "capture" else "amount_refunded"]
    assert moved == (amount or 1000) * wins


CHANGES = st.sampled_from(["capture", "capture", "refunds", "refunds", "increment", "void"])
AMOUNTS = st.none() | st.integers(1, 1200)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(CHANGES, AMOUNTS), max_size=8))
def test_the_amounts_always_add_up(pay: Pay, do: Do, steps: list[tuple[str, int | None]]) -> None:
    """Whatever is done in whatever order, no more is captured than was authorized, and no more is
    given back than was captured."""
    payment = pay(capture="manual").json()["id"]
    captured = refunded = 0
    for what, amount in steps:
        answer = do(payment, what, **({} if what == "void" else {"amount": amount}))
        assert answer.status_code in (200, 201, 400, 402, 409)
        if what == "refunds" and answer.is_success:
            refunded += answer.json()["amount"]
        elif answer.is_success:
            body = answer.json()
            assert captured <= body["amount_captured"]
            captured = body["amount_captured"]
            assert captured + body["amount_capturable"] <= body["amount_authorized"]
            assert body["amount_refunded"] == refunded
        assert refunded <= captured
