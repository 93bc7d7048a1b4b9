"""The FastAPI example, as a user runs it, beside a sandbox: a customer in a real Chromium, webhooks
that come twice and late, refunds; and what its process can know of a card."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from browser import chromium, press, said, type_card, until
from process_memory import held, memory_of

from prism_sandbox.server import running
from prism_sandbox.server.webhooks import receiver, signature

pytestmark = pytest.mark.once
EXAMPLES = Path(__file__).parents[2] / "examples"
SECRET, STAFF = "whsec_of_the_shop", {"staff-key": "staff_key"}
# Not the numbers that examples have.
APPROVED, CHALLENGED, DECLINED = "5555555555554444", "4000002500003155", "4000000000000002"
FAILS_AFTER = "4000000000000119"
"""It is charged, and the answer is a 500."""
PAID = "Thank you: it is paid."


class Shop:
    """The shop's process, its address, its database and what it printed."""

    def __init__(self, url: str, folder: Path, pid: int, environ: dict[str, str]) -> None:
        self.url, self.folder, self.pid, self.environ = url, folder, pid, environ

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "shop.db")) as database:
            return database.execute(query, values).fetchall()

    def status(self, order: str) -> str:
        ((status,),) = self.rows("SELECT status FROM orders WHERE id = ?", order)
        return str(status)

    def start(self, like: str, order: str) -> None:
        """Another order of the same customer, whose payment is only on its way."""
        with closing(sqlite3.connect(self.folder / "shop.db")) as database, database:
            query = "INSERT INTO orders (id, customer, status) SELECT ?, customer, ? FROM orders"
            database.execute(f"{query} WHERE id = ?", (order, "STARTED", like))

    def sent(self, order: str) -> int:
        """How often the goods were sent."""
        return (self.folder / "output.log").read_text().count(f"order {order} is paid")

    def hear(self, event: dict[str, Any], at: int | None = None) -> int:
        """The answer to a webhook that the sandbox signed at this time."""
        body = json.dumps(event).encode()
        header = signature(SECRET, body, at or int(time.time()))
        return httpx.post(
            f"{self.url}/events", content=body, headers={"Prism-Signature": header}
        ).status_code


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def sandbox_and_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Shop]]:
    folder, port = tmp_path_factory.mktemp("shop"), free_port()
    url = f"http://127.0.0.1:{port}"
    told = receiver(f"{url}/events", SECRET, first_pause=0.2)
    command = [sys.executable, "-m", "uvicorn", "fastapi_shop:app", "--port", str(port)]
    log = folder / "output.log"
    with running(webhook=told) as sandbox, log.open("wb") as output:
        environ = {
            **os.environ,
            "PRISM_SANDBOX_BASE_URL": sandbox,
            "PRISM_SANDBOX_API_KEY": "sandbox_shop",
            "PRISM_SANDBOX_WEBHOOK_SECRET": SECRET,
            "SHOP_DATABASE": str(folder / "shop.db"),
            "SHOP_STAFF_KEY": STAFF["staff-key"],
        }
        with subprocess.Popen(
            command, cwd=EXAMPLES, env=environ, stdout=output, stderr=output
        ) as run:
            try:
                while "Uvicorn running" not in log.read_text():
                    assert run.poll() is None, log.read_text()
                    time.sleep(0.05)
                yield sandbox, Shop(url, folder, run.pid, environ)
            finally:
                run.terminate()
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def shop(sandbox_and_shop: tuple[str, Shop]) -> Shop:
    return sandbox_and_shop[1]


