"""Checks of failing networks: what was certainly not sent, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from prism_contract_tests.check import Failed, changes_something, check, each_mutation, each_sending
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.variations import key_of
from prism_core import ConnectorError, HttpResponse, PrismError, TransportError
from prism_core.connector.http import Failure

_NEVER_LEFT = Failure("not_sent", "no connection: nothing was sent")
_AFTER_SENDING: tuple[Exception, ...] = (
    httpx.ReadTimeout("no answer in time"),
    httpx.WriteTimeout("the request did not leave in time"),
    httpx.ReadError("connection reset"),
    httpx.RemoteProtocolError("the server hung up"),
)
_HOW = (
    "Let TransportError and ConnectorError pass through the flow; catch only an error whose "
    "meaning there is documented, such as NotFound for an object that may not exist."
)


def _successes(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.kind == "success" and one.steps]


def _sending(target: Target) -> list[str]:
    return [one.name for one in target.representative if one.steps]


def _failing(desk: Desk, exchange: Exchange, step: int, answer: Answer) -> Ended:
    """How the exchange ends when one step, and every request after it, is answered so."""
    answers = [*answers_of(exchange)[:step], answer]
    return desk.call(exchange.operation, exchange.build(), answers)


def _raised(ended: Ended, kind: type[PrismError], outcomes: Iterable[str], why: object) -> None:
    error = ended.error
    if not isinstance(error, kind) or error.outcome not in outcomes:
        raise Failed(
            f"after {type(why).__name__ if isinstance(why, Exception) else why}, the call does "
            f"not end in {kind.__name__}",
            Evidence(expected=f"{kind.__name__} ({' or '.join(outcomes)})", got=ended.said()),
        )


@check(
    "not-sent",
    since="2026.11",
    cases=_successes,
    where=each_sending,
    wants="add a success with steps",
    why="Only if it is certain that nothing was sent may a caller use another processor.",
    how=_HOW,
)
def not_sent(target: Target, case: str) -> int:
    """When no connection can be made, the call ends in TransportError with outcome not_sent."""
    exchange = target.exchange(case)
    with Desk(target, exchange.account) as desk:
        ended = _failing(desk, exchange, 0, _NEVER_LEFT)
        _raised(ended, TransportError, ("not_sent",), "no connection")
    return 1


@check(
    "timeout-unknown",
    since="2026.11",
    cases=_successes,
    where=each_sending,
    wants="add a success with steps",
    why="The payment may exist; reported as failed, the customer pays twice.",
    how=_HOW + " Leave placing the idempotency key to the core.",
)
def timeout_unknown(target: Target, case: str) -> int:
    """If the answer to a request is lost, the call ends in TransportError with the idempotency key
    that was sent. The outcome is unknown, unless only lookups were sent before a change."""
    exchange = target.exchange(case)
    with Desk(target, exchange.account) as desk:
        for step in range(len(exchange.steps)):
            for reason in _AFTER_SENDING:
                ended = _failing(desk, exchange, step, reason)
                _raised(ended, TransportError, (ended.lost(exchange.operation),), reason)
                if changes_something(exchange.operation):
                    _gives_key_back(target, ended)
    return len(_AFTER_SENDING) * len(exchange.steps)


def _gives_key_back(target: Target, ended: Ended) -> None:
    last = ended.tape.seen[-1]
    if not target.connector.info.account.honours_keys() or last.method == "GET":
        return
    sent, key = key_of(target, last), getattr(ended.error, "idempotency_key", None)
    # A flow of several requests may send keys derived from the caller's.
    if key is None or (sent not in (None, key) and len(ended.tape.seen) == 1):
        raise Failed(
            "the error does not carry the idempotency key that was sent",
            Evidence(expected=sent, got=key),
        )


@check(
    "changes-told",
    since="2026.11",
    cases=lambda target: [n for n in _successes(target) if changes_something(n.partition("/")[0])],
    where=each_mutation,
    wants="add a success with steps",
    why="A request that is marked as no change is repeated without a key, and after a lost answer "
    "the caller is told that nothing was done.",
    how="Give account.post changes=False only for requests that change nothing, such as lookups.",
)
def changes_told(target: Target, case: str) -> int:
    """If an operation that changes something sends more than lookups, at least one of its requests
    is marked as a change."""
    exchange = target.exchange(case)
    with Desk(target, exchange.account) as desk:
        sent = desk.call(exchange.operation, exchange.build(), answers_of(exchange)).tape.seen
    telling = [request for request in sent if request.method != "GET"]
    if telling and not any(request.changes for request in telling):
        last = telling[-1]
        raise Failed(f"{last.method} {last.path} is said to change nothing, as all before it is")
    return len(sent)


@check(
    "errors-reach-caller",
    since="2026.11",
    cases=_sending,
    where=each_sending,
    wants="add an exchange with steps",
    why="A flow that makes a result of an error hides that the outcome is unknown.",
    how=_HOW,
)
def errors_reach_caller(target: Target, case: str) -> int:
    """If the first request gets a 401 that is not in the processor's format, a 500 or no answer,
    the call raises that error and returns no result."""
    exchange = target.exchange(case)
    lost = _AFTER_SENDING[0]
    with Desk(target, exchange.account) as desk:
        for status in (401, 500):
            ended = _failing(desk, exchange, 0, HttpResponse(status))
            looked = status < 500 and not any(one.changes for one in ended.tape.seen)
            true = "rejected" if looked else ended.lost(exchange.operation)
            _raised(ended, ConnectorError, (true,), f"HTTP {status}")
        ended = _failing(desk, exchange, 0, lost)
        _raised(ended, TransportError, (ended.lost(exchange.operation),), lost)
    return 3
