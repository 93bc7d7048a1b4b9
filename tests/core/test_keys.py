"""Where the core places idempotency keys: each request of a flow that wants one has its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support import Install, Server

from prism_core import Address, Card, InvalidRequest, Prism

from .shapes import small

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


FINDING_NONE = """create_customer:
body = yield from account.fetch(
    account.post("/customers", json={"ref": request.merchant_customer_id}), Body
)
yield account.post("/more", json={})
return CustomerCreated(connector_customer_id=body.id)
"""


def test_a_derived_key_belongs_to_one_purpose(plugin: Install, server: Server) -> None:
    """A caller whose key is a word of the core's own gets no key of another call's: that of
    get_or_create for a customer is made of a word and the customer's id."""
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, FINDING_NONE) as prism:
        prism.customers.create(merchant_customer_id="user_1", idempotency_key="customer")
        prism.customers.get_or_create(merchant_customer_id="1")
    keys = [seen.headers["key"] for seen in server.seen]
    assert len({*keys}) == 4
