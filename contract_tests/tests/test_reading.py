"""Exchange files as they are read: names resolved, defaults filled in, error answers tried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prism_contract_tests.exchange import Exchange, ExpectedDecline
from prism_contract_tests.naming import patched
from prism_contract_tests.reading import BadExchange, load

PAGE = "https://acme.example/docs"
LOOKUP = {"method": "GET", "path": "/payments/pay_1"}
TAKE = {"method": "POST", "path": "/payments/pay_1/take"}
HELD = {"id": "pay_1", "state": "held", "amount": {"value": 1000, "currency": "USD"}}
REFUSED = {"status": 401, "json": {"code": "key_invalid"}}
ERROR = {"type": "AuthenticationError", "outcome": "rejected", "code": "key_invalid"}
GRANT = {"request": {"method": "POST", "path": "/token"}, "response": {"status": 200}}


def step(request: dict[str, Any], **response: Any) -> dict[str, Any]:
    return {"request": request, "response": response or {"status": 200, "json": HELD}}


def exchange(operation: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    ids = {"connector_transaction_id": "pay_1"}
    fixed = {"operation": operation, "kind": "success", "documentation": PAGE, "request": ids}
    return {**fixed, "steps": [*steps], **({} if "error" in more else {"result": {}}), **more}


def answer(**more: Any) -> dict[str, Any]:
    return {"documentation": PAGE, "answer": REFUSED, "error": ERROR, **more}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Reads files, given by name and content; gives the exchanges by name."""

    def read(files: dict[str, Any]) -> dict[str, Exchange]:
        for name, content in files.items():
            path = tmp_path / "exchanges" / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content))
        return {one.name: one for one in load(tmp_path)}

    return read


SUCCESS = {"get_payment/success": exchange("get_payment", step(LOOKUP))}
TAKEN = {"capture/success": exchange("capture", step(LOOKUP), step(TAKE))}


def test_an_answer_is_another_with_changes(read: Any) -> None:
    """`like` names an exchange's last answer, and `changes` is merged into its body; the status
    and the headers are the other's unless they are given."""
    changes = {"state": "taken", "amount": {"currency": None, "tip": 5}}
    held = step(LOOKUP, like="get_payment/success")
    taken = step(LOOKUP, like="get_payment/success", changes=changes, status=201)
    found = read({**SUCCESS, "get_payment/taken": exchange("get_payment", held, taken)})
    first, second = (one.response for one in found["get_payment/taken"].steps)
    assert (first.status, first.json) == (200, HELD)
    amount = {"value": 1000, "tip": 5}
    assert (second.status, second.json) == (
        201,
        {"id": "pay_1", "state": "taken", "amount": amount},
    )
    assert HELD["amount"] == {"value": 1000, "currency": "USD"}


def test_a_step_is_another_or_only_its_request(read: Any) -> None:
    """A step that names another's stands for all of it; what it gives itself is its own."""
    steps = [{"like": "capture/success#0"}, {"like": "capture/success", "response": REFUSED}]
    found = read({**TAKEN, "void/success": exchange("void", *steps)})["void/success"]
    assert [one.request.path for one in found.steps] == [LOOKUP["path"], TAKE["path"]]
    assert [one.response.status for one in found.steps] == [200, 401]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (step(LOOKUP, like="void/success"), "there is no void/success.json with steps"),
        (step(LOOKUP, like=["a"]), "Expected `str`, got `array` - at `$.like`"),
        (step(LOOKUP, like="get_payment/success#1"), "has 1 steps, from #0 on"),
        (step(LOOKUP, like="get_payment/success#x"), "has 1 steps, from #0 on"),
        (step(LOOKUP, like="get_payment/named"), "names another's answer itself"),
        ({"like": "get_payment/named"}, "names another's answer itself"),
        ({"like": "get_payment/whole"}, "names another's step itself"),
        (step(LOOKUP, like="get_payment/empty", changes={"a": 1}), "has no JSON body to change"),
        (step(LOOKUP, like="get_payment/success", text="x"), "unknown field `text`"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(read: Any, one: dict[str, Any], said: str) -> None:
    """The message has the file and what is wrong with the name; a named answer must be written
    out where it is, so that a reader looks in one other file at most."""
    files = {
        **SUCCESS,
        "get_payment/named": exchange("get_payment", step(LOOKUP, like="get_payment/success")),
        "get_payment/whole": exchange("get_payment", {"like": "get_payment/success"}),
        "get_payment/empty": exchange("get_payment", step(LOOKUP, status=204)),
    }
    with pytest.raises(BadExchange) as caught:
        read({**files, "get_payment/wrong": exchange("get_payment", one)})
    assert str(caught.value).startswith("get_payment/wrong.json is no exchange: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("value", "changes", "after"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_changes_are_a_json_merge_patch(value: Any, changes: Any, after: Any) -> None:
    """The cases are of the kinds in https://www.rfc-editor.org/rfc/rfc7396#appendix-A."""
    assert patched(value, changes) == after


def test_defaults_stand_where_an_exchange_says_nothing_else(read: Any) -> None:
    """An account is filled up field by field; grants are taken whole, or none where it says so."""
    defaults = {"account": {"key": "k", "shop": "s"}, "grants": [GRANT]}
    own = exchange("get_payment", step(LOOKUP), account={"shop": "other"}, grants=[])
    found = read({**SUCCESS, "get_payment/own": own, "defaults": defaults})
    usual, other = found["get_payment/success"], found["get_payment/own"]
    assert (usual.account, len(usual.grants)) == ({"key": "k", "shop": "s"}, 1)
    assert (other.account, other.grants) == ({"key": "k", "shop": "other"}, [])


def tried(found: dict[str, Exchange]) -> dict[str, list[int]]:
    """What was made of error answers, and the statuses of their steps."""
    made = [one for one in found.values() if one.error_answer]
    return {one.name: [step.response.status for step in one.steps] for one in made}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"get_payment/errors:no": [401], "capture/errors:no": [200, 401]}),
        ({"operations": ["capture", "void"]}, {"capture/errors:no": [200, 401]}),
        (
            {"operations": ["capture"], "at": "each"},
            {"capture/errors:no#0": [401], "capture/errors:no#1": [200, 401]},
        ),
        ({"operations": ["capture"], "at": "first"}, {"capture/errors:no": [401]}),
    ],
)
def test_an_error_answer_is_tried_where_it_can_be_given(
    read: Any, more: dict[str, Any], expected: dict[str, list[int]]
) -> None:
    """On every operation with a success that sends something, or on those named; last, or at the
    place that it names, after the answers of the success up to there."""
    unsent = {"handle_event/success": exchange("handle_event")}
    found = read({**SUCCESS, **TAKEN, **unsent, "errors": {"$schema": "s", "no": answer(**more)}})
    assert tried(found) == expected
    one = found[next(iter(expected))]
    assert one.error is not None
    assert (one.kind, one.error.code) == ("authentication_error", "key_invalid")
    assert (one.documentation, one.result) == (PAGE, None)


