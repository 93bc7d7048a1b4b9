"""The live page's webhooks over plain HTTP: each delivery, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from prism_sandbox.server import Receiver, running

Pay = Callable[..., httpx.Response]


def rows(client: httpx.Client) -> list[str]:
    """The rows of the webhooks' table as the page's script gets them."""
    return list(client.get("/page/rows").json()["sections"]["webhooks"]["rows"].values())


def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds, for five seconds at most."""
    limit = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_deliveries_are_shown(pay: Pay, receiver_url: str) -> None:
    """Each event is there with what its receiver answered; that it came twice, or after a later
    one, is said."""
    with (
        running(webhook=Receiver(receiver_url, "whsec_1", first_pause=0.05)) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sandbox_1"}) as client,
    ):
        for _ in range(6):
            payment = pay(using=client).json()["id"]
        until(lambda: str(rows(client)).count(">204<") == 8)
        shown = rows(client)
        assert "whsec_1" not in str(client.get("/page/rows").json())
    assert "payment.captured" in shown[0]
    assert payment in shown[0]
    assert [number for number, row in enumerate(shown[::-1], 1) if ">twice<" in row] == [3, 6]
    assert [number for number, row in enumerate(shown[::-1], 1) if "out of order" in row] == [4]


@pytest.mark.parametrize(("address", "answer"), [("/500", ">500<"), ("", "no answer: ConnectErr")])
def test_a_receiver_that_fails_is_seen(
    pay: Pay, receiver_url: str, address: str, answer: str
) -> None:
    """A person sees what their program answered, or that nobody did, and that more tries come."""
    where = receiver_url + address if address else "http://127.0.0.1:9/nobody"
    with (
        running(webhook=Receiver(where, "whsec_1", first_pause=0.01)) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sandbox_1"}) as client,
    ):
        pay(using=client)
        until(lambda: rows(client)[0].count(answer) >= 2)
        assert "waits" in rows(client)[0]
