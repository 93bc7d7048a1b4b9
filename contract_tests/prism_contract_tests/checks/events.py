"""Checks of events: verified before they are read, and refused if they were altered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from prism_contract_tests.check import Failed, check, once
from prism_contract_tests.checks.exchanges import plain
from prism_contract_tests.comparisons import leaking
from prism_contract_tests.damage import dotted, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.sources import reachable
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import ConfigurationError, ConnectorBug, EventRejected, HandleEventRequest
from prism_core.connector.account import credential_names

_DAY = 86_400


def _genuine(target: Target) -> list[str]:
    """The genuine events that the connector verifies by itself, without a call to the processor."""
    return [one.name for one in target.of("handle_event", "success") if not one.steps]


@check(
    "events-forged",
    since="2026.11",
    cases=_genuine,
    why="An attacker who can make an application accept a forged payment gets its goods for "
    "nothing.",
    how="Verify the raw body with connector.signatures before you decode any of it.",
)
def events_forged(target: Target, case: str) -> int:
    """An event whose body or signature is altered, or that has no signature, raises EventRejected.
    A byte that is not signed may change if the result does not depend on it."""
    exchange, tried = target.exchange(case), 0
    genuine = exchange.build()
    with Desk(target, exchange.account) as desk:
        good = desk.call("handle_event", genuine, [])
        if good.result is None:
            raise Failed("the genuine event is not believed", Evidence(got=good.said()))
        for label, forged in _forgeries(genuine):
            tried += 1
            _rejected(label, desk.call("handle_event", forged, []), good)
        resigned = [desk.call("handle_event", one, []) for one in _resigned(genuine)]
        if resigned and all(ended.error is None for ended in resigned):
            raise Failed("an altered signature changes nothing")
    return tried


def _rejected(label: str, ended: Ended, genuine: Ended | None = None) -> None:
    same = genuine is not None and ended.result is not None and ended.result == genuine.result
    if not isinstance(ended.error, EventRejected) and not same:
        raise Failed(
            f"an event with {label} is not rejected",
            Evidence(expected="EventRejected", got=ended.said()),
        )


def _forgeries(genuine: Any) -> Iterator[tuple[str, HandleEventRequest]]:
    body: bytes = genuine.body
    step = max(1, len(body) // 150)
    for at in range(0, len(body), step):
        if chr(body[at]).isalnum():  # white space and punctuation may not be signed
            other = b"9" if body[at : at + 1] != b"9" else b"8"
            altered = body[:at] + other + body[at + 1 :]
            yield f"another byte {at}", msgspec.structs.replace(genuine, body=altered)
    yield "another body", msgspec.structs.replace(genuine, body=b'{"forged": true}')
    yield "no body", msgspec.structs.replace(genuine, body=b"")
    if genuine.headers:
        yield "no headers", msgspec.structs.replace(genuine, headers={})


def _resigned(genuine: Any) -> Iterator[HandleEventRequest]:
    for name, value in genuine.headers.items():
        headers = {**genuine.headers, name: value[:-1] + ("0" if value[-1:] != "0" else "1")}
        yield msgspec.structs.replace(genuine, headers=headers)


@check(
    "events-asked",
    since="2026.11",
    cases=lambda target: [one.name for one in target.of("handle_event", "success") if one.steps],
    why="A webhook that is looked up is not signed: an attacker controls everything in it, but "
    "not the processor's answer.",
    how="Take only the id from the body; after the lookup call expect_same(field, asked, found).",
)
def events_asked(target: Target, case: str) -> int:
    """If the processor is asked about an event, the result depends only on what the request
    carries; a senseless answer ends in a typed error, and an answer about something else in no
    event."""
    exchange, tried = target.exchange(case), 0
    genuine: Any = exchange.build()
    with Desk(target, exchange.account) as desk:
        good = desk.call("handle_event", genuine, answers_of(exchange))
        if good.result is None:
            raise Failed("the genuine event is not believed", Evidence(got=good.said()))
        for label, forged in (*_forgeries(genuine), *_rubbish(genuine)):
            tried += 1
            ended = desk.call("handle_event", forged, answers_of(exchange))
            if not _asked_or_unread(good, ended):
                message = f"an event with {label} is read otherwise, and nobody was asked"
                raise Failed(message, Evidence(expected=good.said(), got=ended.said()))
        for place, answers in _about_others(exchange):
            tried += 1
            ended = desk.call("handle_event", genuine, answers)
            if ended.error is None:
                message = f"{place} names another object than was asked for, and it is believed"
                raise Failed(message, Evidence(expected="MalformedResponse", got=ended.said()))
    return tried


def _asked_or_unread(good: Ended, ended: Ended) -> bool:
    """Whether the altered value was only sent in a request, or not used at all."""
    if ended.error is not None:
        return not isinstance(ended.error, ConnectorBug)
    asked, now = ([(r.url, r.body) for r in one.tape.seen] for one in (good, ended))
    return asked != now or _read(good) == _read(ended)


def _read(ended: Ended) -> Any:
    """The content of an event, without an id that the core made."""
    said = plain(ended.result.to_dict())
    if said["connector_event_id"].startswith("prism-"):
        del said["connector_event_id"]
    return said


def _rubbish(genuine: Any) -> Iterator[tuple[str, HandleEventRequest]]:
    for body in (b"\xff\xfe\x00", b"[]", b"{}", b"null", b"=", b"[" * 10_000, b"..", b"/"):
        yield f"the body {body[:8]!r}", msgspec.structs.replace(genuine, body=body)


def _about_others(exchange: Exchange) -> Iterator[tuple[str, list[Answer]]]:
    """The answers to lookups, each with another id in place of the one asked for."""
    answers = answers_of(exchange)
    for index, step in enumerate(exchange.steps):
        answer = step.response.answer()
        asked = {unquote(part) for part in step.request.path.split("/")}
        for path, value in leaves(json_of(answer)):
            if step.request.method == "GET" and value in asked:
                other = edited(answer, path, f"{value}7", "another").answer
                yield dotted(path), [*answers[:index], other, *answers[index + 1 :]]


@check(
    "events-without-secret",
    since="2026.11",
    cases=_genuine,
    why="A client that was set up without the secret must not accept every event.",
    how="Get the secrets with signatures.secrets_of(account.webhook_secret), which raises it.",
)
def events_without_secret(target: Target, case: str) -> int:
    """Without the secret for signatures, even a genuine event raises ConfigurationError."""
    exchange = target.exchange(case)
    needed = credential_names(target.connector.info.account)
    account = {
        name: value
        for name, value in exchange.account.items()
        if needed.get(name, True) or "webhook" not in name
    }
    if account == exchange.account:
        raise Failed("no optional credential of the account has webhook in its name")
    with Desk(target, account) as desk:
        ended = desk.call("handle_event", exchange.build(), [])
    if not isinstance(ended.error, ConfigurationError):
        raise Failed("without its secret an event is read", Evidence(got=ended.said()))
    return 1


@check(
    "events-in-time",
    since="2026.11",
    cases=_genuine,
    why="A recorded event that an attacker sends again is genuine, except for its time.",
    how="If the processor signs a time, use signatures.within(signed_at, request.received_at).",
)
def events_in_time(target: Target, case: str) -> int:
    """If an event that is received a day late is rejected, one received a day early is rejected,
    too."""
    exchange = target.exchange(case)
    genuine = exchange.build()
    now = getattr(genuine, "received_at", None)
    if now is None:
        raise Failed("the exchange does not say when the event was received: received_at")
    late, early = (_received(target, exchange, genuine, now + by) for by in (_DAY, -_DAY))
    if isinstance(late.error, EventRejected) != isinstance(early.error, EventRejected):
        raise Failed("the tolerance holds in one direction only", Evidence(got=early.said()))
    return 2


def _received(target: Target, exchange: Exchange, genuine: Any, at: int) -> Ended:
    with Desk(target, exchange.account) as desk:
        moved = msgspec.structs.replace(genuine, received_at=at)
        return desk.call("handle_event", moved, [])


@check(
    "events-signed",
    since="2026.11",
    cases=lambda target: _genuine(target) if _signs(target) else [],
    why="Users test their own handlers with valid events that the kit signs.",
    how="Let sign_event return the headers that the processor would send.",
)
def events_signed(target: Target, case: str) -> int:
    """The connector accepts an event that its own sign_event signed, and only with that body."""
    exchange = target.exchange(case)
    genuine: Any = exchange.build()
    with Desk(target, exchange.account) as desk:
        signed = signed_as(target, genuine, desk.account)
        ended = desk.call("handle_event", signed, [])
        if ended.result is None:
            raise Failed("what it signs it does not believe", Evidence(got=ended.said()))
        other = msgspec.structs.replace(signed, body=b'{"forged": true}')
        _rejected("the signature of another body", desk.call("handle_event", other, []))
    return 2


@check(
    "events-named",
    since="2026.11",
    cases=lambda target: [one.name for one in target.of("handle_event", "success")],
    why="Processors deliver an event more than once. An application that stores the ids it has "
    "seen must not handle one event twice, and must not take two events for one.",
    how="Set connector_event_id to the processor's own id of the event, or leave it out: then the "
    "core makes one from the verified data.",
)
def events_named(target: Target, case: str) -> int:
    """An event has the same connector_event_id when it is delivered again, and this is not the id
    of its payment, refund, mandate, customer or dispute."""
    exchange = target.exchange(case)
    genuine: Any = exchange.build()
    at = genuine.received_at
    later = genuine if at is None else msgspec.structs.replace(genuine, received_at=at + 1)
    with Desk(target, exchange.account) as desk:
        if _signs(target):
            later = signed_as(target, later, desk.account)
        both = [desk.call("handle_event", one, answers_of(exchange)) for one in (genuine, later)]
    for ended in both:
        if ended.result is None:
            raise Failed("a genuine event is not believed", Evidence(got=ended.said()))
    first, again = (ended.result.connector_event_id for ended in both)
    if first != again:
        evidence = Evidence(expected=first, got=again)
        raise Failed("the event has another id when it is delivered again", evidence)
    if first in set(_named_by(both[0].result)):
        raise Failed("the event's id is that of what it is about", Evidence(got=first))
    return 2


def _named_by(event: Any) -> Iterator[str]:
    """Every id in an event, except its own."""
    for about in (event, event.payment, event.refund, event.mandate):
        for name in about.__struct_fields__ if about is not None else ():
            if name.endswith("_id") and name not in ("connector_event_id", "request_id"):
                yield getattr(about, name)


@check(
    "events-constant-time",
    since="2026.11",
    cases=lambda target: [*once(target)] if "handle_event" in target.operations else [],
    why="The time that == takes shows how much of a guessed signature is right.",
    how="Compare with prism_core.connector.signatures.verify, or with hmac.compare_digest.",
)
def events_constant_time(target: Target, case: str) -> int:
    """No file that the connector's module imports compares a computed signature, or the text of a
    secret, with == or in."""
    files = list(reachable(target).values())
    for source, node in leaking(files):
        place = f"{source.path.relative_to(target.package.parent)}:{node.lineno}"
        raise Failed(f"{place} compares a signature or a secret: {ast.unparse(node)}")
    return len(files)


def _signs(target: Target) -> bool:
    # The audit has no hooks, only None, and takes an AttributeError as: ask the report.
    return target.connector.hooks.get("sign_event") is not None


def signed_as(target: Target, request: HandleEventRequest, account: Any) -> HandleEventRequest:
    """The request with the signature that the connector says its processor would make."""
    headers = dict(target.connector.hooks["sign_event"](request=request, account=account))
    body = headers.pop("prism-signed-body", None)
    return msgspec.structs.replace(
        request, body=request.body if body is None else body.encode(), headers=headers
    )
