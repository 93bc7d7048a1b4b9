"""The judge of GraphQL judged: what a request and an answer may not be, by a small schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prism_contract_tests.graphql_schema import Schema, schema_of

SCHEMA = Schema("""
type Query { node(id: ID!): Node, things(ids: [ID!]!): [Thing]!, found: Found, me: Person }
type Mutation { pay(input: PayInput!): Payment }
interface Node { id: ID! }
union Found = Payment | Person
enum State { PAID OPEN }
scalar Amount
type Payment implements Node { id: ID!, state: State!, amount: Amount, live: Boolean, tries: Int }
type Person implements Node { id: ID!, name: String!, payments: [Payment!] }
type Thing { size: Float }
input PayInput { amount: Amount!, state: State }
""")
PAY = "mutation ($input: PayInput!) { pay(input: $input) { id state } }"
NODE = """query ($id: ID!, $more: Boolean = true) {
  node(id: $id) { __typename ...P ... on Person { name @include(if: $more) } }
}
fragment P on Payment { id state ... on Node { other: id } ... { live @skip(if: true) } }"""
FOUND = "{ found { ... on Payment { id state } ... on Person { id name payments { id } } } }"
EACH = "{ things(ids: [1]) { size } me { payments { state amount live tries } } }"
BRAINTREE = Path(__file__).parents[3].joinpath("shared", "specs", "braintree.graphql")


def asked(query: str, **variables: Any) -> dict[str, Any]:
    return {"query": query, "variables": variables}


@pytest.mark.parametrize(
    "body",
    [
        asked(PAY, input={"amount": "1.00", "state": "PAID"}),
        asked(NODE, id="1"),
        asked(NODE, id=1, more=False),
        {"query": "{ me { id } }"},
        {"query": "query A { me { id } } query B { me { name } }", "operationName": "B"},
    ],
)
def test_a_request_that_is_right_has_no_violation(body: Any) -> None:
    """Variables with defaults, fragments, one operation of several."""
    assert SCHEMA.problems(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (asked("{ me { id, nam } }"), "Cannot query field 'nam' on type 'Person'"),
        (asked("{ me { id } "), "Syntax Error"),
        (asked("query A { me { id } } query B { me { id } }"), "has 2 operations"),
        (asked("fragment P on Person { id }"), "has 0 operations"),
        (asked("{ node { id } }"), "'Query.node(id:)' of type 'ID!' is required"),
        (asked(PAY), "of non-null type 'PayInput!'"),
        (asked(PAY, input={"amount": "1.00", "state": "LOST"}), "'LOST'"),
        (asked(PAY, input={"state": "PAID"}), "required field 'amount'"),
        (asked(PAY, input={"amount": 1, "tip": 1}), "unknown field 'tip'"),
        (asked(PAY, input={"amount": 1}, more=1), "the variable $more is given"),
    ],
)
def test_a_request_that_is_wrong_is_told_what_is(body: Any, said: str) -> None:
    assert any(said in one for one in SCHEMA.problems(body))


def test_the_schema_judges_the_requests_of_a_plugins_own_tests() -> None:
    """Asked like an OpenAPI document's judge; what is no GraphQL request is not judged."""
    body = json.dumps(asked("{ me { nam } }")).encode()
    assert len(SCHEMA.violations("POST", "https://acme.example/graphql", {}, body)) == 1
    assert SCHEMA.violations("POST", "https://acme.example/graphql", {}, b"a=b") == []
    assert SCHEMA.violations("POST", "https://acme.example/tokens", {}, b"{}") == []
    search = json.dumps({"query": "status:paid"}).encode()
    assert SCHEMA.violations("POST", "https://acme.example/search", {}, search) == []


PAID = {"data": {"pay": {"id": "p_1", "state": "PAID"}}}
WHOLE = {"state": "OPEN", "amount": {"any": 1}, "live": False, "tries": 3}


