"""What a connector says for its users' first payment: in its account type, and for tests in its
pyproject.toml, which wheels carry."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from inspect import getdoc
from pathlib import Path
from typing import Any

import msgspec

from prism_core.cli.described import attributes
from prism_core.cli.inspection import package_of
from prism_core.connector.account import Account
from prism_core.discovery.loading import Connector
from prism_core.schema.payment_methods import PaymentMethod
from prism_core.schema.secrets import from_text


class ForTests(msgspec.Struct, frozen=True, kw_only=True):
    """The part of `[tool.prism.contract.live]` that a first payment needs; docs/contract.md has
    all of it."""

    approve: PaymentMethod | None = None
    """What the processor approves in tests."""
    page: str = ""
    """How a test customer pays on the processor's page. It is the way that is tried, if it is
    there."""
    library: str = ""
    """What makes an `SdkToken` in the browser, and the page that describes it."""
    currency: str | None = None
    amount: int | None = None


def for_tests(loaded: Connector) -> ForTests:
    """What the connector declares for tests; nothing of it if that cannot be read."""
    package = package_of(loaded.candidate.target)
    for folder in () if package is None else (package, package.parent):
        with suppress(OSError, ValueError, TypeError, KeyError, msgspec.MsgspecError):
            text = Path(folder, "pyproject.toml").read_text("utf-8")
            live: Any = tomllib.loads(text)["tool"]["prism"]["contract"]["live"]
            return msgspec.convert(live, ForTests, dec_hook=from_text)
    return ForTests()


def credentials_page(account: type[Account]) -> str:
    """The page that the account's docstring names, on which the credentials are explained."""
    found = re.search(r"https://[^\s,;]+[^\s,;:.]", getdoc(account) or "")
    return found[0] if found else ""


def meanings(account: type[Account]) -> dict[str, str]:
    """By credential: its own docstring, or the sentences about it in that of the account."""
    sentences = re.split(r"(?<=\.)\s+", " ".join((getdoc(account) or "").split()))
    told = {
        name: " ".join(one for one in sentences if f"`{name}`" in one)
        for name in account.__struct_fields__
    }
    return told | attributes(account)
