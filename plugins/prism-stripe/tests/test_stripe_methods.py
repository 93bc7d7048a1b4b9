"""Paying without a card number: what each kind of payment method is sent as, and what is refused
before anything is sent. https://docs.stripe.com/api/payment_intents/create"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Ach,
    Bacs,
    Becs,
    BrowserInfo,
    ConfigurationError,
    CreateOrderRequest,
    CustomerAcceptance,
    CustomerDetails,
    InvalidRequest,
    Money,
    OrderLine,
    Prism,
    Redirect,
    SdkToken,
    Sepa,
    Token,
)

from .loopback import Answering
from .samples import KEY, authorizing, payment_request, sending
from .stripe_openapi import read_form

TAX = Money(200, "USD")
IBAN = "DE89370400440532013000"
BROWSER = BrowserInfo(ip_address="203.0.113.7", user_agent="Mozilla/5.0")
SEPA = Sepa(IBAN, "Ada Lovelace")
DEBITS = [
    SEPA,
    Ach("000123456789", "110000000", "Ada Lovelace"),
    Bacs("00012345", "108800", "Ada Lovelace"),
    Becs("000123456", "000000", "Ada Lovelace"),
]


def form(**changes: Any) -> dict[str, Any]:
    """The form of a payment with these fields."""
    return read_form(authorizing(payment_request(**changes)).body.decode())


@pytest.mark.parametrize(
    ("method", "wire"),
    [
        (SdkToken("pm_1"), {"payment_method": "pm_1"}),
        (
            SdkToken("pm_1", payment_method_type="SEPA"),
            {"payment_method": "pm_1", "payment_method_types": {"0": "sepa_debit"}},
        ),
        (SdkToken("ctoken_1"), {"confirmation_token": "ctoken_1"}),
        (
            SdkToken("tok_1"),
            {
                "payment_method_types": {"0": "card"},
                "payment_method_data": {"type": "card", "card": {"token": "tok_1"}},
            },
        ),
    ],
)
def test_each_token_of_a_page_is_sent_where_stripe_wants_it(
    method: SdkToken, wire: dict[str, Any]
) -> None:
    sent = form(payment_method=method)
    assert {name: sent[name] for name in wire} == wire


@pytest.mark.parametrize("method", [Token("pm_1"), SdkToken("pm_1")])
@pytest.mark.parametrize(("back", "redirects"), [(None, "never"), ("https://shop.example/", None)])
def test_a_method_that_redirects_is_only_accepted_with_a_page_to_come_back_to(
    method: Token | SdkToken, back: str | None, redirects: str | None
) -> None:
    """Otherwise Stripe refuses the payment, whatever the token stands for."""
    sent = form(payment_method=method, return_url=back)["automatic_payment_methods"]
    assert (sent["enabled"], sent.get("allow_redirects")) == ("true", redirects)


@pytest.mark.parametrize("debit", DEBITS)
def test_a_debit_is_only_sent_with_the_customers_agreement(debit: Any) -> None:
    """Without a mandate the bank gives the money back to whoever asks."""
    with pytest.raises(InvalidRequest) as caught:
        form(payment_method=debit)
    assert caught.value.field == "customer_acceptance"
    online = {"ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0"}
    sent = form(payment_method=debit, browser_info=BROWSER)["mandate_data"]
    assert sent == {"customer_acceptance": {"type": "online", "online": online}}
    paper = CustomerAcceptance(acceptance_type="OFFLINE", accepted_at=1790000000)
    sent = form(payment_method=debit, customer_acceptance=paper)["mandate_data"]
    assert sent == {"customer_acceptance": {"type": "offline", "accepted_at": "1790000000"}}


def test_an_online_agreement_needs_to_say_where_it_was_given() -> None:
    """Stripe refuses one without address and browser; the error names what to give."""
    with pytest.raises(InvalidRequest) as caught:
        form(payment_method=SEPA, customer_acceptance=CustomerAcceptance())
    assert caught.value.field == "browser_info"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payment_method": Redirect("IDEAL"), "capture_method": "MANUAL"}, "capture_method"),
        ({"payment_method": SEPA, "capture_method": "MANUAL"}, "capture_method"),
        (
            {"payment_method": SdkToken("pm_1", "SEPA"), "capture_method": "MANUAL"},
            "capture_method",
        ),
        ({"payment_method": Redirect("AFFIRM", bank_name="ing")}, "payment_method"),
        ({"payment_method": Redirect("EPS", code="123456")}, "payment_method"),
        ({"payment_method": Redirect("PIX")}, "payment_method"),
        ({"payment_method": Redirect("IDEAL"), "auth_type": "THREE_DS"}, "auth_type"),
        ({"payment_method": SdkToken("pm_1", verification_token="v_1")}, "payment_method"),
        ({"payment_method": SdkToken("tok_1", payment_method_type="SEPA")}, "payment_method"),
        ({"mit_category": "RESUBMISSION_MIT"}, "mit_category"),
    ],
)
def test_what_stripe_has_no_word_for_is_refused(changes: dict[str, Any], field: str) -> None:
    """Nothing is sent, and the error names the field to change."""
    with pytest.raises(InvalidRequest) as caught:
        form(browser_info=BROWSER, **changes)
    assert caught.value.field == field


def test_a_card_that_pays_once_has_no_mandate() -> None:
    """What the customer agreed to is told of a card that is kept, and of no other."""
    paper = CustomerAcceptance(acceptance_type="OFFLINE")
    assert "mandate_data" not in form(customer_acceptance=paper)
    kept = form(customer_acceptance=paper, setup_future_usage="OFF_SESSION")
    assert kept["mandate_data"] == {"customer_acceptance": {"type": "offline"}}


def test_klarna_and_paypal_can_hold_money() -> None:
    for kind in ("KLARNA", "PAY_PAL"):
        sent = form(payment_method=Redirect(kind), capture_method="MANUAL")
        assert sent["capture_method"] == "manual"


def test_the_customers_own_data_stands_in_for_the_billing_address() -> None:
    """What only the address or only the customer says is sent; the address comes first."""
    known = CustomerDetails(name="Ada Lovelace", email="ada@example.com")
    sent = form(payment_method=Redirect("EPS"), customer=known)
    told = sent["payment_method_data"]["billing_details"]
    assert told == {"name": "Ada Lovelace", "email": "ada@example.com"}


def test_lines_that_do_not_add_up_are_refused_only_on_stripes_page() -> None:
    """The page shows and adds up the lines; beside a payment they only describe it."""
    lines = (OrderLine(product_name="Tea", quantity=2, amount=Money(400, "USD")),)
    taxed = (OrderLine(product_name="Tea", amount=Money(800, "USD"), total_tax_amount=TAX),)
    whole: dict[str, Any] = {"merchant_transaction_id": "order_1", "amount": Money(1000, "USD")}
    back = {"return_url": "https://shop.example/back"}
    with Prism("stripe", api_key=KEY, base_url="http://127.0.0.1:9") as prism:
        with pytest.raises(InvalidRequest) as caught:
            prism.payments.create_order(**whole, **back, order_details=lines)
        assert caught.value.field == "order_details"
    request = CreateOrderRequest(**whole, **back, order_details=taxed)
    prices = _lines_sent(request)
    assert prices == [("Tea", "800", "1"), ("Tax", "200", "1")]
    assert form(order_details=lines)["amount_details"]["enforce_arithmetic_validation"] == "false"


def _lines_sent(request: CreateOrderRequest) -> list[tuple[str, str, str]]:
    sent = read_form(sending("payments.create_order", request).body.decode())["line_items"]
    data = [(one["price_data"], one["quantity"]) for one in sent.values()]
    return [(price["product_data"]["name"], price["unit_amount"], n) for price, n in data]


@pytest.mark.parametrize(
    ("environment", "key"), [("SANDBOX", "pk_live_1"), ("PRODUCTION", "pk_test_1")]
)
def test_a_page_gets_no_key_of_the_other_mode(environment: Any, key: str) -> None:
    secret = "sk_live_1" if environment == "PRODUCTION" else KEY
    with pytest.raises(ConfigurationError):
        Prism("stripe", api_key=secret, publishable_key=key, environment=environment)


def test_a_client_token_without_a_customer_sends_nothing(answering: Answering) -> None:
    """The page needs the public key alone; without one the account says what is missing."""
    with Prism("stripe", api_key=KEY, base_url=answering.url, publishable_key="pk_test_1") as prism:
        assert prism.payment_methods.create_client_token().sdk == {"publishable_key": "pk_test_1"}
    with (
        Prism("stripe", api_key=KEY, base_url=answering.url) as prism,
        pytest.raises(ConfigurationError),
    ):
        prism.payment_methods.create_client_token()
    assert answering.seen == []


@pytest.mark.parametrize("hosted", [True, False])
def test_a_page_holds_nothing_that_is_charged_at_once(
    prism: Prism, answering: Answering, hosted: bool
) -> None:
    with pytest.raises(InvalidRequest, match="ideal is charged at once") as refused:
        prism.payments.create_order(
            merchant_transaction_id="order_1",
            amount=Money(1000, "EUR"),
            hosted=hosted,
            payment_method_types=["CARD", "IDEAL"],
            capture_method="MANUAL",
            return_url="https://shop.example/back",
        )
    assert (refused.value.field, answering.seen) == ("capture_method", [])
