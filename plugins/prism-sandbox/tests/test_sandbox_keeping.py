"""What the sandbox stores for later, and what its answers say of links, keys and conflicts: through
the connector, over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from prism_core import (
    AsyncPrism,
    AuthorizeRequest,
    Card,
    Conflict,
    ConnectorError,
    Discrepancy,
    InvalidRequest,
    Money,
    Payment,
    PaymentStatus,
    Prism,
    SdkToken,
    Token,
)
from prism_sandbox.challenges import answer

TEN = Money(1000, "USD")
APPROVES, CHALLENGES = "4242424242424242", "4000002500003155"
PROCESSING, UNLINKED = "4000000000000101", "4000000000000200"


def card(number: str = APPROVES) -> Card:
    """A test card."""
    return Card(number, 12, 2090, "123")


def customer(prism: Prism) -> str:
    """The id of a new customer."""
    return prism.customers.create(merchant_customer_id="user_42").connector_customer_id


def paying(prism: Prism, owner: str | None, **changes: Any) -> Payment:
    """A payment whose card shall be used again."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1",
        "amount": TEN,
        "payment_method": card(),
        "connector_customer_id": owner,
        "setup_future_usage": "OFF_SESSION",
    }
    return prism.payments.authorize(**{**whole, **changes})


def stored(prism: Prism, owner: str) -> list[str]:
    """The ids of the cards that a customer has."""
    listed = prism.payment_methods.list(connector_customer_id=owner)
    assert listed.connector_customer_id in (None, owner)
    return [one.connector_payment_method_id for one in listed.payment_methods]


@pytest.mark.parametrize("usage", ["ON_SESSION", "OFF_SESSION"])
@pytest.mark.parametrize("capture", ["AUTOMATIC", "MANUAL"])
def test_a_card_to_be_used_again_is_stored(prism: Prism, usage: str, capture: str) -> None:
    """`setup_future_usage` stores it for the customer; the payment names it, and it pays again."""
    owner = customer(prism)
    paid = paying(prism, owner, setup_future_usage=usage, capture_method=capture)
    assert paid.connector_payment_method_id is not None
    assert [paid.connector_payment_method_id] == stored(prism, owner)
    found = prism.payments.get(connector_transaction_id=paid.connector_transaction_id)
    assert found.connector_payment_method_id == paid.connector_payment_method_id
    again = prism.payments.authorize(
        merchant_transaction_id="order_2",
        amount=TEN,
        payment_method=Token(paid.connector_payment_method_id),
        connector_customer_id=owner,
    )
    assert (again.status, again.discrepancies) == (PaymentStatus.CHARGED, ())
    assert again.connector_payment_method_id == paid.connector_payment_method_id


def test_a_payment_once_stores_nothing(prism: Prism) -> None:
    owner = customer(prism)
    paid = paying(prism, owner, setup_future_usage=None)
    assert (paid.connector_payment_method_id, stored(prism, owner)) == (None, [])


def test_a_declined_card_is_not_stored(prism: Prism) -> None:
    """It will not pay again either."""
    owner = customer(prism)
    paying(prism, owner, payment_method=card("4000000000000002"))
    assert stored(prism, owner) == []


@pytest.mark.parametrize("approved", [True, False])
def test_a_card_is_stored_once_its_challenge_is_passed(prism: Prism, approved: bool) -> None:
    """Not before, and not after a failed one."""
    owner = customer(prism)
    asked = paying(prism, owner, payment_method=card(CHALLENGES))
    assert stored(prism, owner) == []
    assert asked.redirection_data is not None
    answer(str(asked.redirection_data.uri), "approve" if approved else "fail")
    done = prism.payments.complete(connector_transaction_id=asked.connector_transaction_id)
    assert (done.connector_payment_method_id is not None) == approved
    kept = [] if done.connector_payment_method_id is None else [done.connector_payment_method_id]
    assert stored(prism, owner) == kept


def test_a_card_is_stored_once_its_payment_is_settled(prism: Prism, url: str) -> None:
    """A person settles it on the sandbox's page."""
    owner = customer(prism)
    asked = paying(prism, owner, payment_method=card(PROCESSING))
    assert stored(prism, owner) == []
    page = httpx.get(url).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    httpx.post(
        f"{url}/page/payments/{asked.connector_transaction_id}",
        data={"token": token, "move": "settle"},
        headers={"Origin": url},
    )
    assert len(stored(prism, owner)) == 1


@pytest.mark.parametrize("method", [card(), Token("tok_approve")])
def test_a_card_for_nobody_is_not_stored(prism: Prism, url: str, method: Card | Token) -> None:
    """Without a customer it is refused before anything is sent, and by the sandbox itself."""
    with pytest.raises(InvalidRequest) as caught:
        paying(prism, None, payment_method=method)
    field = "setup_future_usage" if isinstance(method, Token) else "connector_customer_id"
    assert (caught.value.field, caught.value.outcome) == (field, "not_sent")
    body = {
        "amount": 1000,
        "currency": "USD",
        "payment_method": {"type": "token", "token": "tok_approve"},
        "setup_future_usage": "off_session",
    }
    headers = {"Authorization": "Bearer sandbox_tests"}
    refused = httpx.post(f"{url}/v1/payments", json=body, headers=headers)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "customer")


