"""What `/sandbox.js`, its frame and the shop answer to a client that is no browser."""

from __future__ import annotations

import os
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from prism_sandbox.shop_process import beside

from .shop_process import selling

SECRET = "whsec_shop"


@pytest.fixture(scope="module")
def shop(sandbox_url: str) -> Iterator[httpx.Client]:
    """A client of a shop in a process of its own."""
    with (
        beside(SECRET, 0, ":memory:", sandbox_url) as address,
        httpx.Client(base_url=address) as it,
    ):
        yield it


def test_the_library_is_a_script_for_any_page(client: httpx.Client) -> None:
    script = client.get("/sandbox.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "PrismSandbox" in script.text


def test_only_pages_of_the_named_origin_may_show_the_frame(client: httpx.Client) -> None:
    shown = client.get("/frame", params={"types": "card,ideal", "origin": "http://127.0.0.1:8643"})
    assert "frame-ancestors http://127.0.0.1:8643;" in shown.headers["content-security-policy"]
    assert 'id="card-number"' in shown.text


@pytest.mark.parametrize(
    "asked",
    [
        {"types": "card,apple_pay", "origin": "http://127.0.0.1:8643"},
        {"types": "card"},
        {"types": "card", "origin": "*"},
        {"types": "card", "origin": "null"},
        {"types": "card", "origin": "http://127.0.0.1; script-src *"},
        {"types": "card", "origin": "http://127.0.0.1\n"},
        {"types": "card", "origin": "javascript:alert(1)"},
    ],
)
def test_the_frame_is_refused_for_anything_else(
    client: httpx.Client, asked: dict[str, str]
) -> None:
    refused = client.get("/frame", params=asked)
    assert refused.status_code == 400
    assert "frame-ancestors 'none';" in refused.headers["content-security-policy"]


def test_the_shop_never_makes_two_payments_of_one_order(
    shop: httpx.Client, client: httpx.Client, sandbox_url: str
) -> None:
    """While the first can still be paid, who presses again is led to it."""
    order = uuid.uuid4()
    first = shop.post(f"/pay/{order}", json={}).json()
    assert first["go"].startswith(f"{sandbox_url}/pay/")
    again = shop.post(f"/pay/{order}", json={}).json()
    assert again["go"] == f"{str(shop.base_url).rstrip('/')}/orders/{order}"
    assert first["go"] in shop.get(f"/orders/{order}").text
    second = client.get("/v1/payments", params={"reference": f"{order}-2"}).json()
    assert second["data"] == []


def test_the_shop_takes_no_forged_event(shop: httpx.Client) -> None:
    forged = shop.post(
        "/events", content=b'{"type": "payment.captured"}', headers={"Prism-Signature": "t=1,v1=0"}
    )
    assert forged.status_code == 400


def test_a_declined_token_is_told_without_the_banks_reason(
    shop: httpx.Client, sandbox_url: str
) -> None:
    chosen = {"token": "tok_decline", "payment_method_type": "CARD"}
    told = shop.post(f"/pay/{uuid.uuid4()}", json=chosen).json()
    assert told == {"text": "It was not paid. Try again, or pay in another way."}


@pytest.mark.once
def test_the_shop_ends_with_the_sandbox(tmp_path: Path) -> None:
    """However that ends."""
    with selling(tmp_path) as started:
        shop = urlsplit(started.shop)
        os.kill(started.sandbox_pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                socket.create_connection((shop.hostname, shop.port)).close()
            except ConnectionRefusedError:
                return
            time.sleep(0.05)
        pytest.fail("the shop still runs")
