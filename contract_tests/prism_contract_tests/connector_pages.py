"""Makes the pages about connectors from their declarations: a comparison, and one for each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator

from prism_contract_tests.methods import classes
from prism_contract_tests.replay import METHODS
from prism_contract_tests.target import Target, open_target
from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    Becs,
    Card,
    GooglePay,
    Redirect,
    SdkToken,
    Sepa,
    Token,
)
from prism_core.connector.account import credential_names
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.operations import request_type
from prism_core.schema.base import Schema
from prism_core.schema.money import EXPONENTS
from prism_core.schema.status import CaptureMethod

HEAD = """\
# Connectors

What each processor can do. Each name leads to a page with its operations and its differences from
the others. The pages are generated from the connectors' declarations and from the fields that their
flows read; the [contract](contract.md) checks both.

```{toctree}
:maxdepth: 1
:hidden:

"""
MATRIX = """\
```

## What works

✓ all operations of that kind work, and are certified. ◐ some do. - the processor has none of
them, or the connector not yet; a call raises `UnsupportedOperation` with a sentence that says what
to do instead.
"""
_KINDS: dict[str, tuple[str, ...]] = {
    "Customers": ("create_customer", "get_customer", "update_customer", "delete_customer"),
    "Authorize": ("authorize",),
    "Order": ("create_order",),
    "Look up": ("get_payment",),
    "Capture": ("capture",),
    "Void": ("void",),
    "Refund": ("refund", "get_refund"),
    "Raise": ("increment_authorization",),
    "Stored methods": ("tokenize", "list_payment_methods", "delete_payment_method"),
    "Recurring": ("setup_recurring", "get_mandate", "charge_recurring", "revoke_mandate"),
    "Events": ("handle_event",),
}
"""The columns of the first table, and the operations that each stands for."""
METHODS_TAKEN = """\
## Ways to pay

What `payments.authorize` takes. A card number reaches your server; with a page token, a wallet or a
redirect none does. Hosted page and own page: whether a customer pays what `payments.create_order`
opens on the processor's page, or on yours with the processor's library.
"""
_WAYS: dict[str, tuple[type[Schema], ...]] = {
    "Card number": (Card,),
    "Page token": (SdkToken,),
    "Stored method": (Token,),
    "Apple Pay": (ApplePay,),
    "Google Pay": (GooglePay,),
    "Redirect": (Redirect,),
    "SEPA debit": (Sepa,),
    "ACH debit": (Ach,),
    "Bacs debit": (Bacs,),
    "BECS debit": (Becs,),
}
_PAGES = ("Hosted page", "Own page")
GLANCE = """\
## Customers, captures and results

