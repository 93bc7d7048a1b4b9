"""Orders that the customer pays on a page, client tokens, mandates looked up and completed."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import (
    InvalidRequest,
    MandateStatus,
    Money,
    OrderLine,
    PaymentMethodType,
    PaymentStatus,
    Prism,
)
from prism_core.schema.orders import CreateOrderRequest

from .shapes import small

S = PaymentStatus
ORDER: dict[str, Any] = {"merchant_transaction_id": "order_1", "amount": Money(1000, "EUR")}
PAGE = {"id": "ord_1", "page": "https://acme.example/pay/ord_1", "expires": 1800000000}
TEA = OrderLine(product_name="Tea", amount=Money(500, "EUR"), quantity=2)


def test_an_order_opens_a_page(prism: Prism, server: Server) -> None:
    """The customer goes to `redirection_data.uri`; nothing is paid yet, and nothing has failed."""
    server.answer(201, PAGE)
    opened = prism.payments.create_order(
        **ORDER, payment_method_types=["IDEAL", "CARD"], order_details=[TEA], locale="nl-NL"
    )
    assert opened.status is PaymentStatus.PAYMENT_METHOD_AWAITED
    assert (opened.status.can_still_change, opened.status.is_failed) == (True, False)
    assert opened.connector_order_id == "ord_1"
    assert opened.redirection_data is not None
    assert opened.redirection_data.uri == PAGE["page"]
    assert opened.redirection_data.expires_at == 1800000000
    assert opened.merchant_transaction_id == "order_1"
    assert "locale" in opened.not_sent
    assert server.seen[0].json["kinds"] == ["IDEAL", "CARD"]
    assert server.seen[0].headers["acme-key"] == opened.idempotency_key


def test_parts_of_order_lines_that_are_not_sent_are_told(prism: Prism, server: Server) -> None:
    server.answer(201, PAGE)
    line = OrderLine(product_name="Tea", amount=Money(500, "EUR"), quantity=2, category="drinks")
    opened = prism.payments.create_order(**ORDER, order_details=[line, TEA])
    assert opened.not_sent == ("order_details.amount", "order_details.category")
    assert server.seen[0].json["lines"] == [{"name": "Tea", "pieces": 2}] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Money(0, "EUR")}, "amount"),
        ({"payment_method_types": []}, "payment_method_types"),
        ({"payment_method_types": ["IDEALS"]}, "payment_method_types"),
        ({"payment_method_types": "IDEAL"}, "payment_method_types"),
        ({"hosted": False}, "hosted"),
    ],
)
def test_a_wrong_order_is_refused(
    prism: Prism, server: Server, changes: dict[str, Any], field: str
) -> None:
    """Also one for the shop's own page, where the connector has only the processor's."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.create_order(**{**ORDER, **changes})
    assert (caught.value.field, server.seen) == (field, [])


COMPLETE = """complete:
order, body = request.connector_order_id, {"given": request.merchant_transaction_id}
yield account.post("/orders/{}/pay", order, json=body)
return Payment(status=PaymentStatus.CHARGED, connector_order_id=order)
"""
COMPLETE_MANDATE = """complete_mandate:
yield account.post("/mandates/{}/done", request.connector_order_id)
return Mandate(status=MandateStatus.ACTIVE)
"""


def test_a_declined_try_leaves_the_order_open(plugin: Install, server: Server) -> None:
    """The customer tries again: neither the payment nor the permission has failed."""
    declines = "if response.status_code == 402: return ErrorAnswer(kind=ErrorKind.DECLINED)"
    server.answer(402, {}).answer(402, {})
    with small(plugin, server, COMPLETE, COMPLETE_MANDATE, declines=declines) as prism:
        tried = prism.payments.complete(
            connector_order_id="ord_1", merchant_transaction_id="order_1"
        )
        asked = prism.recurring.complete(connector_order_id="ord_2")
    assert (tried.status, tried.connector_order_id) == (S.PAYMENT_METHOD_AWAITED, "ord_1")
    assert tried.error is not None
    assert (tried.status.is_failed, tried.status.can_still_change) == (False, True)
    assert (asked.status, asked.connector_order_id) == (MandateStatus.MANDATE_PENDING, "ord_2")


CHARGED = """complete:
yield account.post("/orders/{}/pay", request.connector_order_id, json={})
whole = Money(1, "EUR")
return Payment(status=PaymentStatus.CHARGED, amount=whole, captured_amount=whole)
"""


