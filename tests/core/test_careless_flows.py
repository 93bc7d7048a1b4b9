"""Flows as a careless author writes them: what they do wrong is never the caller's loss."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from support import Install, Server, acme_source

from prism_core import (
    Conflict,
    EventRejected,
    Payment,
    Prism,
    PrismError,
    TransportError,
)

from .samples import ASKED, AUTHORIZING, GOOD, options

POST = 'account.post("/payments", json=order)'
IN_FINALLY = f"""        try:
            response = yield {POST}
        finally:
            yield account.get("/clean")
"""
CATCHING_ALL = f"""        try:
            response = yield {POST}
        except BaseException:
            response = yield {POST}
"""


def authorize(server: Server, **more: Any) -> Payment:
    with Prism("acme", **options(server), max_retries=0) as prism:
        return prism.payments.authorize(**{**ASKED, **more})


def strike(handler: BaseHTTPRequestHandler) -> None:
    """Presses Ctrl+C while the call waits for its answer."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    time.sleep(0.3)  # on a busy machine the end of the connection may be seen first
    handler.close_connection = True


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl+C raises, also where a shell started the tests in the background and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("careless", [IN_FINALLY, CATCHING_ALL])
def test_a_flow_that_goes_on_does_not_hide_ctrl_c(
    plugin: Install, server: Server, careless: str
) -> None:
    """Ctrl+C stays Ctrl+C where a flow sends something in a `finally`, or catches everything."""
    plugin("acme", acme_source((AUTHORIZING, careless)))
    server.act(strike)
    with pytest.raises(KeyboardInterrupt):
        authorize(server)
    assert len(server.seen) == 1


PAID = "return payment_of(account.decode(response, PaymentBody))"
RETURNED = f"        {PAID}\n\n    @hookimpl\n    def get_"
MADE = (
    "KINDS = {\n",
    "from prism_core import PaymentStatus\n"
    "ALWAYS = Payment(status=PaymentStatus.PENDING)\nKINDS = {\n",
)
SHARED = RETURNED.replace(PAID, "return ALWAYS")


def test_results_are_the_callers_own(plugin: Install, server: Server) -> None:
    """A connector that gives one object to many calls mixes none of them up."""
    plugin("acme", acme_source((RETURNED, SHARED), MADE))
    server.answer(200, GOOD)
    one, other = (authorize(server, merchant_transaction_id=name) for name in ("a", "b"))
    assert (one.merchant_transaction_id, other.merchant_transaction_id) == ("a", "b")
    assert one.idempotency_key != other.idempotency_key


REJECTING = f"""        from prism_core import EventRejected
        response = yield {POST}
        raise EventRejected("no signature")
"""


def test_only_an_event_is_rejected(plugin: Install, server: Server) -> None:
    """A payment that was answered is not "rejected" because its flow raises an event's error."""
    plugin("acme", acme_source((AUTHORIZING, REJECTING)))
    server.answer(200, GOOD)
    with pytest.raises(EventRejected) as caught:
        authorize(server)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("kind", ["INVALID_REQUEST", "OTHER", "AUTHENTICATION", "CONFLICT"])
def test_a_409_may_be_a_key_used_before(acme: str, server: Server, kind: str) -> None:
    """Whatever a connector takes its words for: the first request with the key may have been
    done."""
    server.answer(409, {"code": "busy", "kind": kind})
    with pytest.raises(PrismError) as caught:
        authorize(server)
    assert caught.value.outcome == "unknown"
    assert isinstance(caught.value, Conflict) == (kind in ("CONFLICT", "OTHER"))


SENDING = """        from prism_core import HttpRequest
        response = yield HttpRequest({})
"""


@pytest.mark.parametrize(
    "url", ["http://acme.example/x", "http://0.0.0.0/x", "ftp://x", "", "http://[/"]
)
def test_credentials_never_travel_in_the_clear(plugin: Install, server: Server, url: str) -> None:
    """Not even to where an answer says: HTTPS, or this machine itself."""
    flow = SENDING.format(f"'POST', {url!r}, account.headers(), b''")
    plugin("acme", acme_source((AUTHORIZING, flow)))
    with pytest.raises(TransportError, match="not https") as caught:
        authorize(server)
    assert caught.value.outcome == "not_sent"


def test_a_request_of_other_types_is_not_sent(plugin: Install, server: Server) -> None:
    """A header that is a number, say, is an error of the tree and not one of Python's."""
    flow = SENDING.format("'POST', account.base_url, {'x-count': 1}")
    plugin("acme", acme_source((AUTHORIZING, flow)))
    with pytest.raises(TransportError, match="holds what HTTP cannot send") as caught:
        authorize(server)
    assert caught.value.outcome == "not_sent"
    assert server.seen == []


def test_a_https_address_in_capitals_is_https(plugin: Install, server: Server) -> None:
    """A scheme is the same in any case (RFC 3986, section 3.1)."""
    flow = SENDING.format("'POST', 'HTTPS://127.0.0.1:1/', {}")
    plugin("acme", acme_source((AUTHORIZING, flow)))
    with pytest.raises(TransportError, match="no connection"):
        authorize(server)


LEAVING = f"        response = yield {POST}\n        raise SystemExit(1)\n"


def test_what_leaves_the_program_is_logged(
    plugin: Install, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the program ends in the middle of a call, the log says what is not known, with the
    key."""
    plugin("acme", acme_source((AUTHORIZING, LEAVING)))
    server.answer(200, GOOD)
    with pytest.raises(SystemExit):
        authorize(server, idempotency_key="key_7")
    assert "interrupted, outcome unknown; idempotency key key_7" in caplog.text