Stores customers: if not, a payment is linked by your own `merchant_customer_id`; `Prism.checkout`
does that in one call. One for an id: `customers.get_or_create` never creates two customers with the
same id (◐ within some hours, which the connector's page says). Key: the processor honours
idempotency keys (◐ with some operations); else a request that may have arrived is not repeated.
Then when money can be captured, and what authorizing can return besides success.
"""
_CAPTURES = (CaptureMethod.AUTOMATIC, CaptureMethod.MANUAL)
_CHANGING = ("create_customer", "authorize", "create_order", "capture", "refund")
_OUTCOMES = ("decline", "pending", "authentication_required")
_GLANCED = (
    *("Stores customers", "One for an id", "Idempotency key", "At once", "Later"),
    *("Declined", "Pending", "To authenticate"),
)
ALL, PART, NONE = "✓", "◐", "-"
"""The marks in the tables: narrow enough for a phone."""
_USES = {"authorize": "pays", "tokenize": "stores", "setup_recurring": "sets up"}


def page(names: Iterable[str]) -> str:
    """The page that compares the connectors of these names."""
    targets = [open_target(name) for name in sorted(names)]
    parts = [
        HEAD + "".join(f"connectors/{one.name}\n" for one in targets) + MATRIX,
        table(["Connector", *_KINDS], map(_kinds, targets)),
        METHODS_TAKEN,
        table(["Connector", *_WAYS, *_PAGES], map(_ways, targets)),
        GLANCE,
        table(["Connector", *_GLANCED], map(_glance, targets)),
    ]
    return "\n".join(parts)


def page_of(name: str) -> str:
    """The page of one connector."""
    target = open_target(name)
    info = target.connector.info
    names = credential_names(info.account).items()
    credentials = [f"`{name}`" + ("" if needed else " (optional)") for name, needed in names]
    lines = [
        f"# {info.display_name}",
        "",
        f"`{name}`, by the pages at <{info.docs}>. Credentials: {', '.join(credentials)}.",
        "",
        "## What is special",
        "",
        *_repeats(info),
        *_currencies(info),
        *_exponents(info),
        *(["- Card numbers that fail the Luhn check are sent."] if info.accepts_non_luhn else []),
        *(f"- {note}" for note in info.notes),
        "",
        "## Operations",
        "",
        "**Left out**: given, it is not sent, and `not_sent` of the result names it. **Refused**: "
        "given, it raises `InvalidRequest` before anything is sent.",
        "",
        *(_operation(target, name) for name in METHODS),
        "",
        *_methods(target),
    ]
    return "\n".join(lines)


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _called(operation: str) -> str:
    return f"`{'.'.join(METHODS[operation])}`"


def _mark(*works: bool) -> str:
    return ALL if all(works) else PART if any(works) else NONE


def _kinds(target: Target) -> list[str]:
    def cell(operations: tuple[str, ...]) -> str:
        return _mark(*(name in target.connector.operations for name in operations))

    return [_link(target), *map(cell, _KINDS.values())]


def _ways(target: Target) -> list[str]:
    pays = "authorize" in target.connector.operations
    taken = target.connector.info.takes("authorize") if pays else ()
    orders = target.of("create_order", "success")
    hosted = {bool(one.request.get("hosted", True)) for one in orders}
    return [
        _link(target),
        *(_mark(kind in taken) for (kind,) in _WAYS.values()),
        *(_mark(place in hosted) for place in (True, False)),
    ]


def _glance(target: Target) -> list[str]:
    info = target.connector.info
    return [
        _link(target),
        _mark(info.keeps_customers),
        _once(target),
        _mark(*_keyed(target)),
        *(_mark(method in info.capture_methods) for method in _CAPTURES),
        *(_mark(outcome in info.outcomes) for outcome in _OUTCOMES),
    ]


def _keyed(target: Target) -> Iterator[bool]:
    """Of each operation that changes most: whether a request of it carries the key."""
    account = target.connector.info.account
    header = str(account.idempotency_header).lower()
    field = str(account.idempotency_field).rpartition(".")[2]
    for operation in _CHANGING:
        if operation in target.connector.operations:
            sent = [step.request for one in target.of(operation) for step in one.steps]
            yield any(
                header in map(str.lower, one.headers) or f'"{field}"' in json.dumps(one.json)
                for one in sent
            )


def _once(target: Target) -> str:
    """Whether `customers.get_or_create` makes only one customer."""
    info = target.connector.info
    if not info.keeps_customers:
        return NONE
    return ALL if info.unique_customers else _mark(False, bool(target.key_hours("create_customer")))


def _operation(target: Target, name: str) -> str:
    connector = target.connector
    if name not in connector.operations:
        why = connector.info.unsupported.get(name)
        return f"- {_called(name)}: {'not yet.' if why is None else f'no. {why}.'}"
    left, refused = _fields(target, name)
    told = {"Left out": left, "Refused": refused}
    said = "".join(f" {word}: {_codes(names)}." for word, names in told.items() if names)
    return f"- {_called(name)}: yes.{said}"


def _methods(target: Target) -> Iterator[str]:
    info = target.connector.info
    rows = []
    for kind in classes("authorize"):
        uses = [
            word
            for operation, word in _USES.items()
            if operation in target.connector.operations
            and kind in classes(operation)
            and kind in info.takes(operation)
        ]
        rows += [[f"`{kind.__name__}`", ", ".join(uses)]] if uses else []
    yield from ("## Payment methods", "")
    yield "**pays**: `payments.authorize` takes it. **stores**: `payment_methods.tokenize`."
    yield from ("**sets up**: `recurring.setup`.", "", table(["Payment method", "Use"], rows))
    if info.payment_method_types:
        types = ", ".join(f"`{one.value}`" for one in info.payment_method_types)
        yield f"A `Redirect` goes to {types}.\n"


def _link(target: Target) -> str:
    return f"[{target.connector.info.display_name}](connectors/{target.name}.md)"


def _fields(target: Target, operation: str) -> tuple[list[str], list[str]]:
    """The request's fields that are left out and told, and those that are refused."""
    info, request = target.connector.info, request_type(operation)
    if request.from_processor:
        return [], []
    known = {*target.sends(operation), *request.options, *request.identifying}
    others = [name for name in request.__struct_fields__ if name not in known]
    harmless = request.descriptive - {*info.refuses.get(operation, ())}
    if "authentication_required" not in info.outcomes:
        harmless |= {"return_url"}
    left = [name for name in others if name in harmless]
    return left, [name for name in others if name not in harmless]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _repeats(info: ConnectorInfo) -> Iterator[str]:
    """The place of the idempotency key, and for how long it is known to be stored."""
    key = info.account.idempotency_header or info.account.idempotency_field
    if not key:
        yield "- Honours no idempotency keys."
    else:
        yield f"- The idempotency key is `{key}`{_stored(info)}."


def _stored(info: ConnectorInfo) -> str:
    if info.key_hours is None:
        return ""
    if info.key_hours == math.inf:
        return ", stored for ever"
    return f", stored for {info.key_hours:g} hours at least"


def _currencies(info: ConnectorInfo) -> Iterator[str]:
    others = sorted({*EXPONENTS} - {*info.currencies})
    if info.currencies and len(others) < len(info.currencies):
        yield f"- Does not take the currencies {', '.join(others)}."
    elif info.currencies:
        yield f"- Takes the currencies {', '.join(info.currencies)} alone."


def _exponents(info: ConnectorInfo) -> Iterator[str]:
    if info.exponents:
        said = [f"{code} {own} ({EXPONENTS[code]})" for code, own in sorted(info.exponents.items())]
        yield f"- Uses other decimals than ISO 4217 (in brackets): {', '.join(said)}."
