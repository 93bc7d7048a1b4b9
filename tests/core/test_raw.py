"""`prism.request`: the caller's own requests, with everything that the other calls have."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support import Install, Server

from prism_contract_tests import reading
from prism_contract_tests.exchange import Exchange
from prism_core import (
    AsyncPrism,
    AuthenticationError,
    ConnectorError,
    ErrorKind,
    GraphqlAccount,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    Prism,
    Secret,
    TransportError,
    Unavailable,
)
from prism_core.discovery import index

from .granting import Processor, opened
from .samples import hang_up, options
from .shapes import CREATE, small

PLUGINS = sorted(Path(__file__).parents[2].glob("plugins/prism-*/prism_*/exchanges"))


def test_an_answer_comes_back_as_json(prism: Prism, server: Server) -> None:
    """With the account's credentials, the ids quoted, numbers exact, and nothing for no body."""
    server.answer(200, b'{"fee": 0.10, "n": 1, "none": null}').answer(204, b"").answer(202, [1])
    asked = prism.request("GET", "/v1/payouts/{}/fees", "po/1", query={"limit": "3"})
    assert asked == {"fee": Decimal("0.10"), "n": 1, "none": None}
    assert prism.request("DELETE", "/v1/hooks/{}", Secret("h 1")) is None
    assert prism.request("GET", f"{server.url}/v1/more?page=2") == [1]
    assert [(one.method, one.path) for one in server.seen] == [
        ("GET", "/v1/payouts/po%2F1/fees?limit=3"),
        ("DELETE", "/v1/hooks/h%201"),
        ("GET", "/v1/more?page=2"),
    ]
    assert {one.headers["authorization"] for one in server.seen} == {"Bearer key_secret"}


def test_a_body_is_sent_as_it_is(prism: Prism, server: Server) -> None:
    """JSON with its nulls, or a form; with the caller's own headers."""
    server.answer(200, {})
    body = {"amount": "10.50", "note": None, "lines": [{"n": 1}, None, True]}
    prism.request("POST", "/v1/x", json=body, query={"a": "b"}, headers={"X-Version": "2 b"})
    prism.request("PATCH", "/v1/x", form={"a": {"b": 1}, "c": ["d"]})
    prism.request("PUT", "", json={})
    first, second, third = server.seen
    assert first.json == body
    assert (first.path, first.headers["x-version"]) == ("/v1/x?a=b", "2 b")
    assert (second.method, second.form) == ("PATCH", {"a": {"b": "1"}, "c": {"0": "d"}})
    assert (third.method, third.json) == ("PUT", {})


