"""What rich, structlog and Sentry keep of a failure inside a connector: none of its variables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import Install, Server, acme_source

from prism_core import AsyncPrism, AuthorizeRequest, Card, ConnectorBug, Money, Prism

from .showing import everything, shown

NUMBER, CVC, NAME = "4000056655665556", "737", "Grace Hopper"
# The connector fails with the card in its exception, and the customer in its variables.
FAILING = (
    "        return payment_of(account.decode(response, PaymentBody))\n",
    "        body, card = account.decode(response, PaymentBody), request.payment_method\n"
    "        number = card.number.reveal()\n"
    "        raise KeyError(number, body, request.payment_method.holder_name)\n",
)
ANSWER = {"id": NUMBER, "state": NAME}
PAYMENT: dict[str, Any] = {
    "merchant_transaction_id": "order_1",
    "amount": Money(1000, "USD"),
    "payment_method": Card(NUMBER, 12, 2090, CVC, NAME),
}


@pytest.fixture
def folder(plugin: Install) -> Path:
    return plugin("acme", acme_source(FAILING))


def private_in(shown: str) -> list[str]:
    return [one for one in (NUMBER, f"'{CVC}'", "Hopper") if one in shown]


@pytest.mark.usefixtures("folder")
def test_a_connectors_own_failure_shows_none_of_its_variables(server: Server) -> None:
    """No frame of a flow hangs on the error; what its exception said is not repeated."""
    server.answer(200, ANSWER)
    prism = Prism("acme", api_key="key_secret", base_url=server.url)
    with prism, pytest.raises(ConnectorBug, match="failed with KeyError") as caught:
        prism.payments.authorize(**PAYMENT)
    assert private_in(everything(caught.value, "")) == []


@pytest.mark.anyio
@pytest.mark.usefixtures("folder")
async def test_nor_under_the_async_client(server: Server) -> None:
    server.answer(200, ANSWER)
    async with AsyncPrism("acme", api_key="key_secret", base_url=server.url) as prism:
        with pytest.raises(ConnectorBug) as caught:
            await prism.payments.authorize(**PAYMENT)
    assert private_in(everything(caught.value, "")) == []


@pytest.mark.usefixtures("folder")
def test_a_call_under_way_shows_its_name_alone() -> None:
    """A sampler or a stack dump that shows variables finds neither the card nor a path."""
    with Prism("acme", api_key="key_secret") as prism:
        request = AuthorizeRequest(**PAYMENT)
        steps = prism._engine.prepare("authorize", "payments.authorize", request)
        next(steps)
        call = steps.gi_frame.f_locals["call"]
        steps.close()
    assert repr(call) == "<Call acme payments.authorize>"
    assert set(shown(call).values()) & {"<Call acme payments.authorize>"}
    assert not any("/payments" in text or NUMBER in text for text in shown(call).values())


def test_sentry_keeps_nothing_private(folder: Path, server: Server) -> None:
    """With Sentry's default options (local variables, breadcrumbs from logs): mistyped keys and
    cards, refused requests, a processor that fails and a connector that does."""
    server.answer(400, {"code": "bad", "message": f"{NAME}, {NUMBER}"}).answer(200, ANSWER)
    shop = Path(__file__).with_name("tracked.py")
    run = subprocess.run(
        [sys.executable, shop, server.url],
        input=f"{NUMBER}|{CVC}|{NAME}\n",
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count('"exception":{"values":[{') == 8
    assert '"vars"' in run.stdout
    assert '"breadcrumbs"' in run.stdout
    assert private_in(run.stdout) == []
    assert private_in(run.stderr) == []
