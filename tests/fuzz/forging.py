"""Forging events: what somebody without the secret can send, and what somebody with a recorded
event can make of it. Every forgery differs from what it was made from in something signed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.forging import signed_as
from prism_contract_tests.replay import Desk
from prism_contract_tests.target import Target
from prism_core import HandleEventRequest, Secret

from .damaging import damaged, words

_ODD = ["", " ", "0", "ä", "=", ",", "t=1,v1=", "sha512=", "null", "\u0661", "x" * 9000]
_DIGEST = re.compile(r"[0-9A-Za-z+/=]{40,}")
_TIME = re.compile(r"(?<=t=)[0-9]{10}")


class Signer:
    """One connector's events, signed with the account's own secret or with another."""

    def __init__(self, target: Target, exchange: Exchange, desk: Desk) -> None:
        self.target, self.exchange, self.account = target, exchange, desk.account
        self.event: Any = exchange.build()
        self.recorded = self.sign(self.event)
        self.in_body = not self.recorded.headers
        """Whether the signature stands in the body, beside what it signs."""
        self.genuine = desk.call("handle_event", self.recorded, [])
        self.is_timed = any(map(_TIME.search, self.recorded.headers.values()))
        """Whether a time is signed, beside the digest."""

    def sign(self, event: HandleEventRequest, secret: str | None = None) -> HandleEventRequest:
        """The event as the processor would send it, or as one with another secret would."""
        account: Any = self.account
        if secret is not None:
            held = (n for n in account.__struct_fields__ if isinstance(getattr(account, n), Secret))
            name = "webhook_secret" if hasattr(account, "webhook_secret") else next(held)
            account = msgspec.structs.replace(account, **{name: Secret(secret)})
        return signed_as(self.target, event, account)

    def like(self, **changed: Any) -> HandleEventRequest:
        """The recorded event with something else in it."""
        made: HandleEventRequest = msgspec.structs.replace(self.recorded, **changed)
        return made


class Forged(msgspec.Struct, frozen=True):
    """A forged event, how it was made, and from what."""

    how: str
    event: HandleEventRequest
    signer: Signer

    def __repr__(self) -> str:
        return f"{self.how}: {dict(self.event.headers)} {self.event.body!r}"


def forgery(chance: random.Random, signers: list[Signer]) -> Forged:
    """An event that must not be believed, by one of the ways to make one."""
    signer = chance.choice(signers)
    ways = dict(_WAYS)
    if signer.is_timed:
        ways |= {"another time": _other_time, "long ago": _long_ago}
    how = chance.choice(sorted(ways))
    return Forged(how, ways[how](chance, signer, signers), signer)


Chance, Signers = random.Random, list[Signer]
Way = Callable[[Chance, Signer, Signers], HandleEventRequest]


def _other_secret(
    chance: random.Random, signer: Signer, signers: list[Signer]
) -> HandleEventRequest:
    """Signed, and well, with a secret that is not the account's."""
    secret = chance.randbytes(chance.randint(16, 32)).hex()
    return signer.sign(signer.event, secret)


def _other_digest(
    chance: random.Random, signer: Signer, signers: list[Signer]
) -> HandleEventRequest:
    """Every digest altered in one place, wherever it stands."""
    share = chance.random()

    def alter(found: re.Match[str]) -> str:
        text = found.group()
        at = int(share * len(text.rstrip("=")))
        other = "1" if text[at] in "0A" else "0"
        return text[:at] + other + text[at + 1 :]

    return _rewritten(signer, _DIGEST, alter)


def _other_time(chance: Chance, signer: Signer, signers: Signers) -> HandleEventRequest:
    """The time that is signed, moved to one at which the event would not be too old."""
    by = chance.randint(1, 290) * chance.choice([-1, 1])
    return _rewritten(signer, _TIME, lambda found: str(int(found.group()) + by))


def _rewritten(
    signer: Signer, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str] | str
) -> HandleEventRequest:
    """What the pattern finds where the signature stands, replaced."""
    if signer.in_body:
        return signer.like(body=pattern.sub(new, signer.recorded.body.decode()).encode())
    headers = signer.recorded.headers.items()
    return signer.like(headers={name: pattern.sub(new, value) for name, value in headers})


def _long_ago(chance: Chance, signer: Signer, signers: Signers) -> HandleEventRequest:
    """A recorded event sent again when its time is over, or before it has come."""
    by = chance.randint(301, 10**9) * chance.choice([-1, 1])
    return signer.like(received_at=signer.event.received_at + by)


def _no_signature(
    chance: random.Random, signer: Signer, signers: list[Signer]
) -> HandleEventRequest:
    """The event without a signature, or with something else in its place."""
    if signer.in_body:
        return _rewritten(signer, _DIGEST, chance.choice(["", "A", "null"]))
    return signer.like(headers=_junk_headers(chance, signer.recorded.headers))


def _junk_headers(chance: random.Random, genuine: Mapping[str, str]) -> dict[Any, Any]:
    """Headers under the right names without their values, or under others with them."""
    if chance.randrange(4) == 0:
        return {f"x-{name}": value for name, value in genuine.items()}
    junk = [*_ODD, words(chance, 40), None, b"", chance.randbytes(9)]
    names = chance.sample([*genuine], chance.randint(0, len(genuine)))
    return {chance.choice([name, name.upper()]): chance.choice(junk) for name in names}


def _other_body(chance: Chance, signer: Signer, signers: Signers) -> HandleEventRequest:
    """The signature of one event with the body of another, or with its own, altered."""
    alike = [other.recorded.body for other in signers]
    whole = signer.recorded.body
    body = chance.choice(alike) if chance.randrange(4) == 0 else damaged(chance, whole, alike)
    if body == whole or (signer.in_body and body in alike):
        return _other_digest(chance, signer, signers)
    return signer.like(body=body)


_WAYS: dict[str, Way] = {
    "another secret": _other_secret,
    "another digest": _other_digest,
    "no signature": _no_signature,
    "another body": _other_body,
}
