"""Idempotency keys: random ones, ones derived from other values; and where one is placed."""

from __future__ import annotations

import os

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import HttpRequest


def new_key() -> str:
    """A random UUID (RFC 9562, version 4): some processors accept no other keys. The module `uuid`
    would take three microseconds more in each call (see benchmarks)."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def derived_key(*parts: str) -> str:
    """A key that is always the same for the same parts: a UUID of version 8, made with SHA-256. The
    first part is a caller's key, or names another purpose with a space, which no key has."""
    import hashlib  # not needed before, and slow to import

    digits = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def place_key(account: Account, request: HttpRequest, key: str) -> None:
    """Puts an idempotency key where the processor looks for it. Raises `ValueError` if the flow has
    set one there itself: with two keys, nobody knows which one counts."""
    header, field = account.idempotency_header, account.idempotency_field
    if header is not None:
        if header.lower() in request.headers:
            raise ValueError(f"a flow has set {header}, which the core sets")
        request.headers[header.lower()] = key
        request.idempotency_key = key
    elif field is not None and request.body[:1] == b"{":
        body = _with_key(request.body, field.split("."), key)
        if body is not None:
            request.body, request.idempotency_key = body, key


def _with_key(body: bytes, path: list[str], key: str) -> bytes | None:
    """A JSON object with a key at a path; None if an object on the way there is missing."""
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    name, *inner = path
    if not inner and name in fields:
        raise ValueError(f"a flow has set {name}, which the core sets")
    if not inner:
        return msgspec.json.encode({name: key, **fields})
    outer = bytes(fields.get(name, b""))
    made = _with_key(outer, inner, key) if outer[:1] == b"{" else None
    return None if made is None else msgspec.json.encode({**fields, name: msgspec.Raw(made)})
