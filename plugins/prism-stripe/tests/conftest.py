"""Fixtures of the Stripe connector's tests, and the judge that no request of theirs escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from prism_contract_tests.judging import judging
from prism_core import Prism, SdkToken

from .loopback import Answering, running_localstripe
from .samples import KEY, SECRET
from .stripe_openapi import stripe_document

DOCUMENT = stripe_document()
judge = judging("prism-stripe", "stripe.openapi.json", DOCUMENT and DOCUMENT.violations)
MakeToken = Callable[[str], SdkToken]


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


@pytest.fixture
def shop() -> Iterator[Prism]:
    """A client that knows the secret of the events."""
    with Prism("stripe", api_key=KEY, webhook_secret=SECRET) as opened:
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
    """Makes a PaymentMethod from a test card number, with Stripe's SDK as a page does. Its type is
    told, because localstripe has no `automatic_payment_methods`, which a `Token` is sent with."""

    def make(number: str) -> SdkToken:
        card: Any = {"number": number, "exp_month": 12, "exp_year": 2090, "cvc": "123"}
        made = official.v1.payment_methods.create({"type": "card", "card": card})
        return SdkToken(made.id, payment_method_type="CARD")

    return make
