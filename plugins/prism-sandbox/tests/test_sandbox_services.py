"""Customers, stored cards, mandates and challenges through the connector, over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

from prism_core import (
    Card,
    Conflict,
    ConnectorError,
    CustomerStatus,
    InvalidRequest,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    Token,
    UnifiedCode,
)
from prism_sandbox.challenges import answer
from prism_sandbox.server import running

TEN = Money(1000, "USD")
RACE = """
import multiprocessing, sys
from prism_core import Prism
from prism_core.transport import transports

def race(start):
    with Prism("sandbox", api_key="sandbox_tests", base_url=sys.argv[1]) as prism:
        start.wait()
        made = prism.customers.get_or_create(merchant_customer_id="raced")
        sys.stdout.write(made.connector_customer_id + chr(10))

Prism("sandbox", api_key="sandbox_tests").close()  # what is loaded now is not loaded by each
forking = multiprocessing.get_context("fork")
start = forking.Barrier(20)
racers = [forking.Process(target=race, args=[start]) for _ in range(20)]
[racer.start() for racer in racers]
[racer.join() for racer in racers]
"""


def card(number: str = "4242424242424242") -> Card:
    return Card(number, 12, 2090, "123")


def customer(prism: Prism, own: str = "user_42", **more: Any) -> str:
    """The processor's id of a new customer."""
    return prism.customers.create(merchant_customer_id=own, **more).connector_customer_id


def pay(prism: Prism, method: Card | Token, **more: Any) -> Any:
    return prism.payments.authorize(
        merchant_transaction_id="order_1", amount=TEN, payment_method=method, **more
    )


def test_a_customer_is_found_changed_and_deleted(prism: Prism) -> None:
    """A customer is found by both ids at once; an update changes what is given and nothing else;
    a deleted one is gone, and so is a lookup by their reference."""
    made = customer(prism, "life", name="Ada", email="ada@example.com")
    assert prism.customers.get(merchant_customer_id="life").connector_customer_id == made
    changed = prism.customers.update(connector_customer_id=made, name="Grace")
    assert (changed.name, changed.email) == ("Grace", "ada@example.com")
    assert prism.customers.get(connector_customer_id=made).name == "Grace"
    with pytest.raises(NotFound):
        prism.customers.delete(connector_customer_id=made, merchant_customer_id="another")
    assert prism.customers.delete(connector_customer_id=made).status is CustomerStatus.DELETED
    for gone in ({"connector_customer_id": made}, {"merchant_customer_id": "life"}):
        with pytest.raises(NotFound):
            prism.customers.get(**gone)


def test_of_several_with_one_id_none_is_taken(prism: Prism) -> None:
    """Nobody knows which is meant; and `get_or_create` makes no third customer."""
    owner, other = customer(prism, "twin"), customer(prism, "twin")
    for find in (prism.customers.get, prism.customers.get_or_create):
        with pytest.raises(Conflict, match="several"):
            find(merchant_customer_id="twin")
    prism.customers.delete(connector_customer_id=other)
    assert prism.customers.get(merchant_customer_id="twin").connector_customer_id == owner


def test_a_declined_try_hides_no_paid_one(prism: Prism) -> None:
    """Found by your own id, which both have: the order is paid."""
    paid = pay(prism, card())
    assert pay(prism, card("4000000000000002")).status is PaymentStatus.AUTHORIZATION_FAILED
    found = prism.payments.get(merchant_transaction_id="order_1")
    assert found.connector_transaction_id == paid.connector_transaction_id


def test_get_or_create_after_a_deletion(prism: Prism) -> None:
    """Once deleted, a customer is made anew: the old one's answer is not given again."""
    first = prism.customers.get_or_create(merchant_customer_id="phoenix")
    again = prism.customers.get_or_create(merchant_customer_id="phoenix")
    assert (again.connector_customer_id, again.existed) == (first.connector_customer_id, True)
    prism.customers.delete(connector_customer_id=first.connector_customer_id)
    anew = prism.customers.get_or_create(merchant_customer_id="phoenix")
    assert anew.connector_customer_id != first.connector_customer_id
    assert prism.customers.get(merchant_customer_id="phoenix").status is CustomerStatus.ACTIVE