def test_a_test_token_is_stored_as_a_new_card_and_named(prism: Prism) -> None:
    """Given as SdkToken. As Token it would name two methods: it is refused, and not ignored."""
    owner = customer(prism)
    paid = paying(prism, owner, payment_method=SdkToken("tok_approve"))
    assert stored(prism, owner) == [paid.connector_payment_method_id]
    with pytest.raises(InvalidRequest, match="give it as SdkToken"):
        paying(prism, owner, payment_method=Token("tok_approve"))


def test_a_card_stored_for_nobody_becomes_the_customers(prism: Prism) -> None:
    """One that was tokenized without a customer is theirs from then on; it is stored once."""
    owner = customer(prism)
    kept = prism.payment_methods.tokenize(payment_method=card()).connector_payment_method_id
    paid = paying(prism, owner, payment_method=Token(kept))
    assert (paid.connector_payment_method_id, stored(prism, owner)) == (kept, [kept])
    alone = prism.payment_methods.tokenize(payment_method=card()).connector_payment_method_id
    with pytest.raises(ConnectorError):
        paying(prism, None, payment_method=Token(alone))


@pytest.mark.parametrize("method", [card(UNLINKED), SdkToken("tok_unlinked")])
def test_a_payment_that_is_linked_to_nobody_is_told(prism: Prism, method: Card | SdkToken) -> None:
    """The sandbox's own fault to try that with: the customer is null in its answer."""
    owner = customer(prism)
    paid = paying(prism, owner, payment_method=method)
    assert (paid.status, paid.connector_customer_id) == (PaymentStatus.CHARGED, None)
    assert paid.discrepancies == (Discrepancy("connector_customer_id", owner, "null"),)
    assert stored(prism, owner) == []
    order = AuthorizeRequest(merchant_transaction_id="o_1", amount=TEN, payment_method=method)
    done = prism.checkout(payment=order, connector_customer_id=owner)
    assert done.linked_by is None


def test_a_renewal_names_the_permission_it_was_charged_by(prism: Prism) -> None:
    """`connector_mandate_id` is the processor's word for it; a payment of the customer's own has
    none."""
    owner = customer(prism)
    given = prism.recurring.setup(
        merchant_mandate_id="m_1", payment_method=card(), connector_customer_id=owner
    )
    charged = prism.recurring.charge(
        merchant_transaction_id="order_3",
        amount=TEN,
        connector_mandate_id=given.connector_mandate_id,
    )
    assert charged.connector_mandate_id == given.connector_mandate_id
    assert charged.discrepancies == ()
    assert paying(prism, owner).connector_mandate_id is None


def test_what_a_status_forbids_did_nothing(prism: Prism) -> None:
    """A conflict with the payment as it stands is a Conflict, and rejected for certain."""
    paid = paying(prism, None, setup_future_usage=None)
    for call in (
        lambda: prism.payments.capture(connector_transaction_id=paid.connector_transaction_id),
        lambda: prism.payments.void(connector_transaction_id=paid.connector_transaction_id),
    ):
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.outcome == "rejected"


def test_a_capture_in_another_currency_moves_nothing(prism: Prism) -> None:
    """The sandbox is told the currency with every amount, and refuses another."""
    held = paying(prism, None, setup_future_usage=None, capture_method="MANUAL")
    with pytest.raises(ConnectorError) as caught:
        prism.payments.capture(
            connector_transaction_id=held.connector_transaction_id, amount=Money(400, "JPY")
        )
    assert caught.value.outcome == "rejected"
    found = prism.payments.get(connector_transaction_id=held.connector_transaction_id)
    assert found.captured_amount == Money(0, "USD")


@pytest.mark.anyio
async def test_the_async_client_stores_and_conflicts_alike(url: str) -> None:
    """The same from an event loop: a stored card, a key that was used before, a lost link."""
    async with AsyncPrism("sandbox", api_key="sandbox_tests", base_url=url) as prism:
        owner = (await prism.customers.create(merchant_customer_id="u")).connector_customer_id

        async def pay(amount: Money, method: Card, key: str | None = None) -> Payment:
            return await prism.payments.authorize(
                merchant_transaction_id="order_1",
                amount=amount,
                payment_method=method,
                connector_customer_id=owner,
                setup_future_usage="OFF_SESSION",
                idempotency_key=key,
            )

        assert (await pay(TEN, card(), f"of-{owner}")).connector_payment_method_id is not None
        with pytest.raises(Conflict) as caught:
            await pay(Money(2000, "USD"), card(), f"of-{owner}")
        assert caught.value.outcome == "unknown"
        unlinked = await pay(TEN, card(UNLINKED))
        assert [one.field for one in unlinked.discrepancies] == ["connector_customer_id"]


def test_the_same_creation_again_says_that_the_customer_existed(prism: Prism) -> None:
    """A replayed answer is no new customer, for a caller who asked to be told of an old one."""
    made = [
        prism.customers.create(
            merchant_customer_id="user_77", idempotency_key="create-77", on_conflict="return"
        )
        for _ in range(2)
    ]
    assert [one.existed for one in made] == [False, True]
    assert made[0].connector_customer_id == made[1].connector_customer_id
