"""Orders that the payer approves elsewhere: on PayPal's page, in the shop's, at a bank."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Address,
    BrowserInfo,
    CreateOrderRequest,
    CustomerDetails,
    InvalidRequest,
    Money,
    OrderLine,
    PaymentMethodType,
    PaymentStatus,
    Prism,
    Redirect,
    Token,
)

from .paypal_samples import TEN, body, error, order, part, payment_request
from .paypal_server import PayPalServer

PAGE = {"href": "https://www.sandbox.paypal.com/checkoutnow?token=5ORDER", "rel": "payer-action"}
WALLET = {"paypal": {"email_address": "ada@example.com"}}


def page_order(status: str, **more: Any) -> dict[str, Any]:
    """An order as `create_order` makes it: its unit has a `reference_id` of its own."""
    made = order(status, **{"payment_source": WALLET, "links": [PAGE], **more})
    made["purchase_units"][0]["reference_id"] = "order_1001"
    return made


def opening(**changes: Any) -> CreateOrderRequest:
    """Ten dollars, to be paid on a page."""
    whole = {
        "merchant_transaction_id": "order_1001",
        "amount": TEN,
        "return_url": "https://shop.example/return",
    }
    return CreateOrderRequest(**{**whole, **changes})


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (page_order("PAYER_ACTION_REQUIRED"), PaymentStatus.PAYMENT_METHOD_AWAITED),
        (page_order("CREATED"), PaymentStatus.PAYMENT_METHOD_AWAITED),
        (page_order("APPROVED"), PaymentStatus.CONFIRMATION_AWAITED),
        (page_order("VOIDED"), PaymentStatus.VOIDED),
        (page_order("COMPLETED"), PaymentStatus.UNRESOLVED),
        (page_order("LATER"), PaymentStatus.UNRESOLVED),
        # The payer chose a card in the shop's page, which must be authenticated.
        (
            page_order("PAYER_ACTION_REQUIRED", payment_source={"card": {}}),
            PaymentStatus.AUTHENTICATION_PENDING,
        ),
        # No page of the shop's own: the payer was sent to PayPal, or to a bank.
        (
            order("PAYER_ACTION_REQUIRED", payment_source=WALLET),
            PaymentStatus.AUTHENTICATION_PENDING,
        ),
        (order("APPROVED", payment_source={"ideal": {}}), PaymentStatus.PENDING),
        (order("CREATED", payment_source={"ideal": {}}), PaymentStatus.PAYMENT_METHOD_AWAITED),
        (
            order(payment_source={"ideal": {}}, captures=[part("PENDING")]),
            PaymentStatus.PENDING,
        ),
        (
            order(payment_source={"ideal": {}}, captures=[part("DECLINED")]),
            PaymentStatus.AUTHORIZATION_FAILED,
        ),
    ],
)  # fmt: skip
def test_an_order_is_what_the_payer_has_done(
    prism: Prism, server: PayPalServer, found: dict[str, Any], status: PaymentStatus
) -> None:
    server.script("/5ORDER", (200, found))
    assert prism.payments.get(connector_order_id="5ORDER").status is status


def test_an_order_is_captured_only_after_it_was_approved(
    prism: Prism, server: PayPalServer
) -> None:
    """`complete` asks first: an order that nobody approved, and one that a bank's payment
    completes by itself, are left alone."""
    for left in (
        page_order("PAYER_ACTION_REQUIRED"),
        order("APPROVED", payment_source={"eps": {}}),
    ):
        server.script("/5ORDER", (200, left))
        prism.payments.complete(connector_order_id="5ORDER")
        assert [one.method for one in server.seen] == ["GET"]
        server.seen.clear()
    server.script("/5ORDER", (200, page_order("APPROVED")))
    assert prism.payments.complete(connector_order_id="5ORDER").status is PaymentStatus.CHARGED
    assert server.seen[-1].path == "/v2/checkout/orders/5ORDER/capture"


@pytest.mark.parametrize("issue", ["INSTRUMENT_DECLINED", "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING"])
def test_a_payer_whose_funds_were_refused_can_choose_others(
    prism: Prism, server: PayPalServer, issue: str
) -> None:
    """The order stays open, with the reason and PayPal's page; also one of a redirect."""
    again = [{"href": "https://www.sandbox.paypal.com/again", "rel": "redirect"}]
    for found in (page_order("APPROVED"), order("APPROVED", payment_source=WALLET)):
        server.script("/5ORDER", (200, found))
        server.script("/capture", (422, error(issue, links=again)))
        payment = prism.payments.complete(connector_transaction_id="5ORDER")
        assert payment.status is PaymentStatus.PAYMENT_METHOD_AWAITED
        assert payment.error is not None
        assert payment.redirection_data is not None
        assert payment.redirection_data.uri == "https://www.sandbox.paypal.com/again"


