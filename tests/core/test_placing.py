"""What the core places in a flow's requests: keys, ids, access tokens, nulls; and reads back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from support import Install, Server

from prism_core import (
    ConnectorBug,
    InvalidRequest,
    MalformedResponse,
    PrismError,
    UnsupportedOperation,
)
from prism_core.runtime.keys import derived_key

from .shapes import CREATE, small

THREE = """create_customer:
yield account.get("/find", query={"ref": request.merchant_customer_id})
yield account.post("/one", json={})
yield account.post("/two", json={"a": 1})
yield account.post("/three", json={"a": 1}, keyed=False)
yield account.delete("/four/{}", "x/y")
body = yield from account.fetch(account.patch("/five/{}/{}", "..", "b c", json={"n": NULL}), Body)
return CustomerCreated(connector_customer_id=body.id)
"""
PUTTING = THREE.replace('account.patch("/five/{}/{}", "..", "b c"', 'account.put("/five"')


IN_BODY = 'idempotency_header = None; idempotency_field = "once"'


def keys(server: Server) -> list[str | None]:
    return [seen.headers.get("key") for seen in server.seen]


def test_each_change_of_a_flow_has_a_key_of_its_own(plugin: Install, server: Server) -> None:
    """The first the caller's; each later one a UUID made of it, the same again for the same call,
    so that a call that is repeated whole does nothing twice. A request that says so has none."""
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, PUTTING) as prism:
        for _ in range(2):
            prism.customers.create(merchant_customer_id="user_1", idempotency_key="mine")
    first, again = keys(server)[:6], keys(server)[6:]
    assert first == again
    assert first[:2] == [None, "mine"]
    assert first[3] is None
    made = [key for key in first if key not in (None, "mine")]
    assert len({*made}) == 3
    assert all(str(uuid.UUID(key)) == key for key in made)


def test_a_key_stands_in_the_body_where_the_account_says(plugin: Install, server: Server) -> None:
    """As the outermost field, also of an empty body; a body that is no JSON object has none."""
    server.answer(200, {"id": "cus_1"})
    account = 'idempotency_header = None; idempotency_field = "once"'
    with small(plugin, server, PUTTING, account=account) as prism:
        made = prism.customers.create(merchant_customer_id="user_1", idempotency_key='m"i')
    assert made.idempotency_key == 'm"i'
    assert server.seen[1].json == {"once": 'm"i'}
    assert server.seen[2].json["a"] == 1
    assert uuid.UUID(server.seen[2].json["once"])
    assert server.seen[3].json == {"a": 1}
    assert server.seen[4].body == b""


def test_a_request_without_a_place_for_a_key_is_not_repeated(
    plugin: Install, server: Server
) -> None:
    """Of two attempts the first may have been acted on, and nothing would tell them apart."""
    server.answer(500, {}).answer(200, {"id": "cus_1"})
    flow = CREATE.replace("id}), Body", "id}, keyed=False), Body")
    with small(plugin, server, flow) as prism, pytest.raises(PrismError) as caught:
        prism.customers.create(merchant_customer_id="user_1", max_retries=2)
    assert (caught.value.outcome, len(server.seen)) == ("unknown", 1)


@pytest.mark.parametrize(
    ("flow", "account"),
    [
        (CREATE.replace('json={"ref"', 'json={"once": "own", "ref"'), IN_BODY),
        (CREATE.replace("id}), Body", 'id}, headers={"key": "own"}), Body'), ""),
    ],
)
def test_a_key_of_the_flows_own_is_the_connectors_fault(
    plugin: Install, server: Server, flow: str, account: str
) -> None:
    """Of two keys in one request nobody knows which one keeps the same from being done twice; one
    that is always the same would have every call take the first one's answer."""
    with small(plugin, server, flow, account=account) as prism, pytest.raises(ConnectorBug):
        prism.customers.create(merchant_customer_id="user_1", idempotency_key="mine")
    assert server.seen == []


def test_a_key_in_a_body_changes_nothing_else_of_it(plugin: Install, server: Server) -> None:
    """Nested objects, a field of the same name inside, signs and other scripts, spaces."""
    server.answer(200, {"id": "cus_1"})
    inside = '"in": {"once": [{}, "}"], "n": NULL}, "\u00e9\u20ac": 1}'
    flow = CREATE.replace("customer_id}", f"customer_id, {inside}")
    yielded = 'yield HttpRequest("POST", account.base_url, {}, b"{ }")'
    spaced = f"request.merchant_customer_id\n{yielded}\nbody ="
    with small(plugin, server, flow.replace("body =", spaced), account=IN_BODY) as prism:
        prism.customers.create(merchant_customer_id="user_1", idempotency_key="mine")
    whole = {"ref": "user_1", "in": {"once": [{}, "}"], "n": None}, "\u00e9\u20ac": 1}
    later = derived_key("mine", "1")
    assert [seen.json for seen in server.seen] == [{"once": "mine"}, {"once": later, **whole}]


