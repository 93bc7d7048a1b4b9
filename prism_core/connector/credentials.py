"""An account from the credentials that a client was given, and their environment variables."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from prism_core.connector.account import Account, credential_names, expected
from prism_core.errors import ConfigurationError
from prism_core.schema.status import EnvironmentInput

A = TypeVar("A", bound=Account)


def variable(connector: str, name: str) -> str:
    """The name of the environment variable for a connector's credential or setting."""
    return re.sub(r"\W", "_", f"PRISM_{connector}_{name}").upper()


def open_account(
    account: type[A],
    credentials: dict[str, object],
    environment: EnvironmentInput,
    connector: str = "",
) -> A:
    """The account from a client's credentials, which include the base URL if it was given.

    Raises a `ConfigurationError` that lists the expected credentials. Empties `credentials`, so
    that no calling frame holds them in a local variable.
    """
    names = credential_names(account)
    wrong = [name for name in credentials if name not in names and name != "base_url"]
    missing = [name for name, required in names.items() if required and not credentials.get(name)]
    try:
        if wrong or missing:
            problems = [f"unknown: {', '.join(wrong)}"] if wrong else []
            problems += [f"missing: {', '.join(missing)}"] if missing else []
            raise ConfigurationError(
                f"credentials {'; '.join(problems)}. This connector takes {expected(account)}"
                f"{_how_to_give(connector, missing)}"
            )
        given: Any = credentials
        return account(environment=environment, **given)
    finally:
        credentials.clear()


def _how_to_give(connector: str, missing: list[str]) -> str:
    if not (connector and missing):
        return ""
    given = ", ".join(f"{name}=..." for name in missing)
    variables = " and ".join(variable(connector, name) for name in missing)
    return f". Give {given}, or set {variables}, which from_env and the prism command read"
