"""What the processor refuses, and that its refusals have one shape and repeat nothing sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_sandbox.server import create_app

Pay = Callable[..., httpx.Response]

CARD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}
PAYMENT = {"amount": 1000, "currency": "USD", "payment_method": CARD}


def refusal(answer: httpx.Response) -> tuple[int, str, str, str | None]:
    """Status, type, code and param of an error, after checking what all errors share."""
    assert answer.headers["x-request-id"].startswith("req_")
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) - {"param"} == {"type", "code", "message"}
    assert "4242" not in answer.text
    return answer.status_code, error["type"], error["code"], error.get("param")


@pytest.mark.parametrize(
    "header", [None, "Bearer live_1", "Bearer", "Basic sandbox_1", "sandbox_1"]
)
def test_only_sandbox_keys_get_in(sandbox_url: str, header: str | None) -> None:
    """A missing, foreign or oddly sent key is a 401, so nobody sends a live key here unnoticed."""
    headers = {} if header is None else {"Authorization": header}
    for method, path in [("POST", "/v1/payments"), ("GET", "/v1/payments/pay_1")]:
        answer = httpx.request(method, sandbox_url + path, headers=headers)
        assert refusal(answer) == (401, "authentication_error", "invalid_api_key", None)


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": None}, "missing", "amount"),
        ({"amount": 0}, "invalid", "amount"),
        ({"amount": True}, "invalid", "amount"),
        ({"amount": 10.0}, "invalid", "amount"),
        ({"amount": "1000"}, "invalid", "amount"),
        ({"amount": 10**30}, "invalid", "amount"),
        ({"currency": "usd"}, "invalid", "currency"),
        ({"capture": "later"}, "invalid", "capture"),
        ({"off_session": "yes"}, "invalid", "off_session"),
        ({"reference": 42}, "invalid", "reference"),
        ({"reference": "x" * 1001}, "invalid", "reference"),
        ({"metadata": {"a": 1}}, "invalid", "metadata"),
        ({"colour": "red"}, "unknown_parameter", "colour"),
        ({"4242424242424242": 1}, "unknown_parameter", None),
        ({"billing_address": {"street": "x"}}, "unknown_parameter", "billing_address.street"),
        ({"shipping_address": []}, "invalid", "shipping_address"),
        ({"payment_method": None}, "missing", "payment_method"),
        ({"payment_method": {}}, "missing", "payment_method.type"),
        ({"payment_method": {"type": "cash"}}, "invalid", "payment_method.type"),
        ({"payment_method": CARD | {"type": "cash"}}, "invalid", "payment_method.type"),
        ({"payment_method": CARD | {"pin": "1"}}, "unknown_parameter", "payment_method.pin"),
        ({"payment_method": CARD | {"exp_month": 13}}, "invalid", "payment_method.exp_month"),
        ({"payment_method": CARD | {"exp_year": 30}}, "invalid", "payment_method.exp_year"),
        ({"payment_method": CARD | {"cvc": "12"}}, "invalid", "payment_method.cvc"),
        (
            {"payment_method": CARD | {"number": "4242424242424241"}},
            "invalid",
            "payment_method.number",
        ),
        (
            {"payment_method": CARD | {"number": "4242 4242 4242 4242"}},
            "invalid",
            "payment_method.number",
        ),
    ],
)
def test_a_wrong_property_is_named(pay: Pay, change: dict[str, Any], code: str, param: str) -> None:
    """A client that sends a wrong, missing or unknown property is told which one, nothing more."""
    assert refusal(pay(**change)) == (400, "invalid_request", code, param)


@pytest.mark.parametrize(
    "url",
    [
        *("/back", "ftp://shop.example/", "javascript:alert(1)", "http://", "http://[::1/"),
        *("http://shop.example:99999/", "http://me@shop.example/", "http://a b/", 'http://a/"'),
    ],
)
def test_a_return_url_must_be_a_web_address(pay: Pay, url: str) -> None:
    """A customer is never sent to something that is not an absolute http or https address."""
    assert refusal(pay(return_url=url)) == (400, "invalid_request", "invalid", "return_url")


def test_unknown_things_are_404(client: httpx.Client, pay: Pay) -> None:
    """Unknown customers, payments, tokens and paths are all told apart from mistakes."""
    for path in ("/v1/customers/cus_1", "/v1/payments/pay_1", "/v1/refunds", "/v1/payments/"):
        assert refusal(client.get(path)) == (404, "invalid_request", "not_found", None)
    answer = pay(payment_method={"type": "token", "token": "tok_other"})
    assert refusal(answer)[2:] == ("not_found", "payment_method.token")
    assert answer.status_code == 404
    assert refusal(client.delete("/v1/payments"))[::2] == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff", b"NaN", b"1e999", b'"\\ud800"', b"1" * 5000),
        *(b"[" * 60_000, b'{"a":' * 900 + b"1" + b"}" * 900),
    ],
)
def test_broken_json_is_refused(client: httpx.Client, body: bytes) -> None:
    """Whatever is not sound JSON is a 400, however deep or odd it is."""
    status, kind, _, _ = refusal(client.post("/v1/customers", content=body))
    assert (status, kind) == (400, "invalid_request")


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"'])
def test_json_must_be_an_object(client: httpx.Client, body: bytes) -> None:
    """A body that is JSON but no object is a 400 too."""
    assert refusal(client.post("/v1/customers", content=body))[::2] == (400, "invalid")


def test_a_large_body_is_refused(client: httpx.Client) -> None:
    """More than 64 KiB is a 413, whether its length was announced or not."""
    body = json.dumps({"name": "x" * 65_536}).encode()
    for content in (body, iter([body])):
        answer = client.post("/v1/customers", content=content)
        assert refusal(answer)[:3] == (413, "invalid_request", "body_too_large")


def test_a_list_needs_a_reference(client: httpx.Client) -> None:
    """A forgotten or misspelt reference never lists somebody else's payments."""
    assert refusal(client.get("/v1/payments"))[2:] == ("missing", "reference")
    assert refusal(client.get("/v1/payments?ref=1"))[2] == "unknown_parameter"