UNKEYED = CREATE.replace("id}), Body", "id}, keyed=False), Body")
BODILESS = CREATE.replace("json=", "form=")


@pytest.mark.parametrize(("flow", "account"), [(UNKEYED, ""), (BODILESS, IN_BODY)])
def test_a_key_that_the_processor_would_not_get_is_refused(
    plugin: Install, server: Server, flow: str, account: str
) -> None:
    """The account honours keys, and this request cannot have one. A key that was made for the call
    is not given back, either: repeating with it would do the same twice."""
    server.answer(500, {})
    with small(plugin, server, flow, account=account) as prism:
        with pytest.raises(InvalidRequest, match="cannot send idempotency_key with create") as own:
            prism.customers.create(merchant_customer_id="user_1", idempotency_key="mine")
        with pytest.raises(UnsupportedOperation, match="second customer"):
            prism.customers.get_or_create(merchant_customer_id="user_1")
        assert (own.value.field, own.value.outcome, server.seen) == (
            *("idempotency_key", "not_sent"),
            [],
        )
        with pytest.raises(PrismError) as made:
            prism.customers.create(merchant_customer_id="user_1")
    assert (made.value.outcome, made.value.idempotency_key) == ("unknown", None)


def test_a_customer_that_is_looked_up_needs_no_key(plugin: Install, server: Server) -> None:
    """get_or_create relies on the lookup there, and on no key."""
    find = """get_customer:
body = yield from account.fetch(account.get("/{}", request.merchant_customer_id), Body)
return Customer(connector_customer_id=body.id)
"""
    missing = "if response.status_code == 404: return ErrorAnswer(kind=ErrorKind.NOT_FOUND, "
    missing += 'details=ErrorDetails(connector=ConnectorDetails(code="none")))'
    server.answer(404, {}).answer(200, {"id": "cus_1"})
    with small(plugin, server, UNKEYED, find, declines=missing) as prism:
        made = prism.customers.get_or_create(merchant_customer_id="user_1", idempotency_key="mine")
    assert (made.connector_customer_id, made.idempotency_key) == ("cus_1", None)


def test_no_key_is_taken_where_none_is_honoured(plugin: Install, server: Server) -> None:
    """Whoever gives one believes that it keeps a second payment from being made."""
    with (
        small(plugin, server, CREATE, account="idempotency_header = None") as prism,
        pytest.raises(InvalidRequest, match="cannot send idempotency_key") as caught,
    ):
        prism.customers.create(merchant_customer_id="user_1", idempotency_key="mine")
    assert (caught.value.field, server.seen) == ("idempotency_key", [])


def test_ids_are_quoted_as_one_segment(plugin: Install, server: Server) -> None:
    """An id cannot lead to another path; one of dots, which no quoting helps, is refused."""
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, THREE) as prism, pytest.raises(PrismError) as caught:
        prism.customers.create(merchant_customer_id="user_1")
    assert server.seen[4].path == "/four/x%2Fy"
    assert "'.' or '..'" in caught.value.message


def test_null_is_written_where_the_connector_says(plugin: Install, server: Server) -> None:
    """None is left out, NULL is null: some processors clear a field so."""
    server.answer(200, {"id": "cus_1"})
    flow = "create_customer:\n" + (
        'json = {"ref": request.merchant_customer_id, "a": None, "b": NULL, "c": [{"d": NULL}]}\n'
        'body = yield from account.fetch(account.put("/x", json=json), Body)\n'
        "return CustomerCreated(connector_customer_id=body.id)\n"
    )
    with small(plugin, server, flow) as prism:
        prism.customers.create(merchant_customer_id="user_1")
    assert server.seen[0].json == {"ref": "user_1", "b": None, "c": [{"d": None}]}