@pytest.mark.skipif(sys.platform == "win32", reason="the race forks its processes")
def test_twenty_processes_make_one_customer(url: str) -> None:
    """Twenty processes that ask at once for the same customer get the same one, made once."""
    done = subprocess.run(
        [sys.executable, "-c", RACE, url], capture_output=True, text=True, check=True, timeout=30
    )
    headers = {"Authorization": "Bearer sandbox_tests"}
    made = httpx.get(f"{url}/v1/customers?reference=raced", headers=headers).json()["data"]
    assert len(made) == 1
    assert done.stdout.split() == [made[0]["id"]] * 20


def test_the_same_customer_with_other_data(prism: Prism, url: str) -> None:
    """Whoever asks at once for one customer with different data gets the one that was made; a key
    used for another customer is still a conflict."""
    with ThreadPoolExecutor(6) as pool:
        found = pool.map(
            lambda number: (
                prism.customers.get_or_create(
                    merchant_customer_id="twins", name=f"Ada {number}"
                ).connector_customer_id
            ),
            range(6),
        )
        assert len(set(found)) == 1
    customer(prism, "one", idempotency_key="same")
    with pytest.raises(Conflict):
        customer(prism, "two", idempotency_key="same", on_conflict="return")


def test_servers_on_one_file_make_one_customer(tmp_path: Path) -> None:
    """Several sandboxes on one file keep that promise together: the file decides."""
    database = str(tmp_path / "shared.db")
    with running(database=database) as one, running(database=database) as other:

        def ask(number: int) -> str:
            where = (one, other)[number % 2]
            with Prism("sandbox", api_key="sandbox_tests", base_url=where) as client:
                return client.customers.get_or_create(
                    merchant_customer_id="shared"
                ).connector_customer_id

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1


def test_a_challenge_is_completed(prism: Prism) -> None:
    """`complete` asks the processor: what came back with the customer is not believed."""
    payment = pay(prism, card("4000002500003155"))
    known = str(payment.connector_transaction_id)
    lied = prism.payments.complete(connector_transaction_id=known, returned={"status": "paid"})
    assert lied.status is PaymentStatus.AUTHENTICATION_PENDING
    answer(str(payment.redirection_data.uri))
    done = prism.payments.complete(connector_transaction_id=known)
    assert done.status is PaymentStatus.CHARGED


