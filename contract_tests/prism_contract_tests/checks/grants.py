"""Checks of grants: access tokens, which calls share, fetched before the operation."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from prism_contract_tests import damage
from prism_contract_tests.check import Failed, check
from prism_contract_tests.replay import Desk, answers_of, grants_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import ConnectorError, HttpResponse, MalformedResponse, TransportError

_LOST = (httpx.ConnectError("connection refused"), httpx.ReadTimeout("no answer in time"))
_STATUSES = (400, 401, 403, 404, 408, 429, 500, 503)


def _granted(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.kind == "success" and one.grants]


@check(
    "grant-faults",
    since="2026.11",
    cases=_granted,
    why="A payment whose token could not be fetched was never sent: the caller may go elsewhere "
    "at once, and must not be told that nobody knows.",
    how="Make the account an OAuthAccount, or let the errors of a TokenRequest pass in auth_flow.",
)
def grant_faults(target: Target, case: str) -> int:
    """However fetching an access token fails, the call ends in a typed error whose outcome is
    not_sent or rejected, with nothing of the operation sent."""
    exchange, tried = target.exchange(case), 0
    with Desk(target, exchange.account) as desk:
        for label, grant in _failing(grants_of(target, exchange)[0]):
            tried += 1
            ended = desk.call(
                exchange.operation, exchange.build(), answers_of(exchange), grants=[grant]
            )
            kinds = (ConnectorError, MalformedResponse, TransportError)
            typed = isinstance(ended.error, kinds) and ended.error.outcome != "unknown"
            if not typed or ended.tape.seen:
                sent = f"{len(ended.tape.seen)} requests of the operation were sent; "
                raise Failed(
                    f"the token's answer is {label}, and the call does not end before it is sent",
                    Evidence(expected="not_sent or rejected", got=sent + ended.said()),
                )
    return tried


def _failing(good: Answer) -> Iterator[tuple[str, Answer]]:
    for reason in _LOST:
        yield type(reason).__name__, reason
    for status in _STATUSES:
        yield f"HTTP {status}", HttpResponse(status)
    if isinstance(good, HttpResponse):
        for one in (*damage.bodies(good), *damage.redirects(good)):
            yield one.label, one.answer


@check(
    "grant-renewed",
    since="2026.11",
    cases=_granted,
    why="Processors revoke tokens before their time; a client that keeps one then fails until it "
    "is started again, and one that asks for ever is locked out.",
    how="Make the account an OAuthAccount, which does both; so must an auth_flow of your own.",
)
def grant_renewed(target: Target, case: str) -> int:
    """A request refused with 401 is sent once more with a new access token, and a second 401 is
    an AuthenticationError."""
    exchange = target.exchange(case)
    answers, refused = answers_of(exchange), HttpResponse(401)
    with Desk(target, exchange.account) as desk:
        once = desk.call(exchange.operation, exchange.build(), [refused, *answers])
        twice = desk.call(exchange.operation, exchange.build(), [refused])
    if once.result is None or len(once.tape.granted) != 2:
        raise Failed(
            "after one 401 there is no new token, or the call fails", Evidence(got=once.said())
        )
    name = type(twice.error).__name__
    if (name, len(twice.tape.granted), len(twice.tape.seen)) != ("AuthenticationError", 2, 2):
        raise Failed("after two 401s the call does not end", Evidence(got=twice.said()))
    return 2
