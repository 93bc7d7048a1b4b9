"""Checks of connectors for GraphQL APIs: documents, selections, and errors inside a 200."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.outcomes import UNKNOWN, evidence
from prism_contract_tests.damage import UNHEARD, json_of
from prism_contract_tests.exchange import Exchange, Step, looks_like_graphql
from prism_contract_tests.replay import Desk, Ended, answers_of, replay
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.variations import basis
from prism_core import HttpResponse

if TYPE_CHECKING:
    from prism_contract_tests.graphql_schema import Schema


def _schema(target: Target) -> Schema:
    from prism_contract_tests.graphql_schema import schema_of  # slow, and most runs need it not

    return schema_of(target.schema)


def _asks(exchange: Exchange) -> bool:
    return any(looks_like_graphql(step.request.json) for step in exchange.steps)


def _asking(target: Target) -> list[str]:
    """The operations that ask by GraphQL, if there is a schema; at least one must be there."""
    found = [one for one in target.operations if any(map(_asks, target.of(one)))]
    return [] if target.graphql is None else found or ["connector"]


def _written(target: Target, operation: str) -> list[Exchange]:
    """Its exchanges, without those made of error answers, which repeat the success."""
    return [one for one in target.of(operation) if one.error_answer is None and _asks(one)]


@check(
    "graphql-requests",
    since="2026.11",
    cases=_asking,
    why="A misspelt field or argument fails for every customer, and no exchange that was written "
    "by hand shows it.",
    how="Correct the document or the variables by the schema. A schema that lags behind the "
    "processor's pages can be completed with `extend type` in the file.",
)
def graphql_requests(target: Target, case: str) -> int:
    """Every GraphQL request of an exchange is valid by the processor's schema: its document, and
    its variables."""
    if case == "connector":
        raise Failed("no exchange has a GraphQL request, and --graphql was given")
    judge, wrong, sent = _schema(target), dict[str, None](), 0
    for exchange in _written(target, case):
        for request in replay(target, exchange).tape.seen:
            sent += 1
            found = judge.violations(request.method, request.url, request.headers, request.body)
            wrong |= dict.fromkeys(found)
    if wrong:
        raise Failed("; ".join(wrong))
    return sent


def _answering(target: Target) -> list[str]:
    return [one for one in _asking(target) if any(map(_asks, _described(target, one)))]


@check(
    "graphql-responses",
    since="2026.11",
    cases=_answering,
    why="The processor answers what the document selects, and nothing else. A connector that reads "
    "another field finds it in an answer written by hand, and never in production.",
    how="Select in the document what the connector reads, and correct the exchange's answer.",
)
def graphql_responses(target: Target, case: str) -> int:
    """Every GraphQL answer of an exchange has what the request's document selects and nothing else,
    each value of the type in the processor's schema."""
    judge, wrong, judged = _schema(target), dict[str, str](), 0
    for exchange in _described(target, case):
        for step in exchange.steps:
            if _is_judged(judge, step):
                judged += 1
                for problem in judge.answered(step.request.json, step.response.json):
                    wrong.setdefault(problem, exchange.name)
    if wrong:
        raise Failed("; ".join(f"{problem} ({name})" for problem, name in wrong.items()))
    return judged


def _is_judged(judge: Schema, step: Step) -> bool:
    """Whether an answer is one to a valid document: another check tells of one that is not."""
    asked, answered = step.request.json, step.response.status < 300
    return answered and looks_like_graphql(asked) and not judge.problems(asked)


def _described(target: Target, operation: str) -> list[Exchange]:
    """Its exchanges whose answers the schema can describe: not with a status that nobody knows."""
    return [one for one in target.of(operation) if (one.result or {}).get("status") not in UNKNOWN]


def _succeeding(target: Target) -> list[str]:
    """The operations that ask by GraphQL."""
    return [one for one in target.operations if any(map(_asks, target.of(one, "success")))]


@check(
    "graphql-errors",
    since="2026.11",
    cases=_succeeding,
    why="GraphQL answers errors with status 200. One that is not seen is a payment that is not "
    "there; one that proves nothing and counts as a refusal is paid twice.",
    how="Return `account.error_of(response)` in parse_error, and name in `error_kinds` the classes "
    "after which the processor has done nothing.",
)
def graphql_errors(target: Target, case: str) -> int:
    """An answer with errors is no success. If their class is unknown, or they are about a field
    inside a mutation's result, it is no refusal either: a change's outcome is unknown."""
    exchange, tried = basis(target, case), 0
    with Desk(target, exchange.account) as desk:
        good = desk.call(case, exchange.build(), answers_of(exchange))
        for index, step in enumerate(exchange.steps):
            for derived in _with_errors(target, step):
                answers: list[Answer] = answers_of(exchange)
                answers[index] = derived.answer
                _judge(desk.call(case, exchange.build(), answers), good, derived)
                tried += 1
    return tried


class _Derived(NamedTuple):
    """An answer with errors, in a few words; `whole` if the data is there, too."""

    label: str
    answer: HttpResponse
    whole: bool


def _with_errors(target: Target, step: Step) -> Iterator[_Derived]:
    good = step.response.answer()
    if not looks_like_graphql(step.request.json) or not isinstance(json_of(good), dict):
        return
    root = _root(step.request.json)
    unheard = dict.fromkeys(("code", *_classes(target)), UNHEARD)
    error = {"message": "kit", "path": [root], "extensions": unheard}
    nothing = {"data": {root: None}, "errors": [error]}
    yield _Derived("an error of an unknown class", _answer(good, nothing), False)
    bare = {"errors": [{"message": "kit"}]}
    yield _Derived("an error without a class", _answer(good, bare), False)
    for known in _known_errors(target):
        inside = [{**one, "path": [root, "kit"]} for one in known]
        both = {**json_of(good), "errors": inside}
        yield _Derived("a known error about a field inside", _answer(good, both), True)


def _root(request: Any) -> str:
    from graphql import GraphQLError

    from prism_contract_tests.graphql_request import read_request

    try:
        return read_request(request).root
    except GraphQLError as wrong:
        raise Failed(f"the document cannot be read: {wrong.message}") from None


def _answer(good: HttpResponse, body: Any) -> HttpResponse:
    return HttpResponse(200, good.headers, msgspec.json.encode(body))


def _known_errors(target: Target) -> list[list[dict[str, Any]]]:
    """The errors that the connector's own exchanges show, each list once."""
    found: list[list[dict[str, Any]]] = []
    for exchange in target.exchanges:
        for step in exchange.steps if _asks(exchange) else ():
            body = step.response.json
            errors = body.get("errors") if isinstance(body, dict) else None
            if isinstance(errors, list) and errors not in found:
                found.append(errors)
    return found


def _classes(target: Target) -> set[str]:
    """The members of `extensions` that these errors have."""
    return {
        name
        for errors in _known_errors(target)
        for error in errors
        for name, value in (error.get("extensions") or {}).items()
        if isinstance(value, str)
    }


def _judge(ended: Ended, good: Ended, derived: _Derived) -> None:
    same = derived.whole and ended.error is None and ended.status == good.status
    changed = any(request.changes for request in ended.tape.seen)
    if same:
        return
    if ended.error is None:
        said = evidence(derived.answer, ended, "an error")
        raise Failed(f"{derived.label} ends in a result that says {ended.status}", said)
    if changed and ended.error.outcome != "unknown":
        said = evidence(derived.answer, ended, "outcome unknown")
        raise Failed(f"after {derived.label}, the call says that nothing was done", said)
