"""Fixtures of the PayPal connector's tests, and the judge that no request of theirs escapes.

Every request that any test sends, or takes out of a flow by hand, is held against PayPal's OpenAPI
document when the test ends; the last line of the run says how many were.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prism_core import HttpRequest, Payment, Prism
from prism_core.runtime import attempts
from prism_core.runtime.steps import Send

from . import paypal_samples
from .paypal_openapi import paypal_document
from .paypal_samples import CREDENTIALS
from .paypal_server import PayPalServer

TALLY = pytest.StashKey[dict[str, int]]()


class Judge:
    """Holds the requests that were sent against the document, each once, and counts."""

    def __init__(self, tally: dict[str, int]) -> None:
        self.sent: list[HttpRequest] = []
        self._tally = tally

    def verdict(self) -> list[str]:
        """The violations of the requests sent since the last verdict."""
        requests, self.sent = self.sent, []
        document = paypal_document()
        known: dict[object, list[str]] = {}
        found: list[str] = []
        for sent in requests if document is not None else ():
            same = (sent.method, sent.url, tuple(sent.headers.items()), sent.body)
            if same not in known:
                assert document is not None
                known[same] = document.violations(sent.method, sent.url, sent.headers, sent.body)
            self._tally["violations" if known[same] else "valid"] += 1
            found += known[same]
        return found


@pytest.fixture(autouse=True)
def judge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    """Fails a test that sent a request which PayPal's OpenAPI document does not allow."""
    made = Judge(request.config.stash[TALLY])

    def sending(sent: HttpRequest, timeout: float) -> Send:
        made.sent.append(sent)
        return Send(sent, timeout)

    monkeypatch.setattr(attempts, "Send", sending)
    monkeypatch.setattr(paypal_samples, "taken", made.sent.append)
    yield made
    wrong = made.verdict()
    assert not wrong, "not valid by paypal.openapi.json: " + "; ".join(wrong)


@pytest.fixture(scope="module")
def running() -> Iterator[PayPalServer]:
    """A PayPal of our own, on loopback."""
    made = PayPalServer()
    yield made
    made.close()


@pytest.fixture
def server(running: PayPalServer) -> PayPalServer:
    """Our own PayPal, with nothing left of other tests."""
    running.forget()
    return running


@pytest.fixture
def prism(server: PayPalServer) -> Iterator[Prism]:
    """The installed PayPal connector, speaking to the server."""
    with Prism("paypal", **CREDENTIALS, base_url=server.url, max_retries=0) as opened:
        yield opened


@pytest.fixture
def ask(prism: Prism, server: PayPalServer) -> Any:
    """Asks for a change, with the order that the lookup finds and the answer to the change."""

    def asking(request: Any, found: Any, answer: Any = None, status: int = 201) -> Any:
        name = type(request).__name__.removesuffix("Request").lower()
        server.script("5ORDER", (200, found))
        server.script(f"/{name}", (status, answer))
        return getattr(prism.payments, name)(request)

    return asking


@pytest.fixture
def found(prism: Prism, server: PayPalServer) -> Any:
    """Looks up an order that our own PayPal answers with."""

    def look(answer: Any) -> Payment:
        server.script("5ORDER", (200, answer))
        return prism.payments.get(connector_transaction_id="5ORDER")

    return look


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = {"valid": 0, "violations": 0}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    tally = config.stash[TALLY]
    if any(tally.values()):
        terminalreporter.write_line(
            f"prism-paypal: {tally['valid']} requests valid by paypal.openapi.json, "
            f"{tally['violations']} violations"
        )