@pytest.mark.parametrize(
    ("amount", "differing"),
    [
        (None, []),
        (Money(1, "EUR"), []),
        (Money(1000, "EUR"), ["amount", "captured_amount"]),
        (Money(1, "USD"), ["amount", "captured_amount"]),
    ],
)
def test_an_order_of_another_amount_is_told(
    plugin: Install, server: Server, amount: Money | None, differing: list[str]
) -> None:
    """The customer may have brought the id of a cheaper one. The amount is sent nowhere."""
    server.answer(200, {})
    with small(plugin, server, CHARGED) as prism:
        paid = prism.payments.complete(connector_order_id="ord_1", amount=amount)
    assert [one.field for one in paid.discrepancies] == differing
    assert (paid.not_sent, server.seen[0].json) == ((), {})


@pytest.mark.parametrize(
    "ids", [{}, {"connector_order_id": "ord_1", "connector_transaction_id": "pay_1"}]
)
def test_a_payment_is_looked_up_by_one_id(prism: Prism, ids: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="must be given, and only one"):
        prism.payments.get(**ids)


def test_a_lookup_by_an_order_names_the_other_id(prism: Prism, server: Server) -> None:
    """If the processor finds no payment by its order."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.get(connector_order_id="ord_1")
    assert caught.value.message == (
        "Acme does not find a payment by connector_order_id: give connector_transaction_id"
    )
    assert server.seen == []


def test_a_client_token_changes_nothing_and_has_no_key(prism: Prism, server: Server) -> None:
    """It is for the customer's page alone: its values are in no repr."""
    server.answer(200, {"session": "sess_secret", "expires": 1800000000})
    made = prism.payment_methods.create_client_token(
        connector_customer_id="cus_1", domain_name="shop.example"
    )
    assert made.sdk == {"session": "sess_secret"}
    assert made.connector_customer_id == "cus_1"
    assert made.not_sent == ("domain_name",)
    assert "sess_secret" not in repr(made)
    assert "acme-key" not in server.seen[0].headers


def test_a_mandate_is_looked_up_and_completed(prism: Prism, server: Server) -> None:
    """Once its customer came back; the status is the processor's, not what came with them."""
    server.answer(200, {"id": "man_1", "state": "waiting"})
    server.answer(200, {"id": "man_1", "state": "active"})
    server.answer(200, {"id": "man_1", "state": "revoked"})
    known = {"connector_mandate_id": "man_1"}
    pending = prism.recurring.get(**known, merchant_mandate_id="sub_1")
    assert pending.status is MandateStatus.MANDATE_PENDING
    done = prism.recurring.complete(**known, returned={"status": "failed"})
    assert (done.status, done.discrepancies) == (MandateStatus.ACTIVE, ())
    assert server.seen[1].json == {"evidence": {"status": "failed"}}
    assert prism.recurring.get(**known).status is MandateStatus.REVOKED
    assert (pending.merchant_mandate_id, pending.not_sent) == ("sub_1", ())


@pytest.mark.parametrize("method", ["get", "complete"])
def test_a_mandate_needs_an_id(prism: Prism, server: Server, method: str) -> None:
    with pytest.raises(InvalidRequest, match="must be given"):
        getattr(prism.recurring, method)()
    with pytest.raises(InvalidRequest, match="connector_mandate_id"):
        getattr(prism.recurring, method)(connector_order_id="ord_1")
    assert server.seen == []


SETUP = """setup_recurring:
form = {"ref": request.merchant_mandate_id, "back": request.return_url}
if request.payment_method is not None:
    form["token"] = request.payment_method.token
elif request.hosted:
    form["page"] = True
body = yield from account.fetch(account.post("/mandates", json=form), Body)
return Mandate(status=MandateStatus.MANDATE_PENDING, connector_order_id=body.id)
"""


def test_a_page_asks_for_the_permission(plugin: Install, server: Server) -> None:
    """Without a payment method, where the connector has such a page."""
    server.answer(200, {"id": "ord_1"})
    info = "payment_methods=(Token,)"
    with small(plugin, server, SETUP, info=info) as prism:
        asked = prism.recurring.setup(merchant_mandate_id="sub_1", return_url="https://a.example")
        assert prism.supports("setup_recurring", "hosted")
    assert asked.connector_order_id == "ord_1"
    assert server.seen[0].json == {"ref": "sub_1", "back": "https://a.example", "page": True}


def test_without_such_a_page_the_method_is_needed(plugin: Install, server: Server) -> None:
    info = 'payment_methods=(Token,), needs={"setup_recurring": ("payment_method",)}'
    said = "Small needs payment_method with setup_recurring"
    with small(plugin, server, SETUP, info=info) as prism:
        with pytest.raises(InvalidRequest, match=said):
            prism.recurring.setup(merchant_mandate_id="sub_1")
        assert prism.supports("setup_recurring")
    assert server.seen == []


def test_types_may_be_given_as_members() -> None:
    asked = CreateOrderRequest(**ORDER, payment_method_types=(PaymentMethodType.IDEAL,))
    assert asked.payment_method_types == (PaymentMethodType.IDEAL,)
