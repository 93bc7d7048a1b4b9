"""The page of what each processor deviates in, made from what its connector declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from prism_contract_tests.replay import METHODS
from prism_core.connector import hookspecs
from prism_core.connector.account import credential_names
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.operations import request_type
from prism_core.discovery.loading import Connector, load
from prism_core.schema.money import EXPONENTS

HEAD = """\
# Connectors

What each processor has, and where it deviates from the others. This page is generated from what the
connectors declare, which the [contract](contract.md) checks.
"""
OPERATIONS = """\
## Operations

**works**: certified. **none**: the processor has no such operation; the call raises
`UnsupportedOperation` with a sentence that says what to do instead. **not yet**: the connector does
not implement it.
"""
GLANCE = """\
## At a glance

**Customers**: whether the processor keeps them; where it does not, a payment is linked by your own
`merchant_customer_id`, and `Prism.checkout` does that in one call. "One for an id" is what
`customers.get_or_create` can promise. **Idempotency**: the header in
which the processor honours a key; where it has none, nothing that may have arrived is sent again.
"""


def page(names: Iterable[str]) -> str:
    """The whole page, for the connectors of these names."""
    connectors = [load(name) for name in sorted(names)]
    parts = [
        HEAD,
        OPERATIONS,
        _table(
            ["Operation", *map(_link, connectors)],
            (_operation(name, connectors) for name in hookspecs.OPERATIONS),
        ),
        GLANCE,
        _table(
            ["Connector", "Customers", "Idempotency", "Pays with", "Captures", "Can come to"],
            map(_glance, connectors),
        ),
        *map(_section, connectors),
    ]
    return "\n".join(parts)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _called(operation: str) -> str:
    return f"`{'.'.join(METHODS[operation])}`"


def _operation(name: str, connectors: Iterable[Connector]) -> list[str]:
    def cell(connector: Connector) -> str:
        if name in connector.operations:
            return "works"
        return "none" if name in connector.info.lacks else "not yet"

    return [_called(name), *map(cell, connectors)]


def _glance(connector: Connector) -> list[str]:
    info = connector.info
    header = info.account.idempotency_header
    return [
        _link(connector),
        _customers(info),
        f"`{header}`" if header else "none",
        ", ".join(kind.__name__ for kind in info.payment_methods),
        ", ".join(method.value for method in info.capture_methods),
        ", ".join(one.replace("_", " ") for one in info.outcomes) or "-",
    ]


def _customers(info: ConnectorInfo) -> str:
    """Whether there are any, and how long `customers.get_or_create` makes only one."""
    if not info.keeps_customers:
        return "your own ids"
    if info.unique_customers:
        return "kept, one for an id"
    return "kept" if info.key_hours is None else f"kept, one for an id within {info.key_hours} h"


def _link(connector: Connector) -> str:
    return f"[{connector.info.display_name}](#{connector.name})"


def _section(connector: Connector) -> str:
    info, account = connector.info, connector.info.account
    names = credential_names(account).items()
    credentials = [f"`{name}`" + ("" if needed else " (optional)") for name, needed in names]
    pages = f"`{connector.name}`, by the pages at <{info.docs}>."
    lines = [
        f"({connector.name})=",
        f"## {info.display_name}",
        "",
        f"{pages} Credentials: {', '.join(credentials)}.",
        "",
        *(f"- {_called(name)}: none. {why}" for name, why in info.lacks.items()),
        *_fields(info, connector.operations),
        *_exponents(info),
        *(
            ["- Card numbers that fail the Luhn check are sent on."]
            if info.accepts_non_luhn
            else []
        ),
        *(f"- {note}" for note in info.notes),
        "",
    ]
    return "\n".join(lines)


def _fields(info: ConnectorInfo, operations: frozenset[str]) -> Iterator[str]:
    for operation in filter(operations.__contains__, hookspecs.OPERATIONS):
        request = request_type(operation)
        left = info.leaves_out.get(operation, ())
        known = {*info.sends[operation], *left, *request.options}
        refused = [one.name for one in msgspec.structs.fields(request) if one.name not in known]
        if left:
            yield f"- {_called(operation)} leaves out and reports {_codes(left)}."
        if refused:
            yield f"- {_called(operation)} refuses {_codes(refused)}."


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _exponents(info: ConnectorInfo) -> Iterator[str]:
    if info.exponents:
        said = [f"{code} {own} ({EXPONENTS[code]})" for code, own in sorted(info.exponents.items())]
        yield f"- Counts decimals otherwise than ISO 4217 (in brackets): {', '.join(said)}."
