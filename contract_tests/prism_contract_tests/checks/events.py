"""Checks of signed events: verified before they are read, and refused if they were altered."""

from __future__ import annotations

import ast
from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, once, only
from prism_contract_tests.comparisons import leaking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.forging import forgeries, genuine, resigned, signed_as, signs, verified
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.sources import reachable
from prism_contract_tests.target import Target
from prism_core import ConfigurationError, EventRejected
from prism_core.connector.account import credential_names

_DAY = 86_400
_LONG = 400 * _DAY
"""Longer than any processor delivers an event again."""


def _verified(target: Target) -> list[str]:
    return [one.name for one in verified(target)]


def _must_verify(target: Target) -> list[str]:
    """Events must be verified by a signature, unless each is read after a request."""
    asks = genuine(target) and all(one.steps for one in genuine(target))
    return [] if asks and not signs(target) else [*only("handle_event")(target)]


def _with_secret(target: Target) -> list[str]:
    """The genuine events that a secret verifies: these, and those with one in the account."""
    own = _verified(target)
    return [one.name for one in genuine(target) if one.name in own or _has_secret(one)]


def _has_secret(exchange: Exchange) -> bool:
    given = exchange.account.items()
    return any("webhook" in name and "://" not in value for name, value in given)


def handled(target: Target, exchange: Exchange, event: Any, account: Any = None) -> Ended:
    """How the handling of an event of an exchange ends, with its account or another."""
    with Desk(target, exchange.account if account is None else account) as desk:
        return desk.call("handle_event", event, answers_of(exchange))


def believed(target: Target, exchange: Exchange) -> Ended:
    """How the handling of the genuine event ends: with a result."""
    good = handled(target, exchange, exchange.build())
    if good.result is None:
        raise Failed("the genuine event is not believed", Evidence(got=good.said()))
    return good


@check(
    "events-forged",
    since="2026.11",
    cases=_verified,
    where=_must_verify,
    wants="add a success with a genuine event and its signature, or with the steps of the lookup",
    why="An attacker who can make an application accept a forged payment gets its goods for "
    "nothing.",
    how="Verify the raw body with connector.signatures before you decode any of it.",
)
def events_forged(target: Target, case: str) -> int:
    """An event whose body or signature is altered, or that has no signature, raises EventRejected.
    A byte that is not signed may change if the result does not depend on it."""
    exchange = target.exchange(case)
    event, good = exchange.build(), believed(target, exchange)
    ends = {}
    for label, forged in forgeries(event):
        ends[label] = handled(target, exchange, forged)
        _rejected(label, ends[label], good)
    if not any(_is_rejected(ended) for ended in ends.values()):
        raise Failed("no event is rejected, whatever is altered in it")
    if "no headers" in ends and _is_rejected(ends["no headers"]):  # one of them is the signature
        if not any(_is_rejected(handled(target, exchange, one)) for one in resigned(event)):
            raise Failed("an altered signature changes nothing")
    return len(ends)


def _is_rejected(ended: Ended) -> bool:
    return isinstance(ended.error, EventRejected)


def _rejected(label: str, ended: Ended, good: Ended | None = None) -> None:
    if not _is_rejected(ended) and not (good is not None and _same(ended, good)):
        raise Failed(
            f"an event with {label} is not rejected",
            Evidence(expected="EventRejected", got=ended.said()),
        )


def _same(ended: Ended, good: Ended) -> bool:
    sent = [[(one.url, one.body) for one in end.tape.seen] for end in (ended, good)]
    return ended.result is not None and ended.result == good.result and sent[0] == sent[1]


