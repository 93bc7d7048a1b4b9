"""The commands that call a processor: one per client method, its fields as options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from prism_core.cli.added import about, added, opened
from prism_core.cli.exit_codes import of_result
from prism_core.cli.names import connector_names
from prism_core.cli.options import options_of, request_from
from prism_core.cli.show import harmless, print_json, print_result
from prism_core.clients.methods import Method
from prism_core.clients.prism import SERVICES, Prism
from prism_core.schema.base import Request
from prism_core.schema.customers import CreateCustomerRequest
from prism_core.schema.payments import AuthorizeRequest

CONNECTOR = click.Option(
    ["--connector", "-c"],
    envvar="PRISM_CONNECTOR",
    required=True,
    show_envvar=True,
    shell_complete=connector_names,
    help="The connector's name; its credentials come from PRISM_<CONNECTOR>_... variables.",
)
JSON = click.Option(["--json", "as_json"], is_flag=True, help="Print JSON.")


def _command(
    name: str, text: str, options: list[click.Option], run: Callable[..., None], operation: str
) -> click.Command:
    fields = f"What each field means: prism schema {operation}"
    given: list[click.Parameter] = [CONNECTOR, *options, JSON]
    return click.Command(name, help=text, params=given, callback=run, epilog=fields)


class Service(click.Group):
    """The commands of a service, and those that packages add to them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Our own commands, then those of packages."""
        return [*self.commands, *sorted(set(added(str(self.name))) - set(self.commands))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; one of a package is imported now."""
        entry_point = None if cmd_name in self.commands else added(str(self.name)).get(cmd_name)
        return super().get_command(ctx, cmd_name) if entry_point is None else opened(entry_point)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing any command of a package."""
        rows = [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]
        others = added(str(self.name)).items()
        rows += [(harmless(name), about(point)) for name, point in sorted(others)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _service(methods: Any, text: str) -> click.Group:
    """A group with one command for every method of a service."""
    group = Service(methods.service.replace("_", "-"), help=text)
    for method in vars(methods).values():
        if isinstance(method, Method):
            options = options_of(method.request)
            group.add_command(
                _command(
                    method.name.replace("_", "-"),
                    method.summary,
                    options,
                    _caller(methods.service, method),
                    method.operation,
                )
            )
    return group


def _caller(service: str | None, method: Method[Any, Any, Any]) -> Callable[..., None]:
    def call(connector: str, as_json: bool, **given: Any) -> None:
        request = request_from(method.request, given)
        with Prism.from_env(connector) as client:
            result = getattr(getattr(client, str(service)), method.name)(request)
        print_result(result, as_json=as_json)
        _exit(of_result(method.operation, result))

    return call


def _exit(code: int) -> None:
    click.get_current_context().exit(code)


customers = _service(SERVICES["customers"], "Customers at a processor.")
payments = _service(SERVICES["payments"], "Payments at a processor.")
refunds = _service(SERVICES["refunds"], "Refunds at a processor.")
payment_methods = _service(SERVICES["payment_methods"], "Stored payment methods.")
recurring = _service(SERVICES["recurring"], "Recurring payments at a processor.")
events = _service(SERVICES["events"], "Webhooks of a processor.")

_SHARED = frozenset(
    (set(CreateCustomerRequest.__struct_fields__) & set(AuthorizeRequest.__struct_fields__))
    - {"timeout", "max_retries"}
)


def _checkout(connector: str, as_json: bool, **given: Any) -> None:
    known, customer = given.pop("connector_customer_id"), None
    if known is None and given["merchant_customer_id"] is None:
        raise click.UsageError(
            "give --merchant-customer-id for a new customer, or --connector-customer-id for a "
            "returning one"
        )
    if known is None:
        customer = request_from(CreateCustomerRequest, given, _SHARED, "customer")
    payment: Any = request_from(AuthorizeRequest, given, _SHARED, "payment")
    with Prism.from_env(connector) as client:
        done = client.checkout(
            customer=customer,  # type: ignore[arg-type]
            payment=payment,
            connector_customer_id=known,
        )
    if as_json:
        print_json(done.to_dict())
    else:
        if done.customer is None:
            click.echo(f"linked_by: {done.linked_by}")
        else:
            print_result(done.customer, as_json=False)
        print_result(done.payment, as_json=False)
    _exit(of_result("authorize", done.payment))


def _both(*requests: tuple[type[Request], str]) -> list[click.Option]:
    """The options of several requests; an option of both, such as the timeout, only once."""
    options: dict[str | None, click.Option] = {}
    for request, prefix in requests:
        for option in options_of(request, _SHARED, prefix):
            options.setdefault(option.name, option)
    options["merchant_customer_id"].required = False  # a returning customer needs none
    return list(options.values())


checkout = _command(
    "checkout",
    "Authorize a payment linked to its customer: a new or a returning one.",
    _both((CreateCustomerRequest, "customer"), (AuthorizeRequest, "payment")),
    _checkout,
    "authorize",
)
