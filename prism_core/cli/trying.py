"""`prism try`: a first payment with the user's own test credentials; before it, what is missing."""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import suppress
from inspect import getdoc
from pathlib import Path
from typing import Any

import click
import msgspec

from prism_core.cli.described import attributes
from prism_core.cli.exit_codes import INVALID, SETUP, Stopped
from prism_core.cli.inspection import package_of
from prism_core.cli.names import connector_names
from prism_core.cli.options import money, options_of, payment_method
from prism_core.cli.walk import Walk, say
from prism_core.clients.prism import Prism
from prism_core.connector.account import Account, credential_names
from prism_core.connector.credentials import variable
from prism_core.discovery.loading import Connector, load
from prism_core.schema.method_types import PaymentMethodType
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import PaymentMethod, Redirect
from prism_core.schema.payments import AuthorizeRequest
from prism_core.schema.secrets import from_text

_METHODS = [
    option
    for option in options_of(AuthorizeRequest)
    if option.name in ("token", "sdk_token", "card", "payment_method")
]
_LIVE = re.compile(r"(^|[_-])live([_-]|$)", re.IGNORECASE)
_TEST = re.compile(r"(^|[_-])(test|sandbox|sbox)([_-]|$)", re.IGNORECASE)


def _try(connector: str, amount: str | None, **given: Any) -> None:
    loaded = load(connector)
    loaded.implementing("authorize", "payments.authorize")
    info, offer = loaded.info, loaded.candidate
    say(f"{info.display_name}, by {offer.distribution} {offer.version}: {info.docs}")
    _require_credentials(connector, info.account)
    _refuse_live(connector, info.account)
    chosen = payment_method(given, required=False)
    known = declared(loaded)
    method = chosen or known.get("approve") or _redirect(info.payment_method_types)
    if method is None:
        raise Stopped(
            INVALID,
            f"{connector} names no payment method for tests: take one from its documentation "
            f"({info.docs}), and give it with --sdk-token, --card or --payment-method",
        )
    currency = known.get("currency") or (*info.currencies, "USD")[0]
    usual = (
        Money(known["amount"], currency)
        if "amount" in known
        else Money.from_decimal("10", currency)
    )
    asked = money(amount) if amount else usual
    with Prism.from_env(connector) as prism:
        Walk(prism, connector, method, asked, shown=chosen is None).walk()


def _require_credentials(connector: str, account: type[Account]) -> None:
    """Says of each credential whether its variable is set, and stops if one is missing."""
    names, meanings = credential_names(account), attributes(account)
    missing = []
    for name, needed in names.items():
        which = variable(connector, name)
        if os.environ.get(which):
            say(f"{which} is set.")
            continue
        missing += [which] if needed else []
        say(f"{which} is {'missing' if needed else 'not set (optional)'}. {meanings.get(name, '')}")
    if missing:
        where = re.search(r"https://[^\s,;]+[^\s,;:.]", getdoc(account) or "")
        told = f"; where to find it: {where[0]}" if where else ""
        raise Stopped(SETUP, f"set {' and '.join(missing)} to your test credentials{told}")


def _refuse_live(connector: str, account: type[Account]) -> None:
    """Stops where the credentials are for real money; asks where nobody can tell."""
    where = variable(connector, "environment")
    if os.environ.get(where, "SANDBOX").upper() != "SANDBOX":
        raise Stopped(SETUP, f"this is for test credentials alone: unset {where}")
    given = {variable(connector, name): None for name in credential_names(account)}
    values = {name: os.environ.get(name, "") for name in given}
    for name, value in values.items():
        if _LIVE.search(value):
            raise Stopped(SETUP, f"{name} looks like a live key, and this would move real money")
    urls = account.urls
    if "SANDBOX" not in urls or urls["SANDBOX"] != urls.get("PRODUCTION"):
        return
    if any(map(_TEST.search, values.values())):
        return
    one = "One address serves tests and real money. Are these test credentials?"
    if not click.confirm(one, err=True):
        raise Stopped(SETUP, "this is for test credentials alone")


def declared(loaded: Connector) -> dict[str, Any]:
    """What the connector's pyproject.toml says that its processor approves in tests: wheels carry
    that file in the package. See `[tool.prism.contract.live]` in docs/contract.md."""
    package = package_of(loaded.candidate.target)
    for folder in () if package is None else (package, package.parent):
        with suppress(OSError, ValueError, TypeError, KeyError, msgspec.MsgspecError):
            text = Path(folder, "pyproject.toml").read_text("utf-8")
            live = tomllib.loads(text)["tool"]["prism"]["contract"]["live"]
            approve: Any = msgspec.convert(live["approve"], PaymentMethod, dec_hook=from_text)
            return {**live, "approve": approve}
    return {}


def _redirect(types: tuple[PaymentMethodType, ...]) -> Redirect | None:
    """A payment on the processor's own page, which has a test mode."""
    return Redirect(types[0]) if types else None


try_out = click.Command(
    "try",
    help="""Take a first payment with your own test credentials.

    Says what is missing, then creates a customer, authorizes, looks the payment up and captures it.
    What it prints is a Python program that does the same; what happened stands in its comments.
    It pays with what the connector declares for tests, unless you give another payment method.
    """,
    params=[
        click.Argument(["connector"], shell_complete=connector_names),
        click.Option(["--amount"], help="For example '10.00 USD'."),
        *_METHODS,
    ],
    callback=_try,
)
