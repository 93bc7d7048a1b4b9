"""Customers and stored cards: what is sent, and what Stripe's answers mean.

https://docs.stripe.com/api/customers, https://docs.stripe.com/api/payment_methods
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ConnectorError,
    CustomerStatus,
    Discrepancy,
    InvalidRequest,
    MalformedResponse,
    PaymentStatus,
    Prism,
    Token,
    UpdateCustomerRequest,
)
from prism_core import UnifiedCode as U
from prism_core.runtime.keys import derived_key

from .loopback import Answering
from .samples import (
    CUS,
    PM,
    card,
    customer,
    customer_request,
    decline,
    intent,
    method,
    payment_request,
)

MALFORMED = "malformed"


def test_an_update_sends_what_is_given_and_no_more(prism: Prism, answering: Answering) -> None:
    """What is not given stays as it is at Stripe, the caller's own id in the metadata, too."""
    answering.answer(200, customer(email="new@example.com"))
    changed = prism.customers.update(connector_customer_id=CUS, email="new@example.com")
    assert answering.seen[0].form == {"email": "new@example.com"}
    assert (changed.email, changed.merchant_customer_id) == ("new@example.com", "user_42")
    with pytest.raises(InvalidRequest) as refused:
        prism.customers.update(
            UpdateCustomerRequest(
                connector_customer_id=CUS, metadata={"merchant_customer_id": "user_43"}
            )
        )
    assert (refused.value.field, len(answering.seen)) == ("metadata", 1)


def test_a_deleted_customer_is_told_of_as_deleted(prism: Prism, answering: Answering) -> None:
    """Deleting says DELETED, and so does a lookup afterwards; nothing else does."""
    answering.answer(200, {"id": CUS, "object": "customer", "deleted": True})
    gone = prism.customers.delete(connector_customer_id=CUS)
    found = prism.customers.get(connector_customer_id=CUS)
    assert (gone.status, found.status) == (CustomerStatus.DELETED, CustomerStatus.DELETED)
    assert [seen.method for seen in answering.seen] == ["DELETE", "GET"]
    answering.answer(200, customer())
    found = prism.customers.get(connector_customer_id=CUS)
    assert found.status is CustomerStatus.ACTIVE


def test_the_same_customer_is_asked_for_with_the_same_key(
    prism: Prism, answering: Answering
) -> None:
    """`get_or_create` makes one customer, whoever asks: Stripe keeps keys for a day."""
    answering.answer(200, customer())
    answering.answer(200, customer(), {"idempotent-replayed": "true"})
    made = [prism.customers.get_or_create(customer_request()) for _ in range(2)]
    keys = [seen.headers["idempotency-key"] for seen in answering.seen]
    assert keys[0] == keys[1]
    assert [one.existed for one in made] == [False, True]


def test_a_customer_who_was_deleted_meanwhile_is_told(prism: Prism, answering: Answering) -> None:
    """A replayed answer may be about a customer who is gone; the result says so."""
    answering.answer(200, {"id": CUS, "object": "customer", "deleted": True})
    made = prism.customers.create(customer_request())
    assert made.status is CustomerStatus.DELETED
    assert [one.field for one in made.discrepancies] == ["status"]


def test_an_id_of_the_callers_that_is_not_there_is_told(prism: Prism, answering: Answering) -> None:
    """It is echoed unchanged; a customer with another one is another customer."""
    answering.answer(200, customer(metadata={}))
    made = prism.customers.create(merchant_customer_id="user_42")
    assert made.merchant_customer_id == "user_42"
    assert made.discrepancies == (Discrepancy("merchant_customer_id", "user_42", "null"),)
    answering.answer(200, customer(metadata={"merchant_customer_id": "user_7"}))
    with pytest.raises(MalformedResponse):
        prism.customers.create(merchant_customer_id="user_42")


def test_a_card_is_kept_for_a_customer_and_pays(prism: Prism, answering: Answering) -> None:
    """Two requests, each with a key of its own; what comes back pays as a Token."""
    answering.answer(200, method()).answer(200, method(customer=CUS)).answer(200, intent())
    kept = prism.payment_methods.tokenize(
        payment_method=card(), connector_customer_id=CUS, idempotency_key="key_1"
    )
    assert (kept.connector_payment_method_id, kept.connector_customer_id) == (PM, CUS)
    assert kept.payment_method is not None
    assert (kept.payment_method.brand, kept.payment_method.last_four) == ("visa", "4242")
    made, attached = answering.seen
    keys = [seen.headers["idempotency-key"] for seen in (made, attached)]
    assert keys == ["key_1", derived_key("key_1", "1")]
    assert (attached.path, attached.form) == (f"/v1/payment_methods/{PM}/attach", {"customer": CUS})
    paying = payment_request(payment_method=Token(kept.connector_payment_method_id))
    assert prism.payments.authorize(paying).status is PaymentStatus.CHARGED
    assert answering.seen[2].form["payment_method"] == PM


