"""The `Authorization` headers that processors share."""

from __future__ import annotations

from base64 import b64encode

from prism_core.schema.secrets import Secret, reveal


def bearer(key: str | Secret) -> dict[str, str]:
    """The `Authorization` header for a bearer key (RFC 6750)."""
    return {"authorization": f"Bearer {reveal(key)}"}


def basic(user: str | Secret, password: str | Secret) -> dict[str, str]:
    """The `Authorization` header for a user and a password (RFC 7617)."""
    both = f"{reveal(user)}:{reveal(password)}".encode()
    return {"authorization": f"Basic {b64encode(both).decode()}"}
