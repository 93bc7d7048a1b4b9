"""Customers: get, update, delete, get_or_create that makes only one, a conflict with one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import anyio
import pytest
from support import Server, acme_source

from prism_core import (
    AsyncPrism,
    Conflict,
    CustomerStatus,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    Prism,
    UnsupportedOperation,
)

from .samples import GONE, NO_LOOKUP

ADA: dict[str, Any] = {"merchant_customer_id": "user_42", "name": "Ada"}


@pytest.fixture
def prism(acme: str, server: Server) -> Iterator[Prism]:
    with Prism(acme, api_key="key", base_url=server.url) as opened:
        yield opened


def test_a_customer_is_looked_up_changed_and_deleted(prism: Prism, server: Server) -> None:
    """What the processor keeps is told; a deleted customer is DELETED."""
    server.answer(200, {"id": "cus_1", "ref": "user_42", "name": "Ada"})
    found = prism.customers.get(connector_customer_id="cus_1")
    assert (found.merchant_customer_id, found.name) == ("user_42", "Ada")
    assert "Ada" not in repr(found)
    prism.customers.update(connector_customer_id="cus_1", name="Ada King")
    gone = prism.customers.delete(connector_customer_id="cus_1")
    assert gone.status is CustomerStatus.DELETED
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("GET", "/customers/cus_1"),
        ("POST", "/customers/cus_1"),
        ("POST", "/customers/cus_1/delete"),
    ]


def test_another_customer_than_asked_is_no_result(prism: Prism, server: Server) -> None:
    """An answer about somebody else belongs to another call."""
    server.answer(200, {"id": "cus_2"})
    with pytest.raises(MalformedResponse, match="another connector_customer_id"):
        prism.customers.get(connector_customer_id="cus_1")


def test_a_customer_that_is_created_deleted_is_told(prism: Prism, server: Server) -> None:
    """The answer to a create that tells of a deleted customer is a discrepancy."""
    server.answer(201, {"id": "cus_1", "deleted": True})
    (found,) = prism.customers.create(merchant_customer_id="user_42").discrepancies
    assert (found.field, found.reported) == ("status", "DELETED")


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("get", {}),
        ("get", {"connector_customer_id": "cus_1", "merchant_customer_id": "user_42"}),
        ("update", {"connector_customer_id": "cus_1"}),
    ],
)
def test_requests_that_say_nothing(
    prism: Prism, server: Server, method: str, fields: dict[str, str]
) -> None:
    """A lookup takes one id, and an update something to change."""
    with pytest.raises(InvalidRequest):
        getattr(prism.customers, method)(**fields)
    assert server.seen == []


def test_get_or_create_finds_or_makes(prism: Prism, server: Server) -> None:
    """One that exists is found and nothing is made; else it is created, in the same call."""
    server.answer(200, {"id": "cus_1", "ref": "user_42"})
    found = prism.customers.get_or_create(**ADA)
    assert (found.connector_customer_id, found.existed) == ("cus_1", True)
    server.answers.clear()
    server.answers += [lambda _: None]  # the first request was answered
    server.answer(404, GONE).answer(201, {"id": "cus_2", "ref": "user_42"})
    made = prism.customers.get_or_create(**ADA)
    assert (made.connector_customer_id, made.existed) == ("cus_2", False)
    assert [one.status_code for one in made.attempts] == [404, 201]


def test_get_or_create_makes_the_same_key_everywhere(
    plugin: Callable[..., Any], server: Server
) -> None:
    """Without a lookup, every process asks with one key, so that the processor makes one."""
    plugin("acme", acme_source(NO_LOOKUP))
    server.answer(201, {"id": "cus_1"})
    for _ in range(2):
        with Prism("acme", api_key="key", base_url=server.url) as one:
            one.customers.get_or_create(**ADA)
            one.customers.get_or_create(merchant_customer_id="user_43")
    keys = [seen.headers["acme-key"] for seen in server.seen]
    assert keys[0] == keys[2] != keys[1] == keys[3]
    assert "user_42" not in (keys[0] or "")


def test_get_or_create_needs_no_lookup_at_all(plugin: Callable[..., Any], server: Server) -> None:
    """Where the connector cannot look a customer up, the one key is enough."""
    hook = "    @hookimpl\n    def get_customer("
    plugin("acme", acme_source((hook, "    def _none(")))
    server.answer(201, {"id": "cus_1"})
    with Prism("acme", api_key="key", base_url=server.url) as prism:
        assert prism.customers.get_or_create(**ADA).connector_customer_id == "cus_1"
    assert [(seen.method, seen.path) for seen in server.seen] == [("POST", "/customers")]


def test_get_or_create_with_other_details_says_what_to_do(prism: Prism, server: Server) -> None:
    server.answer(404, GONE).answer(409, {"code": "key", "kind": "CONFLICT"})
    with pytest.raises(Conflict, match="use the connector_customer_id returned then") as caught:
        prism.customers.get_or_create(**ADA)
    assert caught.value.outcome == "unknown"


def test_get_or_create_promises_nothing_it_cannot(
    plugin: Callable[..., Any], server: Server
) -> None:
    """Where the processor offers no means, the call says so and sends nothing."""
    plugin("acme", acme_source(NO_LOOKUP, ('    idempotency_header = "Acme-Key"\n', "")))
    with (
        Prism("acme", api_key="key", base_url=server.url) as prism,
        pytest.raises(UnsupportedOperation, match="second customer"),
    ):
        prism.customers.get_or_create(**ADA)
    assert server.seen == []


def test_get_or_create_in_an_event_loop(acme: str, server: Server) -> None:
    server.answer(404, GONE).answer(201, {"id": "cus_1"})

    async def run() -> str:
        async with AsyncPrism(acme, api_key="key", base_url=server.url) as prism:
            return (await prism.customers.get_or_create(**ADA)).connector_customer_id

    assert anyio.run(run) == "cus_1"


def test_a_race_makes_one_customer(acme: str, server: Server) -> None:
    """Twenty callers at once, each finding nothing: the one key makes one customer."""
    made: dict[str, str] = {}
    lock = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        status, body = 404, GONE
        if handler.command == "POST":
            with lock:
                key = handler.headers["acme-key"]
                status, body = 201, {"id": made.setdefault(key, f"cus_{len(made)}")}
        raw = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("content-length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    server.act(answer)
    ids: list[str] = []
    with Prism(acme, api_key="key", base_url=server.url) as prism:
        barrier = threading.Barrier(20)

        def ask() -> None:
            barrier.wait()
            ids.append(prism.customers.get_or_create(**ADA).connector_customer_id)

        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(ids), len(set(ids)), len(made)) == (20, 1, 1)


def test_a_customer_that_is_gone_is_not_found(prism: Prism, server: Server) -> None:
    """`customers.get` of an id that the processor does not know is NotFound."""
    server.answer(404, GONE)
    with pytest.raises(NotFound):
        prism.customers.get(connector_customer_id="cus_9")


def test_get_or_create_with_a_key_of_the_callers_own(prism: Prism, server: Server) -> None:
    server.answer(404, GONE).answer(201, {"id": "cus_1"})
    made = prism.customers.get_or_create(**ADA, idempotency_key="mine")
    assert made.idempotency_key == server.seen[1].headers["acme-key"] == "mine"


@pytest.fixture
def in_conflict(plugin: Callable[..., Any]) -> None:
    """The test connector of a processor that says which customer exists already."""
    named = (
        "            unknown=problem.unknown,\n",
        "            unknown=problem.unknown,\n"
        "            connector_customer_id=problem.message.rpartition(' ')[2] or None,\n",
    )
    plugin("acme", acme_source(named))


@pytest.mark.usefixtures("in_conflict")
def test_a_conflict_names_the_customer_that_exists(server: Server) -> None:
    """The error carries its id; with on_conflict="return" it is the result, and says so."""
    server.answer(409, {"code": "dup", "message": "exists as cus_7", "kind": "CONFLICT"})
    with Prism("acme", api_key="key", base_url=server.url) as prism:
        with pytest.raises(Conflict) as caught:
            prism.customers.create(**ADA, email="ada@example.com")
        assert caught.value.connector_customer_id == "cus_7"
        assert caught.value.to_dict()["connector_customer_id"] == "cus_7"
        found = prism.customers.create(
            merchant_customer_id="user_42", email="ada@example.com", on_conflict="return"
        )
    assert (found.connector_customer_id, found.merchant_customer_id) == ("cus_7", "user_42")
    assert (found.existed, found.status_code) == (True, 409)


@pytest.mark.usefixtures("in_conflict")
def test_get_or_create_gives_the_customer_in_conflict(server: Server) -> None:
    """Where the processor names the customer that exists, that one is the result."""
    server.answer(404, GONE)
    server.answer(409, {"code": "dup", "message": "exists as cus_7", "kind": "CONFLICT"})
    with Prism("acme", api_key="key", base_url=server.url) as prism:
        found = prism.customers.get_or_create(**ADA)
    assert (found.connector_customer_id, found.existed) == ("cus_7", True)


@pytest.mark.usefixtures("in_conflict")
def test_a_conflict_about_nothing_known_stays_an_error(server: Server) -> None:
    """There is no customer to return where the processor names none."""
    server.answer(409, {"code": "dup", "message": "", "kind": "CONFLICT"})
    with (
        Prism("acme", api_key="key", base_url=server.url) as prism,
        pytest.raises(Conflict),
    ):
        prism.customers.create(merchant_customer_id="user_42", on_conflict="return")
