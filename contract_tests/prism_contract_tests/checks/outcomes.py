"""Checks of outcomes: declines are results, unknown statuses are not final."""

from __future__ import annotations

import re
from typing import Any

from prism_contract_tests.check import Failed, changes_something, check, only
from prism_contract_tests.checks.exchanges import shown
from prism_contract_tests.damage import Damaged, Path, dotted, edited, json_of, leaves, unheard
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of, replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.unread import damaged_calls
from prism_core import (
    HttpResponse,
    Mandate,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    RefundStatus,
)
from prism_core.connector.operations import result_type
from prism_core.schema.base import Result
from prism_core.schema.money import EXPONENTS

_S, _R, _M = PaymentStatus, RefundStatus, MandateStatus
UNKNOWN = frozenset({_S.UNRESOLVED.value, _R.REFUND_MANUAL_REVIEW.value, _M.MANDATE_PENDING.value})
"""The statuses for a status that the connector does not know."""
FAILED = frozenset(
    status.value
    for status in (
        *(_S.AUTHORIZATION_FAILED, _S.AUTHENTICATION_FAILED, _S.CAPTURE_FAILED),
        *(_S.FAILURE, _S.ROUTER_DECLINED, _S.EXPIRED, _S.VOID_FAILED),
        *(_R.REFUND_FAILURE, _R.REFUND_TRANSACTION_FAILURE),
        *(_M.MANDATE_INACTIVE, _M.MANDATE_REVOKE_FAILED),
    )
)
"""The statuses of a payment that failed."""
WAITING = frozenset(
    status.value
    for status in (
        *(_S.STARTED, _S.PENDING, _S.UNRESOLVED, _S.AUTHORIZING, _S.AUTHENTICATION_PENDING),
        *(_S.PAYMENT_METHOD_AWAITED, _S.CONFIRMATION_AWAITED, _S.DEVICE_DATA_COLLECTION_PENDING),
        *(_S.CAPTURE_INITIATED, _S.VOID_INITIATED, _S.COD_INITIATED),
        *(_R.REFUND_PENDING, _R.REFUND_MANUAL_REVIEW, _M.MANDATE_PENDING),
    )
)
"""The statuses that decide nothing yet: a caller looks again before acting on them."""
_MONIES = (
    *("amount", "authorized_amount", "capturable_amount"),
    *("captured_amount", "refunded_amount"),
)


def has_status(operation: str) -> bool:
    """Whether an operation returns a payment, which can be declined."""
    return "error" in result_type(operation).__struct_fields__


def monies(result: Result | None) -> list[Money | None]:
    """The amounts that a result reports."""
    return [getattr(result, name, None) for name in _MONIES]


def found_nothing(ended: Ended) -> bool:
    """Whether a call ended because what it looks for is not in a list."""
    return isinstance(ended.error, NotFound) and not any(one.changes for one in ended.tape.seen)


def evidence(answer: HttpResponse, ended: Ended, expected: str) -> Evidence:
    """What was answered, expected and got. The body is an exchange's, so it holds no secret."""
    body = answer.body[:2000].decode("utf-8", "replace")
    return Evidence(
        response=f"HTTP {answer.status_code}\n{body}", expected=expected, got=ended.said()
    )


def _declines(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.kind == "decline"]


