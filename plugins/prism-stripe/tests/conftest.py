"""Fixtures of the Stripe connector's tests, and the judge that no request of theirs escapes.

Every `HttpRequest` that leaves a flow and that the core lets pass is held against Stripe's OpenAPI
document when the test ends; the last line of the run says how many were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from prism_core import HttpRequest, Prism, Token
from prism_core.runtime import flows
from prism_core.runtime.call import Call

from .loopback import Answering, running_localstripe
from .samples import KEY
from .stripe_openapi import StripeDocument, stripe_document

TALLY = pytest.StashKey[dict[str, int]]()
MakeToken = Callable[[str], Token]


class Judge:
    """Holds requests against the document, each once, and counts."""

    def __init__(self, document: StripeDocument | None, tally: dict[str, int]) -> None:
        self.sent: list[HttpRequest] = []
        self._document, self._tally = document, tally

    def verdict(self) -> list[str]:
        """The violations of the requests sent since the last verdict."""
        requests, self.sent = self.sent, []
        return self.verdict_on(requests)

    def verdict_on(self, requests: list[HttpRequest]) -> list[str]:
        """The violations of these requests, counted; none where there is no document."""
        if self._document is None:
            return []
        found: list[str] = []
        for sent in requests:
            wrong = self._document.violations(sent.method, sent.url, sent.headers, sent.body)
            self._tally["violations" if wrong else "valid"] += 1
            found += wrong
        return found


@pytest.fixture(autouse=True)
def judge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    """Fails a test that sent a request which Stripe's OpenAPI document does not allow."""
    made = Judge(stripe_document(), request.config.stash[TALLY])
    send = flows.exchange

    def sending(call: Call, asked: HttpRequest) -> Any:
        made.sent.append(asked)
        return send(call, asked)

    monkeypatch.setattr(flows, "exchange", sending)
    yield made
    wrong = made.verdict()
    assert not wrong, "not valid by stripe.openapi.json: " + "; ".join(wrong)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Async tests run on both event loops."""
    return str(request.param)


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server on loopback that answers by script."""
    server = Answering()
    yield server
    server.close()


@pytest.fixture
def prism(answering: Answering) -> Iterator[Prism]:
    """The installed Stripe connector, speaking to the scripted server."""
    with Prism("stripe", api_key=KEY, base_url=answering.url) as opened:
        yield opened


@pytest.fixture(scope="session")
def localstripe() -> Iterator[str]:
    """The address of a running localstripe."""
    with running_localstripe() as url:
        yield url


@pytest.fixture
def official(localstripe: str) -> Iterator[stripe.StripeClient]:
    """Stripe's own SDK, speaking to localstripe: the second opinion on what was stored."""
    http = stripe.RequestsClient()
    yield stripe.StripeClient(KEY, base_addresses={"api": localstripe}, http_client=http)
    http.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def live(localstripe: str) -> Iterator[Prism]:
    """The plugin as an application opens it, with another base URL."""
    with Prism("stripe", api_key=KEY, base_url=localstripe) as opened:
        yield opened


@pytest.fixture
def token(official: stripe.StripeClient) -> MakeToken:
    """Makes a PaymentMethod from a test card number, with Stripe's SDK."""

    def make(number: str) -> Token:
        card: Any = {"number": number, "exp_month": 12, "exp_year": 2090, "cvc": "123"}
        made = official.v1.payment_methods.create({"type": "card", "card": card})
        return Token(made.id)

    return make


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = {"valid": 0, "violations": 0}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    tally = config.stash[TALLY]
    if any(tally.values()):
        terminalreporter.write_line(
            f"prism-stripe: {tally['valid']} requests valid by stripe.openapi.json, "
            f"{tally['violations']} violations"
        )