def test_a_foreign_host_name_is_refused(client: httpx.Client) -> None:
    """A web page that resolves its own name to loopback cannot read the sandbox's data."""
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[::1"):
        assert client.get("/health", headers={"Host": host}).status_code == 400
    for host in ("localhost:1", "127.0.0.1", "[::1]:8642"):
        assert client.get("/health", headers={"Host": host}).status_code == 200


async def _get_from_broken_app() -> httpx.Response:
    app = create_app()
    app.state.store.close()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        headers = {"Authorization": "Bearer sandbox_1"}
        return await client.get("/v1/payments/pay_1", headers=headers)


def test_a_crash_is_an_error_like_the_others() -> None:
    """Even a failure of the sandbox itself is JSON with a request id, and shows no internals."""
    answer = asyncio.run(_get_from_broken_app())
    assert refusal(answer) == (500, "api_error", "internal_error", None)
    assert "sqlite" not in answer.text.lower()


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
ANYTHING = st.recursive(
    SCALAR, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)
NAMES = ("reference", "amount", "currency", "payment_method", "customer", "capture", "return_url")
METHOD = st.fixed_dictionaries(
    {}, optional={name: ANYTHING | st.just(CARD[name]) for name in CARD} | {"token": ANYTHING}
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={name: ANYTHING | st.just(PAYMENT.get(name, name)) for name in NAMES}
    | {"payment_method": METHOD | ANYTHING, "metadata": ANYTHING, "billing_address": ANYTHING},
)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=ANYTHING | NEARLY)
def test_no_json_breaks_the_server(client: httpx.Client, body: Any) -> None:
    """Whatever JSON a client sends, it gets a payment or a refusal, never a 500."""
    answer = client.post("/v1/payments", content=json.dumps(body))
    assert answer.status_code in (201, 400, 402, 404)
