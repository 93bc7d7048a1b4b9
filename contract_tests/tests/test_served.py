"""Tests of the stand-in: an application's calls are answered by a connector's exchanges."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from prism_contract_tests.exchange import Exchange, Step, WireRequest, WireResponse
from prism_contract_tests.replaying import Replay
from prism_contract_tests.served import StandIn
from prism_contract_tests.target import open_target
from prism_core import Money, PaymentStatus, Prism, PrismError, Token

# A process that was started in the background ignores Ctrl+C, and so do its children.
INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("prism_core.cli", run_name="__main__")
"""


def served(*names: str) -> StandIn:
    known = open_target("stripe").exchanges
    return StandIn(one for one in known if not names or one.name in names)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with closing(served()) as found:
        yield found


@pytest.fixture
def stripe(stand_in: StandIn) -> Iterator[Prism]:
    with Prism("stripe", api_key="sk_test_any", base_url=stand_in.url, max_retries=0) as prism:
        yield prism


def test_the_answer_has_the_ids_and_the_amount_that_were_asked_for(stripe: Prism) -> None:
    """An application's own ids and amounts come back."""
    payment = stripe.payments.authorize(
        merchant_transaction_id="my_order_77",
        amount=Money(3456, "USD"),
        payment_method=Token("pm_mine0007"),
        connector_customer_id="cus_mine0007",
    )
    assert payment.merchant_transaction_id == "my_order_77"
    assert payment.amount == payment.captured_amount == Money(3456, "USD")
    assert payment.status is PaymentStatus.CHARGED
    assert payment.connector_customer_id == "cus_mine0007"


def test_an_id_in_the_path_comes_back(stripe: Prism) -> None:
    """A payment that the exchanges do not know is found by its own id."""
    found = stripe.payments.get(connector_transaction_id="pi_mine000007")
    assert found.connector_transaction_id == "pi_mine000007"


def test_an_id_stands_for_the_exchanges_until_another_is_given() -> None:
    """A customer comes back from the page: the order is the application's own, each time."""
    replay = Replay("mollie", "create_order/success", "complete/order")
    with closing(replay):
        prism = replay.prism
        for own in ("my_order_77", "my_order_78"):
            order = prism.payments.create_order(
                merchant_transaction_id=own,
                amount=Money(1000, "EUR"),
                return_url="https://shop.example/back",
            )
            paid = prism.payments.complete(
                connector_order_id=order.connector_order_id, merchant_transaction_id=own
            )
            assert (paid.merchant_transaction_id, paid.status.is_paid) == (own, True)


def test_answers_that_are_no_plain_json_have_the_ids_too() -> None:
    """Authorize.Net begins them with a byte order mark."""
    with closing(Replay("authorizedotnet", "create_customer/success")) as replay:
        made = replay.prism.customers.create(
            merchant_customer_id="my_user_77", email="a@example.com"
        )
    assert made.merchant_customer_id == "my_user_77"


def test_a_named_entry_stands_for_the_one_of_its_name() -> None:
    """Braintree has the caller's id in a list of fields; the exchange has one more in front."""
    with closing(Replay("braintree", "create_customer/success")) as replay:
        made = replay.prism.customers.create(
            merchant_customer_id="my_user_77", email="a@example.com"
        )
    assert made.merchant_customer_id == "my_user_77"


def test_a_refusal_is_not_given_to_another_request(stripe: Prism) -> None:
    """Of an operation with errors among its exchanges, an ordinary request succeeds."""
    customer = stripe.customers.create(merchant_customer_id="user_9", name="Grace Hopper")
    assert customer.connector_customer_id


def test_one_exchange_alone_decides_what_is_answered() -> None:
    """A decline that is named is what every payment gets."""
    with (
        closing(served("authorize/decline")) as only,
        Prism("stripe", api_key="sk_test_any", base_url=only.url, max_retries=0) as prism,
    ):
        payment = prism.payments.authorize(
            merchant_transaction_id="my_order_78",
            amount=Money(100, "USD"),
            payment_method=Token("pm_mine0007"),
        )
        assert payment.status is PaymentStatus.AUTHORIZATION_FAILED
        with pytest.raises(PrismError) as caught:
            prism.customers.create(merchant_customer_id="user_9", name="Ada")
    assert caught.value.outcome == "unknown"


def test_a_document_says_which_request_it_is_wherever_it_is_sent() -> None:
    """A GraphQL API has one address, which a stand-in has not."""
    steps = [
        Step(
            request=WireRequest(method="POST", path="/graphql", json={"query": query}),
            response=WireResponse(status=200, json={"data": {query: query}}),
        )
        for query in ("{ one }", "{ two }")
    ]
    exchange = Exchange(
        operation="get_payment", kind="success", documentation="", request={}, steps=steps
    )
    with closing(StandIn([exchange])) as acme:
        for query, status in (("{ two }", 200), ("{ one }", 200), ("{ three }", 501)):
            answer = httpx.post(acme.url, json={"query": query})
            assert answer.status_code == status
            assert status == 501 or answer.json() == {"data": {query: query}}


def test_the_command_serves_until_it_is_interrupted() -> None:
    """`prism replay` says what to set, tells each request, and ends with Ctrl+C."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "replay", "stripe"]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        set_ = dict(
            line.split()[1].split("=") for line in _until_set(process.stdout) if "export" in line
        )
        url = set_["PRISM_STRIPE_BASE_URL"].strip("'")
        needed = {"API_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET"}  # for calls, the page and events
        assert {f"PRISM_STRIPE_{name}" for name in needed} < {*set_}
        assert httpx.get(f"{url}/v1/payment_intents/pi_9").status_code == 200
        assert httpx.get(f"{url}/v9/nothing").status_code == 501
        process.send_signal(signal.SIGINT)
        told = process.stdout.read()
    assert "GET /v1/payment_intents/pi_9: 200 " in told
    assert "GET /v9/nothing: 501, no exchange is like it" in told
    assert process.returncode == 0


def _until_set(lines: Iterator[str]) -> Iterator[str]:
    """The lines up to the second empty one, after which the server only tells requests."""
    empty = 0
    for line in lines:
        empty += not line.strip()
        yield line
        if empty == 2:
            return