@pytest.mark.parametrize("known", ["connector_order_id", "connector_transaction_id"])
def test_a_failed_try_in_a_page_is_not_the_end(
    prism: Prism, server: PayPalServer, known: str
) -> None:
    """By whichever id the order is completed: the payer can use another card there."""
    server.script("/5ORDER", (200, page_order("APPROVED")))
    server.script("/capture", (422, error("TRANSACTION_REFUSED")))
    refused = prism.payments.complete(**{known: "5ORDER"})
    failed = {"liability_shift": "NO", "three_d_secure": {"authentication_status": "N"}}
    failed["three_d_secure"]["enrollment_status"] = "Y"  # type: ignore[index]
    by_card = {"card": {"authentication_result": failed}}
    server.script("/5ORDER", (200, page_order("APPROVED", payment_source=by_card)))
    unproven = prism.payments.complete(**{known: "5ORDER"})
    for tried in (refused, unproven):
        assert tried.status is PaymentStatus.PAYMENT_METHOD_AWAITED
        assert tried.error is not None


def test_ids_of_two_orders_complete_neither(prism: Prism, server: PayPalServer) -> None:
    with pytest.raises(InvalidRequest):
        prism.payments.complete(connector_order_id="5ORDER", connector_transaction_id="6ORDER")
    assert server.seen == []


def test_an_order_that_is_the_answer_to_another_is_none(prism: Prism, server: PayPalServer) -> None:
    other = page_order("PAYER_ACTION_REQUIRED")
    other["purchase_units"][0]["reference_id"] = "basket_2"
    server.script("/orders", (201, other))
    with pytest.raises(Exception, match="another merchant_order_id"):
        prism.payments.create_order(opening(merchant_order_id="basket_1"))


@pytest.mark.parametrize(
    ("lines", "amount", "parts"),
    [
        ([(2, 450, 100)], 1000, {"item_total": "9.00", "tax_total": "1.00"}),
        ([(2, 450, None)], 1000, {"item_total": "9.00", "shipping": "1.00"}),
        ([(2, 450, None), (1, 300, None)], 1000, {"item_total": "12.00", "discount": "2.00"}),
    ],
)
def test_lines_and_what_the_amount_has_beside_them_add_up(
    prism: Prism, server: PayPalServer, lines: Any, amount: int, parts: dict[str, str]
) -> None:
    """PayPal refuses an order whose parts are not its amount."""
    made = tuple(
        OrderLine(
            product_name="A book",
            quantity=count,
            amount=Money(price, "USD"),
            total_tax_amount=None if tax is None else Money(tax, "USD"),
        )
        for count, price, tax in lines
    )
    server.script("/orders", (201, page_order("PAYER_ACTION_REQUIRED")))
    prism.payments.create_order(opening(order_details=made, amount=Money(amount, "USD")))
    unit = body(server.seen[0])["purchase_units"][0]  # type: ignore[arg-type]
    told = {name: one["value"] for name, one in unit["amount"]["breakdown"].items()}
    assert told == parts
    assert [one["quantity"] for one in unit["items"]] == [str(count) for count, _, _ in lines]


