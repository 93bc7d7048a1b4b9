"""Idempotency keys: random ones, and ones that are derived from what they belong to."""

from __future__ import annotations

import os


def new_key() -> str:
    """A random UUID (RFC 9562, version 4): some processors take no other keys. `uuid` would make
    it for three microseconds more in each call, past what a payment may cost (benchmarks)."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def derived_key(*parts: str) -> str:
    """The same key for the same parts, everywhere: a UUID of version 8, made by SHA-256. The first
    part is a caller's key, or says what else the key is for, with a space that no key has."""
    import hashlib  # not needed before, and slow to import

    digits = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
