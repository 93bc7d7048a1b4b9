"""`prism events send`: genuine test events for a handler that is being written."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import click
import httpx
import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.forging import signed_as, signs
from prism_contract_tests.target import Target, open_target
from prism_contract_tests.values import fresh
from prism_contract_tests.variations import opened
from prism_core import HandleEventRequest, PrismError
from prism_core.cli.names import connector_names
from prism_core.connector.account import credential_names
from prism_core.connector.credentials import variable
from prism_core.runtime.engine import from_environment

_OPTIONS = ("environment", "base_url")
_HERE = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.argument("connector", shell_complete=connector_names)
@click.argument("event", default="success")
@click.option("--to", required=True, help="Where your handler listens, on this machine.")
def send(connector: str, event: str, to: str) -> None:
    """Post an event, signed as the processor would, to a server on this machine.

    EVENT is one of the connector's exchanges of handle_event. The secret that your handler
    verifies with is read from the environment: PRISM_STRIPE_WEBHOOK_SECRET and the like.
    """
    if urlsplit(to).hostname not in _HERE:
        raise click.ClickException("--to must be on this machine: http://127.0.0.1:...")
    target = open_target(connector)
    request = _signed(target, event)
    own = {name.lower(): value for name, value in request.headers.items()}
    headers = {"content-type": "application/json", **own}
    try:
        answer = httpx.post(to, content=request.body, headers=headers, timeout=30)
    except httpx.HTTPError as reason:
        raise click.ClickException(f"{to} did not answer ({type(reason).__name__})") from None
    click.echo(f"{to} answered {answer.status_code}")
    if answer.status_code >= 300:
        raise SystemExit(1)


def _signed(target: Target, event: str) -> HandleEventRequest:
    """The event with the time of now, signed with the environment's secret."""
    if not signs(target):
        raise click.ClickException(f"{target.name} signs no events: it verifies them by a call")
    found = [one for one in target.of("handle_event") if one.name == f"handle_event/{event}"]
    if not found:
        known = ", ".join(one.name.partition("/")[2] for one in target.of("handle_event"))
        raise click.ClickException(f"no event {event!r}; there are {known}")
    built: Any = found[0].build()
    now = msgspec.structs.replace(built, received_at=int(time.time()))
    given = from_environment(target.name)
    unset = [name for name in _signing(target, found[0], now) if name not in given]
    if unset:
        names = " and ".join(variable(target.name, name) for name in unset)
        raise click.ClickException(f"set {names}: it signs the events of {target.name}")
    try:
        return signed_as(target, now, opened(target, {**found[0].account, **given}))
    except PrismError as error:
        raise click.ClickException(error.message) from None


def _signing(target: Target, exchange: Exchange, event: HandleEventRequest) -> list[str]:
    """The credentials that events are signed with: those without which, or with another value of
    which, the same event is signed otherwise."""
    account = exchange.account
    good = _attempt(target, account, event)
    if good is None:  # it is not in the exchange
        names = credential_names(target.connector.info.account)
        return [name for name in names if name not in account]
    return [
        name
        for name in account
        if name not in _OPTIONS
        and _attempt(target, {**account, name: fresh(account[name])}, event) != good
    ]


def _attempt(target: Target, account: dict[str, str], event: HandleEventRequest) -> object:
    """What signing comes to with these credentials; None if it is refused."""
    try:
        made = signed_as(target, event, opened(target, account))
    except PrismError:
        return None
    return made.body, made.headers
