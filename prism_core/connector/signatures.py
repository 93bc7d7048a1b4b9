"""Signatures of webhooks: verified in constant time, before the body is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal

from prism_core.errors import ConfigurationError, EventRejected
from prism_core.schema.events import HandleEventRequest
from prism_core.schema.numbers import whole_number
from prism_core.schema.secrets import Secret

TOLERANCE = 300
"""How many seconds a signed time may be in the past or in the future."""


def secrets_of(given: Secret | None, name: str = "webhook_secret") -> tuple[Secret, ...]:
    """The secrets in a credential: one, or several separated by spaces while secrets are rotated.
    Raises `ConfigurationError` if there is none: without a secret no event is accepted."""
    found = tuple(Secret(part) for part in (given.reveal().split() if given is not None else ()))
    if not found:
        variable = f"PRISM_<CONNECTOR>_{name.upper()}"
        raise ConfigurationError(
            f"{name} is needed to verify events: give {name}=... to the client, or set {variable} "
            "and use from_env"
        )
    return found


def keys_of(
    given: Secret | None, encoding: Literal["hex", "base64"], name: str = "webhook_secret"
) -> tuple[bytes, ...]:
    """The keys in a credential that is the text of binary keys, as `secrets_of` gives texts. Raises
    `ConfigurationError` if one is not in that encoding."""
    key_of = from_hex if encoding == "hex" else from_base64
    keys = tuple(key_of(secret.reveal()) for secret in secrets_of(given, name))
    if not all(keys):
        raise ConfigurationError(f"{name} is a key in {encoding}; the one given is not")
    return keys


def hashed(secret: Secret, *, algorithm: str = "sha256") -> bytes:
    """The hash of a secret's text, where that is the key and not the text itself."""
    return hashlib.new(algorithm, secret.reveal().encode()).digest()


def signed(secret: Secret | bytes, message: bytes, *, algorithm: str = "sha256") -> bytes:
    """The HMAC of a message as bytes, with a name of `hashlib`: sha1, sha256, sha512. If the key is
    no text, give its bytes (`keys_of`, `hashed`)."""
    key = secret if isinstance(secret, bytes) else secret.reveal().encode()
    return hmac.digest(key, message, algorithm)


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
        raise EventRejected("the event's signature is missing or wrong")


def verify_header(
    request: HandleEventRequest,
    header: str,
    secret: Secret | None,
    *,
    message: bytes | None = None,
    encoding: Literal["hex", "base64"] = "hex",
) -> None:
    """For a processor that puts the HMAC-SHA256 of the body alone, or of another message, into a
    header. Raises as `secrets_of` and `verify` do."""
    decode = from_hex if encoding == "hex" else from_base64
    given = decode(request.header(header) or "")
    verify(secrets_of(secret), request.body if message is None else message, [given])


def signed_header(
    request: HandleEventRequest,
    header: str,
    secret: Secret | None,
    *,
    message: bytes | None = None,
    encoding: Literal["hex", "base64"] = "hex",
) -> dict[str, str]:
    """The header that `verify_header` accepts, made with the first secret."""
    made = signed(secrets_of(secret)[0], request.body if message is None else message)
    return {header: made.hex() if encoding == "hex" else base64.b64encode(made).decode()}


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