@check(
    "declines-are-results",
    since="2026.11",
    cases=_declines,
    why="A shop tells the customer the reason. It cannot do so if a decline is an exception like "
    "an outage.",
    how="Return the kind DECLINED for a decline in parse_error, with the details: "
    "`unified_error(...)` and ConnectorDetails(code=...). If the flow catches Declined, return a "
    "Payment with a failed status and `error`.",
)
def declines_are_results(target: Target, case: str) -> int:
    """A decline ends in a result with a failed status, a unified code and the processor's code."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    wanted = Evidence(expected=f"one of {', '.join(sorted(FAILED))}", got=ended.said())
    if ended.error is not None:
        raise Failed(f"a decline raised {type(ended.error).__name__}", wanted)
    if ended.status not in FAILED:
        raise Failed(f"a decline has the status {ended.status}", wanted)
    details = ended.result.error
    if details is None or details.unified is None:
        raise Failed("a decline has no unified error", wanted)
    if details.connector is None or not details.connector.code:
        raise Failed("a decline lacks the processor's own code", wanted)
    return 1


def _says_something(exchange: Exchange) -> bool:
    """Whether the last answer has a body: a 204 has none. A lookup before it decides nothing."""
    return any(step.response.body() not in (b"", b"null") for step in exchange.steps[-1:])


def _successes(target: Target) -> list[str]:
    return [
        one.name
        for one in target.exchanges
        if one.kind == "success" and has_status(one.operation) and _says_something(one)
    ]


def _telling(target: Target) -> list[str]:
    """The operations whose answers always have a status; others may only acknowledge."""
    known = ("authorize", "get_payment", "get_refund", "get_mandate")
    return [name for name in target.operations if name in known]


@check(
    "unknown-status",
    since="2026.11",
    cases=_successes,
    where=_telling,
    wants="add a success whose answer has a body",
    why="Processors add statuses without notice. Read as a success, a new one ships goods without "
    "payment; read as a failure, it charges twice.",
    how="Look the status up in a table, with PaymentStatus.UNRESOLVED for all others. If by "
    "the documentation the answer to a change has no status (an acknowledgement with an id), say "
    'so in the exchange: `"no_status": "why"`. Where a word decides, that is red.',
)
def unknown_status(target: Target, case: str) -> int:
    """An unknown status (a text or a number) becomes UNRESOLVED (for a refund REFUND_MANUAL_REVIEW,
    for a mandate MANDATE_PENDING) or a MalformedResponse, never another status; some word decides,
    unless the exchange declares that the answers have no status."""
    exchange = target.exchange(case)
    tried, deciding = 0, set()
    with Desk(target, exchange.account, keeps_token=True) as desk:
        good = desk.call(exchange.operation, exchange.build(), answers_of(exchange))
        for step, damaged, ended in damaged_calls(target, desk, exchange, good, unheard):
            tried += 1
            _not_taken(exchange.operation, good, damaged, ended)
            if (step, damaged.path) in deciding and ended.status == good.status:
                raise Failed(
                    f"with {damaged.label}, it stays {good.status}: another word is taken for it",
                    evidence(damaged.answer, ended, "UNRESOLVED, or MalformedResponse"),
                )
            if _reads_status(exchange, good, damaged, ended):
                deciding.add((step, damaged.path))
    if exchange.no_status is not None:
        _must_have_none(exchange, [path for _, path in deciding])
    elif not deciding and not _decided_by_boolean(target, exchange, good):
        raise Failed(
            "no word of the answer decides the status: replaced by an unknown one, each leaves "
            f"it at {good.status}; if the documentation has none here, say no_status",
            Evidence(response=shown(exchange.steps[-1].response), got=good.said()),
        )
    return tried


def _decided_by_boolean(target: Target, exchange: Exchange, good: Ended) -> bool:
    """Whether a boolean of the answers decides the status: it has no unknown value."""
    answers = answers_of(exchange)
    with Desk(target, exchange.account) as desk:
        for index, step in enumerate(exchange.steps):
            answer = step.response.answer()
            for path, value in leaves(json_of(answer)):
                if isinstance(value, bool):
                    other = edited(answer, path, not value, str(not value)).answer
                    given = [*answers[:index], other, *answers[index + 1 :]]
                    ended = desk.call(exchange.operation, exchange.build(), given)
                    if ended.error is None and ended.status != good.status:
                        return True
    return False


def _must_have_none(exchange: Exchange, deciding: list[Path]) -> None:
    """Raises `Failed` for a declaration that the answers have no status if it is not true."""
    if not (exchange.no_status or "").strip():
        raise Failed("no_status gives no reason")
    is_mandate = result_type(exchange.operation) is Mandate  # one that is found may be active
    if not (is_mandate or changes_something(exchange.operation)):
        raise Failed(f"{exchange.operation} asks for the status, and no_status says there is none")
    if deciding:
        raise Failed(f"no_status is given, and {dotted(deciding[0])} decides the status")


def _not_taken(operation: str, good: Ended, damaged: Damaged, ended: Ended) -> None:
    if found_nothing(ended) and any(isinstance(part, int) for part in damaged.path):
        return
    true = ended.lost(operation)
    wanted = f"UNRESOLVED, or MalformedResponse with outcome {true}"
    if ended.error is not None and ended.error.outcome != true:
        raise Failed(
            f"with {damaged.label}, the call says that nothing was done",
            evidence(damaged.answer, ended, wanted),
        )
    by_amount = isinstance(damaged.value, int) and monies(ended.result) != monies(good.result)
    if ended.error is None and ended.status not in (good.status, *UNKNOWN) and not by_amount:
        raise Failed(
            f"with {damaged.label}, {good.status} becomes {ended.status}",
            evidence(damaged.answer, ended, wanted),
        )


_DATE = re.compile(r"\d{4}-\d\d.*")


def _reads_status(exchange: Exchange, good: Ended, damaged: Damaged, ended: Ended) -> bool:
    """Whether this value is a status: not a currency, a date or an id of the request, which are
    refused for other reasons."""
    if ended.error is None:
        return ended.status in UNKNOWN and good.status not in UNKNOWN
    found = [
        value
        for step in exchange.steps
        for path, value in leaves(json_of(step.response.answer()))
        if path == damaged.path
    ]
    words = [one for one in found if isinstance(one, str)]
    asked = [*exchange.request.values()]
    return not any(
        _DATE.fullmatch(word) or word.upper() in EXPONENTS or word in asked for word in words
    )


def _unfinished(target: Target) -> list[str]:
    kinds = ("pending", "authentication_required")
    return [one.name for one in target.exchanges if one.shows in kinds]


@check(
    "pending-not-final",
    since="2026.11",
    cases=_unfinished,
    why="A pending payment can still fail, and a customer who must authenticate needs a page for "
    "it.",
    how="Map such statuses to PENDING or AUTHENTICATION_PENDING; fill redirection_data from the "
    "answer.",
)
def pending_not_final(target: Target, case: str) -> int:
    """A pending payment, and one that needs authentication, is not final; the latter says where to
    send the customer."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    wanted = Evidence(expected=f"one of {', '.join(sorted(WAITING))}", got=ended.said())
    if ended.status not in WAITING:
        raise Failed(f"it ends with {ended.status or 'an error'}, and it is not finished", wanted)
    if exchange.shows == "authentication_required" and not _leads(ended.result.redirection_data):
        raise Failed("it has no redirection_data, so that nobody can authenticate", wanted)
    return 1


