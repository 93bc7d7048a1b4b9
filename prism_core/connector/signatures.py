"""Signatures of webhooks: verified in constant time, before anything in them is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from prism_core.errors import ConfigurationError, EventRejected
from prism_core.schema.numbers import whole_number
from prism_core.schema.secrets import Secret

TOLERANCE = 300
"""Seconds that a signed time may lie in the past or in the future."""


def secrets_of(given: Secret | None, name: str = "webhook_secret") -> tuple[Secret, ...]:
    """The secrets of a credential that holds one, or several with spaces between them while they
    are rotated. Raises `ConfigurationError` where there is none: no secret means no event."""
    found = tuple(Secret(part) for part in (given.reveal().split() if given is not None else ()))
    if not found:
        raise ConfigurationError(f"{name} is needed to verify events; give it to the client")
    return found


def signed(secret: Secret | bytes, message: bytes, *, algorithm: str = "sha256") -> bytes:
    """The HMAC of a message, raw. A secret that stands for a binary key is given as that key."""
    key = secret if isinstance(secret, bytes) else secret.reveal().encode()
    return hmac.new(key, message, getattr(hashlib, algorithm)).digest()


def verify(
    secrets: Iterable[Secret | bytes],
    message: bytes,
    given: Iterable[bytes],
    *,
    algorithm: str = "sha256",
) -> None:
    """Whether one of the signatures given is one of the secrets' HMACs of the message.

    Every pair is compared, each in constant time. Raises `EventRejected`.
    """
    candidates = list(given)
    is_genuine = False
    for secret in secrets:
        expected = signed(secret, message, algorithm=algorithm)
        for candidate in candidates:
            is_genuine |= hmac.compare_digest(expected, candidate)
    if not is_genuine:
        raise EventRejected("the event's signature is missing or wrong: it is not believed")


def from_hex(text: str) -> bytes:
    """A signature written in hexadecimal, in either case; one that is none, or that is written
    in any other way, matches nothing."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return b""
    return found if found.hex() == text.lower() else b""


def from_base64(text: str) -> bytes:
    """A signature written in base64; one that is none, or that could be written in another way,
    matches nothing."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return found if base64.b64encode(found).decode() == text else b""


def within(signed_at: str, now: int | None, *, tolerance: int = TOLERANCE) -> None:
    """Whether a signed time (Unix seconds) lies near now, in either direction. Raises
    `EventRejected`: an old event may be a recorded one, sent again."""
    at = whole_number(signed_at)
    if at is None or now is None or abs(now - at) > tolerance:
        raise EventRejected(
            f"the event names no time within {tolerance} s of now at which it was signed: its "
            "signature is missing or old, or the clock is wrong"
        )
