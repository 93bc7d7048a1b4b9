"""Checks of outcomes: declines are results, what waits is not final, lookups agree."""

from __future__ import annotations

from typing import Any

from prism_contract_tests.check import Failed, check, only
from prism_contract_tests.replay import Ended, answers_of, replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import (
    HttpResponse,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    RefundStatus,
)
from prism_core.connector.operations import result_type
from prism_core.schema.base import Result

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
    "`decline_details(DECLINES, code)`. If the flow catches Declined, return a "
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
