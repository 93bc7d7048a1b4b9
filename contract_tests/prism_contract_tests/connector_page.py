"""Makes the page of one connector, from its declarations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from prism_contract_tests.methods import classes
from prism_contract_tests.replay import METHODS
from prism_contract_tests.target import Target, open_target
from prism_core.connector.account import credential_names
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.operations import request_type
from prism_core.schema.money import EXPONENTS

README = "https://github.com/prism-payments/prism/tree/main/plugins/prism-"
_USES = {"authorize": "pays", "tokenize": "stores", "setup_recurring": "sets up"}


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
        f"How each payment method is paid, and what ends a payment: [README]({README}{name}).",
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
