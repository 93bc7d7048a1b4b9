"""Tells accounts apart without holding anything of their credentials."""

from __future__ import annotations

import hashlib
from typing import Any

from prism_core.schema.secrets import reveal


def fingerprint(client: Any, salt: str) -> str:
    """Of a client's connector and account: the same for the same credentials. It is slow to compute
    on purpose, so that nobody finds a password by trying. Secrets of webhooks do not count."""
    engine = client._engine
    account = engine.account
    parts = [engine.connector.name]
    for name in sorted(account.__struct_fields__):
        value = getattr(account, name)
        if value is not None and not name.startswith("webhook"):
            text = reveal(value) if not isinstance(value, (bool, int)) else str(value)
            parts.append(f"{name}={text}")
    made = hashlib.scrypt("\n".join(parts).encode(), salt=salt.encode(), n=2**12, r=8, p=4)
    return made.hex()[:32]
