"""Idempotency keys: random ones, and ones that are derived from other values."""

from __future__ import annotations

import os


def new_key() -> str:
    """A random UUID (RFC 9562, version 4): some processors accept no other keys. The module `uuid`
    would take three microseconds more in each call (see benchmarks)."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def derived_key(*parts: str) -> str:
    """A key that is always the same for the same parts: a UUID of version 8, made with SHA-256."""
    import hashlib  # not needed before, and slow to import

    digits = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
