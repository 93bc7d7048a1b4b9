"""What a payment tells of its circumstances: 3-D Secure done elsewhere, who starts it, browser,
acceptance and order; from the connector to the sandbox over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    AuthenticationData,
    BrowserInfo,
    Card,
    CustomerAcceptance,
    CustomerDetails,
    InvalidRequest,
    Money,
    OrderLine,
    Payment,
    PaymentStatus,
    Prism,
)

CHALLENGED = Card("4000002500003155", 12, 2090, "123")


def pay(prism: Prism, card: Card, **more: Any) -> Payment:
    return prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=Money(1000, "EUR"),
        payment_method=card,
        **more,
    )


@pytest.mark.parametrize(
    ("done", "status"),
    [
        ({"cavv": "AAABBEg0", "trans_status": "Y", "eci": "05"}, PaymentStatus.CHARGED),
        ({"cavv": "AAABBEg0", "trans_status": "A"}, PaymentStatus.CHARGED),
        ({"trans_status": "N"}, PaymentStatus.AUTHORIZATION_FAILED),
        ({"exemption_indicator": "low_value"}, PaymentStatus.AUTHENTICATION_PENDING),
        (None, PaymentStatus.AUTHENTICATION_PENDING),
    ],
)
def test_3_d_secure_done_elsewhere_is_taken(
    prism: Prism, done: dict[str, str] | None, status: PaymentStatus
) -> None:
    """A result that says that the customer was authenticated needs no challenge."""
    data = AuthenticationData(**done) if done else None
    assert pay(prism, CHALLENGED, authentication_data=data).status is status


def test_a_card_stored_elsewhere_needs_no_challenge(prism: Prism) -> None:
    """For a payment that the merchant starts, with the network's id of the first payment."""
    more = {"mit_category": "RECURRING_MIT", "off_session": True}
    paid = pay(prism, CHALLENGED, network_transaction_id="nti_1", **more)
    assert paid.status is PaymentStatus.CHARGED
    assert pay(prism, CHALLENGED, **more).status is PaymentStatus.AUTHORIZATION_FAILED


def test_lines_are_in_the_payment_s_currency(prism: Prism) -> None:
    """The sandbox takes their amounts without one: another would be read as the payment's."""
    line = OrderLine(product_name="Book", amount=Money(1000, "JPY"))
    with pytest.raises(InvalidRequest, match="must be in EUR"):
        pay(prism, CHALLENGED, order_details=[line])


def test_all_that_is_told_is_kept_and_shown(prism: Prism) -> None:
    line = OrderLine(product_name="Book", quantity=2, amount=Money(500, "EUR"), product_id="b_1")
    paid = pay(
        prism,
        Card("4242424242424242", 12, 2090, "123"),
        browser_info=BrowserInfo(ip_address="203.0.113.7", color_depth=24, device_data="secret"),
        customer_acceptance=CustomerAcceptance(accepted_at=1_790_000_000),
        authentication_data=AuthenticationData(cavv="secret", trans_status="Y"),
        cancel_url="https://shop.example/cart",
        webhook_url="https://shop.example/events",
        locale="en-GB",
        customer=CustomerDetails(name="Ada Lovelace", email="ada@example.com"),
        merchant_order_id="basket_7",
        order_details=[line],
    )
    assert paid.not_sent == ()
    shown = paid.response.json()
    assert shown["browser"] == {"ip_address": "203.0.113.7", "color_depth": 24, "device_data": True}
    assert shown["person"]["name"] == "Ada Lovelace"
    assert shown["acceptance"]["type"] == "online"
    assert shown["authentication"] == {"trans_status": "Y", "cavv": True}
    assert shown["order_details"][0]["name"] == "Book"
    assert (shown["order_reference"], shown["locale"]) == ("basket_7", "en-GB")
    assert shown["cancel_url"].endswith("/cart")