@pytest.mark.parametrize(
    "flow",
    [
        "account.get('/x/{}')",
        "account.get('/x', 'id')",
        "account.get('x')",
    ],
)
def test_a_path_that_cannot_be_right_is_the_connectors_fault(
    plugin: Install, server: Server, flow: str
) -> None:
    """Places and ids must be as many; a path begins with a slash. Nothing is sent."""
    with (
        small(plugin, server, f"create_customer:\nyield {flow}\n") as prism,
        pytest.raises(ConnectorBug),
    ):
        prism.customers.create(merchant_customer_id="user_1")
    assert server.seen == []


SIGNING = """
    def auth_flow(self, request):
        request.headers["signed"] = str(len(request.body))
        response = yield request
        if response.headers.get("again"):
            response = yield request
        return response
"""


def test_an_account_may_send_a_request_in_its_own_way(plugin: Install, server: Server) -> None:
    """`auth_flow` signs the whole request, key and all, and may ask again; the flow sees one
    answer."""
    server.answer(200, {"id": "x"}, {"again": "1"}).answer(200, {"id": "cus_1"})
    account = "idempotency_field = None\n" + SIGNING
    with small(plugin, server, CREATE, account=account) as prism:
        made = prism.customers.create(merchant_customer_id="user_1")
    assert made.connector_customer_id == "cus_1"
    assert [seen.headers["signed"] for seen in server.seen] == [str(len(server.seen[0].body))] * 2
    assert len({*keys(server)}) == 1


REPEATING = """
    def auth_flow(self, request):
        try:
            response = yield request
        except AuthenticationError:
            response = yield request
        if response.headers.get("again"):
            response = yield request
        return response
"""


@pytest.mark.parametrize(
    ("status", "body", "sent"),
    [
        (401, b"<html>who are you</html>", 1),  # from a proxy: the payment may have been made
        (200, {"id": "first"}, 1),
        (401, {"error": "no"}, 2),  # the processor's own words: it has done nothing
    ],
)
def test_no_account_repeats_a_change_that_may_have_been_done(
    plugin: Install, server: Server, status: int, body: Any, sent: int
) -> None:
    """Without a key, whatever its `auth_flow` yields: a proxy's 401 proves nothing, and a success
    is one."""
    refused = "if response.decode(dict) is None: return None"
    server.answer(status, body, {"again": "1"}).answer(200, {"id": "second"})
    account = "idempotency_header = None\n" + REPEATING
    with small(plugin, server, CREATE, account=account, declines=refused) as prism:
        try:
            made = prism.customers.create(merchant_customer_id="user_1").connector_customer_id
        except PrismError as error:
            made = error.outcome
    assert len(server.seen) == sent
    assert made == {200: "first", 401: "unknown" if sent == 1 else "second"}[status]


def test_what_an_account_raises_reaches_the_flow(plugin: Install, server: Server) -> None:
    """As an error answer does: the flow may go on."""
    trying = "try:\n    yield account.get('/')\nexcept AuthenticationError:\n    pass\n"
    flow = CREATE.replace("create_customer:\n", "create_customer:\n" + trying)
    server.answer(401, b"{}").answer(200, {"id": "cus_1"})
    account = "def auth_flow(self, request):\n        return (yield request)"
    with small(plugin, server, flow, account=account) as prism:
        assert prism.customers.create(merchant_customer_id="user_1").connector_customer_id


def test_the_request_id_may_stand_in_the_body(plugin: Install, server: Server) -> None:
    """To quote to the processor's support, also of an error; a body without one has none."""
    server.answer(200, {"id": "cus_1", "trace": "t_1"}).answer(400, {"trace": "t_2"})
    server.answer(200, {"id": "cus_1", "trace": 3}).answer(200, b"[]")
    with small(plugin, server, CREATE, account='request_id_field = "trace"') as prism:
        create = prism.customers.create
        assert create(merchant_customer_id="user_1").request_id == "t_1"
        with pytest.raises(PrismError) as caught:
            create(merchant_customer_id="user_1")
        assert caught.value.request_id == "t_2"  # type: ignore[attr-defined]
        assert create(merchant_customer_id="user_1").request_id is None
        with pytest.raises(MalformedResponse) as other:
            create(merchant_customer_id="user_1")
        assert other.value.request_id is None


def test_a_success_that_is_not_documented_is_none(plugin: Install, server: Server) -> None:
    """A page of somebody in between has a 202, too."""
    server.answer(202, {"id": "cus_1"})
    with (
        small(plugin, server, CREATE, account="successes = frozenset({200})") as prism,
        pytest.raises(MalformedResponse, match="undocumented status 202") as caught,
    ):
        prism.customers.create(merchant_customer_id="user_1")
    assert caught.value.outcome == "unknown"
