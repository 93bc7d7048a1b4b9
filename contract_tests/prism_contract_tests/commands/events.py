"""`prism events`: genuine test events for a handler that is being written."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import click
import httpx

from prism_contract_tests.checks.events import signed_as
from prism_contract_tests.target import Target, open_target
from prism_contract_tests.variations import opened
from prism_core import HandleEventRequest
from prism_core.connector.account import credential_names
from prism_core.runtime.engine import from_environment

_HERE = ("127.0.0.1", "localhost", "::1")


@click.group()
def events() -> None:
    """Try a handler of webhooks with genuine test events."""


@events.command()
@click.argument("connector")
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
    headers = {"content-type": "application/json", **request.headers}
    try:
        answer = httpx.post(to, content=request.body, headers=headers, timeout=30)
    except httpx.HTTPError as reason:
        raise click.ClickException(f"{to} did not answer ({type(reason).__name__})") from None
    click.echo(f"{to} answered {answer.status_code}")
    if answer.status_code >= 300:
        raise SystemExit(1)


def _signed(target: Target, event: str) -> HandleEventRequest:
    """The event with the time of now, signed with the environment's secret."""
    if "sign_event" not in target.connector.hooks:
        raise click.ClickException(f"{target.name} signs no events: it verifies them by a call")
    found = [one for one in target.of("handle_event") if one.name == f"handle_event/{event}"]
    if not found:
        known = ", ".join(one.name.partition("/")[2] for one in target.of("handle_event"))
        raise click.ClickException(f"no event {event!r}; there are {known}")
    given = {k: v for k, v in from_environment(target.name).items() if "webhook" in k}
    if not given:
        names = credential_names(target.connector.info.account)
        secret = next(name for name in names if "webhook" in name).upper()
        raise click.ClickException(f"set PRISM_{target.name.upper()}_{secret}")
    account = opened(target, {**found[0].account, **given})
    built: Any = found[0].build()
    now = HandleEventRequest(body=built.body, headers={}, received_at=int(time.time()))
    return signed_as(target, now, account)
