"""Fields of several parts, such as an address or an order's lines: whether each part is sent."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.on_wire import visible
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.values import ADDRESS, STRUCTURES, words
from prism_contract_tests.variations import (
    attempt,
    carried,
    own_key,
    refused_by_name,
    same,
    shown,
)
from prism_core import Address, BrowserInfo, CustomerDetails, HttpRequest, Money, OrderLine

_MAPPED = ("country_alpha2_code",)
"""Parts that a processor may need in another form: they only have to change the request."""


def must_show(exchange: Exchange, field: str, text: str, requests: list[HttpRequest]) -> None:
    """Fails if a text of a field is in none of these requests."""
    if not visible(text, requests):
        evidence = Evidence(request=shown(requests, exchange), expected=f"{field}: {text}")
        raise Failed(f"{field} is read, and not on the wire", evidence)


def address_sent(target: Target, exchange: Exchange, field: str) -> int:
    """The address with all parts that are read and not refused, and each of them alone: alone, it
    may be told in `not_sent` (a name without a place)."""
    read = target.parts(exchange.operation, field)
    parts = {name: value for name, value in ADDRESS.items() if name in read}
    each = dict(parts)
    while True:
        ended = attempt(target, exchange, {field: Address(**parts)})
        if not refused_by_name(ended, field):
            break
        blamed = getattr(ended.error, "field", None)
        if blamed not in parts or len(parts) == 1:
            raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))
        del parts[blamed]
    _parts_show(target, exchange, field, parts, carried(ended, f"{field} was given"))
    for name, value in each.items():
        alone = attempt(target, exchange, {field: Address(**{name: value})})
        told = f"{field}.{name}" in getattr(alone.result, "not_sent", ())
        if not told and not refused_by_name(alone, f"{field}.{name}"):
            requests = carried(alone, f"{field}.{name} was given")
            _parts_show(target, exchange, field, {name: value}, requests)
    return 1 + len(each)


def _parts_show(
    target: Target,
    exchange: Exchange,
    field: str,
    parts: dict[str, str],
    requests: list[HttpRequest],
) -> None:
    for name, value in parts.items():
        if name not in _MAPPED:
            must_show(exchange, f"{field}.{name}", value, requests)
            continue
        made = []
        for other in (value, "DE"):
            changes = {field: Address(**{**parts, name: other}), **own_key(target, exchange)}
            made.append(carried(attempt(target, exchange, changes), f"{field}.{name} was given"))
        if same(*made):
            raise Failed(f"{field}.{name} is read, and changes nothing on the wire")


def details_sent(target: Target, exchange: Exchange, field: str) -> int:
    """Each part that is read is alone on the wire, or refused by its name."""
    shown_parts = 0
    for name in sorted(target.parts(exchange.operation, field)):
        for text in words(CustomerDetails, name, None) or ():
            ended = attempt(target, exchange, {field: CustomerDetails(**{name: text})})
            if not refused_by_name(ended, f"{field}.{name}"):
                must_show(exchange, f"{field}.{name}", text, carried(ended, f"{field} was given"))
                shown_parts += 1
                break
    if not shown_parts:
        raise Failed(f"{field} is read, and refused")
    return shown_parts


def structure_sent(target: Target, exchange: Exchange, field: str, kind: type[BrowserInfo]) -> int:
    """Each part that is read changes the request, alone or beside all others, or is refused."""
    read = target.parts(exchange.operation, field)
    whole = {name: STRUCTURES[kind][name] for name in kind.__struct_fields__ if name in read}
    tried = 0
    for name, values in whole.items():
        others = {one: first for one, (first, _) in whole.items() if one != name}
        is_silent = False
        for beside in ({}, others):
            ends = [
                with_part(target, exchange, field, kind(**{**beside, name: one})) for one in values
            ]
            if any(refused_by_name(one, f"{field}.{name}") for one in ends):
                continue
            first, other = (carried(one, f"{field}.{name} was given") for one in ends)
            is_silent = same(first, other)
            if not is_silent:
                tried += 1
                break
        if is_silent:
            raise Failed(f"{field}.{name} is read, and changes nothing on the wire")
    if not tried:
        raise Failed(f"{field} is read, and refused")
    return tried


def with_part(target: Target, exchange: Exchange, field: str, value: object) -> Ended:
    """Sends the exchange's request with that value of a field."""
    return attempt(target, exchange, {field: value, **own_key(target, exchange)})


def lines_sent(target: Target, exchange: Exchange) -> int:
    """The name, the number and the price of each line are on the wire."""
    now: Money = getattr(exchange.build(), "amount", None) or Money(1000, "USD")
    one = OrderLine(product_name="Kitword", quantity=3, amount=Money(100, now.currency))
    changes: list[dict[str, Any]] = [
        {},
        {"product_name": "Kitthing"},
        {"quantity": 4},
        {"amount": Money(200, now.currency)},
    ]
    made = []
    for change in changes:
        lines = (msgspec.structs.replace(one, **change),)
        ended = with_part(target, exchange, "order_details", lines)
        made.append(carried(ended, "order_details were given"))
    must_show(exchange, "order_details", "Kitword", made[0])
    for change, other in zip(changes[1:], made[1:], strict=True):
        if same(made[0], other):
            raise Failed(f"the {next(iter(change))} of an order's line changes nothing on the wire")
    return len(made)
