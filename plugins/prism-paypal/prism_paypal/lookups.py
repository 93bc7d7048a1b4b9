"""Lookups: what PayPal tells of an order, a capture or a refund, if it is the one asked for."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import UNSET

from prism_core import (
    Flow,
    HttpResponse,
    MalformedResponse,
    expect_same,
    segment,
)
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import UNPAID, parts_of
from prism_paypal.errors import refusal
from prism_paypal.shapes import Id, Link, Order, Part, RefundBody, Supplement

T = TypeVar("T", Part, RefundBody)


class Minimal(msgspec.Struct):
    """https://developer.paypal.com/api/rest/requests/#prefer: a minimal answer has an id, a status
    and links, and no amount."""

    id: Id
    status: str
    amount: msgspec.Raw | msgspec.UnsetType = UNSET


def order_of(account: PayPalAccount, order_id: str) -> Flow[Order]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
    found = yield from account.authorized(account.get(f"/v2/checkout/orders/{segment(order_id)}"))
    order = account.decode(found, Order)
    expect_same("connector_transaction_id", order_id, order.id)
    return order


def paid_order_of(account: PayPalAccount, order_id: str) -> Flow[Order]:
    """An order whose payment shall be changed; refused if it says that it was never paid."""
    order = yield from order_of(account, order_id)
    if order.status in UNPAID and not any(parts_of(order)):
        raise refusal("the order was not paid for")
    return order


def capture_of(account: PayPalAccount, capture_id: str) -> Flow[Part]:
    """https://developer.paypal.com/docs/api/payments/v2/#captures_get"""
    path = f"/v2/payments/captures/{segment(capture_id)}"
    capture = account.decode((yield from account.authorized(account.get(path))), Part)
    expect_same("capture", capture_id, capture.id)
    return capture


def whole_of(
    account: PayPalAccount, answer: HttpResponse, shape: type[T], collection: str
) -> Flow[T]:
    """What was just made, as the answer tells it; looked up where the answer is a minimal one,
    because its amount must be compared."""
    told = account.decode(answer, Minimal)
    if told.amount is not UNSET:
        return account.decode(answer, shape)
    path = f"/v2/payments/{collection}/{told.id}"
    made = account.decode((yield from account.authorized(account.get(path))), shape)
    expect_same("id", told.id, made.id)
    return made


def insist(field: str, asked: str | None, told: str | None) -> None:
    """Raises `MalformedResponse` where the answer to a change names another object than asked."""
    if asked is not None and told is not None and asked != told:
        raise MalformedResponse(f"the answer is about another {field} than asked")


def parent(links: list[Link] | None, collection: str) -> str | None:
    """The id of what an object belongs to, from its link `up`, where that is of a collection such
    as "captures"."""
    for link in links or ():
        before, _, parent_id = link.href.rpartition("/")
        if link.rel == "up" and before.endswith(f"/{collection}"):
            return parent_id
    return None


def order_id_of(supplement: Supplement | None, links: list[Link] | None) -> str | None:
    """The id of the order that an authorization or a capture belongs to, by name or by link."""
    ids = supplement.related_ids if supplement else None
    named = ids.order_id if ids else None
    return named or parent(links, "checkout/orders")