@pytest.fixture(scope="module")
def browser(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A customer who has registered."""
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        opened.get(shop.url)
        for name, value in (("name", "Ada Lovelace"), ("email", "ada@example.com")):
            opened.find_element("id", name).send_keys(value)
        press(opened, "#register button")
        until(opened, lambda: opened.find_element("css selector", "iframe"))
        yield opened


Pay = Callable[..., str]


@pytest.fixture(scope="module")
def pay(browser: Any, shop: Shop) -> Pay:
    """Pays with a card; gives the order's id once the shop says these words."""

    def paid(number: str, words: str = PAID, button: str = "", keep: bool = False) -> str:
        browser.get(shop.url)
        type_card(browser, number)
        if keep:
            press(browser, "#keep")
        press(browser, "#pay")
        if button:
            press(browser, f"button[value={button}]")
        address = said(browser, words)
        return address.partition("/orders/")[2].partition("?")[0]

    return paid


@pytest.fixture(scope="module")
def paid(pay: Pay) -> str:
    """An order that was paid by a token of the frame."""
    return pay(APPROVED, keep=True)


def settled(shop: Shop, browser: Any, order: str) -> None:
    """Wait for the processor's own events of an order; some come twice, some late."""
    known = "SELECT count(*) FROM events"
    before = [(-1,)]

    def quiet() -> bool:
        nonlocal before
        time.sleep(0.5)
        before, now = shop.rows(known), before
        return before == now and before[0][0] > 0

    until(browser, quiet)


def test_a_card_is_paid_by_token_and_its_number_never_arrives(
    shop: Shop, paid: str, pay: Pay
) -> None:
    """What was typed is nowhere in the memory of the shop's process, in its database or in what it
    printed; the order's id is in all of them."""
    assert (shop.status(paid), shop.sent(paid)) == ("CHARGED", 1)
    assert held([APPROVED, paid], memory_of(shop.pid)) == [paid]
    for kept in ("shop.db", "output.log"):
        content = (shop.folder / kept).read_bytes()
        assert APPROVED.encode() not in content
        assert paid.encode() in content


def test_a_stored_card_pays_the_next_order(shop: Shop, browser: Any, paid: str) -> None:
    """Nothing is typed; the button names the card by its last digits."""
    browser.get(shop.url)
    until(browser, lambda: "4444" in browser.find_element("id", "cards").text)
    press(browser, "#cards button")
    order = said(browser, PAID).rpartition("/")[2]
    assert order != paid
    assert (shop.status(order), shop.sent(order)) == ("CHARGED", 1)


def test_three_d_secure_ends_as_the_bank_says(shop: Shop, browser: Any, pay: Pay) -> None:
    """The customer comes back from the bank's page, and the processor is asked; the events of the
    same payment change nothing that was reached."""
    approved = pay(CHALLENGED, button="approve")
    failed = pay(CHALLENGED, "It was not paid.", button="fail")
    settled(shop, browser, failed)
    assert (shop.status(approved), shop.sent(approved)) == ("CHARGED", 1)
    assert (shop.status(failed), shop.sent(failed)) == ("AUTHENTICATION_FAILED", 0)
    # The sandbox delivered every third event twice, and each was acted on once.
    delivered = (shop.folder / "output.log").read_text().count('"POST /events HTTP/1.1" 200')
    assert delivered > shop.rows("SELECT count(*) FROM events")[0][0]


def test_a_decline_tells_the_customer_what_to_do(shop: Shop, browser: Any, pay: Pay) -> None:
    """On the shop's page, where the next card pays."""
    pay(DECLINED, "Please use another payment method.")
    type_card(browser, APPROVED)
    press(browser, "#pay")
    said(browser, PAID)


def test_an_unknown_outcome_is_looked_up(shop: Shop, pay: Pay) -> None:
    """The processor takes the money and answers 500: the order is paid, and never paid twice."""
    order = pay(FAILS_AFTER)
    assert (shop.status(order), shop.sent(order)) == ("CHARGED", 1)


def test_a_second_click_is_no_second_payment(
    sandbox_and_shop: tuple[str, Shop], browser: Any, pay: Pay
) -> None:
    """It goes to the order's page. While the processor does not know the first payment, that page
    says so, and nothing has failed."""
    sandbox, shop = sandbox_and_shop
    order, cookie = pay(APPROVED), browser.get_cookie("customer")["value"]
    with httpx.Client(base_url=shop.url, cookies={"customer": cookie}) as same:
        again = same.post(f"/orders/{order}", json={"token": "sdk_again"})
        assert again.json() == {"go": f"{shop.url}/orders/{order}"}
        early = str(uuid4())
        shop.start(order, early)
        assert "We wait for your bank." in same.get(f"/orders/{early}").text
    key = {"Authorization": "Bearer sandbox_shop"}
    made = httpx.get(f"{sandbox}/v1/payments", params={"reference": order}, headers=key).json()
    assert len(made["data"]) == shop.sent(order) == 1


def test_events_that_come_twice_and_late_change_nothing(
    sandbox_and_shop: tuple[str, Shop], paid: str
) -> None:
    """An older status after the payment, in new events and in one that comes twice; a forged and an
    old one are refused; one of another shop's payment is taken and kept out."""
    sandbox, shop = sandbox_and_shop
    key = {"Authorization": "Bearer sandbox_shop"}
    listed = httpx.get(f"{sandbox}/v1/payments", params={"reference": paid}, headers=key).json()
    found = {**listed["data"][0], "status": "processing", "amount_captured": 0}
    late = {"id": "evt_late", "type": "payment.processing", "created": 1, "data": found}
    for event in (late, late, {**late, "id": "evt_later"}):
        assert shop.hear(event) == 200
    assert (shop.status(paid), shop.sent(paid)) == ("CHARGED", 1)
    assert shop.hear({**late, "id": "evt_old"}, at=int(time.time()) - 4000) == 400
    assert httpx.post(f"{shop.url}/events", content=b"{}").status_code == 400
    other = {**found, "id": "pay_other", "reference": "order_of_another_shop"}
    assert shop.hear({**late, "id": "evt_other", "data": other}) == 200
    assert shop.rows("SELECT id FROM events WHERE id IN ('evt_late', 'evt_old')") == [("evt_late",)]


TWO_PROCESSES = """
import sys, time
from pathlib import Path

from prism_core import Payment, PaymentStatus
import fastapi_shop

role, folder, order = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
waiting, reading = folder / "waiting", folder / "reading"


def read(status, reported):
    reading.touch()
    time.sleep(0.5)
    return real(status, reported)


def wait_for(file):
    end = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.005)


if role == "first":
    real, PaymentStatus.advance = PaymentStatus.advance, read
    wait_for(waiting)
else:
    waiting.touch()
    wait_for(reading)
fastapi_shop.note(Payment(status=PaymentStatus.CHARGED, merchant_transaction_id=order))
"""


def test_two_processes_send_the_goods_once(shop: Shop, paid: str, tmp_path: Path) -> None:
    """One has read that the order is not paid when the other is told that it is."""
    order = str(uuid4())
    shop.start(paid, order)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_PROCESSES, role, str(tmp_path), order],
            cwd=EXAMPLES,
            env=shop.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        for role in ("first", "second")
    ]
    told = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(told) == ["", f"order {order} is paid: send the goods\n"]
    assert shop.status(order) == "CHARGED"