@pytest.mark.parametrize(
    ("attached", "difference"),
    [({"customer": CUS}, None), ({"customer": None}, "null"), ({"customer": "cus_2"}, MALFORMED)],
)
def test_a_card_is_kept_for_whom_it_was_asked(
    prism: Prism, answering: Answering, attached: dict[str, Any], difference: str | None
) -> None:
    """Kept for nobody is told; kept for another customer, or another card, is no result."""
    answering.answer(200, method()).answer(200, method(**attached))
    if difference != MALFORMED:
        kept = prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUS)
        assert [one.reported for one in kept.discrepancies] == ([difference] if difference else [])
        assert kept.connector_customer_id == attached["customer"]
        assert kept.payment_method is not None
        assert kept.payment_method.connector_customer_id == attached["customer"]
        return
    with pytest.raises(MalformedResponse) as caught:
        prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUS)
    assert caught.value.outcome == "unknown"


def test_an_attached_card_is_the_one_that_was_made(prism: Prism, answering: Answering) -> None:
    """An answer about another card than the one just made says nothing of ours."""
    answering.answer(200, method()).answer(200, method(id="pm_another", customer=CUS))
    with pytest.raises(MalformedResponse) as caught:
        prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUS)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("metadata", [{"merchant_payment_method_id": "card_2"}, {}, None])
def test_no_other_card_is_kept_for_the_customer(
    prism: Prism, answering: Answering, metadata: Any
) -> None:
    """An answer about another card than the one sent ends the call before it gets a customer."""
    answering.answer(200, method(metadata=metadata))
    with pytest.raises(MalformedResponse) as caught:
        prism.payment_methods.tokenize(
            payment_method=card(),
            connector_customer_id=CUS,
            merchant_payment_method_id="card_1",
        )
    assert (caught.value.outcome, len(answering.seen)) == ("not_sent", 1)


def test_a_card_that_the_customer_still_has_is_not_deleted(
    prism: Prism, answering: Answering
) -> None:
    """Detached is a card without a customer; anything else is no deletion."""
    answering.answer(200, method(customer=CUS)).answer(200, method())
    with pytest.raises(MalformedResponse) as caught:
        prism.payment_methods.delete(connector_payment_method_id=PM)
    assert caught.value.outcome == "unknown"
    gone = prism.payment_methods.delete(connector_payment_method_id=PM)
    assert gone.connector_payment_method_id == PM


@pytest.mark.parametrize("cards", [[], [method(customer=CUS)], [method(customer=None)]])
def test_a_list_says_whose_cards_it_has(
    prism: Prism, answering: Answering, cards: list[Any]
) -> None:
    """As far as the answer says it; another customer's cards are no answer."""
    answering.answer(200, {"data": cards, "has_more": False})
    listed = prism.payment_methods.list(connector_customer_id=CUS)
    assert listed.connector_customer_id == (cards[0]["customer"] if cards else None)
    unlinked = [one.reported for one in listed.discrepancies]
    assert unlinked == (["null"] if cards == [method(customer=None)] else [])
    answering.answer(200, {"data": [method(customer="cus_2")], "has_more": False})
    with pytest.raises(MalformedResponse):
        prism.payment_methods.list(connector_customer_id=CUS)


def test_a_card_that_the_issuer_declines_is_not_kept(prism: Prism, answering: Answering) -> None:
    """The error says why, in Prism's words and Stripe's, and that nothing was kept."""
    answering.answer(200, method()).answer(402, decline(decline_code="insufficient_funds"))
    with pytest.raises(ConnectorError) as caught:
        prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUS)
    assert caught.value.outcome == "rejected"
    assert caught.value.details.unified is not None
    assert caught.value.details.unified.code is U.INSUFFICIENT_FUNDS


def test_more_cards_than_one_answer_holds_are_not_called_all(
    prism: Prism, answering: Answering
) -> None:
    """`is_complete` is what Stripe says."""
    for more in (False, True):
        answering.answer(200, {"data": [method(customer=CUS)], "has_more": more})
        listed = prism.payment_methods.list(connector_customer_id=CUS)
        assert [one.last_four for one in listed.payment_methods] == ["4242"]
        assert listed.is_complete is not more
    assert answering.seen[0].path == f"/v1/customers/{CUS}/payment_methods?limit=100"