@pytest.mark.parametrize(
    ("asked", "field", "problem"),
    [
        ({"path": "v1/x"}, "path", "must begin with '/'"),
        ({"path": "https://evil.example/v1"}, "path", "must begin with '/'"),
        ({"path": "@evil.example/v1"}, "path", "must begin with '/'"),
        ({"path": "/v1 x"}, "path", "must begin with '/'"),
        ({"path": "/v1\r\nHost: evil"}, "path", "must begin with '/'"),
        ({"path": "/v1#x"}, "path", "must begin with '/'"),
        ({"path": "/v1\\x"}, "path", "must begin with '/'"),
        ({"path": "/v1?a b"}, "path", "must begin with '/'"),
        ({"path": "/v1/é"}, "path", "must begin with '/'"),
        ({"path": "/v1/../x"}, "path", "must not have"),
        ({"path": "/v1/%2e%2E/x"}, "path", "must not have"),
        ({"path": "/v1/%2e%2e%2fx"}, "path", "must not have"),
        ({"path": "/v1/..%5cx"}, "path", "must not have"),
        ({"path": "/v1/{}"}, "path", "a {} for each id; 0 are given"),
        ({"path": "/v1/{id}"}, "path", "a {} for each id"),
        ({"path": "/v1?a=b", "query": {"c": "d"}}, "path", "has a query already"),
        ({"method": "HEAD"}, "method", "must be one of GET, POST, PUT, PATCH, DELETE"),
        ({"json": {"a": 1}}, "json", "cannot be given with GET; give a query"),
        ({"form": {"a": 1}}, "form", "cannot be given with GET; give a query"),
        ({"idempotency_key": "k"}, "idempotency_key", "cannot be given with GET"),
        ({"method": "POST", "json": {}, "form": {}}, "form", "cannot both be given"),
        ({"method": "POST", "json": {"amount": 10.5}}, "json", "without a decimal point"),
        ({"query": {"a": 1}}, "query", "must map strings to strings"),
        ({"headers": {"Authorization": "Bearer x"}}, "headers", "cannot have 'Authorization'"),
        ({"headers": {"X-A": "b\r\nc: d"}}, "headers", "control characters|cannot have 'X-A'"),
        ({"headers": {"X A": "b"}}, "headers", "cannot have 'X A'"),
        ({"headers": {"Expect": "100-continue"}}, "headers", "cannot have 'Expect'"),
        ({"headers": {"Upgrade": "h2c"}}, "headers", "cannot have 'Upgrade'"),
        (
            {"method": "POST", "headers": {"Acme-Key": "mine"}, "idempotency_key": "k"},
            *("headers", "cannot have 'Acme-Key'"),
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(
    prism: Prism, server: Server, asked: dict[str, Any], field: str, problem: str
) -> None:
    """Before anything is sent; no path leads to another host or out of its place."""
    with pytest.raises(InvalidRequest, match=problem) as refused:
        prism.request(**{"method": "GET", "path": "/v1/x", **asked})
    assert refused.value.field == field
    assert server.seen == []


def test_an_id_is_no_way_out_of_a_path(prism: Prism) -> None:
    with pytest.raises(InvalidRequest, match="an id cannot be"):
        prism.request("GET", "/v1/{}/x", "..")


def test_an_error_is_of_the_same_tree(prism: Prism, server: Server) -> None:
    """As the connector reads the processor's errors; a decline is an error where HTTP says so, and
    an answer as any in a success."""
    server.answer(404, {"code": "gone", "kind": "NOT_FOUND"})
    with pytest.raises(NotFound) as gone:
        prism.request("GET", "/v1/payouts/{}", "po_1")
    assert (gone.value.operation, gone.value.outcome) == ("request", "rejected")
    server.answer(402, {"code": "no_money", "kind": "DECLINED"})
    with pytest.raises(ConnectorError) as declined:
        prism.request("POST", "/v1/payouts", json={})
    assert declined.value.kind is ErrorKind.DECLINED
    server.answer(200, {"code": "no_money", "kind": "DECLINED"})
    assert prism.request("POST", "/v1/payouts", json={})["code"] == "no_money"


def test_an_error_about_an_id_is_no_other_requests(prism: Prism, server: Server) -> None:
    """Nobody knows which ids a request of one's own has: an error may repeat any of them."""
    server.answer(400, {"code": "bad", "kind": "INVALID_REQUEST", "ref": "order_9"})
    with pytest.raises(ConnectorError) as refused:
        prism.request("POST", "/v1/payouts", json={"order": "order_9"})
    assert refused.value.kind is ErrorKind.INVALID_REQUEST


@pytest.mark.parametrize("answer", [b"<html>", b"\xff", b"[" * 10**5])
def test_what_is_no_json_is_malformed(prism: Prism, server: Server, answer: bytes) -> None:
    """And whether a POST was done is not known then."""
    server.answer(200, answer)
    with pytest.raises(MalformedResponse) as caught:
        prism.request("POST", "/v1/x", json={})
    assert caught.value.outcome == "unknown"


def test_a_post_is_repeated_with_a_key_alone(prism: Prism, server: Server) -> None:
    """A GET is repeated as any lookup. A POST without a key may have been done: once."""
    server.answer(503).answer(200, {"ok": True})
    assert prism.request("GET", "/v1/x") == {"ok": True}
    server.begin()
    server.answer(503).answer(200, {"ok": True})
    with pytest.raises(Unavailable) as caught:
        prism.request("POST", "/v1/x", json={})
    assert (caught.value.outcome, caught.value.idempotency_key) == ("unknown", None)
    assert [one.headers.get("acme-key") for one in server.seen] == [None]
    server.begin()
    server.answer(503).answer(200, {"ok": True})
    assert prism.request("POST", "/v1/x", json={}, idempotency_key="k-1") == {"ok": True}
    assert [one.headers["acme-key"] for one in server.seen] == ["k-1", "k-1"]
    server.begin()
    server.act(hang_up)
    with pytest.raises(TransportError) as lost:
        prism.request("POST", "/v1/x", json={}, idempotency_key="k-2", max_retries=1)
    assert (lost.value.outcome, lost.value.idempotency_key) == ("unknown", "k-2")
    assert len(server.seen) == 2
    server.begin()
    server.act(hang_up)
    with pytest.raises(TransportError) as unread:
        prism.request("GET", "/v1/x", max_retries=0)
    assert unread.value.outcome == "unknown"


def test_a_key_that_nobody_honours_is_refused(plugin: Install, server: Server) -> None:
    """Rather than left out: the caller would rely on it."""
    with (
        small(plugin, server, CREATE, account="idempotency_header = None") as prism,
        pytest.raises(InvalidRequest, match="cannot send idempotency_key with request"),
    ):
        prism.request("POST", "/x", json={}, idempotency_key="k")
    assert server.seen == []


def test_no_header_replaces_the_accounts(plugin: Install, server: Server) -> None:
    """Whatever the header of its credentials is called; only `Accept` is the caller's."""
    account = (
        "def headers(self):\n        return {'X-Api-Key': 'own'}\n    idempotency_header = None"
    )
    server.answer(200, {})
    with small(plugin, server, CREATE, account=account) as prism:
        with pytest.raises(InvalidRequest, match="cannot have 'x-API-key'"):
            prism.request("GET", "/x", headers={"x-API-key": "another"})
        prism.request("GET", "/x", headers={"Accept": "text/plain"})
    assert [one.headers["accept"] for one in server.seen] == ["text/plain"]


def test_a_body_has_one_key(plugin: Install, server: Server) -> None:
    """Two would be the caller's mistake, and no bug of the connector; nothing is sent."""
    account = "idempotency_header = None\n    idempotency_field = 'once.key'"
    server.answer(200, {})
    with small(plugin, server, CREATE, account=account) as prism:
        with pytest.raises(InvalidRequest, match=r"json has once\.key") as refused:
            prism.request("POST", "/x", json={"once": {"key": None}}, idempotency_key="k")
        assert (refused.value.field, server.seen) == ("json", [])
        prism.request("POST", "/x", json={"once": {"key": "mine"}})
        prism.request("POST", "/x", json={"once": {"a": 1}}, idempotency_key="k")
    assert [one.json["once"] for one in server.seen] == [{"key": "mine"}, {"key": "k", "a": 1}]


def test_nothing_private_is_in_an_error(prism: Prism, server: Server) -> None:
    """What the request held, and the credentials, are masked where the processor repeats them."""
    said = "no ada@example.com at 12 Secret Street, key_secret"
    server.answer(400, {"code": "bad", "message": said, "kind": "INVALID_REQUEST"})
    with pytest.raises(ConnectorError) as caught:
        prism.request(
            "POST", "/v1/x", json={"to": {"mail": "ada@example.com"}, "at": "12 Secret Street"}
        )
    error = caught.value
    for private in ("ada@", "Secret Street", "key_secret"):
        assert private not in f"{error} {error.to_dict()} {error.details!r}"
    assert caught.tb.tb_next is not None
    assert "ada@" not in str(caught.tb.tb_next.tb_frame.f_locals)


def test_no_card_number_where_there_shall_be_none(acme: str, server: Server) -> None:
    with (
        Prism(acme, **options(server), card_numbers=False) as prism,
        pytest.raises(InvalidRequest, match="json holds a card number"),
    ):
        prism.request("POST", "/v1/x", json={"card": {"number": "4242 4242 4242 4242"}})
    assert server.seen == []


@pytest.mark.anyio
async def test_the_async_client_does_the_same(acme: str, server: Server) -> None:
    server.answer(200, {"a": 1}).answer(404, {"code": "gone", "kind": "NOT_FOUND"})
    async with AsyncPrism(acme, **options(server)) as prism:
        assert await prism.request("GET", "/v1/{}", "x", timeout=5) == {"a": 1}
        with pytest.raises(NotFound):
            await prism.request("POST", "/v1/x", form={"a": "b"})
    assert [one.path for one in server.seen] == ["/v1/x", "/v1/x"]


def test_a_token_is_fetched_by_the_account(processor: Processor, server: Server) -> None:
    """Once for several requests, and shared with all other calls."""
    with opened(Prism, server) as prism:
        assert prism.request("POST", "/customers", json={}) == {"id": "cus_1"}
        prism.customers.create(merchant_customer_id="user_42")
        prism.request("GET", "/customers/1")
    assert processor.granted == 1


def test_a_document_is_posted_to_a_graphql_api(plugin: Install, server: Server) -> None:
    """At its one endpoint; an error in a 200 is an error."""
    source = Path(__file__).parents[1] / "reference_graphql" / "prism_acme" / "__init__.py"
    plugin("acme", source.read_text())
    server.answer(200, {"data": {"ping": "pong"}}).answer(
        200, {"errors": [{"message": "no", "extensions": {"class": "AUTHENTICATION"}}]}
    )
    with Prism("acme", **options(server)) as prism:
        assert isinstance(prism._engine.account, GraphqlAccount)
        asked = {"query": "query($a: Int) { ping(a: $a) }", "variables": {"a": None}}
        assert prism.request("POST", "", json=asked) == {"data": {"ping": "pong"}}
        with pytest.raises(ConnectorError):
            prism.request("POST", "", json=asked)
    assert server.seen[0].json == asked


@pytest.mark.parametrize("exchanges", PLUGINS, ids=lambda path: path.parent.name)
def test_every_connector_can_be_asked(exchanges: Path, server: Server) -> None:
    """A GET and a POST with the account of its exchanges, which fetches its token first if it has
    any: the credentials are with both."""
    name = exchanges.parent.name.removeprefix("prism_")
    assert name in index.candidates()
    written: list[Exchange] = reading.load(exchanges.parent)
    first = written[0]
    for grant in first.grants:
        found = grant.response.answer()
        server.answer(found.status_code, found.body, found.headers)
    server.answer(200, {"ok": True})
    account = {key: value for key, value in first.account.items() if key != "base_url"}
    with Prism(name, base_url=server.url, **account) as prism:  # type: ignore[arg-type]
        assert prism.request("GET", "/x") == {"ok": True}
        assert prism.request("POST", "/x", json={"ask": {}}) == {"ok": True}
        secrets = [
            text.reveal()
            for field in prism._engine.account.__struct_fields__
            if isinstance(text := getattr(prism._engine.account, field), Secret)
        ]
    get, post = server.seen[-2:]
    assert (get.method, post.method) == ("GET", "POST")
    sent = f"{post.headers} {post.body!r}"
    assert any(word in post.headers for word in ("authorization", "x-api-key")) or any(
        secret in sent for secret in secrets
    )


def test_a_refused_key_says_so(prism: Prism, server: Server) -> None:
    server.answer(401, {"code": "key", "kind": "AUTHENTICATION"})
    with pytest.raises(AuthenticationError):
        prism.request("GET", "/v1/x")
