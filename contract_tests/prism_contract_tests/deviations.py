"""Makes the page of differences between processors, from the declarations of their connectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prism_contract_tests.methods import classes
from prism_contract_tests.replay import METHODS
from prism_contract_tests.target import Target, open_target
from prism_core.connector.account import credential_names
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.operations import request_type
from prism_core.discovery.loading import Connector
from prism_core.schema.base import Schema
from prism_core.schema.money import EXPONENTS

HEAD = """\
# Connectors

The operations of each processor, and its differences from the others. This page is generated from
the connectors' declarations and from the fields that their flows read; the [contract](contract.md)
checks both.
"""
OPERATIONS = """\
## Operations

**works**: certified. **none**: the processor has no such operation; the call raises
`UnsupportedOperation` with a sentence that says what to do instead. **not yet**: the connector does
not implement it.
"""
GLANCE = """\
## At a glance

**Customers**: whether the processor stores them. If not, a payment is linked by your own
`merchant_customer_id`; `Prism.checkout` does that in one call. "One for an id" means that
`customers.get_or_create` never creates two customers with the same id. **Idempotency**: the header
or field for the key, if the processor honours one; otherwise a request that may have arrived is not
repeated. **Results**: what authorizing can return besides success.
"""


METHODS_TAKEN = """\
## Payment methods

**pays**: `payments.authorize` takes it. **stores**: `payment_methods.tokenize` stores it. **sets
up**: `recurring.setup` takes it. With `Card` and `NetworkToken`, card numbers reach your server.
An order is paid on the processor's page (hosted), or on yours with the processor's library (sdk).
"""
_USES = {"authorize": "pays", "tokenize": "stores", "setup_recurring": "sets up"}


def page(names: Iterable[str]) -> str:
    """The whole page, for the connectors of these names."""
    targets = [open_target(name) for name in sorted(names)]
    connectors = [target.connector for target in targets]
    parts = [
        HEAD,
        OPERATIONS,
        table(
            ["Operation", *map(_link, connectors)],
            (_operation(name, connectors) for name in METHODS),
        ),
        GLANCE,
        table(
            ["Connector", "Customers", "Idempotency", "Captures", "Results"],
            map(_glance, connectors),
        ),
        METHODS_TAKEN,
        table(
            ["Payment method", *map(_link, connectors)],
            (_method(kind, connectors) for kind in classes("authorize")),
        ),
        table(
            ["Connector", "A `Redirect` goes to", "Orders are paid"],
            map(_pages, targets),
        ),
        *map(_section, targets),
    ]
    return "\n".join(parts)


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _called(operation: str) -> str:
    return f"`{'.'.join(METHODS[operation])}`"


def _operation(name: str, connectors: Iterable[Connector]) -> list[str]:
    def cell(connector: Connector) -> str:
        if name in connector.operations:
            return "works"
        return "none" if name in connector.info.unsupported else "not yet"

    return [_called(name), *map(cell, connectors)]


def _glance(connector: Connector) -> list[str]:
    info = connector.info
    key = info.account.idempotency_header or info.account.idempotency_field
    return [
        _link(connector),
        _customers(info),
        f"`{key}`" if key else "none",
        ", ".join(method.value for method in info.capture_methods),
        ", ".join(one.replace("_", " ") for one in info.outcomes) or "-",
    ]


def _method(kind: type[Schema], connectors: Iterable[Connector]) -> list[str]:
    def cell(connector: Connector) -> str:
        uses = [
            word
            for operation, word in _USES.items()
            if operation in connector.operations
            and kind in classes(operation)
            and kind in connector.info.takes(operation)
        ]
        return ", ".join(uses) or "-"

    return [f"`{kind.__name__}`", *map(cell, connectors)]


def _pages(target: Target) -> list[str]:
    info = target.connector.info
    types = ", ".join(f"`{one.value}`" for one in info.payment_method_types)
    orders = target.of("create_order", "success")
    ways = sorted({"hosted" if one.request.get("hosted", True) else "sdk" for one in orders})
    return [_link(target.connector), types or "-", ", ".join(ways) or "-"]


def _customers(info: ConnectorInfo) -> str:
    """Whether the processor stores them, and how long `customers.get_or_create` makes only one."""
    if not info.keeps_customers:
        return "your own ids"
    if info.unique_customers:
        return "stored, one for an id"
    hours = info.key_hours
    return "stored" if hours is None else f"stored, one for an id within {hours} h"


def _link(connector: Connector) -> str:
    return f"[{connector.info.display_name}](#{connector.name})"


def _section(target: Target) -> str:
    connector, info = target.connector, target.connector.info
    account = info.account
    names = credential_names(account).items()
    credentials = [f"`{name}`" + ("" if needed else " (optional)") for name, needed in names]
    pages = f"`{connector.name}`, by the pages at <{info.docs}>."
    lines = [
        f"({connector.name})=",
        f"## {info.display_name}",
        "",
        f"{pages} Credentials: {', '.join(credentials)}.",
        "",
        *(f"- {_called(name)}: none. {why}" for name, why in info.unsupported.items()),
        *_fields(target),
        *_currencies(info),
        *_exponents(info),
        *(["- Card numbers that fail the Luhn check are sent."] if info.accepts_non_luhn else []),
        *(f"- {note}" for note in info.notes),
        "",
    ]
    return "\n".join(lines)


def _fields(target: Target) -> Iterator[str]:
    info = target.connector.info
    for operation in (name for name in METHODS if name in target.operations):
        request = request_type(operation)
        known = {*target.sends(operation), *request.options}
        others = (
            []
            if request.from_processor
            else [name for name in request.__struct_fields__ if name not in known]
        )
        harmless = request.descriptive - {*info.refuses.get(operation, ())}
        if "authentication_required" not in info.outcomes:
            harmless |= {"return_url"}
        left = [name for name in others if name in harmless]
        refused = [name for name in others if name not in harmless]
        if left:
            yield f"- {_called(operation)} leaves out and reports {_codes(left)}."
        if refused:
            yield f"- {_called(operation)} refuses {_codes(refused)}."


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _currencies(info: ConnectorInfo) -> Iterator[str]:
    if info.currencies:
        yield f"- Takes the currencies {', '.join(info.currencies)} alone."


def _exponents(info: ConnectorInfo) -> Iterator[str]:
    if info.exponents:
        said = [f"{code} {own} ({EXPONENTS[code]})" for code, own in sorted(info.exponents.items())]
        yield f"- Uses other decimals than ISO 4217 (in brackets): {', '.join(said)}."
