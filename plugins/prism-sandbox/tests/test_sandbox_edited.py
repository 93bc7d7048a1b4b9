"""Answers to the sandbox's connector that somebody wrote who is not the sandbox, or that are about
another change than asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from prism_core import Card, Discrepancy, MalformedResponse, Money, Payment, Prism

TEN = Money(1000, "USD")


def test_answers_of_somebody_in_between_are_no_success(url: str) -> None:
    """Another status than the sandbox's, a page or nothing: no deletion, no revocation."""
    answers = [(202, b'{"id": "x", "deleted": true}'), (200, b"<html>"), (200, b"{}"), (204, b"")]
    for status, body in answers:

        def between(
            request: httpx.Request, status: int = status, body: bytes = body
        ) -> httpx.Response:
            return httpx.Response(status, content=body)

        with Prism(
            "sandbox",
            api_key="sandbox_tests",
            base_url=url,
            transport=httpx.MockTransport(between),
        ) as prism:
            calls: tuple[Any, ...] = (
                lambda p=prism: p.customers.delete(connector_customer_id="x"),
                lambda p=prism: p.payment_methods.delete(connector_payment_method_id="x"),
                lambda p=prism: p.recurring.revoke(connector_mandate_id="x"),
                lambda p=prism: p.payments.void(connector_transaction_id="x"),
            )
            for call in calls:
                with pytest.raises(MalformedResponse) as caught:
                    call()
                assert caught.value.outcome == "unknown"


class Editing(httpx.HTTPTransport):
    """The real sandbox, but for one thing that each answer to a change of a payment says."""

    def __init__(self, edit: Any) -> None:
        super().__init__()
        self.edit = edit

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it on, and edits the answer's last change."""
        answered = super().handle_request(request)
        body = json.loads(answered.read())
        if body.get("changes"):
            body["changes"][-1] |= self.edit
        return httpx.Response(answered.status_code, json=body)


@contextmanager
def editing(url: str, edit: Any) -> Iterator[Prism]:
    """A client that gets edited answers."""
    with (
        Editing(edit) as transport,
        Prism("sandbox", api_key="sandbox_tests", base_url=url, transport=transport) as opened,
    ):
        yield opened


def holding(prism: Prism) -> str:
    """The id of a payment that is held."""
    held = prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=TEN,
        payment_method=Card("4242424242424242", 12, 2090, "123"),
        capture_method="MANUAL",
    )
    return str(held.connector_transaction_id)


CHANGES = [
    ("capture", "merchant_capture_id", {"amount": TEN}),
    ("void", "merchant_void_id", {}),
    ("increment_authorization", "merchant_authorization_id", {"amount": Money(1500, "USD")}),
]


@pytest.mark.parametrize(("what", "field", "more"), CHANGES)
def test_a_change_has_the_callers_id(
    prism: Prism, url: str, what: str, field: str, more: dict[str, Any]
) -> None:
    """An answer whose last change has another id is about another change; one without any is
    told."""

    def changed(edit: dict[str, Any]) -> Payment:
        known = {"connector_transaction_id": holding(prism), field: "c_1"}
        with editing(url, edit) as edited:
            done: Payment = getattr(edited.payments, what)(**known, **more)
            return done

    assert changed({}).discrepancies == ()
    assert changed({"reference": None}).discrepancies == (Discrepancy(field, "c_1", "null"),)
    with pytest.raises(MalformedResponse) as caught:
        changed({"reference": "c_2"})
    assert caught.value.outcome == "unknown"


def test_a_capture_that_took_another_amount_is_told(prism: Prism, url: str) -> None:
    """Also after an earlier capture, when the total says nothing of this one."""
    known = holding(prism)
    prism.payments.capture(connector_transaction_id=known, amount=Money(600, "USD"))
    with editing(url, {"amount": 300}) as edited:
        done = edited.payments.capture(connector_transaction_id=known, amount=Money(400, "USD"))
    assert done.discrepancies == (Discrepancy("amount", "4.00 USD", "3.00 USD"),)


@pytest.mark.parametrize(
    ("asked", "amount", "reported"),
    [(TEN, 1000, []), (TEN, 0, ["0.00 USD"]), (None, 0, []), (None, 1, ["0.01 USD"])],
)
def test_a_permission_that_charged_otherwise_is_told(
    asked: Money | None, amount: int, reported: list[str]
) -> None:
    """Nothing where ten dollars were asked for, and something where nothing was."""
    body = {"id": "man_1", "status": "active", "amount": amount, "currency": "USD"}

    def edited(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json=body)

    with Prism("sandbox", api_key="sandbox_tests", transport=httpx.MockTransport(edited)) as prism:
        made = prism.recurring.setup(
            merchant_mandate_id="sub_1",
            payment_method=Card("4242424242424242", 12, 2090, "123"),
            amount=asked,
        )
    assert [one.reported for one in made.discrepancies] == reported
