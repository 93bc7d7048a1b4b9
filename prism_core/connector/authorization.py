"""The `Authorization` headers that processors share, and the environment that a key is for."""

from __future__ import annotations

from base64 import b64encode

from prism_core.connector.account import Account
from prism_core.errors import ConfigurationError
from prism_core.schema.secrets import Secret, reveal
from prism_core.schema.status import Environment


def bearer(key: str | Secret) -> dict[str, str]:
    """The `Authorization` header for a bearer key (RFC 6750)."""
    return {"authorization": f"Bearer {reveal(key)}"}


def basic(user: str | Secret, password: str | Secret) -> dict[str, str]:
    """The `Authorization` header for a user and a password (RFC 7617)."""
    both = f"{reveal(user)}:{reveal(password)}".encode()
    return {"authorization": f"Basic {b64encode(both).decode()}"}


def expect_environment(account: Account, field: str, *, sandbox: str, production: str = "") -> None:
    """Raises `ConfigurationError` if a credential begins as a key for the other environment does:
    where a processor has one address for both, the key alone says whether money moves. Several
    beginnings have spaces between them; leave out what is not certain. Call it at the end of the
    account's `__post_init__`."""
    live = account.environment is Environment.PRODUCTION
    own, others = (production, sandbox) if live else (sandbox, production)
    if reveal(getattr(account, field)).startswith(tuple(others.split())):
        found, other = ("SANDBOX", "PRODUCTION") if live else ("PRODUCTION", "SANDBOX")
        needed = f": its {field} begins with {' or '.join(own.split())}" if own else ""
        raise ConfigurationError(
            f"{field} is one for environment={found!r}, and this account is for {other}{needed}"
        )
