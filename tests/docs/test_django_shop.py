"""The Django example, as a user runs it: a web process and a Celery worker with a queue of JSON
messages, beside a sandbox that tells them of everything twice; the customer is a real Chromium."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import chromium, press, said, type_card, until

from prism_core import ChargeRecurringRequest, Payment
from prism_sandbox.server import running
from prism_sandbox.server.webhooks import receiver, signature

from .test_fastapi_shop import free_port

pytestmark = pytest.mark.once
EXAMPLE = Path(__file__).parents[2] / "examples" / "django_shop"
SECRET = "whsec_of_the_shop"
APPROVED, CHALLENGED, POOR = "5555555555554444", "4000002500003155", "4000000000000341"
FAILS_AFTER = "4000000000000119"
"""Each change is made, and the answer is a 500; the same key finds it."""


class Shop:
    """The shop's address, its database, and what its processes printed."""

    def __init__(self, url: str, folder: Path, environ: dict[str, str]) -> None:
        self.url, self.folder, self.environ, self._made_due = url, folder, environ, 0

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "shop.db", timeout=20)) as database, database:
            return database.execute(query, values).fetchall()

    def charges(self, subscription: str) -> list[str]:
        """The statuses of its tries, in order."""
        query = "SELECT status FROM shop_charge WHERE subscription_id = ? ORDER BY made"
        return [status for (status,) in self.rows(query, subscription)]

    def make_due(self, subscription: str) -> None:
        """Lets the time pass until the next try."""
        self._made_due += 1
        due = f"2020-01-01 00:00:{self._made_due:02}"
        self.rows("UPDATE shop_subscription SET due = ? WHERE id = ?", due, subscription)


def wait_until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 120  # a busy machine starts a worker slowly
    while not holds():
        assert time.monotonic() < end, "the worker did not come to it"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder, port = tmp_path_factory.mktemp("shop"), free_port()
    url = f"http://127.0.0.1:{port}"
    told = receiver(f"{url}/events", SECRET, first_pause=0.2)
    with ExitStack() as stack:
        sandbox = stack.enter_context(running(webhook=told))
        environ = {
            **os.environ,
            "PRISM_SANDBOX_BASE_URL": sandbox,
            "PRISM_SANDBOX_API_KEY": "sandbox_shop",
            "PRISM_SANDBOX_WEBHOOK_SECRET": SECRET,
            "SHOP_FOLDER": str(folder),
            "SHOP_SECRET_KEY": "only_for_this_test",
            "SHOP_RETRIES": "0",  # otherwise Prism itself asks again, and nothing is ever unknown
            "SHOP_EVERY": "1",
            "DJANGO_SETTINGS_MODULE": "shop.settings",
        }

        def started(name: str, *command: str) -> subprocess.Popen[bytes]:
            output = stack.enter_context((folder / f"{name}.log").open("wb"))
            run = subprocess.Popen(
                [sys.executable, *command], cwd=EXAMPLE, env=environ, stdout=output, stderr=output
            )
            stack.callback(run.wait)
            stack.callback(run.terminate)
            return run

        assert started("migrate", "-m", "django", "migrate", "--run-syncdb").wait() == 0
        started("web", "-m", "django", "runserver", "--noreload", str(port))
        beat = ("-B", "-s", str(folder / "beat"), "--pool", "solo", "--loglevel", "INFO")
        started("worker", "-m", "celery", "-A", "shop", "worker", *beat)
        wait_until(lambda: "ready." in (folder / "worker.log").read_text())
        wait_until(lambda: _answers(url))
        yield Shop(url, folder, environ)
    assert "Traceback" not in (folder / "web.log").read_text()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def subscribe(shop: Shop, browser: Any, number: str) -> str:
    """Subscribes with a card that is typed into the processor's frame; gives the subscription."""
    before = {name for (name,) in shop.rows("SELECT id FROM shop_subscription")}
    browser.get(shop.url)
    until(browser, lambda: browser.find_element("css selector", "iframe"))
    browser.find_element("name", "email").send_keys("ada@example.com")
    type_card(browser, number)
    press(browser, "button")
    until(browser, lambda: not browser.find_elements("id", "form"))
    (made,) = {name for (name,) in shop.rows("SELECT id FROM shop_subscription")} - before
    return str(made)


def test_a_subscription_is_paid_and_renewed(shop: Shop, browser: Any) -> None:
    """By a card that the shop never sees, each month once, however often the tasks and events come;
    what is stored comes back as it was."""
    name = subscribe(shop, browser, APPROVED)
    wait_until(lambda: shop.charges(name) == ["CHARGED"])
    shop.make_due(name)
    wait_until(lambda: shop.charges(name) == ["CHARGED", "CHARGED"])
    browser.get(f"{shop.url}/subscriptions/{name}")
    said(browser, "ACTIVE CHARGED")
    time.sleep(2.5)  # two more rounds of the worker
    assert shop.charges(name) == ["CHARGED", "CHARGED"]
    query = "SELECT id, request, payment FROM shop_charge WHERE subscription_id = ? ORDER BY made"
    _, (made, asked, answered) = shop.rows(query, name)
    request = ChargeRecurringRequest.from_dict(json.loads(asked))
    payment = Payment.from_dict(json.loads(answered))
    assert request.idempotency_key == payment.merchant_transaction_id == made
    assert payment.amount == request.amount


