"""A Checkout.com on this machine: it answers what a test tells it, and keeps what it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from prism_contract_tests.processor import Processor
from prism_core import Prism

PAYMENT = "pay_y3oqhf46pyzuxjbcn2giaqnb44"
LINK = f"https://api.sandbox.checkout.com/payments/{PAYMENT}"


class Checkout(Processor):
    """The answers that come next, and the requests that came."""

    def accepts(self) -> None:
        """Adds the acknowledgement of an action."""
        self.says({"action_id": "act_1", "_links": {"payment": {"href": LINK}}}, 202)


@pytest.fixture
def checkout() -> Checkout:
    """The processor."""
    return Checkout()


@pytest.fixture
def prism(checkout: Checkout) -> Iterator[Prism]:
    """The installed connector, speaking to `checkout`."""
    with Prism(
        "checkoutdotcom",
        api_key="sk_sbox_example",
        prefix="vkuhvk4v",
        webhook_secret="whsec_example",
        transport=httpx.MockTransport(checkout),
    ) as opened:
        yield opened


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        held = {"id": PAYMENT, "status": "Authorized", "amount": 1000, "currency": "EUR"}
        return {**held, "reference": "order_1001", **changes}

    return made
