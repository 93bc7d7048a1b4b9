"""Checkout pages: what is refused before one is opened, and tries that fail before one pays."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from prism_core import ConfigurationError, InvalidRequest, MalformedResponse, Money, Prism

FORM = {
    "id": "checkout_form_1",
    "nickname": "order_1001",
    "amount_details": {"total_amount": 1000, "currency": "USD"},
    "link_url": "https://link.example/1",
}
PAGE = {"limit": 100, "next_cursor": None}
ORDER: dict[str, Any] = {"merchant_transaction_id": "order_1001", "amount": Money(1000, "USD")}


def tries(*transfers: str | None, of: str = "checkout_form_1") -> dict[str, Any]:
    found = [{"entity_id": of, "transfer_id": one} for one in transfers]
    return {"_embedded": {"transfer_attempts": found}, "page": PAGE}


def test_a_page_is_not_opened_without_terms_of_service(prism: Prism, finix: Any) -> None:
    with pytest.raises(ConfigurationError):
        prism.payments.create_order(**ORDER)
    assert finix.requests == []


def test_a_failed_try_leaves_the_order_open_and_the_next_may_pay(
    prism: Prism, finix: Any, transfer: Any
) -> None:
    declined = transfer(id="TRno", state="FAILED", failure_code="GENERIC_DECLINE")
    finix.tells(FORM, tries("TRno"), declined)
    waits = prism.payments.get(connector_order_id="checkout_form_1")
    finix.tells(FORM, tries("TRno", None, "TRpaid1001"), declined, transfer())
    paid = prism.payments.complete(connector_order_id="checkout_form_1")
    assert (waits.status, waits.connector_transaction_id) == ("PAYMENT_METHOD_AWAITED", None)
    assert waits.error is not None
    assert (paid.status, paid.connector_transaction_id) == ("CHARGED", "TRpaid1001")
    assert paid.merchant_transaction_id == "order_1001"


def test_the_tries_of_another_page_are_not_taken(prism: Prism, finix: Any) -> None:
    finix.tells(FORM, tries("TRpaid1001", of="checkout_form_2"))
    with pytest.raises(MalformedResponse):
        prism.payments.get(connector_order_id="checkout_form_1")


@pytest.mark.parametrize(
    ("more", "field"),
    [({"hosted": False}, "hosted"), ({"payment_method_types": ("IDEAL",)}, "payment_method_types")],
)
def test_what_the_page_has_not_is_refused(finix: Any, more: dict[str, Any], field: str) -> None:
    account = {"username": "US1", "password": "secret", "merchant": "MU1"}
    terms = {"terms_of_service_url": "https://shop.example/terms"}
    prism = Prism("finix", **account, **terms, transport=httpx.MockTransport(finix))
    with prism, pytest.raises(InvalidRequest) as refused:
        prism.payments.create_order(**ORDER, **more)
    assert (refused.value.field, finix.requests) == (field, [])
