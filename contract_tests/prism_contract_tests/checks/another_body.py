"""Checks of 2xx answers that are no success: another document, or an error that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from prism_contract_tests import damage
from prism_contract_tests.check import Failed, changes_something, check, each_asking, each_sending
from prism_contract_tests.checks.outcomes import FAILED, WAITING, evidence, has_status
from prism_contract_tests.damage import Damaged, Path, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import ConnectorError, HttpResponse, Payment, Refund
from prism_core.connector.operations import result_type

_CODE = re.compile(r"[\w.:-]{1,80}")
"""A code or the name of a class: no sentence."""
_INTERNAL = (
    *("INTERNAL", "INTERNAL_ERROR", "INTERNAL_SERVER_ERROR", "internal_error"),
    *("SERVICE_UNAVAILABLE", "SERVICE_AVAILABILITY", "UNKNOWN"),
)
"""The names of errors after which nobody knows what was done, as APIs have them: among others
https://www.apollographql.com/docs/apollo-server/data/errors and
https://graphql.braintreepayments.com/guides/making_api_calls."""


def _compared(target: Target) -> list[str]:
    """The operations that ask the processor, if it has another document to answer with."""
    return [name for name in each_sending(target) if any(_others(target, name))]


def _answered(target: Target) -> list[str]:
    """Those of them with a success that has an answer."""
    found = {name: target.success(name) for name in _compared(target)}
    return [name for name, one in found.items() if one is not None and one.steps]


@check(
    "another-body",
    since="2026.11",
    cases=_answered,
    where=_compared,
    why="A proxy, a cache or a mistake of the processor can answer 200 with a document that says "
    "something else. A connector that looks at the status alone ships the goods.",
    how="Decode answers into Structs whose fields that decide are required, and let parse_error "
    "return None for a 2xx unless the processor has errors inside of one.",
)
def another_body(target: Target, case: str) -> int:
    """An error document of the processor with the status of a success, in place of any answer, and
    its answer about a customer or a token in place of that about a payment, never give a success, a
    failure or "rejected"."""
    exchange, tried = target.success(case), 0
    assert exchange is not None
    inside = any(_is_inside(one) for one in target.exchanges)
    with Desk(target, exchange.account) as desk:
        for other in _others(target, case):
            if exchange.no_status and not other.anywhere:
                continue  # a success that has only an id is told from it by nothing
            for index in range(len(exchange.steps)) if other.anywhere else [-1]:
                answers = answers_of(exchange)
                good = exchange.steps[index].response.answer()
                answers[index] = answer = HttpResponse(good.status_code, good.headers, other.body)
                ended = desk.call(case, exchange.build(), answers)
                problem = _wrong(ended, case, declines=other.declines, inside=inside)
                if problem is not None:
                    said = f"HTTP {good.status_code} with {other.label}: {problem}"
                    raise Failed(said, evidence(answer, ended, "MalformedResponse (unknown)"))
                tried += 1
    return tried


def _wrong(ended: Ended, operation: str, *, declines: bool, inside: bool) -> str | None:
    error, true = ended.error, ended.lost(operation)
    if error is not None:
        told = inside and isinstance(error, ConnectorError)  # the processor's usual errors
        return None if told or error.outcome == true else f"the outcome is {error.outcome}"
    if ended.status in WAITING or (declines and ended.status in FAILED):
        return None
    return f"the call ends with a result{'' if ended.status is None else f': {ended.status}'}"


class _Document(NamedTuple):
    """A document of the processor that is no answer to an operation."""

    label: str
    body: bytes
    declines: bool = False
    anywhere: bool = True
    """Whether it is none to any of the operation's requests."""


def _others(target: Target, operation: str) -> Iterator[_Document]:
    """The error answers of the processor, one of each shape and meaning; and for a payment or
    refund its answers about customers and tokens."""
    shown: set[object] = set()
    for one in target.exchanges:
        body = one.steps[-1].response.body() if one.steps else b""
        document = json_of(HttpResponse(200, body=body))
        if one.error_answer is None or not isinstance(document, dict) or _is_inside(one):
            continue
        if one.kind == "decline" and not has_status(operation):
            continue
        meaning = None if one.error is None else (one.error.type, one.error.outcome)
        shape = frozenset(path for path, _ in leaves(document)), meaning
        if shape not in shown:
            shown.add(shape)
            declines = one.kind == "decline"  # which a lookup may find: it has a payment
            label = f"the error answer {one.error_answer}"
            yield _Document(label, body, declines, anywhere=not declines)
    if result_type(operation) not in (Payment, Refund):
        return
    for name in each_asking(target):
        other = None if has_status(name) else target.success(name)
        body = other.steps[-1].response.body() if other is not None and other.steps else b""
        if isinstance(json_of(HttpResponse(200, body=body)), (dict, list)):
            yield _Document(f"the answer to {name}", body, anywhere=False)


