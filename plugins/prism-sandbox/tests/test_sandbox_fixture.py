"""The fixture `prism_sandbox`: a sandbox for the tests of an application."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from prism_core import AsyncPrism, Money, Payment, PaymentStatus, Prism, SdkToken, Sepa
from prism_sandbox.testing import HOUR, SandboxServer

RETURNED = Sepa(iban="DE13370400440532010003", holder_name="Ada Lovelace")
KNOWN = "order_1"


def pay(prism: Prism, order: str = KNOWN, method: SdkToken | Sepa | None = None) -> Payment:
    return prism.payments.authorize(
        merchant_transaction_id=order,
        amount=Money(1000, "EUR"),
        payment_method=method or SdkToken("tok_approve"),
        idempotency_key=order,
    )


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_begins_with_nothing(prism_sandbox: SandboxServer, again: int) -> None:
    """The same order and the same key in two tests are two payments."""
    assert prism_sandbox.webhooks == []
    assert prism_sandbox.prism.payments.authorize(
        merchant_transaction_id=KNOWN,
        amount=Money(again, "EUR"),
        payment_method=SdkToken("tok_approve"),
        idempotency_key=KNOWN,
    ).amount == Money(again, "EUR")


def test_a_client_of_ones_own(
    prism_sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keyword arguments, or by the environment as an application does it; async, too."""
    paid = pay(prism_sandbox.prism).connector_transaction_id
    for name, value in prism_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    with Prism.from_env("sandbox") as other:
        assert other.payments.get(merchant_transaction_id=KNOWN).connector_transaction_id == paid

    async def found() -> Payment:
        async with AsyncPrism("sandbox", **prism_sandbox.options) as prism:
            return await prism.payments.get(merchant_transaction_id=KNOWN)

    assert asyncio.run(found()).connector_transaction_id == paid


def test_a_webhook_is_there_when_the_call_returns(prism_sandbox: SandboxServer) -> None:
    """A test gives it to its application: the client believes it, each time it is given."""
    paid = pay(prism_sandbox.prism)
    webhook = prism_sandbox.wait_for("payment.captured", timeout=0)
    assert prism_sandbox.webhooks == [webhook]
    assert webhook.data["id"] == paid.connector_transaction_id
    events = [
        prism_sandbox.prism.events.handle(body=webhook.body, headers=webhook.headers)
        for _ in range(2)
    ]
    assert [one.connector_event_id for one in events] == [webhook.id] * 2
    assert events[0].payment is not None
    assert events[0].payment.status is PaymentStatus.CHARGED


def test_waiting_for_a_webhook(prism_sandbox: SandboxServer) -> None:
    """It ends when another thread's call has its effect, or says what there was instead."""
    with ThreadPoolExecutor() as threads:
        coming = threads.submit(prism_sandbox.wait_for, "payment.captured", count=2)
        for order in ("order_1", "order_2"):
            pay(prism_sandbox.prism, order)
        assert coming.result() == prism_sandbox.webhooks[1]
    with pytest.raises(AssertionError, match=r"'payment\.voided'.* payment\.captured, payment"):
        prism_sandbox.wait_for("payment.voided", timeout=0.01)


def test_time_passes_when_the_test_says_so(prism_sandbox: SandboxServer) -> None:
    """A debit is pending, settles after an hour, and an hour later the bank takes it back."""
    prism = prism_sandbox.prism
    assert pay(prism, method=RETURNED).status is PaymentStatus.PENDING
    prism_sandbox.pass_time(HOUR / 2)
    assert prism.payments.get(merchant_transaction_id=KNOWN).status is PaymentStatus.PENDING
    prism_sandbox.pass_time(HOUR / 2)
    assert prism.payments.get(merchant_transaction_id=KNOWN).status is PaymentStatus.CHARGED
    prism_sandbox.pass_time()
    taken = prism.payments.get(merchant_transaction_id=KNOWN)
    assert taken.charged_back_amount == Money(1000, "EUR")
    assert [one.type for one in prism_sandbox.webhooks] == [
        *("payment.processing", "payment.captured", "payment.captured", "dispute.lost")
    ]


@pytest.fixture
def shop() -> Iterator[tuple[str, list[bytes]]]:
    """An application that listens for webhooks: its address, and what it got."""
    heard: list[bytes] = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks", heard
        server.shutdown()
        thread.join()


def test_webhooks_go_to_an_application_that_listens(
    prism_sandbox: SandboxServer, shop: tuple[str, list[bytes]]
) -> None:
    """As a processor sends them: of three, one comes twice. Or one by one, as the test likes."""
    url, heard = shop
    prism_sandbox.deliver_to(url)
    for number in range(3):
        pay(prism_sandbox.prism, f"order_{number}")
    limit = time.monotonic() + 5
    while len(heard) < 4 and time.monotonic() < limit:
        time.sleep(0.01)
    bodies = [one.body for one in prism_sandbox.webhooks]
    assert sorted(heard) == sorted([*bodies, bodies[2]])
    prism_sandbox.reset()
    heard.clear()
    pay(prism_sandbox.prism)
    (webhook,) = prism_sandbox.webhooks
    assert [webhook.post(url), webhook.post(url)] == [204, 204]
    assert heard == [webhook.body] * 2


PROJECT = """
import sys

def test_paid(prism_sandbox):
    assert prism_sandbox.prism.payments is not None
    print("at", prism_sandbox.base_url)
def test_also(prism_sandbox):
    print("at", prism_sandbox.base_url)
"""
HEAVY = ("prism_core", "prism_sandbox", "httpx", "starlette", "uvicorn", "msgspec")


def pytest_in(folder: Path, *args: str, **files: str) -> str:
    """What pytest prints for a project with these files, without plugins of others."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    others = (
        "anyio",
        "asyncio",
        "hypothesispytest",
        "pytest_cov",
        "prism_contract",
        "prism_replay",
    )
    command = [sys.executable, "-m", "pytest", "-W", "error", *(f"-pno:{one}" for one in others)]
    done = subprocess.run(
        [*command, *args], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.once
def test_a_run_that_does_not_ask_pays_nothing(tmp_path: Path) -> None:
    """pytest loads the plugin in every run; nothing is imported until a test wants the fixture."""
    asked = f"import sys\ndef test_it():\n    assert not {{*{HEAVY}}} & {{*sys.modules}}\n"
    assert "1 passed" in pytest_in(tmp_path, test_it=asked)


@pytest.mark.once
def test_workers_of_xdist_have_a_sandbox_each(tmp_path: Path) -> None:
    said = pytest_in(tmp_path, "-n", "2", "--dist=each", "-rP", test_it=PROJECT)
    assert "4 passed" in said
    assert len({line for line in said.splitlines() if line.startswith("at http://127.")}) == 2


@pytest.mark.once
def test_without_the_server_the_fixture_says_what_to_install(tmp_path: Path) -> None:
    """One sentence, no traceback of ours."""
    without = "import sys\nsys.modules['uvicorn'] = None\n"
    said = pytest_in(tmp_path, conftest=without, test_it=PROJECT)
    wanted = "prism_sandbox: uvicorn is missing: pip install 'prism-payments-sandbox[server]'"
    assert wanted in said
    assert "Traceback" not in said
    assert "2 errors" in said
