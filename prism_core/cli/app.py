"""The command tree: our own commands, and those of installed packages.

A command is imported when it is used, so that a broken package breaks only its own command.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from prism_core.cli.added import about, added, imported, opened
from prism_core.cli.exit_codes import HELP, INTERRUPTED, of_error
from prism_core.cli.show import harmless, print_error, without_records_of_errors
from prism_core.errors import PrismError
from prism_core.runtime.masking import mask_private

OWN = {
    "connectors": ("prism_core.cli.inspection:connectors", "List the installed connectors."),
    "doctor": ("prism_core.cli.inspection:doctor", "Explain every connector and extension found."),
    "try": ("prism_core.cli.trying:try_out", "Take a first payment with your test credentials."),
    "hooks": ("prism_core.cli.reference:hooks", "What a connector can implement."),
    "schema": (
        "prism_core.cli.reference:schema",
        "The fields of requests and results, and what they mean.",
    ),
    "customers": (
        "prism_core.cli.operations:customers",
        "Customers: create, look up, change, delete.",
    ),
    "payments": (
        "prism_core.cli.operations:payments",
        "Payments: authorize, look up, complete, capture, void, refund, raise.",
    ),
    "refunds": ("prism_core.cli.operations:refunds", "Refunds."),
    "payment-methods": (
        "prism_core.cli.operations:payment_methods",
        "Stored payment methods.",
    ),
    "recurring": ("prism_core.cli.operations:recurring", "Recurring payments."),
    "events": ("prism_core.cli.operations:events", "Webhooks: verify and read one."),
    "checkout": ("prism_core.cli.operations:checkout", "Create a customer and authorize."),
}
ELSEWHERE = {
    **dict.fromkeys(("demo", "sandbox"), "'prism-payments-sandbox[server]'"),
    "batch": "prism-payments-batch",
    **dict.fromkeys(("contract", "exchanges", "new", "replay"), "prism-payments-contract-tests"),
}
"""The commands of our other packages, and what to install for each."""


class Commands(click.Group):
    """Finds commands by name, and imports only the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Our own commands, then those of installed packages."""
        return [*OWN, *sorted(set(added()) - set(OWN))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; if its package cannot be imported, a readable error."""
        if cmd_name in OWN:
            return imported(OWN[cmd_name][0])
        entry_point = added().get(cmd_name)
        return None if entry_point is None else opened(entry_point)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's method; the error for a missing command names the package to install."""
        if args and args[0] in ELSEWHERE and args[0] not in added():
            ctx.fail(f"'{args[0]}' comes with another package: pip install {ELSEWHERE[args[0]]}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `prism --help`, without importing any of them."""
        rows = [(name, text) for name, (_, text) in OWN.items()]
        rows += [
            (harmless(name), about(point))
            for name, point in sorted(added().items())
            if name not in OWN
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; a `PrismError` becomes one line and an exit code."""
        try:
            with without_records_of_errors():
                return super().invoke(ctx)
        except PrismError as error:
            print_error(error, as_json="--json" in sys.argv)
            return ctx.exit(of_error(error))
        except (KeyboardInterrupt, click.Abort):
            click.echo("prism: interrupted", err=True)
            return ctx.exit(INTERRUPTED)
        except click.UsageError as error:  # its message can repeat `--card 4242424242424242`
            said, where = mask_private(error.format_message(), []), error.ctx
        raise click.UsageError(said, where)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=HELP)
@click.version_option(package_name="prism-payments-core", prog_name="prism")
def prism() -> None:
    """Payment connectors for Python, from the command line.

    Credentials come from environment variables only: PRISM_STRIPE_API_KEY is Stripe's api_key.
    """
