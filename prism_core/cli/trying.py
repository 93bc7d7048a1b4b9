"""`prism try`: a first payment with the user's own test credentials; before it, what is missing."""

from __future__ import annotations

import os
import re
from typing import Any

import click

from prism_core.cli.declared import ForTests, credentials_page, for_tests, meanings
from prism_core.cli.exit_codes import INVALID, SETUP, Stopped
from prism_core.cli.names import connector_names
from prism_core.cli.options import money, options_of, payment_method
from prism_core.cli.walk import Walk, say
from prism_core.clients.prism import Prism
from prism_core.connector.account import Account, credential_names
from prism_core.connector.credentials import variable
from prism_core.discovery.loading import Connector, load
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Card, PaymentMethod, SdkToken, Token
from prism_core.schema.payments import AuthorizeRequest

_METHODS = [
    option
    for option in options_of(AuthorizeRequest)
    if option.name in ("token", "sdk_token", "card", "payment_method")
]
_LIVE = re.compile(r"(^|[_-])live([_-]|$)", re.IGNORECASE)
_TEST = re.compile(r"(^|[_-])(test|sandbox|sbox)([_-]|$)", re.IGNORECASE)


def _try(connector: str, amount: str | None, page: bool, **given: Any) -> None:
    loaded = load(connector)
    info, offer, known = loaded.info, loaded.candidate, for_tests(loaded)
    say(f"{info.display_name}, by {offer.distribution} {offer.version}: {info.docs}")
    method = chosen = payment_method(given, required=False)
    if chosen is None:
        method = _usual_method(loaded, known, page)
    loaded.implementing(*Walk.begins_with(method))
    _require_credentials(connector, info.account)
    _refuse_live(connector, info.account)
    with Prism.from_env(connector) as prism:
        asked = money(amount) if amount else _usual_amount(connector, loaded, known)
        Walk(prism, connector, method, asked, known, shown=chosen is None).walk()


def _usual_method(loaded: Connector, known: ForTests, page: bool) -> PaymentMethod | None:
    """What is paid with if the user gives nothing; None for the processor's page. Stops where
    nothing can be tried."""
    if page or known.page:
        return None
    if known.approve is None and "create_order" not in loaded.operations:
        raise Stopped(INVALID, _untried(loaded, known))
    return known.approve


def _untried(loaded: Connector, known: ForTests) -> str:
    """What to do where nobody knows what is paid with in tests."""
    takes = loaded.info.takes("authorize")
    made = f" ({known.library})" if known.library else ""
    ways = [
        *(["--card FILE"] if Card in takes else []),
        *([f"--sdk-token TOKEN{made}"] if SdkToken in takes else []),
        *(["--token ID"] if Token in takes else []),
        "--payment-method FILE",
    ]
    return (
        f"{loaded.name} names no payment method for tests. Take one from the processor's "
        f"documentation ({loaded.info.docs}), and give it with {' or '.join(ways)}"
    )


def _usual_amount(connector: str, loaded: Connector, known: ForTests) -> Money:
    """10 of the account's currency, of the one for tests or of the connector's usual one."""
    own = "currency" in credential_names(loaded.info.account)
    of_account = os.environ.get(variable(connector, "currency")) if own else None
    currency = of_account or known.currency or (*loaded.info.currencies, "USD")[0]
    if known.amount is not None:
        return Money(known.amount, currency)
    return Money.from_decimal("10", currency)


def _require_credentials(connector: str, account: type[Account]) -> None:
    """Says of each credential whether its variable is set, and stops if one is missing."""
    told, missing = meanings(account), []
    for name, needed in credential_names(account).items():
        which = variable(connector, name)
        if os.environ.get(which):
            say(f"{which} is set.")
            continue
        missing += [which] if needed else []
        say(f"{which} is {'missing' if needed else 'not set (optional)'}. {told.get(name, '')}")
    if missing:
        page = credentials_page(account)
        where = f"; where to find it: {page}" if page else ""
        raise Stopped(SETUP, f"set {' and '.join(missing)} to your test credentials{where}")


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


try_out = click.Command(
    "try",
    help="""Take a first payment with your own test credentials.

    Says what is missing, then creates a customer, authorizes, looks the payment up and captures it.
    What it prints is a Python program that does the same; what happened stands in its comments.
    It pays with what the connector declares for tests, unless you give another payment method.
    Where customers pay on the processor's page, it opens a payment there and waits for you.
    """,
    params=[
        click.Argument(["connector"], shell_complete=connector_names),
        click.Option(["--amount"], help="For example '10.00 USD'."),
        click.Option(["--page"], is_flag=True, help="Pay on the processor's page."),
        *_METHODS,
    ],
    callback=_try,
)
