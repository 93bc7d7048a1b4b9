"""Completing a payment, payment methods that are kept, and recurring payments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import Server

from prism_core import (
    Card,
    InvalidRequest,
    MalformedResponse,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    StoredPaymentMethod,
    Token,
)

CARD = Card("4242424242424242", 12, 2090, "123")
TEN = Money(1000, "USD")


@pytest.fixture
def prism(acme: str, server: Server) -> Iterator[Prism]:
    with Prism(acme, api_key="key", base_url=server.url) as opened:
        yield opened


def test_a_payment_is_completed_with_what_came_back(prism: Prism, server: Server) -> None:
    """What the return URL received goes to the processor, whose answer alone counts."""
    server.answer(200, {"id": "pay_1", "state": "paid", "ref": "order_1"})
    done = prism.payments.complete(
        connector_transaction_id="pay_1",
        merchant_transaction_id="order_1",
        returned={"status": "failed", "token": "t"},
    )
    assert (done.status, done.discrepancies) == (PaymentStatus.CHARGED, ())
    assert server.seen[0].json == {"evidence": {"status": "failed", "token": "t"}}


@pytest.mark.parametrize("own", [{}, {"merchant_transaction_id": "order_1"}])
def test_completing_says_which_id_is_missing(
    prism: Prism, server: Server, own: dict[str, str]
) -> None:
    """With neither id, or without the one that the processor needs, nothing is sent."""
    with pytest.raises(InvalidRequest, match="connector_transaction_id") as caught:
        prism.payments.complete(returned={"token": "t"}, **own)
    assert (caught.value.field, server.seen) == ("connector_transaction_id", [])


def test_a_card_is_kept_listed_and_forgotten(prism: Prism, server: Server) -> None:
    """The id that comes back pays as a Token; a repr shows the last four digits and no others."""
    server.answer(201, {"id": "card_1", "last_four": "4242"})
    kept = prism.payment_methods.tokenize(payment_method=CARD, connector_customer_id="cus_1")
    assert Token(kept.connector_payment_method_id) == Token("card_1")
    assert "last_four='4242'" in repr(kept)
    assert "42424" not in repr(kept)
    server.answers.clear()
    server.answer(200, [{"id": "card_1", "last_four": "4242"}])
    listed = prism.payment_methods.list(connector_customer_id="cus_1")
    assert [one.last_four for one in listed.payment_methods] == ["4242"]
    assert listed.is_complete
    server.answers.clear()
    server.answer(200, {"id": "card_2"})
    with pytest.raises(MalformedResponse, match="another connector_payment_method_id"):
        prism.payment_methods.delete(connector_payment_method_id="card_1")


def test_a_card_of_another_customer_is_not_listed(prism: Prism, server: Server) -> None:
    """A list that holds the card of somebody else is no answer to the question."""
    server.answer(200, [{"id": "card_1", "owner": "cus_1"}, {"id": "card_2", "owner": "cus_2"}])
    with pytest.raises(MalformedResponse, match="another connector_customer_id"):
        prism.payment_methods.list(connector_customer_id="cus_1")
    server.answers.clear()
    server.answer(200, [{"id": "card_1", "owner": "cus_1"}, {"id": "card_2", "owner": None}])
    listed = prism.payment_methods.list(connector_customer_id="cus_1").payment_methods
    assert [card.connector_customer_id for card in listed] == ["cus_1", None]


def test_a_card_alone_is_tokenized(prism: Prism, server: Server) -> None:
    """A Token is kept already."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payment_methods.tokenize(payment_method=Token("card_1"))  # type: ignore[call-overload]
    assert caught.value.field == "payment_method"
    assert server.seen == []


def test_a_series_of_payments(prism: Prism, server: Server) -> None:
    """The permission is set up once, charged with what ties it to the first, and given back."""
    server.answer(201, {"id": "man_1", "state": "active", "network": "net_1"})
    mandate = prism.recurring.setup(merchant_mandate_id="sub_1", payment_method=CARD, amount=TEN)
    assert (mandate.status, mandate.merchant_mandate_id) == (MandateStatus.ACTIVE, "sub_1")
    server.answers.clear()
    server.answer(201, {"id": "pay_1", "state": "paid", "amount": 1000})
    paid = prism.recurring.charge(
        merchant_transaction_id="renewal_1",
        amount=TEN,
        connector_mandate_id="man_1",
        network_transaction_id=mandate.network_transaction_id,
    )
    assert (paid.status, paid.discrepancies) == (PaymentStatus.CHARGED, ())
    assert server.seen[1].json == {"ref": "renewal_1", "amount": 1000, "network": "net_1"}
    server.answers.clear()
    server.answer(200, {"id": "man_1", "state": "revoked"})
    assert prism.recurring.revoke(connector_mandate_id="man_1").status is MandateStatus.REVOKED


def test_a_renewal_of_another_amount_is_a_discrepancy(prism: Prism, server: Server) -> None:
    server.answer(201, {"id": "pay_1", "state": "paid", "amount": 2000})
    paid = prism.recurring.charge(
        merchant_transaction_id="renewal_1", amount=TEN, connector_mandate_id="man_1"
    )
    assert [one.field for one in paid.discrepancies] == ["amount"]


def test_a_setup_charges_nothing_or_something(prism: Prism, server: Server) -> None:
    """A first payment of 0 is none: leave the amount out."""
    with pytest.raises(InvalidRequest):
        prism.recurring.setup(
            merchant_mandate_id="sub_1", payment_method=CARD, amount=Money(0, "USD")
        )
    assert server.seen == []


def test_a_sentence_is_no_brand() -> None:
    """What a processor says of a card it keeps is short; anything longer is left out."""
    told = StoredPaymentMethod(
        connector_payment_method_id="c", brand="we got your card " * 9, last_four="12345"
    )
    assert (told.brand, told.last_four) == (None, None)
    assert (
        StoredPaymentMethod(connector_payment_method_id="c", brand="Visa", last_four="4242").brand
        == "Visa"
    )
