"""Checks of access tokens, which are fetched before the operation and used by many calls."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from prism_contract_tests import damage
from prism_contract_tests.check import WHOLE, Failed, check
from prism_contract_tests.replay import Desk, answers_of, grants_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.sampling import is_chosen
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import (
    ConnectorError,
    HttpResponse,
    MalformedResponse,
    OAuthAccount,
    TransportError,
)

_LOST = (httpx.ConnectError("connection refused"), httpx.ReadTimeout("no answer in time"))
_STATUSES = (400, 401, 403, 404, 408, 429, 500, 503)


def _granted(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.kind == "success" and one.grants]


def _with_tokens(target: Target) -> list[str]:
    return [WHOLE] if issubclass(target.connector.info.account, OAuthAccount) else []


@check(
    "grant-faults",
    since="2026.11",
    cases=_granted,
    where=_with_tokens,
    wants="add a success with grants, or grants in defaults.json",
    why="A payment whose token could not be fetched was never sent. The caller may use another "
    "processor at once, and must not be told that the outcome is unknown.",
    how="Make the account an OAuthAccount, or let the errors of a TokenRequest pass through "
    "auth_flow.",
)
def grant_faults(target: Target, case: str) -> int:
    """However the request for an access token fails, the call ends in a typed error whose outcome
    is not_sent or rejected, with nothing of the operation sent."""
    exchange, tried = target.exchange(case), 0
    with Desk(target, exchange.account) as desk:
        failing = list(_failing(grants_of(target, exchange)[0]))
        for way, (label, grant) in enumerate(failing):
            if not is_chosen(target, case, -len(exchange.grants), (), way, len(failing)):
                continue
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
        for one in (
            *damage.bodies(good),
            *damage.no_content(good),
            *damage.redirects(good),
        ):
            yield one.label, one.answer


@check(
    "grant-renewed",
    since="2026.11",
    cases=_granted,
    where=_with_tokens,
    wants="add a success with grants, or grants in defaults.json",
    why="Processors may revoke tokens early. A client that keeps using one fails until it is "
    "restarted, and a client that repeats without end is locked out.",
    how="Make the account an OAuthAccount, which does both; an auth_flow of your own must do the "
    "same.",
)
def grant_renewed(target: Target, case: str) -> int:
    """After a 401, a request is sent once more with a new access token; a second 401 is an
    AuthenticationError."""
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
