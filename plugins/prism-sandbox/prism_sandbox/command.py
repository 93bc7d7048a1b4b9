"""`prism sandbox`: serve the sandbox on loopback until Ctrl+C."""

from __future__ import annotations

import errno
import logging
from functools import partial

import click

from prism_sandbox import PORT


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option(
    "--database", default=":memory:", help="A SQLite file; without one, all is forgotten."
)
@click.option("--hang-seconds", type=click.FloatRange(0), default=60.0, show_default=True)
@click.option(
    "--settle-seconds",
    type=click.FloatRange(0),
    default=3.0,
    show_default=True,
    help="How long a bank debit takes to settle or bounce.",
)
@click.option(
    "--webhook",
    metavar="URL",
    help="Where events are delivered, but for payments with a webhook_url of their own.",
)
@click.option(
    "--webhook-secret",
    envvar="PRISM_SANDBOX_WEBHOOK_SECRET",
    help="What signs them; without one, a new one is made and printed.",
)
@click.option("--shop", is_flag=True, help="Serve a shop to try it with, too, on the next port.")
def sandbox(
    port: int,
    database: str,
    hang_seconds: float,
    settle_seconds: float,
    webhook: str | None,
    webhook_secret: str | None,
    shop: bool,
) -> None:
    """Serve a payment processor on this machine: no account, no network, no money."""
    try:
        from prism_sandbox.server import receiver, serve
        from prism_sandbox.shop_process import beside
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"{missing.name} is missing: pip install 'prism-payments-sandbox[server]'"
        ) from None
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        to = receiver(webhook, webhook_secret)
        serve(
            port,
            database=database,
            hang_seconds=hang_seconds,
            settle_seconds=settle_seconds,
            webhook=to,
            shop=partial(beside, to.secret, port and port + 1, database) if shop else None,
        )
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise click.ClickException(
                f"port {port} is in use: choose another with --port, "
                "and set PRISM_SANDBOX_BASE_URL to what is printed then"
            ) from None
        raise click.ClickException(f"the sandbox could not start: {error}") from None
