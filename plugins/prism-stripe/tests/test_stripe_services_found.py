"""`get_or_create` for a customer whose details changed: Stripe refuses the key, and the customer is
searched for. https://docs.stripe.com/search, https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from prism_core import AsyncPrism, Conflict, Prism

from .loopback import Answering
from .samples import CUS, KEY, customer, customer_request, error

CHANGED = error(type="idempotency_error", message="Keys can only be used with the same parameters.")


def found(*customers: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/customers/search"""
    return {"object": "search_result", "data": customers, "has_more": False}


@pytest.mark.parametrize(
    ("own", "query"),
    [("user_42", '"user_42"'), ('user "4\'2" & 100%', '"user \\"4\'2\\" & 100%"')],
)
def test_a_customer_who_changed_is_found_again(
    prism: Prism, answering: Answering, own: str, query: str
) -> None:
    """Asked for with another email, Stripe refuses the key: the one customer with exactly the
    caller's id is returned. The search ignores case, and the id is quoted for it."""
    same = customer(metadata={"merchant_customer_id": own})
    other = customer(id="cus_other", metadata={"merchant_customer_id": own.upper()})
    unnamed = customer(id="cus_unnamed", metadata={})
    answering.answer(400, CHANGED).answer(200, found(other, unnamed, same))
    asked = customer_request(merchant_customer_id=own, email="new@example.com")
    made = prism.customers.get_or_create(asked)
    assert (made.connector_customer_id, made.existed, made.discrepancies) == (CUS, True, ())
    asked_for = urlsplit(answering.seen[1].path)
    assert asked_for.path == "/v1/customers/search"
    assert parse_qs(asked_for.query)["query"] == [f'metadata["merchant_customer_id"]:{query}']


TWICE = (customer(), customer(id="cus_2"))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, found()),
        (200, found(*TWICE)),
        (200, found(customer(metadata={"merchant_customer_id": "USER_42"}))),
        (200, b"<html>"),
        (403, error(message="Search is not available in your country.")),
        (500, error(type="api_error")),
    ],
)
def test_a_customer_who_is_not_found_for_certain_is_a_conflict(
    prism: Prism, answering: Answering, status: int, answer: Any
) -> None:
    """None, several, or no search at all: the Conflict says what to do."""
    answering.answer(400, CHANGED).answer(status, answer, {"retry-after": "0"})
    with pytest.raises(Conflict, match="connector_customer_id") as caught:
        prism.customers.get_or_create(customer_request())
    assert caught.value.outcome == "unknown"
    assert caught.value.status_code == 400


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        ("user\\42", CHANGED),
        ("user_42", error(type="idempotency_error", code="idempotency_key_in_use")),
    ],
)
def test_no_customer_is_searched_for_where_it_could_mislead(
    prism: Prism, answering: Answering, own: str, refusal: Any
) -> None:
    """A backslash has no documented form in a search; a key in use may yet make a customer."""
    answering.answer(400, refusal, {"stripe-should-retry": "false"})
    with pytest.raises(Conflict):
        prism.customers.get_or_create(customer_request(merchant_customer_id=own))
    assert len(answering.seen) == 1


def test_creating_finds_no_other_customer(prism: Prism, answering: Answering) -> None:
    """`create` without on_conflict="return" is told of the conflict, and searches nothing."""
    answering.answer(400, CHANGED)
    with pytest.raises(Conflict):
        prism.customers.create(customer_request())
    assert len(answering.seen) == 1


@pytest.mark.anyio
async def test_the_async_client_finds_the_customer_again(answering: Answering) -> None:
    answering.answer(400, CHANGED).answer(200, found(customer()))
    async with AsyncPrism("stripe", api_key=KEY, base_url=answering.url) as prism:
        made = await prism.customers.get_or_create(customer_request())
    assert (made.connector_customer_id, made.existed) == (CUS, True)