@check(
    "events-without-secret",
    since="2026.11",
    cases=_with_secret,
    where=_must_verify,
    wants="add a success with a genuine event and its signature",
    why="A client that was set up without the secret must not accept every event.",
    how="Get the secrets with signatures.secrets_of(account.webhook_secret), which raises it. "
    "A key that is a required credential is always there: use that one.",
)
def events_without_secret(target: Target, case: str) -> int:
    """Without the secret for signatures, even a genuine event raises ConfigurationError. If the
    secret is a required credential, a genuine event is refused with another one."""
    exchange, event = target.exchange(case), target.exchange(case).build()
    needed = credential_names(target.connector.info.account)
    kept = {name: one for name, one in exchange.account.items() if needed.get(name, True)}
    if kept != exchange.account:
        ended = handled(target, exchange, event, kept)
        if isinstance(ended.error, ConfigurationError):
            return 1
        if ended.result is None:
            wanted = Evidence(expected="ConfigurationError", got=ended.said())
            raise Failed("without its secret an event ends in another error", wanted)
    others = [{**exchange.account, name: f"{kept[name]}7"} for name in needed if name in kept]
    ends = [handled(target, exchange, event, other) for other in others]
    if not any(_is_refused(ended) for ended in ends):
        got = Evidence(got="; ".join(ended.said() for ended in ends))
        raise Failed("without its secret an event is read: no credential verifies it", got)
    return len(ends)


def _is_refused(ended: Ended) -> bool:
    return isinstance(ended.error, (EventRejected, ConfigurationError))


@check(
    "events-in-time",
    since="2026.11",
    cases=_verified,
    where=_must_verify,
    wants="add a success with a genuine event and its signature",
    why="A recorded event that an attacker sends again is genuine, except for its time.",
    how="If the processor signs a time, use signatures.within(signed_at, request.received_at).",
)
def events_in_time(target: Target, case: str) -> int:
    """If an event that is received a day late is rejected, one received a day early is rejected,
    too. If sign_event signs the time, one that is received more than a year late is rejected."""
    exchange = target.exchange(case)
    event: Any = exchange.build()
    now = event.received_at
    if now is None:
        raise Failed("the exchange does not say when the event was received: received_at")
    late, early = (_received(target, exchange, now + by) for by in (_DAY, -_DAY))
    if _is_rejected(late) != _is_rejected(early):
        raise Failed("the tolerance holds in one direction only", Evidence(got=early.said()))
    if not signs(target) or not _signs_time(target, exchange, event):
        return 2
    old = _received(target, exchange, now + _LONG)
    if not _is_rejected(old):
        raise Failed("a time is signed, and an old event is read", Evidence(got=old.said()))
    return 3


def _received(target: Target, exchange: Exchange, at: int) -> Ended:
    moved: Any = msgspec.structs.replace(exchange.build(), received_at=at)
    return handled(target, exchange, moved)


def _signs_time(target: Target, exchange: Exchange, event: Any) -> bool:
    later = msgspec.structs.replace(event, received_at=event.received_at + 1)
    with Desk(target, exchange.account) as desk:
        now, then = (signed_as(target, one, desk.account) for one in (event, later))
    return (now.body, now.headers) != (then.body, then.headers)


@check(
    "events-signed",
    since="2026.11",
    cases=lambda target: [one.name for one in genuine(target)] if signs(target) else [],
    where=lambda target: only("handle_event")(target) if signs(target) else [],
    wants="add a success with a genuine event and its signature",
    why="Users test their own handlers with valid events that the kit signs.",
    how="Let sign_event return the headers that the processor would send.",
)
def events_signed(target: Target, case: str) -> int:
    """The connector accepts an event that its own sign_event signed, and only with that body."""
    exchange = target.exchange(case)
    event: Any = exchange.build()
    with Desk(target, exchange.account) as desk:
        signed = signed_as(target, event, desk.account)
    ended = handled(target, exchange, signed)
    if ended.result is None:
        raise Failed("what it signs it does not believe", Evidence(got=ended.said()))
    other = msgspec.structs.replace(signed, body=b'{"forged": true}')
    _rejected("the signature of another body", handled(target, exchange, other))
    return 2


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
