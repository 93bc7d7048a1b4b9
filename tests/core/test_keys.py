"""Where the core places idempotency keys: each request of a flow that wants one has its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support import Server

from prism_core import Address, Card, InvalidRequest, Prism
from prism_core.runtime.keys import derived_key

SOURCE = """
from prism_core import Account, ConnectorInfo, PaymentMethodStored, hookimpl


class KeyAccount(Account, frozen=True, kw_only=True):
    idempotency_header = "Key"


class Shop:
    info = ConnectorInfo(display_name="Shop", account=KeyAccount, docs="https://shop.example")

    @hookimpl
    def tokenize(self, request, account):
        card, own = request.payment_method, request.connector_customer_id
        form = {"card": [card.number, card.exp_month, card.exp_year, card.cvc]}
        yield account.post("/cards", form=form, changes=False, keyed=True)
        yield account.post("/searches", form=form, changes=False)
        yield account.post("/cards/1/owner", form={"owner": own})
        yield account.post("/notes", form={}, keyed=False)
        return PaymentMethodStored(connector_payment_method_id="1")

    @hookimpl
    def parse_error(self, response, account):
        return None


connector = Shop()
"""
CARD = Card("4111111111111111", 12, 2090, "123")


@pytest.fixture
def shop(plugin: Callable[..., object], server: Server) -> Prism:
    """A connector that stores a card in several steps."""
    plugin("shop", SOURCE)
    server.answer(200, {})
    return Prism("shop", base_url=server.url)


def test_a_request_that_changes_nothing_yet_can_have_a_key(shop: Prism, server: Server) -> None:
    """So that the same call made again makes the same object, and the next step, which has a key
    made of the first one, sends the same body again."""
    with shop:
        for _ in range(2):
            shop.payment_methods.tokenize(payment_method=CARD, idempotency_key="k-1")
    keys = [seen.headers.get("key") for seen in server.seen]
    first, search, second, note = keys[:4]
    assert (first, search, note) == ("k-1", None, None)
    assert second not in ("k-1", None)
    assert keys[4:] == keys[:4]


def test_what_cannot_be_sent_is_refused_before_a_request_with_a_key(
    shop: Prism, server: Server
) -> None:
    """Even if that one changes nothing: it is no lookup."""
    with shop, pytest.raises(InvalidRequest, match="cannot send billing_address"):
        shop.payment_methods.tokenize(payment_method=CARD, billing_address=Address(city="Paris"))
    assert server.seen == []


def test_a_derived_key_belongs_to_one_purpose(shop: Prism, server: Server) -> None:
    """A caller whose key is a word of the core's own gets no key of another call's: that of
    get_or_create for the customer "1" is made of "customer" and "1", too."""
    with shop:
        shop.payment_methods.tokenize(payment_method=CARD, idempotency_key="customer")
    sent = {seen.headers.get("key") for seen in server.seen}
    assert derived_key("customer", "1") not in sent