def each(**changes: Any) -> dict[str, Any]:
    payments = [{**WHOLE, **changes}]
    return {"data": {"things": [{"size": 1}, None], "me": {"payments": payments}}}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (asked(PAY), PAID),
        (asked(PAY), {"data": {"pay": None}}),
        (asked(PAY), {**PAID, "extensions": {"id": 1}, "errors": []}),
        (asked(PAY), {"data": None, "errors": [{"message": "no"}]}),
        (asked(PAY), {"errors": [{"message": "no"}]}),
        (asked(PAY), {"data": {"pay": {"id": None, "state": None}}, "errors": [{"message": ""}]}),
        (
            asked(NODE, id=1),
            {"data": {"node": {"__typename": "Payment", "id": 1, "state": "OPEN", "other": 1}}},
        ),
        (asked(NODE, id=1, more=True), {"data": {"node": {"__typename": "Person", "name": "A"}}}),
        (asked(NODE, id=1, more=False), {"data": {"node": {"__typename": "Person"}}}),
        (asked(FOUND), {"data": {"found": {"id": "1", "name": "A", "payments": []}}}),
        (asked(FOUND), {"data": {"found": {"id": "1", "state": "PAID"}}}),
        (asked(EACH), each()),
        (asked(EACH), {"data": {"things": [{"size": 0.5}], "me": {"payments": None}}}),
    ],
)
def test_an_answer_that_is_right_has_no_problem(body: Any, answer: Any) -> None:
    """Aliases, fragments, directives, interfaces and unions, nulls, partial answers with errors."""
    assert SCHEMA.answered(body, answer) == []


@pytest.mark.parametrize(
    ("body", "answer", "said"),
    [
        (asked(PAY), [], "the answer has neither data nor errors"),
        (asked(PAY), {"pay": {}}, "the answer has neither data nor errors"),
        (asked(PAY), {**PAID, "id": 1}, "id: a GraphQL answer has only"),
        (asked(PAY), {"data": None}, "data: null, and there are no errors"),
        (asked(PAY), {"data": []}, "data: it is no object"),
        (asked(PAY), {"errors": {"message": "no"}}, "errors: it is no list"),
        (asked(PAY), {"errors": [{"code": "no"}]}, "errors[0]: it has no message"),
        (asked(PAY), {"data": {"pay": {"id": "1"}}}, "pay.state: the document selects it"),
        (asked(PAY), {"data": {"pay": {"id": "1", "state": "LOST"}}}, "'LOST' is no value of"),
        (asked(PAY), {"data": {"pay": {"id": True, "state": "PAID"}}}, "True is no ID"),
        (asked(PAY), {"data": {"pay": {"id": None, "state": "PAID"}}}, "pay.id: null, which ID!"),
        (asked(NODE, id=1), {"data": {"node": {"__typename": "Thing"}}}, "'Thing' is no type of"),
        (
            asked(NODE, id=1),
            {"data": {"node": {"__typename": "Person", "name": "A", "state": "PAID"}}},
            "node.state: the document does not select it on Person",
        ),
        (asked(FOUND), {"data": {"found": {"id": "1", "name": 7, "payments": []}}}, "7 is no Str"),
        (asked(EACH), each(live="no"), "me.payments[0].live: 'no' is no Boolean"),
        (asked(EACH), each(tries=1.5), "me.payments[0].tries: 1.5 is no Int"),
        (asked(EACH), {"data": {"things": None, "me": None}}, "things: null, which [Thing]!"),
        (asked(EACH), {"data": {"things": {}, "me": None}}, "things: it is no list"),
    ],
)
def test_an_answer_that_is_wrong_is_told_what_is(body: Any, answer: Any, said: str) -> None:
    """One sentence with the path of what does not fit."""
    (problem,) = SCHEMA.answered(body, answer)
    assert said in problem


def test_enumerations_are_found_by_path() -> None:
    """Of what an answer holds; an answer without data has none, and so has an invalid request."""
    assert SCHEMA.words(asked(EACH), each()) == {
        ("data", "me", "payments", 0, "state"): ["PAID", "OPEN"]
    }
    assert SCHEMA.words(asked(PAY, input={"amount": 1}), {"errors": []}) == {}
    assert SCHEMA.words(asked("{ me { nam } }"), {"data": {"me": {"nam": "PAID"}}}) == {}


def test_a_real_schema_is_read() -> None:
    """Braintree's: a mutation as its documentation shows it, and one with a field misspelt."""
    if not BRAINTREE.is_file():
        pytest.skip("shared/specs/braintree.graphql is not beside the repository")
    schema = schema_of(BRAINTREE.read_text("utf-8"))
    query = """mutation ($input: CaptureTransactionInput!) {
      captureTransaction(input: $input) { transaction { id status amount { value } } }
    }"""
    captured = asked(query, input={"transactionId": "t", "transaction": {"amount": "1.00"}})
    assert schema.problems(captured) == []
    (wrong,) = schema.problems(asked(query.replace("status", "statuss"), input={}))
    assert "Did you mean 'status'?" in wrong
    transaction = {"id": "t", "status": "SETTLING", "amount": {"value": "1.00"}}
    answer = {"data": {"captureTransaction": {"transaction": transaction}}}
    assert schema.answered(captured, answer) == []
    (words,) = schema.words(captured, answer).values()
    assert "SUBMITTED_FOR_SETTLEMENT" in words