def test_a_refund_is_made_once_and_shown(shop: Shop, browser: Any, paid: str) -> None:
    """By the staff alone; a second click changes nothing."""
    address = f"{shop.url}/orders/{paid}/refund"
    assert httpx.post(address, headers={"staff-key": "guessed"}).status_code == 404
    for _ in range(2):
        assert httpx.post(address, headers=STAFF).json() == {"status": "REFUND_SUCCESS"}
    settled(shop, browser, paid)
    browser.get(f"{shop.url}/orders/{paid}")
    said(browser, "Your money is on its way back.")
    assert (shop.status(paid), shop.sent(paid)) == ("CHARGED", 1)


def test_an_order_is_its_customers_alone(shop: Shop, paid: str) -> None:
    """Whoever knows the address of another's order sees nothing; nothing is paid without a
    customer, and an error of Prism's is an answer that a page can show."""
    assert httpx.get(f"{shop.url}/orders/{paid}").status_code == 404
    assert httpx.post(f"{shop.url}/orders/{paid}", json={"token": "sdk_x"}).status_code == 422
    wrong = httpx.post(f"{shop.url}/customers", json={"name": "Ada", "email": "no address"})
    assert wrong.status_code == 422
    assert wrong.json() == {"text": "Some of the details cannot be used. Nothing was changed."}
