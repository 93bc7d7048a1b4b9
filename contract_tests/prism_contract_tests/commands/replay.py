"""`prism replay`: a connector's exchanges, served as a stand-in for its processor."""

from __future__ import annotations

import threading

import click

from prism_contract_tests.replaying import NotServed, account_of, chosen
from prism_contract_tests.scripted import Seen
from prism_contract_tests.served import Found, StandIn
from prism_contract_tests.target import open_target
from prism_core.cli.names import connector_names
from prism_core.connector.credentials import variable


@click.command()
@click.argument("name", shell_complete=connector_names)
@click.argument("exchange", nargs=-1)
@click.option("--port", type=int, default=0, help="Where to listen; a free port if not given.")
def replay(name: str, exchange: tuple[str, ...], port: int) -> None:
    """Serve a connector's exchanges on 127.0.0.1, to test an application against.

    Each request gets the answer of the exchange that is most like it: of all, or of each EXCHANGE
    that is named, such as authorize/decline. Nothing is stored. End it with Ctrl+C.
    """
    try:
        found = chosen(open_target(name), exchange)
        stand_in = StandIn(found, port=port, told=_tell)
    except NotServed as reason:
        raise click.ClickException(str(reason)) from None
    except OSError as reason:
        raise click.ClickException(f"cannot listen at port {port}: {reason.strerror}") from None
    click.echo(f"{len(found)} exchanges of {name} are served. Set:\n")
    values = {"base_url": stand_in.url, **account_of(found)}
    for field, value in values.items():
        click.echo(f"  export {variable(name, field)}='{value}'")
    click.echo()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("ended")
    finally:
        stand_in.close()


def _tell(seen: Seen, found: Found | None) -> None:
    answered = "501, no exchange is like it" if found is None else str(found.step.response.status)
    source = "" if found is None else f" {found.exchange.name}"
    click.echo(f"{seen.method} {seen.path.partition('?')[0]}: {answered}{source}")
