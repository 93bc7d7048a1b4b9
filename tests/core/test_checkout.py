"""Checkout: a customer, and a payment that is linked to it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from support import Server, acme_source

from prism_core import AuthorizeRequest, InvalidRequest, Money, PaymentStatus, Prism, Unavailable

from .samples import CUSTOMER, GONE, GOOD, NO_LOOKUP, PAYMENT, options

KEYED = structs.replace(PAYMENT, idempotency_key="order_1")


def test_checkout_links_the_payment_to_the_customer(acme: str, server: Server) -> None:
    """One call creates the customer and authorizes with the returned id."""
    server.answer(404, GONE).answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert done.connector_customer_id == done.payment.connector_customer_id == "cus_1"
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert PAYMENT.connector_customer_id is None


def test_checkout_without_a_customer_authorizes_nothing(acme: str, server: Server) -> None:
    """If the customer cannot be created, no payment is attempted."""
    server.answer(404, GONE).answer(500)
    with (
        Prism(acme, **options(server), max_retries=0) as prism,
        pytest.raises(Unavailable) as caught,
    ):
        prism.checkout(customer=CUSTOMER, payment=KEYED)
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("GET", "/customers?ref=user_42"),
        ("POST", "/customers"),
    ]
    assert caught.value.idempotency_key == KEYED.idempotency_key


def test_checkout_that_will_be_refused_makes_no_customer(acme: str, server: Server) -> None:
    """A card number is refused before anything is sent, also to make the customer."""
    with (
        Prism(acme, **options(server), card_numbers=False) as prism,
        pytest.raises(InvalidRequest, match="card_numbers=False"),
    ):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert server.seen == []


def test_checkout_that_fails_midway_keeps_the_customer(acme: str, server: Server) -> None:
    """If authorizing raises, the error carries the customer that was created."""
    server.answer(404, GONE).answer(200, {"id": "cus_1"}).answer(500)
    with (
        Prism(acme, **options(server), max_retries=0) as prism,
        pytest.raises(Unavailable) as caught,
    ):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert caught.value.completed.connector_customer_id == "cus_1"


@pytest.mark.parametrize(
    ("customer", "payment", "words"),
    [
        ("user_42", PAYMENT, "needs customer=CreateCustomerRequest"),
        (CUSTOMER, "order_1", "needs payment=AuthorizeRequest"),
        (None, PAYMENT, "or connector_customer_id=... for a returning one"),
        (
            CUSTOMER,
            AuthorizeRequest(
                merchant_transaction_id="order_1",
                amount=Money(1, "USD"),
                payment_method=PAYMENT.payment_method,
                connector_customer_id="cus_2",
            ),
            "give connector_customer_id to checkout itself",
        ),
    ],
)
def test_a_checkout_that_makes_no_sense_is_refused(
    acme: str, server: Server, customer: Any, payment: Any, words: str
) -> None:
    """Wrong arguments of a checkout are refused before the customer is created."""
    with Prism(acme, **options(server)) as prism, pytest.raises(InvalidRequest, match=words):
        prism.checkout(customer=customer, payment=payment)
    assert server.seen == []


def test_a_repeated_checkout_makes_no_second_customer(plugin: Any, server: Server) -> None:
    """After silence the same checkout is made again: it sends the same two keys with the same
    parameters. The customer's key is derived from the payment's."""
    plugin("acme", acme_source(NO_LOOKUP))
    server.answer(200, {"id": "cus_1"}).answer(500)
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism("acme", **options(server), max_retries=0) as prism:
        with pytest.raises(Unavailable) as caught:
            prism.checkout(customer=CUSTOMER, payment=PAYMENT)
        again = structs.replace(PAYMENT, idempotency_key=caught.value.idempotency_key)
        prism.checkout(customer=CUSTOMER, payment=again)
    keys = [seen.headers["acme-key"] for seen in server.seen]
    assert keys[:2] == keys[2:]
    assert keys[0] != keys[1] == caught.value.idempotency_key
    assert server.seen[1].body == server.seen[3].body


def test_a_key_of_the_callers_own_for_the_customer_stays(plugin: Any, server: Server) -> None:
    plugin("acme", acme_source(NO_LOOKUP))
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism("acme", **options(server)) as prism:
        mine = structs.replace(CUSTOMER, idempotency_key="mine")
        prism.checkout(customer=mine, payment=KEYED)
    assert [seen.headers["acme-key"] for seen in server.seen] == ["mine", "order_1"]


def test_a_known_customer_is_used(acme: str, server: Server) -> None:
    """Where the processor finds a customer by the caller's own id, no second one is made."""
    server.answer(200, {"id": "cus_1", "ref": "user_42"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert done.customer is not None
    assert (done.connector_customer_id, done.customer.existed) == ("cus_1", True)
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("GET", "/customers?ref=user_42"),
        ("POST", "/payments"),
    ]


def test_a_customer_who_comes_back(acme: str, server: Server) -> None:
    """With the id that was kept, a checkout is one call, again and again."""
    server.answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(connector_customer_id="cus_1", payment=PAYMENT)
    assert (done.connector_customer_id, done.customer) == ("cus_1", None)
    assert done.linked_by == "connector_customer_id"
    assert [seen.path for seen in server.seen] == ["/payments"]


def test_a_link_that_the_answer_denies_is_not_claimed(acme: str, server: Server) -> None:
    """A payment whose customer is null is linked to nobody, and the checkout says so."""
    server.answer(200, {**GOOD, "customer": None})
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(connector_customer_id="cus_1", payment=PAYMENT)
    assert done.linked_by is None
    assert [found.field for found in done.payment.discrepancies] == ["connector_customer_id"]


def test_a_customer_that_is_refused_is_not_tried_again(plugin: Any, server: Server) -> None:
    """A field that the processor does not take is named, and nothing is sent."""
    limited = (
        "        exponents=EXPONENTS,",
        '        exponents=EXPONENTS,\n        limits={"email": 3},',
    )
    plugin("acme", acme_source(NO_LOOKUP, limited))
    with Prism("acme", **options(server)) as prism, pytest.raises(InvalidRequest) as caught:
        prism.checkout(customer=CUSTOMER, payment=KEYED)
    assert (caught.value.field, server.seen) == ("email", [])


def test_a_processor_with_keys_for_payments_alone(plugin: Any, server: Server) -> None:
    """The key is derived for a customer whom the processor takes none with: it is left out then."""
    unkeyed = '"/customers",\n', '"/customers",\n            keyed=False,\n'
    plugin("acme", acme_source(NO_LOOKUP, unkeyed))
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism("acme", **options(server)) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=KEYED)
    assert done.connector_customer_id == "cus_1"
    assert "acme-key" not in server.seen[0].headers
    assert server.seen[1].headers["acme-key"] == KEYED.idempotency_key
