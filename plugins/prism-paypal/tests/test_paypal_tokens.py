"""Access tokens, against a real server on loopback: fetched once, kept, renewed, and never in
doubt. https://developer.paypal.com/api/rest/authentication/"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prism_core import (
    AsyncPrism,
    AuthenticationError,
    PaymentStatus,
    Prism,
    PrismError,
    TransportError,
)

from .paypal_samples import CREDENTIALS, payment_request
from .paypal_server import PayPalServer

MANY = 100
GARBAGE: list[tuple[int, Any]] = [
    (500, {"name": "INTERNAL_SERVER_ERROR"}),
    (503, b"<html>Busy</html>"),
    (200, b"<html>Welcome</html>"),
    (200, {"token_type": "Bearer"}),
    (404, b""),
    (429, {"name": "RATE_LIMIT_REACHED", "message": "Too many requests."}),
]


def in_threads(call: Callable[[], Any]) -> list[Any]:
    """What a hundred threads get that begin at the same moment."""
    together = threading.Barrier(MANY)

    def run(_: int) -> Any:
        together.wait()
        return call()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


def in_tasks(server: PayPalServer, between: Callable[[], None] | None = None) -> list[Any]:
    """What a hundred tasks of one event loop get that begin together, on one client; with
    `between`, after one payment and that."""

    async def run() -> list[Any]:
        options = {**CREDENTIALS, "base_url": server.url}
        async with AsyncPrism("paypal", **options, max_retries=0) as prism:
            if between is not None:
                await prism.payments.get(connector_transaction_id="5ORDER")
                between()
            calls = (prism.payments.authorize(payment_request()) for _ in range(MANY))
            return await asyncio.gather(*calls)

    return asyncio.run(run())


def test_a_hundred_threads_that_start_together_fetch_one_token(
    prism: Prism, server: PayPalServer
) -> None:
    """A hundred payments from a hundred threads cost one token, and none of them is lost."""
    server.pause = 0.05
    payments = in_threads(lambda: prism.payments.authorize(payment_request()))
    assert server.granted == 1
    assert [one.status for one in payments] == [PaymentStatus.AUTHORIZED] * MANY
    assert len(server.seen) == 2 * MANY


def test_a_hundred_tasks_that_start_together_fetch_one_token(server: PayPalServer) -> None:
    server.pause = 0.05
    payments = in_tasks(server)
    assert server.granted == 1
    assert [one.status for one in payments] == [PaymentStatus.AUTHORIZED] * MANY
    assert len(server.seen) == 2 * MANY


def test_a_token_is_kept_over_calls(prism: Prism, server: PayPalServer) -> None:
    """Every operation of a client uses the same token."""
    prism.customers.create(merchant_customer_id="user_42")
    prism.payments.authorize(payment_request())
    prism.payments.get(connector_transaction_id="5ORDER")
    assert server.granted == 1
    assert {one.headers["authorization"] for one in server.seen} == {"Bearer A21AA1"}


def test_a_token_near_its_end_is_fetched_again(prism: Prism, server: PayPalServer) -> None:
    """A token is used until shortly before it expires, and then there is a new one."""
    server.expires_in = 0.3
    for _ in range(3):
        prism.payments.get(connector_transaction_id="5ORDER")
    assert server.granted == 1
    time.sleep(0.3)
    prism.payments.get(connector_transaction_id="5ORDER")
    assert server.granted == 2


def test_a_revoked_token_is_renewed_once(prism: Prism, server: PayPalServer) -> None:
    """After a 401 the same call goes on with a new token, whose 401 is an error."""
    prism.payments.get(connector_transaction_id="5ORDER")
    server.revoke()
    assert prism.payments.authorize(payment_request()).status is PaymentStatus.AUTHORIZED
    assert server.granted == 2
    server.script("5ORDER", (401, {"error": "invalid_token"}), (401, {"error": "invalid_token"}))
    with pytest.raises(AuthenticationError) as caught:
        prism.payments.get(connector_transaction_id="5ORDER")
    assert (caught.value.outcome, server.granted) == ("rejected", 3)


def test_a_token_revoked_under_a_hundred_threads_is_renewed_once(
    prism: Prism, server: PayPalServer
) -> None:
    """A hundred calls that get a 401 together cost one more token, and none of them is lost."""
    prism.payments.get(connector_transaction_id="5ORDER")
    server.revoke()
    server.pause = 0.05
    payments = in_threads(lambda: prism.payments.authorize(payment_request()))
    assert server.granted == 2
    assert [one.status for one in payments] == [PaymentStatus.AUTHORIZED] * MANY


def test_a_token_revoked_under_a_hundred_tasks_is_renewed_once(server: PayPalServer) -> None:
    server.pause = 0.05
    payments = in_tasks(server, between=server.revoke)
    assert server.granted == 2
    assert [one.status for one in payments] == [PaymentStatus.AUTHORIZED] * MANY


def test_a_token_revoked_between_the_two_calls_of_a_payment(
    prism: Prism, server: PayPalServer
) -> None:
    """The order stands, and the second call goes on with a new token."""
    server.script("/authorize", (401, {"error": "invalid_token"}))
    payment = prism.payments.authorize(payment_request())
    assert (payment.status, server.granted) == (PaymentStatus.AUTHORIZED, 2)
    first, second, again = [one.headers["paypal-request-id"] for one in server.seen]
    assert first == "key_1"
    assert second == again != "key_1"


def test_a_wrong_secret_is_refused(server: PayPalServer) -> None:
    """A wrong secret is an AuthenticationError that says that nothing was done."""
    wrong = {**CREDENTIALS, "client_secret": "secret_2", "base_url": server.url}
    with Prism("paypal", **wrong) as prism, pytest.raises(AuthenticationError) as caught:
        prism.payments.authorize(payment_request())
    assert caught.value.outcome == "rejected"
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == "invalid_client"
    assert server.seen == []
    assert "secret_2" not in f"{caught.value!r} {vars(caught.value)}"


@pytest.mark.parametrize("answer", GARBAGE, ids=lambda answer: str(answer[0]))
def test_a_failing_token_endpoint_leaves_no_doubt(
    prism: Prism, server: PayPalServer, answer: tuple[int, Any]
) -> None:
    """Whatever the token endpoint answers, a payment without a token was never made: the caller
    is told so, and the next call tries anew."""
    server.script("/token", answer)
    with pytest.raises(PrismError) as caught:
        prism.payments.authorize(payment_request())
    assert caught.value.outcome in ("not_sent", "rejected")
    assert server.seen == []
    assert prism.payments.authorize(payment_request()).status is PaymentStatus.AUTHORIZED


def test_a_token_endpoint_out_of_reach_leaves_no_doubt() -> None:
    """Where nobody answers, nothing was sent."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        options = {**CREDENTIALS, "base_url": url, "max_retries": 0}
        with Prism("paypal", **options) as prism, pytest.raises(TransportError) as caught:
            prism.payments.authorize(payment_request())
    assert caught.value.outcome == "not_sent"


def test_a_slow_token_endpoint_leaves_no_doubt(prism: Prism, server: PayPalServer) -> None:
    """A call whose time is up while it waits for a token was never made."""
    server.pause = 0.3
    with pytest.raises(TransportError) as caught:
        prism.payments.authorize(payment_request(timeout=0.1))
    assert (caught.value.outcome, server.seen) == ("not_sent", [])
