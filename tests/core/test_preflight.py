"""What is refused before anything is sent, and what a connector may leave out."""

from __future__ import annotations

import calendar
from typing import Any

import pytest
from support import Install, Server, acme_source

from prism_core import (
    Card,
    ConfigurationError,
    InvalidRequest,
    Money,
    PaymentClient,
    Prism,
    Token,
    UnsupportedOperation,
    at_most,
    needs,
    needs_setting,
    single_value,
)

from .samples import ASKED, GOOD, options


def test_a_currency_that_the_processor_does_not_take_is_refused(
    plugin: Install, server: Server
) -> None:
    """Before anything is sent, with every amount; the others are sent."""
    plugin(
        "acme", acme_source(("exponents=EXPONENTS,", 'exponents=EXPONENTS, currencies=("USD",),'))
    )
    server.answer(200, GOOD)
    with Prism("acme", api_key="k", base_url=server.url) as prism:
        with pytest.raises(InvalidRequest, match="Acme does not take EUR") as caught:
            prism.payments.authorize(**{**ASKED, "amount": Money(1000, "EUR")})
        assert (caught.value.field, server.seen) == ("amount", [])
        assert prism.payments.authorize(**ASKED).amount == Money(1000, "USD")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"payment_method": Token("tok_1")}, "Acme takes Card here, not Token"),
        ({"capture_method": "SCHEDULED"}, "captures AUTOMATIC, MANUAL, not SCHEDULED"),
        ({"setup_future_usage": "OFF_SESSION"}, "cannot send setup_future_usage"),
        ({"payment_method": Card("4242424242424242", 1, 2020, "123")}, "card is expired"),
        ({"payment_method": Card("4242424242424241", 1, 2090, "123")}, "check digit"),
    ],
)
def test_what_a_connector_cannot_send_is_refused(
    prism: Prism, server: Server, changes: dict[str, Any], words: str
) -> None:
    """A field, method or card that would be dropped or surely refused never leaves."""
    with pytest.raises(InvalidRequest, match=words) as caught:
        prism.payments.authorize(**{**ASKED, **changes})
    assert caught.value.field
    assert server.seen == []


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False)])
def test_a_card_is_good_until_its_month_ends_everywhere(
    prism: Prism,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    is_taken: bool,
) -> None:
    """The month ends last twelve hours behind UTC (Baker Island): a second before, the processor
    is asked; then the card is refused here."""
    server.answer(200, GOOD)
    noon = calendar.timegm((2090, 12, 1, 12, 0, 0))
    monkeypatch.setattr("prism_core.runtime.preflight.time.time", lambda: noon + seconds)
    card = Card("4242424242424242", 11, 2090, "123")
    if is_taken:
        prism.payments.authorize(**{**ASKED, "payment_method": card})
    else:
        with pytest.raises(InvalidRequest, match="card is expired"):
            prism.payments.authorize(**{**ASKED, "payment_method": card})
    assert len(server.seen) == is_taken


def test_a_lookup_by_an_id_that_is_not_taken_names_the_other(prism: Prism, server: Server) -> None:
    """A processor that finds nothing by your own id says which id it takes; a second id that a
    lookup does not need is no loss."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.get(merchant_transaction_id="order_1")
    words = "Acme does not find a payment by merchant_transaction_id: give connector_transaction_id"
    assert words in str(caught.value)
    assert "repeat the payment with its idempotency_key" in str(caught.value)
    assert server.seen == []
    server.answer(200, {"id": "re_1", "state": "done", "amount": 1000})
    found = prism.refunds.get(connector_refund_id="re_1", merchant_refund_id="return_1")
    assert found.not_sent == ()


def test_an_operation_that_a_connector_lacks(plugin: Any, server: Server) -> None:
    """Asking for what a connector does not implement says what it does, and sends nothing."""
    gone = ("    @hookimpl\n    def get_payment(", "    def _gone(")
    plugin("acme", acme_source(gone))
    payments = PaymentClient("acme", **options(server))
    with pytest.raises(UnsupportedOperation, match=r"does not support payments\.get: it"):
        payments.get(connector_transaction_id="pay_1")
    assert server.seen == []


def test_limits_are_refused_before_anything_is_sent() -> None:
    """The helpers of connectors name the field that does not fit."""
    assert at_most(3, "description", "abc") == "abc"
    assert at_most(3, "description", None) is None
    with pytest.raises(InvalidRequest, match="description has up to 3 characters") as caught:
        at_most(3, "description", "abcd")
    assert caught.value.field == "description"
    assert needs("return_url", "https://shop.example", "with a payment") == "https://shop.example"
    with pytest.raises(InvalidRequest, match="return_url is needed here with a payment; give it"):
        needs("return_url", None, "with a payment")
    assert single_value("name", "customer", None, "Ada", "Ada") == "Ada"
    assert single_value("name", "customer", None, None) is None
    with pytest.raises(InvalidRequest, match="two different names"):
        single_value("name", "customer", "Ada", "Grace")


def test_a_setting_that_a_call_needs_is_named() -> None:
    """Whoever opened the client without it reads what to give, and where."""
    assert needs_setting("public_key", "pk_1", "for Acme's library") == "pk_1"
    with pytest.raises(ConfigurationError) as refused:
        needs_setting("public_key", None, "for Acme's library")
    assert refused.value.message == (
        "public_key is needed for Acme's library: give public_key=... to the client"
    )
