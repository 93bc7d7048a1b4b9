"""The fixture `prism_replay`: any connector's exchanges, for the tests of an application."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small import environment

from prism_contract_tests.replaying import PrismReplay, Replay
from prism_core import (
    AsyncPrism,
    EventKind,
    EventRejected,
    Money,
    Payment,
    PaymentStatus,
    Prism,
    PrismError,
    Token,
)


def pay(prism: Prism) -> Payment:
    return prism.payments.authorize(
        merchant_transaction_id="my_order",
        amount=Money(3456, "USD"),
        payment_method=Token("pm_mine0007"),
        connector_customer_id="cus_mine0007",
    )


def test_an_exchange_answers_an_applications_own_call(prism_replay: PrismReplay) -> None:
    """The named decline is what a payment comes to; the test sees what the processor got."""
    stripe = prism_replay("stripe", "authorize/decline")
    declined = pay(stripe.prism)
    assert declined.status is PaymentStatus.AUTHORIZATION_FAILED
    assert declined.error is not None
    (seen,) = stripe.seen
    assert (seen.method, seen.path) == ("POST", "/v1/payment_intents")
    assert seen.form["amount"] == "3456"


def test_several_exchanges_and_several_connectors(prism_replay: PrismReplay) -> None:
    """Each is its own processor: an application that uses two is tested with both."""
    stripe = prism_replay("stripe", "authorize/success", "refund/success.json")
    mollie = prism_replay("mollie")
    paid = pay(stripe.prism)
    refund = stripe.prism.payments.refund(
        connector_transaction_id=str(paid.connector_transaction_id),
        merchant_refund_id="refund_1",
        amount=Money(100, "USD"),
    )
    assert refund.merchant_refund_id == "refund_1"
    customer = mollie.prism.customers.create(merchant_customer_id="user_9", name="Grace Hopper")
    assert customer.merchant_customer_id == "user_9"
    assert [one.seen[-1].path for one in (stripe, mollie)] == ["/v1/refunds", "/v2/customers"]


@pytest.mark.parametrize("connector", ["adyen", "authorizedotnet", "braintree", "paypal"])
def test_the_exchanges_own_request_leads_to_its_answer(
    prism_replay: PrismReplay, connector: str
) -> None:
    """Forms, XML in JSON, GraphQL, access tokens: the request is there to be sent."""
    served = prism_replay(connector, "authorize/decline")
    assert served.prism.payments.authorize(served.request).status.is_failed


def test_an_application_that_reads_the_environment(
    prism_replay: PrismReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that opens its client by `from_env` is tested as it is."""
    adyen = prism_replay("adyen", "authorize/decline")
    for name, value in adyen.environ.items():
        monkeypatch.setenv(name, value)
    with Prism.from_env("adyen") as prism:
        assert prism.payments.authorize(adyen.request).status.is_failed


@pytest.mark.anyio
async def test_an_async_client_of_ones_own(
    prism_replay: PrismReplay, anyio_backend_name: str
) -> None:
    served = prism_replay("stripe", "authorize/decline")
    async with AsyncPrism("stripe", **served.options) as prism:
        assert (await prism.payments.authorize(served.request)).status.is_failed


def test_a_webhook_is_signed_now(prism_replay: PrismReplay) -> None:
    """An application that verifies webhooks takes it; a forged one stays forged."""
    stripe = prism_replay("stripe", "handle_event/success")
    handle, webhook = stripe.prism.events.handle, stripe.request
    assert handle(body=webhook.body, headers=webhook.headers).kind is EventKind.PAYMENT
    forged = prism_replay("stripe", "handle_event/authentication-error").request
    with pytest.raises(EventRejected):
        handle(body=forged.body, headers=forged.headers)


def test_a_replay_ends_with_the_test() -> None:
    """Its server stops: later calls find nobody, and send nothing."""
    served = Replay("stripe", "authorize/decline")
    with Prism("stripe", **served.options, max_retries=0) as prism:
        assert pay(prism).status.is_failed
        served.close()
        with pytest.raises(PrismError) as caught:
            pay(prism)
        assert caught.value.outcome == "not_sent"


WRONG = """
def test_connector(prism_replay):
    prism_replay("strype", "authorize/decline")
def test_exchange(prism_replay):
    prism_replay("stripe", "authorize/declined")
def test_unlike_any(prism_replay):
    prism_replay("stripe", "pay")
def test_unanswered(prism_replay):
    stripe = prism_replay("stripe", "authorize/decline")
    try:
        stripe.prism.refunds.get(connector_refund_id="re_1")
    except Exception as error:
        assert error.outcome
"""


@pytest.mark.once
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path) -> None:
    """A wrong name with near ones; a request that the chosen exchanges do not have. No traceback
    of the kit."""
    (tmp_path / "test_it.py").write_text(WRONG)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert "3 failed, 1 passed, 1 error" in done.stdout
    for line in (
        "prism_replay: no installed connector is called 'strype'. Did you mean 'stripe'?",
        "prism_replay: stripe has no exchange 'authorize/declined'; did you mean authorize/decline",
        "prism_replay: stripe has no exchange 'pay'; `prism exchanges show stripe` lists them all",
        "prism_replay: no exchange of stripe that is served has GET /v1/refunds/re_1; "
        "they have POST /v1/payment_intents",
    ):
        assert line in done.stdout
    assert "Traceback" not in done.stdout
    assert "During handling" not in done.stdout