def _leads(data: Any) -> bool:
    return data is not None and any((data.uri, data.form, data.html, data.sdk, data.display))


def _lookups(target: Target) -> list[str]:
    both = {"authorize", "get_payment"} <= set(target.operations)
    shared = [one.name for one in target.of("authorize") if one.result is not None]
    return shared if both and target.success("get_payment") else []


@check(
    "lookup-agrees",
    since="2026.11",
    cases=_lookups,
    where=only("authorize", "get_payment"),
    wants="add an exchange of authorize with a result, and a success of get_payment",
    why="After a timeout the lookup decides about the payment; it must not give another status "
    "than authorize does.",
    how="Build the Payment of both operations with the same function.",
)
def lookup_agrees(target: Target, case: str) -> int:
    """If a lookup can read the answer of authorize, it returns the same status."""
    paid = target.exchange(case)
    wanted = replay(target, paid)
    found = 0
    for lookup in target.of("get_payment", "success"):
        answers = answers_of(lookup)
        code = lookup.steps[-1].response.status
        body = paid.steps[-1].response.body()
        answer = HttpResponse(code, {"content-type": "application/json"}, body)
        ended = replay(target, lookup, [*answers[:-1], answer])
        found += 1
        if ended.error is None and ended.status != wanted.status:
            raise Failed(
                f"authorize says {wanted.status}, and get_payment {ended.status}",
                evidence(answer, ended, wanted.said()),
            )
    return found
