"""Stored cards: whose they are, and when one is gone."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    AsyncPrism,
    DeletePaymentMethodRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    NotFound,
    Prism,
    RevokeMandateRequest,
    TokenizeRequest,
)

from .adyen_loopback import StandIn
from .adyen_samples import KEY, MERCHANT, card, error
from .test_adyen_services import STORED

ENDING: dict[str, tuple[str, str, Any]] = {
    "delete": ("payment_methods", "delete", DeletePaymentMethodRequest(
        connector_payment_method_id=STORED, connector_customer_id="user_42")),
    "revoke": ("recurring", "revoke", RevokeMandateRequest(
        connector_mandate_id=STORED, connector_customer_id="user_42")),
}  # fmt: skip
each_ending = pytest.mark.parametrize("what", ENDING)


def ended(prism: Prism, what: str) -> Any:
    """What deleting the stored card, or revoking the permission, comes to."""
    service, method, request_ = ENDING[what]
    return getattr(getattr(prism, service), method)(request_)


@each_ending
def test_a_card_is_gone_when_adyen_says_so(adyen: Prism, standing_in: StandIn, what: str) -> None:
    """A 204 without a body is Adyen's word that the stored card is deleted."""
    standing_in.answer(b"", 204)
    gone = ended(adyen, what)
    assert STORED in (
        getattr(gone, "connector_payment_method_id", None),
        getattr(gone, "connector_mandate_id", None),
    )
    (sent,) = standing_in.seen
    assert (sent.method, sent.path.partition("?")[0]) == (
        "DELETE",
        f"/v71/storedPaymentMethods/{STORED}",
    )


GARBAGE = [
    *((200, body) for body in (b"<html>", b"", b"{}", b"[detail-not-found]", b'""', b"null")),
    *((status, b"") for status in (201, 202, 205)),
    (202, b"{}"),
]


@each_ending
@pytest.mark.parametrize(("status", "body"), GARBAGE)
def test_nothing_else_deletes_a_card(
    adyen: Prism, standing_in: StandIn, what: str, status: int, body: bytes
) -> None:
    """The page of somebody in between, or another success, leaves the outcome unknown."""
    standing_in.answer(body, status)
    with pytest.raises(MalformedResponse) as caught:
        ended(adyen, what)
    assert caught.value.outcome == "unknown"


@each_ending
@pytest.mark.parametrize("code", ["800", "803"])
def test_a_card_that_adyen_does_not_know_is_not_found(
    adyen: Prism, standing_in: StandIn, what: str, code: str
) -> None:
    """Nothing was deleted, and the error says which it is."""
    standing_in.answer(error(422, code), 422)
    with pytest.raises(NotFound) as caught:
        ended(adyen, what)
    assert caught.value.outcome == "rejected"


@pytest.mark.anyio
@each_ending
async def test_nothing_else_deletes_a_card_in_a_loop(standing_in: StandIn, what: str) -> None:
    standing_in.answer(b"<html>")
    url = standing_in.url
    async with AsyncPrism("adyen", api_key=KEY, merchant_account=MERCHANT, base_url=url) as prism:
        with pytest.raises(MalformedResponse):
            await ended(prism, what)  # type: ignore[arg-type]


TOKENIZED = {"id": STORED, "type": "scheme", "shopperReference": "user_42"}
LISTED = {"shopperReference": "user_42", "storedPaymentMethods": [TOKENIZED]}
ASKED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "tokenize": ("tokenize", TokenizeRequest(
        payment_method=card(), connector_customer_id="user_42"), TOKENIZED),
    "list": ("list", ListPaymentMethodsRequest(connector_customer_id="user_42"), LISTED),
}  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_whose_cards_they_are_is_compared(adyen: Prism, standing_in: StandIn, what: str) -> None:
    """Another shopper's answer is no result; an answer about no shopper says so."""
    method, request_, body_ = ASKED[what]
    call = getattr(adyen.payment_methods, method)
    standing_in.answer({**body_, "shopperReference": "user_7"}).answer(
        {**body_, "shopperReference": None}
    )
    with pytest.raises(MalformedResponse, match="another connector_customer_id"):
        call(request_)
    (found,) = call(request_).discrepancies
    assert (found.field, found.reported) == ("connector_customer_id", "null")


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("body_", [b"<html>", b"", b"{}", b"[]", b'""', b"null"])
def test_garbage_is_no_card(adyen: Prism, standing_in: StandIn, what: str, body_: bytes) -> None:
    """An answer that is not the documented one is neither a card nor an empty list."""
    method, request_, _ = ASKED[what]
    standing_in.answer(body_)
    with pytest.raises(MalformedResponse):
        getattr(adyen.payment_methods, method)(request_)
