"""Makes the page of the optional fields of a payment: what happens to each of them at each
connector, beside each way to pay: `python -m prism_contract_tests.fields CONNECTOR...`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import click
import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.connector_page import table
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.methods import method_of, paying_with, taken
from prism_contract_tests.replay import answers_of, call
from prism_contract_tests.target import Target, open_target
from prism_contract_tests.variations import attempt
from prism_core import (
    Address,
    AuthenticationData,
    BrowserInfo,
    CustomerAcceptance,
    CustomerDetails,
    InvalidRequest,
    OrderLine,
)
from prism_core.schema.base import Request

HEAD = """\
# Optional fields

What becomes of an optional field of `payments.authorize` if you change the connector. This page is
made by running the connectors' flows: `python -m prism_contract_tests.fields` prints it. A field
that changes the payment is sent or refused; one that describes it is sent, or left out and named in
the result's `not_sent`.

**sent**: the processor gets it. **in part**: some of its parts are named in `not_sent`. **told**:
it is left out, and `not_sent` names it. **refused**: the call raises `InvalidRequest` before
anything is sent, for the reason below the table.
"""
_PLACE = Address(
    first_name="Ada",
    last_name="Lovelace",
    line1="1 Example Street",
    city="London",
    zip_code="N1 1AA",
    country_alpha2_code="GB",
)
FIELDS: dict[str, Any] = {
    "customer": CustomerDetails(name="Ada Lovelace", email="ada@example.com"),
    "billing_address": _PLACE,
    "shipping_address": _PLACE,
    "browser_info": BrowserInfo(
        ip_address="203.0.113.7",
        user_agent="Mozilla/5.0",
        accept_header="text/html",
        language="en-GB",
        color_depth=24,
        screen_height=1080,
        screen_width=1920,
        time_zone_offset_minutes=0,
        java_enabled=False,
    ),
    "customer_acceptance": CustomerAcceptance(accepted_at=1_790_000_000, ip_address="203.0.113.7"),
    "authentication_data": AuthenticationData(
        eci="05",
        cavv="AAABBEg0VhI0VniQEjRWAAAAAAA=",
        message_version="2.2.0",
        ds_transaction_id="c4e59ceb-a382-4d6a-bc87-385d591fa09d",
    ),
    "setup_future_usage": "OFF_SESSION",
    "return_url": "https://shop.example/back",
    "statement_descriptor_suffix": "ORDER 42",
    "order_details": None,
    "locale": "en-GB",
}
"""The fields, with a value of each as a shop gives it; an order's line has the payment's amount."""


class Cell(NamedTuple):
    """What becomes of a field, and why it is refused."""

    word: str
    reason: str | None = None


def page(names: Iterable[str]) -> str:
    """The whole page, for the connectors of these names."""
    parts, refused, total = [HEAD], 0, 0
    for target in map(open_target, sorted(names)):
        rows = cells(target)
        parts.append(_section(target, rows))
        found = [cell for row in rows.values() for cell in row.values()]
        total += len(found)
        refused += sum(cell.reason is not None for cell in found)
    return "\n".join([*parts, f"{refused} of {total} cells are refusals.\n"])


def cells(target: Target) -> dict[str, dict[str, Cell]]:
    """By field and way to pay: what becomes of the field."""
    ways = dict(_ways(target))
    return {name: {way: cell(target, one, name) for way, one in ways.items()} for name in FIELDS}


def _ways(target: Target) -> Iterator[tuple[str, Exchange]]:
    """The classes of payment methods, each with a payment by it that has none of the fields but
    those without which it is refused."""
    for kind in taken(target, "authorize"):
        exchange = next(paying_with(target, "authorize", kind), None)
        if exchange is not None:
            yield kind.__name__, _bare(target, exchange)


def _bare(target: Target, exchange: Exchange) -> Exchange:
    for name in FIELDS.keys() & exchange.request.keys():
        request = {one: value for one, value in exchange.request.items() if one != name}
        without = msgspec.structs.replace(exchange, request=request)
        ended = call(
            *(target, exchange.operation, without.build()),
            *(answers_of(exchange), exchange.account),
        )
        exchange = exchange if isinstance(ended.error, InvalidRequest) else without
    return exchange


def cell(target: Target, exchange: Exchange, name: str) -> Cell:
    """What becomes of a field of a payment."""
    ended = attempt(target, exchange, {name: _value(exchange.build(), name)})
    if isinstance(ended.error, InvalidRequest):  # after a lookup, too
        beside = f" and a {type(method_of(exchange)).__name__}"
        return Cell("refused", ended.error.message.replace(beside, ""))
    if ended.error is not None:
        raise Failed(f"{exchange.name} with {name}: {ended.said()}")
    told = getattr(ended.result, "not_sent", ())
    if name in told:
        return Cell("told")
    return Cell("in part" if any(one.startswith(f"{name}.") for one in told) else "sent")


def _value(request: Request, name: str) -> Any:
    if name == "order_details":
        amount = getattr(request, "amount")  # noqa: B009 - not every request has one
        return (OrderLine(product_name="Tea", amount=amount),)
    return FIELDS[name]


def _section(target: Target, rows: dict[str, dict[str, Cell]]) -> str:
    reasons: dict[str, int] = {}

    def shown(one: Cell) -> str:
        if one.reason is None:
            return one.word
        return f"{one.word} ({reasons.setdefault(one.reason, len(reasons) + 1)})"

    ways = list(rows["customer"])
    lines = [[f"`{name}`", *(shown(row[way]) for way in ways)] for name, row in rows.items()]
    made = table(["Field", *ways], lines)
    why = "".join(f"{number}. {reason}.\n" for reason, number in reasons.items())
    title = target.connector.info.display_name
    return f"## {title}\n\n{made}" + (f"\n{why}" if why else "")


if __name__ == "__main__":
    click.echo(page(sys.argv[1:]), nl=False)
