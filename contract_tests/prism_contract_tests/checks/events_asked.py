"""Checks of events that the processor is asked about, and of the ids of all events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from prism_contract_tests.check import Failed, check, only
from prism_contract_tests.checks.events import believed, handled
from prism_contract_tests.checks.exchanges import plain
from prism_contract_tests.damage import UNHEARD, dotted, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange, WireRequest
from prism_contract_tests.forging import enlarged, forgeries, genuine, rubbish, signed_as, signs
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import ConnectorBug, EventRejected


@check(
    "events-asked",
    since="2026.11",
    cases=lambda target: [one.name for one in genuine(target) if one.steps],
    why="A webhook that is looked up is not signed: an attacker controls everything in it, but "
    "not the processor's answer.",
    how="Take only the id from the body; after the lookup call expect_same(field, asked, found). "
    "If the processor says whether an event is genuine, read nothing before it says so.",
)
def events_asked(target: Target, case: str) -> int:
    """If the processor is asked about an event, the result depends only on what the request
    carries, and on an answer that can reject it; a senseless answer ends in a typed error, and an
    answer about something else in no event."""
    exchange, good = target.exchange(case), believed(target, target.exchange(case))
    event: Any = exchange.build()
    tried, vouched = 0, None
    for label, forged in (*forgeries(event), *rubbish(event), *enlarged(exchange)):
        tried += 1
        ended = handled(target, exchange, forged)
        if not _asked_or_unread(good, ended):
            message = f"an event with {label} is read otherwise, and nobody was asked"
            raise Failed(message, Evidence(expected=good.said(), got=ended.said()))
        if ended.result is not None and _read(ended) != _read(good):
            vouched = f"an event with {label} is read otherwise", ended
    others = _refused_others(target, exchange)
    if vouched is not None and not signs(target):
        _must_vouch(target, exchange, *vouched)
    elif not others and not signs(target):
        raise Failed("no answer of the exchange names the id that was asked about: so nothing "
                     "shows that an answer about another object is refused")  # fmt: skip
    return tried + others


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


def _refused_others(target: Target, exchange: Exchange) -> int:
    """Raises if an answer about another object is believed; counts what was tried."""
    tried = 0
    event: Any = exchange.build()
    with Desk(target, exchange.account) as desk:
        for place, answers in _about_others(exchange):
            tried += 1
            ended = desk.call("handle_event", event, answers)
            if ended.error is None:
                message = f"{place} names another object than was asked for, and it is believed"
                raise Failed(message, Evidence(expected="MalformedResponse", got=ended.said()))
    return tried


def _about_others(exchange: Exchange) -> Iterator[tuple[str, list[Answer]]]:
    """The answers to lookups, each with another id in place of the one asked for."""
    answers = answers_of(exchange)
    for index, step in enumerate(exchange.steps):
        answer, asked = step.response.answer(), _asked(exchange, step.request)
        for path, value in leaves(json_of(answer)):
            if isinstance(value, str) and value in asked:
                other = edited(answer, path, f"{value}7", "another").answer
                yield dotted(path), [*answers[:index], other, *answers[index + 1 :]]


def _asked(exchange: Exchange, request: WireRequest) -> set[str]:
    """The values that say which object is looked up: the parts of a path, and what a body takes
    from the event."""
    if request.method == "GET":
        return {*(unquote(part) for part in request.path.split("/") if part)} | {
            *request.query.values()
        }
    sent = [value for _, value in leaves(request.json)] + [*(request.form or {}).values()]
    body = str(exchange.request.get("body"))
    return {value for value in sent if isinstance(value, str) and value and value in body}


def _must_vouch(target: Target, exchange: Exchange, said: str, got: Ended) -> None:
    """Raises unless another answer to one of the requests rejects the event."""
    event: Any = exchange.build()
    answers = answers_of(exchange)
    with Desk(target, exchange.account) as desk:
        for index, step in enumerate(exchange.steps):
            answer = step.response.answer()
            for path, value in leaves(json_of(answer)):
                verdict = not value if isinstance(value, bool) else UNHEARD
                other = edited(answer, path, verdict, "another").answer
                changed = [*answers[:index], other, *answers[index + 1 :]]
                if isinstance(desk.call("handle_event", event, changed).error, EventRejected):
                    return
    message = f"{said}, and no answer of the processor rejects it"
    raise Failed(message, Evidence(expected="EventRejected", got=got.said()))


@check(
    "events-named",
    since="2026.11",
    cases=lambda target: [one.name for one in genuine(target)],
    where=only("handle_event"),
    why="Processors deliver an event more than once. An application that stores the ids it has "
    "seen must not handle one event twice, and must not take two events for one.",
    how="Set connector_event_id to the processor's own id of the event, or leave it out: then the "
    "core makes one from the verified data.",
)
def events_named(target: Target, case: str) -> int:
    """An event has the same connector_event_id when it is delivered again, and this is not the id
    of its payment, refund, mandate, customer or dispute."""
    exchange = target.exchange(case)
    event: Any = exchange.build()
    at = event.received_at
    later = event if at is None else msgspec.structs.replace(event, received_at=at + 1)
    with Desk(target, exchange.account) as desk:
        if signs(target):
            later = signed_as(target, later, desk.account)
        both = [desk.call("handle_event", one, answers_of(exchange)) for one in (event, later)]
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
