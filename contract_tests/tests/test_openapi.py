"""The judge judged: what a request and an answer may not be, by small documents and by Stripe's."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from prism_contract_tests.amendments import StaleAmendment
from prism_contract_tests.openapi import Amendment, Description

URL = "https://api.acme.example/v2"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json; charset=utf-8", "X-Version": "3"}

MONEY = {
    "type": "object",
    "required": ["value", "currency"],
    "properties": {"value": {"type": "integer"}, "currency": {"enum": ["EUR", "USD"]}},
}
CHARGE: dict[str, Any] = {
    "type": "object",
    "required": ["amount"],
    "properties": {
        "amount": {"$ref": "#/components/schemas/Money"},
        "note": {"type": "string", "nullable": True, "maxLength": 5},
        "live": {"type": "boolean"},
        "rate": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        "tags": {"type": "array", "items": {"type": "string"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "extra": {"type": "object"},
        "way": {
            "anyOf": [
                {"type": "object", "properties": {"card": {"type": "string"}}},
                {"type": "string", "enum": [""]},
            ]
        },
        "who": {
            "allOf": [
                {"type": "object", "properties": {"name": {"type": "string"}}},
                {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer"}}},
            ]
        },
    },
}
ANSWER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def _body(kind: str, schema: Any) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema}}, "required": True, "description": ""}


ACME: dict[str, Any] = {
    "openapi": "3.0.3",
    "servers": [{"url": URL}],
    "paths": {
        "/charges": {
            "post": {
                "requestBody": {"$ref": "#/components/requestBodies/Charge"},
                "parameters": [{"in": "header", "name": "X-Version", "required": True}],
                "responses": {
                    "201": _body("application/json", {"$ref": "#/components/schemas/Answer"}),
                    "4XX": _body("application/json", {"type": "object", "required": ["code"]}),
                },
            }
        },
        "/forms": {"post": {"requestBody": _body(FORM["Content-Type"], CHARGE)}},
        "/charges/{charge-id}": {
            "parameters": [
                {"in": "path", "name": "charge-id", "schema": {"type": "string", "pattern": "^ch_"}}
            ],
            "get": {
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 9}},
                    {"in": "query", "name": "with", "schema": {"type": "array", "items": {}}},
                ],
                "responses": {"200": _body("application/json", ANSWER)},
            },
        },
    },
    "components": {
        "schemas": {"Money": MONEY, "Answer": ANSWER},
        "requestBodies": {"Charge": _body("application/json", CHARGE)},
    },
}
GOOD = {"amount": {"value": 1, "currency": "EUR"}}


@pytest.fixture(scope="module")
def acme() -> Description:
    """The small document."""
    return Description(ACME)


def charged(judge: Description, body: Any, headers: dict[str, str] = JSON) -> list[str]:
    """What is wrong with a JSON request."""
    return judge.violations("POST", f"{URL}/charges", headers, json.dumps(body).encode())


def formed(judge: Description, body: str) -> list[str]:
    """What is wrong with a form."""
    return judge.violations("POST", f"{URL}/forms", FORM, body.encode())


RIGHT = "amount[value]=1&amount%5Bcurrency%5D=EUR"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"note": None, "live": True, "rate": 0.5, "tags": ["a"], "labels": {"any": "thing"}},
        {"extra": {"any": {"thing": 1}}, "way": {"card": "1"}, "who": {"name": "A", "age": 3}},
        {"way": ""},
    ],
)
def test_a_json_request_that_is_right_has_no_violation(
    acme: Description, more: dict[str, Any]
) -> None:
    """References, nullable, alternatives, compositions and open objects are understood."""
    assert charged(acme, {**GOOD, **more}) == []


@pytest.mark.parametrize(
    "more",
    [
        "",
        "&live=true&rate=0.5&tags[0]=a&tags[1]=b&labels[any]=thing&note=12345",
        "&extra[any][thing]=1&way[card]=1&who[name]=A&who[age]=3",
        "&way=",
    ],
)
def test_a_form_that_is_right_has_no_violation(acme: Description, more: str) -> None:
    """Types, arrays and nested objects are read from brackets."""
    assert formed(acme, RIGHT + more) == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"colour": 1}, "body: unknown property 'colour'"),
        ({"amount": {**GOOD["amount"], "cents": 1}}, "body[amount]: unknown property 'cents'"),
        ({"way": {"cash": "1"}}, "body[way]: unknown property 'cash'"),
        ({"who": {"age": 1, "size": 2}}, "body[who]: unknown property 'size'"),
        ({"amount": {"value": 1}}, "'currency' is a required property"),
        ({"amount": {"value": 1, "currency": "GBP"}}, "'GBP' is not one of"),
        ({"amount": {"value": "1", "currency": "EUR"}}, "'1' is not of type 'integer'"),
        ({"who": {"name": "A"}}, "'age' is a required property"),
        ({"note": "123456"}, "too long"),
        ({"rate": 0}, "less than or equal to the minimum"),
        ({"labels": {"any": 1}}, "1 is not of type 'string'"),
    ],
)
def test_a_json_request_that_is_wrong_has_one_violation(
    acme: Description, more: dict[str, Any], named: str
) -> None:
    """A bad property, a missing one, a wrong enumeration, type or length: each is named."""
    (problem,) = charged(acme, {**GOOD, **more})
    assert named in problem


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("&colour=1", "body: unknown property 'colour'"),
        ("&amount[cents]=1", "body[amount]: unknown property 'cents'"),
        ("&live=True", "'True' is not of type 'boolean'"),
        ("&tags[1]=a", "is not of type 'array'"),
        ("&amount[value]=2", "given twice"),
        ("&amount[[x]=2", "unbalanced"),
        ("&amount=2", "both a value and an object|given twice"),
    ],
)
def test_a_form_that_is_wrong_has_one_violation(acme: Description, more: str, named: str) -> None:
    """Brackets, indices, repeated keys and types are judged."""
    (problem,) = formed(acme, RIGHT + more)
    assert any(word in problem for word in named.split("|"))


@pytest.mark.parametrize(
    ("method", "url", "headers", "named"),
    [
        ("GET", f"{URL}/charges/ch_1?limit=3&with=a&with=b", {}, None),
        ("GET", f"{URL}/charges/ch_1?limit=10", {}, "10 is greater than the maximum"),
        ("GET", f"{URL}/charges/ch_1?colour=red", {}, "unexpected"),
        ("GET", f"{URL}/charges/py_1", {}, "path charge-id: 'py_1' does not match"),
        ("GET", f"{URL}/charges", {}, "no such operation"),
        ("PUT", f"{URL}/charges/ch_1", {}, "no such operation"),
        ("POST", f"{URL}/charges", {"Content-Type": "text/plain", "X-Version": "3"}, "text/plain"),
    ],
)
def test_paths_queries_and_headers_are_judged(
    acme: Description, method: str, url: str, headers: dict[str, str], named: str | None
) -> None:
    """An operation that is not there, a query or path of another shape, a wrong content type."""
    found = acme.violations(method, url, headers, b"{}" if method == "POST" else b"")
    assert found == [] if named is None else named in found[0]


def test_a_missing_header_is_named(acme: Description) -> None:
    """A header that the document requires must be sent."""
    (problem,) = charged(acme, GOOD, {"Content-Type": "application/json"})
    assert "the header x-version is missing" in problem


def test_answers_are_found_by_status(acme: Description) -> None:
    """A status, its class, or nothing: what the document says about an answer."""
    url = f"{URL}/charges"
    for status, body, count in [(201, {"id": "a"}, 0), (201, {}, 1), (404, {}, 1)]:
        schema = acme.answer_schema("POST", url, status)
        assert len(list(acme.problems(body, schema, "answer"))) == count
    assert acme.answer_schema("POST", url, 500) is None


def test_an_amendment_adds_what_the_document_leaves_out() -> None:
    """A declared amendment is taken; one that is not needed, or fits nowhere, is refused."""
    currencies = "/components/schemas/Money/properties/currency/enum/-"
    pound = Amendment(path=currencies, value="GBP", reason="", link="")
    before = copy.deepcopy(ACME)
    judge = Description(ACME, [pound])
    assert charged(judge, {"amount": {"value": 1, "currency": "GBP"}}) == []
    assert before == ACME
    copied = Amendment(
        path="/components/schemas/Answer/properties/sum",
        copy="/components/schemas/Money",
        reason="",
        link="",
    )
    schema = Description(ACME, [copied]).answer_schema("POST", f"{URL}/charges", 201)
    assert list(Description(ACME, [copied]).problems({"id": "", "sum": 1}, schema, "x"))
    for path, said in [(currencies, "by now"), ("/components/schemas/None/x", "no place")]:
        stale = Amendment(path=path, value="EUR", reason="", link="")
        with pytest.raises(StaleAmendment, match=said):
            Description(ACME, [stale])


def test_an_amendment_replaces_what_the_document_says_wrongly() -> None:
    """In an object or a list; one that changes nothing, or has nothing to replace, is stale."""
    money = "/components/schemas/Money"

    def amended(path: str, value: Any) -> Description:
        known = Amendment(path=money + path, value=value, replace=True, reason="", link="")
        return Description(ACME, [known])

    assert charged(amended("/required", ["value"]), {"amount": {"value": 1}}) == []
    pound = {"amount": {"value": 1, "currency": "GBP"}}
    assert charged(amended("/properties/currency/enum/0", "GBP"), pound) == []
    for path, value, said in [
        ("/required", ["value", "currency"], "by now"),
        ("/properties/currency/enum/0", "EUR", "by now"),
        ("/properties/rate", {}, "no place"),
        ("/properties/currency/enum/-", "GBP", "no place"),
        ("/properties/currency/enum/9", "GBP", "no place"),
    ]:
        with pytest.raises(StaleAmendment, match=said):
            amended(path, value)


def test_a_property_of_one_direction_is_not_demanded_in_the_other() -> None:
    """`readOnly` is what only answers have, `writeOnly` what only requests have, also behind a
    reference and in the part of a composition."""
    base = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}},
    }
    thing = {
        "type": "object",
        "allOf": [{"$ref": "#/components/schemas/Base"}],
        "required": ["id", "secret", "name"],
        "properties": {"secret": {"type": "string", "writeOnly": True}, "name": {}},
    }
    body = _body("application/json", {"$ref": "#/components/schemas/Thing"})
    judge = Description(
        {
            "paths": {"/things": {"post": {"requestBody": body, "responses": {"200": body}}}},
            "components": {
                "schemas": {
                    "Base": base,
                    "Thing": thing,
                    "Id": {"type": "string", "readOnly": True},
                }
            },
        }
    )

    def asked(value: Any) -> list[str]:
        return judge.violations("POST", "/things", JSON, json.dumps(value).encode())

    schema = judge.answer_schema("POST", "/things", 200)
    assert asked({"secret": "s", "name": "n"}) == []
    assert [one.partition("body: ")[2] for one in asked({})] == [
        "'secret' is a required property",
        "'name' is a required property",
    ]
    assert list(judge.problems({"id": "t_1", "name": "n"}, schema, "answer")) == []
    assert sorted({*judge.problems({}, schema, "answer")}) == [
        "answer: 'id' is a required property",
        "answer: 'name' is a required property",
    ]
