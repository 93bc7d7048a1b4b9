"""Tokens of a page: the public key collects a card or an account, and nothing of it is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from prism_sandbox.server import running

CARD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}
IBAN, ACCOUNT = "DE89370400440532013000", "000123456789"
SEPA = {"type": "sepa", "iban": IBAN, "holder_name": "Ada Lovelace"}
PUBLIC = {"Authorization": "Bearer pk_sandbox_tests"}


@pytest.fixture
def page(sandbox_url: str) -> Iterator[httpx.Client]:
    """What a shop's page can do: it has the public key."""
    with httpx.Client(base_url=sandbox_url, headers=PUBLIC, timeout=10) as opened:
        yield opened


def collect(page: httpx.Client, method: dict[str, Any]) -> str:
    token: str = page.post("/v1/tokens", json={"payment_method": method}).json()["id"]
    return token


def paid(client: httpx.Client, token: str, **more: Any) -> httpx.Response:
    body = {"amount": 1000, "currency": "USD", "payment_method": {"type": "sdk_token"}, **more}
    body["payment_method"]["token"] = token
    return client.post("/v1/payments", json=body)


@pytest.mark.parametrize(
    ("method", "status"),
    [
        (CARD, "captured"),
        (CARD | {"number": "4000000000000002"}, "declined"),
        (CARD | {"number": "4000002500003155"}, "requires_action"),
        (CARD | {"number": "4111111111111111"}, "declined"),
        (CARD | {"exp_year": 2001}, "declined"),
        (SEPA, "processing"),
    ],
)
def test_a_token_behaves_like_what_it_stands_for(
    page: httpx.Client, client: httpx.Client, method: dict[str, Any], status: str
) -> None:
    payment = paid(client, collect(page, method)).json()
    assert (payment["status"], payment["method"]["type"]) == (status, method["type"])
    assert payment["method"]["last4"] == (method.get("number") or IBAN)[-4:]


def test_a_token_pays_once(page: httpx.Client, client: httpx.Client) -> None:
    """A request that is refused does not use it up; a try does, also one that is declined."""
    token = collect(page, CARD)
    assert paid(client, token, amount=0).status_code == 400
    assert paid(client, token).status_code == 201
    again = paid(client, token)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "token_used_up")


def test_a_token_lasts_15_minutes(tmp_path: Path) -> None:
    database = tmp_path / "sandbox.db"
    with (
        running(database=str(database)) as url,
        httpx.Client(base_url=url, headers=PUBLIC) as page,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sandbox_t"}) as client,
    ):
        made = page.post("/v1/tokens", json={"payment_method": CARD}).json()
        assert made["expires_at"] - made["created"] == 15 * 60
        with sqlite3.connect(database) as other:
            other.execute("UPDATE tokens SET body = json_set(body, '$.expires_at', 1)")
        other.close()
        assert paid(client, made["id"]).json()["error"]["code"] == "token_used_up"


def test_each_key_opens_its_own_doors(page: httpx.Client, client: httpx.Client) -> None:
    """The public key is in every page: it makes tokens, and can neither pay nor look anything up.
    The API key shall be in no page: it makes no tokens."""
    assert client.post("/v1/tokens", json={"payment_method": CARD}).status_code == 401
    assert client.post("/v1/checkout", json={"client_secret": "x"}).status_code == 401
    for path in ("/v1/payments?reference=x", "/v1/orders/x", "/v1/customers?reference=x"):
        assert page.get(path).status_code == 401
    assert page.post("/v1/client_tokens", json={}).status_code == 401
    assert paid(page, collect(page, CARD)).status_code == 401


