"""GraphQL accounts: documents in requests, envelopes in answers, and what an error proves."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from prism_core import ErrorKind, GraphqlAccount, HttpResponse, MalformedResponse
from prism_core.runtime.keys import place_key

PAY = "mutation ($input: PayInput!) { pay(input: $input) { id } }"


class Graph(GraphqlAccount, frozen=True, kw_only=True):
    urls = {"SANDBOX": "https://graph.example/graphql"}
    idempotency_field = "variables.input.key"
    error_class = "class"
    error_kinds = {
        "WRONG": ErrorKind.INVALID_REQUEST,
        "NO_MONEY": ErrorKind.DECLINED,
        "DOWN": ErrorKind.UNAVAILABLE,
    }


class Paid(msgspec.Struct):
    id: str


ACCOUNT = Graph()


def answer(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {}, json.dumps(body).encode())


def error(name: Any = "WRONG", *path: str | int) -> dict[str, Any]:
    return {"message": "no", "path": path or None, "extensions": {"class": name}}


def test_a_request_is_a_document_with_variables() -> None:
    """At the one endpoint; a query changes nothing, and None is left out of the variables."""
    asked = ACCOUNT.query("{ node(id: 1) { id } }")
    assert (asked.method, asked.url) == ("POST", "https://graph.example/graphql")
    assert json.loads(asked.body) == {"query": "{ node(id: 1) { id } }"}
    assert (asked.changes, asked.keyed) == (False, False)
    paying = ACCOUNT.mutation(PAY, {"input": {"amount": "1", "note": None}})
    assert json.loads(paying.body) == {"query": PAY, "variables": {"input": {"amount": "1"}}}
    assert (paying.changes, paying.keyed) == (True, True)
    assert not ACCOUNT.mutation(PAY, {}, changes=False, keyed=False).keyed


@pytest.mark.parametrize("variables", [None, {}, {"input": "text"}])
def test_a_key_has_a_place_only_in_objects_that_are_there(variables: Any) -> None:
    """The path leads through the variables; without them the request has no key, and nobody
    believes that it has one."""
    asked = ACCOUNT.mutation(PAY, variables)
    before = asked.body
    place_key(ACCOUNT, asked, "mine")
    assert (asked.idempotency_key, asked.body) == (None, before)


def test_a_key_is_added_to_the_input() -> None:
    """Nothing else of the body changes; a key of the flow's own is refused."""
    asked = ACCOUNT.mutation(PAY, {"input": {"amount": "1"}, "more": True})
    place_key(ACCOUNT, asked, "mine")
    variables = {"input": {"key": "mine", "amount": "1"}, "more": True}
    assert json.loads(asked.body) == {"query": PAY, "variables": variables}
    with pytest.raises(ValueError, match="a flow has set key"):
        place_key(ACCOUNT, asked, "mine")


def test_the_value_of_the_one_field_is_decoded() -> None:
    """Under whatever name; no errors are an empty list, too."""
    assert ACCOUNT.decode(answer({"data": {"pay": {"id": "p_1"}}, "errors": []}), Paid).id == "p_1"
    payload = answer({"data": {"pay": {"transaction": {"id": "p_1"}}}})
    assert ACCOUNT.decode(payload, Paid, member="transaction").id == "p_1"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"pay": {"id": "p_1"}}, "errors": [error()]},
        {"data": {"pay": {"id": "p_1"}}, "errors": ["down"]},
        {"data": {"pay": {"id": 1}}},
        {"data": {"pay": None}},
        {"data": {"pay": {"id": "p_1"}, "void": {"id": "p_1"}}},
        {"data": {}},
        {"data": None},
        {"id": "p_1"},
    ],
)
def test_another_envelope_is_no_success(body: Any) -> None:
    """Errors, no field, two fields, another shape inside."""
    with pytest.raises(MalformedResponse):
        ACCOUNT.decode(answer(body), Paid)


@pytest.mark.parametrize("body", [{"data": {}}, {"errors": []}, {"errors": ["down"]}, [], "x"])
def test_an_answer_without_errors_is_no_error(body: Any) -> None:
    assert ACCOUNT.error_of(answer(body)) is None


@pytest.mark.parametrize("data", [None, {"pay": None}])
@pytest.mark.parametrize("status", [200, 400])
def test_an_error_of_a_known_class_proves_that_nothing_was_done(status: int, data: Any) -> None:
    """Its kind, class and message are those of the first error."""
    body = {"data": data, "errors": [error("WRONG", "pay"), error("NO_MONEY")]}
    found = ACCOUNT.error_of(answer(body, status))
    assert found is not None
    assert (found.kind, found.unknown) == (ErrorKind.INVALID_REQUEST, None)
    assert found.details.connector is not None
    assert (found.details.connector.code, found.details.connector.message) == ("WRONG", "no")


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [error("NEW")]},
        {"errors": [error(None)]},
        {"errors": [error(7)]},
        {"errors": [{"message": "down"}]},
        {"errors": [error(), error("NEW")]},
        {"errors": [error("NO_MONEY"), error("DOWN")]},
        {"errors": [error("NO_MONEY", "pay", "customer")], "data": {"pay": None}},
        {"errors": [error("NO_MONEY", "pay", "customer")]},
        {"errors": [error("NO_MONEY", "pay")], "data": {"pay": {"id": "p_1"}}},
    ],
)
def test_any_other_error_proves_nothing(body: Any) -> None:
    """A class that is not known, or an error beside or inside a payment that was made: it is
    neither a refusal nor a decline."""
    found = ACCOUNT.error_of(answer(body))
    assert found is not None
    assert (found.kind, found.unknown) == (ErrorKind.OTHER, True)


def test_a_decline_is_one_in_a_success_alone() -> None:
    """Of an answer whose status is an error's, the status says more: a 500 proves nothing."""
    body = {"data": {"pay": None}, "errors": [error("NO_MONEY", "pay")]}
    kinds = {status: ACCOUNT.error_of(answer(body, status)) for status in (200, 500)}
    assert [found and found.kind for found in kinds.values()] == [
        ErrorKind.DECLINED,
        ErrorKind.OTHER,
    ]


def test_an_outage_is_one() -> None:
    found = ACCOUNT.error_of(answer({"errors": [error("DOWN")]}))
    assert found is not None
    assert found.kind is ErrorKind.UNAVAILABLE
