"""Signatures of webhooks: verified in constant time, before the body is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from prism_core.errors import ConfigurationError, EventRejected
from prism_core.schema.numbers import whole_number
from prism_core.schema.secrets import Secret

TOLERANCE = 300
"""How many seconds a signed time may be in the past or in the future."""


def secrets_of(given: Secret | None, name: str = "webhook_secret") -> tuple[Secret, ...]:
    """The secrets in a credential: one, or several separated by spaces while secrets are rotated.
    Raises `ConfigurationError` if there is none: without a secret no event is accepted."""
    found = tuple(Secret(part) for part in (given.reveal().split() if given is not None else ()))
    if not found:
        raise ConfigurationError(f"{name} is needed to verify events; give it to the client")
    return found


def signed(secret: Secret | bytes, message: bytes, *, algorithm: str = "sha256") -> bytes:
    """The HMAC of a message as bytes. If the secret is an encoded binary key, give the bytes."""
    key = secret if isinstance(secret, bytes) else secret.reveal().encode()
    return hmac.new(key, message, getattr(hashlib, algorithm)).digest()


def verify(
    secrets: Iterable[Secret | bytes],
    message: bytes,
    given: Iterable[bytes],
    *,
    algorithm: str = "sha256",
) -> None:
    """Raises `EventRejected` unless a given signature is the HMAC of the message with a secret.

    Every signature is compared with every secret's HMAC, each in constant time.
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
    """The bytes of a signature in hexadecimal, lower or upper case. For any other text, bytes that
    match no signature."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return b""
    return found if found.hex() == text.lower() else b""


def from_base64(text: str) -> bytes:
    """The bytes of a signature in base64. For any other text, or one that is not in the standard
    form, bytes that match no signature."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return found if base64.b64encode(found).decode() == text else b""


def within(signed_at: str, now: int | None, *, tolerance: int = TOLERANCE) -> None:
    """Raises `EventRejected` if a signed time (Unix seconds) is too far in the past or the future:
    an attacker may have recorded an old event and sent it again."""
    at = whole_number(signed_at)
    if at is None or now is None or abs(now - at) > tolerance:
        raise EventRejected(
            f"the event names no time within {tolerance} s of now at which it was signed: its "
            "signature is missing or old, or the clock is wrong"
        )
