"""Makes the page that compares the connectors, from their declarations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from prism_contract_tests.connector_page import table
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
from prism_core.schema.base import Schema
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

What your server gives to `payments.authorize`. A card number reaches your server; with a page
token, a wallet or a redirect none does. Hosted page and own page: whether a customer pays what
`payments.create_order` opens on the processor's page, or on yours with the processor's library.

**Apple Pay and Google Pay here are the payload that the wallet gave to your page**, and that your
server passes on. A - does not say that the processor has no wallets: most take them in their
library, which gives you a page token, or on their page. The README of the connector says which.
"""
REDIRECTS = """\
## Where a redirect can go

What `Redirect("IDEAL")` and the like can name, and with which connector. On their hosted pages the
processors offer more.
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
        REDIRECTS,
        table(["Method", "Connectors"], _redirects(targets)),
    ]
    return "\n".join(parts)


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


def _redirects(targets: list[Target]) -> Iterator[list[str]]:
    """Each method to which a redirect can go, and the connectors that have it."""
    having: dict[str, list[str]] = {}
    for target in targets:
        for kind in target.connector.info.payment_method_types:
            having.setdefault(kind.value, []).append(target.connector.info.display_name)
    yield from ([f"`{kind}`", ", ".join(names)] for kind, names in sorted(having.items()))


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


def _link(target: Target) -> str:
    return f"[{target.connector.info.display_name}](connectors/{target.name}.md)"