def test_a_customer_authenticates_first(shop: Shop, browser: Any) -> None:
    """At their bank's page; the first charge waits for it."""
    name = subscribe(shop, browser, CHALLENGED)
    assert shop.charges(name) == []
    press(browser, "[value=approve]")
    said(browser, "ACTIVE")
    wait_until(lambda: shop.charges(name) == ["CHARGED"])


def test_a_declined_renewal_is_tried_again_and_at_last_given_up(shop: Shop, browser: Any) -> None:
    """Each try is a payment of its own, days apart; after the fourth, nothing is tried any more."""
    name = subscribe(shop, browser, POOR)
    declined: list[str] = []
    for _ in range(4):
        declined.append("AUTHORIZATION_FAILED")
        wait_until(lambda: shop.charges(name) == declined)
        ((due,),) = shop.rows("SELECT due FROM shop_subscription WHERE id = ?", name)
        if len(declined) < 4:
            assert due > time.strftime("%Y-%m-%d", time.gmtime(time.time() + 6 * 86400))
            shop.make_due(name)
    assert due is None
    time.sleep(1.5)
    assert shop.charges(name) == declined


def test_what_nobody_knows_is_found_out(shop: Shop, browser: Any) -> None:
    """The permission was given, and the answer was an error: an event tells it. The charge was
    made, and the answer was an error: a later task finds it by the same key, charged once."""
    name = subscribe(shop, browser, FAILS_AFTER)
    said(browser, "We do not know yet")
    wait_until(lambda: shop.charges(name) == ["CHARGED"])
    assert "Unavailable" in (shop.folder / "worker.log").read_text()
    ((payment,),) = shop.rows("SELECT payment FROM shop_charge WHERE subscription_id = ?", name)
    assert Payment.from_dict(json.loads(payment)).discrepancies == ()


def test_nothing_is_sent_again_after_the_key_has_ended(shop: Shop, browser: Any) -> None:
    """Nobody knows what became of a try of yesterday: sent again, it could be charged twice."""
    name = subscribe(shop, browser, APPROVED)
    wait_until(lambda: shop.charges(name) == ["CHARGED"])
    ((request,),) = shop.rows("SELECT request FROM shop_charge WHERE subscription_id = ?", name)
    for hours, made in ((2, f"{name}-2"), (30, f"{name}-3")):
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - hours * 3600))
        asked = {**json.loads(request), "merchant_transaction_id": made, "idempotency_key": made}
        values = (made, name, json.dumps(asked), "STARTED", True, at)
        columns = "id, subscription_id, request, status, open, made"
        shop.rows(f"INSERT INTO shop_charge ({columns}) VALUES (?, ?, ?, ?, ?, ?)", *values)
    wait_until(lambda: shop.charges(name) == ["STARTED", "CHARGED", "CHARGED"])
    time.sleep(1.5)
    assert shop.charges(name) == ["STARTED", "CHARGED", "CHARGED"]


TWO_BEATS = """
import django
django.setup()
from datetime import timedelta
from shop.models import Charge, Subscription
from shop.tasks import charge, prism

from prism_core import SdkToken

customer = prism.customers.create(merchant_customer_id="beats", email="ada@example.com")
own = {"connector_customer_id": customer.connector_customer_id}
mandate = prism.recurring.setup(
    merchant_mandate_id="beats", payment_method=SdkToken("tok_approve"), **own
)
of_beat_two = Subscription.objects.create(
    id="beats", customer=customer.connector_customer_id, mandate=mandate.connector_mandate_id
)
charge(Subscription.objects.get(id="beats").start().id)
charge(of_beat_two.start().id)

late = Subscription.objects.get(id="beats").start()
late.made -= timedelta(hours=30)
late.save()
charge(late.id)
"""


def test_a_slow_worker_and_a_slow_beat_charge_nothing_twice(shop: Shop) -> None:
    """A second beat has read what was due before the first one's charge was made. A message was in
    the queue for longer than processors know the key of what it asks for."""
    program = [sys.executable, "-c", TWO_BEATS]
    subprocess.run(program, cwd=EXAMPLE, env=shop.environ, check=True, timeout=60)
    assert shop.charges("beats") == ["STARTED", "CHARGED"]


def test_a_forged_event_is_refused(shop: Shop) -> None:
    """With a 400, and nothing is queued."""
    forged = {"Prism-Signature": signature("whsec_other", b"{}", int(time.time()))}
    answer = httpx.post(f"{shop.url}/events", content=b"{}", headers=forged)
    assert answer.status_code == 400
    assert (shop.folder / "worker.log").read_text().count("shop.tasks.hear") > 10


def test_the_page_on_django_shows_every_part() -> None:
    """A reader sees the code that runs: each marked part, from its own file."""
    page = (EXAMPLE.parents[1] / "docs" / "django.md").read_text("utf-8")
    shown = re.findall(r"django_shop/shop/(\w+\.py)\n:.*\n:start-after: \"(.*)\"", page)
    parts = [
        (file.name, mark)
        for file in EXAMPLE.rglob("*.py")
        for mark in re.findall(r"^# docs: .*$", file.read_text("utf-8"), re.M)
    ]
    assert len(parts) >= 8
    assert sorted(shown) == sorted(parts)
