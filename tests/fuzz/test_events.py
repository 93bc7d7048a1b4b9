"""Events of every connector: forged and altered ones are never believed, and genuine signatures
on damaged bodies do no harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended, answers_of
from prism_core import (
    ConnectorBug,
    ConnectorError,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    MalformedResponse,
)

from .damaging import damaged, words
from .findings import SIGNED
from .forging import Forged, Signer, forgery
from .fuzzing import Tally, fuzz
from .targets import Desks

_TYPED = (EventRejected, MalformedResponse, ConnectorError)
_EACH = 2500


def _signers(desks: Desks) -> list[Signer]:
    """A signer for every genuine event of one account; none where a call verifies them."""
    found = [one for one in desks.target.of("handle_event", "success") if not one.steps]
    if not found:
        pytest.skip("a call verifies this connector's events")
    alike = [one for one in found if one.account == found[0].account]
    return [Signer(desks.target, one, desks.of(one)) for one in alike]


def _handled(desks: Desks, signer: Signer, event: HandleEventRequest) -> Ended:
    return desks.of(signer.exchange).call("handle_event", event, [])


def _wrong(ended: Ended) -> str | None:
    """What is wrong with the error of an event that cannot be believed or read."""
    if ended.error is None or isinstance(ended.error, _TYPED):
        return None
    return ended.error.message if isinstance(ended.error, ConnectorBug) else ended.said()


def test_genuine_events(desks: Desks) -> None:
    """Every genuine event is believed, and recognised when it is delivered again: its id is the
    same."""
    for signer in _signers(desks):
        first = _handled(desks, signer, signer.recorded)
        again = _handled(desks, signer, signer.recorded)
        assert first.error is None, first.said()
        assert first.result.connector_event_id
        assert first.result == again.result


def test_forged_events(desks: Desks, tally: Callable[[str], Tally]) -> None:
    """Of 2,500 forged or altered events for each connector that verifies a signature by itself,
    which makes 10,000 for the four in this repository, none is believed."""
    signers = _signers(desks)
    read = [signer.genuine.result for signer in signers]
    counted, unaltered = tally(f"forged events: {desks.target.name}"), 0

    def attempt(forged: Forged) -> str | None:
        nonlocal unaltered
        ended = _handled(desks, forged.signer, forged.event)
        if ended.error is not None:
            return None if isinstance(ended.error, EventRejected) else ended.said()
        if signers[0].in_body and ended.result in read:
            unaltered += 1  # beside what is signed, and none of it is read
            counted.tried -= 1
            return None
        return f"an event with {forged.how} is believed"

    inputs = _EACH + 600 * signers[0].in_body
    fuzz(counted, lambda chance: forgery(chance, signers), attempt, inputs=inputs)
    assert counted.tried >= _EACH


def test_signed_rubbish(desks: Desks, tally: Callable[[str], Tally]) -> None:
    """A body that makes no sense under a genuine signature ends in an event or in a typed error,
    never in an exception of the connector's own."""
    signers = _signers(desks)
    bodies = [signer.event.body for signer in signers]

    def attempt(case: tuple[int, bytes]) -> str | None:
        signer = signers[case[0]]
        event = msgspec.structs.replace(signer.event, body=case[1])
        try:
            ended = _handled(desks, signer, signer.sign(event))
        except InvalidRequest:
            return None  # so far from an event that it cannot even be signed
        except Failed as failure:
            return failure.message
        return _wrong(ended)

    def drawn(chance: random.Random) -> tuple[int, bytes]:
        at = chance.randrange(len(signers))
        return at, damaged(chance, bodies[at], bodies)

    found = [(0, body) for body in SIGNED.get(desks.target.name, ())]
    counted = tally(f"signed rubbish: {desks.target.name}")
    fuzz(counted, drawn, attempt, inputs=200, findings=found)


def _genuine(desks: Desks, exchange: Exchange) -> Ended:
    return desks.of(exchange).call("handle_event", exchange.build(), answers_of(exchange))


def _told(ended: Ended) -> Any:
    """The event without its id, which the core makes of the body, too."""
    return msgspec.structs.replace(ended.result, connector_event_id="any", attempts=())


def test_events_verified_by_a_call(desks: Desks, tally: Callable[[str], Tally]) -> None:
    """Where the processor is asked whether it sent an event, it is asked about the very bytes and
    headers that are read: one that answers yes to the genuine event alone lets no other pass, but
    one that comes to the same, because what differs is not read."""
    found = [one for one in desks.target.of("handle_event", "success") if one.steps]
    if not found or "sign_event" in desks.target.connector.hooks:  # what it looks up, it verified
        pytest.skip("this connector verifies events by itself")
    asked = {one.name: _first_question(desks, one) for one in found}
    read = {one.name: _told(_genuine(desks, one)) for one in found}
    bodies = [bytes(one.build().body) for one in found]

    def attempt(case: Case) -> str | None:
        exchange = desks.target.exchange(case.exchange)
        event = msgspec.structs.replace(exchange.build(), body=case.body, headers=case.headers)
        answers = answers_of(exchange)
        answers[0] = _only(asked[exchange.name], answers[0])
        try:
            ended = desks.of(exchange).call("handle_event", event, answers)
        except Failed as failure:
            return failure.message
        altered = case.body != exchange.build().body
        if ended.error is None and altered and _told(ended) != read[exchange.name]:
            return "an altered event is believed"
        return _wrong(ended)

    counted = tally(f"events verified by a call: {desks.target.name}")
    fuzz(counted, lambda chance: _altered(chance, found, bodies), attempt, inputs=300)


class Case(NamedTuple):
    """An event as it was received, made from an exchange's."""

    exchange: str
    body: bytes
    headers: dict[str, str]


def _altered(chance: random.Random, found: list[Exchange], bodies: list[bytes]) -> Case:
    exchange = chance.choice(found)
    event: Any = exchange.build()
    headers = dict(event.headers)
    if chance.randrange(2):
        headers[chance.choice([*headers, "x"])] = words(chance, 20)
    alike = [body for body in bodies if body != event.body]
    other = chance.randrange(5) == 0 and alike
    odd = chance.choice(alike) if other else damaged(chance, event.body, bodies)
    return Case(exchange.name, odd, headers)


def _first_question(desks: Desks, exchange: Exchange) -> bytes:
    return bytes(_genuine(desks, exchange).tape.seen[0].body)


def _only(question: bytes, yes: Any) -> Callable[[httpx.Request], httpx.Response]:
    """A processor that answers yes to one question, and no to every other."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = yes.body if request.content == question else yes.body.replace(b"SUCCESS", b"FAILURE")
        return httpx.Response(yes.status_code, headers=yes.headers, content=said)

    return answer