def test_a_payment_is_completed_by_the_sandboxs_id_alone(prism: Prism) -> None:
    """Your own id alone is refused, naming the one that is missing."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.complete(merchant_transaction_id="order_1001")
    assert caught.value.field == "connector_transaction_id"


@pytest.mark.parametrize(("asks", "status"), [(True, "AUTHORIZED"), (False, None)])
def test_incremental_authorization_is_asked_for(
    prism: Prism, asks: bool, status: str | None
) -> None:
    """A payment that was made without leave to be raised is not raised."""
    held = pay(prism, card(), capture_method="MANUAL", request_incremental_authorization=asks)
    known = str(held.connector_transaction_id)

    def increase() -> Any:
        return prism.payments.increment_authorization(
            connector_transaction_id=known, amount=Money(1500, "USD")
        )

    if status is None:
        with pytest.raises(Conflict):
            increase()
    else:
        assert increase().status == status


def test_a_stored_card_pays_until_it_is_deleted(prism: Prism) -> None:
    """A stored card is listed, pays as a token for its customer only, and ends with a deletion."""
    owner, other = customer(prism), customer(prism)
    kept = prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=owner)
    listed = prism.payment_methods.list(connector_customer_id=owner)
    assert kept.payment_method is not None
    assert listed.payment_methods == (kept.payment_method,)
    assert (kept.payment_method.brand, kept.payment_method.last_four, listed.is_complete) == (
        "visa",
        "4242",
        True,
    )
    token = Token(kept.connector_payment_method_id)
    paid = pay(prism, token)
    assert (paid.status, paid.connector_customer_id) == (PaymentStatus.CHARGED, owner)
    with pytest.raises(ConnectorError, match="wrong_customer"):
        pay(prism, token, connector_customer_id=other)
    prism.payment_methods.delete(connector_payment_method_id=kept.connector_payment_method_id)
    assert prism.payment_methods.list(connector_customer_id=owner).payment_methods == ()
    with pytest.raises(NotFound):
        pay(prism, token)


def test_stored_cards_behave_like_their_numbers(prism: Prism) -> None:
    """A card that asks for a challenge does so kept, too; one that declines is not kept."""
    kept = prism.payment_methods.tokenize(payment_method=card("4000002500003155"))
    token = Token(kept.connector_payment_method_id)
    assert pay(prism, token).status is PaymentStatus.AUTHENTICATION_PENDING
    with pytest.raises(ConnectorError) as caught:
        prism.payment_methods.tokenize(payment_method=card("4000000000009995"))
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == "insufficient_funds"


def setup(prism: Prism, number: str = "4242424242424242", **more: Any) -> Any:
    given = {"payment_method": card(number), **more}
    return prism.recurring.setup(merchant_mandate_id="sub_1", **given)


def renew(prism: Prism, mandate: Any, **more: Any) -> Any:
    return prism.recurring.charge(
        merchant_transaction_id="renewal_1",
        amount=TEN,
        connector_mandate_id=mandate.connector_mandate_id,
        **more,
    )


@pytest.mark.parametrize("amount", [None, TEN])
def test_a_mandate_is_charged_until_it_is_revoked(prism: Prism, amount: Money | None) -> None:
    """Renewals are charged to the mandate's customer, and none after it was revoked."""
    owner = customer(prism)
    given = setup(prism, amount=amount, connector_customer_id=owner)
    assert (given.status, given.amount) == (MandateStatus.ACTIVE, amount)
    renewal = renew(prism, given, network_transaction_id=given.network_transaction_id)
    assert (renewal.status, renewal.connector_customer_id) == (PaymentStatus.CHARGED, owner)
    found = prism.payments.get(merchant_transaction_id="renewal_1")
    assert found.connector_transaction_id == renewal.connector_transaction_id
    for _ in range(2):
        ended = prism.recurring.revoke(connector_mandate_id=given.connector_mandate_id)
        assert ended.status is MandateStatus.REVOKED
    with pytest.raises(Conflict, match="mandate_not_active"):
        renew(prism, given)


def test_renewals_that_fail_and_mandates_that_never_were(prism: Prism) -> None:
    """One card gives a mandate and declines its renewals; a declined setup is INACTIVE."""
    renewal = renew(prism, setup(prism, "4000000000000341"))
    assert renewal.status is PaymentStatus.AUTHORIZATION_FAILED
    assert renewal.error.unified.code is UnifiedCode.INSUFFICIENT_FUNDS
    declined = setup(prism, "4000000000000002")
    assert declined.status is MandateStatus.MANDATE_INACTIVE
    assert declined.error.unified.code is UnifiedCode.DECLINED
    with pytest.raises(Conflict):
        renew(prism, declined)


@pytest.mark.parametrize("pressed", ["approve", "fail"])
def test_a_mandate_after_a_challenge(prism: Prism, pressed: Literal["approve", "fail"]) -> None:
    """A customer who must authenticate gives the mandate by that; later charges need nobody."""
    given = setup(prism, "4000002500003155")
    assert given.status is MandateStatus.MANDATE_PENDING
    with pytest.raises(Conflict):
        renew(prism, given)
    answer(str(given.redirection_data.uri), pressed)
    if pressed == "approve":
        assert renew(prism, given).status is PaymentStatus.CHARGED
    else:
        with pytest.raises(Conflict):
            renew(prism, given)


@pytest.mark.parametrize("deleted", ["card", "customer"])
def test_a_mandate_ends_with_its_card_or_customer(prism: Prism, deleted: str) -> None:
    """Nothing is charged to a card or customer that was deleted, and a challenge that is answered
    afterwards does not bring the mandate back."""
    owner = customer(prism)
    kept = prism.payment_methods.tokenize(
        payment_method=card("4000002500003155"), connector_customer_id=owner
    )
    given = setup(prism, payment_method=Token(kept.connector_payment_method_id))
    if deleted == "card":
        prism.payment_methods.delete(connector_payment_method_id=kept.connector_payment_method_id)
    else:
        prism.customers.delete(connector_customer_id=owner)
    answer(str(given.redirection_data.uri))
    with pytest.raises(Conflict, match="mandate_not_active"):
        renew(prism, given)