def test_the_base_is_success_json_or_the_first_success(read: Any) -> None:
    """Other successes of an operation are not tried."""
    others = {
        "get_payment/a": exchange("get_payment", step(TAKE)),
        "void/z": exchange("void", step(TAKE)),
    }
    found = read({**others, **SUCCESS, "errors": {"no": answer()}})
    paths = {name: found[name].steps[0].request.path for name in tried(found)}
    assert paths == {"get_payment/errors:no": LOOKUP["path"], "void/errors:no": TAKE["path"]}


def test_after_a_401_there_is_another_token_and_another_request(read: Any) -> None:
    """As the core does it; an answer to the request for a token ends the call before the others."""
    errors = {"no": answer(), "token": answer(at="token")}
    found = read({**SUCCESS, "defaults": {"grants": [GRANT]}, "errors": errors})
    again, token = found["get_payment/errors:no"], found["get_payment/errors:token"]
    assert (len(again.grants), [one.response.status for one in again.steps]) == (2, [401, 401])
    assert ([one.response.status for one in token.grants], token.steps) == ([401], [])


@pytest.mark.parametrize(
    ("type_", "outcome", "kind"),
    [
        ("AuthenticationError", "rejected", "authentication_error"),
        ("NotFound", "rejected", "validation_error"),
        ("ConnectorError", "rejected", "validation_error"),
        ("RateLimited", "rejected", "other"),
        ("Conflict", "unknown", "other"),
    ],
)
def test_the_kind_follows_from_the_error(read: Any, type_: str, outcome: str, kind: str) -> None:
    """Nobody has to say it twice; whoever says it has the last word."""
    error = {"type": type_, "outcome": outcome}
    found = read({**SUCCESS, "errors": {"no": answer(error=error)}})
    assert found["get_payment/errors:no"].kind == kind
    given = read({**SUCCESS, "errors": {"no": answer(error=error, kind="pending")}})
    assert given["get_payment/errors:no"].kind == "pending"


def test_a_decline_is_neither_error_nor_result(read: Any) -> None:
    """An answer may be a decline, and may be like another's."""
    decline = {"unified": "EXPIRED_CARD", "code": "33"}
    one = {"documentation": PAGE, "answer": {"like": "get_payment/success"}, "decline": decline}
    found = read({**SUCCESS, "errors": {"no": one}})["get_payment/errors:no"]
    assert (found.kind, found.error, found.result) == ("decline", None, None)
    assert found.decline == ExpectedDecline(unified="EXPIRED_CARD", code="33")
    assert found.steps[0].response.json == HELD


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"errors": []}, "errors.json is no object of error answers"),
        ({"errors": {"no": 7}}, "errors.json: no is no error answer: Expected `object`"),
        ({"errors": {"no": answer(answer={"like": "a/b"})}}, "there is no a/b.json"),
        ({"errors": {"no": answer(decline={"unified": "A", "code": "b"})}}, "and not both"),
        ({"errors": {"no": answer(operations=["take"])}}, "no names take, which is no operation"),
        ({"errors": {"no": answer(at="token")}}, "get_payment asks for no token"),
        (
            {"defaults": {"accounts": {}}},
            "defaults.json holds no defaults: Object contains unknown",
        ),
        ({"defaults": {"grants": [{"like": "a/b"}]}}, "there is no a/b.json"),
    ],
)
def test_a_file_of_the_folder_that_is_wrong_is_named(
    read: Any, files: dict[str, Any], said: str
) -> None:
    """The message begins with the file."""
    with pytest.raises(BadExchange) as caught:
        read({**SUCCESS, **files})
    assert str(caught.value).startswith(next(iter(files)) + ".json")
    assert said in str(caught.value)
