"""The command tree: our own commands, and those of installed packages.

A package adds one with an entry point in the group `prism.commands` that names a click command.
A command is imported when it is used, so that a broken package breaks only its own command.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from typing import Any

import click

from prism_core.cli.show import harmless, print_error
from prism_core.errors import PrismError
from prism_core.runtime.masking import mask_private

GROUP = "prism.commands"
OWN = {
    "connectors": ("prism_core.cli.inspection:connectors", "List the installed connectors."),
    "doctor": ("prism_core.cli.inspection:doctor", "Explain every connector found."),
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
    "checkout": ("prism_core.cli.operations:checkout", "Create a customer and authorize."),
}
ELSEWHERE = {
    **dict.fromkeys(("demo", "sandbox"), "'prism-payments-sandbox[server]'"),
    "batch": "prism-payments-batch",
    **dict.fromkeys(("contract", "events", "exchanges", "new"), "prism-payments-contract-tests"),
}
"""The commands of our other packages, and what to install for each."""


class Commands(click.Group):
    """Finds commands by name, and imports only the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Our own commands, then those of installed packages."""
        return [*OWN, *sorted(set(_added()) - set(OWN))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; if its package cannot be imported, a readable error."""
        if cmd_name in OWN:
            return _imported(OWN[cmd_name][0])
        entry_point = _added().get(cmd_name)
        if entry_point is None:
            return None
        try:
            return _imported(entry_point.value)
        except (Exception, SystemExit) as error:  # an import can raise anything
            problem = f"{type(error).__name__}: {error}"
        raise click.ClickException(
            harmless(f"'{cmd_name}' of {entry_point.dist.name} cannot be imported: {problem}")
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's method; the error for a missing command names the package to install."""
        if args and args[0] in ELSEWHERE and args[0] not in _added():
            ctx.fail(f"'{args[0]}' comes with another package: pip install {ELSEWHERE[args[0]]}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `prism --help`, without importing any of them."""
        rows = [(name, text) for name, (_, text) in OWN.items()]
        added = sorted((name, point) for name, point in _added().items() if name not in OWN)
        rows += [(harmless(name), f"From {harmless(point.dist.name)}.") for name, point in added]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; a `PrismError` becomes one line and exit code 1."""
        try:
            return super().invoke(ctx)
        except PrismError as error:
            print_error(error, as_json="--json" in sys.argv)
            return ctx.exit(1)
        except click.UsageError as error:  # its message can repeat `--card 4242424242424242`
            said, where = mask_private(error.format_message(), []), error.ctx
        raise click.UsageError(said, where)


def _added() -> dict[str, Any]:
    from importlib.metadata import distributions

    found: dict[str, Any] = {}
    for distribution in distributions():
        with suppress(Exception):  # damaged metadata of one package must not hide the others
            if distribution.name:
                for point in distribution.entry_points.select(group=GROUP):
                    found.setdefault(point.name, point)
    return found


def _imported(target: str) -> click.Command:
    module, _, attribute = target.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, click.Command):
        raise TypeError(f"{target} is not a click command")
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="prism-payments-core", prog_name="prism")
def prism() -> None:
    """Payment connectors for Python, from the command line.

    Credentials come from environment variables only: PRISM_STRIPE_API_KEY is Stripe's api_key.
    """
