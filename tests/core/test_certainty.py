"""Whether it was done: "not_sent", "rejected" or "unknown", as surely as anybody can know."""

from __future__ import annotations

import logging
import socket
from typing import Any

import pytest
from support import Server, acme_source

from prism_core import AuthenticationError, NotFound, Prism, PrismError, TransportError
from prism_core.runtime import retries

from .samples import ASKED, AUTHORIZING, GOOD, PAYMENT, hang_up


def refused_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


def test_a_refused_connection_was_not_sent(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says so and to which server, and a POST is tried again all the same."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    url = refused_url()
    with (
        Prism(acme, api_key="k", base_url=url) as prism,
        pytest.raises(TransportError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "not_sent"
    assert f"{url.removeprefix('http://')} refused the connection" in caught.value.message
    assert len(caught.value.attempts) == 3


def test_a_call_that_begins_too_late_is_not_sent(prism: Prism, server: Server) -> None:
    """When no time is left before the request goes out, nothing is sent."""
    with pytest.raises(TransportError, match="time was up") as caught:
        prism.payments.authorize(**ASKED, timeout=1e-9)
    assert caught.value.outcome == "not_sent"
    assert server.seen == []


def test_silence_after_sending_is_unknown(prism: Prism, server: Server) -> None:
    """A timeout after sending is unknown, and carries the key to repeat or look up with."""
    server.answer(200, GOOD, delay=1)
    with pytest.raises(TransportError, match="no answer in time") as caught:
        prism.payments.authorize(**ASKED, timeout=0.2)
    assert caught.value.outcome == "unknown"
    assert caught.value.idempotency_key == server.seen[0].headers["acme-key"]


def test_a_lost_connection_is_unknown_and_retried_with_the_key(
    prism: Prism, server: Server
) -> None:
    """A connection lost after sending is repeated with the same key, and then succeeds."""
    server.act(hang_up).answer(200, GOOD)
    payment = prism.payments.authorize(**ASKED)
    assert payment.attempts[0].failure == "no answer (RemoteProtocolError)"
    assert len({seen.headers["acme-key"] for seen in server.seen}) == 1


def test_doubt_is_not_lost_on_the_way(prism: Prism, server: Server) -> None:
    """After an attempt that may have been done, a later plain refusal is still unknown."""
    server.act(hang_up).answer(401)
    with pytest.raises(AuthenticationError) as caught:
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("between", "answers", "outcome"),
    [
        ("yield account.post('/more')", [(200, GOOD), (429, None)], "unknown"),
        ("yield account.post('/more')", [(200, GOOD), (401, None)], "unknown"),
        ("yield account.get('/seen')", [(200, GOOD), (404, {"code": "gone"})], "unknown"),
        (
            "yield account.get('/seen'); yield account.get('/seen')",
            [(200, GOOD), (200, GOOD), (404, {"code": "gone"})],
            "unknown",
        ),
        ("raise InvalidRequest('x')", [(200, GOOD)], "unknown"),
        ("raise UnsupportedOperation('x')", [(200, GOOD)], "unknown"),
    ],
)
def test_what_an_earlier_request_did_is_not_forgotten(
    plugin: Any, server: Server, between: str, answers: list[Any], outcome: str
) -> None:
    """When a flow fails after the processor has answered a request that changes something, the
    outcome is unknown, whatever the failure is by itself."""
    imported = "    AuthorizeRequest,\n    InvalidRequest,\n    UnsupportedOperation,\n"
    more = (AUTHORIZING, f"{AUTHORIZING}        {between}\n")
    plugin("acme", acme_source(("    AuthorizeRequest,\n", imported), more))
    for status, body in answers:
        server.answer(status, body)
    with (
        Prism("acme", api_key="k", base_url=server.url, max_retries=0) as prism,
        pytest.raises(PrismError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == outcome


@pytest.mark.parametrize(
    ("first", "outcome"),
    [("account.post('/token')", "unknown"), ("account.post('/token', changes=False)", "rejected")],
)
def test_fetching_a_token_changes_nothing(
    plugin: Any, server: Server, first: str, outcome: str
) -> None:
    """A post that is said to change nothing does not make a later refusal uncertain."""
    plugin("acme", acme_source((AUTHORIZING, f"        yield {first}\n{AUTHORIZING}")))
    server.answer(200, {}).answer(401, {"code": "who"})
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(AuthenticationError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == outcome


def test_a_flow_is_told_what_the_whole_exchange_came_to(plugin: Any, server: Server) -> None:
    """A flow that catches an error sees "unknown" when any attempt is, and its own lookup that
    finds nothing does not turn that into a refusal."""
    lookup = (
        "        from prism_core import NotFound, PrismError\n"
        "        try:\n"
        "            response = yield account.post('/payments', json=order, keyed=False)\n"
        "        except PrismError as error:\n"
        "            assert error.outcome == 'unknown'\n"
        "            yield account.get('/payments')\n"
        "            raise NotFound('not there') from None\n"
    )
    plugin("acme", acme_source((AUTHORIZING, lookup)))
    server.act(hang_up).answer(200, [])
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(NotFound) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


def test_what_an_earlier_step_made_is_told(plugin: Any, server: Server) -> None:
    """When a later step fails, the error names what the first one made, and is no less certain
    where that moved no money."""
    first = (
        "        from prism_core import PrismError\n"
        "        begun = yield account.post('/orders', changes=False)\n"
        "        try:\n"
        "            response = yield account.post('/payments', json=order)\n"
        "        except PrismError as error:\n"
        "            error.connector_transaction_id = begun.json()['id']\n"
        "            raise\n"
    )
    plugin("acme", acme_source((AUTHORIZING, first)))
    server.answer(201, {"id": "ord_1"}).answer(404, {"code": "gone", "kind": "OTHER"})
    with (
        Prism("acme", api_key="key", base_url=server.url) as prism,
        pytest.raises(NotFound) as caught,
    ):
        prism.payments.authorize(PAYMENT)
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("rejected", "ord_1")


def test_a_second_step_that_never_left_is_certain(plugin: Any, server: Server) -> None:
    """After a first step that changed nothing, a refused connection is still not_sent."""
    nowhere = (
        "        yield account.post('/orders', changes=False)\n"
        "        from prism_core import HttpRequest\n"
        "        response = yield HttpRequest('POST', 'http://127.0.0.1:1/payments', {})\n"
    )
    plugin("acme", acme_source((AUTHORIZING, nowhere)))
    server.answer(201, {"id": "ord_1"})
    with (
        Prism("acme", api_key="key", base_url=server.url, max_retries=0) as prism,
        pytest.raises(TransportError) as caught,
    ):
        prism.payments.authorize(PAYMENT)
    assert caught.value.outcome == "not_sent"


def test_an_interrupted_call_leaves_its_key_in_the_log(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C in mid-call logs a warning with the minted key, so that the payment can be found."""
    server.answer(200, GOOD)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prism_core.transport.transports.SyncTransport.send", interrupt)
    with pytest.raises(KeyboardInterrupt):
        prism.payments.authorize(**ASKED, idempotency_key="mine")
    (record,) = caplog.records
    assert record.getMessage() == (
        "acme payments.authorize order_1: interrupted, outcome unknown; idempotency key mine"
    )


@pytest.mark.parametrize("fails", ["filter", "handler"])
def test_a_log_that_fails_takes_no_payments_place(
    prism: Prism,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fails: str,
) -> None:
    """A filter or handler of the caller's that raises, since nobody takes its records say, is not
    what became of the payment: the caller gets its result."""
    logger = logging.getLogger("prism_core")
    caplog.set_level(logging.INFO, logger.name)

    def raising(_: logging.LogRecord) -> bool:
        raise ConnectionError("nobody takes this record")

    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", raising)
    monkeypatch.setattr(logger, "filters", [raising] if fails == "filter" else [])
    monkeypatch.setattr(logger, "handlers", [handler] if fails == "handler" else [])
    server.answer(200, GOOD)
    assert prism.payments.authorize(**ASKED).connector_transaction_id is not None
    assert len(server.seen) == 1