def test_lines_in_another_currency_are_refused(prism: Prism, server: PayPalServer) -> None:
    line = OrderLine(product_name="A book", amount=Money(1000, "EUR"))
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.create_order(opening(order_details=(line,)))
    assert (caught.value.field, server.seen) == ("order_details", [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payment_method_types": ["PAY_PAL", "IDEAL"]}, "payment_method_types"),
        ({"return_url": None}, "return_url"),
        ({"locale": "english"}, "locale"),
        ({"browser_info": BrowserInfo(device_data="ü")}, "browser_info"),
    ],
)
def test_what_paypals_page_cannot_do_is_refused(
    prism: Prism, server: PayPalServer, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.create_order(opening(**changes))
    assert (caught.value.field, server.seen) == (field, [])


ADA = Address(first_name="Ada", last_name="Lovelace", country_alpha2_code="NL")


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("IDEAL", {"billing_address": None}, "billing_address"),
        ("IDEAL", {"billing_address": Address(first_name="Ada")}, "billing_address"),
        ("IDEAL", {"capture_method": "MANUAL"}, "capture_method"),
        ("IDEAL", {"return_url": None}, "return_url"),
        ("IDEAL", {"setup_future_usage": "OFF_SESSION"}, "setup_future_usage"),
        ("PRZELEWY24", {}, "customer"),
        ("PAY_PAL", {"return_url": None}, "return_url"),
    ],
)
def test_what_a_redirect_needs_is_asked_for(
    prism: Prism, server: PayPalServer, kind: str, changes: dict[str, Any], field: str
) -> None:
    whole: dict[str, Any] = {
        "payment_method": Redirect(PaymentMethodType(kind)),
        "billing_address": ADA,
        "capture_method": "AUTOMATIC",
        "return_url": "https://shop.example/return",
    }
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(payment_request(**{**whole, **changes}))
    assert (caught.value.field, server.seen) == (field, [])


def test_a_bank_is_told_the_payers_name_of_the_customer(prism: Prism, server: PayPalServer) -> None:
    """Where the address has none; PayPal is told to take the money by itself."""
    server.script("/orders", (201, order("PAYER_ACTION_REQUIRED", links=[PAGE])))
    prism.payments.authorize(
        payment_request(
            payment_method=Redirect(PaymentMethodType.EPS),
            customer=CustomerDetails(name="Ada Lovelace"),
            billing_address=Address(country_alpha2_code="AT"),
            capture_method="AUTOMATIC",
            return_url="https://shop.example/return",
        )
    )
    sent = body(server.seen[0])  # type: ignore[arg-type]
    assert sent["processing_instruction"] == "ORDER_COMPLETE_ON_PAYMENT_APPROVAL"
    assert sent["payment_source"]["eps"]["name"] == "Ada Lovelace"


@pytest.mark.parametrize(
    ("stored", "paying"),
    [
        ({"card": {"last_digits": "4242"}}, "card"),
        ({"paypal": {}}, "paypal"),
        ({"venmo": {}}, "venmo"),
        ({"apple_pay": {"card": {}}}, "apple_pay"),
    ],
)
def test_a_stored_method_pays_as_what_it_is(
    prism: Prism, server: PayPalServer, stored: dict[str, Any], paying: str
) -> None:
    """PayPal names it in a field of its kind, so that it is looked up before it is charged."""
    server.script("/payment-tokens/vault_1", (200, {"id": "vault_1", "payment_source": stored}))
    prism.recurring.charge(
        merchant_transaction_id="order_1001", amount=TEN, connector_mandate_id="vault_1"
    )
    source = body(server.seen[-1])["payment_source"]  # type: ignore[arg-type]
    assert source[paying]["vault_id"] == "vault_1"
    assert list(source) == [paying]


def test_a_stored_methods_token_is_in_no_repr(prism: Prism, server: PayPalServer) -> None:
    """Its path has the token, which the attempts of the result do not show."""
    payment = prism.payments.authorize(payment_request(payment_method=Token("vault_secret")))
    assert any("payment-tokens" in one.path for one in server.seen)
    assert "vault_secret" not in repr(payment)