def test_only_what_a_page_needs_answers_to_other_origins(
    page: httpx.Client, client: httpx.Client
) -> None:
    """A browser lets no page of another origin read the rest of the API."""
    asked = {"Origin": "http://127.0.0.1:9", "Access-Control-Request-Method": "POST"}
    for path in ("/v1/tokens", "/v1/checkout", "/v1/checkout/pay"):
        allowed = page.request("OPTIONS", path, headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "*"
        assert page.post(path, json={}).headers["access-control-allow-origin"] == "*"
    for path in ("/v1/payments", "/v1/orders", "/v1/client_tokens", "/"):
        refused = client.request("OPTIONS", path, headers=asked)
        assert "access-control-allow-origin" not in refused.headers
        assert "access-control-allow-origin" not in client.get(path).headers


@pytest.mark.parametrize(
    ("method", "param"),
    [
        (CARD | {"number": "4242424242424241"}, "payment_method.number"),
        (SEPA | {"iban": "DE89370400440532013001"}, "payment_method.iban"),
        ({"type": "token", "token": "pm_x"}, "client_secret"),
        ({"type": "redirect", "method": "ideal"}, "payment_method.type"),
    ],
)
def test_what_a_page_cannot_collect_is_named(
    page: httpx.Client, method: dict[str, Any], param: str
) -> None:
    error = page.post("/v1/tokens", json={"payment_method": method}).json()["error"]
    assert error["param"] == param


def test_a_customer_chooses_among_their_stored_methods(
    page: httpx.Client, client: httpx.Client
) -> None:
    """With a client token of their own; the page can name nobody else's, and no method that the
    server did not offer. The token that it gives is the stored method."""
    owner, other = (
        client.post("/v1/customers", json={"reference": "user_1"}).json()["id"] for _ in range(2)
    )
    kept, theirs, nobodys = (
        client.post("/v1/payment_methods", json={"payment_method": CARD, **more}).json()["id"]
        for more in ({"customer": owner}, {"customer": other}, {})
    )
    secret = client.post("/v1/client_tokens", json={"customer": owner}).json()["client_secret"]
    listed = page.post("/v1/customer_methods", json={"client_secret": secret}).json()["data"]
    assert [one["id"] for one in listed] == [kept]
    chosen = {"client_secret": secret, "payment_method": {"type": "token", "token": kept}}
    payment = paid(client, page.post("/v1/tokens", json=chosen).json()["id"]).json()
    assert (payment["payment_method"], payment["customer"]) == (kept, owner)
    for foreign in (theirs, nobodys):
        chosen["payment_method"] = {"type": "token", "token": foreign}
        assert page.post("/v1/tokens", json=chosen).status_code == 404
    forged = secret.replace(owner, other)
    for wrong in (forged, "", owner, f"{owner}.99999999999.{'0' * 64}"):
        answer = page.post("/v1/customer_methods", json={"client_secret": wrong})
        assert answer.status_code == 404


def test_nothing_secret_is_kept(tmp_path: Path) -> None:
    """Neither in the database nor in its journal: numbers, accounts, codes, payloads, values."""
    database = tmp_path / "sandbox.db"
    ach = {"type": "ach", "account_number": ACCOUNT, "routing_number": "110000000"}
    methods: list[dict[str, Any]] = [
        CARD,
        SEPA,
        ach | {"holder_name": "A"},
        {"type": "network_token", "number": "5555555555554444", "exp_month": 12, "exp_year": 2090},
        {"type": "redirect", "method": "blik", "code": "777123"},
    ]
    with (
        running(database=str(database)) as url,
        httpx.Client(base_url=url, headers=PUBLIC) as page,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sandbox_t"}) as client,
    ):
        collect(page, CARD)
        collect(page, SEPA)
        for at, method in enumerate(methods):
            body = {"amount": 1, "currency": "EUR", "payment_method": method}
            body["authentication"] = {"cavv": "cavv_secret", "trans_status": "Y"}
            body["browser"] = {"device_data": "device_secret"}
            sent = client.post("/v1/payments", json=body, headers={"Idempotency-Key": f"k{at}"})
            assert sent.status_code == 201
        seen = client.get("/").text.encode()
        kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    secrets = ("4242424242424242", IBAN, ACCOUNT, "5555555555554444", "110000000", "777123")
    for secret in (*secrets, "cavv_secret", "device_secret"):
        assert secret.encode() not in kept
    for secret in (IBAN, ACCOUNT, "cavv_secret", "device_secret"):
        assert secret.encode() not in seen