def _is_inside(exchange: Exchange) -> bool:
    """Whether an exchange has an error inside a 2xx."""
    last = exchange.steps[-1].response.status if exchange.steps else 0
    return exchange.error is not None and 200 <= last < 300


def _inside(target: Target) -> list[Exchange]:
    """The errors inside a 2xx to changes that say that nothing was done."""
    return [
        one
        for one in target.representative
        if _is_inside(one)
        and one.error is not None
        and one.error.outcome == "rejected"
        and changes_something(one.operation)
    ]


def _refusals(target: Target) -> list[str]:
    return [one.name for one in _inside(target)]


@check(
    "error-class-unknown",
    since="2026.11",
    cases=_refusals,
    why="If every error inside a 200 counts as refused, an internal error does, too: the payment "
    "may have been made, and the shop asks for the money again.",
    how="Map the classes and codes that the documentation names to an ErrorKind, all others to "
    "OTHER and internal errors to UNAVAILABLE: their outcome is unknown.",
)
def error_class_unknown(target: Target, case: str) -> int:
    """An error inside a 2xx proves that nothing was done by a word that the connector knows: with
    an unknown one, or the name of an internal error, the outcome of a change is unknown."""
    exchange, tried, deciding = target.exchange(case), 0, []
    answer = exchange.steps[-1].response.answer()
    with Desk(target, exchange.account) as desk:
        if not _end(desk, exchange, answer).tape.seen[-1].changes:
            return 1
        varying = _varying(target)
        for path, value in _codes(answer):
            word: Any = damage.UNHEARD if isinstance(value, str) else damage.UNHEARD_NUMBER
            tried += 1
            damaged = edited(answer, path, word, repr(word))
            ended = _end(desk, exchange, damaged.answer)
            marks = path not in varying and not isinstance(ended.error, ConnectorError)
            if _is_unknown(ended, damaged) and not marks:
                deciding.append(path)
        if not deciding:
            raise Failed(
                "no word of the error decides that nothing was done: with any other, too",
                evidence(answer, _end(desk, exchange, answer), "unknown for an unknown class"),
            )
        for path in deciding:
            for word in _INTERNAL:
                tried += 1
                damaged = edited(answer, path, word, repr(word))
                ended = _end(desk, exchange, damaged.answer)
                if not _is_unknown(ended, damaged):
                    said = f"{damaged.label}, and the call says that nothing was done"
                    raise Failed(said, evidence(damaged.answer, ended, "unknown"))
    return tried


def _end(desk: Desk, exchange: Exchange, answer: HttpResponse) -> Ended:
    answers: list[Answer] = [*answers_of(exchange)[:-1], answer]
    return desk.call(exchange.operation, exchange.build(), answers)


def _is_unknown(ended: Ended, damaged: Damaged) -> bool:
    """Whether the outcome is unknown; a success or a failure is red in any case."""
    if ended.error is None and ended.status not in WAITING:
        said = f"{damaged.label}, and the call ends with a result: {ended.status}"
        raise Failed(said, evidence(damaged.answer, ended, "unknown"))
    return ended.error is None or ended.error.outcome == "unknown"


def _codes(answer: HttpResponse) -> Iterator[tuple[Path, Any]]:
    """The words and numbers of an error that can be its class."""
    for path, value in leaves(json_of(answer)):
        is_code = isinstance(value, str) and _CODE.fullmatch(value) is not None
        if is_code or (isinstance(value, int) and not isinstance(value, bool)):
            yield path, value


def _varying(target: Target) -> set[Path]:
    """The places in which these errors differ. A word that is the same in all may only mark an
    error: without it, the answer is none, and that it is then unknown proves nothing."""
    bodies = [json_of(one.steps[-1].response.answer()) for one in _inside(target)]
    values: dict[Path, set[object]] = {}
    for body in bodies:
        for path, value in leaves(body):
            values.setdefault(path, set()).add(value)
    alone = all(body == bodies[0] for body in bodies)
    return {path for path, found in values.items() if alone or len(found) > 1}
